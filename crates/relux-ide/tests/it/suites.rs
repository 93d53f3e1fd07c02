//! Suites for tests of features: read from the repository or from fixtures, and what a run would do with them.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use camino::Utf8PathBuf;
use relux_ide::system::MemorySystem;
use relux_ide::{Analysis, AnalysisHost, FileEdits, Severity};
use relux_model::assemble::{Selection, assemble};
use relux_model::fixture::Fixture;
use relux_model::{HostEnv, RootDb, Suite};

use crate::plan_text;

/// Where suites of editors lie.
pub(crate) const ROOT: &str = "/suite";

/// What suites may expect of the machine.
const ENVIRONMENT: [(&str, &str); 1] = [("PATH", "/usr/bin:/bin")];

/// Texts by path below the root.
pub(crate) type Texts = BTreeMap<String, String>;

/// The suite in a database of its own.
pub(crate) fn load(texts: &Texts) -> (RootDb, Suite) {
    let db = RootDb::default();
    let mut files = String::new();
    for (path, text) in texts {
        files.extend(["//- ", path, "\n", text]);
    }
    let environment = HostEnv::new(ENVIRONMENT.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let suite = Fixture::parse(&files).load_with_env(&db, environment);
    (db, suite)
}

/// Codes of findings by file, with how often they are there.
pub(crate) type Findings = BTreeMap<(String, String), usize>;

/// A database that follows a suite through many versions, because a new one for each takes long.
pub(crate) struct Sandbox {
    db: RootDb,
    suite: Suite,
    texts: Texts,
}

impl Sandbox {
    pub(crate) fn new(texts: &Texts) -> Self {
        let (db, suite) = load(texts);
        let texts = texts.clone();
        Self { db, suite, texts }
    }

    /// Goes on to other texts of the same files.
    fn become_these(&mut self, texts: &Texts) {
        for file in relux_model::all_files(&self.db, self.suite) {
            let path = file.path(&self.db).to_string();
            let new = texts.get(&path);
            if let Some(new) = new.filter(|it| self.texts.get(&path) != Some(it)) {
                file.update(&mut self.db, new.as_str());
                self.texts.insert(path, new.clone());
            }
        }
        assert!(&self.texts == texts, "an edit comes with a new file");
    }

    /// What is found in these texts, of what is at least so bad.
    pub(crate) fn findings(&mut self, texts: &Texts, least: Severity) -> Findings {
        self.become_these(texts);
        let mut found = Findings::new();
        for file in relux_model::all_files(&self.db, self.suite) {
            let all = relux_model::diagnostics(&self.db, self.suite, file);
            for it in all.iter().filter(|it| it.severity >= least) {
                let key = (file.path(&self.db).to_string(), it.code.to_string());
                *found.entry(key).or_default() += 1;
            }
        }
        found
    }

    /// What a run of these texts would do, without places.
    pub(crate) fn plans(&mut self, texts: &Texts) -> String {
        self.become_these(texts);
        let assembly = assemble(&self.db, self.suite, &Selection::default());
        plan_text::render(&assembly.program, &assembly.tests)
    }
}

/// What a run would do, without places.
pub(crate) fn plans(texts: &Texts) -> String {
    let (db, suite) = load(texts);
    let assembly = assemble(&db, suite, &Selection::default());
    plan_text::render(&assembly.program, &assembly.tests)
}

/// A suite on the disk of this repository.
pub(crate) fn from_disk(folder: &str) -> Texts {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder);
    let mut texts = Texts::new();
    let mut pending = vec![root.clone()];
    while let Some(directory) = pending.pop() {
        for entry in std::fs::read_dir(directory).expect("listing a folder") {
            let path = entry.expect("listing a folder").path();
            if path.is_dir() {
                pending.push(path);
                continue;
            }
            let below = path.strip_prefix(&root).expect("below").to_str().expect("UTF-8");
            let name = below.rsplit('/').next().unwrap_or_default();
            let is_module = path.extension().is_some_and(|it| it == "relux");
            let is_part = is_module || name == ".env" || below == "Relux.toml";
            if is_part && !below.contains("/out/") {
                texts.insert(
                    below.to_owned(),
                    std::fs::read_to_string(&path).expect("reading a file"),
                );
            }
        }
    }
    texts
}

fn host(texts: &Texts) -> AnalysisHost {
    let mut files = MemorySystem::default();
    files.insert(format!("{ROOT}/Relux.toml"), "");
    for (path, text) in texts {
        files.insert(format!("{ROOT}/{path}"), text.as_str());
    }
    for (name, value) in ENVIRONMENT {
        files.set_env(name, value);
    }
    let mut host = AnalysisHost::new(Arc::new(files));
    let is_module = |path: &str| Path::new(path).extension().is_some_and(|it| it == "relux");
    for (path, text) in texts.iter().filter(|(path, _)| is_module(path)) {
        host.open(&absolute(path), &text.as_str().into());
    }
    host
}

/// Where an editor has a file.
pub(crate) fn absolute(path: &str) -> Utf8PathBuf {
    Utf8PathBuf::from(format!("{ROOT}/{path}"))
}

/// An editor that has all modules of a suite open.
pub(crate) struct Editor {
    host: AnalysisHost,
    texts: Texts,
}

impl Editor {
    pub(crate) fn new(texts: &Texts) -> Self {
        Self {
            host: host(texts),
            texts: texts.clone(),
        }
    }

    /// Types other texts into the same modules, and asks.
    pub(crate) fn ask<T>(&mut self, texts: &Texts, question: impl FnOnce(&Analysis) -> T) -> T {
        for (path, text) in texts {
            if self.texts.get(path) != Some(text) {
                self.host.change(&absolute(path), &text.as_str().into());
                self.texts.insert(path.clone(), text.clone());
            }
        }
        assert!(&self.texts == texts, "an edit comes with a new file");
        question(&self.host.analysis())
    }
}

/// The texts after edits.
pub(crate) fn apply(texts: &Texts, files: &[FileEdits]) -> Texts {
    let mut after = texts.clone();
    for file in files {
        let path = file.file.strip_prefix(ROOT).expect("a file of the suite");
        let text = after.get_mut(path.as_str()).expect("a known file");
        for (range, new) in file.edits.iter().rev() {
            text.replace_range(range.start as usize..range.end as usize, new);
        }
    }
    after
}

pub(crate) fn from_fixture(text: &str) -> Texts {
    let fixture = Fixture::parse(text);
    fixture.files.into_iter().map(|it| (it.path, it.text)).collect()
}

/// Says what a long trial came to, beside the tests.
#[expect(
    clippy::print_stderr,
    reason = "who tries everything wants to know how much it was"
)]
pub(crate) fn report(line: &str) {
    eprintln!("{line}");
}
