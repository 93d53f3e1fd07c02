//! The disk and the environment of this process, as the model's `System`.
//!
//! The only place where the checker and the language server touch files; the model itself cannot.

use std::fs;
use std::io;

use camino::Utf8Path;
use relux_model::system::{DirEntry, EntryKind, System, SystemError};

/// Files on disk, environment of the process.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct OsSystem;

impl System for OsSystem {
    fn read(&self, path: &Utf8Path) -> Result<Vec<u8>, SystemError> {
        fs::read(path).map_err(|error| reason(&error))
    }

    fn kind(&self, path: &Utf8Path) -> Result<EntryKind, SystemError> {
        fs::metadata(path)
            .map(|metadata| kind_of(&metadata))
            .map_err(|error| reason(&error))
    }

    fn read_dir(&self, path: &Utf8Path) -> Result<Vec<DirEntry>, SystemError> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(path).map_err(|error| reason(&error))? {
            let entry = entry.map_err(|error| reason(&error))?;
            let Ok(file_type) = entry.file_type() else {
                continue;
            };
            // Following a link tells what stands behind it; a dangling one is nothing.
            let kind = fs::metadata(entry.path()).map_or(EntryKind::Other, |metadata| kind_of(&metadata));
            let name = entry.file_name().to_string_lossy().into_owned();
            entries.push(DirEntry {
                name,
                kind,
                link: file_type.is_symlink(),
            });
        }
        Ok(entries)
    }

    fn environment(&self) -> Vec<(String, String)> {
        let text = |value: std::ffi::OsString| value.to_string_lossy().into_owned();
        std::env::vars_os()
            .map(|(name, value)| (text(name), text(value)))
            .collect()
    }
}

fn kind_of(metadata: &fs::Metadata) -> EntryKind {
    if metadata.is_dir() {
        EntryKind::Directory
    } else if metadata.is_file() {
        EntryKind::File {
            bytes: metadata.len(),
        }
    } else {
        EntryKind::Other
    }
}

fn reason(error: &io::Error) -> SystemError {
    match error.kind() {
        io::ErrorKind::NotFound => SystemError::NotFound,
        io::ErrorKind::PermissionDenied => SystemError::Other("permission denied".to_owned()),
        _ => SystemError::Other(words(error)),
    }
}

/// What the system says, without its number: `Input/output error`.
pub(crate) fn words(error: &io::Error) -> String {
    let text = error.to_string();
    match text.rfind(" (os error ") {
        Some(at) => text[..at].to_owned(),
        None => text,
    }
}
