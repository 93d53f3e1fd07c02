//! Text to regular expression and back, where both find the same: `<= a.b` and `<? a\.b`, also in fail patterns and in
//! the lines of a multimatch.
//!
//! A regular expression that matches sets the captures and a text does not, so neither changes where a capture would
//! notice.

use regex_syntax::hir::HirKind;
use relux_model::bodies::body::{Pattern, Piece, StmtKind};
use relux_model::names::Symbol;
use relux_syntax::TextRange;

use super::context::{Context, edit};
use super::text::{Place, regex_for, written};
use super::{ActionKind, Offer, Promise, Rule};

pub(super) const RULE: Rule = Rule {
    id: "convert-pattern",
    kind: ActionKind::Rewrite,
    any_file: false,
    offer,
    promise: Promise::Clean,
};

fn offer(cx: &Context<'_>) -> Option<Offer> {
    let (statement, pattern, captures) = pattern_at(cx)?;
    let payload = pattern.text.range;
    let before = cx
        .text
        .get(..payload.start as usize)?
        .trim_end_matches([' ', '\t']);
    let operator = TextRange::new(before.len() as u32 - 1, before.len() as u32);
    let (from, to) = if pattern.regex { ("?", "=") } else { ("=", "?") };
    if cx.word(operator) != from || captures && is_noticed(cx, statement, pattern.regex) {
        return None;
    }
    let new = if pattern.regex {
        written(&text_of_regex(cx, pattern)?, Place::Payload)?
    } else {
        regex_for(&text_of(cx, pattern)?)?
    };
    let blank = |c: char| c.is_whitespace();
    if new.is_empty() || new.starts_with(blank) || new.ends_with(blank) {
        return None;
    }
    let title = if pattern.regex {
        "Wait for the text itself"
    } else {
        "Write as a regular expression"
    };
    Some(Offer::now(title, vec![edit(operator, to), edit(payload, new)]))
}

/// The pattern on the line of the cursor with its statement, and whether it sets captures when it is a regular expression.
fn pattern_at(cx: &Context<'_>) -> Option<(TextRange, Pattern, bool)> {
    let bodies = cx.bodies();
    let definition = bodies.definition_at(cx.range.start)?;
    let lists = [definition.preamble, definition.body].into_iter();
    let blocks = definition.blocks.iter().map(|it| it.body);
    let cleanup = definition.cleanup.iter().map(|it| it.body);
    let all = lists.chain(blocks).chain(cleanup).flat_map(|it| bodies.stmts(it));
    let stmt = all
        .into_iter()
        .find(|it| it.range.touches(cx.range.start) && it.range.touches(cx.range.end))?;
    match stmt.kind {
        StmtKind::Match { pattern, .. } => Some((stmt.range, pattern, true)),
        StmtKind::FailPattern(pattern) => Some((stmt.range, pattern, false)),
        StmtKind::MultiMatch { patterns, .. } => {
            let line = |at: u32| {
                cx.text
                    .get(..at as usize)
                    .unwrap_or_default()
                    .matches('\n')
                    .count()
            };
            let mut patterns = bodies.patterns(patterns).iter();
            let found = patterns.find(|it| line(it.text.range.start) == line(cx.range.start))?;
            Some((stmt.range, *found, false))
        }
        _ => None,
    }
}

/// Whether a capture would be another one: of this match if it is a regular expression, of an earlier one otherwise.
fn is_noticed(cx: &Context<'_>, statement: TextRange, regex: bool) -> bool {
    let body = cx.bodies().definition_at(statement.start).map(|it| it.range);
    let mut captures = cx.names().iter().filter(|it| {
        matches!(it.symbol, Symbol::Capture { .. }) && body.is_some_and(|body| body.covers(it.range))
    });
    captures.any(|it| {
        let of_this = it.declared.is_some_and(|it| statement.covers(it));
        let of_earlier =
            it.range.start > statement.end && it.declared.is_none_or(|it| it.end <= statement.start);
        if regex { of_this } else { of_earlier }
    })
}

/// What a pattern without references says.
fn text_of(cx: &Context<'_>, pattern: Pattern) -> Option<String> {
    let pieces = cx.bodies().pieces(pattern.text).iter();
    let text = pieces.map(|piece| match piece {
        Piece::Source(range) => Some(cx.word(*range).to_owned()),
        Piece::Char { value, .. } => Some(value.to_string()),
        _ => None,
    });
    text.collect()
}

/// The only text that a regular expression finds.
fn text_of_regex(cx: &Context<'_>, pattern: Pattern) -> Option<String> {
    let hir = regex_syntax::parse(&text_of(cx, pattern)?).ok()?;
    match hir.kind() {
        HirKind::Literal(literal) => String::from_utf8(literal.0.to_vec()).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::actions::testing::{check, offered};

    fn test(statement: &str) -> String {
        format!(
            "test \"t\" {{\n    shell sh {{\n        > seq 3\n        {statement}\n        match_ok()\n    }}\n}}\n"
        )
    }

    #[track_caller]
    fn converted(one: &str, other: &str) {
        for (from, to) in [(one, other), (other, one)] {
            let marked = format!("{}<|>{}", &from[..1], &from[1..]);
            let expected = format!("relux/tests/main.relux\n{}", test(to));
            check("convert-pattern", &test(&marked), &expected);
        }
    }

    #[test]
    fn both_find_the_same() {
        converted("<= port 80", "<? port 80");
        converted("<~5s= a.b (c)", "<~5s? a\\.b \\(c\\)");
        converted("!= C:\\\\x $${y} $z", "!? C:\\\\x \\$\\{y\\} \\$z");
        converted("<= a\\tb", "<? a\\tb");
    }

    #[test]
    fn a_line_of_a_multimatch() {
        check(
            "convert-pattern",
            &test("<{\n            ? ^1$\n            = 2<|>+\n        }"),
            &format!(
                "relux/tests/main.relux\n{}",
                test("<{\n            ? ^1$\n            ? 2\\+\n        }")
            ),
        );
    }

    #[test]
    fn what_only_one_of_them_can_say_stays() {
        for statement in [
            "<? ^1<|>$",
            "<? 1|<|>2",
            "<?<|>",
            "<= ${<|>x}",
            "<? (<|>1)",
            "<? (?i)<|>a",
        ] {
            assert!(!offered("convert-pattern", &test(statement)), "{statement}");
        }
    }

    #[test]
    fn captures_stay_what_they_are() {
        for statements in [
            "<? 1<|>\n        log($0)",
            "<? ^(1)$\n        <= 2<|>\n        log($1)",
        ] {
            assert!(!offered("convert-pattern", &test(statements)), "{statements}");
        }
        assert!(offered(
            "convert-pattern",
            &test("<? ^(1)$\n        log($1)\n        <= 2<|>")
        ));
    }
}
