//! Which declaration a variable reads: the last one before it that the run would have seen.
//!
//! A shell remembers its `let`s over all of its blocks and sees those of its test or effect; a function sees only its
//! parameters and its own.

use relux_syntax::TextRange;
use relux_syntax::ast::{
    AstNode, Body, Cleanup, Definition, Let, Section, ShellBlock, Statement, SyntaxNode,
};

/// A declaration: all of it, and the name in it.
pub(super) type Declared = (TextRange, TextRange);

/// The declaration that `name` reads where `node` stands.
pub(super) fn declaration(node: SyntaxNode<'_>, name: &str) -> Option<Declared> {
    let definition = node.ancestors().find_map(Definition::cast)?;
    let before = node.range().start;
    match definition {
        Definition::Function(function) => {
            let own = function.body().and_then(|body| last_let(body, name, before));
            own.or_else(|| {
                let parameter = function.params().filter(|it| it.text() == name).last()?;
                Some((parameter.range(), parameter.range()))
            })
        }
        Definition::Test(test) => in_sections(test.body()?, node, name, before),
        Definition::Effect(effect) => {
            let body = effect.body()?;
            in_sections(body, node, name, before).or_else(|| expect(body, name))
        }
    }
}

/// The regex whose groups `$1` reads where `node` stands: the last one before it in the same block.
pub(super) fn captured_by(node: SyntaxNode<'_>) -> Option<Declared> {
    let before = node.range().start;
    let body = node.ancestors().find_map(Body::cast)?;
    let regex = body
        .statements()
        .take_while(|it| it.range().end <= before)
        .filter_map(|it| match it {
            Statement::MatchRegex(it) => it.pattern().map(|pattern| (it.range(), pattern.range())),
            Statement::AssertRegex(it) => it.pattern().map(|pattern| (it.range(), pattern.range())),
            _ => None,
        });
    regex.last()
}

fn in_sections(body: Body<'_>, node: SyntaxNode<'_>, name: &str, before: u32) -> Option<Declared> {
    let own = if let Some(shell) = node.ancestors().find_map(ShellBlock::cast) {
        let title = shell.name().map(|it| it.text());
        let blocks = body.sections().filter_map(|section| match section {
            Section::ShellBlock(block) => Some(block),
            _ => None,
        });
        blocks
            .filter(|block| block.range().start <= before && block.name().map(|it| it.text()) == title)
            .filter_map(|block| last_let(block.body()?, name, before))
            .last()
    } else if let Some(cleanup) = node.ancestors().find_map(Cleanup::cast) {
        cleanup.body().and_then(|body| last_let(body, name, before))
    } else {
        None
    };
    own.or_else(|| last_let(body, name, before))
}

/// The last `let` of a name directly in a body that ends before an offset.
fn last_let(body: Body<'_>, name: &str, before: u32) -> Option<Declared> {
    let lets = body.syntax().children_as::<Let<'_>>();
    let named = lets.filter_map(|it| Some((it.range(), it.name()?)));
    named
        .filter(|(range, found)| range.end <= before && found.text() == name)
        .map(|(range, found)| (range, found.range()))
        .last()
}

fn expect(body: Body<'_>, name: &str) -> Option<Declared> {
    body.sections().find_map(|section| match section {
        Section::Expect(expect) => {
            let found = expect.names().find(|it| it.text() == name)?;
            Some((expect.range(), found.range()))
        }
        _ => None,
    })
}
