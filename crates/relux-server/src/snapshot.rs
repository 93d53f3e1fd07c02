//! What a request or a diagnostics job sees: the model at one point of the queue, and how to speak about it.
//!
//! Conversions to the protocol's types are here and in `convert.rs`; nothing else holds both kinds of positions.

use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use relux_ide::{Analysis, Cancellable, TextRange};
use rustc_hash::FxHashMap;
use tower_lsp_server::ls_types::{Location, Position, Uri};

use crate::positions::LineText;
use crate::runs::Results;
use crate::session::Session;
use crate::stats::Stats;
use crate::tokens::TokenCache;
use crate::uri::{path_of, uri_of};

/// The state at one point of the queue. Short-lived: writes wait for it.
pub(crate) struct Snapshot {
    pub(crate) analysis: Analysis,
    pub(crate) session: Arc<Session>,
    /// How long things took.
    pub(crate) stats: Arc<Stats>,
    /// The semantic tokens that clients have.
    pub(crate) tokens: Arc<TokenCache>,
    /// Open documents.
    pub(crate) open: Arc<FxHashMap<Utf8PathBuf, OpenDocument>>,
    /// How tests ended last.
    pub(crate) results: Arc<Results>,
}

/// An open document as others need to know it.
#[derive(Debug, Clone)]
pub(crate) struct OpenDocument {
    /// As the client spells it.
    pub(crate) uri: Uri,
    /// The version of the text that the model has; `None` where that is not the client's present one.
    pub(crate) version: Option<i32>,
}

/// The lines of files that places lie in: a thousand places may lie in the same few files.
#[derive(Default)]
pub(crate) struct Lines(FxHashMap<Utf8PathBuf, Option<(Uri, LineText)>>);

impl Lines {
    /// A place in a file; `None` where the file is unknown.
    pub(crate) fn location(
        &mut self,
        snapshot: &Snapshot,
        path: &Utf8Path,
        range: TextRange,
    ) -> Cancellable<Option<Location>> {
        if !self.0.contains_key(path) {
            let file = snapshot.uri(path).zip(snapshot.lines(path)?);
            self.0.insert(path.to_owned(), file);
        }
        let file = self.0.get(path).and_then(Option::as_ref);
        let place = |(uri, lines): &(Uri, LineText)| {
            Location::new(uri.clone(), lines.range(range, snapshot.session.encoding))
        };
        Ok(file.map(place))
    }
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
        match self.open.get(path) {
            Some(open) => Some(open.uri.clone()),
            None => uri_of(path),
        }
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
