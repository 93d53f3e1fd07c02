//! Names of environment variables that a module mentions, so that one which nothing mentions can be told.
//!
//! Shells and the programs in them read their environment by themselves, so every word that looks like such a name
//! counts, wherever it stands in a text.

use std::sync::Arc;

use relux_syntax::TextRange;
use rustc_hash::FxHashSet;

use crate::bodies::body::{FileBodies, Piece};
use crate::bodies::lower;
use crate::db::{Db, SourceFile, Suite};
use crate::items::Name;
use crate::known::known;
use crate::names::environment;

/// The names that a module mentions, sorted. Most edits do not change them, so other modules hear of few of them.
#[salsa::tracked(returns(ref))]
pub(crate) fn mentioned_in(db: &dyn Db, suite: Suite, file: SourceFile) -> Arc<[Name]> {
    if let Some(known) = known(db, suite, file) {
        return Arc::clone(&known.mentioned);
    }
    let (bodies, text) = (lower(db, file), file.text(db));
    let mut words: FxHashSet<&str> = FxHashSet::default();
    for piece in &bodies.pieces {
        match *piece {
            Piece::Source(range) => add_words(range.slice(text), &mut words),
            // `$$name` and `$${name}`: what the shell expands.
            Piece::Char { range, value: '$' } => {
                let rest = text.get(range.end as usize..).unwrap_or_default();
                let rest = rest.strip_prefix('{').unwrap_or(rest);
                words.insert(&rest[..rest.find(is_no_letter).unwrap_or(rest.len())]);
            }
            Piece::Char { .. } | Piece::Var { .. } | Piece::Exposed { .. } | Piece::Capture { .. } => {}
        }
    }
    let read = environment(db, suite, file).into_iter();
    let read = read.filter(|(range, _)| !is_key(bodies, *range));
    words.extend(read.map(|(range, _)| range.slice(text)));
    let mut words: Vec<Name> = words.into_iter().map(Name::from).collect();
    words.sort_unstable();
    words.into()
}

/// Whether a place is the key of an overlay entry, which sets the name and does not read it.
fn is_key(bodies: &FileBodies, range: TextRange) -> bool {
    let starts = bodies.definition_at(range.start).map(|it| it.starts.as_slice());
    let start = starts
        .unwrap_or_default()
        .iter()
        .find(|it| it.range.covers(range));
    start.is_some_and(|it| it.overlay.iter().any(|entry| entry.key == range))
}

fn is_no_letter(c: char) -> bool {
    !(c.is_ascii_alphanumeric() || c == '_')
}

/// Words behind a dollar, and words in capital letters.
fn add_words<'a>(text: &'a str, words: &mut FxHashSet<&'a str>) {
    for word in text.split(is_no_letter).filter(|word| !word.is_empty()) {
        let before = &text[..word.as_ptr() as usize - text.as_ptr() as usize];
        let shouted = word.len() > 2
            && word.starts_with(|c: char| c.is_ascii_uppercase())
            && !word.bytes().any(|it| it.is_ascii_lowercase());
        if shouted || before.ends_with('$') || before.ends_with("${") {
            words.insert(word);
        }
    }
}

/// All names that some module of the suite mentions.
#[salsa::tracked(returns(ref))]
pub(super) fn mentioned(db: &dyn Db, suite: Suite) -> FxHashSet<Name> {
    let files = suite.files(db).iter();
    files
        .flat_map(|&file| mentioned_in(db, suite, file).iter().cloned())
        .collect()
}
