//! What must hold for features on whole suites: those of the examples and those that other crates test with.

mod actions;
mod formatting;
mod meaning;
mod renaming;
mod suites;

#[path = "../../../relux-model/tests/it/plan_text.rs"]
mod plan_text;
