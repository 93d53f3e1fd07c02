//! Tests of the syntax crate through its public interface.

mod messages;
mod properties;
mod support;
mod tree;
mod verdicts;
