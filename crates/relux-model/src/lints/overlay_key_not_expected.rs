//! `overlay-key-not-expected`: an overlay sets what no effect below the start expects. Overlays reach the environment of
//! programs, so a key that nobody expects may have a reader all the same; a slip in an expected name has none.

use relux_syntax::nearest::nearest;
use relux_syntax::{Diagnostic, Fix, Severity};

use super::environment::is_in_environment;
use super::{Body, mentions::mentioned};
use crate::checks::MAX_SEARCHES;
use crate::codes;
use crate::db::{Db, SourceFile, Suite};
use crate::effects::needs;
use crate::fixes::bind_operator;
use crate::items::{Name, OverlayShape, StartItem, item_index};
use crate::scope::scope;
use crate::source_map::{StartRanges, source_map};

pub(super) fn check(db: &dyn Db, suite: Suite, file: SourceFile) -> Vec<Diagnostic> {
    let (index, map) = (item_index(db, file), source_map(db, file));
    let mut lint = Lint {
        db,
        suite,
        file,
        searches: MAX_SEARCHES,
        found: Vec::new(),
    };
    for body in Body::all(index, map) {
        for (start, ranges) in body.starts.iter().zip(&body.ranges.starts) {
            if !start.overlay.is_empty() {
                lint.start(start, ranges);
            }
        }
    }
    lint.found
}

struct Lint<'db> {
    db: &'db dyn Db,
    suite: Suite,
    file: SourceFile,
    /// How many more searches for the nearest name this file may cost.
    searches: u32,
    found: Vec<Diagnostic>,
}

impl Lint<'_> {
    fn start(&mut self, start: &StartItem, ranges: &StartRanges) {
        let scope = scope(self.db, self.suite, self.file);
        let Some(target) = scope.effect(&start.effect) else {
            return;
        };
        let needed = needs(self.db, self.suite, target);
        for (entry, at) in start.overlay.iter().zip(&ranges.entries) {
            let key = &entry.key;
            if key.is_empty() || needed.contains(key) || mentioned(self.db, self.suite).contains(key) {
                continue;
            }
            let given = |name: &Name| start.overlay.iter().any(|entry| entry.key == *name);
            let open = needed.iter().filter(|name| !given(name));
            let meant = self
                .searches
                .checked_sub(1)
                .and_then(|_| nearest(key, open.map(Name::as_str)));
            self.searches = self.searches.saturating_sub(1);
            let message = format!("no effect that `start {}` starts expects `{key}`", start.effect);
            let diagnostic = |severity| {
                Diagnostic::new(codes::OVERLAY_KEY_NOT_EXPECTED, severity, at.key, message.clone())
            };
            if let Some(meant) = meant {
                let entry = match entry.value {
                    OverlayShape::Shorthand => {
                        let bind = bind_operator(self.db, self.suite, self.file);
                        format!("{meant} {bind} {key}")
                    }
                    _ => meant.to_owned(),
                };
                self.found.push(
                    diagnostic(Severity::Warning)
                        .with_help(format!("did you mean `{meant}`?"))
                        .with_fix(Fix::needs_a_look(format!("Change to `{meant}`"), at.key, entry)),
                );
            } else if !is_in_environment(self.db, self.suite, key) {
                self.found.push(
                    diagnostic(Severity::Hint)
                        .with_help("remove it, unless a program reads it from its environment"),
                );
            }
        }
    }
}
