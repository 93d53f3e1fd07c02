//! Tests of the syntax crate through its public interface.

mod properties;
mod support;
mod tree;
mod verdicts;
