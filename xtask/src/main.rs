//! Repository chores: `cargo xtask codegen`, `tidy`, `gen-suite` and `bench`; one module each.

use std::path::PathBuf;

fn main() -> anyhow::Result<()> {
    let command = std::env::args().nth(1).unwrap_or_default();
    anyhow::bail!(
        "usage: cargo xtask codegen|tidy|gen-suite|bench (got `{command}` in {})",
        root().display()
    )
}

/// The root of the repository.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map_or_else(PathBuf::new, PathBuf::from)
}
