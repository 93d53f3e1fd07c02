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
    /// How bad it is; `[lints]` may say otherwise unless it is an error.
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
    CANNOT_BE_ALLOWED = "cannot-be-allowed", Warning, "An error is allowed or made less, which changes nothing: a run would fail all the same";
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
    INVALID_DURATION = "invalid-duration", Error, "A duration cannot be read";

    // Effects.
    MISSING_EXPECT = "missing-expect", Error, "A start does not supply a variable that the effect needs";
    EFFECT_CYCLE = "effect-cycle", Error, "An effect starts itself, directly or through others";
    OVERLAY_CYCLE = "overlay-cycle", Error, "Overlays of sibling starts read each other in a circle";
    DUPLICATE_ALIAS = "duplicate-alias", Error, "Two starts of one body have the same alias";
    DUPLICATE_OVERLAY_KEY = "duplicate-overlay-key", Error, "An overlay sets a name twice";
    EXPECT_FROM_HOST_ENVIRONMENT = "expect-from-host-environment", Info, "A needed variable is supplied by this machine's environment only";

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

    // What runs but is likely wrong.
    UNUSED_IMPORT = "unused-import", Warning, "Nothing that an import brings is used";
    UNUSED_VARIABLE = "unused-variable", Warning, "Nothing reads a variable";
    UNDEFINED_VARIABLE = "undefined-variable", Warning, "A variable is read that nothing sets, so it is empty";
    UNUSED_PARAMETER = "unused-parameter", Hint, "A function does not read a parameter";
    UNUSED_FUNCTION = "unused-function", Hint, "Nothing in the suite calls a function";
    UNUSED_EFFECT = "unused-effect", Hint, "Nothing in the suite starts an effect";
}

/// The rule of a code, among the model's.
pub fn rule(code: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.code.as_str() == code)
}

/// All codes that `[lints]` and `allow(…)` may name.
pub fn all() -> impl Iterator<Item = &'static str> {
    RULES.iter().map(|rule| rule.code.as_str())
}

/// Whether a diagnostic of this code exists, in the model or among the syntax errors.
pub fn is_known(code: &str) -> bool {
    rule(code).is_some() || is_syntax(code)
}

/// Whether findings of this code are errors whatever a suite says: a run would fail or lie.
pub fn is_always_error(code: &str) -> bool {
    rule(code).map_or_else(|| is_syntax(code), |rule| rule.severity == Severity::Error)
}

fn is_syntax(code: &str) -> bool {
    relux_syntax::validation::codes::ALL
        .iter()
        .any(|(known, _)| known.as_str() == code)
}
