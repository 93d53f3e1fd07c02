//! Tests of the formatter through its public interface.

mod corpus;
mod generated;
mod pages;
mod typing;
