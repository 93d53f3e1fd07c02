//! Which suite a file belongs to, and whether its manifest excludes it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use relux_model::discover::MANIFEST;
use relux_model::manifest::{Excluded, parse_manifest};
use relux_syntax::{LineIndex, Severity};

/// A suite as far as formatting has to do with it.
#[derive(Debug)]
pub(super) struct Suite {
    pub(super) root: PathBuf,
    excluded: Excluded,
}

impl Suite {
    fn read(root: &Path) -> Result<Self> {
        let path = root.join(MANIFEST);
        let shown = path.display();
        let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {shown}"))?;
        let manifest = parse_manifest(&text);
        // Without knowing what is excluded nothing must be written.
        if let Some(error) = manifest
            .diagnostics
            .iter()
            .find(|it| it.severity == Severity::Error)
        {
            let line = LineIndex::new(&text).line(error.range.start) + 1;
            bail!("{shown}:{line}: {}", error.message);
        }
        Ok(Self {
            root: root.to_owned(),
            excluded: Excluded::new(&manifest.fmt_exclude),
        })
    }

    /// Whether `[fmt] exclude` names an absolute path, or a directory above it.
    pub(super) fn excludes(&self, path: &Path) -> bool {
        let below = path.strip_prefix(&self.root).ok().and_then(Path::to_str);
        below.is_some_and(|below| self.excluded.holds(below))
    }
}

/// Suites by directory. Every manifest is read once.
#[derive(Debug, Default)]
pub(super) struct Suites {
    by_directory: HashMap<PathBuf, Option<Arc<Suite>>>,
}

impl Suites {
    /// The suite of an absolute directory: the nearest one upwards with a manifest.
    pub(super) fn of(&mut self, directory: &Path) -> Result<Option<Arc<Suite>>> {
        if let Some(known) = self.by_directory.get(directory) {
            return Ok(known.clone());
        }
        let suite = if directory.join(MANIFEST).is_file() {
            Some(Arc::new(Suite::read(directory)?))
        } else if let Some(parent) = directory.parent() {
            self.of(parent)?
        } else {
            None
        };
        self.by_directory.insert(directory.to_owned(), suite.clone());
        Ok(suite)
    }
}
