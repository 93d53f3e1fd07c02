//! What may stand where: items, sections in their order, statements by place, markers above definitions.
//!
//! Where braces do not match, nothing is said about places: they follow from the braces.

use super::braces::Broken;
use super::codes;
use super::lines_of::Lines;
use super::sink::Sink;
use super::unexpected::{Place, misspelled_word};
use crate::ast::{
    AstNode, Block, Definition, ExpressionStatement, Marker, Module, SyntaxKind, SyntaxNode, Variable,
};
use crate::nearest::nearest;
use crate::{Diagnostic, Edit, Fix, Related, TextRange};

/// Reports everything that stands in a wrong place.
pub(super) fn check(module: Module<'_>, broken: &Broken, sink: &mut Sink<'_>) {
    let mut pending: Vec<Marker<'_>> = Vec::new();
    for child in module.syntax().children() {
        if let Some(marker) = Marker::cast(child) {
            pending.push(marker);
        } else if Definition::cast(child).is_some() || child.kind() == SyntaxKind::Unexpected {
            pending.clear();
        } else if !matches!(child.kind(), SyntaxKind::Newline | SyntaxKind::Comment) {
            markers_above_nothing(&mut pending, sink);
        }
        if !broken.holds(child.range().start) {
            at_top_level(child, sink);
            if let Some(block) = Block::cast(child) {
                in_item(block, broken, sink);
            }
        }
    }
    markers_above_nothing(&mut pending, sink);
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
}

fn at_top_level(child: SyntaxNode<'_>, sink: &mut Sink<'_>) {
    let range = child.range();
    let found = match child.kind() {
        SyntaxKind::ExpressionStatement => expression(child, Place::Module),
        SyntaxKind::Docstring => Some(Diagnostic::error(
            codes::MISPLACED_DOCSTRING,
            range,
            "a docstring belongs at the beginning of a test",
        )),
        SyntaxKind::ShellBlock | SyntaxKind::Cleanup | SyntaxKind::Start => Some(Diagnostic::error(
            codes::MISPLACED_ITEM,
            head(child),
            format!("{} belongs inside a test or an effect", named(child.kind())),
        )),
        SyntaxKind::Expect | SyntaxKind::Expose => Some(Diagnostic::error(
            codes::MISPLACED_ITEM,
            range,
            format!("{} belongs inside an effect", named(child.kind())),
        )),
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

/// A statement that only bodies of shells and functions have.
fn shell_statement(kind: SyntaxKind, range: TextRange) -> Option<Diagnostic> {
    let what = match kind {
        SyntaxKind::Send | SyntaxKind::SendRaw => "a send",
        SyntaxKind::MatchRegex | SyntaxKind::MatchLiteral | SyntaxKind::Multimatch => "a match",
        SyntaxKind::FailRegex | SyntaxKind::FailLiteral => "a fail pattern",
        SyntaxKind::TimeoutStatement => "a timeout",
        _ => return None,
    };
    Some(Diagnostic::error(
        codes::MISPLACED_STATEMENT,
        range,
        format!("{what} belongs inside a shell block, a cleanup block or a function"),
    ))
}

/// An expression on its own at top level or in the body of a test or effect.
fn expression(statement: SyntaxNode<'_>, place: Place) -> Option<Diagnostic> {
    let expression = ExpressionStatement::cast(statement)?.expression()?;
    let range = expression.range();
    if let Some(word) = Variable::cast(expression.syntax()) {
        let near = nearest(word.text(), place.keywords().iter().copied());
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
        Place::Module => found,
        _ => found.with_help("to use its value bind it with `let`"),
    })
}

fn in_item(block: Block<'_>, broken: &Broken, sink: &mut Sink<'_>) {
    match block {
        Block::Function(_) | Block::ShellBlock(_) | Block::Cleanup(_) => in_statements(block, sink),
        Block::Test(_) | Block::Effect(_) => in_sections(block, broken, sink),
    }
}

/// The body of a shell block, cleanup block or function.
fn in_statements(block: Block<'_>, sink: &mut Sink<'_>) {
    let Some(body) = block.body() else { return };
    for child in body.syntax().children() {
        let found = match child.kind() {
            SyntaxKind::Docstring => Some(Diagnostic::error(
                codes::MISPLACED_DOCSTRING,
                child.range(),
                "a docstring belongs at the beginning of a test",
            )),
            SyntaxKind::Marker => Marker::cast(child).filter(is_marker_kind).map(misplaced_marker),
            SyntaxKind::ShellBlock
            | SyntaxKind::Cleanup
            | SyntaxKind::Start
            | SyntaxKind::Expect
            | SyntaxKind::Expose => Some(Diagnostic::error(
                codes::MISPLACED_ITEM,
                head(child),
                format!(
                    "{} cannot be placed inside {}",
                    named(child.kind()),
                    block.title()
                ),
            )),
            _ => None,
        };
        sink.extend(found);
    }
}

/// The body of a test or effect: its sections and their order.
fn in_sections(block: Block<'_>, broken: &Broken, sink: &mut Sink<'_>) {
    let Some(body) = block.body() else { return };
    let is_test = matches!(block, Block::Test(_));
    let mut latest: Option<(u8, SyntaxNode<'_>)> = None;
    for child in body.syntax().children() {
        if broken.holds(child.range().start) {
            return;
        }
        if let Some(inner) = Block::cast(child) {
            in_statements(inner, sink);
        }
        let Some(rank) = rank(child.kind(), is_test) else {
            sink.extend(no_section(child, is_test));
            continue;
        };
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
                    .with_related(related(earlier, "the first one")),
                );
            }
            _ => latest = Some((rank, child)),
        }
    }
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
        ),
        SyntaxKind::Docstring => Diagnostic::error(
            codes::MISPLACED_DOCSTRING,
            range,
            "a docstring belongs at the beginning of a test",
        )
        .with_help("describe an effect with comments above it"),
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
    let whole = TextRange::new(lines.line(range.start).start, end);
    let mut fix = Fix::needs_a_look("Move it to its place", whole, "");
    fix.edits.push(Edit {
        file: None,
        range: TextRange::empty(lines.line(target.start).start),
        new_text: whole.slice(lines.source()).to_owned(),
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
