//! Completion: what can be written at the cursor, best first.
//!
//! The place is read from the line and from what stands around it, never from the tree of the line itself: that line is
//! broken while somebody types in it. Nothing here asks for diagnostics.

mod calls;
mod effects;
mod imports;
mod list;
mod place;
mod resolve;
mod sections;
mod snippet;
mod statements;
mod variables;
mod words;

use camino::Utf8PathBuf;
use relux_model::edition::{Edition, edition};
use relux_model::parse::parse;
use relux_model::{Db, ItemId};
use relux_syntax::{Edit, TextRange};

use crate::suites::Entry;
use list::List;
use place::{Around, Inside, Place};

pub(crate) use resolve::documentation;
pub use snippet::Insert;

/// What can be written at a place.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Completions {
    /// What an item replaces: the word at the cursor, in bytes.
    pub word: TextRange,
    /// The part of `word` before the cursor.
    pub typed: TextRange,
    /// Best first.
    pub items: Vec<CompletionItem>,
    /// Whether more would be found with more letters.
    pub incomplete: bool,
}

/// Something that can be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompletionItem {
    /// What it is called.
    pub label: String,
    /// What belongs to the label but is not filtered by: parameters.
    pub suffix: String,
    /// What it is.
    pub kind: CompletionKind,
    /// A few words on it: where it comes from, what it is set to.
    pub detail: String,
    /// Markdown, where it is known at once.
    pub doc: String,
    /// What replaces the word.
    pub insert: Insert,
    /// What must be edited elsewhere: the import of a name.
    pub edits: Vec<Edit>,
    /// Whose documentation [`Analysis::completion_documentation`](crate::Analysis::completion_documentation) knows.
    pub about: Option<Completed>,
}

/// What a completion stands for, to be asked about later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Completed {
    /// An effect or function.
    Item {
        /// Absolute path.
        file: Utf8PathBuf,
        /// Which item there.
        id: ItemId,
    },
    /// A module, by absolute path.
    Module(Utf8PathBuf),
}

/// What a completion is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompletionKind {
    /// A word of the language.
    Keyword,
    /// An operator of statements.
    Operator,
    /// A duration.
    Duration,
    /// An effect.
    Effect,
    /// The name after `as`.
    Alias,
    /// A function.
    Function,
    /// A built-in function.
    Builtin,
    /// A variable or a parameter.
    Variable,
    /// A capture of the last match.
    Capture,
    /// An expect, or a variable of the environment.
    Environment,
    /// A key of an overlay.
    Key,
    /// A shell.
    Shell,
    /// A module.
    Module,
}

/// What is asked: the file, the place in it, and what is known of its language.
struct Context<'a> {
    db: &'a dyn Db,
    entry: Entry,
    place: Place<'a>,
    edition: Edition,
}

/// What can be written at an offset. `trigger` is the character whose typing asked for it, if that was not a letter of a
/// name: blanks and braces ask only where a name must follow.
pub(crate) fn completion(db: &dyn Db, entry: Entry, offset: u32, trigger: Option<char>) -> Completions {
    let tree = parse(db, entry.file);
    let Some(place) = Place::new(tree, offset) else {
        return Completions::default();
    };
    // A fast typist is further by now, and then wants to know what there is.
    let before = entry.file.text(db).get(..offset as usize).unwrap_or_default();
    let typed_last = |it: &char| before.ends_with(*it);
    if trigger
        .filter(typed_last)
        .is_some_and(|it| !place.is_asked_by(it))
    {
        return Completions::default();
    }
    let cx = Context {
        db,
        entry,
        edition: edition(db, entry.suite, entry.file).edition,
        place,
    };
    let mut list = List::new(cx.place.typed_text());
    add(&cx, &mut list);
    let (items, incomplete) = list.finish();
    Completions {
        word: cx.place.word,
        typed: cx.place.typed(),
        items,
        incomplete,
    }
}

fn add(cx: &Context<'_>, list: &mut List) {
    let place = &cx.place;
    if let Inside::Text { qualifier } = place.inside {
        return match qualifier {
            Some(alias) => effects::exposed_variables(cx, alias, list),
            None => variables::in_text(cx, list),
        };
    }
    if place.sigil().is_some() {
        return words::durations(cx, list);
    }
    match place.around {
        Around::Module => sections::module(cx, list),
        Around::Test | Around::Effect => sections::section(cx, list),
        Around::Shell | Around::Cleanup | Around::Function { .. } => statements::statement(cx, list),
        Around::Overlay => effects::overlay(cx, list),
        Around::Imports => imports::names(cx, list),
        Around::Multimatch => words::multimatch(cx, list),
    }
}

#[cfg(test)]
mod tests;
