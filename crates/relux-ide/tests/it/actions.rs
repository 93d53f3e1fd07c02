//! Every code action at every place where it is offered, each applied alone: no finding is new, and where an action changes
//! no meaning the plans stay the same.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8PathBuf;
use relux_ide::{Action, ActionRequest, Analysis, FileEdits, TextRange};
use relux_model::names::occurrences;

use crate::suites::{ROOT, Texts, apply, from_disk, from_fixture, host, load, plans};

/// All places and actions where this is set, otherwise some of each.
const ALL: &str = "RELUX_ACTIONS_ALL";
/// Places of a suite that are tried.
const PLACES: usize = 200;
/// So many files are a large suite.
const LARGE: usize = 30;
/// How often an action is applied in a suite; in a large one once.
const EACH: usize = 2;

/// How often a file has findings of a code.
type Findings = BTreeMap<(String, String), usize>;

fn findings(texts: &Texts) -> Findings {
    let (db, suite) = load(texts);
    let mut found = BTreeMap::new();
    for file in relux_model::all_files(&db, suite) {
        for it in relux_model::diagnostics(&db, suite, file) {
            let key = (file.path(&db).to_string(), it.code.to_string());
            *found.entry(key).or_default() += 1;
        }
    }
    found
}

/// Fewer errors, or as many and fewer other findings.
fn is_better(after: &Findings, before: &Findings) -> bool {
    let badness = |of: &Findings| {
        let is_error = |code: &str| relux_model::codes::is_always_error(code);
        let errors: usize = of.iter().filter(|(it, _)| is_error(&it.1)).map(|it| it.1).sum();
        (errors, of.values().sum::<usize>())
    };
    badness(after) < badness(before)
}

/// The beginning of each line and each name, and all runs of two and three lines.
fn places(texts: &Texts) -> Vec<(Utf8PathBuf, TextRange)> {
    let (db, suite) = load(texts);
    let mut places = Vec::new();
    for &file in suite.files(&db).iter() {
        let text = file.text(&db);
        let path = Utf8PathBuf::from(format!("{ROOT}/{}", file.path(&db)));
        let mut add = |range: TextRange| places.push((path.clone(), range));
        let mut lines = Vec::new();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let blanks = line.len() - line.trim_start_matches([' ', '\t']).len();
            lines.push((start + blanks as u32, start + line.trim_end().len() as u32));
            start += line.len() as u32;
        }
        for window in lines.windows(3) {
            add(TextRange::empty(window[0].0));
            add(TextRange::new(window[0].0, window[1].1));
            add(TextRange::new(window[0].0, window[2].1));
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
) -> Option<Vec<FileEdits>> {
    match &action.edits {
        Some(edits) => Some(edits.clone()),
        None => analysis
            .resolve_action(path, range, &action.id)
            .expect("nothing writes")
            .ok(),
    }
}

/// Plans without what an action is meant to change in them.
fn meaning(texts: &Texts, id: &str) -> Option<String> {
    let plans = plans(texts);
    match id {
        "organize-imports" | "import-names" => Some(plans),
        "add-docstring" => {
            let lines = plans.lines().filter(|it| !it.trim_start().starts_with("doc "));
            Some(lines.collect::<Vec<_>>().join("\n"))
        }
        _ => None,
    }
}

/// Tries the actions of a suite; gives how often each was applied.
fn try_all(name: &str, texts: &Texts) -> BTreeMap<String, usize> {
    let everything = std::env::var_os(ALL).is_some();
    let host = host(texts);
    let analysis = host.analysis();
    let before = findings(texts);
    let places = places(texts);
    // A check of a large suite takes its time.
    let each = if texts.len() > LARGE { 1 } else { EACH };
    let step = if everything {
        1
    } else {
        (places.len() / PLACES).max(1)
    };
    let mut seen = BTreeSet::new();
    let mut applied: BTreeMap<String, usize> = BTreeMap::new();
    let mut meant: BTreeMap<String, Option<String>> = BTreeMap::new();
    let mut refused = 0;
    for (path, range) in places.into_iter().step_by(step) {
        let request = ActionRequest {
            range,
            wants: &|_| true,
            invoked: true,
        };
        for action in analysis.actions(&path, &request).expect("nothing writes") {
            let count = applied.entry(action.id.clone()).or_default();
            let about = format!("{} ({}) at {path}:{range:?} in {name}", action.title, action.id);
            // One action is offered at many places of what it is about.
            if !everything && (*count >= each || action.id == "migrate-file" && *count > 0) {
                continue;
            }
            let Some(edits) = edits(&analysis, &path, range, &action) else {
                refused += 1;
                continue;
            };
            if !seen.insert(format!("{} {edits:?}", action.id)) {
                continue;
            }
            *count += 1;
            let after = apply(texts, &edits);
            assert_ne!(&after, texts, "{about} changes nothing");
            let found = findings(&after);
            if action.mends.is_some() {
                // A fix may bring to light what its finding hid, but it is no step back.
                assert!(is_better(&found, &before), "{about}: {found:?} after {before:?}");
            }
            for (finding, count) in found.iter().filter(|_| action.mends.is_none()) {
                let known = before.get(finding).copied().unwrap_or_default();
                assert!(*count <= known, "{about}: {finding:?} is new");
            }
            let expected = meant
                .entry(action.id.clone())
                .or_insert_with(|| meaning(texts, &action.id));
            if expected.is_some() {
                assert_eq!(&meaning(&after, &action.id), expected, "{about}");
            }
        }
    }
    let sum: usize = applied.values().sum();
    assert!(refused <= sum, "{name}: {refused} refused, {applied:?} applied");
    applied
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
