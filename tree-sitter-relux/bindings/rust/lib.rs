//! The grammar as a Rust crate.
