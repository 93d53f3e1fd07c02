//! The log of a shell: every byte is in the file as soon as it was read, so that even a killed runner has told all.
//!
//! Its size is bounded, because programs may print for ever: of a very long output the beginning and the end are kept.
//! A second file with the text as patterns see it exists only where that is something else than the bytes.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// How much of an output is kept.
#[derive(Debug, Clone, Copy)]
struct Limits {
    /// Bytes of the beginning.
    head: u64,
    /// Bytes of the end, at least; at most twice as many.
    tail: u64,
}

const LIMITS: Limits = Limits {
    head: 32 * 1024 * 1024,
    tail: 16 * 1024 * 1024,
};

/// The files of one shell.
#[derive(Debug)]
pub(crate) struct ShellLog {
    bytes: Bounded,
    text: Option<Bounded>,
}

impl ShellLog {
    /// A log that begins with this empty file.
    pub(crate) fn new(file: File, path: PathBuf) -> Self {
        Self::with_limits(file, path, LIMITS)
    }

    fn with_limits(file: File, path: PathBuf, limits: Limits) -> Self {
        Self {
            bytes: Bounded::new(file, path, limits),
            text: None,
        }
    }

    /// Writes bytes as they came.
    pub(super) fn write_bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.bytes.write(bytes)
    }

    /// Writes their text, if the text of the shell is not just its bytes. `before` bytes of text came earlier.
    pub(super) fn write_text(&mut self, text: &str, is_lossy: bool, before: u64) -> io::Result<()> {
        if self.text.is_none() && is_lossy {
            self.text = Some(self.bytes.text_until(before)?);
        }
        match &mut self.text {
            Some(log) => log.write(text.as_bytes()),
            None => Ok(()),
        }
    }
}

/// A file that does not grow for ever.
#[derive(Debug)]
struct Bounded {
    /// The file with the beginning.
    path: PathBuf,
    /// The file that is being written.
    file: File,
    /// Bytes that it may still take.
    room: u64,
    is_tail: bool,
    limits: Limits,
}

impl Bounded {
    fn new(file: File, path: PathBuf, limits: Limits) -> Self {
        Self {
            path,
            file,
            room: limits.head,
            is_tail: false,
            limits,
        }
    }

    fn write(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while bytes.len() as u64 > self.room {
            let (fits, rest) = bytes.split_at(usize::try_from(self.room).unwrap_or(0));
            self.file.write_all(fits)?;
            bytes = rest;
            self.next_file()?;
        }
        self.room -= bytes.len() as u64;
        self.file.write_all(bytes)
    }

    fn next_file(&mut self) -> io::Result<()> {
        let tail = beside(&self.path, ".tail");
        if self.is_tail {
            fs::rename(&tail, beside(&self.path, ".before-tail"))?;
        } else {
            let name = tail
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            writeln!(
                self.file,
                "\n[relux: more than {} bytes; the end of the output is in {name}, what lies between may be missing]",
                self.limits.head
            )?;
        }
        self.is_tail = true;
        self.file = File::create(tail)?;
        self.room = self.limits.tail;
        Ok(())
    }

    /// A file for the text, which has been the same as the bytes for so long.
    fn text_until(&self, same: u64) -> io::Result<Self> {
        let path = self.path.with_extension("txt");
        let mut text = Self::new(File::create(&path)?, path, self.limits);
        if self.is_tail {
            let name = self.path.file_name().unwrap_or_default().to_string_lossy();
            text.write(format!("[relux: the first {same} bytes are UTF-8 and only in {name}]\n").as_bytes())?;
        } else {
            io::copy(&mut File::open(&self.path)?.take(same), &mut text.file)?;
            text.room -= same.min(text.room);
        }
        Ok(text)
    }
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::decode::Decoder;

    const SMALL: Limits = Limits { head: 20, tail: 10 };

    /// The files after these chunks of output, by suffix.
    fn files(limits: Limits, chunks: &[&[u8]]) -> Vec<(String, Vec<u8>)> {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("s.log");
        let file = File::create_new(&path).expect("a file");
        let mut log = ShellLog::with_limits(file, path, limits);
        let mut decoder = Decoder::default();
        let mut all = String::new();
        for chunk in chunks {
            let before = all.len();
            log.write_bytes(chunk).expect("writable");
            decoder.push(chunk, &mut all);
            log.write_text(&all[before..], decoder.is_lossy(), before as u64)
                .expect("writable");
        }
        let mut files: Vec<_> = fs::read_dir(dir.path())
            .expect("readable")
            .map(|entry| {
                let entry = entry.expect("an entry");
                let name = entry.file_name().to_string_lossy().into_owned();
                (name, fs::read(entry.path()).expect("readable"))
            })
            .collect();
        files.sort();
        files
    }

    fn names(files: &[(String, Vec<u8>)]) -> Vec<&str> {
        files.iter().map(|(name, _)| name.as_str()).collect()
    }

    #[test]
    fn text_that_is_its_bytes_is_written_once() {
        let files = files(LIMITS, &["né".as_bytes(), b" ok\r\n"]);
        assert_eq!(files, [("s.log".to_owned(), "né ok\r\n".into())]);
    }

    #[test]
    fn text_that_is_not_its_bytes_has_a_file_of_its_own_from_the_beginning() {
        let all = b"n\xc3\xa9 \xff\xfe ok\xc3\r\n";
        let whole = files(LIMITS, &[all]);
        assert_eq!(names(&whole), ["s.log", "s.txt"]);
        assert_eq!(whole[0].1, all);
        assert_eq!(whole[1].1, String::from_utf8_lossy(all).as_bytes());
        let single: Vec<&[u8]> = all.chunks(1).collect();
        assert_eq!(files(LIMITS, &single), whole);
    }

    #[test]
    fn a_long_output_keeps_its_beginning_and_its_end_however_it_was_cut() {
        let all: Vec<u8> = (b'a'..=b'z').chain(b'A'..=b'Z').chain(b'0'..=b'9').collect();
        let whole = files(SMALL, &[&all]);
        assert_eq!(names(&whole), ["s.log", "s.log.before-tail", "s.log.tail"]);
        assert!(
            whole[0]
                .1
                .starts_with(b"abcdefghijklmnopqrst\n[relux: more than 20 bytes")
        );
        assert_eq!(whole[1].1, b"YZ01234567");
        assert_eq!(whole[2].1, b"89");
        for size in [1, 7, 13] {
            let cut: Vec<&[u8]> = all.chunks(size).collect();
            assert_eq!(files(SMALL, &cut), whole, "{size}");
        }
    }
}
