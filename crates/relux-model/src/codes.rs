//! The registry of diagnostics: every code with its usual severity and its page.
//!
//! Codes are stable: users write them in `// relux: allow(code)` and in `[lints]`. A page says what is reported, why,
//! and how it is mended, with examples that are tests; it is a page of the book and what `relux explain` prints.

use relux_syntax::{Applicability, Code, Severity};

/// A diagnostic that exists.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Its code.
    pub code: Code,
    /// How bad it is; `[lints]` may say otherwise unless it is an error.
    pub severity: Severity,
    /// Who finds it.
    pub kind: Kind,
    /// What a user should know about it, in Markdown: `rules/<code>.md`.
    pub page: &'static str,
}

/// Who finds a diagnostic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Validation: a file alone shows it.
    Syntax,
    /// The model: names, effects, bodies, settings.
    Meaning,
    /// A rule of `lints/`: it runs, but is likely wrong. Judged only in files without errors.
    Lint,
}

impl Rule {
    /// What is reported, in one line with a full stop.
    pub fn summary(&self) -> &'static str {
        self.page.split("\n\n").nth(1).unwrap_or_default()
    }

    /// Whether findings can carry a fix, and how sure the best of them is. The page says so, and its examples prove it.
    pub fn fix(&self) -> Option<Applicability> {
        let by = self.page.split("\n\n").nth(2).unwrap_or_default();
        if by.contains("--unsafe") {
            Some(Applicability::Unsafe)
        } else {
            by.contains("--fix").then_some(Applicability::Safe)
        }
    }
}

macro_rules! page {
    ($code:literal) => {
        include_str!(concat!("rules/", $code, ".md"))
    };
}

macro_rules! rules {
    (
        meaning { $($name:ident = $code:literal, $severity:ident;)* }
        lints { $($lint:ident = $lint_code:literal, $lint_severity:ident;)* }
        syntax { $($syntax:literal)* }
    ) => {
        $(
            #[doc = concat!("`", $code, "`")]
            pub const $name: Code = Code::new($code);
        )*
        $(
            #[doc = concat!("`", $lint_code, "`")]
            pub const $lint: Code = Code::new($lint_code);
        )*
        /// All diagnostics: the model's in groups, then lints, then those of syntax.
        pub const RULES: &[Rule] = &[
            $(Rule { code: $name, severity: Severity::$severity, kind: Kind::Meaning, page: page!($code) },)*
            $(Rule { code: $lint, severity: Severity::$lint_severity, kind: Kind::Lint, page: page!($lint_code) },)*
            $(Rule { code: Code::new($syntax), severity: Severity::Error, kind: Kind::Syntax, page: page!($syntax) },)*
        ];
    };
}

rules! {
    meaning {
        // Files and configuration.
        INVALID_UTF8 = "invalid-utf8", Error;
        UNREADABLE_FILE = "unreadable-file", Error;
        INVALID_MANIFEST = "invalid-manifest", Error;
        UNKNOWN_MANIFEST_KEY = "unknown-manifest-key", Warning;
        INVALID_ENV_FILE = "invalid-env-file", Error;
        CANNOT_BE_ALLOWED = "cannot-be-allowed", Warning;
        RESERVED_ENV_NAME = "reserved-env-name", Warning;

        // Imports and names.
        UNRESOLVED_IMPORT = "unresolved-import", Error;
        UNRESOLVED_NAME_IN_IMPORT = "unresolved-name-in-import", Error;
        NAME_CONFLICT = "name-conflict", Error;
        UNRESOLVED_FUNCTION = "unresolved-function", Error;
        UNRESOLVED_EFFECT = "unresolved-effect", Error;
        UNRESOLVED_ALIAS = "unresolved-alias", Error;
        UNRESOLVED_SHELL = "unresolved-shell", Error;
        UNRESOLVED_EXPOSED_VARIABLE = "unresolved-exposed-variable", Error;
        INVALID_EXPOSE = "invalid-expose", Error;
        DUPLICATE_PARAMETER = "duplicate-parameter", Error;
        DUPLICATE_TEST_NAME = "duplicate-test-name", Error;
        EMPTY_TEST = "empty-test", Error;

        // Effects.
        MISSING_EXPECT = "missing-expect", Error;
        EFFECT_CYCLE = "effect-cycle", Error;
        OVERLAY_CYCLE = "overlay-cycle", Error;
        DUPLICATE_ALIAS = "duplicate-alias", Error;
        DUPLICATE_OVERLAY_KEY = "duplicate-overlay-key", Error;
        EXPECT_FROM_HOST_ENVIRONMENT = "expect-from-host-environment", Info;

        // Editions.
        MIXED_EDITIONS = "mixed-editions", Info;
        AMBIGUOUS_EDITION = "ambiguous-edition", Info;

        // Bodies.
        IMPURE_CALL_IN_PURE_CONTEXT = "impure-call-in-pure-context", Error;
        FUNCTION_CYCLE = "function-cycle", Error;
        ASSIGN_UNDECLARED = "assign-undeclared", Error;
        ASSIGN_READ_ONLY = "assign-read-only", Error;
        INVALID_REGEX = "invalid-regex", Error;
        INVALID_BUILTIN_ARGUMENT = "invalid-builtin-argument", Error;
    }

    lints {
        CONSTANT_MARKER = "constant-marker", Warning;
        DEAD_DEFINITION = "dead-definition", Warning;
        DUPLICATE_EXPOSE = "duplicate-expose", Warning;
        DUPLICATE_START = "duplicate-start", Hint;
        EFFECT_VARIABLE_IN_QUALIFIED_BLOCK = "effect-variable-in-qualified-block", Warning;
        HARD_CODED_PORT = "hard-coded-port", Info;
        INHERITED_EXPECT_NOT_DECLARED = "inherited-expect-not-declared", Info;
        MARKER_VARIABLE_NEVER_SET = "marker-variable-never-set", Warning;
        OVERLAY_KEY_NOT_EXPECTED = "overlay-key-not-expected", Warning;
        SHADOWED_BUILTIN = "shadowed-builtin", Warning;
        SHARED_PATH = "shared-path", Info;
        START_SHADOWS = "start-shadows", Info;
        TEST_IN_LIBRARY = "test-in-library", Info;
        UNSET_IN_CLEANUP = "unset-in-cleanup", Warning;
        UNUSED_ALIAS = "unused-alias", Hint;
        UNUSED_ALLOW = "unused-allow", Warning;
        UNUSED_EXPECT = "unused-expect", Hint;
        VARIABLE_OUT_OF_REACH = "variable-out-of-reach", Warning;

        UNUSED_IMPORT = "unused-import", Warning;
        UNUSED_VARIABLE = "unused-variable", Warning;
        UNDEFINED_VARIABLE = "undefined-variable", Warning;
        UNUSED_PARAMETER = "unused-parameter", Hint;
        UNUSED_FUNCTION = "unused-function", Hint;
        UNUSED_EFFECT = "unused-effect", Hint;

        // In shells.
        CAPTURE_OUT_OF_RANGE = "capture-out-of-range", Warning;
        CAPTURE_BEFORE_MATCH = "capture-before-match", Warning;
        DOLLAR_DIGIT_IN_TEXT = "dollar-digit-in-text", Warning;
        EMPTY_MATCHING_REGEX = "empty-matching-regex", Warning;
        IMPOSSIBLE_REGEX = "impossible-regex", Warning;
        NAMED_GROUP = "named-group", Info;
        MATCH_ECHO = "match-echo", Warning;
        MATCH_WITHOUT_SEND = "match-without-send", Info;
        PROMPT_MATCHED_TWICE = "prompt-matched-twice", Warning;
        FAIL_PATTERN_MATCHES_EXPECTED = "fail-pattern-matches-expected", Warning;
        FAIL_PATTERN_AFTER_SEND = "fail-pattern-after-send", Hint;
        UNSYNCHRONISED_SEND = "unsynchronised-send", Info;
        UNCHECKED_LAST_SEND = "unchecked-last-send", Info;
        MALFORMED_INTERPOLATION = "malformed-interpolation", Warning;
        LITERAL_QUALIFIED_VARIABLE = "literal-qualified-variable", Warning;
        OPERATOR_IN_PAYLOAD = "operator-in-payload", Warning;
        BLANK_PAYLOAD = "blank-payload", Warning;
        UNUSED_VALUE = "unused-value", Warning;
        TIMEOUT_LONGER_THAN_TEST = "timeout-longer-than-test", Warning;
        EMPTY_VALUE = "empty-value", Warning;
    }

    syntax {
        "empty-multimatch"
        "incomplete-operator"
        "invalid-capture"
        "invalid-duration"
        "invalid-import-path"
        "invalid-marker"
        "invalid-name"
        "invalid-value"
        "keyword-as-name"
        "merge-conflict"
        "misplaced-blank"
        "misplaced-brace"
        "misplaced-comma"
        "misplaced-comment"
        "misplaced-docstring"
        "misplaced-item"
        "misplaced-marker"
        "misplaced-pattern"
        "misplaced-section"
        "misplaced-statement"
        "missing-brace"
        "missing-keyword"
        "missing-name"
        "missing-newline"
        "missing-parenthesis"
        "missing-quote"
        "missing-value"
        "nesting-too-deep"
        "odd-character"
        "stray-brace"
        "trailing-comment"
        "unexpected-text"
        "unknown-escape"
        "unknown-word"
        "wrong-operator"
    }
}

/// The rule of a code.
pub fn rule(code: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.code.as_str() == code)
}

/// All codes, which `[lints]` and `allow(…)` may name.
pub fn all() -> impl Iterator<Item = &'static str> {
    RULES.iter().map(|rule| rule.code.as_str())
}

/// Whether findings of this code are errors whatever a suite says: a run would fail or lie.
pub fn is_always_error(code: &str) -> bool {
    rule(code).is_some_and(|rule| rule.severity == Severity::Error)
}

/// Whether a file alone shows it: an error of form.
pub fn is_syntax(code: &str) -> bool {
    rule(code).is_some_and(|rule| rule.kind == Kind::Syntax)
}
