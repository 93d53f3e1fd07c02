//! The directory of a run: where results, logs and artifacts go.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fs::{self, File};
use std::io;
use std::path::{Component, Path, PathBuf};

use jiff::Timestamp;
use relux_model::plan::TestEntry;
use serde::Serialize;
use sha1::{Digest, Sha1};

use crate::event::{Summary, TestResult};
use crate::report::{Told, write_whole};
use crate::request::RunError;
use crate::store::SELECTED_FILE;

/// File with all results of a run, below its directory.
pub const SUMMARY_FILE: &str = "run_summary.json";

/// Readline's settings for shells whose terminal is not `dumb`: no marks around pasted text.
const INPUTRC: &str = "set enable-bracketed-paste off\n";

/// The directory of a run.
#[derive(Debug, Clone)]
pub(crate) struct RunDir {
    path: PathBuf,
}

/// What [`SUMMARY_FILE`] holds.
#[derive(Serialize)]
struct SummaryFile<'a> {
    /// Version of this form, the same as of the events.
    version: u32,
    run_id: &'a str,
    suite: &'a str,
    /// Absolute path of the suite's directory.
    root: &'a str,
    /// RFC 3339, UTC.
    started_at: String,
    jobs: usize,
    summary: &'a Summary,
    /// In declaration order.
    tests: &'a [TestResult],
}

/// What the summary says about the run itself.
pub(crate) struct RunFacts<'a> {
    pub(crate) run_id: &'a str,
    pub(crate) suite: &'a str,
    /// Absolute path of the suite's directory.
    pub(crate) root: &'a str,
    pub(crate) started_at: Timestamp,
    pub(crate) jobs: usize,
}

impl RunDir {
    /// Makes `relux/out/run-<utc time>-<id>` below the suite root.
    pub(crate) fn create(root: &Path, run_id: &str, now: Timestamp) -> Result<Self, RunError> {
        let out = root.join("relux").join("out");
        let name = format!("run-{}-{run_id}", now.strftime("%Y-%m-%d-%H-%M-%S"));
        let dir = Self {
            path: out.join(&name),
        };
        let failed = |path: &Path| {
            let path = path.display().to_string();
            move |source| RunError::Output { path, source }
        };
        fs::create_dir_all(dir.artifacts()).map_err(failed(&dir.path))?;
        fs::write(dir.inputrc(), INPUTRC).map_err(failed(&dir.path))?;
        Ok(dir)
    }

    /// The directory of something that writes nothing; it is not made.
    pub(crate) fn unwritten(root: &Path, run_id: &str) -> Self {
        Self {
            path: root.join("relux").join("out").join(format!("run-{run_id}")),
        }
    }

    /// Its name.
    pub(crate) fn name(&self) -> String {
        let name = self.path.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }

    /// Notes which tests were selected: of a run that is killed, this tells what did not get its turn.
    pub(crate) fn write_selected(&self, tests: &[TestEntry]) -> io::Result<()> {
        let mut ids = String::new();
        for entry in tests {
            ids += id_of(entry);
            ids.push('\n');
        }
        write_whole(&self.path.join(SELECTED_FILE), ids.as_bytes())
    }

    /// Points `latest` beside it at it; where links cannot be made, what to say about that.
    pub(crate) fn point_latest(&self) -> Result<(), String> {
        let (Some(out), Some(name)) = (self.path.parent(), self.path.file_name()) else {
            return Ok(());
        };
        let latest = out.join("latest");
        replace_link(out, Path::new(name), &latest)
            .map_err(|error| format!("cannot point {} at this run: {error}", latest.display()))
    }

    /// Its path.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// For all tests together.
    pub(crate) fn artifacts(&self) -> PathBuf {
        self.path.join("artifacts")
    }

    /// Settings for readline.
    pub(crate) fn inputrc(&self) -> PathBuf {
        self.path.join("inputrc")
    }

    /// Writes the results.
    pub(crate) fn write_summary(&self, told: &Told<'_>) -> io::Result<()> {
        write_whole(&self.path.join(SUMMARY_FILE), &summary_bytes(told)?)
    }
}

/// What [`SUMMARY_FILE`] holds.
pub(crate) fn summary_bytes(told: &Told<'_>) -> io::Result<Vec<u8>> {
    let facts = told.facts;
    let file = SummaryFile {
        version: crate::event::VERSION,
        run_id: facts.run_id,
        suite: facts.suite,
        root: facts.root,
        started_at: facts.started_at.to_string(),
        jobs: facts.jobs,
        summary: told.summary,
        tests: told.tests,
    };
    let mut bytes = serde_json::to_vec_pretty(&file)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// The link is relative, so that the tree can move, and replaced in one step, so that it always points somewhere.
fn replace_link(out: &Path, target: &Path, link: &Path) -> io::Result<()> {
    let fresh = out.join(format!(".latest-{}", target.display()));
    let _ = fs::remove_file(&fresh);
    std::os::unix::fs::symlink(target, &fresh)?;
    fs::rename(&fresh, link).inspect_err(|_| {
        let _ = fs::remove_file(&fresh);
    })
}

/// The directory of every test, below the run's: `logs/<file>/<slug>`, made unique. The file keeps its extension, so that
/// `a.relux` and what lies below `a/` stay apart; names that differ in case only are the same for some file systems.
pub(crate) fn test_dirs(tests: &[TestEntry]) -> Vec<PathBuf> {
    let mut used = HashSet::new();
    tests
        .iter()
        .map(|entry| {
            let (id, file) = match entry {
                TestEntry::Ready(plan) => (&plan.id, &plan.file),
                TestEntry::Invalid(test) => (&test.id, &test.file),
            };
            let slug = id
                .rsplit('/')
                .next()
                .filter(|slug| !slug.is_empty())
                .unwrap_or("test");
            let slug = bounded_name(slug);
            let base: PathBuf = Path::new("logs")
                .components()
                .chain(Path::new(file).components())
                .filter(|part| matches!(part, Component::Normal(_)))
                .collect::<PathBuf>()
                .join(&*slug);
            let mut dir = base.clone();
            let mut number = 2;
            while !used.insert(dir.to_string_lossy().to_lowercase()) {
                dir = base.with_file_name(format!("{slug}.{number}"));
                number += 1;
            }
            dir
        })
        .collect()
}

fn id_of(entry: &TestEntry) -> &str {
    match entry {
        TestEntry::Ready(plan) => &plan.id,
        TestEntry::Invalid(test) => &test.id,
    }
}

/// The longest part of a path that is made from a name; file systems allow 255 bytes, and something may follow.
const LONGEST_NAME: usize = 100;

/// A name that is short enough for a file; where it has to be cut, a hash keeps it apart from others.
pub(crate) fn bounded_name(name: &str) -> Cow<'_, str> {
    if name.len() <= LONGEST_NAME {
        return Cow::Borrowed(name);
    }
    let digest = Sha1::digest(name.as_bytes());
    let hash = u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]);
    let mut end = LONGEST_NAME;
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    Cow::Owned(format!("{}-{hash:08x}", &name[..end]))
}

/// A log of its own: two instances of an effect may be set up at the same time, so only making the file tells whose it
/// is. The number is unique among those of a directory.
pub(crate) fn fresh_log(dir: &Path, name: &str, number: u32) -> io::Result<(File, PathBuf)> {
    let make = |name: String| {
        let path = dir.join(name);
        File::create_new(&path).map(|file| (file, path))
    };
    make(format!("{name}.log")).or_else(|_| make(format!("{name}.{number}.log")))
}

#[cfg(test)]
mod tests {
    use relux_model::plan::InvalidTest;

    use super::*;

    fn entry(id: &str, file: &str) -> TestEntry {
        TestEntry::Invalid(InvalidTest {
            id: id.to_owned(),
            name: String::new(),
            file: file.to_owned(),
            errors: Vec::new(),
        })
    }

    #[test]
    fn every_test_has_a_directory_of_its_own_inside_of_the_run() {
        let dirs = test_dirs(&[
            entry("a.relux/x", "relux/tests/a.relux"),
            entry("a.relux/x", "relux/tests/a.relux"),
            entry("a.relux/", "relux/tests/a.relux"),
            entry("b.relux/y", "../../b.relux"),
        ]);
        let dirs: Vec<_> = dirs
            .iter()
            .map(|dir| dir.to_string_lossy().into_owned())
            .collect();
        assert_eq!(
            dirs,
            [
                "logs/relux/tests/a.relux/x",
                "logs/relux/tests/a.relux/x.2",
                "logs/relux/tests/a.relux/test",
                "logs/b.relux/y",
            ]
        );
    }

    #[test]
    fn long_names_are_cut_and_stay_apart() {
        let (one, other) = (format!("{}1", "ä".repeat(200)), format!("{}2", "ä".repeat(200)));
        let (one, other) = (bounded_name(&one), bounded_name(&other));
        assert!(one.len() < 120 && one != other, "{one} {other}");
        assert_eq!(bounded_name("short"), "short");
    }

    #[test]
    fn logs_that_are_made_at_the_same_time_are_different_files() {
        const LOGS: u32 = 8;
        for _ in 0..50 {
            let dir = tempfile::tempdir().expect("a directory");
            let together = std::sync::Barrier::new(LOGS as usize);
            let (dir, together) = (dir.path(), &together);
            std::thread::scope(|scope| {
                for number in 0..LOGS {
                    scope.spawn(move || {
                        together.wait();
                        fresh_log(dir, "s", number).expect("a log");
                    });
                }
            });
            assert_eq!(fs::read_dir(dir).expect("a directory").count(), LOGS as usize);
        }
    }

    #[test]
    fn the_latest_link_is_relative_and_moves_on() {
        let root = tempfile::tempdir().expect("a directory");
        let now = Timestamp::from_second(0).expect("the epoch");
        for id in ["first", "second"] {
            let dir = RunDir::create(root.path(), id, now).expect("writable");
            dir.point_latest().expect("links");
            let target = fs::read_link(root.path().join("relux/out/latest")).expect("a link");
            assert_eq!(target, Path::new(&format!("run-1970-01-01-00-00-00-{id}")));
        }
    }

    #[test]
    fn a_link_that_cannot_be_made_is_a_sentence() {
        let root = tempfile::tempdir().expect("a directory");
        fs::create_dir_all(root.path().join("relux/out/latest/mine")).expect("writable");
        let dir = RunDir::create(root.path(), "x", Timestamp::UNIX_EPOCH).expect("the run's own directory");
        let error = dir.point_latest().expect_err("a directory is in the way");
        assert!(error.contains("relux/out/latest at this run"), "{error}");
    }

    #[test]
    fn an_unusable_directory_is_an_error_with_its_path() {
        let root = tempfile::tempdir().expect("a directory");
        fs::write(root.path().join("relux"), "a file").expect("writable");
        let error = RunDir::create(root.path(), "x", Timestamp::UNIX_EPOCH).expect_err("not a directory");
        assert!(error.to_string().contains("relux/out"), "{error}");
    }
}
