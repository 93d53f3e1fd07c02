//! The list for people: a line per test that begins like the lines of a run, and what is worth knowing below it.

use std::io::{self, Write};

use anstyle::{AnsiColor, Effects, Style};
use relux_runner::place;

use super::{Decided, Listed, Listing, doc_line};
use crate::report::counted;

/// Writes all tests, then how many there are of each kind.
pub(crate) fn write(out: &mut dyn Write, listing: &Listing) -> io::Result<()> {
    for test in &listing.tests {
        one(out, listing, test)?;
    }
    writeln!(out, "{}", summary(listing))
}

fn one(out: &mut dyn Write, listing: &Listing, test: &Listed) -> io::Result<()> {
    let plan = &test.plan;
    let (word, style) = (test.verdict.word(), style(&test.verdict));
    let reason = match &test.verdict {
        Decided::Skip(reason) | Decided::Fails(reason) => format!(" ({reason})"),
        _ => String::new(),
    };
    writeln!(out, "test {}: {style}{word}{style:#}{reason}", plan.id)?;
    let line = place(&listing.program, plan.loc).line;
    writeln!(
        out,
        "  \"{}\" at {}{}:{line}",
        plan.name, listing.prefix, plan.file
    )?;
    if let Some(doc) = doc_line(plan) {
        writeln!(out, "  {doc}")?;
    }
    for (text, origins) in markers(listing, test) {
        if !reason.contains(text) {
            writeln!(out, "  {text}{origins}")?;
        }
    }
    if let Decided::Invalid(errors) = &test.verdict {
        for error in errors {
            writeln!(out, "  {error}")?;
        }
    }
    let effects = test
        .effects
        .iter()
        .filter_map(|id| listing.program.effects.get(id.0 as usize));
    let effects: Vec<&str> = effects.map(|effect| effect.name.as_str()).collect();
    if !effects.is_empty() {
        writeln!(out, "  effects: {}", effects.join(", "))?;
    }
    writeln!(out)
}

/// The markers with where they come from, equal ones once: many functions ask for the same program.
fn markers<'a>(listing: &'a Listing, listed: &'a Listed) -> Vec<(&'a str, String)> {
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for marker in &listed.plan.markers {
        let source = listing.text(marker.loc);
        let known = groups.iter().position(|(known, _)| *known == source);
        let at = known.unwrap_or_else(|| {
            groups.push((source, Vec::new()));
            groups.len() - 1
        });
        if let Some(origin) = marker.origin.as_deref()
            && !groups[at].1.contains(&origin)
        {
            groups[at].1.push(origin);
        }
    }
    let shown = |(text, origins): (&'a str, Vec<&str>)| match origins.as_slice() {
        [] => (text, String::new()),
        _ => (text, format!(" ({})", origins.join(", "))),
    };
    groups.into_iter().map(shown).collect()
}

fn style(verdict: &Decided) -> Style {
    let color = match verdict {
        Decided::Run => AnsiColor::Green,
        Decided::Flaky | Decided::Skip(_) => AnsiColor::Yellow,
        Decided::Fails(_) | Decided::Invalid(_) => AnsiColor::Red,
    };
    color.on_default().effects(Effects::BOLD)
}

/// `12 tests: 9 run, 2 skip, 1 invalid`.
fn summary(listing: &Listing) -> String {
    let mut parts = Vec::new();
    for word in ["run", "flaky", "skip", "fail", "invalid"] {
        let count = listing
            .tests
            .iter()
            .filter(|test| test.verdict.word() == word)
            .count();
        if count > 0 {
            parts.push(format!("{count} {word}"));
        }
    }
    format!("{}: {}", counted(listing.tests.len(), "test"), parts.join(", "))
}
