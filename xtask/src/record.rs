//! `cargo xtask record-lsp`: stands between an editor and the language server and writes down what the editor sends.
//!
//! The bytes go through as they are. What is kept is a trace that `bench lsp` replays: one message of the editor per line,
//! with the requests that had been answered before it was sent. No path of the machine is in it.

use std::fs;
use std::io::{BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context;
use clap::Parser;
use serde_json::{Map, Value, json};

use crate::frames;

/// What stands for the URI of the suite in a trace.
pub(crate) const SUITE: &str = "suite:";
/// What stands for its path.
pub(crate) const SUITE_PATH: &str = "suite-path:";

/// Record what an editor sends to a language server.
#[derive(Parser, Debug)]
#[command(name = "cargo xtask record-lsp")]
struct Arguments {
    /// Where the trace is written when the session is over.
    #[arg(long)]
    out: PathBuf,
    /// Directory of the suite that the editor works on.
    #[arg(long)]
    suite: PathBuf,
    /// Files of the suite that a replay needs as they are now, relative to it.
    #[arg(long)]
    seed: Vec<PathBuf>,
    /// The server and its arguments.
    #[arg(last = true, required = true)]
    server: Vec<String>,
}

/// What has been said so far.
#[derive(Default)]
struct Record {
    lines: Vec<Value>,
    /// Ids that were answered since the editor's last message.
    answered: Vec<Value>,
}

impl Record {
    /// A message of the editor. Its answers to the server are left out: a replay has its own.
    fn sent(&mut self, message: &Value) {
        let Some(method) = message["method"].as_str() else {
            return;
        };
        let mut line = Map::new();
        if !self.answered.is_empty() {
            line.insert("after".to_owned(), std::mem::take(&mut self.answered).into());
        }
        if let Some(id) = message.get("id") {
            line.insert("id".to_owned(), id.clone());
        }
        line.insert("method".to_owned(), method.into());
        line.insert("params".to_owned(), message["params"].clone());
        self.lines.push(line.into());
    }

    /// A message of the server.
    fn received(&mut self, message: &Value) {
        if message.get("method").is_none() && message.get("id").is_some() {
            self.answered.push(message["id"].clone());
        }
    }
}

/// The subcommand: lets the session pass and writes the trace.
pub(crate) fn run(arguments: &[String]) -> anyhow::Result<()> {
    let command = std::iter::once("record-lsp").chain(arguments.iter().map(String::as_str));
    let arguments = Arguments::try_parse_from(command).unwrap_or_else(|error| error.exit());
    let suite = arguments.suite.canonicalize().context("there is no such suite")?;
    let mut seeds = Vec::new();
    for path in &arguments.seed {
        let text =
            fs::read_to_string(suite.join(path)).with_context(|| format!("reading {}", path.display()))?;
        seeds.push(json!({"seed": path, "text": text}));
    }
    let record = Arc::new(Mutex::new(Record::default()));
    let mut server = Command::new(&arguments.server[0])
        .args(&arguments.server[1..])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {}", arguments.server[0]))?;
    let to_server = server.stdin.take().context("no standard input")?;
    let from_server = server.stdout.take().context("no standard output")?;
    let sent = Arc::clone(&record);
    // Not joined: it ends with the editor's side, which may outlive the server.
    std::thread::spawn(move || pass(std::io::stdin(), to_server, |it| lock(&sent).sent(it)));
    pass(from_server, std::io::stdout(), |it| lock(&record).received(it));
    server.wait().context("the server does not end")?;
    seeds.append(&mut lock(&record).lines);
    write(&arguments.out, &seeds, &suite)
}

fn lock(record: &Mutex<Record>) -> std::sync::MutexGuard<'_, Record> {
    record.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Passes messages on until one side has gone, and shows each to `look` before the other side can answer it.
fn pass(from: impl Read, mut to: impl Write, look: impl Fn(&Value)) -> ExitCode {
    let mut reader = BufReader::new(from);
    while let Some((head, body)) = frames::next(&mut reader) {
        if let Ok(message) = serde_json::from_slice(&body) {
            look(&message);
        }
        let passed = to.write_all(&head).and_then(|()| to.write_all(&body));
        if passed.and_then(|()| to.flush()).is_err() {
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn write(out: &Path, lines: &[Value], suite: &Path) -> anyhow::Result<()> {
    let mut text = String::new();
    for line in lines {
        let mut line = line.clone();
        if line["method"] == "initialize" {
            line["params"]["processId"] = Value::Null;
        }
        text.push_str(&line.to_string());
        text.push('\n');
    }
    fs::write(out, portable(&text, suite)).with_context(|| format!("writing {}", out.display()))
}

/// Without the place of the suite on this machine.
fn portable(text: &str, suite: &Path) -> String {
    let path = suite.display().to_string();
    text.replace(&format!("file://{path}"), SUITE)
        .replace(&path, SUITE_PATH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_has_what_the_editor_sent_and_what_it_waited_for() {
        let mut record = Record::default();
        record.sent(&json!({"id": 1, "method": "initialize", "params": {}}));
        record.received(&json!({"id": 1, "result": {}}));
        record.received(&json!({"id": 7, "method": "client/registerCapability"}));
        record.sent(&json!({"id": 7, "result": null}));
        record.sent(&json!({"method": "initialized", "params": {}}));
        let lines: Vec<String> = record.lines.iter().map(ToString::to_string).collect();
        assert_eq!(
            lines,
            [
                r#"{"id":1,"method":"initialize","params":{}}"#,
                r#"{"after":[1],"method":"initialized","params":{}}"#,
            ]
        );
    }

    #[test]
    fn messages_pass_unchanged() {
        let bytes = b"Content-Length: 2\r\n\r\n{}Content-Length: 4\r\nX: y\r\n\r\nnull";
        let mut out = Vec::new();
        let seen = Mutex::new(0);
        pass(&bytes[..], &mut out, |_| *seen.lock().expect("one thread") += 1);
        assert_eq!(out, bytes);
        assert_eq!(*seen.lock().expect("one thread"), 2);
    }

    #[test]
    fn a_trace_has_no_paths_of_the_machine() {
        let text = portable(
            "file:///tmp/x/suite/relux/a.relux /tmp/x/suite",
            Path::new("/tmp/x/suite"),
        );
        assert_eq!(text, "suite:/relux/a.relux suite-path:");
    }
}
