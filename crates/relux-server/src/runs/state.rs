//! The state thread's share of test runs: what may start, and where failures show.
//!
//! A failure stays until its test runs again or its line is edited; edits above it move it along. It does not go when
//! the file is saved or closed, because it still tells what the last run saw.

use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use tower_lsp_server::jsonrpc::Error;
use tower_lsp_server::ls_types::{
    Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, Location, MessageType, ProgressToken,
};

use crate::convert;
use crate::documents::Document;
use crate::outbox::Refresh;
use crate::positions::LineText;
use crate::publisher::Failure;
use crate::requests::execute_command::RunTests;
use crate::runs::failure::{At, TestFailure};
use crate::runs::{Order, TestEvent, TestResult};
use crate::state::State;
use crate::uri::{path_of, uri_of};

/// Source of run failures in the editor.
const SOURCE: &str = "relux run";

/// News of a run for the state thread.
pub(crate) enum RunEvent {
    /// A test begins, so what its last run left behind goes.
    TestStarted {
        /// The runner's id of the test.
        test: String,
    },
    /// A test failed at a line.
    Failed(TestFailure),
    /// A test has its result.
    Finished {
        /// Its file.
        file: Utf8PathBuf,
        /// Its name as written.
        test: String,
        /// How it ended.
        result: TestResult,
    },
    /// Something for the client's test explorer.
    Tell(Box<Tell>),
    /// A run is over.
    Ended {
        /// Its id.
        run: String,
    },
}

/// An event for the client whose places are still bytes.
pub(crate) struct Tell {
    pub(crate) event: TestEvent,
    /// Where it failed.
    pub(crate) at: Option<At>,
    /// Other places, with what is to be seen there.
    pub(crate) related: Vec<(At, String)>,
}

impl State {
    /// Starts a run of tests of a file, a directory or a suite; returns its id.
    pub(crate) fn start_run(
        &mut self,
        wanted: RunTests,
        token: Option<ProgressToken>,
    ) -> Result<String, Error> {
        let target = path_of(&wanted.uri);
        let Some(directory) = target.parent().filter(|_| target.is_absolute()) else {
            return Err(Error::invalid_params(
                "only tests in files can be run; save the buffer first",
            ));
        };
        let root = match self.suite_root(&target) {
            Some(root) => root,
            None if self.is_suite_root(&target) => target.clone(),
            None => {
                let standing = self.host.analysis().standing(&target).ok().flatten();
                if let Some(why) = standing.as_ref().and_then(convert::outside) {
                    return Err(Error::invalid_params(why.message));
                }
                directory.to_owned()
            }
        };
        self.warn_about_unsaved(&root);
        let order = Order {
            run: self.runs.next_id(),
            root,
            target,
            tests: wanted
                .test
                .into_iter()
                .chain(wanted.tests)
                .chain(wanted.ids)
                .collect(),
            jobs: wanted.jobs.map(|it| it.to_string()),
            quiet: wanted.quiet,
            tells: self.session.tests,
            token,
            progress: self.session.progress,
        };
        let run = order.run.clone();
        self.runs.start(order);
        Ok(run)
    }

    /// The runner reads the disk, so say what of the suite is not there yet.
    fn warn_about_unsaved(&self, root: &Utf8Path) {
        let unsaved = self
            .documents
            .iter()
            .filter(|(path, document)| document.dirty() && path.starts_with(root));
        let inside = |path: &Utf8Path| path.strip_prefix(root).unwrap_or(path).to_string();
        let mut names: Vec<String> = unsaved.map(|(path, _)| inside(path)).collect();
        names.sort();
        if !names.is_empty() {
            let message = format!(
                "The run uses the files on the disk; not saved yet: {}",
                names.join(", ")
            );
            self.outbox.show(MessageType::WARNING, message);
        }
    }

    /// Takes in news of a run.
    pub(crate) fn run_news(&mut self, news: RunEvent) {
        match news {
            RunEvent::TestStarted { test } => {
                for path in self.publisher.forget_test(&test) {
                    self.publish(&path);
                }
            }
            RunEvent::Failed(failure) => self.show_failure(failure),
            RunEvent::Finished { file, test, result } => {
                Arc::make_mut(&mut self.results).set(file, test, result);
            }
            RunEvent::Tell(tell) => self.tell(*tell),
            RunEvent::Ended { run } => {
                self.runs.ended(&run);
                if self.session.refreshes.lenses {
                    self.outbox.refresh(Refresh::Lenses);
                }
            }
        }
    }

    fn show_failure(&mut self, failure: TestFailure) {
        let At { file, start, end } = failure.at;
        // What the editor shows; where that is not what ran, the warning about unsaved files has said so.
        let Some(lines) = self.shown_text(&file) else {
            return self.log(MessageType::WARNING, format!("{file}: {}", failure.message));
        };
        let encoding = self.session.encoding;
        let related = if self.session.related {
            self.related(failure.related)
        } else {
            Vec::new()
        };
        let diagnostic = Diagnostic {
            range: lines.range((start..end).into(), encoding),
            severity: Some(DiagnosticSeverity::ERROR),
            source: Some(SOURCE.to_owned()),
            message: failure.message,
            related_information: (!related.is_empty()).then_some(related),
            ..Diagnostic::default()
        };
        let found = Failure {
            test: failure.test,
            start,
            end,
            diagnostic,
        };
        self.publisher.failed(&file, found);
        self.publish(&file);
    }

    /// Tells the client's test explorer, in the order in which things happened.
    fn tell(&self, tell: Tell) {
        let mut event = tell.event;
        event.location = tell.at.and_then(|at| self.location(&at));
        event.related = self.related(tell.related);
        self.outbox.test_event(&event.into_json());
    }

    fn related(&self, places: Vec<(At, String)>) -> Vec<DiagnosticRelatedInformation> {
        let related = |(at, message): (At, String)| {
            let location = self.location(&at)?;
            Some(DiagnosticRelatedInformation { location, message })
        };
        places.into_iter().filter_map(related).collect()
    }

    /// A place as the client counts; `None` where the file is unknown.
    fn location(&self, at: &At) -> Option<Location> {
        let uri = self.documents.get(&at.file).map(|document| document.uri.clone());
        let uri = uri.or_else(|| uri_of(&at.file))?;
        let range = self
            .shown_text(&at.file)?
            .range((at.start..at.end).into(), self.session.encoding);
        Some(Location::new(uri, range))
    }

    fn shown_text(&self, file: &Utf8Path) -> Option<LineText> {
        let open = self.documents.get(file).and_then(Document::text);
        open.or_else(|| self.file_text(file)).map(LineText::new)
    }
}
