//! What every action looks at: the file, and the cursor or selection in it.

use std::sync::Arc;

use relux_model::bodies::body::FileBodies;
use relux_model::discover::DOT_ENV;
use relux_model::edition::{Edition, edition};
use relux_model::names::{Occurrence, Symbol, occurrences};
use relux_model::source_map::{SourceMap, source_map};
use relux_model::{Db, ItemIndex, SourceFile, Suite, item_index};
use relux_syntax::{Diagnostic, Edit, TextRange};
use rustc_hash::FxHashSet;

use crate::diagnostics::diagnostics;
use crate::places::path_of;
use crate::rename::FileEdits;
use crate::suites::Entry;

pub(super) struct Context<'a> {
    pub(super) db: &'a dyn Db,
    pub(super) suite: Suite,
    pub(super) file: SourceFile,
    pub(super) text: &'a Arc<str>,
    /// The cursor or selection.
    pub(super) range: TextRange,
}

impl<'a> Context<'a> {
    pub(super) fn new(db: &'a dyn Db, entry: Entry, range: TextRange) -> Self {
        Self {
            db,
            suite: entry.suite,
            file: entry.file,
            text: entry.file.text(db),
            range,
        }
    }

    /// Whether the file is written in the language, and readable.
    pub(super) fn is_module(&self) -> bool {
        let is_manifest = self.suite.manifest_file(self.db) == Some(self.file);
        let name = self.file.path(self.db).rsplit('/').next();
        !is_manifest && name != Some(DOT_ENV) && self.file.problem(self.db).is_none()
    }

    pub(super) fn findings(&self) -> Vec<Diagnostic> {
        diagnostics(self.db, self.suite, self.file)
    }

    pub(super) fn index(&self) -> &'a ItemIndex {
        item_index(self.db, self.file)
    }

    pub(super) fn map(&self) -> &'a SourceMap {
        source_map(self.db, self.file)
    }

    pub(super) fn bodies(&self) -> &'a FileBodies {
        relux_model::bodies::lower(self.db, self.file)
    }

    pub(super) fn names(&self) -> &'a [Occurrence] {
        occurrences(self.db, self.suite, self.file)
    }

    pub(super) fn edition(&self) -> Edition {
        edition(self.db, self.suite, self.file).edition
    }

    pub(super) fn word(&self, range: TextRange) -> &'a str {
        range.slice(self.text)
    }

    /// The name at the cursor that means something of a kind.
    pub(super) fn name_at(&self, wanted: impl Fn(&Symbol) -> bool) -> Option<&'a Occurrence> {
        let here = |it: &&Occurrence| it.range.touches(self.range.start) && it.range.touches(self.range.end);
        self.names().iter().filter(here).find(|it| wanted(&it.symbol))
    }

    /// A word that names nothing in a range.
    pub(super) fn free_name(&self, range: TextRange, wish: &str) -> String {
        let names = self.names().iter().filter(|it| range.covers(it.range));
        let taken: FxHashSet<&str> = names.map(|it| self.word(it.range)).collect();
        let numbered = (2..).map(|number| format!("{wish}_{number}"));
        let mut all = std::iter::once(wish.to_owned()).chain(numbered);
        all.find(|it| !taken.contains(it.as_str())).unwrap_or_default()
    }

    /// The line of a range with its end; `None` where something else stands on it.
    pub(super) fn whole_line(&self, range: TextRange) -> Option<TextRange> {
        let before = self.text.get(..range.start as usize)?;
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let rest = self.text.get(range.end as usize..)?;
        let end = rest.find('\n').map_or(rest.len(), |newline| newline + 1);
        let is_alone = before[start..].trim().is_empty() && rest[..end].trim().is_empty();
        is_alone.then(|| TextRange::from(start..range.end as usize + end))
    }

    /// Edits of this file and others by path, those of each file in order.
    pub(super) fn by_file(&self, edits: &[Edit]) -> Vec<FileEdits> {
        let own = path_of(self.db, self.suite, self.file);
        let root = camino::Utf8Path::new(&**self.suite.root(self.db));
        let mut files: Vec<FileEdits> = Vec::new();
        for edit in edits {
            let path = edit
                .file
                .as_ref()
                .map_or_else(|| own.clone(), |it| root.join(&**it));
            let change = (edit.range, edit.new_text.clone());
            match files.iter_mut().find(|it| it.file == path) {
                Some(file) => file.edits.push(change),
                None => files.push(FileEdits {
                    file: path,
                    edits: vec![change],
                }),
            }
        }
        for file in &mut files {
            file.edits.sort_by_key(|(range, _)| (range.start, range.end));
        }
        files
    }
}

/// An edit of the context's own file.
pub(super) fn edit(range: TextRange, new_text: impl Into<String>) -> Edit {
    Edit {
        file: None,
        range,
        new_text: new_text.into(),
    }
}
