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

use crate::documents::Document;
use crate::positions::LineText;
use crate::publisher::Failure;
use crate::requests::execute_command::RunTests;
use crate::runs::failure::{At, TestFailure};
use crate::runs::{Order, TestResult};
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
    /// A run is over.
    Ended {
        /// Its id.
        run: String,
    },
}

impl State {
    /// Starts a run of tests of one file; returns its id.
    pub(crate) fn start_run(
        &mut self,
        wanted: RunTests,
        token: Option<ProgressToken>,
    ) -> Result<String, Error> {
        let file = path_of(&wanted.uri);
        let Some(directory) = file.parent().filter(|_| file.is_absolute()) else {
            return Err(Error::invalid_params(
                "only tests in files can be run; save the buffer first",
            ));
        };
        let root = self.suite_root(&file).unwrap_or_else(|| directory.to_owned());
        self.warn_about_unsaved(&root);
        let order = Order {
            run: self.runs.next_id(),
            root,
            file,
            tests: wanted.test.into_iter().chain(wanted.tests).collect(),
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
            RunEvent::Ended { run } => {
                self.runs.ended(&run);
                if self.session.refreshes_lenses {
                    self.outbox.refresh_lenses();
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
        let mut related = Vec::new();
        for (at, message) in failure.related.into_iter().filter(|_| self.session.related) {
            let uri = self.documents.get(&at.file).map(|document| document.uri.clone());
            let uri = uri.or_else(|| uri_of(&at.file));
            if let Some((uri, lines)) = uri.zip(self.shown_text(&at.file)) {
                let range = lines.range((at.start..at.end).into(), encoding);
                let location = Location::new(uri, range);
                related.push(DiagnosticRelatedInformation { location, message });
            }
        }
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

    fn shown_text(&self, file: &Utf8Path) -> Option<LineText> {
        let open = self.documents.get(file).and_then(Document::text);
        open.or_else(|| self.file_text(file)).map(LineText::new)
    }
}
