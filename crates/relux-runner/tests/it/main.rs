//! The runner against real shells: plans in, results and reports out.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod lower;
mod statements;
mod suite;
