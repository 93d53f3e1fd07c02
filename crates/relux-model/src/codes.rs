//! The registry of the model's diagnostics: every code with its usual severity and one line for lists and the book.
//!
//! Codes are stable: users write them in `// relux: allow(code)` and in `[lints]`. Syntax errors have their own
//! registry in relux-syntax.

use relux_syntax::{Code, Severity};

/// A diagnostic that exists.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Its code.
    pub code: Code,
    /// How bad it is unless `[lints]` says otherwise.
    pub severity: Severity,
    /// One line, without a full stop.
    pub summary: &'static str,
}

macro_rules! rules {
    ($($name:ident = $code:literal, $severity:ident, $summary:literal;)*) => {
        $(
            #[doc = $summary]
            pub const $name: Code = Code::new($code);
        )*
        /// All diagnostics of the model.
        pub const RULES: &[Rule] = &[
            $(Rule { code: $name, severity: Severity::$severity, summary: $summary },)*
        ];
    };
}

rules! {
    // Files and configuration.
    INVALID_UTF8 = "invalid-utf8", Error, "A file is not UTF-8";
    UNREADABLE_FILE = "unreadable-file", Error, "A file cannot be read";
    INVALID_MANIFEST = "invalid-manifest", Error, "Relux.toml holds a value that cannot be used";
    UNKNOWN_MANIFEST_KEY = "unknown-manifest-key", Warning, "Relux.toml holds a key that means nothing";
    INVALID_ENV_FILE = "invalid-env-file", Error, "A line of a .env file cannot be read";
    RESERVED_ENV_NAME = "reserved-env-name", Warning, "A .env file sets a name that the runner sets itself";

    // Imports and names.
    UNRESOLVED_IMPORT = "unresolved-import", Error, "An import names a module that does not exist";
    UNRESOLVED_NAME_IN_IMPORT = "unresolved-name-in-import", Error, "An import lists a name that the module does not export";
    NAME_CONFLICT = "name-conflict", Error, "Two definitions or imports bring the same name into a module";
    UNRESOLVED_FUNCTION = "unresolved-function", Error, "A call names a function that is not in scope";
    UNRESOLVED_EFFECT = "unresolved-effect", Error, "A start names an effect that is not in scope";
    UNRESOLVED_ALIAS = "unresolved-alias", Error, "A qualified name uses an alias that no start has";
    UNRESOLVED_SHELL = "unresolved-shell", Error, "A qualified shell block names a shell that the effect does not expose";
    UNRESOLVED_EXPOSED_VARIABLE = "unresolved-exposed-variable", Error, "A qualified name reads a variable that the effect does not expose";
    INVALID_EXPOSE = "invalid-expose", Error, "An expose names something that the effect does not have";
    DUPLICATE_PARAMETER = "duplicate-parameter", Error, "A function has two parameters of one name";
    DUPLICATE_TEST_NAME = "duplicate-test-name", Error, "Two tests of a file have the same name or the same slug";
    EMPTY_TEST = "empty-test", Error, "A test has no shell block with a statement in it";
    INVALID_MARKER = "invalid-marker", Error, "A condition marker cannot be evaluated";
    INVALID_DURATION = "invalid-duration", Error, "A duration cannot be read";

    // Effects.
    MISSING_EXPECT = "missing-expect", Error, "A start does not supply a variable that the effect needs";
    EFFECT_CYCLE = "effect-cycle", Error, "An effect starts itself, directly or through others";
    OVERLAY_CYCLE = "overlay-cycle", Error, "Overlays of sibling starts read each other in a circle";
    DUPLICATE_ALIAS = "duplicate-alias", Error, "Two starts of one body have the same alias";
    DUPLICATE_OVERLAY_KEY = "duplicate-overlay-key", Error, "An overlay sets a name twice";
    EXPECT_FROM_HOST_ENVIRONMENT = "expect-from-host-environment", Info, "A needed variable is supplied by this machine's environment only";
    OVERLAY_KEY_NOT_EXPECTED = "overlay-key-not-expected", Warning, "An overlay sets a name that nothing below expects";
    INHERITED_EXPECT_NOT_DECLARED = "inherited-expect-not-declared", Warning, "An effect relies on a variable that it does not declare";
    UNUSED_EXPECT = "unused-expect", Warning, "An expected variable is never used";

    // Editions.
    MIXED_EDITIONS = "mixed-editions", Info, "A file holds forms of both editions";
    AMBIGUOUS_EDITION = "ambiguous-edition", Info, "A statement means something else in each edition, and nothing tells which is meant";

    // Bodies.
    IMPURE_CALL_IN_PURE_CONTEXT = "impure-call-in-pure-context", Error, "A pure context does what needs a shell";
    FUNCTION_CYCLE = "function-cycle", Error, "A function calls itself, directly or through others";
    ASSIGN_UNDECLARED = "assign-undeclared", Error, "An assignment names a variable that was never declared";
    ASSIGN_READ_ONLY = "assign-read-only", Error, "An assignment names a variable of the environment";
    INVALID_REGEX = "invalid-regex", Error, "A regular expression cannot be compiled";
    INVALID_BUILTIN_ARGUMENT = "invalid-builtin-argument", Error, "An argument of a built-in function cannot be used";

    // Lints.
    UNUSED_IMPORT = "unused-import", Warning, "An import brings nothing that is used";
    UNUSED_VARIABLE = "unused-variable", Warning, "A variable is never read";
    UNUSED_PARAMETER = "unused-parameter", Hint, "A parameter is never read";
    UNUSED_FUNCTION = "unused-function", Hint, "A function is never called in the suite";
    UNUSED_EFFECT = "unused-effect", Hint, "An effect is never started in the suite";
    UNUSED_ALIAS = "unused-alias", Hint, "An alias is never used";
    UNDEFINED_VARIABLE = "undefined-variable", Warning, "A variable is read that nothing sets";
    VARIABLE_OUT_OF_REACH = "variable-out-of-reach", Warning, "A function reads a variable that only its callers have";
    HARD_CODED_PORT = "hard-coded-port", Warning, "A literal port collides when tests run in parallel";
    SHARED_PATH = "shared-path", Warning, "A literal temporary path is shared by every test";
    CAPTURE_OUT_OF_RANGE = "capture-out-of-range", Warning, "A capture is read that the last regex does not have";
    DOLLAR_DIGIT_IN_TEXT = "dollar-digit-in-text", Warning, "A $1 in text is not a capture";
    MALFORMED_INTERPOLATION = "malformed-interpolation", Warning, "An interpolation is taken literally";
    EMPTY_MATCHING_REGEX = "empty-matching-regex", Warning, "A regular expression matches nothing at all and succeeds at once";
    MATCH_ECHO = "match-echo", Warning, "A pattern matches the echo of the command just sent";
    UNSYNCHRONISED_SEND = "unsynchronised-send", Warning, "A command is sent before the one before it is known to be done";
    FAIL_PATTERN_AFTER_SEND = "fail-pattern-after-send", Warning, "A fail pattern is set after the command that it should watch";
    MATCH_WITHOUT_SEND = "match-without-send", Warning, "A match waits for output of a shell that was sent nothing";
    DEAD_DEFINITION = "dead-definition", Warning, "A definition is hidden by an earlier one";
    SHADOWED_BUILTIN = "shadowed-builtin", Warning, "A function hides a built-in one";
    CONSTANT_MARKER = "constant-marker", Warning, "The condition of a marker is always the same";
    MARKER_VARIABLE_NEVER_SET = "marker-variable-never-set", Warning, "A marker reads a variable that markers cannot see";
    UNCHECKED_LAST_SEND = "unchecked-last-send", Hint, "The result of the last command of a block is never looked at";
}

/// The rule of a code, among the model's.
pub fn rule(code: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.code.as_str() == code)
}

/// All codes that `[lints]` and `allow(…)` may name.
pub fn all() -> impl Iterator<Item = &'static str> {
    RULES.iter().map(|rule| rule.code.as_str())
}

/// Whether a diagnostic of this code exists.
pub fn is_known(code: &str) -> bool {
    all().any(|known| known == code)
}
