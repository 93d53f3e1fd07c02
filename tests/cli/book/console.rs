//! Command lines of the book and their output.
//!
//! Lines that begin with `$ ` are run by `sh` with the program under test first in `PATH`; what follows is their output,
//! standard error behind standard output. Times and names of runs differ from run to run and are not compared.

use std::process::Stdio;

use regex::{Captures, Regex};
use relux_e2e::{Scratch, relux_bin};

/// Where the reader is thought to be.
const READERS_HOME: &str = "/home/ada/suite";

/// Runs a block; its real text if that differs in more than times and names.
pub(super) fn run(suite: &Scratch, block: &str) -> Option<String> {
    let mut real = String::new();
    for command in block.lines().filter_map(|line| line.strip_prefix("$ ")) {
        real.push_str("$ ");
        real.push_str(command);
        real.push('\n');
        real.push_str(&output(suite, command));
    }
    (stable(&real) != stable(block)).then_some(real)
}

fn output(suite: &Scratch, command: &str) -> String {
    let program = relux_bin();
    let directory = program.parent().expect("the program lies in a directory");
    let path = std::env::var("PATH").unwrap_or_default();
    let mut shell = suite.command_of("sh");
    let output = shell
        .args(["-c", command])
        .env("PATH", format!("{}:{path}", directory.display()))
        // What fits a page. Without it the width would be the one of whoever runs the tests.
        .env("COLUMNS", "80")
        .stdin(Stdio::null())
        .output()
        .expect("sh starts");
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.push_str(&String::from_utf8_lossy(&output.stderr));
    let real = suite.path().canonicalize().expect("the suite exists");
    let name = real.file_name().expect("it is not the root").to_string_lossy();
    let text = text
        .replace(&*real.to_string_lossy(), READERS_HOME)
        .replace(&*suite.path().to_string_lossy(), READERS_HOME)
        .replace(&*name, "suite");
    let mut text: String = text.lines().flat_map(|line| [line.trim_end(), "\n"]).collect();
    while text.ends_with("\n\n") {
        text.pop();
    }
    text.trim_start_matches('\n').to_owned()
}

/// The text without what differs between two equal runs: times, names, and the order of results side by side.
fn stable(text: &str) -> String {
    let mut lines: Vec<&str> = text.trim_end().lines().collect();
    for results in lines.chunk_by_mut(|a, b| a.starts_with("test ") && b.starts_with("test ")) {
        results.sort_unstable();
    }
    let mut text = lines.join("\n");
    for (pattern, name) in [
        (r"\d+(\.\d+)? ?(ms|s)\b", "[time]"),
        (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "[moment]"),
        (r"\brun-\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d-[a-z]+", "[run]"),
        (r#""run_id": "[a-z]+""#, "[run]"),
        (r"\bport \d+|:\d{4,5}\b", "[port]"),
        (r" +", " "),
    ] {
        let pattern = Regex::new(pattern).expect("the pattern is valid");
        text = pattern.replace_all(&text, |_: &Captures<'_>| name).into_owned();
    }
    text
}
