//! What is wrong with a file: the same set, from the same function, as `relux check` prints.

use relux_model::{Db, SourceFile, Suite};
use relux_syntax::Diagnostic;

pub(crate) fn diagnostics(db: &dyn Db, suite: Suite, file: SourceFile) -> Vec<Diagnostic> {
    relux_model::diagnostics::diagnostics(db, suite, file)
}
