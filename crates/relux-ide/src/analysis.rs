//! The reading side: a snapshot of everything the host knew, for one thread.
//!
//! Every method may be interrupted by a write or by its own [`CancelHandle`], and then returns [`Cancelled`]. A
//! snapshot must be dropped soon, because writes wait for it.

use std::cell::Cell;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use camino::{Utf8Path, Utf8PathBuf};
use relux_model::diagnostics::{Step, prepare};
use relux_model::discover::DOT_ENV;
use relux_model::{Db, RootDb};
use salsa::Database;

use relux_syntax::{Diagnostic, Edit, TextRange};

use crate::actions::{self, Action, ActionRequest};
use crate::code_lenses::{self, Lens};
use crate::completion::{self, Completed, Completions};
use crate::definition::{self, Definition};
use crate::diagnostics;
use crate::document_links::{self, Link};
use crate::document_symbols::{self, Symbol};
use crate::effect_graph::{self, Picture};
use crate::folding_ranges::{self, Fold};
use crate::formatting::{self, Formatting};
use crate::hierarchy::{self, Calls, Hierarchy, HierarchyItem, HierarchyKind};
use crate::hover::{self, Hover};
use crate::inlay_hints::{self, InlayHint, WantedHints};
use crate::move_files;
use crate::references::{self, Access, Reference};
use crate::rename::{self, FileEdits, Refused, Renameable};
use crate::selection_ranges;
use crate::semantic_tokens::{self, SemanticToken};
use crate::signature_help::{self, SignatureHelp};
use crate::status::{self, SuiteStatus};
use crate::suites::{Entry, Standing, Suites};
use crate::test_tree::{self, TestSuite};
use crate::typed_statement;
use crate::workspace_symbols::{self, FoundSymbol};

/// A computation was stopped because its input changed or because nobody wants its result any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cancelled;

/// What a feature found, unless it was stopped.
pub type Cancellable<T> = Result<T, Cancelled>;

/// Stops the computations of one snapshot, from any thread.
#[derive(Clone)]
pub struct CancelHandle {
    /// Stops the query that runs now. Salsa forgets it when the outermost query ends.
    running: salsa::CancellationToken,
    /// Stops all that come after it.
    for_good: Arc<AtomicBool>,
}

impl CancelHandle {
    /// Stops what is being computed and all that the snapshot is asked later.
    pub fn cancel(&self) {
        self.for_good.store(true, Ordering::SeqCst);
        self.running.cancel();
    }
}

impl std::fmt::Debug for CancelHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CancelHandle")
    }
}

/// A snapshot. Files are named by absolute path, or by the name of a buffer that has no file.
#[derive(Debug)]
pub struct Analysis {
    db: RootDb,
    suites: Arc<Suites>,
    cancelled: Arc<AtomicBool>,
}

impl Analysis {
    pub(crate) fn new(db: RootDb, suites: Arc<Suites>) -> Self {
        Self {
            db,
            suites,
            cancelled: Arc::default(),
        }
    }

    /// A handle that stops the computations of this snapshot.
    pub fn cancel_handle(&self) -> CancelHandle {
        CancelHandle {
            running: self.db.cancellation_token(),
            for_good: Arc::clone(&self.cancelled),
        }
    }

    /// What is known of the loaded suites, in no hurry: it may look at every module.
    pub fn status(&self) -> Cancellable<Vec<SuiteStatus>> {
        self.catch(|db| {
            self.suites
                .all()
                .iter()
                .map(|it| status::status(db, *it))
                .collect()
        })
    }

    /// How many trees were made since [`crate::AnalysisHost::drop_trees`] was called last.
    pub fn trees_made(&self) -> usize {
        self.db.trees_made()
    }

    /// All known files, sorted by path.
    pub fn files(&self) -> Vec<Utf8PathBuf> {
        let mut files: Vec<Utf8PathBuf> = self.suites.files.keys().cloned().collect();
        files.sort();
        files
    }

    /// The text of a known file.
    pub fn text(&self, path: &Utf8Path) -> Cancellable<Option<Arc<str>>> {
        self.read(path, |db, entry| Some(Arc::clone(entry.file.text(db))))
    }

    /// The root of the suite that a file belongs to; `None` in single-file mode.
    pub fn suite_root(&self, path: &Utf8Path) -> Cancellable<Option<Utf8PathBuf>> {
        self.read(path, |db, entry| {
            entry.suite.manifest_file(db)?;
            Some(Utf8PathBuf::from(&**entry.suite.root(db)))
        })
    }

    /// Where a file stands; `None` for an unknown file.
    pub fn standing(&self, path: &Utf8Path) -> Cancellable<Option<Standing>> {
        self.read(path, |db, entry| {
            let has_manifest = entry.suite.manifest_file(db).is_some();
            Some(self.suites.standing(path, has_manifest))
        })
    }

    /// The path of a file that a diagnostic of `path` names: `None` is the file itself, otherwise a path below the root
    /// of its suite.
    pub fn sibling(&self, path: &Utf8Path, below_root: Option<&str>) -> Utf8PathBuf {
        match (below_root, self.suites.entry(path)) {
            (Some(below), Some(entry)) => Utf8Path::new(&**entry.suite.root(&self.db)).join(below),
            _ => path.to_owned(),
        }
    }

    /// Makes what a step makes of a file, so that later questions need not. Nothing for what is no module.
    pub fn prepare(&self, path: &Utf8Path, step: Step) -> Cancellable<()> {
        self.read_module(path, |db, entry| {
            if entry.file.problem(db).is_none() {
                prepare(db, entry.suite, entry.file, step);
            }
        })
    }

    /// What the checker finds in a file.
    pub fn diagnostics(&self, path: &Utf8Path) -> Cancellable<Vec<Diagnostic>> {
        self.read(path, |db, entry| {
            diagnostics::diagnostics(db, entry.suite, entry.file)
        })
    }

    /// Where the name at a byte offset comes from; `None` where there is no name or nothing is known of it.
    pub fn definition(&self, path: &Utf8Path, offset: u32) -> Cancellable<Option<Definition>> {
        self.read_module(path, |db, entry| definition::definition(db, entry, offset))
    }

    /// Where the name at a byte offset comes into sight: an import, an `expose`, or its definition.
    pub fn declaration(&self, path: &Utf8Path, offset: u32) -> Cancellable<Option<Definition>> {
        self.read_module(path, |db, entry| definition::declaration(db, entry, offset))
    }

    /// The starts of the effect, or the overlay entries of the expect, at a byte offset.
    pub fn implementation(&self, path: &Utf8Path, offset: u32) -> Cancellable<Option<Definition>> {
        self.read_module(path, |db, entry| definition::implementation(db, entry, offset))
    }

    /// All places of the suite that name what stands at a byte offset, with or without those that define it.
    pub fn references(&self, path: &Utf8Path, offset: u32, definitions: bool) -> Cancellable<Vec<Reference>> {
        self.read_module(path, |db, entry| {
            references::references(db, entry, offset, definitions)
        })
    }

    /// The places of the file that name what stands at a byte offset.
    pub fn highlights(&self, path: &Utf8Path, offset: u32) -> Cancellable<Vec<(TextRange, Access)>> {
        self.read_module(path, |db, entry| references::highlights(db, entry, offset))
    }

    /// What is known about the place at a byte offset.
    pub fn hover(&self, path: &Utf8Path, offset: u32) -> Cancellable<Option<Hover>> {
        self.read_module(path, |db, entry| hover::hover(db, entry, offset))
    }

    /// What can be written at a byte offset. `trigger` is the character whose typing asked, if it was none of a name.
    pub fn completion(
        &self,
        path: &Utf8Path,
        offset: u32,
        trigger: Option<char>,
    ) -> Cancellable<Completions> {
        self.read_module(path, |db, entry| {
            completion::completion(db, entry, offset, trigger)
        })
    }

    /// Markdown about a completion; `None` if what it stands for is gone.
    pub fn completion_documentation(&self, about: &Completed) -> Cancellable<Option<String>> {
        self.catch(|db| completion::documentation(db, &self.suites, about))
    }

    /// The function that is being called at a byte offset.
    pub fn signature_help(&self, path: &Utf8Path, offset: u32) -> Cancellable<Option<SignatureHelp>> {
        self.read_module(path, |db, entry| {
            signature_help::signature_help(db, entry, offset)
        })
    }

    /// What a rename at a byte offset would change; `None` where there is no name.
    pub fn prepare_rename(
        &self,
        path: &Utf8Path,
        offset: u32,
    ) -> Cancellable<Result<Option<Renameable>, Refused>> {
        let found = self.read_module(path, |db, entry| Some(rename::prepare(db, entry, offset)))?;
        Ok(found.unwrap_or(Ok(None)))
    }

    /// The edits that rename what stands at a byte offset, by path.
    pub fn rename(
        &self,
        path: &Utf8Path,
        offset: u32,
        new: &str,
    ) -> Cancellable<Result<Vec<FileEdits>, Refused>> {
        let Some(entry) = self.suites.entry(path).filter(|it| self.is_module(path, *it)) else {
            return Ok(Ok(Vec::new()));
        };
        self.catch_detached(|db| rename::rename(db, entry, offset, new))
    }

    /// What can be done at a place of a file, also of a manifest or a `.env` file.
    pub fn actions(&self, path: &Utf8Path, request: &ActionRequest<'_>) -> Cancellable<Vec<Action>> {
        let Some(entry) = self.suites.entry(path) else {
            return Ok(Vec::new());
        };
        self.catch_detached(|db| actions::actions(db, entry, request))
    }

    /// The edits of an action that was offered at a place, by path.
    pub fn resolve_action(
        &self,
        path: &Utf8Path,
        range: TextRange,
        id: &str,
    ) -> Cancellable<Result<Vec<FileEdits>, Refused>> {
        let Some(entry) = self.suites.entry(path) else {
            return Ok(Ok(Vec::new()));
        };
        self.catch_detached(|db| actions::resolve(db, entry, range, id))
    }

    /// The edits that follow when files or directories are moved, in files by the paths that they have now.
    pub fn will_move(&self, moves: &[(Utf8PathBuf, Utf8PathBuf)]) -> Cancellable<Vec<FileEdits>> {
        self.catch(|db| {
            let suites = self.suites.all();
            let edits = suites.iter().flat_map(|it| move_files::will_move(db, *it, moves));
            edits.collect()
        })
    }

    /// Where a hierarchy can begin at a byte offset.
    pub fn hierarchy(
        &self,
        path: &Utf8Path,
        offset: u32,
        what: Hierarchy,
    ) -> Cancellable<Vec<HierarchyItem>> {
        self.read_module(path, |db, entry| hierarchy::prepare(db, entry, offset, what))
    }

    /// Who calls or starts an item of the file, which is found by its name near the place where it was.
    pub fn incoming(
        &self,
        path: &Utf8Path,
        name: &str,
        was: u32,
        kind: HierarchyKind,
    ) -> Cancellable<Vec<Calls>> {
        self.read_module(path, |db, entry| hierarchy::incoming(db, entry, name, was, kind))
    }

    /// What an item of the file calls and starts; it is found like that of [`Self::incoming`].
    pub fn outgoing(
        &self,
        path: &Utf8Path,
        name: &str,
        was: u32,
        kind: HierarchyKind,
        what: Hierarchy,
    ) -> Cancellable<Vec<Calls>> {
        self.read_module(path, |db, entry| {
            hierarchy::outgoing(db, entry, name, was, kind, what)
        })
    }

    /// The words of a file that lead to other files.
    pub fn document_links(&self, path: &Utf8Path) -> Cancellable<Vec<Link>> {
        self.read_module(path, |db, entry| document_links::document_links(db, entry))
    }

    /// What can be folded.
    pub fn folding_ranges(&self, path: &Utf8Path) -> Cancellable<Vec<Fold>> {
        self.read_module(path, |db, entry| folding_ranges::folding_ranges(db, entry.file))
    }

    /// Ranges around a byte offset, from the word to the file, each strictly inside of the next.
    pub fn selection_ranges(&self, path: &Utf8Path, offset: u32) -> Cancellable<Vec<TextRange>> {
        self.read_module(path, |db, entry| {
            selection_ranges::selection_ranges(db, entry.file, offset)
        })
    }

    /// What the words of a file mean that touch a range, in order; all of them without a range.
    pub fn semantic_tokens(
        &self,
        path: &Utf8Path,
        within: Option<TextRange>,
    ) -> Cancellable<Vec<SemanticToken>> {
        self.read_module(path, |db, entry| {
            semantic_tokens::semantic_tokens(db, entry, within)
        })
    }

    /// Short texts to be shown between the words of a range, in order.
    pub fn inlay_hints(
        &self,
        path: &Utf8Path,
        within: TextRange,
        wanted: WantedHints,
    ) -> Cancellable<Vec<InlayHint>> {
        self.read_module(path, |db, entry| {
            inlay_hints::inlay_hints(db, entry, within, wanted)
        })
    }

    /// Effects, functions and tests of all loaded suites that match a query, best first.
    pub fn workspace_symbols(&self, query: &str) -> Cancellable<Vec<FoundSymbol>> {
        self.catch(|db| workspace_symbols::workspace_symbols(db, &self.suites.all(), query))
    }

    /// The statement that somebody is in the middle of writing at a byte offset, over all its lines.
    pub fn typed_statement(&self, path: &Utf8Path, offset: u32) -> Cancellable<Option<TextRange>> {
        self.read_module(path, |db, entry| {
            typed_statement::typed_statement(db, entry.file, offset)
        })
    }

    /// The outline of a file.
    pub fn document_symbols(&self, path: &Utf8Path) -> Cancellable<Vec<Symbol>> {
        self.read_module(path, |db, entry| {
            document_symbols::document_symbols(db, entry.file)
        })
    }

    /// The effect graph of a file's suite, or of one of its tests or effects.
    pub fn effect_graph(
        &self,
        path: &Utf8Path,
        name: Option<&str>,
        form: Picture,
    ) -> Cancellable<Result<String, Refused>> {
        let found = self.read(path, |db, entry| {
            Some(effect_graph::effect_graph(db, entry, name, form))
        })?;
        Ok(found.unwrap_or_else(|| Err(Refused(format!("{path} is not known")))))
    }

    /// What can be run from a file, and who starts its effects.
    pub fn code_lenses(&self, path: &Utf8Path) -> Cancellable<Vec<Lens>> {
        self.read_module(path, |db, entry| {
            code_lenses::code_lenses(db, entry.suite, entry.file)
        })
    }

    /// Whether a path is the root of a loaded suite.
    pub fn is_suite_root(&self, path: &Utf8Path) -> bool {
        self.suites.by_root.contains_key(path)
    }

    /// The suites with their tests; with `only` the suites of these files, and of each no other files.
    pub fn tests(&self, only: Option<&[Utf8PathBuf]>) -> Cancellable<Vec<TestSuite>> {
        self.catch(|db| {
            let mut all = Vec::new();
            for suite in self.suites.runnable(db) {
                let mut found = test_tree::suite(db, suite);
                if let Some(only) = only {
                    found.files.retain(|it| only.contains(&it.file));
                }
                if only.is_none() || !found.files.is_empty() {
                    all.push(found);
                }
            }
            all
        })
    }

    /// All files with tests, by path, each with a number that changes when what [`Self::tests`] says of it does.
    pub fn test_marks(&self) -> Cancellable<Vec<(Utf8PathBuf, u64)>> {
        self.catch(|db| {
            let mut marks = Vec::new();
            for suite in self.suites.runnable(db) {
                for &file in suite.files(db).iter() {
                    db.unwind_if_revision_cancelled();
                    let mark = *test_tree::mark(db, file);
                    if mark != 0 {
                        marks.push((crate::places::path_of(db, suite, file), mark));
                    }
                }
            }
            marks.sort();
            marks
        })
    }

    /// The edits that format a file or a part of it, in order.
    pub fn formatting(&self, path: &Utf8Path, what: Formatting) -> Cancellable<Vec<Edit>> {
        self.read_module(path, |db, entry| {
            formatting::formatting(db, entry.suite, entry.file, what)
        })
    }

    /// Runs a feature of the language on a file. Editors open manifests and `.env` files too, which are no modules.
    fn read_module<T: Default>(
        &self,
        path: &Utf8Path,
        feature: impl FnOnce(&RootDb, Entry) -> T,
    ) -> Cancellable<T> {
        self.read(path, |db, entry| {
            if self.is_module(path, entry) {
                feature(db, entry)
            } else {
                T::default()
            }
        })
    }

    fn is_module(&self, path: &Utf8Path, entry: Entry) -> bool {
        let is_manifest = entry.suite.manifest_file(&self.db) == Some(entry.file);
        !is_manifest && path.file_name() != Some(DOT_ENV)
    }

    /// Runs a feature on a file; an unknown file gives the default, which is "nothing".
    pub(crate) fn read<T: Default>(
        &self,
        path: &Utf8Path,
        feature: impl FnOnce(&RootDb, Entry) -> T,
    ) -> Cancellable<T> {
        let Some(entry) = self.suites.entry(path) else {
            return Ok(T::default());
        };
        self.catch(|db| feature(db, entry))
    }

    fn catch<T>(&self, feature: impl FnOnce(&RootDb) -> T) -> Cancellable<T> {
        // Attached from the beginning to the end, because salsa drops a cancellation whenever it detaches.
        self.catch_detached(|db| db.attach(feature))
    }

    /// The same for features that look at another database meanwhile, which is refused to an attached one. They call
    /// [`look`] between their questions.
    fn catch_detached<T>(&self, feature: impl FnOnce(&RootDb) -> T) -> Cancellable<T> {
        STOPPED.set(Some(Arc::clone(&self.cancelled)));
        // What a stopped query leaves behind is salsa's own and consistent.
        let found = salsa::Cancelled::catch(AssertUnwindSafe(|| {
            // Reading an input alone never looks, and a thousand places may lie in a thousand files.
            look(&self.db);
            feature(&self.db)
        }));
        STOPPED.set(None);
        found.map_err(|_| Cancelled)
    }
}

thread_local! {
    /// Whether the snapshot that is read on this thread was cancelled.
    static STOPPED: Cell<Option<Arc<AtomicBool>>> = const { Cell::new(None) };
}

/// Unwinds if somebody writes or nobody wants the answer any more, also where salsa has forgotten that.
pub(crate) fn look(db: &dyn Db) {
    let stopped = STOPPED.take();
    let is_stopped = stopped.as_ref().is_some_and(|it| it.load(Ordering::SeqCst));
    STOPPED.set(stopped);
    if is_stopped {
        db.cancellation_token().cancel();
    }
    db.unwind_if_revision_cancelled();
}
