//! Repository chores: `cargo xtask codegen`, `tidy`, `fuzz`, `gen-suite`, `published`, `record-lsp` and `bench`; one module each.
//!
//! Nothing here is shipped; everything that is checked here is also run by an ordinary test.

use std::path::PathBuf;

mod bench;
mod codegen;
mod frames;
mod fuzz;
mod gen_suite;
mod markdown;
mod published;
mod record;
mod tidy;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("bench") => bench::run(&arguments[1..]),
        Some("floor") => bench::floor(&arguments[1..]),
        Some("codegen") => codegen::run(&arguments[1..]),
        Some("fuzz") => fuzz::run(&arguments[1..]),
        Some("gen-suite") => gen_suite::run(&arguments[1..]),
        Some("published") => published::run(&arguments[1..]),
        Some("record-lsp") => record::run(&arguments[1..]),
        Some("tidy") => tidy::run(),
        _ => anyhow::bail!(
            "usage: cargo xtask bench [--peer PATH] | codegen [--check] | floor SHELLS AT_ONCE | fuzz TARGET | gen-suite --out DIR | published | record-lsp | tidy"
        ),
    }
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map_or_else(PathBuf::new, PathBuf::from)
}
