//! `inherited-expect-not-declared`: an effect hands a variable on that it does not expect. It works, for what an inner
//! start needs is a need of the effect, but a reader of the effect cannot see it.

use relux_syntax::nearest::nearest;
use relux_syntax::{Applicability, Diagnostic, Edit, Fix, Severity, TextRange};
use rustc_hash::FxHashSet;

use super::Context;
use super::environment::is_in_environment;
use crate::checks::listed;
use crate::codes;
use crate::dot_env::RUN_TIME_NAMES;
use crate::effects::needs;
use crate::fixes::{indent_at, newline};
use crate::items::{Effect, Name};
use crate::source_map::BodyRanges;

pub(super) fn check(cx: &mut Context<'_, '_>) {
    for (effect, ranges) in cx.index.effects.iter().zip(&cx.map.effects) {
        let mut declared: FxHashSet<Name> = effect.expects.iter().cloned().collect();
        for (start, at) in effect.starts.iter().zip(&ranges.starts) {
            let Some(target) = cx.scope.effect(&start.effect) else {
                continue;
            };
            let needed = needs(cx.db, cx.suite, target);
            let given = |name: &Name| start.overlay.iter().any(|entry| entry.key == *name);
            // A slip in a key is told at the key.
            let slip = |name: &Name| {
                let others = start.overlay.iter().filter(|entry| !needed.contains(&entry.key));
                others
                    .into_iter()
                    .any(|entry| nearest(&entry.key, [name.as_str()]).is_some())
            };
            let inherited: Vec<Name> = needed
                .iter()
                .filter(|name| !declared.contains(*name) && !given(name) && !slip(name))
                .filter(|name| {
                    !RUN_TIME_NAMES.contains(&name.as_str()) && !is_in_environment(cx.db, cx.suite, name)
                })
                .cloned()
                .collect();
            if inherited.is_empty() {
                continue;
            }
            let message = format!(
                "`{}` does not expect {}, which this start needs",
                effect.name(),
                listed(&inherited)
            );
            let code = codes::INHERITED_EXPECT_NOT_DECLARED;
            let mut diagnostic = Diagnostic::new(code, Severity::Info, at.effect, message)
                .with_help(format!("declare it: `expect {}`", inherited.join(", ")));
            diagnostic
                .fixes
                .extend(declaration(cx.text, effect, ranges, &inherited));
            cx.found.push(diagnostic);
            // Of two starts with one need the first one is told.
            declared.extend(inherited);
        }
    }
}

/// Declares names in the last `expect` of an effect, or in one of their own above everything else.
fn declaration(text: &str, effect: &Effect, ranges: &BodyRanges, names: &[Name]) -> Option<Fix> {
    let names_listed = names.join(", ");
    let edit = |at: u32, new_text: String| Edit {
        file: None,
        range: TextRange::empty(at),
        new_text,
    };
    let edit = if let Some(last) = ranges.expects.last() {
        edit(last.end, format!(", {names_listed}"))
    } else {
        let header = text.get(ranges.name.end as usize..)?;
        let line = ranges.name.end + header.find('\n')? as u32;
        // The brace must be the last thing of its line, and something must follow.
        let first = ranges.starts.first()?.whole.start;
        let head = text.get(ranges.name.end as usize..line as usize)?;
        if head.trim() != "{" || line > first {
            return None;
        }
        let line = line - u32::from(head.ends_with('\r'));
        let indent = indent_at(text, first);
        edit(line, format!("{}{indent}expect {names_listed}", newline(text)))
    };
    Some(Fix {
        title: format!("Expect {} in `{}`", listed(names), effect.name()),
        applicability: Applicability::Safe,
        edits: vec![edit],
    })
}
