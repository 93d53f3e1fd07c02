//! What a request or a diagnostics job sees: the model at one point of the queue, and how to speak about it.
//!
//! Conversions to the protocol's types are here and in `convert.rs`; nothing else holds both kinds of positions.

use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use relux_ide::{Analysis, Cancellable, TextRange};
use rustc_hash::FxHashMap;
use tower_lsp_server::ls_types::{Location, Position, Uri};

use crate::positions::LineText;
use crate::session::Session;
use crate::uri::{path_of, uri_of};

/// The state at one point of the queue. Short-lived: writes wait for it.
pub(crate) struct Snapshot {
    pub(crate) analysis: Analysis,
    pub(crate) session: Arc<Session>,
    /// Open documents as the client spells them.
    pub(crate) uris: Arc<FxHashMap<Utf8PathBuf, Uri>>,
}

impl Snapshot {
    /// The text of a known file with its lines.
    pub(crate) fn lines(&self, path: &Utf8Path) -> Cancellable<Option<LineText>> {
        Ok(self.analysis.text(path)?.map(LineText::new))
    }

    /// The file of a URI and the byte offset of a position in it; `None` for an unknown file.
    pub(crate) fn offset(
        &self,
        uri: &Uri,
        position: Position,
    ) -> Cancellable<Option<(Utf8PathBuf, LineText, u32)>> {
        let path = path_of(uri);
        let Some(lines) = self.lines(&path)? else {
            return Ok(None);
        };
        let offset = lines.offset(position, self.session.encoding);
        Ok(Some((path, lines, offset)))
    }

    /// The URI of a file, spelled like the client does where it has the file open.
    pub(crate) fn uri(&self, path: &Utf8Path) -> Option<Uri> {
        self.uris.get(path).cloned().or_else(|| uri_of(path))
    }

    /// A place in a file; `None` where the file is unknown.
    pub(crate) fn location(&self, path: &Utf8Path, range: TextRange) -> Cancellable<Option<Location>> {
        let (Some(uri), Some(lines)) = (self.uri(path), self.lines(path)?) else {
            return Ok(None);
        };
        Ok(Some(Location::new(
            uri,
            lines.range(range, self.session.encoding),
        )))
    }
}
