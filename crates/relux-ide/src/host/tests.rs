//! What belongs to which suite, and what changes on the disk and in buffers do to it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use camino::Utf8Path;
use relux_model::system::{DirEntry, EntryKind, MemorySystem, SystemError};

use super::*;

/// A disk that changes while the host looks at it.
#[derive(Debug, Clone, Default)]
struct Disk {
    files: Arc<Mutex<MemorySystem>>,
    /// How many files were read.
    reads: Arc<AtomicUsize>,
    /// A directory that cannot be searched.
    closed: Arc<Mutex<Option<Utf8PathBuf>>>,
}

impl Disk {
    fn close(&self, path: Option<&str>) {
        *self.closed.lock().expect("no panic before") = path.map(Utf8PathBuf::from);
    }

    fn write(&self, path: &str, text: &str) {
        self.files.lock().expect("no panic before").insert(path, text);
    }

    fn remove(&self, path: &str) {
        self.files.lock().expect("no panic before").remove(path.into());
    }
}

impl System for Disk {
    fn read(&self, path: &Utf8Path) -> Result<Vec<u8>, SystemError> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        self.files.lock().expect("no panic before").read(path)
    }

    fn kind(&self, path: &Utf8Path) -> Result<EntryKind, SystemError> {
        self.files.lock().expect("no panic before").kind(path)
    }

    fn read_dir(&self, path: &Utf8Path) -> Result<Vec<DirEntry>, SystemError> {
        if self.closed.lock().expect("no panic before").as_deref() == Some(path) {
            return Err(SystemError::Other("permission denied".to_owned()));
        }
        self.files.lock().expect("no panic before").read_dir(path)
    }

    fn environment(&self) -> Vec<(String, String)> {
        Vec::new()
    }
}

const TEST: &str = "/s/relux/tests/t.relux";
const LIB: &str = "/s/relux/lib/db.relux";

fn suite() -> (Disk, AnalysisHost) {
    let disk = Disk::default();
    disk.write("/s/Relux.toml", "");
    disk.write(LIB, "effect Db {\n}\n");
    disk.write(TEST, "import db\n");
    let host = AnalysisHost::new(Arc::new(disk.clone()));
    (disk, host)
}

/// Opens the test file and says whether `import db` in it leads anywhere.
fn resolves(host: &AnalysisHost) -> bool {
    let found = host
        .analysis()
        .definition(TEST.into(), 8)
        .expect("nothing writes");
    found.is_some()
}

fn text(host: &AnalysisHost, path: &str) -> Option<String> {
    let text = host.analysis().text(path.into()).expect("nothing writes");
    text.map(|it| it.to_string())
}

fn open(host: &mut AnalysisHost, path: &str, text: &str) {
    host.open(path.into(), &text.into());
}

fn root(host: &AnalysisHost, path: &str) -> Option<String> {
    let root = host.analysis().suite_root(path.into()).expect("nothing writes");
    root.map(Utf8PathBuf::into_string)
}

#[test]
fn the_nearest_manifest_decides() {
    let (disk, mut host) = suite();
    disk.write("/s/relux/tests/inner/Relux.toml", "");
    let inner = "/s/relux/tests/inner/relux/tests/i.relux";
    disk.write(inner, "");
    open(&mut host, TEST, "import db\n");
    open(&mut host, inner, "");
    open(&mut host, "/elsewhere/x.relux", "");
    open(&mut host, "untitled:x", "");
    assert_eq!(root(&host, TEST).as_deref(), Some("/s"));
    assert_eq!(root(&host, inner).as_deref(), Some("/s/relux/tests/inner"));
    assert_eq!(root(&host, "/elsewhere/x.relux"), None);
    assert_eq!(root(&host, "untitled:x"), None);
    assert!(resolves(&host));
}

#[test]
fn a_buffer_hides_its_file_until_it_is_closed() {
    let (disk, mut host) = suite();
    open(&mut host, TEST, "import db\n");
    open(&mut host, LIB, "effect Buffer {\n}\n");
    disk.write(LIB, "effect Disk {\n}\n");
    host.disk_changed(&[DiskChange::Changed(LIB.into())]);
    assert_eq!(text(&host, LIB).as_deref(), Some("effect Buffer {\n}\n"));
    host.change(LIB.into(), &"effect Typed {\n}\n".into());
    assert_eq!(text(&host, LIB).as_deref(), Some("effect Typed {\n}\n"));
    host.close(LIB.into());
    assert_eq!(text(&host, LIB).as_deref(), Some("effect Disk {\n}\n"));
}

#[test]
fn a_change_of_a_buffer_that_is_not_open_is_nothing() {
    let (_, mut host) = suite();
    host.change(TEST.into(), &"x".into());
    host.close(TEST.into());
    assert_eq!(text(&host, TEST), None, "nothing has loaded the suite");
}

#[test]
fn files_come_and_go() {
    let (disk, mut host) = suite();
    disk.remove(LIB);
    open(&mut host, TEST, "import db\n");
    assert!(!resolves(&host));
    disk.write(LIB, "effect Db {\n}\n");
    host.disk_changed(&[DiskChange::Created(LIB.into())]);
    assert!(resolves(&host));
    disk.remove(LIB);
    host.disk_changed(&[DiskChange::Deleted(LIB.into())]);
    assert!(!resolves(&host));
    // A directory stands for what is in it.
    disk.write(LIB, "effect Db {\n}\n");
    host.disk_changed(&[DiskChange::Created("/s/relux/lib".into())]);
    assert!(resolves(&host));
}

#[test]
fn a_new_buffer_is_part_of_its_suite_before_it_is_saved() {
    let (disk, mut host) = suite();
    disk.remove(LIB);
    open(&mut host, TEST, "import db\n");
    open(&mut host, LIB, "effect Db {\n}\n");
    assert!(resolves(&host));
    host.close(LIB.into());
    assert!(!resolves(&host), "it was never saved");
    assert_eq!(text(&host, LIB), None);
}

#[test]
fn suites_appear_and_disappear() {
    let (disk, mut host) = suite();
    disk.remove("/s/Relux.toml");
    open(&mut host, TEST, "import db\n");
    assert_eq!(root(&host, TEST), None);
    assert!(!resolves(&host));
    disk.write("/s/Relux.toml", "");
    host.disk_changed(&[DiskChange::Created("/s/Relux.toml".into())]);
    assert_eq!(root(&host, TEST).as_deref(), Some("/s"));
    assert!(resolves(&host));
    disk.remove("/s/Relux.toml");
    host.disk_changed(&[DiskChange::Deleted("/s/Relux.toml".into())]);
    assert!(!resolves(&host));
}

#[test]
fn a_manifest_is_a_file_of_its_suite() {
    let (_, mut host) = suite();
    open(&mut host, "/s/Relux.toml", "[run]\njobs = \"many\"\n");
    let found = host
        .analysis()
        .diagnostics("/s/Relux.toml".into())
        .expect("nothing writes");
    assert!(!found.is_empty());
    host.change("/s/Relux.toml".into(), &"[run]\njobs = 2\n".into());
    let found = host
        .analysis()
        .diagnostics("/s/Relux.toml".into())
        .expect("nothing writes");
    assert_eq!(found, vec![]);
}

#[test]
fn a_manifest_is_no_module() {
    let (_, mut host) = suite();
    open(&mut host, "/s/Relux.toml", "[timeout]\ntest = \"1m\"\n");
    let analysis = host.analysis();
    assert_eq!(analysis.code_lenses("/s/Relux.toml".into()), Ok(vec![]));
    assert_eq!(analysis.document_symbols("/s/Relux.toml".into()), Ok(vec![]));
    assert_eq!(analysis.definition("/s/Relux.toml".into(), 11), Ok(None));
}

#[test]
fn an_env_file_is_no_module() {
    let (disk, mut host) = suite();
    for path in ["/s/relux/tests/.env", "/elsewhere/.env"] {
        disk.write(path, "");
        open(
            &mut host,
            path,
            "test \"a\" {\n    shell s {\n        > x\n    }\n}\n",
        );
        let analysis = host.analysis();
        assert_eq!(analysis.code_lenses(path.into()), Ok(vec![]));
        assert_eq!(analysis.document_symbols(path.into()), Ok(vec![]));
        let found = analysis.diagnostics(path.into()).expect("nothing writes");
        assert!(
            found.iter().all(|it| it.code.as_str() == "invalid-env-file"),
            "{found:?}"
        );
    }
}

#[test]
fn a_saved_manifest_is_read_alone() {
    let (disk, mut host) = suite();
    open(&mut host, TEST, "import db\n");
    disk.write("/s/Relux.toml", "name = \"new\"\n");
    let before = disk.reads.load(Ordering::Relaxed);
    host.disk_changed(&[DiskChange::Created("/s/Relux.toml".into())]);
    assert_eq!(disk.reads.load(Ordering::Relaxed) - before, 1);
    assert_eq!(text(&host, "/s/Relux.toml").as_deref(), Some("name = \"new\"\n"));
    host.disk_changed(&[
        DiskChange::Deleted("/s/Relux.toml".into()),
        DiskChange::Created("/s/Relux.toml".into()),
    ]);
    assert_eq!(disk.reads.load(Ordering::Relaxed) - before, 3);
    assert!(resolves(&host));
}

#[test]
fn a_directory_that_cannot_be_searched_is_told_whenever_it_is_seen() {
    let problems = |host: &AnalysisHost| {
        let found = host.analysis().diagnostics("/s/relux/tests/closed".into());
        found.expect("nothing writes").len()
    };
    let (disk, mut host) = suite();
    let hidden = "/s/relux/tests/closed/x.relux";
    disk.write(hidden, "");
    open(&mut host, TEST, "import db\n");
    assert!(text(&host, hidden).is_some() && problems(&host) == 0);
    disk.close(Some("/s/relux/tests/closed"));
    for _ in 0..2 {
        host.disk_changed(&[DiskChange::Created("/s/relux/tests".into())]);
        assert_eq!((text(&host, hidden), problems(&host)), (None, 1));
    }
    let mut cold = AnalysisHost::new(Arc::new(disk.clone()));
    open(&mut cold, TEST, "import db\n");
    assert_eq!(problems(&cold), 1);
    disk.close(None);
    host.disk_changed(&[DiskChange::Created("/s/relux/tests".into())]);
    assert!(text(&host, hidden).is_some() && problems(&host) == 0);
}

/// The first edit of a file of which the model does not know that it is open makes it look at everything.
#[test]
fn open_buffers_stay_open_when_suites_are_loaded_anew() {
    let (disk, mut host) = suite();
    let events: Arc<AtomicUsize> = Arc::default();
    let count = Arc::clone(&events);
    host.db = RootDb::with_events(move |event| {
        if matches!(event.kind, salsa::EventKind::DidValidateMemoizedValue { .. }) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    });
    disk.remove("/s/Relux.toml");
    open(&mut host, TEST, "import db\n");
    disk.write("/s/Relux.toml", "");
    host.disk_changed(&[DiskChange::Created("/s/Relux.toml".into())]);
    let mut validated = |text: &str| {
        host.change(TEST.into(), &text.into());
        events.store(0, Ordering::Relaxed);
        for path in [TEST, LIB] {
            host.analysis().diagnostics(path.into()).expect("nothing writes");
        }
        events.load(Ordering::Relaxed)
    };
    validated("import db\n");
    let first = validated("import db\n\n");
    assert_eq!(first, validated("import db\n\n\n"));
}
