//! `empty-value`: the value of a call is used, and the function ends in a statement that has none.

use relux_syntax::{Diagnostic, Related, Severity, TextRange};

use super::Flow;
use crate::bodies::body::StmtKind;
use crate::codes;
use crate::db::{Db, SourceFile};
use crate::items::{Def, ItemId, item_index};
use crate::source_map::name_range;

/// A call whose value is used.
pub(super) fn check(flow: &mut Flow<'_, '_, '_>, call: TextRange, name: TextRange, function: &Def) {
    let (db, source) = (flow.cx.db, flow.cx.text);
    let ends = without_value(db, function.file);
    let Some((_, is_comment)) = ends.iter().find(|(id, _)| *id == function.id) else {
        return;
    };
    let (last, help) = if *is_comment {
        (
            "a comment, which counts as its last statement",
            "move the comment up",
        )
    } else {
        ("a statement that has no value", "let it end with the value")
    };
    let message = format!("the value is \"\": `{}` ends in {last}", name.slice(source));
    let diagnostic = Diagnostic::new(codes::EMPTY_VALUE, Severity::Warning, call, message).with_help(help);
    flow.cx
        .found
        .push(match name_range(db, function.file, &function.id) {
            Some(range) => diagnostic.with_related(Related {
                file: (function.file != flow.cx.file).then(|| function.file.path(db).clone()),
                range,
                message: "the function".to_owned(),
            }),
            None => diagnostic,
        });
}

/// Functions of a file that end without a value, and whether a comment is why. Most edits do not change it, so that the
/// callers hear of few.
#[salsa::tracked(returns(ref))]
fn without_value(db: &dyn Db, file: SourceFile) -> Vec<(ItemId, bool)> {
    let bodies = crate::bodies::lower(db, file);
    let index = item_index(db, file);
    let functions = bodies.definitions.iter().filter(|it| it.is_function());
    functions
        .filter_map(|function| {
            let is_comment = match bodies.stmts(function.body).last()?.kind {
                StmtKind::Nothing => true,
                StmtKind::Reset
                | StmtKind::MultiMatch { .. }
                | StmtKind::FailPattern(_)
                | StmtKind::ClearFailPattern
                | StmtKind::Timeout(_) => false,
                _ => return None,
            };
            let item = index.functions.get(function.position as usize)?;
            Some((item.id.clone(), is_comment))
        })
        .collect()
}
