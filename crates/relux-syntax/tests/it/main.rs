//! Tests of the syntax crate through its public interface.

mod tree;
