//! `edition = "…"` in `Relux.toml`, with everything else in it as it was.

use toml_edit::{DocumentMut, Item, Value};

use crate::edition::Edition;

const KEY: &str = "edition";

/// The manifest with this edition; `None` if it is no TOML.
pub fn with_edition(text: &str, edition: Edition) -> Option<String> {
    let mut document: DocumentMut = text.parse().ok()?;
    let mut new = Value::from(edition.as_str());
    if let Some(Item::Value(old)) = document.get_mut(KEY) {
        if old.as_str() == Some(edition.as_str()) {
            return Some(text.to_owned());
        }
        *new.decor_mut() = old.decor().clone();
        *old = new;
        return Some(document.to_string());
    }
    if document.iter().any(|(_, item)| item.is_value()) {
        document.insert(KEY, Item::Value(new));
        return Some(document.to_string());
    }
    // Without any key of its own the document begins with the comments of its first table; those that an empty line
    // keeps apart from it are about the file.
    let newline = crate::fixes::newline(text);
    let (about, rest) = text.split_at(end_of_head(text));
    let gap = if about.is_empty() || about.ends_with("\n\n") || about.ends_with("\n\r\n") {
        ""
    } else {
        newline
    };
    let below = if rest.trim().is_empty() { "" } else { newline };
    Some(format!("{about}{gap}{KEY} = \"{edition}\"{newline}{below}{rest}"))
}

/// Where the comments end with which a file begins, if an empty line follows them or nothing but comments is there.
fn end_of_head(text: &str) -> usize {
    let (mut at, mut head) = (0, 0);
    for line in text.split_inclusive('\n') {
        match line.trim() {
            "" => head = at + line.len(),
            comment if comment.starts_with('#') => {}
            _ => return head,
        }
        at += line.len();
    }
    if text.ends_with('\n') { at } else { head }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn becomes(before: &str, after: &str) {
        assert_eq!(with_edition(before, Edition::E2026_08).as_deref(), Some(after));
        assert_eq!(with_edition(after, Edition::E2026_08).as_deref(), Some(after));
    }

    #[test]
    fn the_value_is_replaced_where_it_stands() {
        becomes(
            "# a\nname = \"x\"\nedition   =  '2026-04' # why\n\n[run] # b\njobs = 4\n",
            "# a\nname = \"x\"\nedition   =  \"2026-08\" # why\n\n[run] # b\njobs = 4\n",
        );
    }

    #[test]
    fn a_missing_key_follows_the_others() {
        becomes(
            "# a\nname = \"x\" # b\n\n# c\n[run]\njobs = 4\n",
            "# a\nname = \"x\" # b\nedition = \"2026-08\"\n\n# c\n[run]\njobs = 4\n",
        );
    }

    #[test]
    fn without_keys_it_stands_before_the_tables() {
        becomes("", "edition = \"2026-08\"\n");
        becomes("# about\n", "# about\n\nedition = \"2026-08\"\n");
        becomes(
            "# run\n[run]\njobs = 4\n",
            "edition = \"2026-08\"\n\n# run\n[run]\njobs = 4\n",
        );
        becomes(
            "# about\n\n# run\n[run]\njobs = 4\n",
            "# about\n\nedition = \"2026-08\"\n\n# run\n[run]\njobs = 4\n",
        );
        becomes(
            "[run]\r\njobs = 4\r\n",
            "edition = \"2026-08\"\r\n\r\n[run]\r\njobs = 4\r\n",
        );
    }

    #[test]
    fn what_is_no_toml_is_left_alone() {
        assert_eq!(with_edition("[run", Edition::E2026_08), None);
    }
}
