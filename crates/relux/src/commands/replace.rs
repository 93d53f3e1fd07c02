//! Replacing files of a suite: each in one step, and several all or none as far as a file system can.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use camino::Utf8PathBuf;
use tempfile::NamedTempFile;

/// Replaces a file's content in one step: whoever reads it sees the old text or the new one, also if this process is
/// killed in between. Links stay links, and permissions stay.
pub(super) fn replace(path: &Path, text: &str) -> io::Result<()> {
    Staged::new(path, text)?.commit()
}

/// A file with its text before and after.
pub(super) struct Replacement<'a> {
    pub(super) path: Utf8PathBuf,
    pub(super) old: &'a str,
    pub(super) new: &'a str,
}

/// Replaces all files or, where one cannot be written, none.
pub(super) fn replace_all(files: &[Replacement<'_>]) -> Result<()> {
    let mut staged = Vec::with_capacity(files.len());
    for file in files {
        let path = &file.path;
        let now = fs::read(path).with_context(|| format!("cannot read {path}; nothing was changed"))?;
        if now != file.old.as_bytes() {
            bail!("{path} changed in the meantime; nothing was changed\nhelp: run it again");
        }
        let new = Staged::new(path.as_std_path(), file.new);
        staged.push(new.with_context(|| format!("cannot write {path}; nothing was changed"))?);
    }
    for (at, (file, new)) in files.iter().zip(staged).enumerate() {
        let Err(error) = new.commit() else { continue };
        let path = &file.path;
        let done = files.iter().take(at);
        let left: Vec<&str> = done
            .filter(|file| replace(file.path.as_std_path(), file.old).is_err())
            .map(|file| file.path.as_str())
            .collect();
        let told = if left.is_empty() {
            "all files are as they were".to_owned()
        } else {
            format!("these files stay changed: {}", left.join(", "))
        };
        return Err(error).with_context(|| format!("cannot write {path}; {told}"));
    }
    Ok(())
}

/// A new text on disk, beside the file that it will replace. Dropped, it leaves nothing.
struct Staged {
    new: NamedTempFile,
    path: PathBuf,
}

impl Staged {
    fn new(path: &Path, text: &str) -> io::Result<Self> {
        let path = fs::canonicalize(path)?;
        let permissions = fs::metadata(&path)?.permissions();
        // Replacing would get around what somebody forbade.
        if permissions.readonly() {
            let reason = "the file is read-only";
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, reason));
        }
        let directory = path.parent().unwrap_or(Path::new("/"));
        let mut new = tempfile::Builder::new()
            .prefix(".relux-")
            .tempfile_in(directory)?;
        new.write_all(text.as_bytes())?;
        new.as_file().set_permissions(permissions)?;
        new.as_file().sync_all()?;
        Ok(Self { new, path })
    }

    fn commit(self) -> io::Result<()> {
        self.new.persist(&self.path)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &Path, old: &'static str, new: &'static str) -> Replacement<'static> {
        let path = Utf8PathBuf::from_path_buf(path.to_owned()).expect("temporary paths are UTF-8");
        Replacement { path, old, new }
    }

    #[test]
    fn one_that_cannot_be_written_stops_all() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let (one, two) = (directory.path().join("one"), directory.path().join("two"));
        fs::write(&one, "1").expect("a file");
        fs::write(&two, "changed").expect("a file");
        let error = replace_all(&[file(&one, "1", "new"), file(&two, "2", "new")]);
        let told = error.expect_err("the second file is another one").to_string();
        assert!(told.contains("changed in the meantime"), "{told}");
        let gone = replace_all(&[
            file(&one, "1", "new"),
            file(&directory.path().join("three"), "3", "new"),
        ]);
        assert!(gone.is_err());
        assert_eq!(fs::read_to_string(&one).expect("a file"), "1");
        let left = fs::read_dir(directory.path()).expect("a directory").count();
        assert_eq!(left, 2, "something was left behind");
    }
}
