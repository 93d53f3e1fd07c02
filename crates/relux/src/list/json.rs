//! The list as one JSON document, for editors and scripts. Its shape is described in the book and pinned by a test.

use std::io::{self, Write};

use relux_model::plan::MarkerKind;
use relux_runner::event::Place;
use relux_runner::place;
use serde::Serialize;

use super::{Decided, Listed, Listing, doc_line};

/// Raised when a field changes its meaning or goes; new fields do not count.
const FORMAT_VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    suite: &'a str,
    tests: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Item<'a> {
    id: &'a str,
    name: &'a str,
    file: &'a str,
    place: Place,
    #[serde(skip_serializing_if = "Option::is_none")]
    doc: Option<&'a str>,
    markers: Vec<MarkerItem<'a>>,
    verdict: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    errors: &'a [String],
    effects: Vec<EffectItem<'a>>,
}

#[derive(Serialize)]
struct MarkerItem<'a> {
    kind: &'static str,
    text: &'a str,
    place: Place,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<&'a str>,
}

#[derive(Serialize)]
struct EffectItem<'a> {
    name: &'a str,
    module: &'a str,
    place: Place,
}

/// Writes the document and a line feed.
pub(crate) fn write(out: &mut dyn Write, listing: &Listing) -> io::Result<()> {
    let document = Document {
        version: FORMAT_VERSION,
        suite: &listing.suite,
        tests: listing.tests.iter().map(|test| item(listing, test)).collect(),
    };
    serde_json::to_writer(&mut *out, &document)?;
    writeln!(out)
}

fn item<'a>(listing: &'a Listing, test: &'a Listed) -> Item<'a> {
    let (plan, program) = (&test.plan, &listing.program);
    let effects = test
        .effects
        .iter()
        .filter_map(|id| program.effects.get(id.0 as usize));
    Item {
        id: &plan.id,
        name: &plan.name,
        file: &plan.file,
        place: place(program, plan.loc),
        doc: doc_line(plan),
        markers: plan
            .markers
            .iter()
            .map(|marker| MarkerItem {
                kind: match marker.kind {
                    MarkerKind::Skip => "skip",
                    MarkerKind::Run => "run",
                    MarkerKind::Flaky => "flaky",
                },
                text: listing.text(marker.loc),
                place: place(program, marker.loc),
                origin: marker.origin.as_deref(),
            })
            .collect(),
        verdict: test.verdict.word(),
        reason: match &test.verdict {
            Decided::Skip(reason) | Decided::Fails(reason) => Some(reason),
            _ => None,
        },
        errors: match &test.verdict {
            Decided::Invalid(errors) => errors,
            _ => &[],
        },
        effects: effects
            .map(|effect| EffectItem {
                name: &effect.name,
                module: &effect.module,
                place: place(program, effect.loc),
            })
            .collect(),
    }
}
