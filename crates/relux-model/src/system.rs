//! Where files and the environment come from: the disk, memory, or open buffers over one of them.
//!
//! The disk implementation is in the binary, so that nothing in this crate can touch the disk by accident.

use std::collections::BTreeMap;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use crate::problem::FileProblem;

/// Files above this size are not checked: 64 MiB.
pub const MAX_FILE_BYTES: u64 = 64 << 20;

/// What stands at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// A regular file of so many bytes, or a link to one.
    File {
        /// Size in bytes.
        bytes: u64,
    },
    /// A directory, or a link to one.
    Directory,
    /// A socket, a device, a dangling link.
    Other,
}

/// An entry of a directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirEntry {
    /// Name without the directory.
    pub name: String,
    /// What it is.
    pub kind: EntryKind,
    /// Whether it is a symbolic link.
    pub link: bool,
}

/// Why something could not be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SystemError {
    /// There is nothing at the path.
    #[error("no such file or directory")]
    NotFound,
    /// Anything else, as the system words it.
    #[error("{0}")]
    Other(String),
}

/// Access to files and to the environment of the process. Paths are absolute.
pub trait System: Send + Sync + std::fmt::Debug {
    /// The bytes of a file.
    fn read(&self, path: &Utf8Path) -> Result<Vec<u8>, SystemError>;
    /// What stands at a path.
    fn kind(&self, path: &Utf8Path) -> Result<EntryKind, SystemError>;
    /// The entries of a directory in any order. Names that are not UTF-8 come with replacement characters.
    fn read_dir(&self, path: &Utf8Path) -> Result<Vec<DirEntry>, SystemError>;
    /// Names and values of the environment.
    fn environment(&self) -> Vec<(String, String)>;
}

/// A text with what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadedText {
    /// The text; empty where the file could not be read.
    pub text: Arc<str>,
    /// What is wrong.
    pub problem: Option<FileProblem>,
}

/// Reads a file as text. Whatever is wrong becomes a value.
pub fn read_text(system: &dyn System, path: &Utf8Path) -> LoadedText {
    let failed = |problem| LoadedText {
        text: Arc::from(""),
        problem: Some(problem),
    };
    match system.kind(path) {
        Ok(EntryKind::File { bytes }) if bytes > MAX_FILE_BYTES => {
            return failed(FileProblem::TooLarge { bytes });
        }
        Ok(EntryKind::Directory) => {
            return failed(FileProblem::Unreadable {
                reason: "it is a directory".to_owned(),
            });
        }
        Ok(EntryKind::Other) => {
            return failed(FileProblem::Unreadable {
                reason: "it is not a regular file".to_owned(),
            });
        }
        Ok(EntryKind::File { .. }) | Err(_) => {}
    }
    match system.read(path) {
        Ok(bytes) => decode(bytes),
        Err(error) => failed(FileProblem::Unreadable {
            reason: error.to_string(),
        }),
    }
}

/// Bytes as text; bad ones are replaced and reported.
pub fn decode(bytes: Vec<u8>) -> LoadedText {
    match String::from_utf8(bytes) {
        Ok(text) => LoadedText {
            text: text.into(),
            problem: None,
        },
        Err(error) => LoadedText {
            problem: Some(invalid_utf8(error.as_bytes(), error.utf8_error().valid_up_to())),
            text: String::from_utf8_lossy(error.as_bytes()).into(),
        },
    }
}

fn invalid_utf8(bytes: &[u8], offset: usize) -> FileProblem {
    FileProblem::InvalidUtf8 {
        offset: offset as u32,
        byte: bytes.get(offset).copied().unwrap_or_default(),
        utf16: matches!(bytes, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..]),
    }
}

/// Files in memory, for tests. Directories exist where files are.
#[derive(Debug, Clone, Default)]
pub struct MemorySystem {
    files: BTreeMap<Utf8PathBuf, Vec<u8>>,
    environment: Vec<(String, String)>,
}

impl MemorySystem {
    /// Sets the bytes of a file.
    pub fn insert(&mut self, path: impl Into<Utf8PathBuf>, bytes: impl Into<Vec<u8>>) {
        self.files.insert(path.into(), bytes.into());
    }

    /// Removes a file.
    pub fn remove(&mut self, path: &Utf8Path) {
        self.files.remove(path);
    }

    /// Sets a variable of the environment.
    pub fn set_env(&mut self, name: &str, value: &str) {
        self.environment.push((name.to_owned(), value.to_owned()));
    }
}

impl System for MemorySystem {
    fn read(&self, path: &Utf8Path) -> Result<Vec<u8>, SystemError> {
        self.files.get(path).cloned().ok_or(SystemError::NotFound)
    }

    fn kind(&self, path: &Utf8Path) -> Result<EntryKind, SystemError> {
        if let Some(bytes) = self.files.get(path) {
            return Ok(EntryKind::File {
                bytes: bytes.len() as u64,
            });
        }
        let below = |file: &Utf8PathBuf| file.starts_with(path);
        if self.files.keys().any(below) {
            return Ok(EntryKind::Directory);
        }
        Err(SystemError::NotFound)
    }

    fn read_dir(&self, path: &Utf8Path) -> Result<Vec<DirEntry>, SystemError> {
        let mut entries: BTreeMap<String, EntryKind> = BTreeMap::new();
        for (file, bytes) in &self.files {
            let Ok(rest) = file.strip_prefix(path) else {
                continue;
            };
            let mut parts = rest.components();
            let Some(first) = parts.next() else { continue };
            let kind = match parts.next() {
                Some(_) => EntryKind::Directory,
                None => EntryKind::File {
                    bytes: bytes.len() as u64,
                },
            };
            entries.insert(first.as_str().to_owned(), kind);
        }
        if entries.is_empty() {
            return Err(SystemError::NotFound);
        }
        let entry = |(name, kind)| DirEntry {
            name,
            kind,
            link: false,
        };
        Ok(entries.into_iter().map(entry).collect())
    }

    fn environment(&self) -> Vec<(String, String)> {
        self.environment.clone()
    }
}

/// Open buffers over another system.
#[derive(Debug, Clone)]
pub struct OverlaySystem {
    below: Arc<dyn System>,
    buffers: MemorySystem,
}

impl OverlaySystem {
    /// No open buffer yet.
    pub fn new(below: Arc<dyn System>) -> Self {
        Self {
            below,
            buffers: MemorySystem::default(),
        }
    }

    /// Opens a buffer or replaces its text.
    pub fn open(&mut self, path: impl Into<Utf8PathBuf>, text: &str) {
        self.buffers.insert(path, text);
    }

    /// Closes a buffer; the file below shows again.
    pub fn close(&mut self, path: &Utf8Path) {
        self.buffers.remove(path);
    }
}

impl System for OverlaySystem {
    fn read(&self, path: &Utf8Path) -> Result<Vec<u8>, SystemError> {
        self.buffers.read(path).or_else(|_| self.below.read(path))
    }

    fn kind(&self, path: &Utf8Path) -> Result<EntryKind, SystemError> {
        match self.buffers.kind(path) {
            Ok(kind @ EntryKind::File { .. }) => Ok(kind),
            over => self.below.kind(path).or(over),
        }
    }

    fn read_dir(&self, path: &Utf8Path) -> Result<Vec<DirEntry>, SystemError> {
        let (below, over) = (self.below.read_dir(path), self.buffers.read_dir(path));
        let Ok(over) = over else { return below };
        let mut entries: BTreeMap<String, DirEntry> = below
            .unwrap_or_default()
            .into_iter()
            .map(|entry| (entry.name.clone(), entry))
            .collect();
        for entry in over {
            entries.entry(entry.name.clone()).or_insert(entry);
        }
        Ok(entries.into_values().collect())
    }

    fn environment(&self) -> Vec<(String, String)> {
        self.below.environment()
    }
}
