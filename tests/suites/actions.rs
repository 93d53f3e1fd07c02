//! Code actions on suites of the repository, chosen over the standard streams as an editor does: what they leave checks
//! clean and runs to the same outcomes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::{Child, Stdio};

use relux_e2e::{LspClient, Scratch};
use serde_json::{Value, json};

use crate::migrations::outcomes_of;

/// Every action at every place where this is set, otherwise the first of each kind.
const ALL: &str = "RELUX_ACTIONS_ALL";

/// A server on a suite, and files that are open in it.
struct Session {
    client: LspClient,
    server: Child,
    root: String,
}

impl Session {
    fn start(scratch: &Scratch) -> Self {
        let mut command = scratch.command(&["lsp"]);
        let mut server = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let (input, output) = (server.stdin.take(), server.stdout.take());
        let mut client = LspClient::new(output.expect("a pipe"), input.expect("a pipe"));
        client.initialize(&json!({
            "general": {"positionEncodings": ["utf-8"]},
            "textDocument": {"codeAction": {
                "codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}},
                "dataSupport": true, "resolveSupport": {"properties": ["edit"]},
            }},
        }));
        let root = scratch.path().to_str().expect("a path in UTF-8").to_owned();
        Self { client, server, root }
    }

    fn uri(&self, path: &str) -> String {
        format!("file://{}/{path}", self.root)
    }

    /// The actions for a cursor in a line, or for whole lines.
    fn actions(&mut self, path: &str, first: usize, last: usize) -> Vec<Value> {
        let column = if first == last { 10 } else { 0 };
        let params = json!({
            "textDocument": {"uri": self.uri(path)}, "context": {"diagnostics": []},
            "range": {
                "start": {"line": first, "character": column}, "end": {"line": last, "character": column}
            },
        });
        let found = self.client.ask("textDocument/codeAction", params);
        found.as_array().cloned().unwrap_or_default()
    }

    /// The edits of an action by path; none if it is refused.
    fn edits(&mut self, action: &Value) -> Option<BTreeMap<String, Vec<Value>>> {
        let id = self.client.request("codeAction/resolve", action.clone());
        let resolved = self.client.answer(id);
        let changes = resolved["result"]["edit"]["changes"].as_object()?;
        let below = format!("file://{}/", self.root);
        let path = |uri: &String| uri.strip_prefix(&below).expect("a file of the suite").to_owned();
        let list = |edits: &Value| edits.as_array().cloned().unwrap_or_default();
        Some(
            changes
                .iter()
                .map(|(uri, edits)| (path(uri), list(edits)))
                .collect(),
        )
    }

    fn finish(mut self) {
        self.client.shut_down();
        assert!(self.client.server_has_gone());
        self.server.wait().expect("the server ends");
    }
}

/// The text after edits whose columns count bytes.
fn apply(text: &str, edits: &[Value]) -> String {
    let lines = text.match_indices('\n').map(|(at, _)| at + 1);
    let starts: Vec<usize> = std::iter::once(0).chain(lines).collect();
    let number = |value: &Value| usize::try_from(value.as_u64().expect("a number")).expect("a small one");
    let offset = |at: &Value| starts[number(&at["line"])] + number(&at["character"]);
    let mut after = text.to_owned();
    for edit in edits.iter().rev() {
        let range = offset(&edit["range"]["start"])..offset(&edit["range"]["end"]);
        after.replace_range(range, edit["newText"].as_str().expect("a text"));
    }
    after
}

/// New texts by path.
type Change = BTreeMap<String, String>;

/// Actions in files of a suite, with what they make of it.
fn changes(scratch: &Scratch, files: &[&str]) -> Vec<(String, Change)> {
    let everything = std::env::var_os(ALL).is_some();
    let read = |path: &str| fs::read_to_string(scratch.path().join(path)).expect("reading a file");
    let mut session = Session::start(scratch);
    let (mut found, mut seen, mut kinds) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    for path in files {
        let (uri, text) = (session.uri(path), read(path));
        session.client.open(&uri, &text);
        let lines = text.lines().count();
        let places = (0..lines).flat_map(|line| [line, line + 2, line + 3].map(|last| (line, last)));
        for (line, last) in places {
            for action in session.actions(path, line, last) {
                let id = action["data"]["id"].as_str().unwrap_or("fix").to_owned();
                if !everything && kinds.contains(&id) {
                    continue;
                }
                let Some(edits) = session.edits(&action) else {
                    continue;
                };
                let texts = edits
                    .iter()
                    .map(|(path, edits)| (path.clone(), apply(&read(path), edits)));
                let change: Change = texts.collect();
                if seen.insert(change.clone()) {
                    kinds.insert(id.clone());
                    found.push((format!("{id} at {path}:{}", line + 1), change));
                }
            }
        }
    }
    session.finish();
    found
}

/// What the checker says, without places.
fn found(scratch: &Scratch) -> Vec<String> {
    let told = scratch.relux(&["check"]).shown();
    let is_finding = |line: &&str| {
        let mut words = ["error[", "warning[", "info["].into_iter();
        words.any(|it| line.starts_with(it))
    };
    told.lines().filter(is_finding).map(str::to_owned).collect()
}

/// Applies each action alone, and runs a part of the suite as it is afterwards.
fn runs_alike(suite: &str, part: &[&str], files: &[&str], expected: &[&str]) {
    let scratch = Scratch::copy_of(suite);
    let before = outcomes_of(&scratch, part);
    let found_before = found(&scratch);
    let changes = changes(&scratch, files);
    for id in expected {
        let ids: Vec<&String> = changes.iter().map(|(about, _)| about).collect();
        assert!(
            ids.iter().any(|it| it.starts_with(id)),
            "{id} is not among {ids:?}"
        );
    }
    for (about, change) in changes {
        let keys = change.keys();
        let old: Vec<(String, Vec<u8>)> = keys
            .map(|path| {
                (
                    path.clone(),
                    fs::read(scratch.path().join(path)).expect("reading a file"),
                )
            })
            .collect();
        for (path, text) in &change {
            scratch.write(path, text);
        }
        let new: Vec<String> = found(&scratch);
        let new: Vec<&String> = new.iter().filter(|it| !found_before.contains(it)).collect();
        assert_eq!(new, Vec::<&String>::new(), "{about}: {change:?}");
        assert_eq!(outcomes_of(&scratch, part), before, "{about}: {change:?}");
        for (path, text) in old {
            scratch.write(&path, text);
        }
    }
}

#[test]
fn the_example_runs_as_before_after_actions() {
    runs_alike(
        "examples/tasks",
        &["-f", "relux/tests/store/smoke.relux"],
        &["relux/lib/service/store.relux"],
        &["extract-function", "migrate-file"],
    );
}

#[test]
fn statements_of_2026_04_run_as_before_after_actions() {
    runs_alike(
        "tests/fixtures/statements/2026-04",
        &[],
        &[
            "relux/tests/variables.relux",
            "relux/tests/matches.relux",
            "relux/tests/effects.relux",
        ],
        &["extract-function", "inline-variable", "convert-pattern"],
    );
}

#[test]
fn statements_of_2026_08_run_as_before_after_actions() {
    runs_alike(
        "tests/fixtures/statements/2026-08",
        &[],
        &[
            "relux/tests/variables.relux",
            "relux/tests/matches.relux",
            "relux/tests/effects.relux",
        ],
        &["extract-function", "inline-variable", "convert-pattern"],
    );
}
