//! Words: keywords, and which names the language takes where.
//!
//! The grammar takes any word as a name; these predicates say what is right.

/// Reserved in both editions, in the order of the language reference.
pub const KEYWORDS: &[&str] = &[
    "fn", "pure", "effect", "test", "shell", "let", "start", "expect", "expose", "import", "cleanup", "as",
];

/// Reserved in edition 2026-08 only.
pub const KEYWORD_VAR: &str = "var";

/// Whether the word is reserved in both editions or in 2026-08.
pub fn is_keyword(word: &str) -> bool {
    word == KEYWORD_VAR || KEYWORDS.contains(&word)
}

/// A variable, parameter, overlay key or environment name: letters, digits and `_`, no digit first.
pub fn is_variable(word: &str) -> bool {
    let first = word.as_bytes().first();
    first.is_some_and(|it| it.is_ascii_alphabetic() || *it == b'_')
        && word.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_')
}

/// A function or shell name: like a variable, in lower case.
pub fn is_snake(word: &str) -> bool {
    is_variable(word) && !word.bytes().any(|it| it.is_ascii_uppercase())
}

/// An effect name: like a variable, beginning with a capital.
pub fn is_camel(word: &str) -> bool {
    is_variable(word) && word.as_bytes()[0].is_ascii_uppercase()
}

/// `word` as a function is named: `HttpGet` → `http_get`.
pub fn to_snake(word: &str) -> String {
    let mut out = String::with_capacity(word.len() + 4);
    let mut after_lower = false;
    for c in word.chars() {
        if c.is_ascii_uppercase() && after_lower {
            out.push('_');
        }
        after_lower = c.is_ascii_lowercase() || c.is_ascii_digit();
        out.push(if c == '-' { '_' } else { c.to_ascii_lowercase() });
    }
    out
}

/// `word` as an effect is named: `my_db` → `MyDb`.
pub fn to_camel(word: &str) -> String {
    word.split(['_', '-'])
        .filter(|it| !it.is_empty())
        .map(|part| {
            let mut chars = part.chars();
            let first = chars.next().map(|it| it.to_ascii_uppercase());
            first.into_iter().chain(chars).collect::<String>()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_ascii() {
        assert!(is_variable("_x1") && is_variable("DB") && !is_variable("1x") && !is_variable("naïve"));
        assert!(is_snake("a_1") && !is_snake("aB") && !is_snake(""));
        assert!(is_camel("DB") && is_camel("My_Db") && !is_camel("db") && !is_camel("_Db"));
    }

    #[test]
    fn words_change_case() {
        assert_eq!(to_snake("HttpGet2X"), "http_get2_x");
        assert_eq!(to_camel("my_db"), "MyDb");
    }
}
