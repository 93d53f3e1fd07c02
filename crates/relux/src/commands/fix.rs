//! `relux check --fix`: applies fixes in memory, then replaces the files that changed, each in one step.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use relux_model::SourceFile;
use relux_model::apply_fixes::{Fixed, fix_all};
use relux_syntax::Applicability;

use crate::suite::Loaded;

/// Applies the fixes of these files and writes what changed.
pub(super) fn fix(loaded: &mut Loaded, files: &[SourceFile], with_unsafe: bool) -> Result<Fixed> {
    let most = if with_unsafe {
        Applicability::Unsafe
    } else {
        Applicability::Safe
    };
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let fixed = fix_all(&mut loaded.db, loaded.suite, files, most, threads);
    for file in &fixed.changed {
        let path = loaded.root.join(&**file.path(&loaded.db));
        replace(path.as_std_path(), file.text(&loaded.db))
            .with_context(|| format!("cannot write {path}; it is as it was"))?;
    }
    Ok(fixed)
}

/// Replaces a file's content in one step: whoever reads it sees the old text or the new one, also if this process is
/// killed in between. Links stay links, and permissions stay.
fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let path = fs::canonicalize(path)?;
    let directory = path.parent().unwrap_or(Path::new("/"));
    let mut new = tempfile::Builder::new()
        .prefix(".relux-")
        .tempfile_in(directory)?;
    new.write_all(text.as_bytes())?;
    new.as_file()
        .set_permissions(fs::metadata(&path)?.permissions())?;
    new.as_file().sync_all()?;
    new.persist(&path)?;
    Ok(())
}
