//! A real disk under a client that does not watch it: the server does, and says what a new one would say.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use camino::Utf8Path;
use relux_ide::system::{DirEntry, EntryKind, System, SystemError};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::{OUTSIDE, Session};

const TEST: &str = "relux/tests/a.relux";
const LIB: &str = "relux/lib/db.relux";
const TEST_TEXT: &str = "import db\ntest \"a\" {\n    start Db\n    shell s {\n        > x ${NAME}\n        match_ok()\n    }\n}\n";
const LIB_TEXT: &str = "effect Db {\n}\n";

/// A suite on the disk, with a variable that the environment gives.
struct Disk {
    directory: TempDir,
}

impl Disk {
    fn new() -> Self {
        let disk = Self {
            directory: tempfile::tempdir().expect("a directory"),
        };
        disk.write_suite();
        disk
    }

    fn write_suite(&self) {
        self.write("Relux.toml", "");
        self.write(".env", "NAME=1\n");
        self.write(LIB, LIB_TEXT);
        self.write(TEST, TEST_TEXT);
    }

    fn root(&self) -> PathBuf {
        self.directory.path().join("suite")
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
        fs::write(path, text).expect("a file");
    }

    fn remove(&self, path: &str) {
        fs::remove_file(self.root().join(path)).expect("it is there");
    }

    fn uri(&self, path: &str) -> String {
        uri_of(&self.root().join(path))
    }

    /// A session with the test open, once it shows that nothing is wrong.
    fn session(&self) -> Session {
        let mut session = Session::on(Arc::new(RealDisk), PathBuf::from("/nonexistent/relux"));
        session.client.initialize(&json!({}));
        session.client.open(&self.uri(TEST), TEST_TEXT);
        self.wait_for(&mut session, &[]);
        session
    }

    /// Waits until the test shows findings with these codes.
    fn wait_for(&self, session: &mut Session, codes: &[&str]) {
        wait_for(session, &self.uri(TEST), codes);
    }
}

fn uri_of(path: &Path) -> String {
    format!("file://{}", path.display())
}

fn wait_for(session: &mut Session, uri: &str, codes: &[&str]) {
    session
        .client
        .notification("textDocument/publishDiagnostics", |it| {
            let found = it["diagnostics"].as_array().expect("a list").iter();
            let found: Vec<&str> = found.map(|it| it["code"].as_str().unwrap_or(OUTSIDE)).collect();
            it["uri"] == uri && found == codes
        });
}

/// The files of this machine, without its environment.
#[derive(Debug)]
struct RealDisk;

fn failed(error: &std::io::Error) -> SystemError {
    if error.kind() == std::io::ErrorKind::NotFound {
        SystemError::NotFound
    } else {
        SystemError::Other(error.to_string())
    }
}

fn kind(metadata: &fs::Metadata) -> EntryKind {
    if metadata.is_dir() {
        EntryKind::Directory
    } else {
        EntryKind::File {
            bytes: metadata.len(),
        }
    }
}

impl System for RealDisk {
    fn read(&self, path: &Utf8Path) -> Result<Vec<u8>, SystemError> {
        fs::read(path).map_err(|error| failed(&error))
    }

    fn kind(&self, path: &Utf8Path) -> Result<EntryKind, SystemError> {
        fs::metadata(path)
            .map(|it| kind(&it))
            .map_err(|error| failed(&error))
    }

    fn read_dir(&self, path: &Utf8Path) -> Result<Vec<DirEntry>, SystemError> {
        let entries = fs::read_dir(path).map_err(|error| failed(&error))?.flatten();
        let entry = |it: fs::DirEntry| {
            Some(DirEntry {
                name: it.file_name().into_string().ok()?,
                kind: kind(&it.metadata().ok()?),
                link: false,
            })
        };
        Ok(entries.filter_map(entry).collect())
    }

    fn environment(&self) -> Vec<(String, String)> {
        Vec::new()
    }
}

#[test]
fn files_that_change_come_and_go_are_seen() {
    let disk = Disk::new();
    let mut session = disk.session();
    disk.write(LIB, "effect Other {\n}\n");
    disk.wait_for(&mut session, &["unresolved-effect"]);
    disk.remove(LIB);
    disk.wait_for(&mut session, &["unresolved-import"]);
    disk.write(LIB, LIB_TEXT);
    disk.wait_for(&mut session, &[]);
    // As editors save: a new file takes the place of the old one.
    disk.write("relux/lib/db.relux~", "effect Another {\n}\n");
    fs::rename(disk.root().join("relux/lib/db.relux~"), disk.root().join(LIB)).expect("a new name");
    disk.wait_for(&mut session, &["unresolved-effect"]);
    session.finish();
}

#[test]
fn the_manifest_and_the_environment_are_seen() {
    let disk = Disk::new();
    let mut session = disk.session();
    disk.write(".env", "OTHER=1\n");
    disk.wait_for(&mut session, &["undefined-variable"]);
    disk.write("Relux.toml", "[lints]\nundefined-variable = \"allow\"\n");
    disk.wait_for(&mut session, &[]);
    disk.remove("Relux.toml");
    disk.wait_for(&mut session, &[OUTSIDE]);
    disk.write(".env", "NAME=1\n");
    disk.write("Relux.toml", "");
    disk.wait_for(&mut session, &[]);
    disk.remove(".env");
    disk.wait_for(&mut session, &["undefined-variable"]);
    session.finish();
}

#[test]
fn folders_that_are_moved_deleted_and_made_are_seen() {
    let disk = Disk::new();
    let mut session = disk.session();
    let (lib, away) = (disk.root().join("relux/lib"), disk.root().join("relux/away"));
    fs::rename(&lib, &away).expect("it can be moved");
    disk.wait_for(&mut session, &["unresolved-import"]);
    fs::rename(&away, &lib).expect("it can be moved back");
    disk.wait_for(&mut session, &[]);
    fs::remove_dir_all(&lib).expect("it can be deleted");
    disk.wait_for(&mut session, &["unresolved-import"]);
    disk.write(LIB, "effect Other {\n}\n");
    disk.wait_for(&mut session, &["unresolved-effect"]);
    // What was made anew is watched anew.
    disk.write(LIB, LIB_TEXT);
    disk.wait_for(&mut session, &[]);
    // The whole suite.
    fs::rename(disk.root(), disk.directory.path().join("away")).expect("it can be moved");
    disk.wait_for(&mut session, &[OUTSIDE]);
    disk.write_suite();
    disk.wait_for(&mut session, &[]);
    session.finish();
}

#[test]
fn after_a_switch_of_branches_the_server_says_what_a_new_one_says() {
    let disk = Disk::new();
    let name = |number: u32| format!("relux/tests/many/{}/{number}.relux", number % 7);
    for number in 0..200 {
        disk.write(
            &name(number),
            &TEST_TEXT.replace("\"a\"", &format!("\"{number}\"")),
        );
    }
    let started = || {
        let mut session = Session::on(Arc::new(RealDisk), PathBuf::from("/nonexistent/relux"));
        session.client.initialize(&json!({
            "workspace": {"diagnostics": {"refreshSupport": true}},
            "textDocument": {"diagnostic": {}},
        }));
        session.client.open(&disk.uri(TEST), TEST_TEXT);
        session
    };
    let wrong = |session: &mut Session| {
        let report = session
            .client
            .ask("workspace/diagnostic", json!({"previousResultIds": []}));
        report["items"].as_array().expect("a list").clone()
    };
    let mut session = started();
    assert_eq!(wrong(&mut session), Vec::<Value>::new());
    let shown = session
        .client
        .ask_about("textDocument/diagnostic", &disk.uri(TEST));
    assert_eq!(shown["items"], json!([]));
    for number in 0..200 {
        match number % 4 {
            0 => disk.remove(&name(number)),
            1 => disk.write(&name(number), "import nothing/here\n"),
            2 => disk.write(&format!("relux/tests/new/{number}.relux"), "import nothing\n"),
            _ => {}
        }
    }
    fs::remove_dir_all(disk.root().join("relux/tests/many/3")).expect("it can be deleted");
    disk.write("relux/tests/new/deep/x.relux", "import nothing\n");
    // The last change is the one that the open test shows: what was before it has been told by then.
    disk.write(LIB, "effect Other {\n}\n");
    loop {
        session.client.server_request("workspace/diagnostic/refresh");
        let shown = session
            .client
            .ask_about("textDocument/diagnostic", &disk.uri(TEST));
        if shown["items"][0]["code"] == "unresolved-effect" {
            break;
        }
    }
    let mut fresh = started();
    let (found, expected) = (wrong(&mut session), wrong(&mut fresh));
    assert!(expected.len() > 90, "{}", expected.len());
    assert_eq!(found, expected);
    session.finish();
    fresh.finish();
}
