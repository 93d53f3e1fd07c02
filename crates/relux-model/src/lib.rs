//! The semantic model of a suite: what names mean, what effects need, what is wrong, and the plan that runs.
//!
//! Invariant: everything is a pure function of salsa inputs. This crate never touches `std::fs` or `std::env`; files and
//! the environment come in through the `System` trait.

pub mod allow;
pub mod apply_fixes;
pub mod assemble;
pub mod bodies;
pub mod builtins;
pub mod checks;
pub mod codes;
mod components;
pub mod db;
pub mod diagnostics;
pub mod discover;
pub mod dot_env;
pub mod edition;
pub mod effects;
pub mod exports;
pub mod fixes;
pub mod fixture;
pub mod graph;
pub mod importers;
pub mod inputs;
pub mod items;
mod known;
pub mod lints;
mod lower;
pub mod manifest;
pub mod migrate;
pub mod modules;
pub mod names;
pub mod parse;
pub mod plan;
pub mod problem;
pub mod reports;
pub mod scope;
pub mod source_map;
pub mod supply;
pub mod system;

pub use db::{Db, HostEnv, RootDb, SourceFile, Suite};
pub use diagnostics::{all_files, check_files, diagnostics};
pub use items::{Def, ItemId, ItemIndex, ItemKind, Name, item_index};
