//! What can be said about items alone: imports, names, starts, expects, exposes. Bodies have their own checks.
//!
//! One module per group of rules; each pushes diagnostics of one file. Nothing here decides how they are shown.

mod conflicts;
mod cycles;
mod definitions;
mod editions;
mod expects;
mod exposes;
mod imports;
mod starts;

pub(crate) use starts::sibling_edges;

use std::sync::Arc;

use relux_syntax::{Diagnostic, Related, TextRange};

use crate::db::{Db, SourceFile, Suite};
use crate::items::{ItemIndex, item_index};
use crate::scope::{Scope, scope};
use crate::source_map::{SourceMap, source_map};

/// What every check of a file reads and writes.
struct Context<'db> {
    db: &'db dyn Db,
    suite: Suite,
    file: SourceFile,
    index: &'db Arc<ItemIndex>,
    map: &'db Arc<SourceMap>,
    scope: &'db Scope,
    found: Vec<Diagnostic>,
    /// How many more searches for the nearest name this file may cost.
    searches: u32,
}

/// A file with more unknown names than this is not helped by being told the nearest ones.
pub(crate) const MAX_SEARCHES: u32 = 100;

/// Everything that the items of a file give rise to, by position.
#[salsa::tracked(returns(ref))]
pub fn item_diagnostics(db: &dyn Db, suite: Suite, file: SourceFile) -> Vec<Diagnostic> {
    let mut cx = Context {
        db,
        suite,
        file,
        index: item_index(db, file),
        map: source_map(db, file),
        scope: scope(db, suite, file),
        found: Vec::new(),
        searches: MAX_SEARCHES,
    };
    imports::check(&mut cx);
    conflicts::check(&mut cx);
    definitions::check(&mut cx);
    starts::check(&mut cx);
    exposes::check(&mut cx);
    cycles::check(&mut cx);
    expects::check(&mut cx);
    editions::check(&mut cx);
    let mut found = cx.found;
    found.sort_by_key(|it| (it.range.start, it.range.end));
    found
}

impl Context<'_> {
    fn push(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    /// Whether it is still worth while to search for the nearest name.
    fn may_search(&mut self) -> bool {
        let left = self.searches > 0;
        self.searches = self.searches.saturating_sub(1);
        left
    }

    /// A related place in any file of the suite.
    fn related(&self, file: SourceFile, range: TextRange, message: impl Into<String>) -> Related {
        Related {
            file: (file != self.file).then(|| file.path(self.db).clone()),
            range,
            message: message.into(),
        }
    }
}

/// A related place in the file of the diagnostic.
fn here(range: TextRange, message: impl Into<String>) -> Related {
    Related {
        file: None,
        range,
        message: message.into(),
    }
}

/// More names than this are counted, not listed.
const MAX_LISTED: usize = 8;

/// "`a`", "`a` and `b`", "`a`, `b` and `c`"; long lists end in "and 12 more".
pub(crate) fn listed<S: AsRef<str>>(names: &[S]) -> String {
    let more = names.len().saturating_sub(MAX_LISTED);
    let mut quoted: Vec<String> = names[..names.len() - more]
        .iter()
        .map(|name| format!("`{}`", name.as_ref()))
        .collect();
    if more > 0 {
        quoted.push(format!("{more} more"));
    }
    match quoted.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}
