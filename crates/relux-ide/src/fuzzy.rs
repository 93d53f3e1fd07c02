//! How well a name matches the letters that somebody has typed: the one measure of search and completion.
//!
//! It asks for all letters in order and for nothing else, as the clients do that filter again.

/// How well a name matches: letters at the beginning of words and letters in a row count more. `None` unless all letters
/// of the query are in the name, in order. Case matters only where the query has capitals that fit.
pub(crate) fn score(name: &str, query: &[char]) -> Option<u32> {
    let mut wanted = query.iter().peekable();
    let (mut score, mut row, mut before) = (0, 0, None);
    for (at, c) in name.chars().enumerate() {
        let Some(&&next) = wanted.peek() else { break };
        if c.to_lowercase().eq(next.to_lowercase()) {
            wanted.next();
            row += 1;
            score += row;
            score += if at == 0 { 8 } else { 0 };
            score += if begins_word(before, c) { 4 } else { 0 };
            score += u32::from(c == next);
        } else {
            row = 0;
        }
        before = Some(c);
    }
    let is_whole = name.chars().count() == query.len();
    wanted
        .peek()
        .is_none()
        .then_some(score + if is_whole { 16 } else { 0 })
}

fn begins_word(before: Option<char>, c: char) -> bool {
    match before {
        None => true,
        Some(before) => !before.is_alphanumeric() || (before.is_lowercase() && c.is_uppercase()),
    }
}
