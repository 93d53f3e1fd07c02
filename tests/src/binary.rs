//! Where the program under test is, built and up to date.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

/// Absolute path of the `relux` binary: `RELUX_BIN` if set, otherwise built by cargo in the profile of the tests.
pub fn relux_bin() -> &'static PathBuf {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| std::env::var_os("RELUX_BIN").map_or_else(build, PathBuf::from))
}

/// Builds the binary. Cargo has released its lock by the time tests run, so this does not wait for itself.
fn build() -> PathBuf {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args([
        "build",
        "--quiet",
        "--package",
        "relux",
        "--bin",
        "relux",
        "--message-format=json",
    ]);
    if !cfg!(debug_assertions) {
        command.arg("--release");
    }
    let output = command
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo starts");
    assert!(
        output.status.success(),
        "building relux: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let messages = String::from_utf8(output.stdout).expect("cargo prints UTF-8");
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter_map(|message| message["executable"].as_str().map(PathBuf::from))
        .next_back()
        .expect("cargo names the executable")
}
