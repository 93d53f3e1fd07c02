//! The writing side: owns the database and what lies over the disk, and takes in every change.
//!
//! A write waits until all snapshots are dropped, so whoever owns the host must not hold one meanwhile.

use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use relux_model::discover::{self, MANIFEST};
use relux_model::system::{EntryKind, OverlaySystem, System, read_text};
use relux_model::{RootDb, SourceFile, Suite};
use rustc_hash::FxHashSet;

use crate::analysis::Analysis;
use crate::suites::{Entry, Suites};

/// Something that happened to a path on the disk. Directories count for everything below them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DiskChange {
    /// It appeared.
    Created(Utf8PathBuf),
    /// Its content changed.
    Changed(Utf8PathBuf),
    /// It is gone.
    Deleted(Utf8PathBuf),
}

impl DiskChange {
    fn path(&self) -> &Utf8Path {
        match self {
            Self::Created(path) | Self::Changed(path) | Self::Deleted(path) => path,
        }
    }
}

/// Owner of the database, of the open buffers and of the table of files.
#[derive(Debug)]
pub struct AnalysisHost {
    db: RootDb,
    system: OverlaySystem,
    suites: Arc<Suites>,
    open: FxHashSet<Utf8PathBuf>,
    /// Modules of suites that were loaded since somebody asked.
    loaded: Vec<Utf8PathBuf>,
}

impl AnalysisHost {
    /// A host that knows no file yet.
    pub fn new(disk: Arc<dyn System>) -> Self {
        Self {
            db: RootDb::default(),
            system: OverlaySystem::new(disk),
            suites: Arc::default(),
            open: FxHashSet::default(),
            loaded: Vec::new(),
        }
    }

    /// A snapshot to read from, for another thread.
    pub fn analysis(&self) -> Analysis {
        Analysis::new(self.db.clone(), Arc::clone(&self.suites))
    }

    /// The manifests of all loaded suites, sorted.
    pub fn manifests(&self) -> Vec<Utf8PathBuf> {
        let roots = self.suites.by_root.keys();
        let mut manifests: Vec<Utf8PathBuf> = roots.map(|root| root.join(MANIFEST)).collect();
        manifests.sort();
        manifests
    }

    /// Loads the suite with this root, unless it is known.
    pub fn load_suite(&mut self, root: &Utf8Path) {
        if !self.suites.by_root.contains_key(root) {
            self.load(root);
        }
    }

    /// Forgets the suites in and around some directories, but for those in and around `kept` and those of open buffers.
    pub fn unload_at(&mut self, directories: &[Utf8PathBuf], kept: &[Utf8PathBuf]) {
        let at = |root: &Utf8Path, all: &[Utf8PathBuf]| {
            all.iter().any(|it| root.starts_with(it) || it.starts_with(root))
        };
        let is_open = |suite: Suite| {
            let entries = self.open.iter().filter_map(|it| self.suites.entry(it));
            entries.into_iter().any(|entry| entry.suite == suite)
        };
        let roots = self.suites.by_root.iter();
        let gone: Vec<Utf8PathBuf> = roots
            .filter(|(root, suite)| at(root, directories) && !at(root, kept) && !is_open(**suite))
            .map(|(root, _)| root.clone())
            .collect();
        let suites = Arc::make_mut(&mut self.suites);
        for root in gone {
            if let Some(suite) = suites.by_root.remove(&root) {
                suites.files.retain(|_, entry| entry.suite != suite);
            }
        }
    }

    /// The suite that opening a file would load, as far as it is not loaded yet.
    pub fn unloaded_root(&self, path: &Utf8Path) -> Option<Utf8PathBuf> {
        let root = path
            .is_absolute()
            .then(|| discover::find_root(&self.system, path))
            .flatten();
        root.filter(|root| !self.suites.by_root.contains_key(root))
    }

    /// The modules of suites that were loaded since this was asked last.
    pub fn take_loaded(&mut self) -> Vec<Utf8PathBuf> {
        std::mem::take(&mut self.loaded)
    }

    /// What is under the buffers, for those who look before anything is loaded.
    pub fn system(&self) -> &dyn System {
        &self.system
    }

    /// Drops the trees of all but the modules that were read last. Stops whoever reads.
    pub fn drop_trees(&mut self) {
        self.db.drop_trees();
    }

    /// Opens a buffer over the disk, and loads its suite if that is new. A path that is not absolute is a buffer
    /// without a file and makes a suite of its own.
    pub fn open(&mut self, path: &Utf8Path, text: &Arc<str>) {
        self.system.open(path, text);
        self.open.insert(path.to_owned());
        self.ensure(path);
        self.set(path, text);
    }

    /// Replaces the text of an open buffer.
    pub fn change(&mut self, path: &Utf8Path, text: &Arc<str>) {
        if self.open.contains(path) {
            self.system.open(path, text);
            self.set(path, text);
        }
    }

    /// Closes a buffer: what the disk says holds again.
    pub fn close(&mut self, path: &Utf8Path) {
        self.open.remove(path);
        self.system.close(path);
        if path.is_absolute() {
            self.disk_changed(&[DiskChange::Changed(path.to_owned())]);
        } else {
            Arc::make_mut(&mut self.suites).files.remove(path);
        }
    }

    /// Takes in changes on the disk. Open buffers keep hiding their files.
    pub fn disk_changed(&mut self, changes: &[DiskChange]) {
        if changes.iter().any(|change| self.moves_a_manifest(change)) {
            return self.start_over();
        }
        let mut rescan = FxHashSet::default();
        for change in changes {
            let path = change.path();
            match (self.suites.entry(path), change) {
                (Some(entry), _) if self.exists(path) => self.reload(path, entry.file),
                (None, DiskChange::Changed(_)) => {}
                _ => rescan.extend(self.roots_of(path)),
            }
        }
        for root in rescan {
            self.scan(&root);
        }
    }

    /// Whether a manifest came or went. Editors also call it "created" when a known one was saved or replaced.
    fn moves_a_manifest(&self, change: &DiskChange) -> bool {
        let path = change.path();
        let replaced = || self.suites.entry(path).is_some() && self.exists(path);
        !matches!(change, DiskChange::Changed(_)) && path.file_name() == Some(MANIFEST) && !replaced()
    }

    fn exists(&self, path: &Utf8Path) -> bool {
        matches!(self.system.kind(path), Ok(EntryKind::File { .. }))
    }

    /// Loaded suites that a path may belong to: the one above it, and those below it if it is a directory.
    fn roots_of(&self, path: &Utf8Path) -> Vec<Utf8PathBuf> {
        let related = |root: &&Utf8PathBuf| path.starts_with(root) || root.starts_with(path);
        self.suites.by_root.keys().filter(related).cloned().collect()
    }

    /// Forgets all suites and loads those of the open buffers anew: the borders between suites have moved.
    fn start_over(&mut self) {
        self.suites = Arc::default();
        for path in self.open.clone() {
            self.ensure(&path);
        }
    }

    fn set(&mut self, path: &Utf8Path, text: &Arc<str>) {
        if let Some(entry) = self.suites.entry(path) {
            entry.file.update(&mut self.db, Arc::clone(text));
        }
    }

    fn reload(&mut self, path: &Utf8Path, file: SourceFile) {
        let loaded = read_text(&self.system, path);
        file.load(&mut self.db, loaded);
    }

    /// Makes sure that an open buffer is known: by its suite, otherwise as a single file.
    fn ensure(&mut self, path: &Utf8Path) {
        let root = path
            .is_absolute()
            .then(|| discover::find_root(&self.system, path))
            .flatten();
        if let Some(root) = root {
            if !self.suites.by_root.contains_key(&root) {
                self.load(&root);
            } else if self.suites.entry(path).is_none() {
                self.scan(&root);
            }
        }
        if self.suites.entry(path).is_none() {
            self.load_single(path);
        }
        self.mark_open(path);
    }

    /// Tells the model that a known file is open.
    fn mark_open(&mut self, path: &Utf8Path) {
        if let Some(entry) = self.suites.entry(path) {
            entry.file.open(&mut self.db);
        }
    }

    fn load(&mut self, root: &Utf8Path) {
        let suite = discover::load_suite(&self.db, &self.system, root);
        let files = self.files_of(suite);
        let modules = suite.files(&self.db).iter();
        self.loaded
            .extend(modules.map(|file| root.join(&**file.path(&self.db))));
        let suites = Arc::make_mut(&mut self.suites);
        suites.by_root.insert(root.to_owned(), suite);
        suites.enter(root, suite, files);
    }

    fn load_single(&mut self, path: &Utf8Path) {
        let suite = discover::load_single_file(&self.db, &self.system, path);
        if let Some(&file) = suite.files(&self.db).first() {
            let suites = Arc::make_mut(&mut self.suites);
            suites.files.insert(path.to_owned(), Entry { suite, file });
        }
    }

    /// Compares a loaded suite with what is there now: new files come, others go, known ones stay as they are.
    fn scan(&mut self, root: &Utf8Path) {
        let Some(&suite) = self.suites.by_root.get(root) else {
            return;
        };
        let listing = discover::list(&self.system, root);
        let known = Arc::clone(&self.suites);
        let (modules, dot_envs) = discover::source_files(&listing, |path, problem| {
            let entry = known.entry(&root.join(path));
            let entry = entry.filter(|entry| {
                entry.suite == suite && (problem.is_none() || *entry.file.problem(&self.db) == problem)
            });
            entry.map_or_else(
                || discover::new_file(&self.db, &self.system, root, path, problem),
                |entry| entry.file,
            )
        });
        suite.update_files(&mut self.db, modules);
        suite.update_dot_env_files(&mut self.db, dot_envs);
        let files = self.files_of(suite);
        Arc::make_mut(&mut self.suites).enter(root, suite, files);
        // An open buffer whose file left the suite goes on as a single file.
        for path in self.open.clone() {
            if self.suites.entry(&path).is_none() {
                self.load_single(&path);
            }
            if self.suites.entry(&path) != known.entry(&path) {
                self.mark_open(&path);
            }
        }
    }

    fn files_of(&self, suite: Suite) -> Vec<(String, SourceFile)> {
        let modules = suite.files(&self.db).iter();
        let dot_envs = suite.dot_env_files(&self.db).iter();
        let manifest = suite.manifest_file(&self.db);
        modules
            .chain(dot_envs)
            .copied()
            .chain(manifest)
            .map(|file| (file.path(&self.db).to_string(), file))
            .collect()
    }
}

#[cfg(test)]
mod stopping;
#[cfg(test)]
mod tests;
