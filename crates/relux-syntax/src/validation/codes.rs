//! Every code that validation reports, with one line about each: the source of the book's pages.
//!
//! A code never changes its name; a rule that is split gets a new code for one half.

use crate::Code;

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal;)+) => {
        $($(#[doc = $doc])+ pub const $name: Code = Code::new($code);)+

        /// All codes of validation with a one-line description each, in alphabetical order.
        pub const ALL: &[(Code, &str)] = &[$(($name, concat!($($doc),+))),+];
    };
}

codes! {
    /// A multimatch needs at least one pattern line.
    EMPTY_MULTIMATCH = "empty-multimatch";
    /// An operator is only half there.
    INCOMPLETE_OPERATOR = "incomplete-operator";
    /// A capture index is larger than any regular expression has groups.
    INVALID_CAPTURE = "invalid-capture";
    /// A timeout has a duration that is none.
    INVALID_DURATION = "invalid-duration";
    /// An import path is not made of names joined by slashes.
    INVALID_IMPORT_PATH = "invalid-import-path";
    /// A marker is not `skip`, `run` or `flaky` with an optional condition.
    INVALID_MARKER = "invalid-marker";
    /// A name is not written as its kind wants it.
    INVALID_NAME = "invalid-name";
    /// Something that is no number, string, call or name stands where a value belongs.
    INVALID_VALUE = "invalid-value";
    /// A keyword stands where a name belongs.
    KEYWORD_AS_NAME = "keyword-as-name";
    /// Two versions of a text are left of a merge.
    MERGE_CONFLICT = "merge-conflict";
    /// A blank stands where none may be.
    MISPLACED_BLANK = "misplaced-blank";
    /// An opening brace stands on a line of its own.
    MISPLACED_BRACE = "misplaced-brace";
    /// A comma is missing, or stands where none may be.
    MISPLACED_COMMA = "misplaced-comma";
    /// A comment stands where none may be.
    MISPLACED_COMMENT = "misplaced-comment";
    /// A docstring stands elsewhere than at the beginning of a test.
    MISPLACED_DOCSTRING = "misplaced-docstring";
    /// An item stands inside of another item, or a section outside of one.
    MISPLACED_ITEM = "misplaced-item";
    /// A marker does not stand above a function, effect or test.
    MISPLACED_MARKER = "misplaced-marker";
    /// A pattern line stands outside of a multimatch.
    MISPLACED_PATTERN = "misplaced-pattern";
    /// The sections of a test or effect are not in their order.
    MISPLACED_SECTION = "misplaced-section";
    /// A statement stands where its kind is not allowed.
    MISPLACED_STATEMENT = "misplaced-statement";
    /// A brace that should be there is not.
    MISSING_BRACE = "missing-brace";
    /// A keyword that should be there is not.
    MISSING_KEYWORD = "missing-keyword";
    /// A name that should be there is not.
    MISSING_NAME = "missing-name";
    /// A line should have ended.
    MISSING_NEWLINE = "missing-newline";
    /// A function has no parameter list, or a list is not closed.
    MISSING_PARENTHESIS = "missing-parenthesis";
    /// A string, test name or docstring is not closed.
    MISSING_QUOTE = "missing-quote";
    /// A value that should be there is not.
    MISSING_VALUE = "missing-value";
    /// Calls are nested too deeply.
    NESTING_TOO_DEEP = "nesting-too-deep";
    /// A character looks like another one, or is not seen at all.
    ODD_CHARACTER = "odd-character";
    /// A brace opens or closes nothing.
    STRAY_BRACE = "stray-brace";
    /// A comment stands behind code.
    TRAILING_COMMENT = "trailing-comment";
    /// Text stands where the line should have ended.
    UNEXPECTED_TEXT = "unexpected-text";
    /// A backslash stands before a character that is no escape of literal text.
    UNKNOWN_ESCAPE = "unknown-escape";
    /// A line begins with a word that begins nothing there.
    UNKNOWN_WORD = "unknown-word";
    /// An operator of another language, or of another place.
    WRONG_OPERATOR = "wrong-operator";
}

#[cfg(test)]
mod tests {
    use super::ALL;

    #[test]
    fn codes_are_sorted_kebab_case_and_described() {
        assert!(ALL.is_sorted_by_key(|(code, _)| code.as_str()));
        for (code, description) in ALL {
            let word = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_lowercase());
            assert!(code.as_str().split('-').all(word), "{code}");
            assert!(description.trim().ends_with('.'), "{code}");
        }
    }
}
