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

/// The candidate that differs from `word` by at most two typing mistakes, if one is near enough.
pub fn nearest<'a>(word: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let limit = if word.chars().count() <= 3 { 1 } else { 2 };
    candidates
        .iter()
        .map(|it| (distance(&word.to_ascii_lowercase(), it), *it))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, it)| it)
}

/// Number of insertions, deletions, replacements and swaps of neighbours between two words.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().take(32).collect();
    let b: Vec<char> = b.chars().take(32).collect();
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replace = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replace.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
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

    #[test]
    fn nearest_word_is_found_or_not() {
        assert_eq!(nearest("tets", KEYWORDS), Some("test"));
        assert_eq!(nearest("efect", KEYWORDS), Some("effect"));
        assert_eq!(nearest("def", KEYWORDS), None);
        assert_eq!(nearest("fm", KEYWORDS), Some("fn"));
    }
}
