//! Tests of the syntax crate through its public interface.

mod extremes;
mod isolation;
mod messages;
mod properties;
mod support;
mod tree;
mod verdicts;
