//! The words and operators of the language, durations and markers, in a line or two each.

use std::time::Duration;

use relux_model::bodies::body::{FileBodies, StmtKind};
use relux_model::bodies::lower;
use relux_model::manifest::manifest;
use relux_model::parse::parse;
use relux_model::plan::TimeoutKind;
use relux_model::{Db, ItemKind};
use relux_syntax::TextRange;
use relux_syntax::ast::{AstNode, Marker, SyntaxKind, SyntaxNode, Timeout};

use super::Hover;
use crate::suites::Entry;

/// The word that the pointer is on, or else the one that it touches from behind.
pub(super) fn hover(db: &dyn Db, entry: Entry, offset: u32) -> Option<Hover> {
    let tree = parse(db, entry.file);
    let on = tree.covering(TextRange::new(offset, offset.saturating_add(1)));
    let behind = tree.covering(TextRange::empty(offset));
    [on, behind]
        .into_iter()
        .find_map(|token| word(db, entry, token, offset))
}

fn word(db: &dyn Db, entry: Entry, token: SyntaxNode<'_>, offset: u32) -> Option<Hover> {
    let about = |node: SyntaxNode<'_>, markdown: String| Hover {
        range: node.range(),
        markdown,
    };
    if let Some(node) = token.ancestors().find(|it| it.kind() == SyntaxKind::Timeout) {
        return Some(about(node, timeout(&Timeout::cast(node)?)));
    }
    if matches!(
        token.kind(),
        SyntaxKind::Hash | SyntaxKind::MarkerKind | SyntaxKind::MarkerModifier
    ) {
        let node = token.ancestors().find(|it| it.kind() == SyntaxKind::Marker)?;
        return Some(about(node, marker(&Marker::cast(node)?)));
    }
    let parent = token.parent().map_or(SyntaxKind::Module, |it| it.kind());
    if let Some(text) = operator(token.kind(), parent) {
        let waits = matches!(
            parent,
            SyntaxKind::MatchRegex | SyntaxKind::MatchLiteral | SyntaxKind::Multimatch
        );
        let own = token
            .parent()
            .is_some_and(|it| it.children().any(|it| it.kind() == SyntaxKind::Timeout));
        let limit = if waits && !own {
            waits_for(db, entry, offset)
        } else {
            String::new()
        };
        return Some(about(token, format!("`{}` {text}{limit}", token.text())));
    }
    let text = keyword(token.kind())?;
    Some(about(token, format!("`{}` {text}", token.text())))
}

fn operator(token: SyntaxKind, parent: SyntaxKind) -> Option<&'static str> {
    Some(match (token, parent) {
        (SyntaxKind::Greater, SyntaxKind::Send) => "sends a line: the text and a line end.",
        (SyntaxKind::EqualsGreater, SyntaxKind::SendRaw) => "sends the text without a line end.",
        (SyntaxKind::LessQuestion, _) | (SyntaxKind::Less | SyntaxKind::Question, SyntaxKind::MatchRegex) => {
            "waits until the output matches the regular expression. Alone it forgets the output so far."
        }
        (SyntaxKind::LessEquals, _) | (SyntaxKind::Less | SyntaxKind::Equals, SyntaxKind::MatchLiteral) => {
            "waits until the output holds the text. Alone it forgets the output so far."
        }
        (SyntaxKind::Less, SyntaxKind::Multimatch) => "waits for all of these patterns, in any order.",
        (SyntaxKind::BangQuestion, _) => {
            "sets the fail pattern: from now on the test fails when the output matches it. Alone it clears it."
        }
        (SyntaxKind::BangEquals, _) => {
            "sets the fail pattern: from now on the test fails when the output holds the text. Alone it clears it."
        }
        (SyntaxKind::ColonEquals, _) => "binds a value (edition 2026-08).",
        (SyntaxKind::Equals, SyntaxKind::Let | SyntaxKind::OverlayEntry) => {
            "binds a value (edition 2026-04)."
        }
        (SyntaxKind::Question, SyntaxKind::AssertRegex) => {
            "asserts that the regular expression finds something in the value."
        }
        (SyntaxKind::Equals, SyntaxKind::AssertEqual) => "asserts that the value is exactly the text.",
        _ => return None,
    })
}

fn keyword(token: SyntaxKind) -> Option<&'static str> {
    Some(match token {
        SyntaxKind::EffectKeyword => "defines something that tests need set up, with what it needs itself.",
        SyntaxKind::TestKeyword => "defines a test.",
        SyntaxKind::FnKeyword => "defines a function; it works on the shell that calls it.",
        SyntaxKind::PureKeyword => "says that a function needs no shell.",
        SyntaxKind::ExpectKeyword => "lists variables that whoever starts the effect must supply.",
        SyntaxKind::StartKeyword => {
            "starts an effect before the body. Braces hold its overlay: variables for it and for all that it starts."
        }
        SyntaxKind::ExposeKeyword => "says what starters of the effect may use.",
        SyntaxKind::ShellKeyword => "talks to a shell, which starts at its first block.",
        SyntaxKind::CleanupKeyword => "is run at the end, whatever happened, in a shell of its own.",
        SyntaxKind::ImportKeyword => {
            "brings the effects and functions of a module below `relux/lib` into scope."
        }
        SyntaxKind::LetKeyword => "declares a variable.",
        _ => return None,
    })
}

fn timeout(node: &Timeout<'_>) -> String {
    let written = node.syntax().text();
    let Ok(value) = node.value() else {
        return format!("`{written}` is no duration.");
    };
    let kind = if node.is_assertion() {
        TimeoutKind::Assertion
    } else {
        TimeoutKind::Tolerance
    };
    format!("`{written}` {}", limit(value, kind))
}

fn limit(value: Duration, kind: TimeoutKind) -> String {
    match kind {
        TimeoutKind::Tolerance => {
            format!("allows {value:?}, times `-m` of `relux run` and the factor of retries.")
        }
        TimeoutKind::Assertion => {
            format!("asserts that it takes at most {value:?}. Nothing scales it.")
        }
    }
}

/// The time that a wait at an offset has.
fn waits_for(db: &dyn Db, entry: Entry, offset: u32) -> String {
    let bodies = lower(db, entry.file);
    if let Some((written, value, kind)) = last_timeout(bodies, entry.file.text(db), offset) {
        return format!("\n\nTimeout: `{written}` {}", limit(value, kind));
    }
    let inside = bodies.definition_at(offset);
    if inside.is_some_and(|it| it.item_kind() == ItemKind::Function) {
        return "\n\nTimeout: that of the caller.".to_owned();
    }
    let manifest = manifest(db, entry.suite);
    let value = manifest.run_settings(entry.suite.root(db)).match_timeout;
    let from = if manifest.match_timeout.is_some() {
        "`[timeout] match` of Relux.toml"
    } else {
        "the default"
    };
    format!("\n\nTimeout: {value:?}, {from}.")
}

/// The timeout that was set last for the shell or function that holds an offset.
fn last_timeout<'a>(
    bodies: &FileBodies,
    text: &'a str,
    offset: u32,
) -> Option<(&'a str, Duration, TimeoutKind)> {
    let definition = bodies.definition_at(offset)?;
    let header = |at: usize| {
        let block = definition.blocks.get(at)?;
        Some((
            block.qualifier.unwrap_or_default().slice(text),
            block.name?.slice(text),
        ))
    };
    let here = definition.blocks.iter().position(|it| it.range.touches(offset));
    let blocks = (0..definition.blocks.len())
        .filter(|at| here.is_some() && header(*at) == here.and_then(header))
        .map(|at| definition.blocks[at].body);
    let cleanup = definition.cleanup.iter().filter(|it| it.range.touches(offset));
    let own = cleanup
        .map(|it| it.body)
        .chain(definition.is_function().then_some(definition.body));
    let stmts = blocks.chain(own).flat_map(|body| bodies.stmts(body));
    let before = stmts.filter(|stmt| stmt.range.end <= offset);
    let mut set = before.filter_map(|stmt| match stmt.kind {
        StmtKind::Timeout(id) => {
            let timed = bodies.timeout(id);
            let value = timed.value?;
            Some((timed.range.slice(text), value.duration, value.kind))
        }
        _ => None,
    });
    set.next_back()
}

fn marker(node: &Marker<'_>) -> String {
    let what = match node.kind_text() {
        "skip" => "The test is skipped",
        "run" => "The test is run only",
        "flaky" => "The test is retried when it fails,",
        _ => return "No such marker: `skip`, `run` and `flaky` exist.".to_owned(),
    };
    let conditional = node.syntax().text().contains(" if") || node.is_unless();
    let when = match (conditional, node.is_unless()) {
        (false, _) => "always",
        (true, true) => "unless the condition holds",
        (true, false) => "if the condition holds",
    };
    format!(
        "{what} {when}. A value on its own holds if it is not empty. On an effect or function it counts for every test that reaches it."
    )
}
