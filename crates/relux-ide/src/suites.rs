//! Which files are known and to which suite each belongs: the nearest `Relux.toml` upwards decides.
//!
//! It is data only; loading and changing happens in the host.

use camino::{Utf8Path, Utf8PathBuf};
use relux_model::{Db, SourceFile, Suite};
use rustc_hash::FxHashMap;

/// A file in the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The suite it belongs to; of its own in single-file mode.
    pub(crate) suite: Suite,
    /// The file.
    pub(crate) file: SourceFile,
}

/// All known files by absolute path, and all suites by their root.
#[derive(Debug, Clone, Default)]
pub(crate) struct Suites {
    pub(crate) by_root: FxHashMap<Utf8PathBuf, Suite>,
    pub(crate) files: FxHashMap<Utf8PathBuf, Entry>,
}

/// Where a file stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// In a suite, which can run it or import it.
    InSuite,
    /// Below the root of this suite, but where it has no modules.
    Beside(Utf8PathBuf),
    /// No suite is around it.
    Alone,
    /// It is no file yet.
    Unsaved,
}

impl Suites {
    /// Where a known file stands; `has_manifest` is whether its own suite has one.
    pub(crate) fn standing(&self, path: &Utf8Path, has_manifest: bool) -> Standing {
        if has_manifest {
            return Standing::InSuite;
        }
        if !path.is_absolute() {
            return Standing::Unsaved;
        }
        let around = path.ancestors().skip(1).find(|it| self.by_root.contains_key(*it));
        around.map_or(Standing::Alone, |root| Standing::Beside(root.to_owned()))
    }

    /// The file at an absolute path.
    pub(crate) fn entry(&self, path: &Utf8Path) -> Option<Entry> {
        self.files.get(path).copied()
    }

    /// All suites, each once, those with a root first and by root.
    pub(crate) fn all(&self) -> Vec<Suite> {
        let mut roots: Vec<(&Utf8PathBuf, &Suite)> = self.by_root.iter().collect();
        roots.sort_by_key(|(root, _)| *root);
        let mut all: Vec<Suite> = roots.into_iter().map(|(_, suite)| *suite).collect();
        let mut single: Vec<(&Utf8PathBuf, &Entry)> = self.files.iter().collect();
        single.retain(|(_, entry)| !all.contains(&entry.suite));
        single.sort_by_key(|(path, _)| *path);
        all.extend(single.into_iter().map(|(_, entry)| entry.suite));
        all
    }

    /// Those that can be run: a file without a manifest around it cannot.
    pub(crate) fn runnable(&self, db: &dyn Db) -> Vec<Suite> {
        let mut all = self.all();
        all.retain(|suite| suite.manifest_file(db).is_some());
        all
    }

    /// Enters the files of a suite and forgets those that left it.
    pub(crate) fn enter(&mut self, root: &Utf8Path, suite: Suite, files: Vec<(String, SourceFile)>) {
        self.files.retain(|_, entry| entry.suite != suite);
        for (path, file) in files {
            self.files.insert(root.join(path), Entry { suite, file });
        }
    }
}
