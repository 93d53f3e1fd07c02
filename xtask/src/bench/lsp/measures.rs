//! What is measured at one size of suite, each in a server of its own.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde_json::json;

use super::editor::{Editor, Mode};
use super::figures::{Column, percentiles};
use super::memory;
use super::trace::{MEND_A_TEST, RENAME_A_FUNCTION, Stroke, Trace, WRITE_A_TEST};

/// Documents that are open while a library is edited.
const OPEN: usize = 5;
/// The library that nearly every file imports.
pub(super) const LIBRARY: &str = "relux/lib/api/http.relux";
/// An error that stays, so that the server has something to push for each version.
const LASTING_ERROR: &str = "import nowhere/at/all { nothing }\n";

/// All figures of a suite.
pub(super) fn measure(relux: &Path, suite: &Path, rounds: usize) -> anyhow::Result<Column> {
    let tests = tests(suite)?;
    let mut column = start(relux, suite, &tests[0], rounds)?;
    for mode in [Mode::Pull, Mode::Push] {
        typing(relux, suite, &tests[0], mode, rounds, &mut column)?;
        library(relux, suite, &tests, mode, rounds, &mut column)?;
    }
    while_typing(relux, suite, &tests[0], rounds, &mut column)?;
    Ok(column)
}

/// Modules of tests that call what [`RENAME_A_FUNCTION`] renames.
pub(super) fn tests(suite: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in super::super::scenario::modules(&suite.join("relux/tests"))? {
        let text = std::fs::read_to_string(&path)?;
        if text.contains("request(\"GET\"") && text.contains("shell client {") {
            found.push(path);
        }
    }
    found.truncate(OPEN);
    anyhow::ensure!(!found.is_empty(), "no test calls the library");
    Ok(found)
}

/// From the start of the process until something is there.
fn start(relux: &Path, suite: &Path, test: &Path, rounds: usize) -> anyhow::Result<Column> {
    let (mut ready, mut first, mut pushed, mut whole) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut memory_kib = 0;
    // Each gives one figure only.
    for round in 0..=rounds * 3 {
        let (mut editor, initialized) = Editor::start(relux, suite, Mode::Push)?;
        let document = editor.open(test, LASTING_ERROR)?;
        let pushed_at = editor.diagnosed(&[document])? - editor.client.started;
        // It would still read the suite beside the next one.
        drop(editor);
        let (mut editor, _) = Editor::start(relux, suite, Mode::Pull)?;
        if round > 0 {
            ready.push(initialized);
            pushed.push(pushed_at);
        }
        if !editor.offers("/diagnosticProvider") {
            continue;
        }
        let document = editor.open(test, "")?;
        let at = editor.diagnosed(&[document])?;
        let all = workspace(&mut editor)?;
        if round > 0 {
            first.push(at - editor.client.started);
            whole.extend(all.map(|all| all - editor.client.started));
            memory_kib = memory_kib.max(memory::resident_kib(editor.client.pid())?);
        }
    }
    let mut column = vec![
        ("start → `initialize` answered".to_owned(), percentiles(&ready)),
        (
            "start → diagnostics of the opened file, pulled".to_owned(),
            percentiles(&first),
        ),
        (
            "start → diagnostics of the opened file, pushed".to_owned(),
            percentiles(&pushed),
        ),
        (
            "start → diagnostics of the whole suite".to_owned(),
            percentiles(&whole),
        ),
    ];
    if memory_kib > 0 {
        column.push(("memory then, MiB".to_owned(), (memory_kib / 1024).to_string()));
    }
    Ok(column)
}

/// Pulls the diagnostics of everything; when they were there, if the server knows how.
pub(super) fn workspace(editor: &mut Editor) -> anyhow::Result<Option<Instant>> {
    if !editor.offers("/diagnosticProvider/workspaceDiagnostics") {
        return Ok(None);
    }
    loop {
        let id = editor
            .client
            .request("workspace/diagnostic", &json!({"previousResultIds": []}))?;
        let (at, answer) = editor.client.answer(id)?;
        match answer["error"]["code"].as_i64() {
            None => return Ok(Some(at)),
            Some(-32801 | -32802) => {}
            Some(_) => bail!("no diagnostics of the suite: {answer}"),
        }
    }
}

fn how(mode: Mode) -> &'static str {
    match mode {
        Mode::Pull => "pulled",
        Mode::Push => "pushed",
    }
}

/// An editor with these files open, their diagnostics shown and the suite read; none if the server cannot do what the
/// mode needs.
pub(super) fn settled(
    relux: &Path,
    suite: &Path,
    files: &[PathBuf],
    mode: Mode,
) -> anyhow::Result<Option<(Editor, Vec<usize>)>> {
    let (mut editor, _) = Editor::start(relux, suite, mode)?;
    if mode == Mode::Pull && !editor.offers("/diagnosticProvider") {
        return Ok(None);
    }
    let before = if mode == Mode::Push { LASTING_ERROR } else { "" };
    let documents: anyhow::Result<Vec<usize>> = files.iter().map(|file| editor.open(file, before)).collect();
    let documents = documents?;
    editor.diagnosed(&documents)?;
    if mode == Mode::Pull {
        workspace(&mut editor)?;
    }
    memory::wait_until_idle(editor.client.pid())?;
    Ok(Some((editor, documents)))
}

/// Keystroke → diagnostics of that file.
fn typing(
    relux: &Path,
    suite: &Path,
    test: &Path,
    mode: Mode,
    rounds: usize,
    column: &mut Column,
) -> anyhow::Result<()> {
    let Some((mut editor, documents)) = settled(relux, suite, &[test.to_owned()], mode)? else {
        return Ok(());
    };
    let mut times = Vec::new();
    for round in 0..=rounds {
        for trace in [WRITE_A_TEST, MEND_A_TEST] {
            let found = replay(&mut editor, documents[0], &documents, trace)?;
            if round > 0 {
                times.extend(found);
            }
        }
    }
    let name = format!("keystroke → diagnostics of that file, {}", how(mode));
    column.push((name, percentiles(&times)));
    Ok(())
}

/// An edit of the library → diagnostics of the open files that use it.
fn library(
    relux: &Path,
    suite: &Path,
    tests: &[PathBuf],
    mode: Mode,
    rounds: usize,
    column: &mut Column,
) -> anyhow::Result<()> {
    let Some((mut editor, documents)) = settled(relux, suite, tests, mode)? else {
        return Ok(());
    };
    let library = editor.open(&suite.join(LIBRARY), "")?;
    let mut times = Vec::new();
    for round in 0..=rounds {
        let found = match mode {
            Mode::Pull => replay(&mut editor, library, &documents, RENAME_A_FUNCTION)?,
            Mode::Push => rename(&mut editor, library, &documents)?,
        };
        if round > 0 {
            times.extend(found);
        }
    }
    let name = format!(
        "edit of the most imported library → diagnostics of {OPEN} open files, {}",
        how(mode)
    );
    column.push((name, percentiles(&times)));
    Ok(())
}

/// Replays a trace: for each change, how long the diagnostics of `shown` took.
pub(super) fn replay(
    editor: &mut Editor,
    document: usize,
    shown: &[usize],
    trace: Trace,
) -> anyhow::Result<Vec<Duration>> {
    let mut times = Vec::new();
    for stroke in trace.strokes()? {
        let before = Instant::now();
        if editor.stroke(document, &stroke)? {
            times.push(editor.diagnosed(shown)? - before);
            editor.client.forget()?;
        }
    }
    Ok(times)
}

/// Renames back and forth: what is pushed changes each time, so that it can be waited for.
fn rename(editor: &mut Editor, library: usize, shown: &[usize]) -> anyhow::Result<Vec<Duration>> {
    let mut times = Vec::new();
    editor.stroke(library, &Stroke::Behind("fn request".to_owned()))?;
    for _ in 0..5 {
        for stroke in [Stroke::Insert("s".to_owned()), Stroke::Erase(1)] {
            editor.client.forget()?;
            let before = Instant::now();
            editor.stroke(library, &stroke)?;
            times.push(editor.diagnosed(shown)? - before);
        }
    }
    Ok(times)
}

/// Completion and hover at the cursor, asked at each keystroke together with diagnostics.
fn while_typing(
    relux: &Path,
    suite: &Path,
    test: &Path,
    rounds: usize,
    column: &mut Column,
) -> anyhow::Result<()> {
    let mode = Mode::Pull;
    let (settled_in, mode) = match settled(relux, suite, &[test.to_owned()], mode)? {
        Some(it) => (Some(it), mode),
        None => (settled(relux, suite, &[test.to_owned()], Mode::Push)?, Mode::Push),
    };
    let (mut editor, documents) = settled_in.context("a server that neither pulls nor pushes")?;
    for (name, capability, method) in [
        ("completion", "/completionProvider", "textDocument/completion"),
        ("hover", "/hoverProvider", "textDocument/hover"),
    ] {
        if !editor.offers(capability) {
            continue;
        }
        let (mut times, mut stopped) = (Vec::new(), 0);
        for stroke in (0..rounds)
            .map(|_| WRITE_A_TEST.strokes())
            .collect::<Result<Vec<_>, _>>()?
            .concat()
        {
            let before = Instant::now();
            if !editor.stroke(documents[0], &stroke)? {
                continue;
            }
            let id = editor.ask_at_cursor(method, documents[0])?;
            if mode == Mode::Pull {
                editor.diagnosed(&documents)?;
            }
            let (at, answer) = editor.client.answer(id)?;
            match answer["error"]["code"].as_i64() {
                None => times.push(at - before),
                Some(-32801 | -32802) => stopped += 1,
                Some(_) => bail!("{name}: {answer}"),
            }
            editor.client.forget()?;
        }
        let mut cell = percentiles(&times);
        if stopped > 0 {
            cell = format!("{cell}, {stopped} stopped");
        }
        column.push((format!("{name} while typing"), cell));
    }
    Ok(())
}
