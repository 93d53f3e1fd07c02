//! What is set from outside, and the keys of queries. Everything else in this crate is a function of these.
//!
//! Inputs are only ever set; no query reads a file or the environment of the process.
#![expect(
    missing_docs,
    reason = "the macros of salsa generate constructors and builders without docs"
)]

use std::sync::Arc;

use relux_syntax::Parse;
use relux_syntax::diagnostic::FilePath;
use relux_syntax::validation::is_import_path;
use salsa::{Durability, Setter};

use crate::db::Db;
use crate::items::Def;
use crate::known::Known;
use crate::parse::parse;
use crate::problem::FileProblem;
use crate::system::LoadedText;

/// A file of a suite: a module, the manifest, or a `.env` file.
#[salsa::input(debug)]
pub struct SourceFile {
    /// Path below the suite root with `/` separators: `relux/tests/db/smoke.relux`. Never changes.
    #[returns(ref)]
    pub path: FilePath,
    /// The whole text. Bytes that are not UTF-8 are replaced, and [`SourceFile::problem`] says so.
    #[returns(ref)]
    pub text: Arc<str>,
    /// Why the file could not be read as it is.
    #[returns(ref)]
    pub problem: Option<FileProblem>,
    /// The tree of an earlier text, from which a large file is parsed again faster. It never changes a result.
    #[returns(ref)]
    pub hint: Option<Parse>,
    /// What another database has read from this text. It never changes a result.
    #[returns(ref)]
    pub known: Option<Known>,
}

/// Smaller files are parsed afresh in less than a millisecond.
const LARGE_BYTES: usize = 64 << 10;

impl SourceFile {
    /// A file as it is on disk.
    pub fn create(db: &dyn Db, path: impl Into<FilePath>, text: impl Into<Arc<str>>) -> Self {
        Self::create_with_problem(db, path, text, None)
    }

    /// The same for a file that could not be read as it is.
    pub fn create_with_problem(
        db: &dyn Db,
        path: impl Into<FilePath>,
        text: impl Into<Arc<str>>,
        problem: Option<FileProblem>,
    ) -> Self {
        // Files that nobody types in are validated in one step, whatever happens to those that somebody does.
        Self::builder(path.into(), text.into(), problem, None, None)
            .durability(Durability::HIGH)
            .path_durability(Durability::NEVER_CHANGE)
            .new(db)
    }

    /// The same module in another database, which need not read it again.
    #[must_use = "it is a file of the other database"]
    pub fn copy(self, from: &dyn Db, suite: Suite, to: &dyn Db) -> Self {
        let known = Some(Known::of(from, suite, self));
        let (path, text, problem) = (self.path(from), self.text(from), self.problem(from));
        Self::builder(path.clone(), text.clone(), problem.clone(), None, known)
            .durability(Durability::HIGH)
            .path_durability(Durability::NEVER_CHANGE)
            .new(to)
    }

    /// Says that somebody opened the file to edit it. Where that is not said, the first edit costs as much as a change of
    /// everything that others see of the file.
    pub fn open(self, db: &mut dyn Db) {
        let text = self.text(db).clone();
        self.set_text(db).with_durability(Durability::LOW).to(text);
    }

    /// Replaces the text of a file that somebody is editing. Setting an equal text is no change.
    pub fn update(self, db: &mut dyn Db, text: impl Into<Arc<str>>) {
        let text = text.into();
        if self.problem(db).is_some() {
            self.set_problem(db).to(None);
        }
        if self.text(db) == &text {
            return;
        }
        self.forget(db);
        let large = text.len() >= LARGE_BYTES;
        if large || self.hint(db).is_some() {
            let old = large.then(|| parse(db, self).clone());
            self.set_hint(db).with_durability(Durability::LOW).to(old);
        }
        self.set_text(db).with_durability(Durability::LOW).to(text);
    }

    /// Takes over what was read anew, because the file changed on disk or is no longer edited.
    pub fn load(self, db: &mut dyn Db, loaded: LoadedText) {
        if self.text(db) != &loaded.text {
            self.forget(db);
            self.set_text(db)
                .with_durability(Durability::HIGH)
                .to(loaded.text);
        }
        if self.problem(db) != &loaded.problem {
            self.set_problem(db).to(loaded.problem);
        }
        if self.hint(db).is_some() {
            self.set_hint(db).with_durability(Durability::HIGH).to(None);
        }
    }

    fn forget(self, db: &mut dyn Db) {
        if self.known(db).is_some() {
            self.set_known(db).to(None);
        }
    }

    /// Module id: the path below `relux` without extension, `lib/api/http`; the whole stem outside of it.
    pub fn module_id(self, db: &dyn Db) -> &str {
        let path: &str = self.path(db);
        let path = path.strip_prefix("relux/").unwrap_or(path);
        path.strip_suffix(".relux").unwrap_or(path)
    }

    /// Path under which the file can be imported: `api/http` for `relux/lib/api/http.relux`.
    pub fn import_path(self, db: &dyn Db) -> Option<&str> {
        self.path(db).strip_prefix("relux/lib/")?.strip_suffix(".relux")
    }

    /// [`Self::import_path`] where an `import` can be followed by it: what may be proposed to be written.
    pub fn proper_import_path(self, db: &dyn Db) -> Option<&str> {
        self.import_path(db).filter(|it| is_import_path(it))
    }
}

/// A suite: one `Relux.toml` and what lies below it, or a single file without one.
#[salsa::input(debug)]
pub struct Suite {
    /// Absolute path of the directory of `Relux.toml`.
    #[returns(ref)]
    pub root: Arc<str>,
    /// Modules below `relux/tests` and `relux/lib`, sorted by path.
    #[returns(ref)]
    pub files: Arc<[SourceFile]>,
    /// `Relux.toml`; `None` in single-file mode.
    #[returns(copy)]
    pub manifest_file: Option<SourceFile>,
    /// `.env` files at the root, in `relux`, and in directories below `relux/tests`, sorted by path.
    #[returns(ref)]
    pub dot_env_files: Arc<[SourceFile]>,
    /// The environment of the process, without `__RELUX*` names.
    #[returns(ref)]
    pub host_env: Arc<HostEnv>,
}

impl Suite {
    /// A suite; `files` and `dot_env_files` may come in any order.
    pub fn create(
        db: &dyn Db,
        root: impl Into<Arc<str>>,
        files: Vec<SourceFile>,
        manifest_file: Option<SourceFile>,
        dot_env_files: Vec<SourceFile>,
        host_env: HostEnv,
    ) -> Self {
        Self::builder(
            root.into(),
            sorted(db, files),
            manifest_file,
            sorted(db, dot_env_files),
            Arc::new(host_env),
        )
        .durability(Durability::HIGH)
        .new(db)
    }

    /// Replaces the list of modules.
    pub fn update_files(self, db: &mut dyn Db, files: Vec<SourceFile>) {
        let files = sorted(db, files);
        if self.files(db) != &files {
            self.set_files(db).to(files);
        }
    }

    /// Replaces the list of `.env` files.
    pub fn update_dot_env_files(self, db: &mut dyn Db, files: Vec<SourceFile>) {
        let files = sorted(db, files);
        if self.dot_env_files(db) != &files {
            self.set_dot_env_files(db).to(files);
        }
    }
}

fn sorted(db: &dyn Db, mut files: Vec<SourceFile>) -> Arc<[SourceFile]> {
    files.sort_by(|a, b| a.path(db).cmp(b.path(db)));
    files.dedup();
    files.into()
}

/// Names and values of the environment of the process, sorted by name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HostEnv {
    entries: Vec<(String, String)>,
}

impl HostEnv {
    /// From pairs in any order; the last of equal names wins, and `__RELUX*` names are dropped because the runner
    /// sets them itself.
    pub fn new(entries: impl IntoIterator<Item = (String, String)>) -> Self {
        let map: std::collections::BTreeMap<String, String> = entries
            .into_iter()
            .filter(|(name, _)| !name.starts_with("__RELUX"))
            .collect();
        Self {
            entries: map.into_iter().collect(),
        }
    }

    /// The value of a name, which may be empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.entries
            .binary_search_by(|(other, _)| other.as_str().cmp(name))
            .ok()
            .map(|at| self.entries[at].1.as_str())
    }

    /// All names with their values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.entries.iter().map(|(n, v)| (n.as_str(), v.as_str()))
    }
}

/// A [`Def`] as a key of queries.
#[salsa::interned(debug)]
pub struct Definition<'db> {
    /// File and id.
    #[returns(ref)]
    pub def: Def,
}
