//! Replays sessions that were recorded between a real editor and the server (`cargo xtask record-lsp`).
//!
//! Every message of the editor goes out again, in the same order, as soon as all answers are there that the editor had
//! when it sent it: the waiting is the editor's, the pauses of its user are left out. Only diagnostics are asked for after
//! each change, whether the editor did or was told: what is pushed comes when the server thinks it is time for it.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde_json::{Value, json};

use super::client::Client;
use super::figures::{Column, percentiles};
use crate::record::{SUITE, SUITE_PATH};

/// Names for the table, and what was recorded. The suites that are generated have the libraries that the session edits.
const SESSIONS: &[(&str, &str)] = &[("Neovim", include_str!("traces/recorded-neovim.jsonl"))];

/// What is measured: a name for the table and the methods.
const FIGURES: &[(&str, &[&str])] = &[
    ("completion", &["textDocument/completion"]),
    ("hover", &["textDocument/hover"]),
    ("definition", &["textDocument/definition"]),
    ("lenses", &["textDocument/codeLens"]),
    (
        "colours",
        &[
            "textDocument/semanticTokens/full",
            "textDocument/semanticTokens/full/delta",
        ],
    ),
];

/// All figures of the recorded sessions.
pub(super) fn measure(relux: &Path, suite: &Path, rounds: usize) -> anyhow::Result<Column> {
    let mut column = Column::new();
    for (editor, trace) in SESSIONS {
        let session = Session::read(trace, suite)?;
        let mut times = Times::default();
        for round in 0..=rounds.max(1) {
            let found = session.replay(relux, suite)?;
            if round > 0 {
                times.add(found);
            }
        }
        let name = |what: &str| format!("recorded in {editor}: {what}");
        column.push((name("change → diagnostics of that file"), percentiles(&times.own)));
        column.push((
            name("change of a library → diagnostics of the other open file"),
            percentiles(&times.others),
        ));
        for (what, methods) in FIGURES {
            let answers: Vec<Duration> = methods
                .iter()
                .filter_map(|it| times.answers.get(*it))
                .flatten()
                .copied()
                .collect();
            if !answers.is_empty() {
                column.push((name(what), percentiles(&answers)));
            }
        }
        let all: Vec<Duration> = times.answers.values().flatten().copied().collect();
        column.push((name("all answers"), percentiles(&all)));
    }
    Ok(column)
}

/// What was measured.
#[derive(Default)]
struct Times {
    /// From a change to the diagnostics of the file.
    own: Vec<Duration>,
    /// From a change of a library to the diagnostics of the other open files.
    others: Vec<Duration>,
    /// From requests to their answers, by method. What the server refused is left out.
    answers: HashMap<String, Vec<Duration>>,
}

impl Times {
    fn add(&mut self, other: Self) {
        self.own.extend(other.own);
        self.others.extend(other.others);
        for (method, times) in other.answers {
            self.answers.entry(method).or_default().extend(times);
        }
    }
}

/// A message of the editor.
struct Message {
    after: Vec<Value>,
    id: Option<Value>,
    method: String,
    params: Value,
}

/// A recorded session.
struct Session {
    seeds: Vec<(PathBuf, String)>,
    messages: Vec<Message>,
}

impl Session {
    fn read(trace: &str, suite: &Path) -> anyhow::Result<Self> {
        let path = suite.display().to_string();
        let trace = trace
            .replace(SUITE_PATH, &path)
            .replace(SUITE, &format!("file://{path}"));
        let (mut seeds, mut messages) = (Vec::new(), Vec::new());
        for line in trace.lines() {
            let line: Value = serde_json::from_str(line).context("a trace is not JSON lines")?;
            if let (Some(seed), Some(text)) = (line["seed"].as_str(), line["text"].as_str()) {
                seeds.push((suite.join(seed), text.to_owned()));
                continue;
            }
            messages.push(Message {
                after: line["after"].as_array().cloned().unwrap_or_default(),
                id: line.get("id").cloned(),
                method: line["method"]
                    .as_str()
                    .context("a message without a method")?
                    .to_owned(),
                params: line["params"].clone(),
            });
        }
        Ok(Self { seeds, messages })
    }

    fn replay(&self, relux: &Path, suite: &Path) -> anyhow::Result<Times> {
        for (path, text) in &self.seeds {
            fs::create_dir_all(path.parent().context("a file is in a directory")?)?;
            fs::write(path, text).with_context(|| format!("writing {}", path.display()))?;
        }
        let mut replay = Replay::start(relux, suite)?;
        let replayed = self.messages.iter().try_for_each(|it| replay.send(it));
        for (path, _) in &self.seeds {
            fs::remove_file(path)?;
        }
        replayed.map(|()| replay.times)
    }
}

/// A session that is going on again.
struct Replay {
    client: Client,
    /// By the editor's id.
    asked: HashMap<String, Asked>,
    /// The server's names for its last results, by method and file: they are not those of the recording.
    results: HashMap<(String, String), Value>,
    open: Vec<String>,
    times: Times,
}

struct Asked {
    id: i64,
    method: String,
    uri: String,
    at: Instant,
}

impl Replay {
    fn start(relux: &Path, suite: &Path) -> anyhow::Result<Self> {
        Ok(Self {
            client: Client::start(relux, suite)?,
            asked: HashMap::new(),
            results: HashMap::new(),
            open: Vec::new(),
            times: Times::default(),
        })
    }

    fn send(&mut self, message: &Message) -> anyhow::Result<()> {
        for id in &message.after {
            self.await_answer(&id.to_string())?;
        }
        let Some(id) = &message.id else {
            return self.tell(message);
        };
        // Ours are the diagnostics, below.
        if message.method == "textDocument/diagnostic" {
            return Ok(());
        }
        let uri = uri_of(&message.params);
        let mut params = message.params.clone();
        if message.method == "initialize" {
            params["processId"] = std::process::id().into();
            params["capabilities"]["workspace"]["diagnostics"] = json!({"refreshSupport": true});
            params["capabilities"]["textDocument"]["diagnostic"] = json!({"dynamicRegistration": false});
        }
        if params.get("previousResultId").is_some() {
            let key = (family(&message.method), uri.clone());
            params["previousResultId"] = self.results.get(&key).cloned().unwrap_or_else(|| json!(""));
        }
        let at = Instant::now();
        let asked = Asked {
            id: self.client.request(&message.method, &params)?,
            method: message.method.clone(),
            uri,
            at,
        };
        self.asked.insert(id.to_string(), asked);
        Ok(())
    }

    fn tell(&mut self, message: &Message) -> anyhow::Result<()> {
        let mut params = message.params.clone();
        let uri = uri_of(&params);
        if message.method == "$/cancelRequest" {
            match self.asked.get(&params["id"].to_string()) {
                Some(asked) => params["id"] = asked.id.into(),
                None => return Ok(()),
            }
        }
        let at = Instant::now();
        self.client.notify(&message.method, &params)?;
        match message.method.as_str() {
            "textDocument/didOpen" => self.open.push(uri),
            "textDocument/didClose" => self.open.retain(|it| *it != uri),
            "textDocument/didChange" => self.diagnosed(&uri, at)?,
            _ => {}
        }
        Ok(())
    }

    /// Waits for the diagnostics of the changed file and, if it is a library, of the others that are open.
    fn diagnosed(&mut self, changed: &str, at: Instant) -> anyhow::Result<()> {
        let library = changed.contains("/relux/lib/");
        let mut asked = Vec::new();
        for uri in self.open.iter().filter(|it| library || *it == changed) {
            let params = json!({"textDocument": {"uri": uri}});
            asked.push((
                uri == changed,
                self.client.request("textDocument/diagnostic", &params)?,
            ));
        }
        for (own, id) in asked {
            let (there, answer) = self.client.answer(id)?;
            anyhow::ensure!(answer.get("error").is_none(), "no diagnostics: {answer}");
            let times = if own {
                &mut self.times.own
            } else {
                &mut self.times.others
            };
            times.push(there - at);
        }
        Ok(())
    }

    fn await_answer(&mut self, id: &str) -> anyhow::Result<()> {
        // The editor's own questions about diagnostics are not asked.
        let Some(asked) = self.asked.remove(id) else {
            return Ok(());
        };
        let (at, answer) = self.client.answer(asked.id)?;
        match answer["error"]["code"].as_i64() {
            None => {}
            // Stopped by the editor or by a change.
            Some(-32802..=-32800) => return Ok(()),
            Some(_) => bail!("{}: {answer}", asked.method),
        }
        if let Some(name) = answer["result"].get("resultId") {
            self.results
                .insert((family(&asked.method), asked.uri), name.clone());
        }
        self.times
            .answers
            .entry(asked.method)
            .or_default()
            .push(at - asked.at);
        Ok(())
    }
}

fn uri_of(params: &Value) -> String {
    params["textDocument"]["uri"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

/// Requests that share their results: all of the semantic tokens of a file.
fn family(method: &str) -> String {
    method.split('/').take(2).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recorded_sessions_can_be_read_and_are_of_no_machine() {
        for (editor, trace) in SESSIONS {
            assert!(trace.len() < 100_000, "{editor}: {}", trace.len());
            assert!(!trace.contains("file://") && !trace.contains("/tmp"), "{editor}");
            let session = Session::read(trace, Path::new("/s")).expect("it can be read");
            let count = |method: &str| session.messages.iter().filter(|it| it.method == method).count();
            assert!(count("textDocument/didChange") > 100, "{editor}");
            assert!(
                count("textDocument/completion") > 0 && count("textDocument/hover") > 0,
                "{editor}"
            );
            let asked: Vec<&Value> = session.messages.iter().filter_map(|it| it.id.as_ref()).collect();
            let awaited = session.messages.iter().flat_map(|it| &it.after);
            assert!(
                awaited.clone().count() > 50 && awaited.clone().all(|it| asked.contains(&it)),
                "{editor}"
            );
        }
    }
}
