//! Inline variable: what a `let` says goes where the variable is read, and the `let` goes.
//!
//! Only values that are the same whenever they are looked at: texts, numbers, and variables that nothing changes. A call
//! may give another value each time.

use relux_model::bodies::body::{DefBody, ExprKind, FileBodies, Piece, Stmt, StmtKind};
use relux_model::fixes::bind_operator;
use relux_model::names::{Occurrence, Role, Symbol};
use relux_syntax::ast::{AstNode, SyntaxKind};
use relux_syntax::{Edit, TextRange};

use super::context::{Context, edit};
use super::text::{Place, written};
use super::{ActionKind, Offer, Promise, Rule};

pub(super) const RULE: Rule = Rule {
    id: "inline-variable",
    kind: ActionKind::Inline,
    any_file: false,
    offer,
    promise: Promise::Clean,
};

/// What a variable stands for.
struct Value<'a> {
    source: &'a str,
    parts: Vec<Part>,
}

enum Part {
    Text(String),
    Variable(String),
}

fn offer(cx: &Context<'_>) -> Option<Offer> {
    let name = cx.name_at(|it| matches!(it, Symbol::Variable { .. }))?;
    let all: Vec<&Occurrence> = cx.names().iter().filter(|it| it.symbol == name.symbol).collect();
    let [definition] = all
        .iter()
        .filter(|it| it.role == Role::Definition)
        .collect::<Vec<_>>()[..]
    else {
        return None;
    };
    let uses: Vec<&&Occurrence> = all.iter().filter(|it| it.role == Role::Reference).collect();
    if uses.is_empty()
        || uses.len() + 1 != all.len()
        || uses.iter().any(|it| it.range.start < definition.range.start)
    {
        return None;
    }
    let body = cx.bodies().definition_at(definition.range.start)?;
    let (stmt, is_result) = declaration(cx.bodies(), body, definition.range)?;
    let value = value(cx, body, &stmt)?;
    if is_result {
        return None;
    }
    let mut edits = vec![edit(cx.whole_line(stmt.range)?, "")];
    for it in &uses {
        edits.push(replaced(cx, it.range, &value)?);
    }
    let word = cx.word(definition.range);
    let mut offer = Offer::now(format!("Inline `{word}`"), edits);
    // What a variable holds is no part of a pattern that anybody reads; what is written there is.
    offer.is_risky = !value.is_plain() && uses.iter().any(|it| is_in_regex(cx, it.range));
    Some(offer)
}

impl Value<'_> {
    /// Whether every letter stands for itself in a pattern.
    fn is_plain(&self) -> bool {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        self.parts.iter().all(|part| match part {
            Part::Text(text) => text.chars().all(is_word),
            Part::Variable(_) => false,
        })
    }
}

fn is_in_regex(cx: &Context<'_>, name: TextRange) -> bool {
    let tree = relux_model::parse::parse(cx.db, cx.file);
    let node = tree.module().syntax().covering(name);
    node.ancestors().any(|it| it.kind() == SyntaxKind::Regex)
}

/// The `let` that declares a name, and whether it is the result of a function.
fn declaration(bodies: &FileBodies, body: &DefBody, name: TextRange) -> Option<(Stmt, bool)> {
    let blocks = body.blocks.iter().map(|it| it.body);
    let cleanup = body.cleanup.iter().map(|it| it.body);
    for list in [body.preamble, body.body]
        .into_iter()
        .chain(blocks)
        .chain(cleanup)
    {
        let stmts = bodies.stmts(list);
        let is_this = |it: &Stmt| matches!(it.kind, StmtKind::Let { name: declared, .. } if declared == name);
        if let Some(at) = stmts.iter().position(is_this) {
            let is_result = body.is_function() && at + 1 == stmts.len();
            return Some((stmts[at], is_result));
        }
    }
    None
}

/// The value of a `let`, if it is the same wherever it stands.
fn value<'a>(cx: &Context<'a>, body: &DefBody, stmt: &Stmt) -> Option<Value<'a>> {
    let StmtKind::Let {
        value: Some(value), ..
    } = stmt.kind
    else {
        return None;
    };
    let bodies = cx.bodies();
    let expr = bodies.expr(value);
    let source = cx.word(expr.range);
    let variable =
        |range: TextRange| is_constant(cx, body, range).then(|| Part::Variable(cx.word(range).to_owned()));
    let parts = match expr.kind {
        ExprKind::Number => vec![Part::Text(source.to_owned())],
        ExprKind::Var => vec![variable(expr.range)?],
        ExprKind::Text(text) => {
            let parts = bodies.pieces(text).iter().map(|piece| match *piece {
                Piece::Source(range) => Some(Part::Text(cx.word(range).to_owned())),
                Piece::Char { value, .. } => Some(Part::Text(value.to_string())),
                Piece::Var { name, .. } => variable(name),
                Piece::Exposed { .. } | Piece::Capture { .. } => None,
            });
            joined(parts.collect::<Option<_>>()?)
        }
        ExprKind::Exposed { .. } | ExprKind::Capture(_) | ExprKind::Call { .. } | ExprKind::Missing => {
            return None;
        }
    };
    (!source.contains('\n')).then_some(Value { source, parts })
}

fn joined(parts: Vec<Part>) -> Vec<Part> {
    let mut joined: Vec<Part> = Vec::new();
    for part in parts {
        match (joined.last_mut(), part) {
            (Some(Part::Text(before)), Part::Text(text)) => before.push_str(&text),
            (_, part) => joined.push(part),
        }
    }
    joined
}

/// Whether a name means one thing in all of a definition, which nothing changes.
fn is_constant(cx: &Context<'_>, body: &DefBody, range: TextRange) -> bool {
    let word = cx.word(range);
    let Some(here) = cx.names().iter().find(|it| it.range == range) else {
        return false;
    };
    let mut same = cx
        .names()
        .iter()
        .filter(|it| body.range.covers(it.range) && cx.word(it.range) == word);
    same.all(|it| {
        it.symbol == here.symbol && it.role != Role::Write && it.declared == here.declared
            || it.range.start < range.start && it.role == Role::Definition && it.symbol == here.symbol
    })
}

/// The edit that puts the value where the variable is read; `None` where it cannot stand there.
fn replaced(cx: &Context<'_>, name: TextRange, value: &Value<'_>) -> Option<Edit> {
    let starts = cx
        .map()
        .tests
        .iter()
        .chain(&cx.map().effects)
        .flat_map(|it| &it.starts);
    let mut entries = starts.flat_map(|it| &it.entries);
    if let Some(entry) = entries.find(|it| it.key == name) {
        let bind = bind_operator(cx.db, cx.suite, cx.file);
        let text = format!("{} {bind} {}", cx.word(name), value.source);
        return entry.value.is_none().then(|| edit(name, text));
    }
    let tree = relux_model::parse::parse(cx.db, cx.file);
    let node = tree.module().syntax().covering(name);
    let text = node.ancestors().find_map(|it| {
        let place = match it.kind() {
            SyntaxKind::StringLiteral => Place::String,
            SyntaxKind::Literal => Place::Payload,
            SyntaxKind::Regex => Place::Regex,
            _ => return None,
        };
        Some((it.range(), place))
    });
    let Some((whole, place)) = text else {
        let is_expression = node
            .ancestors()
            .any(|it| it.kind() == SyntaxKind::Variable && it.range() == name);
        return is_expression.then(|| edit(name, value.source));
    };
    let piece = TextRange::new(name.start.checked_sub(2)?, name.end + 1);
    let mut new = String::new();
    for part in &value.parts {
        match part {
            Part::Text(text) => new.push_str(&written(text, place)?),
            Part::Variable(name) => new.extend(["${", name, "}"]),
        }
    }
    // At its ends a payload loses blanks, and an empty one means something else.
    let blank = |c: char| c == ' ' || c == '\t';
    let is_lost = place != Place::String
        && (new.is_empty()
            || piece.start == whole.start && new.starts_with(blank)
            || piece.end == whole.end && new.ends_with(blank));
    (!is_lost && cx.word(piece).starts_with("${")).then(|| edit(piece, new))
}

#[cfg(test)]
mod tests {
    use crate::actions::testing::{check, offered};

    fn test(before: &str, inside: &str) -> String {
        format!("test \"t\" {{\n{before}    shell sh {{\n{inside}        match_ok()\n    }}\n}}\n")
    }

    #[track_caller]
    fn inlined(before: &str, after: &str) {
        check(
            "inline-variable",
            before,
            &format!("relux/tests/main.relux\n{after}"),
        );
    }

    #[test]
    fn a_text_goes_into_texts_patterns_and_arguments() {
        inlined(
            &test(
                "    let who<|> = \"a \\\"b\\\" %5 \\\\.\"\n\n",
                "        > echo '${who}'\n        <? ^${who}$\n        <= ${who}\n        log(who)\n        log(\"x ${who}\")\n",
            ),
            &test(
                "\n",
                "        > echo 'a \"b\" %5 \\\\.'\n        <? ^a \"b\" %5 \\.$\n        <= a \"b\" %5 \\\\.\n        \
                 log(\"a \\\"b\\\" %5 \\\\.\")\n        log(\"x a \\\"b\\\" %5 \\\\.\")\n",
            ),
        );
    }

    #[test]
    fn a_variable_that_nothing_changes_takes_its_place() {
        inlined(
            &test(
                "    let a = uuid()\n    let b = \"<${a}>\"\n",
                "        > echo ${<|>b}\n        log(b)\n",
            ),
            &test(
                "    let a = uuid()\n",
                "        > echo <${a}>\n        log(\"<${a}>\")\n",
            ),
        );
    }

    #[test]
    fn a_pattern_that_would_be_wrong_is_not_offered() {
        let text = |value: &str| {
            test(
                &format!("    let a<|> = \"{value}\"\n"),
                "        > true\n        <? ${a}\n",
            )
        };
        assert!(!offered("inline-variable", &text("x$y")));
        assert!(offered("inline-variable", &text("x.y")));
    }

    #[test]
    fn what_may_change_stays() {
        for (before, inside) in [
            ("    let a<|> = uuid()\n", "        > echo ${a}\n"),
            (
                "    let a<|> = \"1\"\n",
                "        a = \"2\"\n        > echo ${a}\n",
            ),
            ("    let a<|> = \"1\"\n", ""),
            ("    let a<|> = \"\"\n", "        > ${a}\n"),
            ("    let a<|> = \" x\"\n", "        > ${a}\n"),
            (
                "    let a = \"1\"\n    let b<|> = a\n",
                "        let a = \"2\"\n        > echo ${a} ${b}\n",
            ),
            ("", "        <? (.)\n        let a<|> = $1\n        > echo ${a}\n"),
        ] {
            assert!(
                !offered("inline-variable", &test(before, inside)),
                "{before}{inside}"
            );
        }
    }
}
