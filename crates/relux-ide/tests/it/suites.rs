//! Suites for tests of features: read from the repository or from fixtures, and what a run would do with them.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use camino::Utf8PathBuf;
use relux_ide::system::MemorySystem;
use relux_ide::{AnalysisHost, FileEdits};
use relux_model::assemble::{Selection, assemble};
use relux_model::fixture::Fixture;
use relux_model::{RootDb, Suite};

use crate::plan_text;

/// Where suites of editors lie.
pub(crate) const ROOT: &str = "/suite";

/// Texts by path below the root.
pub(crate) type Texts = BTreeMap<String, String>;

/// The suite in a database of its own.
pub(crate) fn load(texts: &Texts) -> (RootDb, Suite) {
    let db = RootDb::default();
    let mut files = String::new();
    for (path, text) in texts {
        files.extend(["//- ", path, "\n", text]);
    }
    let suite = Fixture::parse(&files).load(&db);
    (db, suite)
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

/// The suite as an editor has it.
pub(crate) fn host(texts: &Texts) -> AnalysisHost {
    let mut files = MemorySystem::default();
    files.insert(format!("{ROOT}/Relux.toml"), "");
    for (path, text) in texts {
        files.insert(format!("{ROOT}/{path}"), text.as_str());
    }
    let mut host = AnalysisHost::new(Arc::new(files));
    let (path, text) = texts.iter().next_back().expect("a suite has files");
    host.open(
        &Utf8PathBuf::from(format!("{ROOT}/{path}")),
        &text.as_str().into(),
    );
    host
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
