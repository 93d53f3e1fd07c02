//! `relux check --fix`: applies fixes in memory, then replaces the files that changed, each in one step.

use anyhow::{Context, Result};
use relux_model::SourceFile;
use relux_model::apply_fixes::{Fixed, fix_all};
use relux_syntax::Applicability;

use super::replace::replace;
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
