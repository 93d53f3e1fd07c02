//! Why a pattern was not found, where the output tells: it was there but already read, on a line with something else
//! before it, in other letters, with a character that means something in a regular expression.
//!
//! A guess is only told when changing that one thing makes the pattern match.

use regex_syntax::hir::{Hir, HirKind};

use super::failure::{shortened, visible};
use crate::shell::Compiled;

/// Characters of a line that a note shows.
const LINE_CHARS: usize = 120;

/// What kept the pattern from matching this output, as a sentence. `read` are the last bytes that were consumed, `unread`
/// the last that were not.
pub(super) fn near_miss(pattern: &Compiled, shown: &str, read: &str, unread: &str) -> Option<String> {
    let is_regex = matches!(pattern, Compiled::Regex(_));
    let source = if is_regex {
        shown.to_owned()
    } else {
        regex_syntax::escape(shown)
    };
    let tell = |text: &str, source: &str, what: &str| {
        line_with(text, source).map(|line| format!("{what}: {}", quoted(&line)))
    };
    let said_already = || {
        let what = if is_regex { "it matches" } else { "it is in" };
        tell(read, &source, &format!("{what} output that was read already"))
    };
    let unanchored = || {
        let source = without_anchors(&source).filter(|_| is_regex)?;
        tell(unread, &source, "without `^` and `$` it would match in this line")
    };
    let other_case = || {
        let source = format!("(?i){source}");
        tell(unread, &source, "but for upper and lower case it matches")
    };
    let as_text = || {
        let source = regex_syntax::escape(shown);
        tell(
            unread,
            &source,
            "the text itself was printed; some of its characters have a meaning in `<?`, but not in `<=`",
        )
        .filter(|_| is_regex)
    };
    let as_regex = || {
        tell(
            unread,
            shown,
            "`<=` looks for the text as it is; with `<?` it would match",
        )
        .filter(|_| !is_regex)
    };
    let blanks = || {
        let source = regex_syntax::escape(shown.trim());
        let has_blanks = !is_regex && shown.trim() != shown && !shown.trim().is_empty();
        tell(unread, &source, "without the blanks at its ends it would match").filter(|_| has_blanks)
    };
    let line_ends = || {
        let source = regex_syntax::escape(shown).replace('\n', "\r\n");
        tell(unread, &source, "the terminal ends lines with `\\r\\n`")
            .filter(|_| !is_regex && shown.contains('\n') && !shown.contains('\r'))
    };
    unanchored()
        .or_else(other_case)
        .or_else(as_text)
        .or_else(as_regex)
        .or_else(blanks)
        .or_else(line_ends)
        .or_else(said_already)
}

/// The line in which the last match begins.
fn line_with(text: &str, source: &str) -> Option<String> {
    let Ok(Compiled::Regex(regex)) = Compiled::regex(source) else {
        return None;
    };
    let found = regex
        .full
        .find_iter(text)
        .filter(|found| !found.is_empty())
        .last()?;
    let start = text[..found.start()].rfind(['\n', '\r']).map_or(0, |end| end + 1);
    let end = text[found.end()..]
        .find(['\n', '\r'])
        .map_or(text.len(), |at| found.end() + at);
    Some(text[start..end].to_owned())
}

fn quoted(line: &str) -> String {
    format!("`{}`", shortened(&visible(line).replace('\n', "\\n"), LINE_CHARS))
}

/// The pattern without its line anchors; `None` if it has none.
fn without_anchors(source: &str) -> Option<String> {
    let hir = regex_syntax::ParserBuilder::new()
        .multi_line(true)
        .crlf(true)
        .build()
        .parse(source)
        .ok()?;
    let loose = loosened(hir.clone());
    (loose != hir).then(|| loose.to_string())
}

fn loosened(hir: Hir) -> Hir {
    match hir.into_kind() {
        HirKind::Look(look) if look.as_repr() & ANCHORS != 0 => Hir::empty(),
        HirKind::Repetition(mut repetition) => {
            repetition.sub = Box::new(loosened(*repetition.sub));
            Hir::repetition(repetition)
        }
        HirKind::Capture(mut capture) => {
            capture.sub = Box::new(loosened(*capture.sub));
            Hir::capture(capture)
        }
        HirKind::Concat(parts) => Hir::concat(parts.into_iter().map(loosened).collect()),
        HirKind::Alternation(parts) => Hir::alternation(parts.into_iter().map(loosened).collect()),
        HirKind::Empty => Hir::empty(),
        HirKind::Literal(literal) => Hir::literal(literal.0),
        HirKind::Class(class) => Hir::class(class),
        HirKind::Look(look) => Hir::look(look),
    }
}

/// All but word boundaries.
const ANCHORS: u32 = {
    use regex_syntax::hir::Look;
    Look::Start.as_repr()
        | Look::End.as_repr()
        | Look::StartLF.as_repr()
        | Look::EndLF.as_repr()
        | Look::StartCRLF.as_repr()
        | Look::EndCRLF.as_repr()
};

#[cfg(test)]
mod tests {
    use super::*;

    fn regex(source: &str, read: &str, unread: &str) -> String {
        let pattern = Compiled::regex(source).expect("a valid pattern");
        near_miss(&pattern, source, read, unread).unwrap_or_default()
    }

    fn literal(text: &str, read: &str, unread: &str) -> String {
        near_miss(&Compiled::literal(text), text, read, unread).unwrap_or_default()
    }

    #[test]
    fn one_reason_is_told_if_it_is_one() {
        insta::assert_snapshot!(
            [
                regex("^ready$", "", "starting\r\nrelux> ready\r\n"),
                regex("^ready$", "", "\x1b[32mready\x1b[0m\r\n"),
                regex("^Ready", "", "ready: 1\r\n"),
                regex(r"price (5$)", "", "the price (5$) is high\r\n"),
                regex("^done$", "make\r\ndone\r\n", "relux> "),
                literal("^done$", "", "done\r\nrelux> "),
                literal("done ", "", "done\r\nrelux> "),
                literal("a\nb", "", "a\r\nb\r\n"),
                literal("Error", "", "ERROR: disk full\r\n"),
                literal("relux> ", "x\r\nrelux> ", ""),
            ]
            .join("\n"),
            @r"
        without `^` and `$` it would match in this line: `relux> ready`
        without `^` and `$` it would match in this line: `\u{1b}[32mready\u{1b}[0m`
        but for upper and lower case it matches: `ready: 1`
        the text itself was printed; some of its characters have a meaning in `<?`, but not in `<=`: `the price (5$) is high`
        it matches output that was read already: `done`
        `<=` looks for the text as it is; with `<?` it would match: `done`
        without the blanks at its ends it would match: `done`
        the terminal ends lines with `\r\n`: `a\nb`
        but for upper and lower case it matches: `ERROR: disk full`
        it is in output that was read already: `relux> `
        "
        );
    }

    #[test]
    fn nothing_is_guessed() {
        assert_eq!(regex("^ready$", "starting\r\n", "failed\r\n"), "");
        assert_eq!(regex("x*$", "a\r\n", "b\r\n"), "");
        assert_eq!(literal("ready", "starting\r\n", "failed\r\n"), "");
    }
}
