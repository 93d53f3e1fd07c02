//! The lowered form of tests that the runner executes.
//!
//! A plan is complete: names are resolved to indexes, editions are decided, payloads are decoded to pieces. The runner
//! never looks at syntax and never asks the model again. Every part that can fail at run time carries its place.

use std::sync::Arc;
use std::time::Duration;

use relux_syntax::TextRange;

use crate::builtins::Builtin;
use crate::reports::{ReportSettings, StoreSettings};

/// Everything that the tests of one run share. Indexes in plans point into it.
#[derive(Debug, Default, Clone)]
pub struct Program {
    /// The files that places refer to.
    pub files: Vec<PlanFile>,
    /// All functions that some test reaches.
    pub functions: Vec<FunctionPlan>,
    /// All effects that some test reaches.
    pub effects: Vec<EffectPlan>,
}

/// A source file that a place can name.
#[derive(Debug, Clone)]
pub struct PlanFile {
    /// Path below the suite root, `/` separators: `relux/tests/db/smoke.relux`.
    pub path: String,
    /// Its text when the plan was made, for failure excerpts.
    pub text: Arc<str>,
}

/// Index into [`Program::files`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);
/// Index into [`Program::functions`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FunctionId(pub u32);
/// Index into [`Program::effects`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EffectId(pub u32);

/// A place in a source file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Loc {
    /// Which file.
    pub file: FileId,
    /// Byte range in it.
    pub range: TextRange,
}

/// One selected test: runnable, or known not to be.
#[derive(Debug, Clone)]
pub enum TestEntry {
    /// It can run.
    Ready(Arc<TestPlan>),
    /// Its module, or one that it reaches, has errors. It is reported as invalid and fails the run.
    Invalid(InvalidTest),
}

/// A test that cannot run because the checker found errors.
#[derive(Debug, Clone)]
pub struct InvalidTest {
    /// Id as in [`TestPlan::id`].
    pub id: String,
    /// Name as written.
    pub name: String,
    /// Path of its file below the suite root.
    pub file: String,
    /// One line per error: `relux/lib/a.relux:3:5: message [code]`.
    pub errors: Vec<String>,
}

/// One test, ready to run.
#[derive(Debug, Clone)]
pub struct TestPlan {
    /// `<file below relux/tests>/<slug>`, unique in the suite, pasteable into `relux run -t`.
    pub id: String,
    /// Name as written between the quotes.
    pub name: String,
    /// Path of the file below the suite root: `relux/tests/db/smoke.relux`.
    pub file: String,
    /// The name in the `test` header.
    pub loc: Loc,
    /// First docstring, dedented.
    pub doc: Option<String>,
    /// Timeout in the header.
    pub timeout: Option<Timeout>,
    /// Own markers first, then those of every reached effect and function, in order of reach.
    pub markers: Vec<Marker>,
    /// The `.env` stack in force for this test's file, deepest wins, values already resolved.
    pub dot_env: Arc<[(String, String)]>,
    /// `let`s and pure matches before the starts: [`StmtKind::Let`] and [`StmtKind::PureMatch`] only.
    pub preamble: Vec<Stmt>,
    /// Effects to start.
    pub starts: Vec<Start>,
    /// Shell blocks in order.
    pub blocks: Vec<ShellBlock>,
    /// The cleanup block.
    pub cleanup: Option<Block>,
}

/// An effect definition.
#[derive(Debug, Clone)]
pub struct EffectPlan {
    /// `Db`.
    pub name: String,
    /// Module id: `lib/service/db`.
    pub module: String,
    /// The name in the `effect` header.
    pub loc: Loc,
    /// Own `expect`s.
    pub expects: Vec<String>,
    /// All variables needed from outside: own expects and the unmet needs of inner starts. The evaluated values of
    /// these in the environment in force are the identity of an instance.
    pub needs: Vec<String>,
    /// `let`s and pure matches.
    pub preamble: Vec<Stmt>,
    /// Inner starts.
    pub starts: Vec<Start>,
    /// What it offers. Already holds the implicit first shell of a 2026-04 effect that exposes nothing.
    pub exposes: Vec<Expose>,
    /// Set-up blocks in order.
    pub blocks: Vec<ShellBlock>,
    /// The cleanup block.
    pub cleanup: Option<Block>,
}

/// A function definition.
#[derive(Debug, Clone)]
pub struct FunctionPlan {
    /// `http_request`.
    pub name: String,
    /// Module id: `lib/api/http`.
    pub module: String,
    /// The name in the `fn` header.
    pub loc: Loc,
    /// Parameter names in order; where a name repeats, the last argument wins.
    pub params: Vec<String>,
    /// `pure fn`.
    pub pure: bool,
    /// Statements; the value of the last one is the result.
    pub body: Vec<Stmt>,
}

/// A `start` declaration.
#[derive(Debug, Clone)]
pub struct Start {
    /// The whole declaration.
    pub loc: Loc,
    /// What is started.
    pub effect: EffectId,
    /// `as` name.
    pub alias: Option<String>,
    /// Keys with their values, a shorthand key being a variable of the same name. Later wins.
    pub overlay: Vec<OverlayEntry>,
    /// Indexes of sibling starts whose exposed variables the overlay reads; these must be up first. Acyclic.
    pub after: Vec<usize>,
}

/// One entry of an overlay.
#[derive(Debug, Clone)]
pub struct OverlayEntry {
    /// Environment name.
    pub key: String,
    /// Pure expression, evaluated in the starter's scope.
    pub value: Expr,
}

/// An `expose` declaration.
#[derive(Debug, Clone)]
pub struct Expose {
    /// Shell or variable.
    pub kind: ExposeKind,
    /// Alias of the inner start it comes from; `None` for an own shell or `let`.
    pub from: Option<String>,
    /// Name of the shell or variable there.
    pub target: String,
    /// Name under which the starter sees it.
    pub name: String,
    /// The target's place.
    pub loc: Loc,
}

/// What an `expose` hands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExposeKind {
    /// A live shell.
    Shell,
    /// The value of an effect-level `let` after set-up.
    Var,
}

/// `shell name { … }` or `shell Alias.name { … }`.
#[derive(Debug, Clone)]
pub struct ShellBlock {
    /// The shell's name in the header, with its qualifier.
    pub loc: Loc,
    /// Which shell.
    pub shell: ShellRef,
    /// Statements.
    pub body: Vec<Stmt>,
}

/// Which shell a block talks to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ShellRef {
    /// A shell of this test or effect, started when first used.
    Own(String),
    /// A shell that a started effect exposes.
    Exposed {
        /// Alias of the start.
        alias: String,
        /// Exposed name.
        name: String,
    },
}

/// A `cleanup` block.
#[derive(Debug, Clone)]
pub struct Block {
    /// The word `cleanup`.
    pub loc: Loc,
    /// Statements.
    pub body: Vec<Stmt>,
}

/// A statement with its place (the statement's own text, without the newline).
#[derive(Debug, Clone)]
pub struct Stmt {
    /// Where.
    pub loc: Loc,
    /// What.
    pub kind: StmtKind,
}

/// What a statement does.
#[derive(Debug, Clone)]
pub enum StmtKind {
    /// `> text`, or `=> text` without the newline.
    Send {
        /// Payload.
        text: Text,
        /// Whether a line feed follows.
        newline: bool,
    },
    /// `<? …`, `<= …` and their timed forms.
    Match {
        /// What to wait for.
        pattern: Pattern,
        /// One-shot timeout.
        timeout: Option<Timeout>,
    },
    /// `<?` or `<=` without payload: forget what has been printed so far.
    Reset,
    /// `<{ … }`: all patterns, in any order.
    MultiMatch {
        /// Patterns with their places; never empty.
        patterns: Vec<(Pattern, Loc)>,
        /// One-shot timeout for all.
        timeout: Option<Timeout>,
    },
    /// `!? …`, `!= …`: fail as soon as this is printed.
    FailPattern(Pattern),
    /// `!?` or `!=` without payload.
    ClearFailPattern,
    /// `~5s` or `@5s` on a line of its own.
    Timeout(Timeout),
    /// `let name` with or without a value.
    Let {
        /// Variable.
        name: String,
        /// Missing means empty.
        value: Option<Expr>,
    },
    /// `name = value` in 2026-04, `name := value` in 2026-08.
    Assign {
        /// Variable; must exist at run time.
        name: String,
        /// New value.
        value: Expr,
    },
    /// `expr = text` or `expr ? regex` of 2026-08: the test fails unless it holds. A regex sets captures.
    PureMatch {
        /// What is looked at.
        subject: Expr,
        /// What it must be.
        pattern: Pattern,
    },
    /// An expression on its own; as the last statement of a function it is the result.
    Expr(Expr),
    /// A comment as the last statement of a function makes the result empty; elsewhere lowering drops comments.
    Nothing,
}

/// A pattern of a match, fail pattern or marker.
#[derive(Debug, Clone)]
pub enum Pattern {
    /// Regular expression source with interpolations, which enter it unescaped.
    Regex(Text),
    /// Exact text.
    Literal(Text),
}

/// Text with interpolations. Escapes are decoded in literal text and kept in regexes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text {
    /// In order; adjacent literal pieces are merged.
    pub pieces: Vec<Piece>,
}

/// A piece of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// As it is.
    Literal(String),
    /// `${name}`; unknown names read as empty.
    Var(String),
    /// `${Alias.name}`, an exposed variable.
    Exposed {
        /// Alias of the start.
        alias: String,
        /// Exposed name.
        name: String,
    },
    /// `${1}`; out of range reads as empty.
    Capture(u32),
}

/// An expression with its place.
#[derive(Debug, Clone)]
pub struct Expr {
    /// Where.
    pub loc: Loc,
    /// What.
    pub kind: ExprKind,
}

/// What an expression is. Every value is a string.
#[derive(Debug, Clone)]
pub enum ExprKind {
    /// `"…"` or a number as written.
    Text(Text),
    /// A variable.
    Var(String),
    /// `Alias.name`.
    Exposed {
        /// Alias of the start.
        alias: String,
        /// Exposed name.
        name: String,
    },
    /// `$1`.
    Capture(u32),
    /// `name(…)`.
    Call {
        /// Resolved.
        callee: Callee,
        /// Evaluated left to right.
        args: Vec<Expr>,
    },
}

/// What a call calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Callee {
    /// A function of the suite.
    Function(FunctionId),
    /// A built-in function.
    Builtin(Builtin),
}

/// How long a wait may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Timeout {
    /// Whether factors scale it.
    pub kind: TimeoutKind,
    /// Before scaling.
    pub duration: Duration,
}

/// The two kinds of timeouts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TimeoutKind {
    /// `~`: scaled by `-m` and by the factor of retries.
    Tolerance,
    /// `@`: a promise about the program; never scaled.
    Assertion,
}

/// `# skip|run|flaky [if|unless condition]`.
#[derive(Debug, Clone)]
pub struct Marker {
    /// The marker line.
    pub loc: Loc,
    /// What it decides.
    pub kind: MarkerKind,
    /// `unless` instead of `if`.
    pub negated: bool,
    /// Missing means always.
    pub condition: Option<Condition>,
    /// `effect Db`, `fn probe` … where it does not stand on the test itself, for the reason shown.
    pub origin: Option<String>,
}

/// What a marker decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarkerKind {
    /// Do not run if it holds.
    Skip,
    /// Run only if it holds.
    Run,
    /// Retry on failure if it holds.
    Flaky,
}

/// The condition of a marker. Expressions are pure and read the environment only.
#[derive(Debug, Clone)]
pub enum Condition {
    /// Holds if the value is not empty.
    NotEmpty(Expr),
    /// Holds if both are equal.
    Equals(Expr, Expr),
    /// Holds if the regex finds something. Not multi-line.
    Matches(Expr, Text),
}

/// The settings of `Relux.toml` that a run needs.
#[derive(Debug, Clone)]
pub struct RunSettings {
    /// `name`, or the name of the suite's directory.
    pub suite_name: String,
    /// Absolute path of the directory of `Relux.toml`.
    pub root: String,
    /// `[shell] command`, split into words; `["/bin/sh"]` if unset.
    pub shell_command: Vec<String>,
    /// `[shell] prompt`; `relux> ` if unset.
    pub prompt: String,
    /// `[shell] term`; `dumb` if unset.
    pub term: String,
    /// `[shell] settle`; 20 ms if unset.
    pub settle: Duration,
    /// `[timeout] match`; 5 s if unset.
    pub match_timeout: Duration,
    /// `[timeout] test`; 5 min if unset.
    pub test_timeout: Duration,
    /// `[timeout] suite`; 10 min if unset.
    pub suite_timeout: Duration,
    /// `[timeout] shell`; 5 s if unset.
    pub shell_timeout: Duration,
    /// `[timeout] cleanup`; 30 s if unset.
    pub cleanup_timeout: Duration,
    /// `[run] jobs`; one if unset.
    pub jobs: Jobs,
    /// `[run] cleanup-failure = "fail"`; a warning if unset.
    pub cleanup_failure_fails: bool,
    /// `[run] leaks = "warn"` makes it false: processes that outlive their test fail it.
    pub leaks_fail: bool,
    /// `[flaky] max_retries`; 0 if unset.
    pub flaky_retries: u32,
    /// `[flaky] timeout_multiplier`; 1.5 if unset.
    pub flaky_multiplier: f64,
    /// `[available_ports]`, inclusive; chosen by the runner if unset.
    pub port_range: Option<(u16, u16)>,
    /// `[report]`.
    pub reports: ReportSettings,
    /// `[store]`.
    pub store: StoreSettings,
}

/// How many tests run at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Jobs {
    /// So many; at least 1.
    Count(usize),
    /// One per processor.
    NumCpus,
    /// As many as there are tests.
    All,
}
