//! The suite of the language, `tests/suites/language`, leaves nothing out: whoever adds a built-in, an operator, a
//! marker or a timeout is told here that no test of the suite has it yet.
//!
//! It knows what there is from the table of built-ins and from the kinds of the grammar, and what the suite has from
//! its trees; whether the tests say the truth is for the runner to show (`tests/suites/language.rs`).

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use regex::Regex;
use relux_model::builtins::TABLE;
use relux_syntax::ast::{AstNode, Call, Condition, Marker};
use relux_syntax::{Parse, SyntaxKind, SyntaxNode, parse};

/// What only text with a mistake in it has.
const OF_MISTAKES: [&str; 14] = [
    "Bang",
    "BracedReference",
    "EqualsEquals",
    "Error",
    "IncompleteOperator",
    "LineBreak",
    "MissingNewline",
    "MissingQuote",
    "Newline",
    "StrayClose",
    "StrayOpen",
    "UnclosedDocstring",
    "UnclosedTestName",
    "Unexpected",
];

/// What edition 2026-08 has brought, as kinds of nodes and tokens.
const OF_AUGUST: [&str; 10] = [
    "AssertEqual",
    "AssertRegex",
    "Assign",
    "ColonEquals",
    "Multimatch",
    "MultimatchLiteral",
    "MultimatchRegex",
    "QualifiedInterpolation",
    "QualifiedVariable",
    "VarKeyword",
];

#[test]
fn every_builtin_is_called() {
    let calls = forms(&[suite("2026-04"), suite("2026-08")].concat(), |node| {
        let call = Call::cast(node)?;
        let arguments = call.arguments().map_or(0, |list| list.expressions().count());
        Some(format!("{}/{arguments}", call.function()?.text()))
    });
    let missing: Vec<_> = TABLE
        .iter()
        .map(|it| format!("{}/{}", it.name, it.params.len()))
        .filter(|it| !calls.contains(it))
        .collect();
    assert_eq!(missing, Vec::<String>::new(), "no test calls these");
}

#[test]
fn every_form_of_the_grammar_occurs_in_each_edition() {
    let generated = include_str!("../../../relux-syntax/src/ast/generated.rs");
    let line = Regex::new(r"(?m)^ +\(.*, (?:true|false)\) => Self::(\w+),$").expect("a regex");
    let kinds: BTreeSet<_> = line.captures_iter(generated).map(|it| it[1].to_owned()).collect();
    assert!(kinds.len() > 80, "only {} kinds were found", kinds.len());
    for edition in ["2026-04", "2026-08"] {
        let seen = forms(&suite(edition), |node| Some(format!("{:?}", node.kind())));
        let expected = |kind: &&String| {
            let kind = kind.as_str();
            !OF_MISTAKES.contains(&kind) && (edition == "2026-08" || !OF_AUGUST.contains(&kind))
        };
        let missing: Vec<_> = kinds
            .iter()
            .filter(expected)
            .filter(|it| !seen.contains(*it))
            .collect();
        assert_eq!(missing, Vec::<&String>::new(), "{edition}: no test has these");
    }
}

#[test]
fn every_timeout_stands_everywhere() {
    use SyntaxKind::{At, MatchLiteral, MatchRegex, Multimatch, Test, Tilde, Timeout, TimeoutStatement};
    for edition in ["2026-04", "2026-08"] {
        let seen = forms(&suite(edition), |node| {
            let timeout = node.parent().filter(|it| it.kind() == Timeout)?;
            Some(format!("{:?} of {:?}", node.kind(), timeout.parent()?.kind()))
        });
        for sigil in [Tilde, At] {
            for place in [MatchLiteral, MatchRegex, TimeoutStatement, Test, Multimatch] {
                let form = format!("{sigil:?} of {place:?}");
                let known = edition == "2026-08" || place != Multimatch;
                assert_eq!(seen.contains(&form), known, "{edition}: {form}");
            }
        }
    }
}

#[test]
fn every_operator_stands_alone_and_with_a_payload() {
    let lines = [">", "=>", "<?", "<=", "!?", "!=", "let", "~", "@"];
    for edition in ["2026-04", "2026-08"] {
        let texts: String = suite(edition).iter().map(|it| it.text().to_string()).collect();
        for operator in lines {
            let payload = Regex::new(&format!(r"(?m)^ *{}\s?\S", regex::escape(operator))).expect("a regex");
            assert!(payload.is_match(&texts), "{edition}: no test has `{operator} …`");
            // A sigil needs a duration, and what is alone behind `let` is the name.
            if operator.len() == 2 || operator == ">" {
                let alone = Regex::new(&format!(r"(?m)^ *{}$", regex::escape(operator))).expect("a regex");
                assert!(
                    alone.is_match(&texts),
                    "{edition}: no test has `{operator}` alone"
                );
            }
        }
    }
}

#[test]
fn every_marker_has_every_condition() {
    for edition in ["2026-04", "2026-08"] {
        let seen = forms(&suite(edition), |node| {
            let marker = Marker::cast(node)?;
            let words: Vec<_> = marker.text().trim_start_matches('#').split_whitespace().collect();
            let condition = node.child_as::<Condition>();
            let operator = condition.and_then(|it| it.operator_token());
            let operator = operator.map_or("", |it| it.text());
            let words = if condition.is_some() {
                &words[..2]
            } else {
                &words[..]
            };
            Some(format!("{} {operator}", words.join(" ")).trim_end().to_owned())
        });
        for kind in ["skip", "run", "flaky"] {
            assert!(seen.contains(kind), "{edition}: no test has `# {kind}`");
            for modifier in ["if", "unless"] {
                for operator in ["", " =", " ?"] {
                    let form = format!("{kind} {modifier}{operator}");
                    assert!(
                        seen.contains(&form),
                        "{edition}: no test has `# {form}`: {seen:?}"
                    );
                }
            }
        }
    }
}

/// What there is of something in all trees.
fn forms(trees: &[Parse], of: impl Fn(SyntaxNode<'_>) -> Option<String>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for tree in trees {
        found.extend(tree.module().syntax().descendants().filter_map(&of));
    }
    found
}

/// All modules of an edition that are to be sound, nested suites included.
fn suite(edition: &str) -> Vec<Parse> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/suites/language");
    let mut trees = Vec::new();
    let mut open = vec![root.join(edition)];
    while let Some(path) = open.pop() {
        if path.is_dir() && !path.ends_with("errors") && !path.ends_with("out") {
            let entries = fs::read_dir(&path).expect("listing a directory");
            open.extend(entries.map(|entry| entry.expect("listing a directory").path()));
        } else if path.extension().is_some_and(|it| it == "relux") {
            trees.push(parse(fs::read_to_string(&path).expect("reading a module")));
        }
    }
    assert!(!trees.is_empty(), "{edition} has modules");
    trees
}
