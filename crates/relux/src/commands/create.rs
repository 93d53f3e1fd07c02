//! New files: complete or not at all, and never over something that exists.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use anyhow::{Result, anyhow, bail};

use crate::os_system::words;

/// Whether something has this path, also a link that leads nowhere.
pub(super) fn exists(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// Makes a file with its directories.
pub(super) fn create(path: &Path, text: &str) -> Result<()> {
    let directory = path.parent().unwrap_or(Path::new(""));
    create_directory(directory)?;
    match fresh(path, text) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            bail!("{} exists already; nothing was changed", path.display())
        }
        made => made.map_err(|error| anyhow!("cannot write {}: {}", path.display(), words(&error))),
    }
}

/// Makes a directory with those above it, unless it is there.
pub(super) fn create_directory(directory: &Path) -> Result<()> {
    fs::create_dir_all(directory)
        .map_err(|error| anyhow!("cannot make {}: {}", directory.display(), words(&error)))
}

/// Fails if the file exists; leaves nothing behind if it cannot be written.
fn fresh(path: &Path, text: &str) -> io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(text.as_bytes()).inspect_err(|_| {
        let _ = fs::remove_file(path);
    })
}
