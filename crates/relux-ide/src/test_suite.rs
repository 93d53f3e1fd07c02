//! Suites from a string for the tests of all features: files under `//- path`, the cursor at `<|>`.

use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use relux_model::fixture::Fixture;
use relux_model::system::MemorySystem;

use crate::{Analysis, AnalysisHost, FileEdits, TextRange};

/// Where the suite lies.
pub(crate) const ROOT: &str = "/suite";

/// A library in which everything has a name that can be looked up: what several features are tried on.
const LIBRARY: &str = "\
//- relux/lib/db.relux
effect Db {
    expect DB_PORT
    let url = \"localhost:${DB_PORT}\"
    expose shell service
    expose var url
    shell service {
        > db --port ${DB_PORT}
    }
}
fn wait(what) {
    <? ^${what}$
}
fn wait(what, limit) {
    <~5s? ^${what} ${limit}$
}
";

/// A loaded suite and the place of the cursor.
pub(crate) struct TestSuite {
    pub(crate) host: AnalysisHost,
    /// The file with the cursor; the last file if there is no cursor.
    pub(crate) file: Utf8PathBuf,
    /// Byte offset of the cursor.
    pub(crate) offset: u32,
}

impl TestSuite {
    /// Loads the suite with the cursor's file open. A `Relux.toml` is added unless there is one.
    pub(crate) fn new(text: &str) -> Self {
        let fixture = Fixture::parse(text);
        let mut files = MemorySystem::default();
        files.insert(format!("{ROOT}/Relux.toml"), "");
        for file in &fixture.files {
            files.insert(format!("{ROOT}/{}", file.path), file.text.as_str());
        }
        let with_cursor = fixture.files.iter().find(|file| file.cursor.is_some());
        let open = with_cursor.or(fixture.files.last()).expect("a fixture has files");
        let mut suite = Self {
            host: AnalysisHost::new(Arc::new(files)),
            file: Utf8Path::new(ROOT).join(&open.path),
            offset: open.cursor.unwrap_or_default(),
        };
        suite.host.open(&suite.file, &open.text.as_str().into());
        suite
    }

    /// The module `relux/tests/t.relux` in a suite of an edition, with `relux/lib/db.relux` as above and other modules.
    pub(crate) fn with_library(edition: &str, modules: &str, test_file: &str) -> Self {
        Self::new(&format!(
            "//- Relux.toml\nedition = \"{edition}\"\n{LIBRARY}{modules}//- relux/tests/t.relux\n{test_file}"
        ))
    }

    pub(crate) fn analysis(&self) -> Analysis {
        self.host.analysis()
    }
}

/// A file with edits, under its path in the suite.
pub(crate) struct Edited {
    pub(crate) path: String,
    pub(crate) before: Arc<str>,
    pub(crate) after: String,
}

impl Edited {
    pub(crate) fn new(analysis: &Analysis, file: &FileEdits) -> Self {
        let before = analysis.text(&file.file);
        let before = before.expect("nothing writes").expect("a known file");
        let edits = file.edits.iter().map(|(range, new)| (*range, new.as_str()));
        let path = file.file.strip_prefix(ROOT).expect("a file of the suite");
        Self {
            path: path.to_string(),
            after: relux_model::apply_fixes::edited(&before, edits.collect()),
            before,
        }
    }
}

/// A place as `path:line: text`, with the range in brackets.
pub(crate) fn shown(analysis: &Analysis, file: &Utf8Path, range: TextRange) -> String {
    let text = analysis
        .text(file)
        .expect("nothing writes")
        .expect("a known file");
    let (start, end) = (range.start as usize, range.end as usize);
    let line = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let rest = text[end..].find('\n').map_or(text.len(), |at| end + at);
    let number = text[..start].matches('\n').count() + 1;
    let path = file.strip_prefix(ROOT).unwrap_or(file);
    let line = format!(
        "{}[{}]{}",
        &text[line..start],
        &text[start..end],
        &text[end..rest]
    );
    format!("{path}:{number}: {}", line.trim())
}
