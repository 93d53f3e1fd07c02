//! A port that a test always uses becomes one that the runner chooses: `available_port()`, and its name wherever the
//! number stood in the test; likewise in the other tests of the file that use it.

use relux_model::bodies::body::{DefBody, DefKind};
use relux_model::codes;
use relux_model::fixes::{bind_operator, indent_at, newline};
use relux_syntax::ast::{AstNode, Expression, Payload, Piece, StringLiteral};
use relux_syntax::{Diagnostic, Edit, TextRange};

use super::context::{Context, edit};
use super::{ActionKind, Offer, Promise, Rule};

pub(super) const RULE: Rule = Rule {
    id: "choose-port",
    kind: ActionKind::Rewrite,
    any_file: false,
    offer,
    promise: Promise::Clean,
};

fn offer(cx: &Context<'_>) -> Option<Offer> {
    let findings = cx.findings();
    // A `let` with the port has a fix of its own.
    let hard_coded = |it: &&Diagnostic| it.code == codes::HARD_CODED_PORT && it.fixes.is_empty();
    let mut all = findings.iter().filter(hard_coded);
    let found = all.clone().find(|it| it.range.touches(cx.range.start))?;
    let port = cx.word(found.range);
    // Tests that use one port are in each other's way, so that one of them is not enough.
    let bodies = cx.bodies();
    let mut tests: Vec<&DefBody> = all
        .by_ref()
        .filter(|it| cx.word(it.range) == port)
        .filter_map(|it| bodies.definition_at(it.range.start))
        .filter(|it| it.kind == DefKind::Test)
        .collect();
    tests.dedup_by_key(|it| it.range);
    if !tests.iter().any(|it| it.range.covers(found.range)) {
        return None;
    }
    let edits: Option<Vec<Vec<Edit>>> = tests.iter().map(|it| in_test(cx, it, port)).collect();
    let title = match tests.len() {
        1 => format!("Let the runner choose port {port}"),
        many => format!("Let the runner choose port {port} in {many} tests"),
    };
    Some(Offer::now(title, edits?.concat()))
}

/// What changes in one test.
fn in_test(cx: &Context<'_>, body: &DefBody, port: &str) -> Option<Vec<Edit>> {
    let name = cx.free_name(body.range, "port");
    let mut edits = uses(cx, body.range, port, &name);
    let ranges = cx.map().tests.get(body.position as usize)?;
    let last = ranges.lets.last().map(|it| it.whole);
    let first = ranges
        .starts
        .iter()
        .map(|it| it.whole)
        .chain(ranges.shells.iter().map(|it| it.whole))
        .next()?;
    let declaration = format!(
        "let {name} {} available_port()",
        bind_operator(cx.db, cx.suite, cx.file)
    );
    let (indent, newline) = (indent_at(cx.text, first.start), newline(cx.text));
    edits.push(match last {
        Some(last) => edit(
            TextRange::empty(last.end),
            format!("{newline}{indent}{declaration}"),
        ),
        None => edit(
            TextRange::empty(first.start),
            format!("{declaration}{newline}{newline}{indent}"),
        ),
    });
    Some(edits)
}

/// The places in a test where the number stands by itself.
fn uses(cx: &Context<'_>, body: TextRange, port: &str, name: &str) -> Vec<Edit> {
    let tree = relux_model::parse::parse(cx.db, cx.file);
    let mut edits = Vec::new();
    for node in tree
        .module()
        .syntax()
        .descendants()
        .filter(|it| body.covers(it.range()))
    {
        if let Some(Expression::Number(it)) = Expression::cast(node)
            && it.text() == port
        {
            edits.push(edit(it.range(), name));
        }
        let is_text = Payload::cast(node).is_some() || StringLiteral::cast(node).is_some();
        if !is_text {
            continue;
        }
        let pieces = node
            .children_as::<Piece<'_>>()
            .filter(|it| matches!(it, Piece::TextPiece(_)));
        let ranges = pieces.map(|it| it.range());
        let prefix = StringLiteral::cast(node).map(|it| it.prefix());
        for range in ranges.chain(prefix) {
            edits.extend(in_text(cx, range, port).map(|at| edit(at, format!("${{{name}}}"))));
        }
    }
    edits
}

fn in_text<'a>(cx: &'a Context<'_>, range: TextRange, port: &'a str) -> impl Iterator<Item = TextRange> + 'a {
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    let text = cx.word(range);
    let alone = move |at: usize| {
        !text[..at].ends_with(is_word)
            && !text[at + port.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '_')
    };
    let found = text
        .match_indices(port)
        .map(|(at, _)| at)
        .filter(move |at| alone(*at));
    found.map(move |at| TextRange::new(range.start + at as u32, range.start + (at + port.len()) as u32))
}

#[cfg(test)]
mod tests {
    use crate::actions::testing::{check, offered};

    #[test]
    fn the_number_gets_a_name() {
        let test = |first: &str, port: &str| {
            format!(
                "//- Relux.toml\n[run]\njobs = 2\n//- relux/tests/main.relux\ntest \"t\" {{\n    {first}shell web {{\n        > python3 -m http.server --port {port}\n        <? port {port}\n    }}\n\n    \
                 shell client {{\n        > curl -s localhost:{port}/18080\n        match_ok()\n    }}\n}}\n"
            )
        };
        let marked = test("", "8080").replacen("8080", "80<|>80", 1);
        let expected = test("let port = available_port()\n\n    ", "${port}");
        let expected = expected
            .split_once("//- relux/tests/")
            .map(|it| it.1)
            .unwrap_or_default();
        check("choose-port", &marked, &format!("relux/tests/{expected}"));
    }

    #[test]
    fn tests_that_share_the_port_change_together() {
        let test = |name: &str, first: &str, port: &str| {
            format!(
                "test \"{name}\" {{\n    {first}shell web {{\n        > python3 -m http.server --port {port}\n        <? port {port}\n    }}\n}}\n"
            )
        };
        let suite = |one: &str, other: &str| {
            format!("//- Relux.toml\n[run]\njobs = 2\n//- relux/tests/main.relux\n{one}\n{other}")
        };
        let before = suite(
            &test("a", "", "8080").replacen("8080", "80<|>80", 1),
            &test("b", "", "8080"),
        );
        let declared = "let port = available_port()\n\n    ";
        let after = format!(
            "{}\n{}",
            test("a", declared, "${port}"),
            test("b", declared, "${port}")
        );
        check(
            "choose-port",
            &before,
            &format!("relux/tests/main.relux\n{after}"),
        );
    }

    #[test]
    fn numbers_that_are_no_ports_stay() {
        assert!(!offered(
            "choose-port",
            "test \"t\" {\n    shell sh {\n        > echo 80<|>80\n        match_ok()\n    }\n}\n"
        ));
    }
}
