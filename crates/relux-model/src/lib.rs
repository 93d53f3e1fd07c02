//! The semantic model of a suite: what names mean, what effects need, what is wrong, and the plan that runs.
//!
//! Invariant: everything is a pure function of salsa inputs. This crate never touches `std::fs` or `std::env`; files and
//! the environment come in through the `System` trait.

pub mod builtins;
pub mod plan;
