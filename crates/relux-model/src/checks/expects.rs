//! `missing-expect`, the heart of the model: every variable that an effect needs must come from somewhere.
//!
//! What an effect cannot give to the effects it starts is a need of its own, so every gap ends at a `start` of a test and
//! is reported there, with the starts that lead to the `expect`. A `let` of the same name does not count: the effect
//! would read an empty value.

use relux_syntax::{Applicability, Diagnostic, Edit, Fix, Related, Severity, TextRange};
use rustc_hash::FxHashSet;

use super::{Context, here, listed};
use crate::codes;
use crate::dot_env::{RUN_TIME_NAMES, dot_env};
use crate::effects::{Hop, effect_graph, needs};
use crate::fixes::{add_overlay_entries, bind_operator, indent_at, newline};
use crate::items::{Def, Effect, Name, StartItem, Test, item_index};
use crate::source_map::{BodyRanges, StartRanges, source_map};
use crate::supply::{Variables, is_port};
use relux_syntax::nearest::nearest;

/// Chains are told for so many missing names; the others are only listed.
const MAX_EXPLAINED: usize = 6;

pub(super) fn check(cx: &mut Context<'_>) {
    let (index, map) = (cx.index, cx.map);
    if index.tests.iter().all(|test| test.starts.is_empty()) {
        return;
    }
    let env = dot_env(cx.db, cx.suite, cx.file);
    for (test, ranges) in index.tests.iter().zip(&map.tests) {
        // What an earlier fix of this test would already declare must not be declared twice.
        let mut variables = Variables::new(&test.lets, &test.starts);
        for (position, start) in test.starts.iter().enumerate() {
            let Some(effect) = cx.scope.effect(&start.effect).cloned() else {
                continue;
            };
            let (missing, from_host) = unmet(cx, start, &effect, &env);
            let site = Site {
                test,
                ranges,
                position,
                effect,
            };
            if !missing.is_empty() {
                report_missing(cx, &site, &mut variables, &missing);
            }
            if !from_host.is_empty() {
                report_from_host(cx, &site, &from_host);
            }
        }
    }
}

/// A start of a test.
struct Site<'a> {
    test: &'a Test,
    ranges: &'a BodyRanges,
    position: usize,
    effect: Def,
}

impl<'a> Site<'a> {
    fn start(&self) -> &'a StartItem {
        &self.test.starts[self.position]
    }

    fn start_ranges(&self) -> Option<&'a StartRanges> {
        self.ranges.starts.get(self.position)
    }
}

/// Needs that nothing supplies, and needs that only the environment of this machine supplies.
fn unmet(
    cx: &Context<'_>,
    start: &StartItem,
    effect: &Def,
    env: &[(String, String)],
) -> (Vec<Name>, Vec<Name>) {
    let given: FxHashSet<&Name> = start.overlay.iter().map(|entry| &entry.key).collect();
    let host = cx.suite.host_env(cx.db);
    let (mut missing, mut from_host) = (Vec::new(), Vec::new());
    for name in needs(cx.db, cx.suite, effect).iter() {
        let in_env = || {
            env.binary_search_by(|(known, _)| known.as_str().cmp(name))
                .is_ok()
        };
        if given.contains(name) || RUN_TIME_NAMES.contains(&name.as_str()) || in_env() {
            continue;
        }
        if host.get(name).is_some() {
            from_host.push(name.clone());
        } else {
            missing.push(name.clone());
        }
    }
    (missing, from_host)
}

fn report_missing(cx: &mut Context<'_>, site: &Site<'_>, variables: &mut Variables<'_>, missing: &[Name]) {
    let Some(at) = site.start_ranges() else { return };
    let start = site.start();
    let message = format!("`start {}` does not supply {}", start.effect, listed(missing));
    let mut diagnostic = Diagnostic::error(codes::MISSING_EXPECT, at.effect, message);
    let mut told = FxHashSet::default();
    let mut chains = Vec::new();
    for name in missing.iter().take(MAX_EXPLAINED) {
        if let Some(chain) = chain_of(cx, &site.effect, name) {
            diagnostic = diagnostic.with_related(chain.expect.clone());
            chains.push((name, chain));
        }
    }
    for (name, chain) in &chains {
        for hop in &chain.hops {
            if told.insert((hop.effect.clone(), hop.start)) {
                diagnostic.related.extend(hop_related(cx, hop, name));
            }
        }
    }
    let misspelt = misspelt_key(cx, site, missing);
    let own_let = let_of_same_name(site, missing);
    let remedy = remedy(cx, variables, missing);
    if let Some((name, range)) = own_let {
        let text =
            format!("this `let` is not passed on: without an overlay the effect reads an empty `{name}`");
        diagnostic = diagnostic.with_related(here(range, text));
    }
    let help = if let Some((_, key, name)) = &misspelt {
        format!("nothing there needs `{key}`: did you mean `{name}`?")
    } else if let Some((name, _)) = own_let {
        format!("pass it: `start {} {{ {name} }}`", start.effect)
    } else {
        remedy.help(missing)
    };
    diagnostic = diagnostic.with_help(help);
    if let Some((range, _, name)) = misspelt {
        let title = format!("Change to `{name}`");
        diagnostic
            .fixes
            .push(Fix::needs_a_look(title, range, name.as_str()));
    }
    diagnostic.fixes.push(overlay_fix(cx, site, at, &remedy, missing));
    for (name, chain) in &chains {
        if let Some(fix) = inner_let(cx, name, &chain.hops) {
            diagnostic.related.push(fix.0);
            diagnostic.fixes.push(fix.1);
        }
    }
    cx.push(diagnostic);
}

/// A key of the overlay that nothing needs and that is nearly a missing one: its place, itself and what was meant.
fn misspelt_key<'a>(
    cx: &Context<'_>,
    site: &Site<'a>,
    missing: &[Name],
) -> Option<(TextRange, &'a Name, Name)> {
    let needed = needs(cx.db, cx.suite, &site.effect);
    let entries = site.start().overlay.iter().zip(&site.start_ranges()?.entries);
    let mut unneeded = entries.filter(|(entry, _)| !needed.contains(&entry.key));
    unneeded.find_map(|(entry, range)| {
        let near = nearest(&entry.key, missing.iter().map(Name::as_str))?;
        // As a shorthand another key would read another variable.
        let key = if range.value.is_some() {
            range.key
        } else {
            return None;
        };
        Some((key, &entry.key, Name::from(near)))
    })
}

fn report_from_host(cx: &mut Context<'_>, site: &Site<'_>, names: &[Name]) {
    let Some(at) = site.start_ranges() else { return };
    let verb = if names.len() == 1 { "comes" } else { "come" };
    let message = format!(
        "{} {verb} from the environment of this machine only",
        listed(names)
    );
    let mut diagnostic = Diagnostic::new(
        codes::EXPECT_FROM_HOST_ENVIRONMENT,
        Severity::Info,
        at.effect,
        message,
    );
    for name in names.iter().take(MAX_EXPLAINED) {
        if let Some(chain) = chain_of(cx, &site.effect, name) {
            diagnostic = diagnostic.with_related(chain.expect);
        }
    }
    cx.push(
        diagnostic
            .with_help("where it is not set, the test cannot run; an overlay or a `.env` file settles it"),
    );
}

/// How an effect comes to need a name.
struct Chain {
    hops: Vec<Hop>,
    /// The `expect` at its end.
    expect: Related,
}

fn chain_of(cx: &Context<'_>, effect: &Def, name: &Name) -> Option<Chain> {
    let (hops, owner) = effect_graph(cx.db, cx.suite).path_to_expect(effect, name)?;
    let index = item_index(cx.db, owner.file);
    let position = index.position(&owner.id)?;
    let expect = index
        .effects
        .get(position)?
        .expects
        .iter()
        .position(|it| it == name)?;
    let range = *source_map(cx.db, owner.file)
        .effects
        .get(position)?
        .expects
        .get(expect)?;
    let text = format!("`{}` expects `{name}` here", owner.id.name);
    Some(Chain {
        hops,
        expect: cx.related(owner.file, range, text),
    })
}

fn hop_related(cx: &Context<'_>, hop: &Hop, name: &Name) -> Option<Related> {
    let (effect, ranges) = effect_at(cx, &hop.effect)?;
    let start = effect.starts.get(hop.start)?;
    let range = ranges.starts.get(hop.start)?.effect;
    let text = format!(
        "`{}` starts `{}` here without setting `{name}`",
        effect.name(),
        start.effect
    );
    Some(cx.related(hop.effect.file, range, text))
}

fn effect_at<'db>(cx: &Context<'db>, def: &Def) -> Option<(&'db Effect, &'db BodyRanges)> {
    let index = item_index(cx.db, def.file);
    let position = index.position(&def.id)?;
    let ranges = source_map(cx.db, def.file).effects.get(position)?;
    Some((index.effects.get(position)?, ranges))
}

fn let_of_same_name<'a>(site: &'a Site<'_>, missing: &'a [Name]) -> Option<(&'a Name, TextRange)> {
    let wanted: FxHashSet<&Name> = missing.iter().collect();
    let at = site.test.lets.iter().position(|it| wanted.contains(&it.name))?;
    let name = missing.iter().find(|name| **name == site.test.lets[at].name)?;
    Some((name, site.ranges.lets.get(at)?.name))
}

/// An effect on the way that has a `let` of the name and does not pass it on.
fn inner_let(cx: &Context<'_>, name: &Name, hops: &[Hop]) -> Option<(Related, Fix)> {
    hops.iter().find_map(|hop| {
        let (effect, ranges) = effect_at(cx, &hop.effect)?;
        let at = effect.lets.iter().position(|it| it.name == *name)?;
        let (start, start_ranges) = (effect.starts.get(hop.start)?, ranges.starts.get(hop.start)?);
        let file = hop.effect.file;
        let text = format!("this `let` is not passed on to `{}`", start.effect);
        let related = cx.related(file, ranges.lets.get(at)?.name, text);
        let mut edit = add_overlay_entries(file.text(cx.db), start, start_ranges, &[name.to_string()]);
        edit.file = (file != cx.file).then(|| file.path(cx.db).clone());
        let fix = Fix {
            title: format!("Pass `{name}` on in `{}`", effect.name()),
            applicability: Applicability::Unsafe,
            edits: vec![edit],
        };
        Some((related, fix))
    })
}

/// What a start lacks, as it would be written.
struct Remedy {
    /// Entries of the overlay.
    entries: Vec<String>,
    /// Variables for ports that the test does not have yet.
    lets: Vec<String>,
}

/// More entries than this are named, not spelled out.
const MAX_SPELLED: usize = 3;

impl Remedy {
    fn help(&self, missing: &[Name]) -> String {
        if self.entries.len() > MAX_SPELLED {
            return format!("set {} in the overlay of this start", listed(missing));
        }
        let help = format!("set {} in the overlay of this start", listed(&self.entries));
        match self.lets.as_slice() {
            [] => help,
            [one] => format!("{help}, with `{one}` above"),
            _ => format!("{help}, with variables from `available_port()` above"),
        }
    }
}

fn remedy(cx: &Context<'_>, variables: &mut Variables<'_>, missing: &[Name]) -> Remedy {
    let bind = bind_operator(cx.db, cx.suite, cx.file);
    let entry = |name: &Name, variable: &str| {
        if variable == name.as_str() {
            name.to_string()
        } else {
            format!("{name} {bind} {variable}")
        }
    };
    let mut lets = Vec::new();
    let entries = missing.iter().map(|name| match variables.for_name(name) {
        Some(variable) => entry(name, &variable),
        None if is_port(name) => {
            let variable = variables.fresh(name);
            lets.push(format!("let {variable} {bind} available_port()"));
            entry(name, &variable)
        }
        None => name.to_string(),
    });
    Remedy {
        entries: entries.collect(),
        lets,
    }
}

/// Adds the missing entries, and variables for ports that the test does not have yet.
fn overlay_fix(
    cx: &Context<'_>,
    site: &Site<'_>,
    at: &StartRanges,
    remedy: &Remedy,
    missing: &[Name],
) -> Fix {
    let text = cx.file.text(cx.db);
    let mut edits: Vec<Edit> = let_edit(text, site, &remedy.lets).into_iter().collect();
    edits.push(add_overlay_entries(text, site.start(), at, &remedy.entries));
    Fix {
        title: format!("Set {} at this start", listed(missing)),
        applicability: Applicability::Unsafe,
        edits,
    }
}

/// New `let`s go behind the last one, or above the first start.
fn let_edit(text: &str, site: &Site<'_>, new_lets: &[String]) -> Option<Edit> {
    let first_start = site.ranges.starts.first()?.whole.start;
    let at = |offset: u32, new_text: String| Edit {
        file: None,
        range: TextRange::empty(offset),
        new_text,
    };
    if new_lets.is_empty() {
        return None;
    }
    let last_let = site
        .ranges
        .lets
        .iter()
        .map(|it| it.whole)
        .rfind(|it| it.end <= first_start);
    if let Some(last) = last_let {
        let indent = indent_at(text, last.start);
        let separator = format!("{}{indent}", newline(text));
        return Some(at(last.end, format!("{separator}{}", new_lets.join(&separator))));
    }
    let indent = indent_at(text, first_start);
    let newline = newline(text);
    let lets = new_lets.join(&format!("{newline}{indent}"));
    // A blank line keeps the sections of a body apart, as the formatter would.
    Some(at(first_start, format!("{lets}{newline}{newline}{indent}")))
}
