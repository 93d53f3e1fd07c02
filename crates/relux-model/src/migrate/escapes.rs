//! Text that looks like a reference in one edition only: `${Camel.name}` and `${var}`. A second dollar keeps it text.

use relux_syntax::TextRange;
use relux_syntax::names::KEYWORD_VAR;

use super::Rewrite;
use crate::bodies::body::Piece;
use crate::bodies::walk::{Node, walk};
use crate::db::SourceFile;
use crate::edition::Edition;

pub(super) fn rewrite(rewrite: &mut Rewrite<'_>, file: SourceFile) {
    let from = rewrite.reads(file);
    if from == rewrite.to {
        return;
    }
    let bodies = rewrite.bodies(file);
    let source = file.text(rewrite.db);
    let mut found: Vec<TextRange> = Vec::new();
    for definition in &bodies.definitions {
        walk(bodies, from, definition, &mut |_, node| {
            let Node::Text(text, _) = node else { return };
            let literal = bodies.pieces(text).iter().filter(|piece| match **piece {
                Piece::Exposed { .. } => from == Edition::E2026_04,
                Piece::Var { name, .. } => from == Edition::E2026_08 && name.slice(source) == KEYWORD_VAR,
                _ => false,
            });
            found.extend(literal.map(Piece::range));
        });
    }
    for range in found {
        rewrite.changes.insert(file, range.start, "$");
    }
}
