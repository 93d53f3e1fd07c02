//! Text that is left over in a line, named by what it looks like.
//!
//! The grammar hands over everything that it could not read; here it becomes a sentence. The order of the questions
//! matters: the first that fits is reported, and nothing ends as a plain "syntax error".

use super::codes;
use super::sink::{Sink, shown};
use super::{confusables, foreign, values};
use crate::ast::{AstNode, Block, ExpressionStatement, Start, SyntaxKind, SyntaxNode, Unexpected, Variable};
use crate::nearest::nearest;
use crate::{Diagnostic, Fix, TextRange, names};

/// Text behind a statement, or a line that begins with it.
pub(super) fn in_line(
    before: Option<SyntaxNode<'_>>,
    junk: Unexpected<'_>,
    place: Place,
    sink: &mut Sink<'_>,
) {
    let text = junk.text().trim_end();
    if before
        .and_then(lone_word)
        .is_some_and(|it| is_else_behind_brace(it))
    {
        // Of the `if` before it enough is said.
        return;
    }
    if text.ends_with("=> {") {
        sink.open_parenthesis();
    }
    if text.bytes().all(|it| matches!(it, b')' | b';')) && text.starts_with(')') && before.is_none_or(closes)
    {
        sink.push_parenthesis(line_start(junk, place));
        return;
    }
    let found = match before {
        None => line_start(junk, place),
        Some(it) if !super::lines::ends_with_line(it.kind()) => line_start(junk, place),
        Some(it) if it.kind() == SyntaxKind::IncompleteOperator => return,
        Some(it) => behind(it, junk, place),
    };
    sink.push(found);
}

/// `} else {`.
fn is_else_behind_brace(word: Variable<'_>) -> bool {
    let before = &word.syntax().source()[..word.range().start as usize];
    matches!(word.text(), "else" | "elif" | "elsif" | "catch" | "finally")
        && before.trim_end_matches([' ', '\t']).ends_with('}')
}

/// Whether a node ends with a closing brace.
fn closes(node: SyntaxNode<'_>) -> bool {
    node.text().ends_with('}') && !super::lines::ends_with_line(node.kind())
}

/// A line that no statement begins like.
fn line_start(junk: Unexpected<'_>, place: Place) -> Diagnostic {
    let (text, range) = (junk.text(), trimmed(junk));
    let first = TextRange::new(range.start, range.start + 1);
    if let Some(found) = carriage_return(text, range)
        .or_else(|| confusables::find(text, range.start))
        .or_else(|| foreign::line(text, range, place))
    {
        return found;
    }
    match text.as_bytes().first() {
        Some(b'?') if text.starts_with("?<") => Diagnostic::error(
            codes::WRONG_OPERATOR,
            TextRange::new(range.start, range.start + 2),
            "there is no operator `?<`",
        )
        .with_help("to wait for output write `<?`")
        .with_fix(Fix::safe(
            "Write `<?`",
            TextRange::new(range.start, range.start + 2),
            "<?",
        )),
        Some(b'?') => Diagnostic::error(
            codes::MISPLACED_PATTERN,
            first,
            "a line begins with `?` inside of a multimatch only",
        )
        .with_help("to wait for output write `<?`")
        .with_fix(Fix::needs_a_look("Write `<?`", first, "<?")),
        Some(b')' | b']' | b',' | b';') => Diagnostic::error(
            codes::UNEXPECTED_TEXT,
            range,
            format!("`{}` does not begin a statement", shown(text)),
        )
        .with_help("a statement begins and ends on the same line"),
        Some(b'/') if text.starts_with("/*") => block_comment(text.trim_end(), range),
        Some(b'-') if text.starts_with("--") => {
            let dashes = TextRange::new(range.start, range.start + 2);
            Diagnostic::error(codes::MISPLACED_COMMENT, dashes, "a comment begins with `//`")
                .with_fix(Fix::safe("Write `//`", dashes, "//"))
        }
        Some(b'`') if text.starts_with("```") => {
            Diagnostic::error(codes::UNEXPECTED_TEXT, range, "this is a fence of Markdown")
                .with_help("a file holds Relux alone: remove this line")
                .with_fix(Fix::needs_a_look("Remove the line", range, ""))
        }
        _ => not_a_statement(place, range, text),
    }
}

/// `/* … */`.
fn block_comment(text: &str, range: TextRange) -> Diagnostic {
    let found = Diagnostic::error(
        codes::MISPLACED_COMMENT,
        range,
        "a comment begins with `//` and ends with its line",
    )
    .with_help("begin each line of it with `//`");
    match text.strip_prefix("/*").and_then(|it| it.strip_suffix("*/")) {
        Some(inner) => found.with_fix(Fix::safe("Write `//`", range, format!("// {}", inner.trim()))),
        None => found,
    }
}

/// Lines that end as they did on the first Macintosh.
fn carriage_return(text: &str, range: TextRange) -> Option<Diagnostic> {
    let lone = text.trim_end_matches('\r').find('\r')? as u32 + range.start;
    Some(
        Diagnostic::error(
            codes::ODD_CHARACTER,
            TextRange::new(lone, lone + 1),
            "a carriage return alone does not end a line",
        )
        .with_help("save the file with LF or CRLF at the ends of its lines"),
    )
}

/// Words that are perhaps meant for a shell.
fn not_a_statement(place: Place, range: TextRange, text: &str) -> Diagnostic {
    let found = Diagnostic::error(
        codes::UNKNOWN_WORD,
        range,
        format!("`{}` does not begin {}", shown(text), place.what()),
    );
    match place {
        Place::Statements => found
            .with_help(foreign::send_help(text))
            .with_fix(Fix::needs_a_look(
                "Send it to the shell",
                TextRange::empty(range.start),
                "> ",
            )),
        _ => found.with_help(place.beginnings()),
    }
}

/// Text behind a statement that was complete, or could have been.
fn behind(before: SyntaxNode<'_>, junk: Unexpected<'_>, place: Place) -> Diagnostic {
    let (text, range) = (junk.text(), trimmed(junk));
    let whole = before.range().cover(range);
    let line = whole.slice(before.source());
    if let Some(found) = confusables::find(line, whole.start) {
        return found;
    }
    if let Some(word) = lone_word(before) {
        if let Some(found) = misspelled(place, word, text) {
            return found;
        }
        if let Some(found) = foreign::line(line, whole, place).or_else(|| dashed(word, line)) {
            return found;
        }
        if place != Place::Statements || !is_operator_like(text) {
            return not_a_statement(place, whole, line);
        }
    }
    values::in_place_of_value(before, range)
        .or_else(|| values::number_with_tail(before, range))
        .or_else(|| values::single_quotes(text, range))
        .or_else(|| operator(before, text, range))
        .or_else(|| by_kind(before, text, range))
        .unwrap_or_else(|| left_over(before, text, range))
}

/// The only word of a statement.
fn lone_word(statement: SyntaxNode<'_>) -> Option<Variable<'_>> {
    let expression = ExpressionStatement::cast(statement)?.expression()?;
    Variable::cast(expression.syntax())
}

/// What a block holds whose keyword is misspelt.
pub(super) fn begun(before: Option<SyntaxNode<'_>>, junk: Unexpected<'_>, place: Place) -> Option<Place> {
    let word = lone_word(before?)?;
    let keyword = misspelled_as(place, word.text(), junk.text())?;
    Some(match keyword {
        _ if !junk.text().trim_end().ends_with('{') => return None,
        "test" => Place::Test,
        "effect" => Place::Effect,
        "fn" | "pure" | "shell" | "cleanup" => Place::Statements,
        _ => return None,
    })
}

/// Whether text may go on an expression, in this or another language.
fn is_operator_like(text: &str) -> bool {
    text.starts_with(['!', '+', '*', '%', '&', '|', '<', '>', ':', '.', ',', '=', '['])
        || (text.starts_with('-') && text[1..].starts_with(' '))
}

/// `tets "name" {`: a keyword with a typing mistake.
fn misspelled(place: Place, word: Variable<'_>, rest: &str) -> Option<Diagnostic> {
    let near = misspelled_as(place, word.text(), rest)?;
    Some(misspelled_word(word.text(), word.range(), near))
}

/// The keyword that was meant by a word with `rest` behind it. Short words are near to many others, so that what
/// follows must fit.
pub(super) fn misspelled_as(place: Place, word: &str, rest: &str) -> Option<&'static str> {
    let near = nearest(word, place.keywords().iter().copied()).filter(|it| *it != word)?;
    let rest = rest.trim();
    let name = rest.split([' ', '\t', '=', ':', '(']).next().unwrap_or_default();
    let behind = rest[name.len()..].trim_start();
    let fits = match near {
        "let" => names::is_variable(name) && (behind.is_empty() || behind.starts_with(['=', ':'])),
        "fn" => names::is_variable(name) && behind.starts_with('('),
        "test" => rest.is_empty() || rest.starts_with(['"', '\'']),
        "start" => rest.is_empty() || names::is_variable(name) && !behind.starts_with(['=', '(']),
        _ => true,
    };
    fits.then_some(near)
}

/// `greet-all("x")`: a name with a dash.
fn dashed(word: Variable<'_>, line: &str) -> Option<Diagnostic> {
    let name = line.split(['(', ' ', '\t', '=']).next()?;
    let rest = &line[name.len()..];
    let better = name.replace('-', "_");
    if !name.contains('-')
        || !names::is_variable(&better)
        || !(rest.is_empty() || rest.starts_with(['(', '=']))
    {
        return None;
    }
    let start = word.range().start;
    Some(dash_in_name(
        TextRange::new(start, start + name.len() as u32),
        &better,
    ))
}

/// The finding about a name with dashes.
pub(super) fn dash_in_name(range: TextRange, better: &str) -> Diagnostic {
    Diagnostic::error(codes::INVALID_NAME, range, "a name holds no `-`")
        .with_help(format!("write `{better}`"))
        .with_fix(Fix::needs_a_look(format!("Rename to `{better}`"), range, better))
}

/// The finding about a word that is nearly a keyword.
pub(super) fn misspelled_word(word: &str, range: TextRange, near: &str) -> Diagnostic {
    Diagnostic::error(
        codes::UNKNOWN_WORD,
        range,
        format!("there is no keyword `{word}`"),
    )
    .with_help(format!("did you mean `{near}`?"))
    .with_fix(Fix::safe(format!("Write `{near}`"), range, near))
}

/// Operators that do not exist, or are torn apart.
fn operator(before: SyntaxNode<'_>, text: &str, range: TextRange) -> Option<Diagnostic> {
    let error = |code, message: &str| Some(Diagnostic::error(code, range, message));
    if let Some(rest) = text.strip_prefix(':') {
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        if rest.trim_start().starts_with('=') {
            let whole = TextRange::new(range.start, range.start + 2 + blanks as u32);
            return Some(
                Diagnostic::error(
                    codes::MISPLACED_BLANK,
                    whole,
                    "the operator `:=` has no blank inside of it",
                )
                .with_fix(Fix::safe("Remove the blank", whole, ":=")),
            );
        }
        let colon = TextRange::new(range.start, range.start + 1);
        return Some(
            Diagnostic::error(codes::INCOMPLETE_OPERATOR, colon, "`:` is not a whole operator")
                .with_help("write `=` or `:=`"),
        );
    }
    if text.starts_with("!=") || text.starts_with("!?") {
        let found = error(codes::WRONG_OPERATOR, "there is no negated comparison")?;
        if before.kind() == SyntaxKind::Marker {
            let fix = super::markers::swapped(before, TextRange::new(range.start, range.start + 1));
            let found = found.with_help("exchange `if` and `unless`");
            return Some(match fix {
                Some(fix) => found.with_fix(fix),
                None => found,
            });
        }
        return Some(found.with_help("compare with `=` or `?`, or let a pure function decide"));
    }
    let has_value = matches!(before.kind(), SyntaxKind::Let | SyntaxKind::Assign);
    if has_value && text.starts_with(['=', '?']) {
        return error(codes::WRONG_OPERATOR, "a comparison is a statement of its own")
            .map(|it| it.with_help("bind the value first and compare it on the next line"));
    }
    let is_value = has_value || before.kind() == SyntaxKind::ExpressionStatement;
    if is_value && (text.starts_with("||") || text.starts_with("??")) {
        return error(codes::WRONG_OPERATOR, "values have no operators")
            .map(|it| it.with_help("`default(a, b)` is `b` where `a` is empty"));
    }
    if is_value && text.starts_with("+=") {
        let name = before.text();
        let help = format!("write the whole value anew: `{name} = \"${{{name}}}…\"`");
        return error(codes::WRONG_OPERATOR, "there is no operator `+=`").map(|it| it.with_help(help));
    }
    if is_value && text.starts_with('-') && text[1..].starts_with(|it: char| it.is_ascii_digit()) {
        return error(codes::INVALID_VALUE, "a number has no sign")
            .map(|it| it.with_help("every value is text: put it in double quotes"));
    }
    if is_value && text.starts_with(['+', '-', '*', '/', '%', '&', '|', '<', '>']) {
        return error(codes::WRONG_OPERATOR, "values have no operators")
            .map(|it| it.with_help("join text with `\"${a}${b}\"`; calculate in the shell"));
    }
    None
}

/// What follows some kinds of lines only.
fn by_kind(before: SyntaxNode<'_>, text: &str, range: TextRange) -> Option<Diagnostic> {
    let error = |code, message: &str| Diagnostic::error(code, range, message);
    if text.trim_end() == ";" {
        return Some(
            error(
                codes::UNEXPECTED_TEXT,
                "a statement ends with its line, without `;`",
            )
            .with_help("remove it")
            .with_fix(Fix::safe("Remove it", range, "")),
        );
    }
    Some(match before.kind() {
        SyntaxKind::Let | SyntaxKind::Assign => return values::behind_binding(before, text, range),
        SyntaxKind::ExpressionStatement if text.ends_with('{') => Diagnostic::error(
            codes::UNKNOWN_WORD,
            before.range(),
            "this begins no block",
        )
        .with_help(
            "blocks are `test \"name\" {`, `effect Name {`, `fn name() {`, `shell name {` and `cleanup {`",
        ),
        SyntaxKind::Expect if text.starts_with('=') => error(
            codes::UNEXPECTED_TEXT,
            "a variable that an effect expects has no default",
        )
        .with_help("who starts the effect supplies it; `default(NAME, \"…\")` stands in for an empty one"),
        SyntaxKind::Expect if text.starts_with(['{', '(']) => {
            let names = text.trim_matches(['{', '}', '(', ')', ' ', '\t']).to_owned();
            error(
                codes::UNEXPECTED_TEXT,
                "the names of an `expect` stand without brackets",
            )
            .with_help(format!("write `expect {}`", shown(&names)))
            .with_fix(Fix::safe("Remove the brackets", range, names))
        }
        SyntaxKind::Expect if text.starts_with(':') => {
            error(codes::UNEXPECTED_TEXT, "variables have no types")
                .with_help("every value is text; remove this")
                .with_fix(Fix::safe("Remove it", range, ""))
        }
        SyntaxKind::TimeoutStatement => {
            let found = error(codes::INVALID_DURATION, "a timeout is one word without blanks");
            match joined_duration(before, text) {
                Some((whole, fixed)) => found.with_fix(Fix::safe(format!("Write `{fixed}`"), whole, fixed)),
                None => found.with_help("nothing follows a timeout on its line"),
            }
        }
        SyntaxKind::Expose if text.starts_with(',') => error(
            codes::UNEXPECTED_TEXT,
            "each `expose` names one shell or variable",
        )
        .with_help("write one `expose` per line")
        .with_fix(one_per_line(before, "expose", text, range)),
        SyntaxKind::Import if text.starts_with(['"', '\'']) && text.len() > 2 => quoted_path(text, range),
        SyntaxKind::Import if text.starts_with("from ") => {
            let path = text[5..].trim_matches([' ', '"', '\'', ';', '\t']);
            let list = before.text().trim_start_matches("import").trim();
            let better = format!("import {path} {list}");
            let whole = before.range().cover(range);
            Diagnostic::error(
                codes::UNEXPECTED_TEXT,
                whole,
                "the path of an import stands before its names",
            )
            .with_help(format!("write `{}`", shown(&better)))
            .with_fix(Fix::safe(format!("Write `{}`", shown(&better)), whole, better))
        }
        SyntaxKind::Import if text.starts_with("as ") => {
            error(codes::UNEXPECTED_TEXT, "a module has no alias")
                .with_help("alias the imported names between braces")
        }
        SyntaxKind::Import if text.starts_with(',') => {
            error(codes::UNEXPECTED_TEXT, "each `import` names one module")
                .with_help("write one `import` per line")
                .with_fix(one_per_line(before, "import", text, range))
        }
        SyntaxKind::Marker => super::markers::left_over(before, text, range),
        _ => return None,
    })
}

/// `import "path" { names }`.
fn quoted_path(text: &str, range: TextRange) -> Diagnostic {
    let quote = &text[..1];
    let inner = text[1..].split(quote).next().unwrap_or_default();
    let quoted = TextRange::new(
        range.start,
        range.start + (inner.len() as u32 + 2).min(range.len()),
    );
    Diagnostic::error(
        codes::INVALID_IMPORT_PATH,
        quoted,
        "an import path is written without quotes",
    )
    .with_help(format!("write `import {}`", shown(inner)))
    .with_fix(Fix::safe(
        "Remove the quotes",
        quoted,
        inner.trim_start_matches("./"),
    ))
}

/// `expose a, b` on lines of their own.
fn one_per_line(before: SyntaxNode<'_>, keyword: &str, text: &str, range: TextRange) -> Fix {
    let start = before.range().start as usize;
    let line = before.source()[..start].rfind('\n').map_or(0, |it| it + 1);
    let indent: String = before.source()[line..start]
        .chars()
        .take_while(|it| matches!(it, ' ' | '\t'))
        .collect();
    let rest = text.split(',').map(str::trim).filter(|it| !it.is_empty());
    let lines: Vec<String> = rest.map(|it| format!("\n{indent}{keyword} {it}")).collect();
    Fix::needs_a_look(format!("Write one `{keyword}` per line"), range, lines.concat())
}

/// `~1m 30s` → `~1m30s`.
fn joined_duration(before: SyntaxNode<'_>, text: &str) -> Option<(TextRange, String)> {
    let glued: String = text.split([' ', '\t']).collect();
    let whole = before.text().get(1..)?.to_owned() + &glued;
    crate::duration::parse(&whole).ok()?;
    let end = before.range().end + (text.len() + 1) as u32;
    let sigil = before.text().get(..1)?;
    Some((
        TextRange::new(before.range().start, end),
        format!("{sigil}{whole}"),
    ))
}

fn left_over(before: SyntaxNode<'_>, text: &str, range: TextRange) -> Diagnostic {
    let what = match before.kind() {
        SyntaxKind::Let => "`let`",
        SyntaxKind::Assign => "an assignment",
        SyntaxKind::Start => "`start`",
        SyntaxKind::Expose => "`expose`",
        SyntaxKind::Expect => "`expect`",
        SyntaxKind::Import => "`import`",
        _ => "an expression",
    };
    Diagnostic::error(
        codes::UNEXPECTED_TEXT,
        range,
        format!("`{}` cannot follow here", shown(text)),
    )
    .with_help(format!("{what} ends with its line"))
}

/// Text between the header of a block and its brace.
pub(super) fn in_header(block: Block<'_>, junk: Unexpected<'_>, sink: &mut Sink<'_>) {
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

/// Text in a `start`, before its overlay or end.
pub(super) fn in_start(start: Start<'_>, junk: Unexpected<'_>, sink: &mut Sink<'_>) {
    let range = trimmed(junk);
    let text = range.slice(junk.syntax().source());
    let found = Diagnostic::error(
        codes::UNEXPECTED_TEXT,
        range,
        format!("`{}` cannot follow here", shown(text)),
    );
    sink.push(match start.effect() {
        Some(_) if text.starts_with('(') => {
            let found = found.with_help("what an effect needs is passed between braces");
            match text.strip_prefix('(').and_then(|it| it.strip_suffix(')')) {
                Some(inner) if !inner.trim().is_empty() => found.with_fix(Fix::safe(
                    "Write braces",
                    range,
                    format!(" {{ {} }}", inner.trim()),
                )),
                Some(_) => found.with_fix(Fix::safe("Remove the parentheses", range, "")),
                None => found,
            }
        }
        Some(_) if text.starts_with("with ") => {
            found.with_help("what an effect needs is passed between braces")
        }
        _ => found.with_help(
            "a start is written `start Effect`, `start Effect as alias` or with `{ KEY = value }`",
        ),
    });
}

/// Text between the braces of an overlay or import.
pub(super) fn in_list(what: &str, before: SyntaxNode<'_>, junk: Unexpected<'_>, sink: &mut Sink<'_>) {
    let range = trimmed(junk);
    let text = range.slice(junk.syntax().source());
    let found = confusables::find(text, range.start)
        .or_else(|| key_mistake(what, before, junk, range))
        .or_else(|| values::in_place_of_value(before, range))
        .or_else(|| values::number_with_tail(before, range))
        .unwrap_or_else(|| {
            let code = if text.starts_with('?') {
                codes::MISPLACED_PATTERN
            } else {
                codes::UNEXPECTED_TEXT
            };
            Diagnostic::error(
                code,
                range,
                format!("`{}` cannot be placed between the braces of {what}", shown(text)),
            )
            .with_help(match text.as_bytes().first() {
                Some(b'=' | b':') => "a key, its operator and its value share one line: `KEY = value`",
                Some(b'*') => "an import without braces takes everything",
                _ if what.ends_with("import") => "list the names of functions and effects",
                _ => "write `KEY = value`, or `KEY` alone to pass on a variable of that name",
            })
        });
    sink.push(found);
}

/// `"KEY": value`, `KEY: value`: overlays as objects of other languages.
fn key_mistake(
    what: &str,
    before: SyntaxNode<'_>,
    junk: Unexpected<'_>,
    range: TextRange,
) -> Option<Diagnostic> {
    if what.ends_with("import") {
        return None;
    }
    let text = range.slice(junk.syntax().source());
    let error = |range, message: &str| Diagnostic::error(codes::UNEXPECTED_TEXT, range, message);
    let inner = text.trim_matches(['"', '\'']);
    if text.starts_with(['"', '\'']) && names::is_variable(inner) {
        return Some(
            error(range, "a key is written without quotes")
                .with_help(format!("write `{inner} = value`"))
                .with_fix(Fix::safe("Remove the quotes", range, inner)),
        );
    }
    if !text.starts_with(':') || text.starts_with(":=") || before.kind() != SyntaxKind::OverlayEntry {
        return None;
    }
    // Each entry of such an overlay is written so; one fix mends them all.
    let colons = junk.syntax().parent()?.children().filter_map(|it| {
        let colon =
            Unexpected::cast(it).filter(|it| it.text().starts_with(':') && !it.text().starts_with(":="))?;
        let start = colon.range().start;
        Some(TextRange::new(start, start + 1))
    });
    let mut fix = Fix::safe("Write `=`", TextRange::new(range.start, range.start + 1), " =");
    fix.edits.clear();
    fix.edits.extend(colons.map(|range| crate::Edit {
        file: None,
        range,
        new_text: " =".to_owned(),
    }));
    let colon = TextRange::new(range.start, range.start + 1);
    Some(
        error(colon, "a key is bound with `=` or `:=`, not with `:`")
            .with_help("write `KEY = value`, or `KEY` alone to pass on a variable of that name")
            .with_fix(fix),
    )
}

/// The range of left-over text without the blanks behind it.
fn trimmed(junk: Unexpected<'_>) -> TextRange {
    let text = junk.text().trim_end();
    TextRange::new(junk.range().start, junk.range().start + text.len() as u32)
}

fn listed(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|it| format!("`{it}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}

/// Where a line stands, by what its keywords are there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// At top level.
    Module,
    /// In a test.
    Test,
    /// In an effect.
    Effect,
    /// In a shell block, cleanup block or function.
    Statements,
}

impl Place {
    /// The place that the body of a block is.
    pub(super) fn in_block(block: Block<'_>) -> Self {
        match block {
            Block::Test(_) => Self::Test,
            Block::Effect(_) => Self::Effect,
            Block::Function(_) | Block::ShellBlock(_) | Block::Cleanup(_) => Self::Statements,
        }
    }

    /// Keywords that begin a line there.
    pub(super) fn keywords(self) -> &'static [&'static str] {
        match self {
            Self::Module => &["import", "fn", "pure", "effect", "test"],
            Self::Test => &["let", "start", "shell", "cleanup"],
            Self::Effect => &["expect", "let", "start", "expose", "shell", "cleanup"],
            Self::Statements => &["let"],
        }
    }

    /// Advice about what may begin a line there.
    pub(super) fn beginnings(self) -> String {
        format!("{} begin with {}", self.plural(), listed(self.keywords()))
    }

    fn what(self) -> &'static str {
        match self {
            Self::Module => "an item",
            Self::Test | Self::Effect => "a section",
            Self::Statements => "a statement",
        }
    }

    fn plural(self) -> &'static str {
        match self {
            Self::Module => "items",
            Self::Test => "sections of a test",
            Self::Effect => "sections of an effect",
            Self::Statements => "statements",
        }
    }
}
