//! The runner against real shells: plans in, results and reports out.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod effects;
mod failures;
mod leaks;
mod lower;
mod reports;
mod runs;
mod shells;
mod signals;
mod statements;
mod status;
mod suite;
mod weaknesses;
