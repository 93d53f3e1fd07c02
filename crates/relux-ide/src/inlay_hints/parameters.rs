//! The names of parameters before arguments that do not say what they are.

use relux_model::builtins::Builtin;
use relux_model::edition::{Edition, edition};
use relux_model::items::item_index;
use relux_model::parse::parse;
use relux_model::scope::scope;
use relux_model::{Db, Name};
use relux_syntax::TextRange;
use relux_syntax::ast::{AssignOrAssert, AstNode, Call, Expression, SyntaxNode};

use super::{HintKind, InlayHint};
use crate::completion::Completed;
use crate::places::path_of;
use crate::suites::Entry;

/// An only argument is what the name of the function says.
const FEWEST_ARGUMENTS: usize = 2;

pub(super) fn add(db: &dyn Db, entry: Entry, within: TextRange, out: &mut Vec<InlayHint>) {
    let assigns = edition(db, entry.suite, entry.file).edition == Edition::E2026_04;
    let tree = parse(db, entry.file);
    let touches =
        |node: &SyntaxNode<'_>| node.range().start <= within.end && node.range().end >= within.start;
    for node in tree.module().syntax().descendants().filter(touches) {
        if let Some(found) = Call::cast(node) {
            call(db, entry, found, out);
        }
        let assigned = AssignOrAssert::cast(node).filter(|_| assigns);
        if let Some(value) = assigned.as_ref().and_then(AssignOrAssert::value_as_expression) {
            let calls = value.expression().syntax().descendants().filter_map(Call::cast);
            for found in calls {
                call(db, entry, found, out);
            }
        }
    }
}

fn call(db: &dyn Db, entry: Entry, call: Call<'_>, out: &mut Vec<InlayHint>) {
    let args: Vec<Expression<'_>> = call.args().collect();
    if args.len() < FEWEST_ARGUMENTS {
        return;
    }
    let scope = scope(db, entry.suite, entry.file);
    let (params, about) = match scope.function(call.name(), args.len()) {
        Some(found) => {
            let Some(function) = item_index(db, found.def.file).function(&found.def.id) else {
                return;
            };
            let params: Vec<&str> = function.params.iter().map(Name::as_str).collect();
            let about = Completed::Item {
                file: path_of(db, entry.suite, found.def.file),
                id: found.def.id.clone(),
            };
            (params, Some(about))
        }
        None => match Builtin::find(call.name(), args.len()) {
            Some(builtin) => (builtin.signature().params.to_vec(), None),
            None => return,
        },
    };
    for (arg, param) in args.iter().zip(params) {
        if !is_said(arg, param) {
            out.push(InlayHint {
                offset: arg.syntax().range().start,
                label: format!("{param}:"),
                kind: HintKind::Parameter,
                tooltip: String::new(),
                about: about.clone(),
            });
        }
    }
}

/// Whether a variable is called like the parameter, or ends like it: `auth_port` for `port`.
fn is_said(arg: &Expression<'_>, param: &str) -> bool {
    let name = match arg {
        Expression::Variable(it) => it.text(),
        Expression::QualifiedVariable(it) => it.name().map_or("", |it| it.text()),
        _ => return false,
    };
    let name = name.to_ascii_lowercase();
    let param = param.to_ascii_lowercase();
    name == param || name.ends_with(&format!("_{param}")) || name.starts_with(&format!("{param}_"))
}
