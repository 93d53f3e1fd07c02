//! What edition 2026-04 has no words for: assertions, multimatches, exposed variables, captures without a shell.

use relux_syntax::TextRange;

use super::Rewrite;
use crate::bodies::body::{ExprKind, Piece, StmtKind};
use crate::bodies::walk::{Node, Site, walk};
use crate::db::SourceFile;
use crate::edition::Edition;

/// Something that cannot be said, with advice.
type Reason = (&'static str, Option<&'static str>);

const ASSERTION: Reason = (
    "edition 2026-04 has no assertions on values",
    Some("print the value in a shell and match it"),
);
const MULTIMATCH: Reason = (
    "edition 2026-04 cannot wait for several patterns at once",
    Some("match them one after another, or as one regular expression"),
);
const EXPOSED: Reason = (
    "edition 2026-04 cannot read the variables of an effect",
    Some("bind the value in the test and give it to the effect in its overlay"),
);
const SIBLING: Reason = (
    "an overlay of edition 2026-04 cannot read the variables of another start",
    Some("bind the value before the starts and give it to both"),
);
const CAPTURE: Reason = (
    "edition 2026-04 has captures only where a shell is",
    Some("read the capture in the shell block that matched it"),
);

pub(super) fn find(rewrite: &mut Rewrite<'_>, file: SourceFile) {
    let (bodies, edition) = (rewrite.bodies(file), rewrite.reads(file));
    let mut found: Vec<(TextRange, Reason)> = Vec::new();
    for definition in &bodies.definitions {
        walk(bodies, edition, definition, &mut |site, node| match node {
            Node::Stmt(stmt) => match stmt.kind {
                StmtKind::PureMatch { .. } => found.push((stmt.range, ASSERTION)),
                StmtKind::MultiMatch { .. } => found.push((stmt.range, MULTIMATCH)),
                _ => {}
            },
            Node::Expr(expr, _) => match expr.kind {
                ExprKind::Exposed { .. } => found.push((expr.range, exposed(site))),
                ExprKind::Capture(_) if site.is_pure() => found.push((expr.range, CAPTURE)),
                _ => {}
            },
            Node::Text(text, _) => {
                for piece in bodies.pieces(text) {
                    match *piece {
                        Piece::Exposed { range, .. } if edition == Edition::E2026_08 => {
                            found.push((range, exposed(site)));
                        }
                        Piece::Capture { range, .. } if site.is_pure() => found.push((range, CAPTURE)),
                        _ => {}
                    }
                }
            }
        });
    }
    for (range, (message, help)) in found {
        rewrite.refuse(file, range, message, help);
    }
}

fn exposed(site: Site) -> Reason {
    match site {
        Site::Overlay(_) => SIBLING,
        _ => EXPOSED,
    }
}
