//! Text that is left over in a line, named by what it looks like.
//!
//! The grammar hands over everything that it could not read; here it becomes a sentence. The order of the questions
//! matters: the first that fits is reported, and nothing ends as a plain "syntax error".

mod header;
mod lists;

pub(super) use header::in_header;
pub(super) use lists::{in_list, in_start};

use super::codes;
use super::sink::{Sink, shown};
use super::{confusables, foreign, values};
use crate::ast::{AstNode, Block, ExpressionStatement, Let, SyntaxKind, SyntaxNode, Unexpected, Variable};
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
    several_variables(before, text, range)
        .or_else(|| values::in_place_of_value(before, range))
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

/// `let a = 1, b = 2`.
fn several_variables(before: SyntaxNode<'_>, text: &str, range: TextRange) -> Option<Diagnostic> {
    let value = Let::cast(before)?.value()?;
    let rest = text.strip_prefix(',')?;
    let glued = value.syntax().kind() == SyntaxKind::Number && value.range().end == range.start;
    let next = rest.trim_start().split([' ', '\t', '=', ':', ',']).next()?;
    if !names::is_variable(next) && !glued {
        return None;
    }
    let found = Diagnostic::error(codes::UNEXPECTED_TEXT, range, "each `let` declares one variable")
        .with_help("write one `let` per line");
    // A comma in a string or in arguments divides nothing.
    let is_plain = !text.contains(['(', '"']) || text.matches(',').count() == 1;
    Some(if is_plain && names::is_variable(next) {
        found.with_fix(one_per_line(before, "let", text, range))
    } else {
        found
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
    let near = if word == "purefn" { "pure fn" } else { near };
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
            if blanks == 0 {
                return Some(
                    Diagnostic::error(
                        codes::WRONG_OPERATOR,
                        whole,
                        "`:=` binds a value to the name of a variable, and cannot follow here",
                    )
                    .with_help("`let name := value` declares a variable, `name := value` changes it"),
                );
            }
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
    let newline = if before.source().contains("\r\n") {
        "\r\n"
    } else {
        "\n"
    };
    let rest = text.split(',').map(str::trim).filter(|it| !it.is_empty());
    let lines: Vec<String> = rest
        .map(|it| format!("{newline}{indent}{keyword} {it}"))
        .collect();
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
