//! Code actions on suites of the repository, chosen over the standard streams as an editor does: what they leave checks
//! clean and runs to the same outcomes.
//!
//! Each action alone is tried where the model is at hand (`crates/relux-ide/tests/it/actions.rs`). Here they are chosen one
//! after another in one suite, from the last line to the first, and the suite runs once with all of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use relux_e2e::{LspSession, Scratch};
use serde_json::{Value, json};

/// Every line and one suite per kind of action where this is set, otherwise some lines and all kinds in one suite.
const ALL: &str = "RELUX_ACTIONS_ALL";
/// One of so many lines is tried.
const STEP: usize = 4;
/// An action is chosen so often in a suite.
const MOST: usize = 12;
/// All of them but fixes, and what is done about ports: these are there to change what a test does.
const KINDS: &[&str] = &[
    "extract-function",
    "extract-effect",
    "inline-variable",
    "name-overlay",
    "import-names",
    "convert-pattern",
    "add-docstring",
    "migrate-file",
    "migrate-statement",
    "organize-imports",
];

/// An editor with all modules of a suite open.
struct Editor {
    session: LspSession,
    texts: BTreeMap<String, String>,
    version: i64,
}

impl Editor {
    fn new(scratch: &Scratch, folder: &Path) -> Self {
        let mut session = LspSession::start(scratch);
        let mut texts = BTreeMap::new();
        for path in modules(&scratch.path().join(folder).join("relux")) {
            let text = fs::read_to_string(&path).expect("reading a file");
            let path = path.strip_prefix(scratch.path()).expect("below").to_str();
            let path = path.expect("a path in UTF-8").to_owned();
            session.client.open(&session.uri(&path), &text);
            texts.insert(path, text);
        }
        Self {
            session,
            texts,
            version: 1,
        }
    }

    /// The actions for a cursor in a line, or for whole lines, by their ids.
    fn actions(&mut self, path: &str, first: usize, last: usize) -> Vec<(String, Value)> {
        let column = if first == last { 10 } else { 0 };
        let params = json!({
            "textDocument": {"uri": self.session.uri(path)}, "context": {"diagnostics": []},
            "range": {
                "start": {"line": first, "character": column}, "end": {"line": last, "character": column}
            },
        });
        let found = self.session.client.ask("textDocument/codeAction", params);
        let all = found.as_array().cloned().unwrap_or_default().into_iter();
        all.filter_map(|it| Some((it["data"]["id"].as_str()?.to_owned(), it)))
            .collect()
    }

    /// Chooses an action; false if it is refused.
    fn choose(&mut self, action: &Value) -> bool {
        let id = self.session.client.request("codeAction/resolve", action.clone());
        let resolved = self.session.client.answer(id);
        let Some(changes) = resolved["result"]["edit"]["changes"].as_object() else {
            return false;
        };
        self.version += 1;
        for (uri, edits) in changes {
            let path = self.session.path_of(uri);
            let text = self.texts.get_mut(path).expect("a known file");
            *text = apply(text, edits.as_array().expect("a list"));
            self.session.client.replace(uri, self.version, text);
        }
        true
    }

    /// Chooses actions of some kinds wherever they are offered; gives how often each was.
    fn choose_all(&mut self, kinds: &[&str], step: usize, most: usize) -> BTreeMap<String, usize> {
        let mut chosen: BTreeMap<String, usize> = BTreeMap::new();
        for path in self.texts.keys().cloned().collect::<Vec<_>>() {
            let lines = self.texts[&path].lines().count();
            // What an action adds stands behind its line, so from the end each line is met once.
            for line in (0..lines).rev().step_by(step) {
                let selections = [line + 3, line + 2, line];
                let offered = selections.map(|last| self.actions(&path, line, last));
                let mut offered: Vec<(String, Value)> = offered.into_iter().flatten().collect();
                let count = |id: &str| chosen.get(id).copied().unwrap_or_default();
                offered.retain(|(id, _)| kinds.contains(&id.as_str()) && count(id) < most);
                offered.sort_by_key(|(id, _)| count(id));
                if let Some((id, _)) = offered.iter().find(|(_, it)| self.choose(it)) {
                    *chosen.entry(id.clone()).or_default() += 1;
                }
            }
        }
        chosen
    }

    fn finish(self, scratch: &Scratch) {
        for (path, text) in &self.texts {
            scratch.write(path, text);
        }
        self.session.finish();
    }
}

fn modules(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("listing a folder");
    let paths = entries.map(|entry| entry.expect("listing a folder").path());
    let mut found: Vec<PathBuf> = paths
        .flat_map(|path| match path.extension() {
            _ if path.is_dir() => modules(&path),
            Some(it) if it == "relux" => vec![path],
            _ => Vec::new(),
        })
        .collect();
    found.sort();
    found
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

/// What the checker says, without places.
fn found(scratch: &Scratch, folder: &Path) -> Vec<String> {
    let checked = scratch
        .command(&["check"])
        .current_dir(scratch.path().join(folder))
        .output();
    let told = checked.expect("the program starts").stdout;
    let told = String::from_utf8_lossy(&told);
    let is_finding = |line: &&str| {
        let mut words = ["error[", "warning[", "info["].into_iter();
        words.any(|it| line.starts_with(it))
    };
    told.lines().filter(is_finding).map(str::to_owned).collect()
}

/// Runs a part of the suite; every test with its outcome.
fn outcomes(scratch: &Scratch, folder: &Path, part: &[&str]) -> Vec<String> {
    let root = scratch.path().join(folder);
    let mut command = scratch.command(&[&["run", "-j", "4"], part].concat());
    let run = command.current_dir(&root).output().expect("the program starts");
    let told = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{told}");
    crate::migrations::outcomes_in(&root)
}

/// Chooses actions in a suite, and runs a part of it as it is afterwards.
fn runs_alike(suites: &[&str], part: &[&str], expected: &[&str]) {
    let folder = Path::new(suites[0]);
    let everything = std::env::var_os(ALL).is_some();
    let rounds: Vec<&[&str]> = if everything {
        KINDS.chunks(1).collect()
    } else {
        vec![KINDS]
    };
    let (step, most) = if everything { (1, usize::MAX) } else { (STEP, MOST) };
    let mut chosen = BTreeMap::new();
    for kinds in rounds {
        let scratch = Scratch::copy_of_all(suites);
        let (before, found_before) = (outcomes(&scratch, folder, part), found(&scratch, folder));
        let mut editor = Editor::new(&scratch, folder);
        let here = editor.choose_all(kinds, step, most);
        editor.finish(&scratch);
        if here.is_empty() {
            continue;
        }
        if everything {
            report(&format!("{}: {here:?}", folder.display()));
        }
        let mut new = found(&scratch, folder);
        new.retain(|it| !found_before.contains(it));
        assert_eq!(new, Vec::<String>::new(), "{here:?} in {}", folder.display());
        assert_eq!(
            outcomes(&scratch, folder, part),
            before,
            "{here:?} in {}",
            folder.display()
        );
        chosen.extend(here);
    }
    for id in expected {
        assert!(chosen.contains_key(*id), "{id} is not among {chosen:?}");
    }
}

#[expect(
    clippy::print_stderr,
    reason = "who tries everything wants to know how much it was"
)]
fn report(line: &str) {
    eprintln!("{line}");
}

#[test]
fn the_example_runs_as_before_after_actions() {
    let everything = std::env::var_os(ALL).is_some();
    let part: &[&str] = if everything {
        &[]
    } else {
        &["-f", "relux/tests/store/smoke.relux"]
    };
    runs_alike(&["examples/tasks"], part, &["extract-function", "migrate-file"]);
}

#[test]
fn the_example_of_2026_08_runs_as_before_after_actions() {
    if std::env::var_os(ALL).is_some() {
        let suites = ["tests/fixtures/tasks-2026-08", "examples/tasks/services"];
        runs_alike(&suites, &[], &["extract-function", "name-overlay"]);
    }
}

#[test]
fn statements_run_as_before_after_actions() {
    for suite in [
        "tests/fixtures/statements/2026-04",
        "tests/fixtures/statements/2026-08",
    ] {
        let expected = [
            "extract-function",
            "inline-variable",
            "convert-pattern",
            "add-docstring",
        ];
        runs_alike(&[suite], &[], &expected);
    }
}

#[test]
fn the_language_runs_as_before_after_actions() {
    if std::env::var_os(ALL).is_some() {
        for suite in ["tests/suites/language/2026-04", "tests/suites/language/2026-08"] {
            runs_alike(
                &[suite],
                &[],
                &["extract-function", "inline-variable", "convert-pattern"],
            );
        }
    }
}
