//! From the current directory to a loaded suite, and from paths as typed to paths as the model names them.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use camino::{Utf8Path, Utf8PathBuf};
use relux_model::discover::{self, MANIFEST};
use relux_model::manifest::{Manifest, parse_manifest};
use relux_model::system::{EntryKind, System};
use relux_model::{RootDb, Suite};

use crate::os_system::{self, OsSystem};

/// A suite in a database.
pub(crate) struct Loaded {
    pub(crate) db: RootDb,
    pub(crate) suite: Suite,
    pub(crate) root: Utf8PathBuf,
    current: Utf8PathBuf,
}

impl Loaded {
    /// The suite of `--manifest`, or of the nearest `Relux.toml` upwards.
    pub(crate) fn open(manifest: Option<&Path>) -> Result<Self> {
        let current = current_directory()?;
        let root = Self::find_root(manifest)?;
        let db = RootDb::default();
        let suite = discover::load_suite(&db, &OsSystem, &root);
        Ok(Self {
            db,
            suite,
            root,
            current,
        })
    }

    /// The directory of the suite of `--manifest`, or of the nearest `Relux.toml` upwards.
    pub(crate) fn find_root(manifest: Option<&Path>) -> Result<Utf8PathBuf> {
        let current = current_directory()?;
        match manifest {
            Some(path) => root_of(&current, path),
            None => discover::find_root(&OsSystem, &current).with_context(|| no_manifest(&current)),
        }
    }

    /// What to put before a path of the suite so that it leads there from the current directory.
    pub(crate) fn prefix(&self) -> String {
        if self.root == self.current {
            return String::new();
        }
        if let Ok(below) = self.root.strip_prefix(&self.current) {
            return format!("{below}/");
        }
        if let Ok(above) = self.current.strip_prefix(&self.root) {
            return "../".repeat(above.components().count());
        }
        format!("{}/", self.root)
    }

    /// A path as typed, as a path below the suite root; an error if it does not exist or lies outside.
    pub(crate) fn resolve(&self, typed: &Path) -> Result<Selected> {
        let shown = typed.display();
        let typed = Utf8Path::from_path(typed).with_context(|| format!("the path {shown} is not UTF-8"))?;
        let absolute = self.current.join(typed);
        let real = absolute
            .canonicalize_utf8()
            .map_err(|error| anyhow::anyhow!("cannot read {shown}: {}", os_system::words(&error)))?;
        let root = self
            .root
            .canonicalize_utf8()
            .unwrap_or_else(|_| self.root.clone());
        // A path through a link inside the suite keeps its name; only where that fails the real place counts, as behind
        // a link, where `..` does not lead back.
        let lexical = normal(&absolute);
        let same = lexical.canonicalize_utf8().is_ok_and(|path| path == real);
        let below = lexical
            .strip_prefix(&self.root)
            .ok()
            .filter(|_| same)
            .or_else(|| real.strip_prefix(&root).ok());
        let Some(below) = below else {
            bail!("{shown} lies outside of the suite at {}", self.root);
        };
        let below = below.to_string();
        let directory = matches!(OsSystem.kind(&real), Ok(EntryKind::Directory));
        Ok(Selected {
            path: below,
            directory,
        })
    }
}

/// Why there is no suite here.
fn no_manifest(current: &Utf8Path) -> String {
    let is_directory =
        |path: &Utf8PathBuf| matches!(OsSystem.kind(path), Ok(EntryKind::Directory | EntryKind::Other));
    let mut odd = current.ancestors().map(|directory| directory.join(MANIFEST));
    if let Some(odd) = odd.find(is_directory) {
        return format!(
            "{odd} is not a file\nhelp: a suite begins with a file {MANIFEST}, which may be empty; rename what is there"
        );
    }
    format!(
        "no {MANIFEST} in {current} or any directory above it\n\
         help: `relux init` makes a suite here; --manifest FILE names one elsewhere"
    )
}

/// The settings of the suite, without loading it: of `--manifest`, or of the nearest `Relux.toml` upwards, if there is one.
pub(crate) fn settings(manifest: Option<&Path>) -> Result<Option<Manifest>> {
    let current = current_directory()?;
    let root = match manifest {
        Some(path) => Some(root_of(&current, path)?),
        None => discover::find_root(&OsSystem, &current),
    };
    let Some(root) = root else { return Ok(None) };
    let path = root.join(MANIFEST);
    let bytes = OsSystem
        .read(&path)
        .map_err(|error| anyhow::anyhow!("cannot read {path}: {error}"))?;
    Ok(Some(parse_manifest(&String::from_utf8_lossy(&bytes))))
}

/// A file or directory of the suite, by path below its root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Selected {
    pub(crate) path: String,
    pub(crate) directory: bool,
}

impl Selected {
    /// Whether a file of the suite is meant.
    pub(crate) fn holds(&self, file: &str) -> bool {
        let below = || {
            file.strip_prefix(self.path.as_str())
                .is_some_and(|rest| rest.starts_with('/'))
        };
        if self.directory {
            self.path.is_empty() || below()
        } else {
            file == self.path
        }
    }
}

fn current_directory() -> Result<Utf8PathBuf> {
    let path = std::env::current_dir().context("the current directory cannot be read")?;
    Utf8PathBuf::from_path_buf(path)
        .map_err(|path| anyhow::anyhow!("the current directory {} is not UTF-8", path.display()))
}

fn root_of(current: &Utf8Path, manifest: &Path) -> Result<Utf8PathBuf> {
    let shown = manifest.display();
    let manifest = Utf8PathBuf::from_path_buf(PathBuf::from(manifest))
        .map_err(|path| anyhow::anyhow!("the path {} is not UTF-8", path.display()))?;
    let path = current.join(manifest);
    match OsSystem.kind(&path) {
        Ok(EntryKind::File { .. }) => {}
        Ok(_) => bail!("{shown} is not a file; --manifest takes a {MANIFEST}"),
        Err(error) => bail!("cannot read {shown}: {error}"),
    }
    if path.file_name() != Some(MANIFEST) {
        bail!("{shown} must be called {MANIFEST}");
    }
    let directory = path.parent().unwrap_or(current);
    directory
        .canonicalize_utf8()
        .with_context(|| format!("cannot read {shown}"))
}

/// The absolute path without `.` and `..`.
fn normal(path: &Utf8Path) -> Utf8PathBuf {
    let mut parts = Utf8PathBuf::from("/");
    for part in path.components() {
        match part {
            camino::Utf8Component::ParentDir => {
                parts.pop();
            }
            camino::Utf8Component::Normal(name) => parts.push(name),
            _ => {}
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directories_hold_what_lies_below() {
        let directory = Selected {
            path: "relux/tests/db".to_owned(),
            directory: true,
        };
        assert!(directory.holds("relux/tests/db/smoke.relux"));
        assert!(!directory.holds("relux/tests/db2/smoke.relux"));
        let root = Selected {
            path: String::new(),
            directory: true,
        };
        assert!(root.holds("relux/lib/a.relux"));
        let file = Selected {
            path: "relux/tests/a.relux".to_owned(),
            directory: false,
        };
        assert!(file.holds("relux/tests/a.relux") && !file.holds("relux/tests/a.relux/b"));
    }

    #[test]
    fn dots_disappear() {
        assert_eq!(
            normal(Utf8Path::new("/suite/relux/./tests/../lib/a.relux")),
            "/suite/relux/lib/a.relux"
        );
        assert_eq!(normal(Utf8Path::new("/suite/../../relux")), "/relux");
    }
}
