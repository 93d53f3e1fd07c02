//! Crates depend on each other only as `docs/ARCHITECTURE.md` allows.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// Crate and the workspace crates that it may use. An edge that is not here does not exist.
const ALLOWED: &[(&str, &[&str])] = &[
    ("tree-sitter-relux", &[]),
    ("relux-syntax", &["tree-sitter-relux"]),
    ("relux-model", &["relux-syntax"]),
    ("relux-fmt", &["relux-syntax"]),
    ("relux-ide", &["relux-fmt", "relux-model", "relux-syntax"]),
    ("relux-server", &["relux-ide"]),
    ("relux-runner", &["relux-model", "relux-syntax"]),
    (
        "relux",
        &[
            "relux-fmt",
            "relux-ide",
            "relux-model",
            "relux-runner",
            "relux-server",
            "relux-syntax",
        ],
    ),
    ("relux-e2e", &[]),
    ("xtask", &[]),
];

pub(super) fn check(root: &Path) -> Result<Vec<String>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root)
        .output()
        .context("running cargo metadata")?;
    if !output.status.success() {
        bail!("cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    }
    let metadata: Value = serde_json::from_slice(&output.stdout).context("reading cargo metadata")?;
    let packages = metadata["packages"]
        .as_array()
        .context("cargo metadata lists packages")?;
    let allowed: BTreeMap<&str, &[&str]> = ALLOWED.iter().copied().collect();
    let members: Vec<&str> = packages
        .iter()
        .filter_map(|package| package["name"].as_str())
        .collect();
    let mut found = Vec::new();
    for package in packages {
        let name = package["name"].as_str().unwrap_or_default();
        let Some(may_use) = allowed.get(name) else {
            found.push(format!(
                "xtask/src/tidy/edges.rs: crate `{name}` is not in the table of allowed edges"
            ));
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let used = dependency["name"].as_str().unwrap_or_default();
            if members.contains(&used) && !may_use.contains(&used) {
                found.push(format!(
                    "{name}: must not use `{used}` (see docs/ARCHITECTURE.md)"
                ));
            }
        }
    }
    Ok(found)
}
