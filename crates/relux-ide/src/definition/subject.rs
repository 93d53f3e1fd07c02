//! What is named at an offset, by the syntax around it alone.

use relux_syntax::ast::{
    Assign, AssignOrAssert, AstNode, Call, Capture, CaptureInterpolation, Effect, Expect, Expose, Function,
    Identifier, Import, ImportName, ImportPath, Let, OverlayEntry, Parameter, Piece, PieceValue,
    QualifiedInterpolation, QualifiedName, QualifiedVariable, ShellBlock, Start, SyntaxNode, TextMode,
    Variable, VariableInterpolation,
};
use relux_syntax::{Parse, TextRange};

/// A name in the text.
#[derive(Debug)]
pub(super) struct Found<'t> {
    /// Where it stands.
    pub(super) range: TextRange,
    /// The node that holds it, for what surrounds it.
    pub(super) node: SyntaxNode<'t>,
    /// What it names.
    pub(super) subject: Subject,
}

/// What a name stands for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Subject {
    /// The name of a definition itself: that is where it is defined.
    Here,
    /// The path of an import.
    Module,
    /// A name in the list of an import, as its module exports it.
    Imported(String),
    /// The effect of a `start`.
    Effect(String),
    /// A called function.
    Function { name: String, arity: usize },
    /// An alias of a `start`.
    Alias(String),
    /// An own shell, or in edition 2026-04 an alias that stands for its only shell.
    Shell(String),
    /// A shell or variable behind an alias.
    Exposed { alias: String, name: String },
    /// A shell or `let` that is exposed.
    Offered(String),
    /// A key of an overlay; without a value also the variable of the same name.
    Key { name: String, shorthand: bool },
    /// A variable that is read or assigned.
    Variable(String),
    /// `$1`.
    Capture,
}

/// The name that the cursor at `offset` stands on or directly behind.
pub(super) fn at(parse: &Parse, offset: u32) -> Option<Found<'_>> {
    let root = parse.module().syntax();
    let on = TextRange::new(offset, offset.saturating_add(1));
    let behind = TextRange::new(offset.saturating_sub(1), offset);
    [on, behind]
        .into_iter()
        .filter(|range| !range.is_empty())
        .find_map(|range| found(root.covering(range), offset).filter(|it| it.range.touches(offset)))
}

fn found(node: SyntaxNode<'_>, offset: u32) -> Option<Found<'_>> {
    if let Some(subject) = simple(node) {
        return Some(Found {
            range: node.range(),
            node,
            subject,
        });
    }
    if VariableInterpolation::can_cast(node.kind()) || QualifiedInterpolation::can_cast(node.kind()) {
        return interpolated(node, offset);
    }
    let statement = node.ancestors().take(3).find_map(AssignOrAssert::cast)?;
    assigned(statement, offset)
}

fn simple(node: SyntaxNode<'_>) -> Option<Subject> {
    if let Some(name) = Identifier::cast(node) {
        return identifier(name);
    }
    if let Some(variable) = Variable::cast(node) {
        return Some(Subject::Variable(variable.text().to_owned()));
    }
    if ImportPath::can_cast(node.kind()) {
        return Some(Subject::Module);
    }
    if Parameter::can_cast(node.kind()) {
        return Some(Subject::Here);
    }
    (Capture::can_cast(node.kind()) || CaptureInterpolation::can_cast(node.kind()))
        .then_some(Subject::Capture)
}

fn identifier(name: Identifier<'_>) -> Option<Subject> {
    let parent = name.syntax().parent()?;
    let text = || name.text().to_owned();
    if let Some(call) = Call::cast(parent) {
        return Some(Subject::Function {
            name: text(),
            arity: call.arity(),
        });
    }
    if let Some(start) = Start::cast(parent) {
        let effect = start.effect().is_some_and(|it| it.range() == name.range());
        return Some(if effect {
            Subject::Effect(text())
        } else {
            Subject::Here
        });
    }
    if let Some(import) = ImportName::cast(parent) {
        return Some(Subject::Imported(import.name()?.text().to_owned()));
    }
    if let Some(entry) = OverlayEntry::cast(parent) {
        return Some(Subject::Key {
            name: text(),
            shorthand: entry.is_shorthand(),
        });
    }
    if let Some(qualified) = QualifiedName::cast(parent) {
        return Some(behind_alias(qualified.qualifier()?, name));
    }
    if let Some(qualified) = QualifiedVariable::cast(parent) {
        return Some(behind_alias(qualified.qualifier()?, name));
    }
    if ShellBlock::can_cast(parent.kind()) {
        return Some(Subject::Shell(text()));
    }
    if let Some(expose) = Expose::cast(parent) {
        let target = expose.target().is_some_and(|it| it.range() == name.range());
        return Some(if target {
            Subject::Offered(text())
        } else {
            Subject::Here
        });
    }
    if Assign::can_cast(parent.kind()) || AssignOrAssert::can_cast(parent.kind()) {
        return Some(Subject::Variable(text()));
    }
    let kind = parent.kind();
    let declares =
        Let::can_cast(kind) || Expect::can_cast(kind) || Function::can_cast(kind) || Effect::can_cast(kind);
    declares.then_some(Subject::Here)
}

fn behind_alias(alias: Identifier<'_>, name: Identifier<'_>) -> Subject {
    if alias.range() == name.range() {
        return Subject::Alias(alias.text().to_owned());
    }
    Subject::Exposed {
        alias: alias.text().to_owned(),
        name: name.text().to_owned(),
    }
}

/// `${name}` and `${Alias.name}` in text.
fn interpolated(node: SyntaxNode<'_>, offset: u32) -> Option<Found<'_>> {
    let (range, subject) = match Piece::cast(node)?.decode(TextMode::Literal).value {
        PieceValue::Variable { name, range } => (range, Subject::Variable(name.to_owned())),
        PieceValue::Qualified {
            alias, alias_range, ..
        } if alias_range.touches(offset) => (alias_range, Subject::Alias(alias.to_owned())),
        PieceValue::Qualified {
            alias,
            name,
            name_range,
            ..
        } => {
            let (alias, name) = (alias.to_owned(), name.to_owned());
            (name_range, Subject::Exposed { alias, name })
        }
        _ => return None,
    };
    Some(Found { range, node, subject })
}

/// The right side of `name = …`, which the tree keeps as text because the editions read it differently.
fn assigned(statement: AssignOrAssert<'_>, offset: u32) -> Option<Found<'_>> {
    let value = statement.value_as_expression()?;
    let expression = value.expression().syntax();
    let on = TextRange::new(offset, offset.saturating_add(1));
    let behind = TextRange::new(offset.saturating_sub(1), offset);
    [on, behind].into_iter().find_map(|range| {
        let inner = found_in_value(expression.covering(range), offset)?;
        Some(Found {
            range: inner.0,
            node: statement.syntax(),
            subject: inner.1,
        })
    })
}

fn found_in_value(node: SyntaxNode<'_>, offset: u32) -> Option<(TextRange, Subject)> {
    if !node.range().touches(offset) {
        return None;
    }
    if let Some(subject) = simple(node) {
        return Some((node.range(), subject));
    }
    let found = interpolated(node, offset)?;
    Some((found.range, found.subject))
}

/// The position of the import around a node among all imports of its file, by where it begins.
pub(super) fn import_around(node: SyntaxNode<'_>) -> Option<TextRange> {
    node.ancestors()
        .find_map(Import::cast)
        .map(|import| import.range())
}
