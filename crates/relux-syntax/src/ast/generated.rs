//! Typed nodes, generated from node-types.json by `cargo xtask codegen`. Do not edit.
//!
//! The words of the grammar occur as strings in this file only.

use super::node::{AstNode, FieldId, SyntaxNode, Token};

/// Tokens are what the grammar numbers below this.
pub(super) const TOKEN_COUNT: u16 = 81;

/// What a node or token is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[non_exhaustive]
pub enum SyntaxKind {
    /// Node `argument_list`.
    ArgumentList,
    /// Node `assert_equal`.
    AssertEqual,
    /// Node `assert_regex`.
    AssertRegex,
    /// Node `assign`.
    Assign,
    /// Node `assign_or_assert`.
    AssignOrAssert,
    /// Node `body`.
    Body,
    /// Node `call`.
    Call,
    /// Node `cleanup`.
    Cleanup,
    /// Node `condition`.
    Condition,
    /// Node `effect`.
    Effect,
    /// Node `expect`.
    Expect,
    /// Node `expose`.
    Expose,
    /// Node `expression_statement`.
    ExpressionStatement,
    /// Node `fail_literal`.
    FailLiteral,
    /// Node `fail_regex`.
    FailRegex,
    /// Node `function`.
    Function,
    /// Node `import`.
    Import,
    /// Node `import_list`.
    ImportList,
    /// Node `import_name`.
    ImportName,
    /// Node `incomplete_operator`.
    IncompleteOperator,
    /// Node `let`.
    Let,
    /// Node `literal`.
    Literal,
    /// Node `marker`.
    Marker,
    /// Node `match_literal`.
    MatchLiteral,
    /// Node `match_regex`.
    MatchRegex,
    /// Node `module`.
    Module,
    /// Node `multimatch`.
    Multimatch,
    /// Node `multimatch_literal`.
    MultimatchLiteral,
    /// Node `multimatch_regex`.
    MultimatchRegex,
    /// Node `overlay`.
    Overlay,
    /// Node `overlay_entry`.
    OverlayEntry,
    /// Node `parameter_list`.
    ParameterList,
    /// Node `qualified_name`.
    QualifiedName,
    /// Node `qualified_variable`.
    QualifiedVariable,
    /// Node `regex`.
    Regex,
    /// Node `send`.
    Send,
    /// Node `send_raw`.
    SendRaw,
    /// Node `shell_block`.
    ShellBlock,
    /// Node `start`.
    Start,
    /// Node `stray_close`.
    StrayClose,
    /// Node `stray_open`.
    StrayOpen,
    /// Node `string`.
    StringLiteral,
    /// Node `test`.
    Test,
    /// Node `timeout`.
    Timeout,
    /// Node `timeout_statement`.
    TimeoutStatement,
    /// Node `unexpected`.
    Unexpected,
    /// Token `\n`.
    Newline,
    /// Token `!`.
    Bang,
    /// Token `!=`.
    BangEquals,
    /// Token `!?`.
    BangQuestion,
    /// Token `\"`.
    Quote,
    /// Token `#`.
    Hash,
    /// Token `(`.
    OpenParen,
    /// Token `)`.
    CloseParen,
    /// Token `,`.
    Comma,
    /// Token `.`.
    Dot,
    /// Token `:=`.
    ColonEquals,
    /// Token `<`.
    Less,
    /// Token `<=`.
    LessEquals,
    /// Token `<?`.
    LessQuestion,
    /// Token `=`.
    Equals,
    /// Token `==`.
    EqualsEquals,
    /// Token `=>`.
    EqualsGreater,
    /// Token `>`.
    Greater,
    /// Token `?`.
    Question,
    /// Token `@`.
    At,
    /// Token `as`.
    AsKeyword,
    /// Node `braced_reference`.
    BracedReference,
    /// Node `capture`.
    Capture,
    /// Node `capture_interpolation`.
    CaptureInterpolation,
    /// Token `cleanup`.
    CleanupKeyword,
    /// Node `comment`.
    Comment,
    /// Node `docstring`.
    Docstring,
    /// Node `duration`.
    Duration,
    /// Token `effect`.
    EffectKeyword,
    /// Node `escape`.
    Escape,
    /// Node `escaped_dollar`.
    EscapedDollar,
    /// Token `expect`.
    ExpectKeyword,
    /// Token `expose`.
    ExposeKeyword,
    /// Token `fn`.
    FnKeyword,
    /// Node `identifier`.
    Identifier,
    /// Token `import`.
    ImportKeyword,
    /// Node `import_path`.
    ImportPath,
    /// Token `let`.
    LetKeyword,
    /// Node `line_break`.
    LineBreak,
    /// Node `marker_kind`.
    MarkerKind,
    /// Node `marker_modifier`.
    MarkerModifier,
    /// Node `missing_newline`.
    MissingNewline,
    /// Node `missing_quote`.
    MissingQuote,
    /// Node `number`.
    Number,
    /// Node `parameter`.
    Parameter,
    /// Token `pure`.
    PureKeyword,
    /// Node `qualified_interpolation`.
    QualifiedInterpolation,
    /// Token `shell`.
    ShellKeyword,
    /// Token `start`.
    StartKeyword,
    /// Token `test`.
    TestKeyword,
    /// Node `test_name`.
    TestName,
    /// Node `text`.
    TextPiece,
    /// Node `unclosed_docstring`.
    UnclosedDocstring,
    /// Node `unclosed_test_name`.
    UnclosedTestName,
    /// Token `var`.
    VarKeyword,
    /// Node `variable`.
    Variable,
    /// Node `variable_interpolation`.
    VariableInterpolation,
    /// Token `{`.
    OpenBrace,
    /// Token `}`.
    CloseBrace,
    /// Token `~`.
    Tilde,
    /// Text that the grammar does not know.
    Error,
}

impl SyntaxKind {
    /// The kind with a name in the grammar.
    pub(super) fn from_name(name: &str, named: bool) -> Self {
        match (name, named) {
            ("argument_list", true) => Self::ArgumentList,
            ("assert_equal", true) => Self::AssertEqual,
            ("assert_regex", true) => Self::AssertRegex,
            ("assign", true) => Self::Assign,
            ("assign_or_assert", true) => Self::AssignOrAssert,
            ("body", true) => Self::Body,
            ("call", true) => Self::Call,
            ("cleanup", true) => Self::Cleanup,
            ("condition", true) => Self::Condition,
            ("effect", true) => Self::Effect,
            ("expect", true) => Self::Expect,
            ("expose", true) => Self::Expose,
            ("expression_statement", true) => Self::ExpressionStatement,
            ("fail_literal", true) => Self::FailLiteral,
            ("fail_regex", true) => Self::FailRegex,
            ("function", true) => Self::Function,
            ("import", true) => Self::Import,
            ("import_list", true) => Self::ImportList,
            ("import_name", true) => Self::ImportName,
            ("incomplete_operator", true) => Self::IncompleteOperator,
            ("let", true) => Self::Let,
            ("literal", true) => Self::Literal,
            ("marker", true) => Self::Marker,
            ("match_literal", true) => Self::MatchLiteral,
            ("match_regex", true) => Self::MatchRegex,
            ("module", true) => Self::Module,
            ("multimatch", true) => Self::Multimatch,
            ("multimatch_literal", true) => Self::MultimatchLiteral,
            ("multimatch_regex", true) => Self::MultimatchRegex,
            ("overlay", true) => Self::Overlay,
            ("overlay_entry", true) => Self::OverlayEntry,
            ("parameter_list", true) => Self::ParameterList,
            ("qualified_name", true) => Self::QualifiedName,
            ("qualified_variable", true) => Self::QualifiedVariable,
            ("regex", true) => Self::Regex,
            ("send", true) => Self::Send,
            ("send_raw", true) => Self::SendRaw,
            ("shell_block", true) => Self::ShellBlock,
            ("start", true) => Self::Start,
            ("stray_close", true) => Self::StrayClose,
            ("stray_open", true) => Self::StrayOpen,
            ("string", true) => Self::StringLiteral,
            ("test", true) => Self::Test,
            ("timeout", true) => Self::Timeout,
            ("timeout_statement", true) => Self::TimeoutStatement,
            ("unexpected", true) => Self::Unexpected,
            ("\n", false) => Self::Newline,
            ("!", false) => Self::Bang,
            ("!=", false) => Self::BangEquals,
            ("!?", false) => Self::BangQuestion,
            ("\"", false) => Self::Quote,
            ("#", false) => Self::Hash,
            ("(", false) => Self::OpenParen,
            (")", false) => Self::CloseParen,
            (",", false) => Self::Comma,
            (".", false) => Self::Dot,
            (":=", false) => Self::ColonEquals,
            ("<", false) => Self::Less,
            ("<=", false) => Self::LessEquals,
            ("<?", false) => Self::LessQuestion,
            ("=", false) => Self::Equals,
            ("==", false) => Self::EqualsEquals,
            ("=>", false) => Self::EqualsGreater,
            (">", false) => Self::Greater,
            ("?", false) => Self::Question,
            ("@", false) => Self::At,
            ("as", false) => Self::AsKeyword,
            ("braced_reference", true) => Self::BracedReference,
            ("capture", true) => Self::Capture,
            ("capture_interpolation", true) => Self::CaptureInterpolation,
            ("cleanup", false) => Self::CleanupKeyword,
            ("comment", true) => Self::Comment,
            ("docstring", true) => Self::Docstring,
            ("duration", true) => Self::Duration,
            ("effect", false) => Self::EffectKeyword,
            ("escape", true) => Self::Escape,
            ("escaped_dollar", true) => Self::EscapedDollar,
            ("expect", false) => Self::ExpectKeyword,
            ("expose", false) => Self::ExposeKeyword,
            ("fn", false) => Self::FnKeyword,
            ("identifier", true) => Self::Identifier,
            ("import", false) => Self::ImportKeyword,
            ("import_path", true) => Self::ImportPath,
            ("let", false) => Self::LetKeyword,
            ("line_break", true) => Self::LineBreak,
            ("marker_kind", true) => Self::MarkerKind,
            ("marker_modifier", true) => Self::MarkerModifier,
            ("missing_newline", true) => Self::MissingNewline,
            ("missing_quote", true) => Self::MissingQuote,
            ("number", true) => Self::Number,
            ("parameter", true) => Self::Parameter,
            ("pure", false) => Self::PureKeyword,
            ("qualified_interpolation", true) => Self::QualifiedInterpolation,
            ("shell", false) => Self::ShellKeyword,
            ("start", false) => Self::StartKeyword,
            ("test", false) => Self::TestKeyword,
            ("test_name", true) => Self::TestName,
            ("text", true) => Self::TextPiece,
            ("unclosed_docstring", true) => Self::UnclosedDocstring,
            ("unclosed_test_name", true) => Self::UnclosedTestName,
            ("var", false) => Self::VarKeyword,
            ("variable", true) => Self::Variable,
            ("variable_interpolation", true) => Self::VariableInterpolation,
            ("{", false) => Self::OpenBrace,
            ("}", false) => Self::CloseBrace,
            ("~", false) => Self::Tilde,
            _ => Self::Error,
        }
    }

    /// Whether nodes below this kind may have fields; below what the grammar does not know, anything may.
    pub(super) fn has_fields(self) -> bool {
        matches!(
            self,
            Self::Error
                | Self::AssertEqual
                | Self::AssertRegex
                | Self::Assign
                | Self::AssignOrAssert
                | Self::Call
                | Self::Cleanup
                | Self::Condition
                | Self::Effect
                | Self::Expect
                | Self::Expose
                | Self::ExpressionStatement
                | Self::FailLiteral
                | Self::FailRegex
                | Self::Function
                | Self::Import
                | Self::ImportName
                | Self::IncompleteOperator
                | Self::Let
                | Self::Marker
                | Self::MatchLiteral
                | Self::MatchRegex
                | Self::Multimatch
                | Self::MultimatchLiteral
                | Self::MultimatchRegex
                | Self::OverlayEntry
                | Self::QualifiedName
                | Self::QualifiedVariable
                | Self::Send
                | Self::SendRaw
                | Self::ShellBlock
                | Self::Start
                | Self::Test
                | Self::Timeout
                | Self::TimeoutStatement
        )
    }
}

/// Names of fields, in the order of their numbers.
#[cfg(test)]
pub(super) const FIELD_NAMES: &[&str] = &[
    "alias",
    "arguments",
    "body",
    "condition",
    "duration",
    "effect",
    "expression",
    "function",
    "key",
    "kind",
    "late_alias",
    "left",
    "list",
    "modifier",
    "name",
    "operator",
    "overlay",
    "parameters",
    "path",
    "pattern",
    "payload",
    "pure",
    "qualifier",
    "right",
    "sigil",
    "subject",
    "target",
    "timeout",
    "value",
];

/// Numbers of fields.
mod field {
    use super::FieldId;
    pub(super) const ALIAS: FieldId = FieldId::new(1);
    pub(super) const ARGUMENTS: FieldId = FieldId::new(2);
    pub(super) const BODY: FieldId = FieldId::new(3);
    pub(super) const CONDITION: FieldId = FieldId::new(4);
    pub(super) const DURATION: FieldId = FieldId::new(5);
    pub(super) const EFFECT: FieldId = FieldId::new(6);
    pub(super) const EXPRESSION: FieldId = FieldId::new(7);
    pub(super) const FUNCTION: FieldId = FieldId::new(8);
    pub(super) const KEY: FieldId = FieldId::new(9);
    pub(super) const KIND: FieldId = FieldId::new(10);
    pub(super) const LATE_ALIAS: FieldId = FieldId::new(11);
    pub(super) const LEFT: FieldId = FieldId::new(12);
    pub(super) const LIST: FieldId = FieldId::new(13);
    pub(super) const MODIFIER: FieldId = FieldId::new(14);
    pub(super) const NAME: FieldId = FieldId::new(15);
    pub(super) const OPERATOR: FieldId = FieldId::new(16);
    pub(super) const OVERLAY: FieldId = FieldId::new(17);
    pub(super) const PARAMETERS: FieldId = FieldId::new(18);
    pub(super) const PATH: FieldId = FieldId::new(19);
    pub(super) const PATTERN: FieldId = FieldId::new(20);
    pub(super) const PAYLOAD: FieldId = FieldId::new(21);
    pub(super) const PURE: FieldId = FieldId::new(22);
    pub(super) const QUALIFIER: FieldId = FieldId::new(23);
    pub(super) const RIGHT: FieldId = FieldId::new(24);
    pub(super) const SIGIL: FieldId = FieldId::new(25);
    pub(super) const SUBJECT: FieldId = FieldId::new(26);
    pub(super) const TARGET: FieldId = FieldId::new(27);
    pub(super) const TIMEOUT: FieldId = FieldId::new(28);
    pub(super) const VALUE: FieldId = FieldId::new(29);
}

/// `(a, b)` of a call.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct ArgumentList<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for ArgumentList<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::ArgumentList
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

/// `expr = text` with anything but a plain name on the left.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct AssertEqual<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for AssertEqual<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::AssertEqual
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

impl<'t> AssertEqual<'t> {
    /// The token `=` or `==`.
    pub fn operator_token(&self) -> Option<Token<'t>> {
        self.0.field_token(field::OPERATOR)
    }
    /// The child in the field `pattern`; `None` while it is missing.
    pub fn pattern(&self) -> Option<Literal<'t>> {
        self.0.field(field::PATTERN)
    }
    /// The child in the field `subject`; `None` while it is missing.
    pub fn subject(&self) -> Option<Expression<'t>> {
        self.0.field(field::SUBJECT)
    }
}

/// `expr ? regex`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct AssertRegex<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for AssertRegex<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::AssertRegex
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

impl<'t> AssertRegex<'t> {
    /// The token `?`.
    pub fn operator_token(&self) -> Option<Token<'t>> {
        self.0.field_token(field::OPERATOR)
    }
    /// The child in the field `pattern`; `None` while it is missing.
    pub fn pattern(&self) -> Option<Regex<'t>> {
        self.0.field(field::PATTERN)
    }
    /// The child in the field `subject`; `None` while it is missing.
    pub fn subject(&self) -> Option<Expression<'t>> {
        self.0.field(field::SUBJECT)
    }
}

/// `name := expr`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Assign<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for Assign<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::Assign
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

impl<'t> Assign<'t> {
    /// The child in the field `name`; `None` while it is missing.
    pub fn name(&self) -> Option<Identifier<'t>> {
        self.0.field(field::NAME)
    }
    /// The token `:=`.
    pub fn operator_token(&self) -> Option<Token<'t>> {
        self.0.field_token(field::OPERATOR)
    }
    /// The child in the field `value`; `None` while it is missing.
    pub fn value(&self) -> Option<Expression<'t>> {
        self.0.field(field::VALUE)
    }
}

/// `name = rest`: an assignment or a comparison, by edition.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct AssignOrAssert<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for AssignOrAssert<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::AssignOrAssert
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

impl<'t> AssignOrAssert<'t> {
    /// The child in the field `name`; `None` while it is missing.
    pub fn name(&self) -> Option<Identifier<'t>> {
        self.0.field(field::NAME)
    }
    /// The token `=` or `==`.
    pub fn operator_token(&self) -> Option<Token<'t>> {
        self.0.field_token(field::OPERATOR)
    }
    /// The child in the field `value`; `None` while it is missing.
    pub fn value(&self) -> Option<Literal<'t>> {
        self.0.field(field::VALUE)
    }
}

/// `{ … }` of an item or block; without a brace it begins at the newline behind the header.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Body<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for Body<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::Body
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

/// `name(arguments)`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Call<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for Call<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::Call
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

impl<'t> Call<'t> {
    /// The child in the field `arguments`; `None` while it is missing.
    pub fn arguments(&self) -> Option<ArgumentList<'t>> {
        self.0.field(field::ARGUMENTS)
    }
    /// The child in the field `function`; `None` while it is missing.
    pub fn function(&self) -> Option<Identifier<'t>> {
        self.0.field(field::FUNCTION)
    }
}

/// `cleanup { … }`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Cleanup<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for Cleanup<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::Cleanup
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

impl<'t> Cleanup<'t> {
    /// The child in the field `body`; `None` while it is missing.
    pub fn body(&self) -> Option<Body<'t>> {
        self.0.field(field::BODY)
    }
}

/// The condition of a marker.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Condition<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for Condition<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::Condition
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

impl<'t> Condition<'t> {
    /// The child in the field `left`; `None` while it is missing.
    pub fn left(&self) -> Option<Expression<'t>> {
        self.0.field(field::LEFT)
    }
    /// The token `:=` or `=` or `==` or `?`.
    pub fn operator_token(&self) -> Option<Token<'t>> {
        self.0.field_token(field::OPERATOR)
    }
    /// The child in the field `pattern`; `None` while it is missing.
    pub fn pattern(&self) -> Option<Regex<'t>> {
        self.0.field(field::PATTERN)
    }
    /// The child in the field `right`; `None` while it is missing.
    pub fn right(&self) -> Option<Expression<'t>> {
        self.0.field(field::RIGHT)
    }
}

/// `effect Name { … }`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Effect<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for Effect<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::Effect
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

impl<'t> Effect<'t> {
    /// The child in the field `body`; `None` while it is missing.
    pub fn body(&self) -> Option<Body<'t>> {
        self.0.field(field::BODY)
    }
    /// The child in the field `name`; `None` while it is missing.
    pub fn name(&self) -> Option<Identifier<'t>> {
        self.0.field(field::NAME)
    }
}

/// `expect A, B`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Expect<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for Expect<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::Expect
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

impl<'t> Expect<'t> {
    /// All children in the field `name`.
    pub fn names(&self) -> impl Iterator<Item = Identifier<'t>> + use<'t> {
        self.0.fields(field::NAME)
    }
}

/// `expose …` in any of its forms.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Expose<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for Expose<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::Expose
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

impl<'t> Expose<'t> {
    /// The child in the field `alias`; `None` while it is missing.
    pub fn alias(&self) -> Option<Identifier<'t>> {
        self.0.field(field::ALIAS)
    }
    /// The token `shell` or `var`.
    pub fn kind_token(&self) -> Option<Token<'t>> {
        self.0.field_token(field::KIND)
    }
    /// The child in the field `target`; `None` while it is missing.
    pub fn target(&self) -> Option<ShellName<'t>> {
        self.0.field(field::TARGET)
    }
}

/// An expression on a line of its own.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct ExpressionStatement<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for ExpressionStatement<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::ExpressionStatement
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

impl<'t> ExpressionStatement<'t> {
    /// The child in the field `expression`; `None` while it is missing.
    pub fn expression(&self) -> Option<Expression<'t>> {
        self.0.field(field::EXPRESSION)
    }
}

/// `!= text`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct FailLiteral<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for FailLiteral<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::FailLiteral
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

impl<'t> FailLiteral<'t> {
    /// The token `!` or `!=`.
    pub fn operator_token(&self) -> Option<Token<'t>> {
        self.0.field_token(field::OPERATOR)
    }
    /// The child in the field `pattern`; `None` while it is missing.
    pub fn pattern(&self) -> Option<Literal<'t>> {
        self.0.field(field::PATTERN)
    }
    /// The child in the field `timeout`; `None` while it is missing.
    pub fn timeout(&self) -> Option<Timeout<'t>> {
        self.0.field(field::TIMEOUT)
    }
}

/// `!? regex`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct FailRegex<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for FailRegex<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::FailRegex
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

impl<'t> FailRegex<'t> {
    /// The token `!` or `!?`.
    pub fn operator_token(&self) -> Option<Token<'t>> {
        self.0.field_token(field::OPERATOR)
    }
    /// The child in the field `pattern`; `None` while it is missing.
    pub fn pattern(&self) -> Option<Regex<'t>> {
        self.0.field(field::PATTERN)
    }
    /// The child in the field `timeout`; `None` while it is missing.
    pub fn timeout(&self) -> Option<Timeout<'t>> {
        self.0.field(field::TIMEOUT)
    }
}

/// `fn` or `pure fn`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Function<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for Function<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::Function
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

impl<'t> Function<'t> {
    /// The child in the field `body`; `None` while it is missing.
    pub fn body(&self) -> Option<Body<'t>> {
        self.0.field(field::BODY)
    }
    /// The child in the field `name`; `None` while it is missing.
    pub fn name(&self) -> Option<Identifier<'t>> {
        self.0.field(field::NAME)
    }
    /// The child in the field `parameters`; `None` while it is missing.
    pub fn parameters(&self) -> Option<ParameterList<'t>> {
        self.0.field(field::PARAMETERS)
    }
    /// The token `pure`.
    pub fn pure_token(&self) -> Option<Token<'t>> {
        self.0.field_token(field::PURE)
    }
}

/// `import path { names }`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Import<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for Import<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::Import
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

impl<'t> Import<'t> {
    /// The child in the field `list`; `None` while it is missing.
    pub fn list(&self) -> Option<ImportList<'t>> {
        self.0.field(field::LIST)
    }
    /// The child in the field `path`; `None` while it is missing.
    pub fn path(&self) -> Option<ImportPath<'t>> {
        self.0.field(field::PATH)
    }
}

/// The braces of an import.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct ImportList<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for ImportList<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::ImportList
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

/// `name` or `name as alias` in an import.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct ImportName<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for ImportName<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::ImportName
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

impl<'t> ImportName<'t> {
    /// The child in the field `alias`; `None` while it is missing.
    pub fn alias(&self) -> Option<Identifier<'t>> {
        self.0.field(field::ALIAS)
    }
    /// The child in the field `name`; `None` while it is missing.
    pub fn name(&self) -> Option<Identifier<'t>> {
        self.0.field(field::NAME)
    }
}

/// An operator that somebody is still typing.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct IncompleteOperator<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for IncompleteOperator<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::IncompleteOperator
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

impl<'t> IncompleteOperator<'t> {
    /// The child in the field `timeout`; `None` while it is missing.
    pub fn timeout(&self) -> Option<Timeout<'t>> {
        self.0.field(field::TIMEOUT)
    }
}

/// `let name`, `let name = expr` or `let name := expr`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Let<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for Let<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::Let
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

impl<'t> Let<'t> {
    /// The child in the field `name`; `None` while it is missing.
    pub fn name(&self) -> Option<Identifier<'t>> {
        self.0.field(field::NAME)
    }
    /// The token `:=` or `=` or `==`.
    pub fn operator_token(&self) -> Option<Token<'t>> {
        self.0.field_token(field::OPERATOR)
    }
    /// The child in the field `value`; `None` while it is missing.
    pub fn value(&self) -> Option<Expression<'t>> {
        self.0.field(field::VALUE)
    }
}

/// Payload that is literal text: escapes are decoded.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Literal<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for Literal<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::Literal
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

/// `# skip|run|flaky …`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Marker<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for Marker<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::Marker
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

impl<'t> Marker<'t> {
    /// The child in the field `condition`; `None` while it is missing.
    pub fn condition(&self) -> Option<Condition<'t>> {
        self.0.field(field::CONDITION)
    }
    /// The child in the field `kind`; `None` while it is missing.
    pub fn kind(&self) -> Option<MarkerKind<'t>> {
        self.0.field(field::KIND)
    }
    /// The child in the field `modifier`; `None` while it is missing.
    pub fn modifier(&self) -> Option<MarkerModifier<'t>> {
        self.0.field(field::MODIFIER)
    }
}

/// `<= text` or `<~5s= text`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct MatchLiteral<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for MatchLiteral<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::MatchLiteral
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

impl<'t> MatchLiteral<'t> {
    /// The token `<` or `<=`.
    pub fn operator_token(&self) -> Option<Token<'t>> {
        self.0.field_token(field::OPERATOR)
    }
    /// The child in the field `pattern`; `None` while it is missing.
    pub fn pattern(&self) -> Option<Literal<'t>> {
        self.0.field(field::PATTERN)
    }
    /// The child in the field `timeout`; `None` while it is missing.
    pub fn timeout(&self) -> Option<Timeout<'t>> {
        self.0.field(field::TIMEOUT)
    }
}

/// `<? regex` or `<~5s? regex`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct MatchRegex<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for MatchRegex<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::MatchRegex
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

impl<'t> MatchRegex<'t> {
    /// The token `<` or `<?`.
    pub fn operator_token(&self) -> Option<Token<'t>> {
        self.0.field_token(field::OPERATOR)
    }
    /// The child in the field `pattern`; `None` while it is missing.
    pub fn pattern(&self) -> Option<Regex<'t>> {
        self.0.field(field::PATTERN)
    }
    /// The child in the field `timeout`; `None` while it is missing.
    pub fn timeout(&self) -> Option<Timeout<'t>> {
        self.0.field(field::TIMEOUT)
    }
}

/// A whole file.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Module<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for Module<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::Module
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

/// `<{ … }`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Multimatch<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for Multimatch<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::Multimatch
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

impl<'t> Multimatch<'t> {
    /// The token `<`.
    pub fn operator_token(&self) -> Option<Token<'t>> {
        self.0.field_token(field::OPERATOR)
    }
    /// The child in the field `timeout`; `None` while it is missing.
    pub fn timeout(&self) -> Option<Timeout<'t>> {
        self.0.field(field::TIMEOUT)
    }
}

/// `= text` in a multimatch.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct MultimatchLiteral<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for MultimatchLiteral<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::MultimatchLiteral
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

impl<'t> MultimatchLiteral<'t> {
    /// The token `<=` or `=`.
    pub fn operator_token(&self) -> Option<Token<'t>> {
        self.0.field_token(field::OPERATOR)
    }
    /// The child in the field `pattern`; `None` while it is missing.
    pub fn pattern(&self) -> Option<Literal<'t>> {
        self.0.field(field::PATTERN)
    }
}

/// `? regex` in a multimatch.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct MultimatchRegex<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for MultimatchRegex<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::MultimatchRegex
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

impl<'t> MultimatchRegex<'t> {
    /// The token `<?` or `?`.
    pub fn operator_token(&self) -> Option<Token<'t>> {
        self.0.field_token(field::OPERATOR)
    }
    /// The child in the field `pattern`; `None` while it is missing.
    pub fn pattern(&self) -> Option<Regex<'t>> {
        self.0.field(field::PATTERN)
    }
}

/// The braces of a `start`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Overlay<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for Overlay<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::Overlay
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

/// `KEY` or `KEY = expr` in an overlay.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct OverlayEntry<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for OverlayEntry<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::OverlayEntry
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

impl<'t> OverlayEntry<'t> {
    /// The child in the field `key`; `None` while it is missing.
    pub fn key(&self) -> Option<Identifier<'t>> {
        self.0.field(field::KEY)
    }
    /// The token `:=` or `=` or `==`.
    pub fn operator_token(&self) -> Option<Token<'t>> {
        self.0.field_token(field::OPERATOR)
    }
    /// The child in the field `value`; `None` while it is missing.
    pub fn value(&self) -> Option<Expression<'t>> {
        self.0.field(field::VALUE)
    }
}

/// `(a, b)` of a function.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct ParameterList<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for ParameterList<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::ParameterList
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

/// `alias.name` where a shell or variable is named.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct QualifiedName<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for QualifiedName<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::QualifiedName
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

impl<'t> QualifiedName<'t> {
    /// The child in the field `name`; `None` while it is missing.
    pub fn name(&self) -> Option<Identifier<'t>> {
        self.0.field(field::NAME)
    }
    /// The child in the field `qualifier`; `None` while it is missing.
    pub fn qualifier(&self) -> Option<Identifier<'t>> {
        self.0.field(field::QUALIFIER)
    }
}

/// `Alias.name` as an expression.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct QualifiedVariable<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for QualifiedVariable<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::QualifiedVariable
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

impl<'t> QualifiedVariable<'t> {
    /// The child in the field `name`; `None` while it is missing.
    pub fn name(&self) -> Option<Identifier<'t>> {
        self.0.field(field::NAME)
    }
    /// The child in the field `qualifier`; `None` while it is missing.
    pub fn qualifier(&self) -> Option<Identifier<'t>> {
        self.0.field(field::QUALIFIER)
    }
}

/// Payload that is a regular expression: escapes are kept.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Regex<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for Regex<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::Regex
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

/// `> text`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Send<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for Send<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::Send
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

impl<'t> Send<'t> {
    /// The token `>`.
    pub fn operator_token(&self) -> Option<Token<'t>> {
        self.0.field_token(field::OPERATOR)
    }
    /// The child in the field `payload`; `None` while it is missing.
    pub fn payload(&self) -> Option<Literal<'t>> {
        self.0.field(field::PAYLOAD)
    }
}

/// `=> text`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct SendRaw<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for SendRaw<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::SendRaw
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

impl<'t> SendRaw<'t> {
    /// The token `=` or `=>`.
    pub fn operator_token(&self) -> Option<Token<'t>> {
        self.0.field_token(field::OPERATOR)
    }
    /// The child in the field `payload`; `None` while it is missing.
    pub fn payload(&self) -> Option<Literal<'t>> {
        self.0.field(field::PAYLOAD)
    }
}

/// `shell name { … }`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct ShellBlock<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for ShellBlock<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::ShellBlock
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

impl<'t> ShellBlock<'t> {
    /// The child in the field `body`; `None` while it is missing.
    pub fn body(&self) -> Option<Body<'t>> {
        self.0.field(field::BODY)
    }
    /// The child in the field `name`; `None` while it is missing.
    pub fn name(&self) -> Option<ShellName<'t>> {
        self.0.field(field::NAME)
    }
}

/// `start Effect as alias { overlay }`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Start<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for Start<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::Start
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

impl<'t> Start<'t> {
    /// The child in the field `alias`; `None` while it is missing.
    pub fn alias(&self) -> Option<Identifier<'t>> {
        self.0.field(field::ALIAS)
    }
    /// The child in the field `effect`; `None` while it is missing.
    pub fn effect(&self) -> Option<Identifier<'t>> {
        self.0.field(field::EFFECT)
    }
    /// The child in the field `late_alias`; `None` while it is missing.
    pub fn late_alias(&self) -> Option<Identifier<'t>> {
        self.0.field(field::LATE_ALIAS)
    }
    /// The child in the field `overlay`; `None` while it is missing.
    pub fn overlay(&self) -> Option<Overlay<'t>> {
        self.0.field(field::OVERLAY)
    }
}

/// `}` that closes nothing.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct StrayClose<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for StrayClose<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::StrayClose
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

/// `{` that opens nothing, or stands on a line of its own.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct StrayOpen<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for StrayOpen<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::StrayOpen
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

/// `"…"`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct StringLiteral<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for StringLiteral<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::StringLiteral
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

/// `test "name" { … }`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Test<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for Test<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::Test
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

impl<'t> Test<'t> {
    /// The child in the field `body`; `None` while it is missing.
    pub fn body(&self) -> Option<Body<'t>> {
        self.0.field(field::BODY)
    }
    /// The child in the field `name`; `None` while it is missing.
    pub fn name(&self) -> Option<TestTitle<'t>> {
        self.0.field(field::NAME)
    }
    /// The child in the field `timeout`; `None` while it is missing.
    pub fn timeout(&self) -> Option<Timeout<'t>> {
        self.0.field(field::TIMEOUT)
    }
}

/// `~5s` or `@5s`, wherever it stands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Timeout<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for Timeout<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::Timeout
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

impl<'t> Timeout<'t> {
    /// The child in the field `duration`; `None` while it is missing.
    pub fn duration(&self) -> Option<Duration<'t>> {
        self.0.field(field::DURATION)
    }
    /// The token `@` or `~`.
    pub fn sigil_token(&self) -> Option<Token<'t>> {
        self.0.field_token(field::SIGIL)
    }
}

/// A timeout on a line of its own.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct TimeoutStatement<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for TimeoutStatement<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::TimeoutStatement
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

impl<'t> TimeoutStatement<'t> {
    /// The child in the field `timeout`; `None` while it is missing.
    pub fn timeout(&self) -> Option<Timeout<'t>> {
        self.0.field(field::TIMEOUT)
    }
}

/// What is left of a line that is not Relux.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Unexpected<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for Unexpected<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::Unexpected
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

/// `${x}` outside of text, which is a mistake.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct BracedReference<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for BracedReference<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::BracedReference
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

/// `$1`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Capture<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for Capture<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::Capture
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

/// `${1}` in text.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct CaptureInterpolation<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for CaptureInterpolation<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::CaptureInterpolation
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

/// `// …` to the end of the line.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Comment<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for Comment<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::Comment
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

/// `"""…"""`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Docstring<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for Docstring<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::Docstring
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

/// The text behind the sigil of a timeout.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Duration<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for Duration<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::Duration
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

/// A backslash and a character.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Escape<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for Escape<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::Escape
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

/// `$$` in text.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct EscapedDollar<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for EscapedDollar<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::EscapedDollar
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

/// A name where it is declared or referred to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Identifier<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for Identifier<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::Identifier
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

/// The path of an import.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct ImportPath<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for ImportPath<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::ImportPath
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

/// A line end inside a string.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct LineBreak<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for LineBreak<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::LineBreak
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

/// The word behind `#`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct MarkerKind<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for MarkerKind<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::MarkerKind
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

/// `if` or `unless`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct MarkerModifier<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for MarkerModifier<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::MarkerModifier
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

/// Stands, without text, where a line should have ended before `}`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct MissingNewline<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for MissingNewline<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::MissingNewline
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

/// Stands, without text, where a string should have been closed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct MissingQuote<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for MissingQuote<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::MissingQuote
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

/// Digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Number<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for Number<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::Number
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

/// The name of a parameter.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Parameter<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for Parameter<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::Parameter
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

/// `${Alias.name}` in text.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct QualifiedInterpolation<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for QualifiedInterpolation<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::QualifiedInterpolation
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

/// The name of a test with its quotes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct TestName<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for TestName<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::TestName
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

/// Plain text in a payload or string.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct TextPiece<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for TextPiece<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::TextPiece
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

/// The first line of a docstring that is never closed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct UnclosedDocstring<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for UnclosedDocstring<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::UnclosedDocstring
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

/// The name of a test without its closing quote.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct UnclosedTestName<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for UnclosedTestName<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::UnclosedTestName
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

/// A name as an expression.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Variable<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for Variable<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::Variable
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

/// `${name}` in text.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct VariableInterpolation<'t>(pub(super) SyntaxNode<'t>);

impl<'t> AstNode<'t> for VariableInterpolation<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        kind == SyntaxKind::VariableInterpolation
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Self::can_cast(node.kind()).then_some(Self(node))
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        self.0
    }
}

/// An expression.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Expression<'t> {
    /// `${x}` outside of text, which is a mistake.
    BracedReference(BracedReference<'t>),
    /// `name(arguments)`.
    Call(Call<'t>),
    /// `$1`.
    Capture(Capture<'t>),
    /// Digits.
    Number(Number<'t>),
    /// `Alias.name` as an expression.
    QualifiedVariable(QualifiedVariable<'t>),
    /// `"…"`.
    StringLiteral(StringLiteral<'t>),
    /// A name as an expression.
    Variable(Variable<'t>),
}

impl<'t> AstNode<'t> for Expression<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        matches!(
            kind,
            SyntaxKind::BracedReference
                | SyntaxKind::Call
                | SyntaxKind::Capture
                | SyntaxKind::Number
                | SyntaxKind::QualifiedVariable
                | SyntaxKind::StringLiteral
                | SyntaxKind::Variable
        )
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Some(match node.kind() {
            SyntaxKind::BracedReference => Self::BracedReference(BracedReference(node)),
            SyntaxKind::Call => Self::Call(Call(node)),
            SyntaxKind::Capture => Self::Capture(Capture(node)),
            SyntaxKind::Number => Self::Number(Number(node)),
            SyntaxKind::QualifiedVariable => Self::QualifiedVariable(QualifiedVariable(node)),
            SyntaxKind::StringLiteral => Self::StringLiteral(StringLiteral(node)),
            SyntaxKind::Variable => Self::Variable(Variable(node)),
            _ => return None,
        })
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        match self {
            Self::BracedReference(it) => it.0,
            Self::Call(it) => it.0,
            Self::Capture(it) => it.0,
            Self::Number(it) => it.0,
            Self::QualifiedVariable(it) => it.0,
            Self::StringLiteral(it) => it.0,
            Self::Variable(it) => it.0,
        }
    }
}

/// A top-level item.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Item<'t> {
    /// `effect Name { … }`.
    Effect(Effect<'t>),
    /// `fn` or `pure fn`.
    Function(Function<'t>),
    /// `import path { names }`.
    Import(Import<'t>),
    /// `test "name" { … }`.
    Test(Test<'t>),
}

impl<'t> AstNode<'t> for Item<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        matches!(
            kind,
            SyntaxKind::Effect | SyntaxKind::Function | SyntaxKind::Import | SyntaxKind::Test
        )
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Some(match node.kind() {
            SyntaxKind::Effect => Self::Effect(Effect(node)),
            SyntaxKind::Function => Self::Function(Function(node)),
            SyntaxKind::Import => Self::Import(Import(node)),
            SyntaxKind::Test => Self::Test(Test(node)),
            _ => return None,
        })
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        match self {
            Self::Effect(it) => it.0,
            Self::Function(it) => it.0,
            Self::Import(it) => it.0,
            Self::Test(it) => it.0,
        }
    }
}

/// A top-level item that defines something and may have markers.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Definition<'t> {
    /// `effect Name { … }`.
    Effect(Effect<'t>),
    /// `fn` or `pure fn`.
    Function(Function<'t>),
    /// `test "name" { … }`.
    Test(Test<'t>),
}

impl<'t> AstNode<'t> for Definition<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        matches!(kind, SyntaxKind::Effect | SyntaxKind::Function | SyntaxKind::Test)
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Some(match node.kind() {
            SyntaxKind::Effect => Self::Effect(Effect(node)),
            SyntaxKind::Function => Self::Function(Function(node)),
            SyntaxKind::Test => Self::Test(Test(node)),
            _ => return None,
        })
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        match self {
            Self::Effect(it) => it.0,
            Self::Function(it) => it.0,
            Self::Test(it) => it.0,
        }
    }
}

/// A statement of a shell, function or cleanup body.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Statement<'t> {
    /// `expr = text` with anything but a plain name on the left.
    AssertEqual(AssertEqual<'t>),
    /// `expr ? regex`.
    AssertRegex(AssertRegex<'t>),
    /// `name := expr`.
    Assign(Assign<'t>),
    /// `name = rest`: an assignment or a comparison, by edition.
    AssignOrAssert(AssignOrAssert<'t>),
    /// An expression on a line of its own.
    ExpressionStatement(ExpressionStatement<'t>),
    /// `!= text`.
    FailLiteral(FailLiteral<'t>),
    /// `!? regex`.
    FailRegex(FailRegex<'t>),
    /// `let name`, `let name = expr` or `let name := expr`.
    Let(Let<'t>),
    /// `<= text` or `<~5s= text`.
    MatchLiteral(MatchLiteral<'t>),
    /// `<? regex` or `<~5s? regex`.
    MatchRegex(MatchRegex<'t>),
    /// `<{ … }`.
    Multimatch(Multimatch<'t>),
    /// `> text`.
    Send(Send<'t>),
    /// `=> text`.
    SendRaw(SendRaw<'t>),
    /// A timeout on a line of its own.
    TimeoutStatement(TimeoutStatement<'t>),
}

impl<'t> AstNode<'t> for Statement<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        matches!(
            kind,
            SyntaxKind::AssertEqual
                | SyntaxKind::AssertRegex
                | SyntaxKind::Assign
                | SyntaxKind::AssignOrAssert
                | SyntaxKind::ExpressionStatement
                | SyntaxKind::FailLiteral
                | SyntaxKind::FailRegex
                | SyntaxKind::Let
                | SyntaxKind::MatchLiteral
                | SyntaxKind::MatchRegex
                | SyntaxKind::Multimatch
                | SyntaxKind::Send
                | SyntaxKind::SendRaw
                | SyntaxKind::TimeoutStatement
        )
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Some(match node.kind() {
            SyntaxKind::AssertEqual => Self::AssertEqual(AssertEqual(node)),
            SyntaxKind::AssertRegex => Self::AssertRegex(AssertRegex(node)),
            SyntaxKind::Assign => Self::Assign(Assign(node)),
            SyntaxKind::AssignOrAssert => Self::AssignOrAssert(AssignOrAssert(node)),
            SyntaxKind::ExpressionStatement => Self::ExpressionStatement(ExpressionStatement(node)),
            SyntaxKind::FailLiteral => Self::FailLiteral(FailLiteral(node)),
            SyntaxKind::FailRegex => Self::FailRegex(FailRegex(node)),
            SyntaxKind::Let => Self::Let(Let(node)),
            SyntaxKind::MatchLiteral => Self::MatchLiteral(MatchLiteral(node)),
            SyntaxKind::MatchRegex => Self::MatchRegex(MatchRegex(node)),
            SyntaxKind::Multimatch => Self::Multimatch(Multimatch(node)),
            SyntaxKind::Send => Self::Send(Send(node)),
            SyntaxKind::SendRaw => Self::SendRaw(SendRaw(node)),
            SyntaxKind::TimeoutStatement => Self::TimeoutStatement(TimeoutStatement(node)),
            _ => return None,
        })
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        match self {
            Self::AssertEqual(it) => it.0,
            Self::AssertRegex(it) => it.0,
            Self::Assign(it) => it.0,
            Self::AssignOrAssert(it) => it.0,
            Self::ExpressionStatement(it) => it.0,
            Self::FailLiteral(it) => it.0,
            Self::FailRegex(it) => it.0,
            Self::Let(it) => it.0,
            Self::MatchLiteral(it) => it.0,
            Self::MatchRegex(it) => it.0,
            Self::Multimatch(it) => it.0,
            Self::Send(it) => it.0,
            Self::SendRaw(it) => it.0,
            Self::TimeoutStatement(it) => it.0,
        }
    }
}

/// What a test or effect body is made of, beside comments.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Section<'t> {
    /// `expr = text` with anything but a plain name on the left.
    AssertEqual(AssertEqual<'t>),
    /// `expr ? regex`.
    AssertRegex(AssertRegex<'t>),
    /// `name = rest`: an assignment or a comparison, by edition.
    AssignOrAssert(AssignOrAssert<'t>),
    /// `cleanup { … }`.
    Cleanup(Cleanup<'t>),
    /// `"""…"""`.
    Docstring(Docstring<'t>),
    /// `expect A, B`.
    Expect(Expect<'t>),
    /// `expose …` in any of its forms.
    Expose(Expose<'t>),
    /// `let name`, `let name = expr` or `let name := expr`.
    Let(Let<'t>),
    /// `shell name { … }`.
    ShellBlock(ShellBlock<'t>),
    /// `start Effect as alias { overlay }`.
    Start(Start<'t>),
}

impl<'t> AstNode<'t> for Section<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        matches!(
            kind,
            SyntaxKind::AssertEqual
                | SyntaxKind::AssertRegex
                | SyntaxKind::AssignOrAssert
                | SyntaxKind::Cleanup
                | SyntaxKind::Docstring
                | SyntaxKind::Expect
                | SyntaxKind::Expose
                | SyntaxKind::Let
                | SyntaxKind::ShellBlock
                | SyntaxKind::Start
        )
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Some(match node.kind() {
            SyntaxKind::AssertEqual => Self::AssertEqual(AssertEqual(node)),
            SyntaxKind::AssertRegex => Self::AssertRegex(AssertRegex(node)),
            SyntaxKind::AssignOrAssert => Self::AssignOrAssert(AssignOrAssert(node)),
            SyntaxKind::Cleanup => Self::Cleanup(Cleanup(node)),
            SyntaxKind::Docstring => Self::Docstring(Docstring(node)),
            SyntaxKind::Expect => Self::Expect(Expect(node)),
            SyntaxKind::Expose => Self::Expose(Expose(node)),
            SyntaxKind::Let => Self::Let(Let(node)),
            SyntaxKind::ShellBlock => Self::ShellBlock(ShellBlock(node)),
            SyntaxKind::Start => Self::Start(Start(node)),
            _ => return None,
        })
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        match self {
            Self::AssertEqual(it) => it.0,
            Self::AssertRegex(it) => it.0,
            Self::AssignOrAssert(it) => it.0,
            Self::Cleanup(it) => it.0,
            Self::Docstring(it) => it.0,
            Self::Expect(it) => it.0,
            Self::Expose(it) => it.0,
            Self::Let(it) => it.0,
            Self::ShellBlock(it) => it.0,
            Self::Start(it) => it.0,
        }
    }
}

/// An item or section with a body in braces.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Block<'t> {
    /// `cleanup { … }`.
    Cleanup(Cleanup<'t>),
    /// `effect Name { … }`.
    Effect(Effect<'t>),
    /// `fn` or `pure fn`.
    Function(Function<'t>),
    /// `shell name { … }`.
    ShellBlock(ShellBlock<'t>),
    /// `test "name" { … }`.
    Test(Test<'t>),
}

impl<'t> AstNode<'t> for Block<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        matches!(
            kind,
            SyntaxKind::Cleanup
                | SyntaxKind::Effect
                | SyntaxKind::Function
                | SyntaxKind::ShellBlock
                | SyntaxKind::Test
        )
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Some(match node.kind() {
            SyntaxKind::Cleanup => Self::Cleanup(Cleanup(node)),
            SyntaxKind::Effect => Self::Effect(Effect(node)),
            SyntaxKind::Function => Self::Function(Function(node)),
            SyntaxKind::ShellBlock => Self::ShellBlock(ShellBlock(node)),
            SyntaxKind::Test => Self::Test(Test(node)),
            _ => return None,
        })
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        match self {
            Self::Cleanup(it) => it.0,
            Self::Effect(it) => it.0,
            Self::Function(it) => it.0,
            Self::ShellBlock(it) => it.0,
            Self::Test(it) => it.0,
        }
    }
}

/// The text behind an operator.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Payload<'t> {
    /// Payload that is literal text: escapes are decoded.
    Literal(Literal<'t>),
    /// Payload that is a regular expression: escapes are kept.
    Regex(Regex<'t>),
}

impl<'t> AstNode<'t> for Payload<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        matches!(kind, SyntaxKind::Literal | SyntaxKind::Regex)
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Some(match node.kind() {
            SyntaxKind::Literal => Self::Literal(Literal(node)),
            SyntaxKind::Regex => Self::Regex(Regex(node)),
            _ => return None,
        })
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        match self {
            Self::Literal(it) => it.0,
            Self::Regex(it) => it.0,
        }
    }
}

/// A piece of a payload or string.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Piece<'t> {
    /// `${1}` in text.
    CaptureInterpolation(CaptureInterpolation<'t>),
    /// A backslash and a character.
    Escape(Escape<'t>),
    /// `$$` in text.
    EscapedDollar(EscapedDollar<'t>),
    /// A line end inside a string.
    LineBreak(LineBreak<'t>),
    /// `${Alias.name}` in text.
    QualifiedInterpolation(QualifiedInterpolation<'t>),
    /// Plain text in a payload or string.
    TextPiece(TextPiece<'t>),
    /// `${name}` in text.
    VariableInterpolation(VariableInterpolation<'t>),
}

impl<'t> AstNode<'t> for Piece<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        matches!(
            kind,
            SyntaxKind::CaptureInterpolation
                | SyntaxKind::Escape
                | SyntaxKind::EscapedDollar
                | SyntaxKind::LineBreak
                | SyntaxKind::QualifiedInterpolation
                | SyntaxKind::TextPiece
                | SyntaxKind::VariableInterpolation
        )
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Some(match node.kind() {
            SyntaxKind::CaptureInterpolation => Self::CaptureInterpolation(CaptureInterpolation(node)),
            SyntaxKind::Escape => Self::Escape(Escape(node)),
            SyntaxKind::EscapedDollar => Self::EscapedDollar(EscapedDollar(node)),
            SyntaxKind::LineBreak => Self::LineBreak(LineBreak(node)),
            SyntaxKind::QualifiedInterpolation => Self::QualifiedInterpolation(QualifiedInterpolation(node)),
            SyntaxKind::TextPiece => Self::TextPiece(TextPiece(node)),
            SyntaxKind::VariableInterpolation => Self::VariableInterpolation(VariableInterpolation(node)),
            _ => return None,
        })
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        match self {
            Self::CaptureInterpolation(it) => it.0,
            Self::Escape(it) => it.0,
            Self::EscapedDollar(it) => it.0,
            Self::LineBreak(it) => it.0,
            Self::QualifiedInterpolation(it) => it.0,
            Self::TextPiece(it) => it.0,
            Self::VariableInterpolation(it) => it.0,
        }
    }
}

/// A pattern line of a multimatch.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum MultimatchPattern<'t> {
    /// `= text` in a multimatch.
    MultimatchLiteral(MultimatchLiteral<'t>),
    /// `? regex` in a multimatch.
    MultimatchRegex(MultimatchRegex<'t>),
}

impl<'t> AstNode<'t> for MultimatchPattern<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        matches!(kind, SyntaxKind::MultimatchLiteral | SyntaxKind::MultimatchRegex)
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Some(match node.kind() {
            SyntaxKind::MultimatchLiteral => Self::MultimatchLiteral(MultimatchLiteral(node)),
            SyntaxKind::MultimatchRegex => Self::MultimatchRegex(MultimatchRegex(node)),
            _ => return None,
        })
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        match self {
            Self::MultimatchLiteral(it) => it.0,
            Self::MultimatchRegex(it) => it.0,
        }
    }
}

/// The name of a shell in a block header or `expose`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ShellName<'t> {
    /// A name where it is declared or referred to.
    Identifier(Identifier<'t>),
    /// `alias.name` where a shell or variable is named.
    QualifiedName(QualifiedName<'t>),
}

impl<'t> AstNode<'t> for ShellName<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        matches!(kind, SyntaxKind::Identifier | SyntaxKind::QualifiedName)
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Some(match node.kind() {
            SyntaxKind::Identifier => Self::Identifier(Identifier(node)),
            SyntaxKind::QualifiedName => Self::QualifiedName(QualifiedName(node)),
            _ => return None,
        })
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        match self {
            Self::Identifier(it) => it.0,
            Self::QualifiedName(it) => it.0,
        }
    }
}

/// The name of a test, closed or not.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum TestTitle<'t> {
    /// The name of a test with its quotes.
    TestName(TestName<'t>),
    /// The name of a test without its closing quote.
    UnclosedTestName(UnclosedTestName<'t>),
}

impl<'t> AstNode<'t> for TestTitle<'t> {
    fn can_cast(kind: SyntaxKind) -> bool {
        matches!(kind, SyntaxKind::TestName | SyntaxKind::UnclosedTestName)
    }
    fn cast(node: SyntaxNode<'t>) -> Option<Self> {
        Some(match node.kind() {
            SyntaxKind::TestName => Self::TestName(TestName(node)),
            SyntaxKind::UnclosedTestName => Self::UnclosedTestName(UnclosedTestName(node)),
            _ => return None,
        })
    }
    fn syntax(&self) -> SyntaxNode<'t> {
        match self {
            Self::TestName(it) => it.0,
            Self::UnclosedTestName(it) => it.0,
        }
    }
}
