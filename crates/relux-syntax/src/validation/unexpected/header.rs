//! Text between the header of a block and its brace.

use super::{carriage_return, dash_in_name, shown, trimmed};
use crate::ast::{AstNode, Block, Unexpected};
use crate::validation::sink::Sink;
use crate::validation::{codes, confusables};
use crate::{Diagnostic, Fix, TextRange, names};

/// Text between the header of a block and its brace.
pub(in crate::validation) fn in_header(block: Block<'_>, junk: Unexpected<'_>, sink: &mut Sink<'_>) {
    let (text, range) = (trimmed(junk).slice(junk.syntax().source()), trimmed(junk));
    if let Some(found) = other_bracket(text, range)
        .or_else(|| confusables::find(text, range.start))
        .or_else(|| carriage_return(text, range))
        .or_else(|| foreign_header(block, text, range))
    {
        if text.contains('(') {
            sink.open_parenthesis();
        }
        sink.push(with_closing_parenthesis(found, text, block, sink));
        return;
    }
    let unquoted = text.trim_matches(['"', '\'']);
    let found = match block {
        Block::Test(it) if it.name().is_none() && is_quoted(text) && it.timeout().is_some() => {
            let timeout = it.timeout().map_or(range, |it| it.range());
            let whole = timeout.cover(range);
            let better = format!("{text} {}", timeout.slice(junk.syntax().source()));
            Diagnostic::error(
                codes::UNEXPECTED_TEXT,
                whole,
                "the name of a test stands before its timeout",
            )
            .with_fix(Fix::safe("Exchange the two", whole, better))
        }
        Block::Test(it) if it.name().is_none() => Diagnostic::error(
            codes::MISSING_QUOTE,
            range,
            "the name of a test is written in double quotes",
        )
        .with_fix(Fix::safe(
            "Quote the name",
            range,
            format!("\"{}\"", unquoted.replace('"', "\\\"")),
        )),
        Block::Test(_) if crate::duration::parse(text).is_ok() => {
            Diagnostic::error(codes::INVALID_DURATION, range, "a timeout begins with `~` or `@`").with_fix(
                Fix::needs_a_look(format!("Write `~{text}`"), range, format!("~{text}")),
            )
        }
        Block::ShellBlock(it) if it.name().is_none() && names::is_variable(unquoted) => Diagnostic::error(
            codes::INVALID_NAME,
            range,
            "the name of a shell is written without quotes",
        )
        .with_fix(Fix::safe("Remove the quotes", range, unquoted)),
        Block::Effect(_) if text.starts_with('(') => {
            Diagnostic::error(codes::UNEXPECTED_TEXT, range, "an effect has no parameters")
                .with_help("name the variables that it needs with `expect` in its body")
        }
        Block::Cleanup(_) => Diagnostic::error(codes::UNEXPECTED_TEXT, range, "a cleanup block has no name"),
        _ => Diagnostic::error(
            codes::UNEXPECTED_TEXT,
            range,
            format!("`{}` is not part of a header", shown(text)),
        )
        .with_help(header_form(block)),
    };
    sink.push(found);
}

fn is_quoted(text: &str) -> bool {
    text.len() > 2 && text.starts_with('"') && text[1..].find('"') == Some(text.len() - 2)
}

/// `test "name":`, `shell s (`, `test "name" do`: other ways to begin a block.
fn other_bracket(text: &str, range: TextRange) -> Option<Diagnostic> {
    let (begin, end) = match text {
        "(" | "[" | ":" | "do" | "then" | "begin" => (text, range),
        _ => {
            let begin = [":", "(", " do", " then", "=>"]
                .into_iter()
                .find(|it| text.ends_with(it))?;
            // What stands before it is looked at first.
            return (text.len() == begin.len()).then(|| block_begin(begin, range));
        }
    };
    Some(block_begin(begin, end))
}

fn block_begin(begin: &str, range: TextRange) -> Diagnostic {
    let fixed = if begin == ":" { " {" } else { "{" };
    Diagnostic::error(
        codes::WRONG_OPERATOR,
        range,
        format!("a block does not begin with `{}`", begin.trim()),
    )
    .with_help("its header ends with `{`, and a line with `}` closes it; indentation means nothing")
    .with_fix(Fix::needs_a_look("Write `{`", range, fixed))
}

/// The fix of a `(` in place of a brace also takes the `)` that is indented like the header.
fn with_closing_parenthesis(
    mut found: Diagnostic,
    text: &str,
    block: Block<'_>,
    sink: &Sink<'_>,
) -> Diagnostic {
    let Some(fix) = found.fixes.first_mut().filter(|_| text == "(") else {
        return found;
    };
    let header = block.header_range();
    let indent = sink.lines().indent(header.start);
    let mut at = sink.lines().next_line(header.end);
    while (at as usize) < sink.source().len() {
        let line = sink.lines().line(at).slice(sink.source());
        let depth = line.len() - line.trim_start().len();
        if line.trim_start().starts_with(')') && depth == indent.len() {
            let range = TextRange::new(at + depth as u32, at + depth as u32 + 1);
            fix.edits.push(crate::Edit {
                file: None,
                range,
                new_text: "}".to_owned(),
            });
            break;
        }
        if depth < indent.len() && !line.trim().is_empty() {
            break;
        }
        at = sink.lines().next_line(at);
    }
    found
}

/// Headers as other languages write them.
fn foreign_header(block: Block<'_>, text: &str, range: TextRange) -> Option<Diagnostic> {
    let error = |message: &str| Diagnostic::error(codes::UNEXPECTED_TEXT, range, message);
    let glued = |name: TextRange| name.end == range.start;
    match block {
        Block::Test(it) if it.name().is_none() => {
            let inner = text.strip_prefix("(\"")?;
            let name = &inner[..inner.find('"')?];
            Some(
                error("a test has a name and no parentheses")
                    .with_help(format!("write `test \"{}\" {{`", shown(name)))
                    .with_fix(Fix::needs_a_look("Write it so", range, format!(" \"{name}\" "))),
            )
        }
        Block::Test(_) => {
            let time = text
                .strip_prefix("timeout")
                .map(|it| it.trim_matches([' ', '=', ':', '\t']))
                .filter(|it| crate::duration::parse(it).is_ok())?;
            Some(
                Diagnostic::error(codes::INVALID_DURATION, range, "a timeout begins with `~` or `@`")
                    .with_help(format!("write `~{time}`"))
                    .with_fix(Fix::safe(format!("Write `~{time}`"), range, format!("~{time}"))),
            )
        }
        Block::Function(it) => {
            let name = it.name()?;
            if it.parameters().is_none() && text.starts_with('-') && glued(name.range()) {
                let word = text.split(['(', ' ', '\t']).next().unwrap_or(text);
                let whole = name
                    .range()
                    .cover(TextRange::new(range.start, range.start + word.len() as u32));
                let better = format!("{}{}", name.text(), word.replace('-', "_"));
                return names::is_variable(&better).then(|| dash_in_name(whole, &better));
            }
            let list = it.parameters()?;
            if text.starts_with("->") || (text.starts_with(':') && list.is_closed()) {
                return Some(
                    error("a function does not say what it returns")
                        .with_help("its value is that of its last line; remove this")
                        .with_fix(Fix::safe("Remove it", with_blanks(range, block), "")),
                );
            }
            let help = "a function with fewer parameters may have the same name, and call this one";
            match text.as_bytes() {
                [b':', ..] => Some(
                    error("parameters have no types")
                        .with_help("every value is text; name the parameter alone"),
                ),
                [b'=', ..] => Some(error("parameters have no default values").with_help(help)),
                [b'.' | b'*', ..] => Some(error("the number of parameters is fixed").with_help(help)),
                _ => None,
            }
        }
        Block::ShellBlock(it) => {
            let name = it.name()?;
            let own = name.range();
            if text.starts_with('-') && glued(own) {
                let whole = own.cover(range);
                let better = whole.slice(block.syntax().source()).replace('-', "_");
                return names::is_variable(&better).then(|| dash_in_name(whole, &better));
            }
            if names::is_variable(text) && name.qualifier().is_none() && !matches!(text, "as" | "do") {
                let better = format!("{}.{text}", name.text());
                let whole = own.cover(range);
                return Some(
                    error("a shell has one name")
                        .with_help(format!("a shell of a started effect is written `{better}`"))
                        .with_fix(Fix::needs_a_look(format!("Write `{better}`"), whole, better)),
                );
            }
            None
        }
        Block::Effect(it) => {
            let name = it.name()?;
            let whole = name.range().cover(range);
            let better = whole.slice(block.syntax().source()).replace('-', "_");
            (text.starts_with('-') && glued(name.range()) && names::is_variable(&better))
                .then(|| dash_in_name(whole, &names::to_camel(&better)))
        }
        Block::Cleanup(_) => None,
    }
}

/// The range and the blanks before it.
fn with_blanks(range: TextRange, block: Block<'_>) -> TextRange {
    let before = block.syntax().source()[..range.start as usize].trim_end_matches([' ', '\t']);
    TextRange::new(before.len() as u32, range.end)
}

fn header_form(block: Block<'_>) -> &'static str {
    match block {
        Block::Function(_) => "a function is written `fn name(a, b) {`",
        Block::Effect(_) => "an effect is written `effect Name {`",
        Block::Test(_) => "a test is written `test \"name\" {` or `test \"name\" ~30s {`",
        Block::ShellBlock(_) => "a shell block is written `shell name {` or `shell alias.name {`",
        Block::Cleanup(_) => "a cleanup block is written `cleanup {`",
    }
}
