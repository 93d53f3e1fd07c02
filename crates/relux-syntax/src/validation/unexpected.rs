//! Text that is left over in a line, named by what it looks like.
//!
//! The grammar hands over everything that it could not read; here it becomes a sentence. The order of the questions
//! matters: the first that fits is reported, and nothing ends as a plain "syntax error".

use super::codes;
use super::sink::{Sink, shown};
use super::values;
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
    let found = match before {
        None => line_start(junk, place),
        Some(it) if !super::lines::ends_with_line(it.kind()) => line_start(junk, place),
        Some(it) if it.kind() == SyntaxKind::IncompleteOperator => return,
        Some(it) => behind(it, junk, place),
    };
    sink.push(found);
}

/// A line that no statement begins like.
fn line_start(junk: Unexpected<'_>, place: Place) -> Diagnostic {
    let (text, range) = (junk.text(), trimmed(junk));
    let first = TextRange::new(range.start, range.start + 1);
    match text.as_bytes().first() {
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
        Some(b'/') if text.starts_with("/*") => Diagnostic::error(
            codes::MISPLACED_COMMENT,
            range,
            "a comment begins with `//` and ends with its line",
        ),
        Some(b'-') if text.starts_with("--") => Diagnostic::error(
            codes::MISPLACED_COMMENT,
            TextRange::new(range.start, range.start + 2),
            "a comment begins with `//`",
        ),
        _ => not_a_statement(place, range, text),
    }
}

/// Words that are perhaps meant for a shell.
fn not_a_statement(place: Place, range: TextRange, text: &str) -> Diagnostic {
    let found = Diagnostic::error(
        codes::UNKNOWN_WORD,
        range,
        format!("`{}` does not begin a {}", shown(text), place.what()),
    );
    if let Some(advice) = advice(text) {
        return found.with_help(advice);
    }
    match place {
        Place::Statements => found
            .with_help("to send a line to the shell write `>` before it")
            .with_fix(Fix::needs_a_look(
                "Send it to the shell",
                TextRange::empty(range.start),
                "> ",
            )),
        _ => found.with_help(place.beginnings()),
    }
}

/// What to write instead of a word of another language.
fn advice(text: &str) -> Option<&'static str> {
    Some(match text.split([' ', '(', '\t']).next().unwrap_or_default() {
        "return" => "the last line of a function is its value: write the expression alone",
        "if" | "unless" | "else" => {
            "there are no conditions in a body; a marker such as `# skip if CI` guards a whole test"
        }
        "for" | "while" | "loop" => "there are no loops; loop in the shell, or write a function and call it",
        "need" => "effects are started with `start`",
        "def" | "function" | "func" => "functions are written `fn name(a, b) {`",
        "set" | "var" | "const" => "variables are declared with `let`",
        _ => return None,
    })
}

/// Text behind a statement that was complete, or could have been.
fn behind(before: SyntaxNode<'_>, junk: Unexpected<'_>, place: Place) -> Diagnostic {
    let (text, range) = (junk.text(), trimmed(junk));
    if let Some(word) = lone_word(before) {
        if let Some(found) = misspelled(place, word) {
            return found;
        }
        if !is_operator_like(text) {
            let whole = before.range().cover(range);
            return not_a_statement(place, whole, whole.slice(before.source()));
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

/// Whether text may go on an expression, in this or another language.
fn is_operator_like(text: &str) -> bool {
    text.starts_with(['!', '+', '*', '%', '&', '|', '<', '>', ':', '.', ',', '=', '['])
        || (text.starts_with('-') && text[1..].starts_with(' '))
}

/// `tets "name" {`: a keyword with a typing mistake.
fn misspelled(place: Place, word: Variable<'_>) -> Option<Diagnostic> {
    let near = nearest(word.text(), place.keywords().iter().copied()).filter(|it| *it != word.text())?;
    Some(misspelled_word(word.text(), word.range(), near))
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
        let help = match before.kind() {
            SyntaxKind::Marker => "use `unless` instead of `if`",
            _ => "compare with `=` or `?`, or let a pure function decide",
        };
        return error(codes::WRONG_OPERATOR, "there is no negated comparison").map(|it| it.with_help(help));
    }
    let has_value = matches!(before.kind(), SyntaxKind::Let | SyntaxKind::Assign);
    if has_value && text.starts_with(['=', '?']) {
        return error(codes::WRONG_OPERATOR, "a comparison is a statement of its own")
            .map(|it| it.with_help("bind the value first and compare it on the next line"));
    }
    let is_value = has_value || before.kind() == SyntaxKind::ExpressionStatement;
    if is_value && text.starts_with(['+', '-', '*', '/', '%', '&', '|', '<', '>']) {
        return error(codes::WRONG_OPERATOR, "values have no operators")
            .map(|it| it.with_help("join text with `\"${a}${b}\"`; calculate in the shell"));
    }
    None
}

/// What follows some kinds of lines only.
fn by_kind(before: SyntaxNode<'_>, text: &str, range: TextRange) -> Option<Diagnostic> {
    let error = |code, message: &str| Diagnostic::error(code, range, message);
    Some(match before.kind() {
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
        .with_help("write one `expose` per line"),
        SyntaxKind::Import if text.starts_with(['"', '\'']) && text.len() > 2 => {
            let inner = text.trim_matches(['"', '\'']).to_owned();
            error(
                codes::INVALID_IMPORT_PATH,
                "an import path is written without quotes",
            )
            .with_fix(Fix::safe("Remove the quotes", range, inner))
        }
        SyntaxKind::Import if text.starts_with("as ") => {
            error(codes::UNEXPECTED_TEXT, "a module has no alias")
                .with_help("alias the imported names between braces")
        }
        SyntaxKind::Import if text.starts_with(',') => {
            error(codes::UNEXPECTED_TEXT, "each `import` names one module")
                .with_help("write one `import` per line")
        }
        SyntaxKind::Marker => error(
            codes::INVALID_MARKER,
            &format!("`{}` is not part of a marker", shown(text)),
        )
        .with_help(marker_help(text)),
        _ => return None,
    })
}

fn marker_help(text: &str) -> &'static str {
    match text.as_bytes() {
        [b'a', b'n', b'd', ..] | [b'&', ..] => "write one marker per line: all have to hold",
        [b'(', ..] => "conditions have no parentheses",
        _ => "a marker is `# skip`, `# run` or `# flaky`, then nothing or `if`/`unless` and a condition",
    }
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
        Some(_) if text.starts_with('(') => found.with_help("what an effect needs is passed between braces"),
        _ => found.with_help(
            "a start is written `start Effect`, `start Effect as alias` or with `{ KEY = value }`",
        ),
    });
}

/// Text between the braces of an overlay or import.
pub(super) fn in_list(what: &str, before: SyntaxNode<'_>, junk: Unexpected<'_>, sink: &mut Sink<'_>) {
    let range = trimmed(junk);
    let text = range.slice(junk.syntax().source());
    let found = values::in_place_of_value(before, range)
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
            Self::Module => "item",
            Self::Test | Self::Effect => "section",
            Self::Statements => "statement",
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
