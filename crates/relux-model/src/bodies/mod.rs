//! What stands inside definitions: lowering, its checks, and what the names in it mean.
//!
//! Other files are seen through the item index and the scope only, so that an edit in a body stays in its file.

mod ambiguity;
mod arguments;
mod assign;
pub mod body;
pub(crate) mod calls;
mod check;
mod cycles;
pub(crate) mod exposed;
mod lowering;
mod patterns;
mod regex;
mod shells;
pub(crate) mod walk;

use relux_syntax::Diagnostic;

use crate::db::{Db, SourceFile, Suite};
use crate::items::{ItemIndex, StartItem};
use body::{DefBody, DefKind, FileBodies};

pub use exposed::exposed;

/// The bodies of a file. They are kept: an edit in a library asks those of all files again, and without them that would
/// read all trees anew.
#[salsa::tracked(returns(ref))]
pub fn lower(db: &dyn Db, file: SourceFile) -> FileBodies {
    lowering::lower(db, file)
}

/// What is wrong in the bodies of a file, in source order.
#[salsa::tracked(returns(ref))]
pub fn diagnostics(db: &dyn Db, suite: Suite, file: SourceFile) -> Vec<Diagnostic> {
    check::check(db, suite, file)
}

/// The starts of a test or effect as the item index has them.
pub(crate) fn starts<'a>(index: &'a ItemIndex, definition: &DefBody) -> &'a [StartItem] {
    let position = definition.position as usize;
    match definition.kind {
        DefKind::Effect => index.effects.get(position).map_or(&[], |effect| &effect.starts),
        DefKind::Test => index.tests.get(position).map_or(&[], |test| &test.starts),
        DefKind::Function | DefKind::PureFunction => &[],
    }
}
