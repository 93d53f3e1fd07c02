//! What neither edition accepts, said exactly: where, why, and what to write instead.
//!
//! The grammar accepts nearly everything; this pass is where strictness lives. One file per family of mistakes. What
//! one of the editions accepts is never reported here, and nothing here looks at another file.

mod braces;
mod confusables;
mod durations;
mod expressions;
mod foreign;
mod headers;
mod imports;
mod lines;
mod lines_of;
mod lists;
mod markers;
mod multimatch;
mod names;
mod operators;
mod placement;
mod sink;
mod text;
mod unexpected;
mod values;

pub mod codes;

pub use expressions::MAX_NESTING;
pub use imports::is_import_path;

use crate::ast::{AssertEqual, AstNode, Block, Call, SyntaxKind, SyntaxNode, Timeout, UnclosedDocstring};
use crate::{Diagnostic, Parse};
use sink::Sink;
use unexpected::Place;

/// Nodes around the innermost call that is looked at: a call and its argument list for each level.
const MAX_DEPTH: usize = 2 * MAX_NESTING + 1;

/// All mistakes of a file that no edition accepts, in order of their place. At most one per broken statement.
pub fn validate(parse: &Parse) -> Vec<Diagnostic> {
    let module = parse.module();
    let mut sink = Sink::new(parse.text());
    check_lines(module.syntax(), Place::Module, &mut sink);
    sink.seal();
    let broken = braces::check(module, &mut sink);
    placement::check(module, &broken, &mut sink);
    sink.finish(&broken)
}

/// The lines of a file or body and what they are made of. Blocks nest three deep at most, so the recursion is bounded.
fn check_lines(body: SyntaxNode<'_>, place: Place, sink: &mut Sink<'_>) {
    lines::check(body, place, sink);
    for child in body.children() {
        let Some(block) = Block::cast(child) else {
            check_tree(child, body, sink);
            continue;
        };
        headers::check(block, sink);
        for part in child.children() {
            match part.kind() {
                SyntaxKind::Body => check_lines(part, Place::in_block(block), sink),
                _ => check_tree(part, body, sink),
            }
        }
    }
}

/// A node of a line and everything below it.
fn check_tree(node: SyntaxNode<'_>, body: SyntaxNode<'_>, sink: &mut Sink<'_>) {
    if let Some(docstring) = UnclosedDocstring::cast(node) {
        text::check_docstring(docstring, body.range().end, sink);
        return;
    }
    if is_plain(node) {
        return;
    }
    let mut nodes = node.descendants();
    while let Some((depth, node)) = nodes.next_with_depth() {
        if depth > MAX_DEPTH {
            if let Some(call) = Call::cast(node) {
                expressions::too_deep(call, sink);
                return;
            }
            continue;
        }
        check(node, sink);
    }
}

/// Whether nothing can be wrong in a node, as a look at its text tells: most lines are like this, and a walk costs more.
fn is_plain(node: SyntaxNode<'_>) -> bool {
    match node.kind() {
        SyntaxKind::Newline | SyntaxKind::OpenBrace | SyntaxKind::CloseBrace | SyntaxKind::Comment => true,
        SyntaxKind::Send | SyntaxKind::MatchRegex | SyntaxKind::MatchLiteral => {
            let text = node.text();
            let glued = [">", "<?", "<="]
                .iter()
                .any(|operator| text.starts_with(operator));
            glued && !text.bytes().any(|byte| matches!(byte, b'\\' | b'$'))
        }
        _ => false,
    }
}

/// Everything that can be said about a node by itself.
fn check(node: SyntaxNode<'_>, sink: &mut Sink<'_>) {
    match node.kind() {
        SyntaxKind::Import => with(node, sink, imports::check),
        SyntaxKind::ImportList => lists::check_braced(node, "an import", sink),
        SyntaxKind::ImportName => {
            with(node, sink, names::check_imported);
            with(node, sink, headers::check_import_alias);
        }
        SyntaxKind::Marker => with(node, sink, markers::check),
        SyntaxKind::Condition => with(node, sink, markers::check_condition),
        SyntaxKind::Expect => with(node, sink, lists::check_expect),
        SyntaxKind::Expose => with(node, sink, headers::check_expose),
        SyntaxKind::Start => with(node, sink, headers::check_start),
        SyntaxKind::Overlay => lists::check_braced(node, "an overlay", sink),
        SyntaxKind::OverlayEntry => with(node, sink, operators::check_entry),
        SyntaxKind::ParameterList => with(node, sink, lists::check_parameters),
        SyntaxKind::UnclosedTestName => with(node, sink, text::check_test_name),
        _ => check_statement(node, sink),
    }
}

/// Statements and what they are made of.
fn check_statement(node: SyntaxNode<'_>, sink: &mut Sink<'_>) {
    match node.kind() {
        SyntaxKind::Let => with(node, sink, operators::check_let),
        SyntaxKind::Assign => with(node, sink, operators::check_assign),
        SyntaxKind::AssignOrAssert => with(node, sink, operators::check_assign_or_assert),
        SyntaxKind::AssertEqual => with(node, sink, |it: AssertEqual<'_>, sink: &mut Sink<'_>| {
            operators::check_equals(it.operator_token(), sink);
        }),
        SyntaxKind::IncompleteOperator => with(node, sink, operators::check_incomplete),
        SyntaxKind::SendRaw | SyntaxKind::MatchRegex | SyntaxKind::MatchLiteral => {
            operators::check_glued(node, sink);
        }
        SyntaxKind::FailRegex | SyntaxKind::FailLiteral => {
            let timeout = node.child_as::<Timeout<'_>>();
            operators::check_fail_timeout(timeout, sink);
            operators::check_glued(node, sink);
        }
        SyntaxKind::Multimatch => with(node, sink, multimatch::check),
        SyntaxKind::Timeout => with(node, sink, durations::check),
        SyntaxKind::Call => with(node, sink, expressions::check_call),
        SyntaxKind::ArgumentList => with(node, sink, lists::check_arguments),
        SyntaxKind::Variable => with(node, sink, expressions::check_variable),
        SyntaxKind::QualifiedVariable => with(node, sink, names::check_qualified),
        SyntaxKind::BracedReference => with(node, sink, expressions::check_braced),
        SyntaxKind::Capture => with(node, sink, text::check_capture),
        SyntaxKind::CaptureInterpolation => with(node, sink, text::check_capture_in_text),
        SyntaxKind::Literal => text::check_literal(node, sink),
        SyntaxKind::StringLiteral => with(node, sink, text::check_string),
        _ => {}
    }
}

fn with<'t, N: AstNode<'t>>(node: SyntaxNode<'t>, sink: &mut Sink<'_>, check: impl FnOnce(N, &mut Sink<'_>)) {
    if let Some(node) = N::cast(node) {
        check(node, sink);
    }
}
