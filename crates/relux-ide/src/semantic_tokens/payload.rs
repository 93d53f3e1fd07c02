//! The pieces of a payload, handed to whoever reads its text.

use relux_syntax::TextRange;
use relux_syntax::ast::{SyntaxKind, SyntaxNode};

use super::{TokenKind, Words};

/// Reads the text of a payload, piece by piece: interpolations stand in between.
pub(super) trait Read {
    /// A piece of text and where it begins.
    fn text(&mut self, text: &str, start: u32, out: &mut Words);

    /// A value that is known at run time only.
    fn value(&mut self) {}
}

/// Text that means nothing but itself.
pub(super) struct Plain;

impl Read for Plain {
    fn text(&mut self, text: &str, start: u32, out: &mut Words) {
        out.push(
            TextRange::new(start, start + text.len() as u32),
            TokenKind::String,
        );
    }
}

/// Whether a node is `${…}`.
pub(super) fn is_interpolation(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        SyntaxKind::VariableInterpolation
            | SyntaxKind::QualifiedInterpolation
            | SyntaxKind::CaptureInterpolation
    )
}

/// Reads a payload.
pub(super) fn read(payload: SyntaxNode<'_>, reader: &mut dyn Read, out: &mut Words) {
    let mut start = payload.range().start;
    let text = |range: TextRange| range.slice(payload.source());
    for piece in payload.children().filter(|it| is_interpolation(it.kind())) {
        reader.text(text(TextRange::new(start, piece.range().start)), start, out);
        reader.value();
        out.interpolation(piece);
        start = piece.range().end;
    }
    reader.text(text(TextRange::new(start, payload.range().end)), start, out);
}
