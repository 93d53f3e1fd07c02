//! What a start gets without saying so, and with whom it shares what it starts.

use relux_model::effects::needs;
use relux_model::graph::{Target, Tree, instances_of_tests};
use relux_model::items::{StartItem, item_index};
use relux_model::scope::scope;
use relux_model::source_map::{BodyRanges, StartRanges, source_map};
use relux_model::{Db, Def};
use relux_syntax::TextRange;

use super::{HintKind, InlayHint, listed};
use crate::completion::Completed;
use crate::hover::{from_environment, is_in_environment};
use crate::places::path_of;
use crate::suites::Entry;

/// More names than this are told in the tooltip only.
const MOST_INHERITED: usize = 3;
const MOST_PARTNERS: usize = 2;

/// The variables that starts get from around them.
pub(super) fn inherited(db: &dyn Db, entry: Entry, within: TextRange, out: &mut Vec<InlayHint>) {
    let (index, map) = (item_index(db, entry.file), source_map(db, entry.file));
    let effects = index.effects.iter().zip(&map.effects);
    for (effect, ranges) in effects.filter(|(_, ranges)| touch(ranges.whole, within)) {
        for (start, ranges) in effect.starts.iter().zip(&ranges.starts) {
            let from = |_: &str| Some(format!("from whoever starts `{}`", effect.name()));
            out.extend(inherits(db, entry, start, ranges, &from));
        }
    }
    let tests = index.tests.iter().zip(&map.tests);
    for (test, ranges) in tests.filter(|(_, ranges)| touch(ranges.whole, within)) {
        for (start, ranges) in test.starts.iter().zip(&ranges.starts) {
            // What nothing sets is an error, and no hint.
            let from = |name: &str| {
                is_in_environment(db, entry.suite, entry.file, name)
                    .then(|| from_environment(db, entry.suite, entry.file, name))
            };
            out.extend(inherits(db, entry, start, ranges, &from));
        }
    }
}

fn touch(range: TextRange, within: TextRange) -> bool {
    range.start <= within.end && range.end >= within.start
}

fn inherits(
    db: &dyn Db,
    entry: Entry,
    start: &StartItem,
    ranges: &StartRanges,
    from: &dyn Fn(&str) -> Option<String>,
) -> Option<InlayHint> {
    let def = scope(db, entry.suite, entry.file).effect(&start.effect)?;
    let needed = needs(db, entry.suite, def);
    let missing = needed
        .iter()
        .filter(|name| start.overlay.iter().all(|it| it.key != **name));
    let (mut names, mut lines) = (Vec::new(), Vec::new());
    for name in missing {
        if let Some(from) = from(name) {
            lines.push(format!("- `{name}` {from}"));
            names.push(name.as_str());
        }
    }
    (!names.is_empty()).then(|| InlayHint {
        offset: head_end(ranges),
        label: format!("inherits {}", listed(&names, MOST_INHERITED)),
        kind: HintKind::Inherited,
        tooltip: format!("`{}` gets\n{}", start.effect, lines.join("\n")),
        about: None,
    })
}

/// Behind the name and the alias of a start.
fn head_end(ranges: &StartRanges) -> u32 {
    ranges.alias.unwrap_or(ranges.effect).end
}

/// The starts of tests whose effect somebody else uses too.
pub(super) fn shared(db: &dyn Db, entry: Entry, within: TextRange, out: &mut Vec<InlayHint>) {
    let map = source_map(db, entry.file);
    let in_range = |ranges: &BodyRanges| touch(ranges.whole, within) && !ranges.starts.is_empty();
    let tests: Vec<usize> = (0..map.tests.len())
        .filter(|at| in_range(&map.tests[*at]))
        .collect();
    if tests.is_empty() {
        return;
    }
    let (effects, trees) = instances_of_tests(db, entry.suite, entry.file, &tests);
    for (at, tree) in tests.iter().zip(&trees) {
        let starts = &item_index(db, entry.file).tests[*at].starts;
        for edge in &tree.edges {
            let (Some(start), Some(ranges)) = (starts.get(edge.start), map.tests[*at].starts.get(edge.start))
            else {
                continue;
            };
            let Target::Instance(instance) = edge.target else {
                continue;
            };
            let partners = partners(tree, &effects, starts, edge.start, instance);
            if partners.is_empty() {
                continue;
            }
            let def = &effects[tree.instances[instance].effect];
            out.push(InlayHint {
                offset: head_end(ranges),
                label: format!("shared with {}", listed(&partners, MOST_PARTNERS)),
                kind: HintKind::Shared,
                tooltip: format!(
                    "One `{}` serves this start and {}: what it needs has the same values.",
                    start.effect,
                    listed(&partners, partners.len())
                ),
                about: Some(Completed::Item {
                    file: path_of(db, entry.suite, def.file),
                    id: def.id.clone(),
                }),
            });
        }
    }
}

/// Who else starts an instance: effects by name, and other starts of the test by alias or effect.
fn partners(tree: &Tree, effects: &[Def], starts: &[StartItem], own: usize, instance: usize) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut add = |name: &str| {
        if !names.iter().any(|it| it == name) {
            names.push(name.to_owned());
        }
    };
    let leads = |target: Target| target == Target::Instance(instance);
    for edge in tree.edges.iter().filter(|it| leads(it.target) && it.start != own) {
        if let Some(start) = starts.get(edge.start) {
            add(start.alias.as_ref().unwrap_or(&start.effect));
        }
    }
    for other in &tree.instances {
        if other.edges.iter().any(|it| leads(it.target)) {
            add(&effects[other.effect].id.name);
        }
    }
    names
}
