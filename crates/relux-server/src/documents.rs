//! The open documents: what the editor shows, kept as ropes and edited in place.
//!
//! Only the state thread holds this. An edit that cannot be applied exactly never panics and never guesses: the
//! document is out of step with the editor from then on, its text is dropped, and it comes back with the next full text.

use std::borrow::Cow;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use ropey::Rope;
use rustc_hash::FxHashMap;
use tower_lsp_server::ls_types::{Position, Range, TextDocumentContentChangeEvent, Uri};

use crate::positions::{Encoding, column_to_byte};

/// One open document.
#[derive(Debug)]
pub(crate) struct Document {
    /// As the client spells it; everything sent back uses this spelling.
    pub(crate) uri: Uri,
    /// The client's version number of the current text.
    pub(crate) version: i32,
    /// The text that was last opened or saved; shares its memory with `rope` as far as they agree.
    saved: Option<Rope>,
    /// `None` while out of step with the editor.
    rope: Option<Rope>,
}

/// What a change did to the text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Applied {
    /// The edits in the order in which they were applied, each in the coordinates of the text before it.
    Edits(Vec<ByteEdit>),
    /// The text was replaced as a whole.
    Whole,
    /// The change does not fit the text; the document is now out of step. With the reason for the log.
    OutOfStep(String),
    /// Nothing happened because the document already was out of step.
    Ignored,
}

/// An edit in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ByteEdit {
    /// First byte that changes.
    pub(crate) start: usize,
    /// End of the replaced bytes in the text before.
    pub(crate) old_end: usize,
    /// End of the new bytes in the text after.
    pub(crate) new_end: usize,
}

impl Document {
    fn new(uri: Uri, version: i32, text: &str) -> Self {
        let rope = Some(Rope::from_str(text));
        Self {
            uri,
            version,
            saved: rope.clone(),
            rope,
        }
    }

    /// Takes note that the disk now holds the current text.
    pub(crate) fn saved(&mut self) {
        self.saved.clone_from(&self.rope);
    }

    /// Whether the text differs from the last one that was opened or saved. An edit that was undone is no difference.
    pub(crate) fn dirty(&self) -> bool {
        self.rope.is_none() || self.rope != self.saved
    }

    /// The current text; `None` while out of step.
    pub(crate) fn text(&self) -> Option<Arc<str>> {
        self.rope.as_ref().map(|rope| String::from(rope).into())
    }

    /// Whether the text is known to be what the editor shows.
    pub(crate) fn in_step(&self) -> bool {
        self.rope.is_some()
    }

    /// The 0-based line of a byte offset; 0 while out of step.
    pub(crate) fn line_of(&self, byte: usize) -> usize {
        self.rope
            .as_ref()
            .map_or(0, |rope| rope.byte_to_line(byte.min(rope.len_bytes())))
    }

    /// Applies the changes of one `didChange` in order.
    pub(crate) fn apply(
        &mut self,
        version: i32,
        changes: Vec<TextDocumentContentChangeEvent>,
        encoding: Encoding,
    ) -> Applied {
        self.version = version;
        let mut edits = Vec::new();
        let mut whole = false;
        for change in changes {
            let Some(range) = change.range else {
                self.rope = Some(Rope::from_str(&change.text));
                whole = true;
                continue;
            };
            let Some(rope) = &mut self.rope else {
                continue;
            };
            match edit(rope, range, &change.text, encoding) {
                Ok(edit) => edits.push(edit),
                Err(reason) => {
                    self.rope = None;
                    return Applied::OutOfStep(reason);
                }
            }
        }
        match (&self.rope, whole) {
            (None, _) => Applied::Ignored,
            (Some(_), true) => Applied::Whole,
            (Some(_), false) => Applied::Edits(edits),
        }
    }
}

fn edit(rope: &mut Rope, range: Range, text: &str, encoding: Encoding) -> Result<ByteEdit, String> {
    let start = byte_of(rope, range.start, encoding)
        .ok_or_else(|| format!("the range starts outside the text or inside a character: {range:?}"))?;
    // Clients name the end of the text by a line far behind it, so only the start has to exist.
    let last = rope.len_lines();
    let end = if range.end.line as usize >= last {
        rope.len_bytes()
    } else {
        byte_of(rope, range.end, encoding)
            .ok_or_else(|| format!("the range ends inside a character: {range:?}"))?
    };
    if end < start {
        return Err(format!("the range ends before it starts: {range:?}"));
    }
    let (from, to) = (rope.byte_to_char(start), rope.byte_to_char(end));
    rope.remove(from..to);
    rope.insert(from, text);
    Ok(ByteEdit {
        start,
        old_end: end,
        new_end: start + text.len(),
    })
}

fn byte_of(rope: &Rope, position: Position, encoding: Encoding) -> Option<usize> {
    let line = position.line as usize;
    if line >= rope.len_lines() {
        return (line == rope.len_lines()).then(|| rope.len_bytes());
    }
    let text: Cow<'_, str> = rope.line(line).into();
    let found = column_to_byte(&text, position.character, encoding);
    found.exact.then(|| rope.line_to_byte(line) + found.byte)
}

/// All open documents by path.
#[derive(Debug, Default)]
pub(crate) struct Documents {
    open: FxHashMap<Utf8PathBuf, Document>,
}

impl Documents {
    /// Opens a document, or replaces it where the client opens it twice.
    pub(crate) fn open(&mut self, path: Utf8PathBuf, uri: Uri, version: i32, text: &str) {
        self.open.insert(path, Document::new(uri, version, text));
    }

    /// Closes a document; `false` if it was not open.
    pub(crate) fn close(&mut self, path: &Utf8Path) -> bool {
        self.open.remove(path).is_some()
    }

    pub(crate) fn get(&self, path: &Utf8Path) -> Option<&Document> {
        self.open.get(path)
    }

    pub(crate) fn get_mut(&mut self, path: &Utf8Path) -> Option<&mut Document> {
        self.open.get_mut(path)
    }

    /// All open documents, in no particular order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Utf8Path, &Document)> {
        self.open
            .iter()
            .map(|(path, document)| (path.as_path(), document))
    }
}

#[cfg(test)]
mod tests;
