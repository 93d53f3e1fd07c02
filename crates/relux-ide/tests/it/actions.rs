//! Every code action at every place where it is offered, each applied alone: none is refused, no finding is new, and where
//! an action changes no meaning the plans stay the same.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8PathBuf;
use relux_ide::{Action, ActionRequest, Analysis, FileEdits, Refused, Severity, TextRange};
use relux_model::names::occurrences;

use crate::meaning;
use crate::suites::{
    Editor, Findings, Sandbox, Texts, absolute, apply, from_disk, from_fixture, load, report,
};

/// All places and actions where this is set, otherwise some of each.
const ALL: &str = "RELUX_ACTIONS_ALL";
/// Places of a suite that are tried.
const PLACES: usize = 900;
/// Lines of the longest selection.
const LONGEST: usize = 4;
/// So many files are a large suite.
const LARGE: usize = 30;
/// How often an action is applied in a suite; in a large one once.
const EACH: usize = 2;
/// Actions that do the same wherever they are chosen in a file.
const OF_FILE: &[&str] = &["migrate-file", "fix-all", "organize-imports"];

/// Fewer errors, or as many and fewer other findings.
fn is_better(after: &Findings, before: &Findings) -> bool {
    let badness = |of: &Findings| {
        let is_error = |code: &str| relux_model::codes::is_always_error(code);
        let errors: usize = of.iter().filter(|(it, _)| is_error(&it.1)).map(|it| it.1).sum();
        (errors, of.values().sum::<usize>())
    };
    badness(after) < badness(before)
}

/// The beginning of each line and each name, and runs of lines.
fn places(texts: &Texts) -> Vec<(Utf8PathBuf, TextRange)> {
    let (db, suite) = load(texts);
    let mut places = Vec::new();
    for &file in suite.files(&db).iter() {
        let text = file.text(&db);
        let path = absolute(file.path(&db));
        let mut add = |range: TextRange| places.push((path.clone(), range));
        let mut lines = Vec::new();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let blanks = line.len() - line.trim_start_matches([' ', '\t']).len();
            lines.push((start + blanks as u32, start + line.trim_end().len() as u32));
            start += line.len() as u32;
        }
        for &(start, end) in &lines {
            add(TextRange::empty(start));
            add(TextRange::new(start, end));
        }
        for window in lines.windows(LONGEST) {
            for last in &window[1..] {
                add(TextRange::new(window[0].0, last.1));
            }
        }
        for name in occurrences(&db, suite, file) {
            add(TextRange::empty(name.range.start));
        }
    }
    places
}

fn edits(
    analysis: &Analysis,
    path: &Utf8PathBuf,
    range: TextRange,
    action: &Action,
) -> Result<Vec<FileEdits>, Refused> {
    match &action.edits {
        Some(edits) => Ok(edits.clone()),
        None => analysis
            .resolve_action(path, range, &action.id)
            .expect("nothing writes"),
    }
}

/// What an action gave when it was tried.
#[derive(Default)]
struct Tried {
    /// How often each action was applied.
    applied: BTreeMap<String, usize>,
    /// What was offered and then not done, with the reasons.
    refused: BTreeSet<String>,
    /// What is wrong with what some of them made.
    bad: Vec<String>,
}

/// Tries the actions of a suite; gives how often each was applied.
fn try_all(name: &str, texts: &Texts) -> BTreeMap<String, usize> {
    let everything = std::env::var_os(ALL).is_some();
    let places = places(texts);
    let step = if everything {
        1
    } else {
        (places.len() / PLACES).max(1)
    };
    // A check of a large suite takes its time.
    let each = match texts.len() {
        _ if everything => usize::MAX,
        LARGE.. => 1,
        _ => EACH,
    };
    let tried = try_at(texts, places.into_iter().step_by(step), each);
    if everything {
        report(&format!("{name}: applied {:?}", tried.applied));
    }
    let refused: Vec<String> = tried.refused.into_iter().collect();
    assert!(
        refused.is_empty(),
        "{name}: offered, but refused when chosen: {}",
        refused.join("\n")
    );
    assert!(tried.bad.is_empty(), "{name}: {}", tried.bad.join("\n"));
    tried.applied
}

/// Tries what is offered at places, each action so often.
fn try_at(texts: &Texts, places: impl Iterator<Item = (Utf8PathBuf, TextRange)>, each: usize) -> Tried {
    Editor::new(texts).ask(texts, |analysis| try_with(analysis, texts, places, each))
}

fn try_with(
    analysis: &Analysis,
    texts: &Texts,
    places: impl Iterator<Item = (Utf8PathBuf, TextRange)>,
    each: usize,
) -> Tried {
    let mut sandbox = Sandbox::new(texts);
    let (findings, plans) = (sandbox.findings(texts, Severity::Hint), sandbox.plans(texts));
    let mut seen = BTreeSet::new();
    let mut tried = Tried::default();
    for (path, range) in places {
        let request = ActionRequest {
            range,
            wants: &|_| true,
            invoked: true,
        };
        for action in analysis.actions(&path, &request).expect("nothing writes") {
            let count = tried.applied.entry(action.id.clone()).or_default();
            // What is about a file is offered at many places of it.
            let is_of_file = OF_FILE.contains(&action.id.as_str());
            if *count >= each || is_of_file && !seen.insert(format!("{} {path}", action.id)) {
                continue;
            }
            let edits = match edits(analysis, &path, range, &action) {
                Ok(edits) => edits,
                Err(Refused(reason)) => {
                    tried
                        .refused
                        .insert(format!("{} at {path}:{range:?}: {reason}", action.id));
                    continue;
                }
            };
            if !seen.insert(format!("{} {edits:?}", action.id)) {
                continue;
            }
            *count += 1;
            let after = apply(texts, &edits);
            let wrong = wrong(&action, (texts, &findings, &plans), &after, &mut sandbox);
            tried.bad.extend(
                wrong.map(|it| format!("{} ({}) at {path}:{range:?}: {it}", action.title, action.id)),
            );
        }
    }
    tried
}

/// What is wrong with the suite after an action.
fn wrong(
    action: &Action,
    (texts, findings, plans): (&Texts, &Findings, &str),
    after: &Texts,
    sandbox: &mut Sandbox,
) -> Option<String> {
    if after == texts {
        return Some("nothing changes".to_owned());
    }
    let found = sandbox.findings(after, Severity::Hint);
    if action.mends.is_some() {
        // A fix may bring to light what its finding hid, but it is no step back.
        if !is_better(&found, findings) {
            return Some(format!("{found:?} after {findings:?}"));
        }
    } else if let Some((finding, _)) = found
        .iter()
        .find(|(it, count)| **count > findings.get(*it).copied().unwrap_or_default())
    {
        return Some(format!("{finding:?} is new"));
    }
    meaning::difference(&action.id, &action.title, plans, &sandbox.plans(after))
}

#[track_caller]
fn is_tried(applied: &BTreeMap<String, usize>, ids: &[&str]) {
    for id in ids {
        assert!(
            applied.get(*id).is_some_and(|it| *it > 0),
            "{id} is not among {applied:?}"
        );
    }
}

#[test]
fn actions_on_the_examples() {
    for suite in ["examples/tasks", "tests/fixtures/tasks-2026-08"] {
        let applied = try_all(suite, &from_disk(suite));
        is_tried(&applied, &["extract-function", "name-overlay"]);
    }
}

#[test]
fn actions_on_the_statements() {
    for suite in [
        "tests/fixtures/statements/2026-04",
        "tests/fixtures/statements/2026-08",
    ] {
        let applied = try_all(suite, &from_disk(suite));
        is_tried(&applied, &["extract-function", "inline-variable"]);
    }
}

#[test]
fn actions_on_the_suites_of_the_language() {
    for suite in ["tests/suites/language/2026-04", "tests/suites/language/2026-08"] {
        let mut texts = from_disk(suite);
        // Suites of their own, some of them with mistakes.
        texts.retain(|path, _| !path.starts_with("nested/"));
        let applied = try_all(suite, &texts);
        is_tried(&applied, &["extract-function", "inline-variable"]);
    }
}

#[test]
fn actions_on_imports_out_of_order() {
    for text in [
        include_str!("../../../relux-model/tests/it/suites/names.txt"),
        include_str!("../../../relux-model/tests/it/suites/board.txt"),
        include_str!("../../../relux-model/tests/it/suites/queue.txt"),
    ] {
        try_all("a fixture", &from_fixture(text));
    }
}
