//! `unused-expect`: an effect demands a variable and makes no use of it. A hint only: the variable is in the environment
//! of its programs, which may read it without being told.

use relux_syntax::{Diagnostic, Severity, TextRange};
use rustc_hash::FxHashSet;

use super::{Context, is_exempt, judged, mentions::mentioned};
use crate::codes;
use crate::db::{Db, SourceFile, Suite};
use crate::effects::needs;
use crate::items::{Effect, Name};
use crate::names::{Role, Symbol};

/// The expects that no effect of the module reads or hands on, with their places.
pub(super) fn candidates(cx: &Context<'_, '_>) -> Vec<(TextRange, Name)> {
    let mut found = Vec::new();
    for (effect, ranges) in cx.index.effects.iter().zip(&cx.map.effects) {
        if effect.expects.is_empty() {
            continue;
        }
        let first = cx.names.partition_point(|it| it.range.start < ranges.whole.start);
        let inside = cx.names[first..]
            .iter()
            .take_while(|it| it.range.end <= ranges.whole.end);
        // An overlay key of a start names the expect of another effect.
        let read: FxHashSet<&Name> = inside
            .filter(|it| it.role == Role::Reference)
            .filter_map(|it| match &it.symbol {
                Symbol::Expect { effect: owner, name } if owner.id == effect.id && owner.file == cx.file => {
                    Some(name)
                }
                _ => None,
            })
            .collect();
        for (name, range) in effect.expects.iter().zip(&ranges.expects) {
            if !read.contains(name) && !is_exempt(name) && !hands_on(cx, effect, name) {
                found.push((*range, name.clone()));
            }
        }
    }
    found
}

/// Whether a start of the effect needs the name and does not get it otherwise.
fn hands_on(cx: &Context<'_, '_>, effect: &Effect, name: &Name) -> bool {
    effect.starts.iter().any(|start| {
        let target = cx.scope.effect(&start.effect);
        let given = start.overlay.iter().any(|entry| entry.key == *name);
        !given && target.is_none_or(|target| needs(cx.db, cx.suite, target).contains(name))
    })
}

pub(super) fn check(db: &dyn Db, suite: Suite, file: SourceFile) -> Vec<Diagnostic> {
    let candidates = &judged(db, suite, file).idle_expects;
    if candidates.is_empty() {
        return Vec::new();
    }
    let mentioned = mentioned(db, suite);
    let unused = candidates.iter().filter(|(_, name)| !mentioned.contains(name));
    unused
        .map(|(range, name)| {
            let message = format!("the effect makes no use of `{name}`");
            Diagnostic::new(codes::UNUSED_EXPECT, Severity::Hint, *range, message)
                .with_help("remove it here and in the overlays of all starts, unless a program reads it")
        })
        .collect()
}
