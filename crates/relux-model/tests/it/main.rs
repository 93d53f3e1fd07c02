//! Tests of the model over fixtures: suites in, diagnostics, names and plans out.

mod bodies;
mod book;
mod check;
mod conflicts;
mod corpora;
mod definitions;
mod discovery;
mod edits;
mod expects;
mod fixing;
mod generated;
mod graphs;
mod imports;
mod incremental;
mod language_suite;
mod lints;
mod lints_shell;
mod migrate;
mod mutations;
mod names;
mod parity;
mod plan_text;
mod plans;
mod rules;
mod settings;
mod starts;

#[path = "../../../../tests/fuzz/src/sound.rs"]
#[expect(unreachable_pub, reason = "the targets of fuzzing call it from another crate")]
mod sound;
