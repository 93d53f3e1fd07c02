//! Writing a known text in one of the places where text stands, so that it means itself there.

/// Where text stands, which decides how it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Between quotes.
    String,
    /// A payload that is text.
    Payload,
    /// A regular expression in which the text is a part of the pattern, not what it looks for.
    Regex,
}

/// The text as it is written in a place, with anything behind it; `None` where it cannot be written.
pub(super) fn written(text: &str, place: Place) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match (c, place) {
            // What follows the text is not known, so a dollar at its end is doubled too.
            ('$', _) if rest.peek().is_none_or(|next| matches!(next, '{' | '$')) => out.push_str("$$"),
            ('\\', Place::Regex) => {
                out.push(c);
                out.push(rest.next()?);
            }
            ('\\', _) => out.push_str("\\\\"),
            ('"', Place::String) => out.push_str("\\\""),
            (c, _) if c.is_control() => out.push_str(escape(c, place)?),
            (c, _) => out.push(c),
        }
    }
    Some(out)
}

/// The regular expression that finds exactly a text; `None` where it cannot be written.
pub(super) fn regex_for(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '.' | '+' | '*' | '?' | '(' | ')' | '|' | '[' | ']' | '{' | '}' | '^' | '$' => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() => out.push_str(escape(c, Place::Regex)?),
            c => out.push(c),
        }
    }
    Some(out)
}

fn escape(c: char, place: Place) -> Option<&'static str> {
    Some(match c {
        '\n' => "\\n",
        '\t' => "\\t",
        '\r' => "\\r",
        '\x07' => "\\a",
        '\x0c' => "\\f",
        '\x0b' => "\\v",
        '\0' if place != Place::Regex => "\\0",
        '\x08' if place != Place::Regex => "\\b",
        '\x1b' if place != Place::Regex => "\\e",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{Place, regex_for, written};

    #[test]
    fn text_is_written_so_that_it_means_itself() {
        for (text, place, expected) in [
            ("a$b", Place::Payload, Some("a$b")),
            ("a${b}", Place::Payload, Some("a$${b}")),
            ("cost$", Place::String, Some("cost$$")),
            ("say \"x\"\\", Place::String, Some("say \\\"x\\\"\\\\")),
            ("say \"x\"\n", Place::Payload, Some("say \"x\"\\n")),
            ("a\\.b+", Place::Regex, Some("a\\.b+")),
            ("a\\", Place::Regex, None),
            ("\x1b", Place::Regex, None),
            ("\x01", Place::String, None),
        ] {
            assert_eq!(written(text, place).as_deref(), expected, "{text:?} in {place:?}");
        }
    }

    #[test]
    fn a_text_becomes_the_expression_that_finds_it() {
        assert_eq!(regex_for("a.b ${c}\t").as_deref(), Some("a\\.b \\$\\{c\\}\\t"));
    }
}
