//! What the name of an expect has to do with the world: its value also travels through environments, where nobody but
//! the program that reads it knows its name.

use relux_model::bodies::lower;
use relux_model::effects::{effect_graph, needs};
use relux_model::names::{Role, Symbol, collect};
use relux_model::scope::scope;
use relux_model::source_map::{item_range, source_map};
use relux_model::{Db, Def, SourceFile, Suite, item_index};
use relux_syntax::TextRange;

use super::Refused;
use super::subject::Subject;
use crate::places::line_place as place;

/// Refuses what cannot be followed.
pub(super) fn check(db: &dyn Db, suite: Suite, subject: &Subject, new: &str) -> Result<(), Refused> {
    if subject.hides(db, new) {
        return Err(Refused(format!("`{new}` with as many parameters is built in")));
    }
    let expecting: Vec<&Def> = subject
        .symbols
        .iter()
        .filter_map(|symbol| match symbol {
            Symbol::Expect { effect, .. } => Some(effect),
            _ => None,
        })
        .collect();
    if expecting.is_empty() {
        return Ok(());
    }
    let old = subject.old.as_str();
    for effect in &expecting {
        read_by_shell(db, effect, old)?;
        if needs(db, suite, effect).iter().any(|name| name == new) {
            return Err(Refused(format!(
                "`{}` already needs a `{new}` from outside",
                effect.id.name
            )));
        }
    }
    for &file in suite.files(db).iter() {
        db.unwind_if_revision_cancelled();
        from_environment(db, suite, file, old, &expecting)?;
        let text = file.text(db);
        if !item_index(db, file).effects.is_empty() && (text.contains(old) || text.contains(new)) {
            read_unexpected(db, suite, file, &[old, new])?;
        }
    }
    Ok(())
}

/// The shell of an effect has what it expects in its environment, and may read it there by itself: `$NAME`.
fn read_by_shell(db: &dyn Db, effect: &Def, old: &str) -> Result<(), Refused> {
    let Some(range) = item_range(db, effect.file, &effect.id) else {
        return Ok(());
    };
    let text = range.slice(effect.file.text(db));
    for (at, _) in text.match_indices(old) {
        let (before, after) = (&text[..at], &text[at + old.len()..]);
        let whole = !after.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        if whole && (before.ends_with('$') || before.ends_with("$${")) {
            let place = place(db, effect.file, range.start + at as u32);
            return Err(Refused(format!(
                "the shell reads `${old}` from its environment at {place}: use `${{{old}}}` there first"
            )));
        }
    }
    Ok(())
}

/// A test that starts one of the effects without saying the value takes it from the environment.
fn from_environment(
    db: &dyn Db,
    suite: Suite,
    file: SourceFile,
    old: &str,
    expecting: &[&Def],
) -> Result<(), Refused> {
    let (index, map, scope) = (item_index(db, file), source_map(db, file), scope(db, suite, file));
    let graph = effect_graph(db, suite);
    for (test, ranges) in index.tests.iter().zip(&map.tests) {
        for (start, ranges) in test.starts.iter().zip(&ranges.starts) {
            let said = start.overlay.iter().any(|entry| entry.key == old);
            let effect = scope.effect(&start.effect).filter(|_| !said);
            let supplied = effect.and_then(|effect| graph.path_to_expect(effect, old));
            if supplied.is_some_and(|(_, effect)| expecting.contains(&&effect)) {
                let place = place(db, file, ranges.whole.start);
                return Err(Refused(format!(
                    "`{old}` comes from the environment at {place}: set it in the overlay there first"
                )));
            }
        }
    }
    Ok(())
}

/// An effect that reads the name without expecting it depends on who starts it.
fn read_unexpected(db: &dyn Db, suite: Suite, file: SourceFile, names: &[&str]) -> Result<(), Refused> {
    let is_key = |range: TextRange| {
        let mut entries = source_map(db, file)
            .effects
            .iter()
            .flat_map(|it| &it.starts)
            .flat_map(|it| &it.entries);
        entries.any(|it| it.key == range && it.value.is_some())
    };
    for occurrence in collect(db, suite, file) {
        let Symbol::Environment(name) = &occurrence.symbol else {
            continue;
        };
        let at = occurrence.range;
        let inside = source_map(db, file).effects.iter().any(|it| it.whole.covers(at));
        let read = occurrence.role == Role::Reference && inside && !is_key(at);
        if read && names.contains(&name.as_str()) && lower(db, file).definition_at(at.start).is_some() {
            let place = place(db, file, at.start);
            return Err(Refused(format!(
                "an effect reads `{name}` at {place} without expecting it: say `expect {name}` there first"
            )));
        }
    }
    Ok(())
}
