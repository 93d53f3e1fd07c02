//! Finding suites and reading files, over memory and open buffers.

use std::sync::Arc;

use camino::Utf8Path;
use relux_model::discover::{find_root, list, load_single_file, load_suite, roots_below};
use relux_model::system::{DirEntry, EntryKind, MemorySystem, OverlaySystem, System, SystemError, read_text};
use relux_model::{RootDb, all_files, diagnostics};

fn system(files: &[&str]) -> MemorySystem {
    let mut system = MemorySystem::default();
    for file in files {
        system.insert(*file, "");
    }
    system
}

#[test]
fn the_nearest_manifest_wins() {
    let system = system(&[
        "/a/Relux.toml",
        "/a/b/Relux.toml",
        "/a/b/relux/tests/x/t.relux",
        "/a/c/t.relux",
    ]);
    let root = |path: &str| find_root(&system, Utf8Path::new(path)).map(|root| root.to_string());
    assert_eq!(root("/a/b/relux/tests/x/t.relux").as_deref(), Some("/a/b"));
    assert_eq!(root("/a/b").as_deref(), Some("/a/b"));
    assert_eq!(root("/a/c").as_deref(), Some("/a"));
    assert_eq!(root("/z"), None);
}

#[test]
fn nested_suites_and_other_files_are_left_out() {
    let system = system(&[
        "/s/Relux.toml",
        "/s/.env",
        "/s/relux/tests/b.relux",
        "/s/relux/tests/a/a.relux",
        "/s/relux/tests/a/.env",
        "/s/relux/tests/a/notes.txt",
        "/s/relux/tests/nested/Relux.toml",
        "/s/relux/tests/nested/relux/tests/n.relux",
        "/s/relux/lib/x.relux",
        "/s/relux/lib/.env",
        "/s/relux/out/run/z.relux",
        "/s/other.relux",
    ]);
    insta::assert_debug_snapshot!(list(&system, Utf8Path::new("/s")));
}

#[test]
fn bytes_that_are_no_text_are_one_diagnostic() {
    let mut system = system(&["/s/Relux.toml"]);
    system.insert(
        "/s/relux/tests/t.relux",
        b"test \"a\" {\n> \xff\xfe\n}\n".to_vec(),
    );
    system.insert("/s/relux/lib/x.relux", b"\x80".to_vec());
    let db = RootDb::default();
    let suite = load_suite(&db, &system, Utf8Path::new("/s"));
    let all: Vec<String> = all_files(&db, suite)
        .into_iter()
        .flat_map(|file| diagnostics(&db, suite, file))
        .map(|it| format!("{:?} {}: {}", it.range, it.code, it.message))
        .collect();
    insta::assert_debug_snapshot!(all);
}

#[test]
fn a_directory_or_nothing_instead_of_a_file() {
    let system = system(&["/s/dir.relux/x"]);
    let problem = |path: &str| {
        read_text(&system, Utf8Path::new(path))
            .problem
            .map(|it| it.diagnostic().message)
    };
    assert_eq!(
        problem("/s/dir.relux").as_deref(),
        Some("the file cannot be read: it is a directory")
    );
    assert_eq!(
        problem("/s/none").as_deref(),
        Some("the file cannot be read: no such file or directory")
    );
}

#[test]
fn a_single_file_is_checked_alone() {
    let mut system = MemorySystem::default();
    system.insert("/x/t.relux", "import nowhere\n");
    let db = RootDb::default();
    let suite = load_single_file(&db, &system, Utf8Path::new("/x/t.relux"));
    let found = diagnostics(&db, suite, suite.files(&db)[0]);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].code.as_str(), "unresolved-import");
}

#[test]
fn open_buffers_hide_files() {
    let mut below = MemorySystem::default();
    below.insert("/s/a.relux", "disk");
    let mut system = OverlaySystem::new(Arc::new(below));
    let path = Utf8Path::new("/s/a.relux");
    system.open(path, "buffer");
    system.open("/s/new.relux", "");
    assert_eq!(system.read(path).as_deref(), Ok(b"buffer".as_slice()));
    assert_eq!(system.read_dir(Utf8Path::new("/s")).map(|it| it.len()), Ok(2));
    system.close(path);
    assert_eq!(system.read(path).as_deref(), Ok(b"disk".as_slice()));
}

/// A disk on which one directory may not be searched.
#[derive(Debug)]
struct Locked(MemorySystem, &'static str);

impl System for Locked {
    fn read(&self, path: &Utf8Path) -> Result<Vec<u8>, SystemError> {
        self.0.read(path)
    }

    fn kind(&self, path: &Utf8Path) -> Result<EntryKind, SystemError> {
        self.0.kind(path)
    }

    fn read_dir(&self, path: &Utf8Path) -> Result<Vec<DirEntry>, SystemError> {
        if path == self.1 {
            return Err(SystemError::Other("permission denied".to_owned()));
        }
        self.0.read_dir(path)
    }

    fn environment(&self) -> Vec<(String, String)> {
        Vec::new()
    }
}

#[test]
fn a_directory_that_cannot_be_searched_is_an_error() {
    let mut files = MemorySystem::default();
    files.insert("/s/Relux.toml", "");
    files.insert("/s/relux/tests/secret/a.relux", "");
    let db = RootDb::default();
    let suite = load_suite(&db, &Locked(files, "/s/relux/tests/secret"), Utf8Path::new("/s"));
    let [secret] = &suite.files(&db)[..] else {
        panic!("one entry stands for the directory");
    };
    assert_eq!(&**secret.path(&db), "relux/tests/secret");
    let found = diagnostics(&db, suite, *secret);
    assert_eq!(found.len(), 1);
    assert!(
        found[0]
            .message
            .ends_with("the directory cannot be searched: permission denied"),
        "{found:?}"
    );
}

#[test]
fn suites_below_a_directory_are_found_where_people_keep_them() {
    let mut system = MemorySystem::default();
    for root in ["a", "a/b", ".git/x", "web/node_modules/y", "target", "z/.cache"] {
        system.insert(format!("/w/{root}/Relux.toml"), "");
    }
    let found = roots_below(&system, Utf8Path::new("/w"));
    assert_eq!(found, ["/w/a", "/w/a/b"]);
    assert_eq!(
        roots_below(&system, Utf8Path::new("/nowhere")),
        Vec::<String>::new()
    );
}
