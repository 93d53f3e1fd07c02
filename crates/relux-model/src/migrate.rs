//! Rewriting modules from one edition to the other: plain data in, plain edits out.
//!
//! One file per rewritten construct. Nothing here writes files; [`migrate`] changes texts in the database, and keeps
//! them only if the result checks clean and means the same.

mod apply;
mod binds;
mod blanks;
mod escapes;
mod exposes;
mod manifest;
mod renames;
mod same;
mod unsayable;
mod words;

use std::cmp::Reverse;

use relux_syntax::ast::{AstNode, Section, Statement, SyntaxKind};
use relux_syntax::{Edit, TextRange};

use crate::bodies::body::FileBodies;
use crate::db::{Db, SourceFile, Suite};
use crate::edition::Edition;
use crate::parse::parse;

pub use apply::{Migrated, NotMigrated, migrate};
pub use manifest::with_edition;
use renames::Renames;

/// A place that the other edition has no words for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Where.
    pub file: SourceFile,
    /// What cannot be said.
    pub range: TextRange,
    /// One sentence without a full stop.
    pub message: String,
    /// What to do instead.
    pub help: Option<&'static str>,
}

/// A piece of text to be replaced.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Change {
    range: TextRange,
    new_text: String,
}

/// Edits of any number of files.
#[derive(Debug, Default)]
struct Changes {
    list: Vec<(SourceFile, Change)>,
}

impl Changes {
    fn replace(&mut self, file: SourceFile, range: TextRange, new_text: impl Into<String>) {
        let new_text = new_text.into();
        self.list.push((file, Change { range, new_text }));
    }

    fn insert(&mut self, file: SourceFile, at: u32, new_text: impl Into<String>) {
        self.replace(file, TextRange::empty(at), new_text);
    }
}

/// What every construct reads and writes.
struct Rewrite<'db> {
    db: &'db dyn Db,
    suite: Suite,
    to: Edition,
    /// The modules to rewrite; renamed names may also stand in others.
    files: &'db [SourceFile],
    /// Only what begins in this range is rewritten, with all uses of the names in it.
    within: Option<TextRange>,
    renames: Renames,
    changes: Changes,
    refusals: Vec<Refusal>,
}

impl<'db> Rewrite<'db> {
    fn new(
        db: &'db dyn Db,
        suite: Suite,
        files: &'db [SourceFile],
        within: Option<TextRange>,
        to: Edition,
    ) -> Self {
        Self {
            db,
            suite,
            to,
            files,
            within,
            renames: Renames::default(),
            changes: Changes::default(),
            refusals: Vec::new(),
        }
    }

    /// How the statements of a module are read now.
    fn reads(&self, file: SourceFile) -> Edition {
        crate::edition::edition(self.db, self.suite, file).edition
    }

    fn wants(&self, range: TextRange) -> bool {
        self.within.is_none_or(|within| within.covers(range))
    }

    fn bodies(&self, file: SourceFile) -> &FileBodies {
        crate::bodies::lower(self.db, file)
    }

    fn refuse(
        &mut self,
        file: SourceFile,
        range: TextRange,
        message: impl Into<String>,
        help: Option<&'static str>,
    ) {
        if self.wants(range) {
            self.refusals.push(Refusal {
                file,
                range,
                message: message.into(),
                help,
            });
        }
    }
}

/// What is said in other words in a module, apart from names.
fn constructs(rewrite: &mut Rewrite<'_>, file: SourceFile) {
    binds::rewrite(rewrite, file);
    escapes::rewrite(rewrite, file);
    exposes::rewrite(rewrite, file);
    if rewrite.to == Edition::E2026_04 {
        blanks::rewrite(rewrite, file);
        unsayable::find(rewrite, file);
    }
}

/// The edits that rewrite modules, sorted by file and place, or why there are none.
fn rewrite(
    db: &dyn Db,
    suite: Suite,
    files: &[SourceFile],
    within: Option<TextRange>,
    to: Edition,
) -> Result<Vec<(SourceFile, Change)>, Vec<Refusal>> {
    let mut rewrite = Rewrite::new(db, suite, files, within, to);
    renames::plan(&mut rewrite);
    renames::find_word(&mut rewrite);
    for &file in files {
        constructs(&mut rewrite, file);
    }
    // What was found so far lies in these files; renamed names are followed wherever they are.
    if let Some(within) = within {
        rewrite
            .changes
            .list
            .retain(|(_, change)| within.covers(change.range));
    }
    renames::rewrite(&mut rewrite);
    let Rewrite {
        changes,
        mut refusals,
        ..
    } = rewrite;
    let path = |file: SourceFile| file.path(db).clone();
    if refusals.is_empty() {
        let mut list = changes.list;
        // One word may be named twice, as the shell that is exposed and as what is exposed.
        list.sort_by(|a, b| (path(a.0), &a.1).cmp(&(path(b.0), &b.1)));
        list.dedup();
        return Ok(list);
    }
    refusals.sort_by_key(|it| (path(it.file), it.range.start, Reverse(it.range.end)));
    // What stands inside of a statement that cannot be said goes with it.
    refusals.dedup_by(|inner, outer| inner.file == outer.file && outer.range.covers(inner.range));
    Err(refusals)
}

/// The edits that rewrite a module to an edition, with all uses of renamed names in other modules. Nothing is verified:
/// the module is expected to check clean.
pub fn migrate_file(
    db: &dyn Db,
    suite: Suite,
    file: SourceFile,
    to: Edition,
) -> Result<Vec<Edit>, Vec<Refusal>> {
    let changes = rewrite(db, suite, &[file], None, to)?;
    Ok(edits(db, file, changes))
}

/// Whether [`migrate_file`] finds something to rewrite in the module and words for all of it, as far as that can be told
/// without looking at a body of another file: cheap enough to be asked with every move of a cursor.
pub fn has_other_words(db: &dyn Db, suite: Suite, file: SourceFile, to: Edition) -> bool {
    let files = [file];
    let mut rewrite = Rewrite::new(db, suite, &files, None, to);
    renames::plan(&mut rewrite);
    constructs(&mut rewrite, file);
    let changes = !rewrite.changes.list.is_empty() || !rewrite.renames.is_empty();
    changes && rewrite.refusals.is_empty()
}

/// [`migrate_file`] where it changes no other file, looking at no body of another file: cheap enough to be a fix that is
/// offered while somebody types.
pub fn migrate_alone(db: &dyn Db, suite: Suite, file: SourceFile, to: Edition) -> Option<Vec<Edit>> {
    let files = [file];
    let mut rewrite = Rewrite::new(db, suite, &files, None, to);
    renames::plan(&mut rewrite);
    if rewrite.renames.reach(&files) || rewrite.renames.changes_word() {
        return None;
    }
    migrate_file(db, suite, file, to).ok()
}

/// [`migrate_file`] for the statement, declaration or header at an offset, with all uses of the names that it renames. Empty
/// where there is nothing to rewrite.
pub fn migrate_statement(
    db: &dyn Db,
    suite: Suite,
    file: SourceFile,
    offset: u32,
    to: Edition,
) -> Result<Vec<Edit>, Vec<Refusal>> {
    let Some(range) = statement_at(db, file, offset) else {
        return Ok(Vec::new());
    };
    let changes = rewrite(db, suite, &[file], Some(range), to)?;
    Ok(edits(db, file, changes))
}

fn edits(db: &dyn Db, own: SourceFile, changes: Vec<(SourceFile, Change)>) -> Vec<Edit> {
    let edit = |(file, change): (SourceFile, Change)| Edit {
        file: (file != own).then(|| file.path(db).clone()),
        range: change.range,
        new_text: change.new_text,
    };
    changes.into_iter().map(edit).collect()
}

/// The innermost statement or declaration at an offset; of a block its header.
fn statement_at(db: &dyn Db, file: SourceFile, offset: u32) -> Option<TextRange> {
    let module = parse(db, file).module();
    let at = module.syntax().covering(TextRange::empty(offset));
    at.ancestors().find_map(|node| {
        if matches!(
            node.kind(),
            SyntaxKind::Body | SyntaxKind::Effect | SyntaxKind::Test | SyntaxKind::Function
        ) {
            return None;
        }
        if let Some(section) = Section::cast(node) {
            return match section {
                Section::ShellBlock(it) => it.name().map(|name| name.range()),
                Section::Cleanup(_) => None,
                other => Some(other.range()),
            };
        }
        Statement::cast(node).map(|it| it.range())
    })
}
