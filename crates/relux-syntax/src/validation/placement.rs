//! What may stand where: items, sections in their order, statements by place, markers above definitions.
//!
//! Where braces do not match, nothing is said about places: they follow from the braces.

use super::braces::Broken;
use super::codes;
use super::lines_of::Lines;
use super::sink::Sink;
use super::unexpected::{Place, misspelled_as, misspelled_word};
use crate::ast::{
    AstNode, Block, Definition, ExpressionStatement, Marker, Module, SyntaxKind, SyntaxNode, Variable,
};
use crate::{Diagnostic, Edit, Fix, Related, TextRange};

/// Reports everything that stands in a wrong place.
pub(super) fn check(module: Module<'_>, broken: &Broken, sink: &mut Sink<'_>) {
    let mut pending: Vec<Marker<'_>> = Vec::new();
    // An item that the brace of one of its shell blocks ended: what is indented more still belongs to it.
    let mut ended_early: Option<usize> = None;
    for child in module.syntax().children() {
        if let Some(marker) = Marker::cast(child) {
            pending.push(marker);
        } else if Definition::cast(child).is_some() || child.kind() == SyntaxKind::Unexpected {
            pending.clear();
        } else if !is_trivia(child.kind()) {
            markers_above_nothing(&mut pending, sink);
        }
        if !broken.holds(child.range().start) {
            let indent = sink.lines().indent(child.range().start).len();
            ended_early = ended_early.filter(|&outer| indent > outer || is_trivia(child.kind()));
            if ended_early.is_none() {
                at_top_level(child, sink);
            }
            if let Some(block) = Block::cast(child)
                && in_item(block, broken, sink) == End::OfAnotherBlock
            {
                ended_early = ended_early.or(Some(indent));
            }
        }
    }
    markers_above_nothing(&mut pending, sink);
}

/// What the last brace of an item belongs to, by its indentation.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    OfItem,
    /// A section in a shell block ended that block, so the block's brace ended the item.
    OfAnotherBlock,
}

fn is_trivia(kind: SyntaxKind) -> bool {
    matches!(kind, SyntaxKind::Newline | SyntaxKind::Comment)
}

fn markers_above_nothing(markers: &mut Vec<Marker<'_>>, sink: &mut Sink<'_>) {
    for marker in markers.drain(..).filter(|it| is_marker_kind(it)) {
        sink.push(misplaced_marker(marker));
    }
}

fn is_marker_kind(marker: &Marker<'_>) -> bool {
    matches!(marker.kind_text(), "skip" | "run" | "flaky")
}

fn misplaced_marker(marker: Marker<'_>) -> Diagnostic {
    Diagnostic::error(
        codes::MISPLACED_MARKER,
        marker.range(),
        "a marker must be placed directly above a function, an effect or a test",
    )
    .with_help(
        "it guards the whole test that it stands above, or all tests that reach the function or effect",
    )
}

fn at_top_level(child: SyntaxNode<'_>, sink: &mut Sink<'_>) {
    let range = child.range();
    let found = match child.kind() {
        SyntaxKind::ExpressionStatement => expression(child, Place::Module),
        SyntaxKind::Docstring => Some(docstring(head(child), "describe a file with comments: `//`")),
        SyntaxKind::ShellBlock | SyntaxKind::Cleanup | SyntaxKind::Start => Some(
            Diagnostic::error(
                codes::MISPLACED_ITEM,
                head(child),
                format!("{} belongs inside a test or an effect", named(child.kind())),
            )
            .with_help("write `test \"name\" {` before it and `}` behind it"),
        ),
        SyntaxKind::Expect | SyntaxKind::Expose => Some(
            Diagnostic::error(
                codes::MISPLACED_ITEM,
                range,
                format!("{} belongs inside an effect", named(child.kind())),
            )
            .with_help("write `effect Name {` before it and `}` behind it"),
        ),
        SyntaxKind::TimeoutStatement if matches!(child.text(), "@skip" | "@run" | "@flaky") => {
            let sign = TextRange::new(range.start, range.start + 1);
            let marker = format!("# {}", &child.text()[1..]);
            Some(
                Diagnostic::error(codes::INVALID_MARKER, range, "a marker begins with `#`")
                    .with_help(format!("write `{marker}`"))
                    .with_fix(Fix::safe(format!("Write `{marker}`"), sign, "# ")),
            )
        }
        SyntaxKind::Let
        | SyntaxKind::Assign
        | SyntaxKind::AssignOrAssert
        | SyntaxKind::AssertEqual
        | SyntaxKind::AssertRegex => Some(
            Diagnostic::error(
                codes::MISPLACED_STATEMENT,
                range,
                "there are no variables at top level",
            )
            .with_help("bind it in the test or effect that needs it"),
        ),
        kind => shell_statement(kind, head(child)),
    };
    sink.extend(found);
}

fn docstring(range: TextRange, help: &str) -> Diagnostic {
    Diagnostic::error(
        codes::MISPLACED_DOCSTRING,
        range,
        "a docstring belongs at the beginning of a test",
    )
    .with_help(help)
}

/// A statement that only bodies of shells and functions have.
fn shell_statement(kind: SyntaxKind, range: TextRange) -> Option<Diagnostic> {
    let what = match kind {
        SyntaxKind::Send | SyntaxKind::SendRaw => "a send",
        SyntaxKind::MatchRegex | SyntaxKind::MatchLiteral | SyntaxKind::Multimatch => "a match",
        SyntaxKind::FailRegex | SyntaxKind::FailLiteral => "a fail pattern",
        SyntaxKind::TimeoutStatement => "a timeout",
        _ => return None,
    };
    let help = match kind {
        SyntaxKind::TimeoutStatement => {
            "the time for a whole test stands in its header: `test \"name\" ~30s {`"
        }
        _ => "write `shell name {` before it and `}` behind it",
    };
    Some(
        Diagnostic::error(
            codes::MISPLACED_STATEMENT,
            range,
            format!("{what} belongs inside a shell block, a cleanup block or a function"),
        )
        .with_help(help),
    )
}

/// An expression on its own at top level or in the body of a test or effect.
fn expression(statement: SyntaxNode<'_>, place: Place) -> Option<Diagnostic> {
    let expression = ExpressionStatement::cast(statement)?.expression()?;
    let range = expression.range();
    if let Some(word) = Variable::cast(expression.syntax()) {
        let rest = statement.source().get(range.end as usize..).unwrap_or_default();
        let rest = rest.split('\n').next().unwrap_or_default().trim();
        // With more behind it, the line is looked at as a whole elsewhere.
        if !rest.is_empty() && !rest.starts_with("//") {
            return None;
        }
        let near = misspelled_as(place, word.text(), rest);
        return Some(match near {
            Some(near) => misspelled_word(word.text(), range, near),
            None => Diagnostic::error(
                codes::UNKNOWN_WORD,
                range,
                format!("`{}` begins nothing here", word.text()),
            )
            .with_help(place.beginnings()),
        });
    }
    let found = Diagnostic::error(
        codes::MISPLACED_STATEMENT,
        range,
        "an expression statement belongs inside a shell block, a cleanup block or a function",
    );
    Some(match place {
        Place::Module => found.with_help("write a test around it: `test \"name\" {`, `shell name {`"),
        _ => found.with_help("write it in a `shell name {`; a value is bound with `let`"),
    })
}

fn in_item(block: Block<'_>, broken: &Broken, sink: &mut Sink<'_>) -> End {
    match block {
        Block::Function(_) | Block::ShellBlock(_) | Block::Cleanup(_) => {
            in_statements(block, sink);
            End::OfItem
        }
        Block::Test(_) | Block::Effect(_) => in_sections(block, broken, sink),
    }
}

/// The body of a shell block, cleanup block or function.
fn in_statements(block: Block<'_>, sink: &mut Sink<'_>) {
    let Some(body) = block.body() else { return };
    for child in body.syntax().children() {
        let found = match child.kind() {
            SyntaxKind::Docstring => Some(docstring(head(child), "describe a statement with comments: `//`")),
            SyntaxKind::Marker => Marker::cast(child).filter(is_marker_kind).map(misplaced_marker),
            SyntaxKind::ShellBlock
            | SyntaxKind::Cleanup
            | SyntaxKind::Start
            | SyntaxKind::Expect
            | SyntaxKind::Expose => Some(inside_statements(child, &block.title())),
            _ => None,
        };
        sink.extend(found);
    }
}

/// A section or block where statements belong.
fn inside_statements(child: SyntaxNode<'_>, outer: &str) -> Diagnostic {
    let found = Diagnostic::error(
        codes::MISPLACED_ITEM,
        head(child),
        format!("{} cannot be placed inside {outer}", named(child.kind())),
    );
    match child.kind() {
        SyntaxKind::ShellBlock if outer.starts_with("function") => {
            found.with_help("a function works in the shell that calls it: write its statements alone")
        }
        SyntaxKind::ShellBlock => {
            found.with_help("shells stand beside each other: close the block before it")
        }
        SyntaxKind::Start => found.with_help("effects are started before the shells of a test or effect"),
        SyntaxKind::Expect => {
            let text = child.text();
            let waits = text
                .strip_prefix("expect")
                .map(str::trim)
                .filter(|it| !it.is_empty());
            let keyword = TextRange::new(child.range().start, child.range().start + 6);
            match waits {
                Some(pattern) => found
                    .with_help(format!("to wait for output write `<? {pattern}`"))
                    .with_fix(Fix::needs_a_look("Write `<?`", keyword, "<?")),
                None => found.with_help("to wait for output write `<?` and a regular expression"),
            }
        }
        SyntaxKind::Expose => {
            found.with_help("shells are exposed in the body of their effect, before its shell blocks")
        }
        _ => found.with_help("close the block before it"),
    }
}

/// The body of a test or effect: its sections and their order.
fn in_sections(block: Block<'_>, broken: &Broken, sink: &mut Sink<'_>) -> End {
    let Some(body) = block.body() else {
        return End::OfItem;
    };
    let margin = sink.lines().indent(block.syntax().range().start).len();
    let is_test = matches!(block, Block::Test(_));
    let mut latest: Option<(u8, SyntaxNode<'_>)> = None;
    // A shell block that a section in it ended: what is indented like its statements still belongs to it.
    let mut left_open: Option<(usize, Block<'_>)> = None;
    let mut in_run = false;
    for child in body.syntax().children() {
        if broken.holds(child.range().start) {
            return End::OfItem;
        }
        let indent = sink.lines().indent(child.range().start).len();
        let trivia = is_trivia(child.kind());
        if let Some((outer, block)) = left_open {
            if child.kind() == SyntaxKind::CloseBrace && indent > margin {
                return End::OfAnotherBlock;
            }
            if indent > outer || trivia {
                if rank(child.kind(), is_test).is_some_and(|it| it != 1) || child.kind() == SyntaxKind::Expect
                {
                    let mut found = inside_statements(child, &block.title());
                    if child.kind() == SyntaxKind::Start {
                        found
                            .fixes
                            .extend(move_before(child, block.syntax(), sink.lines()));
                    }
                    sink.push(found);
                }
                continue;
            }
            left_open = None;
        }
        if let Some(inner) = Block::cast(child) {
            in_statements(inner, sink);
            let closed = inner.body().is_none_or(|it| {
                let last = it.syntax().last_child();
                last.is_some_and(|it| it.kind() == SyntaxKind::CloseBrace)
            });
            left_open = (!closed).then_some((indent, inner));
        }
        let Some(rank) = rank(child.kind(), is_test) else {
            let found = no_section(child, is_test);
            // Statements that follow each other want the same shell.
            let one_of_many = found
                .as_ref()
                .is_some_and(|it| it.code == codes::MISPLACED_STATEMENT)
                && child.kind() != SyntaxKind::TimeoutStatement;
            if !(one_of_many && in_run) {
                sink.extend(found);
            }
            in_run = one_of_many || in_run && trivia;
            continue;
        };
        in_run = false;
        match latest {
            Some((before, earlier)) if rank < before => {
                sink.push(out_of_order(
                    child,
                    rank,
                    earlier,
                    &body.syntax(),
                    is_test,
                    sink.lines(),
                ));
            }
            Some((_, earlier))
                if child.kind() == SyntaxKind::Cleanup && earlier.kind() == SyntaxKind::Cleanup =>
            {
                sink.push(
                    Diagnostic::error(
                        codes::MISPLACED_SECTION,
                        head(child),
                        "there is one cleanup block at most",
                    )
                    .with_help("join them into one")
                    .with_related(related(earlier, "the first one")),
                );
            }
            _ => latest = Some((rank, child)),
        }
    }
    End::OfItem
}

/// The place of a section in the order of a test or effect; `None` for what is no section there.
fn rank(kind: SyntaxKind, is_test: bool) -> Option<u8> {
    Some(match kind {
        SyntaxKind::Docstring if is_test => 0,
        SyntaxKind::Expect if !is_test => 0,
        SyntaxKind::Let | SyntaxKind::AssignOrAssert | SyntaxKind::AssertEqual | SyntaxKind::AssertRegex => 1,
        SyntaxKind::Start => 2,
        SyntaxKind::Expose if !is_test => 3,
        SyntaxKind::ShellBlock => 4,
        SyntaxKind::Cleanup => 5,
        _ => return None,
    })
}

fn no_section(child: SyntaxNode<'_>, is_test: bool) -> Option<Diagnostic> {
    let range = child.range();
    Some(match child.kind() {
        SyntaxKind::Expect | SyntaxKind::Expose if is_test => Diagnostic::error(
            codes::MISPLACED_SECTION,
            range,
            format!("{} is allowed in effects only", named(child.kind())),
        )
        .with_help(match child.kind() {
            SyntaxKind::Expect => {
                "a test binds what it needs with `let`; the environment is read as it is: `${NAME}`"
            }
            _ => "nothing starts a test, so nothing is exposed: remove it",
        }),
        SyntaxKind::Docstring => docstring(head(child), "describe an effect with comments above it"),
        SyntaxKind::Marker => return Marker::cast(child).filter(is_marker_kind).map(misplaced_marker),
        SyntaxKind::ExpressionStatement => {
            return expression(child, if is_test { Place::Test } else { Place::Effect });
        }
        SyntaxKind::Assign => Diagnostic::error(
            codes::MISPLACED_STATEMENT,
            range,
            "variables are not reassigned outside of shell blocks and functions",
        )
        .with_help("declare it with `let`")
        .with_fix(Fix::needs_a_look(
            "Insert `let`",
            TextRange::empty(range.start),
            "let ",
        )),
        kind => return shell_statement(kind, head(child)),
    })
}

fn out_of_order(
    section: SyntaxNode<'_>,
    rank: u8,
    earlier: SyntaxNode<'_>,
    body: &SyntaxNode<'_>,
    is_test: bool,
    lines: &Lines<'_>,
) -> Diagnostic {
    let order = if is_test {
        "the order in a test is: docstring, `let`, `start`, `shell`, `cleanup`"
    } else {
        "the order in an effect is: `expect`, `let`, `start`, `expose`, `shell`, `cleanup`"
    };
    let code = match section.kind() {
        SyntaxKind::Docstring => codes::MISPLACED_DOCSTRING,
        _ => codes::MISPLACED_SECTION,
    };
    let found = Diagnostic::error(
        code,
        head(section),
        format!(
            "{} must come before {}",
            named(section.kind()),
            named(earlier.kind())
        ),
    )
    .with_help(order)
    .with_related(related(earlier, "this comes later"));
    let mut later = body
        .children()
        .take_while(|it| it.range().start < section.range().start)
        .filter(|it| self::rank(it.kind(), is_test).is_some_and(|it| it > rank));
    match later.next().and_then(|it| move_before(section, it, lines)) {
        Some(fix) => found.with_fix(fix),
        None => found,
    }
}

/// Moves the lines of a section above those of another one.
fn move_before(section: SyntaxNode<'_>, target: SyntaxNode<'_>, lines: &Lines<'_>) -> Option<Fix> {
    let (range, target) = (section.range(), target.range());
    let end = lines.next_line(range.end);
    let behind = TextRange::new(range.end, end).slice(lines.source());
    if !lines.leads(range.start) || !lines.leads(target.start) || !behind.trim().is_empty() {
        return None;
    }
    let start = lines.line(range.start).start;
    // An empty line that parts it from its neighbours goes along, so that no place has two and none lacks one.
    let slice = |from, to| TextRange::new(from, to).slice(lines.source());
    let is_blank = |from: u32, to: u32| from < to && slice(from, to).trim().is_empty();
    let (before, behind) = (lines.line(start.saturating_sub(1)).start, lines.next_line(end));
    let (left, gap) = match is_blank(before, start) {
        true if is_blank(end, behind) => (TextRange::new(start, behind), slice(end, behind)),
        true if slice(end, behind).trim_start().starts_with('}') => {
            (TextRange::new(before, end), slice(before, start))
        }
        _ => (TextRange::new(start, end), ""),
    };
    let mut fix = Fix::needs_a_look("Move it to its place", left, "");
    fix.edits.push(Edit {
        file: None,
        range: TextRange::empty(lines.line(target.start).start),
        new_text: format!("{}{gap}", slice(start, end)),
    });
    Some(fix)
}

fn related(node: SyntaxNode<'_>, message: &str) -> Related {
    Related {
        file: None,
        range: head(node),
        message: message.to_owned(),
    }
}

/// The range that stands for a node: the header of a block, otherwise its first line.
fn head(node: SyntaxNode<'_>) -> TextRange {
    let range = Block::cast(node).map_or(node.range(), |it| it.header_range());
    let text = range.slice(node.source());
    let first = text.split('\n').next().unwrap_or(text).trim_end();
    TextRange::new(range.start, range.start + first.len() as u32)
}

fn named(kind: SyntaxKind) -> &'static str {
    match kind {
        SyntaxKind::Docstring => "a docstring",
        SyntaxKind::Expect => "`expect`",
        SyntaxKind::Expose => "`expose`",
        SyntaxKind::Let => "`let`",
        SyntaxKind::Start => "`start`",
        SyntaxKind::ShellBlock => "a shell block",
        SyntaxKind::Cleanup => "the cleanup block",
        _ => "a comparison",
    }
}
