//! Characters that look like others: quotes of word processors, blanks that are none, marks that nobody sees.
//!
//! They come with text that is pasted. A message about the rule that they break would puzzle, because the line looks right.

use super::codes;
use crate::{Diagnostic, Fix, TextRange};

/// What a character is called, and what was meant.
fn meant(it: char) -> Option<(&'static str, &'static str)> {
    Some(match it {
        '\u{a0}' | '\u{2007}' | '\u{202f}' => ("a no-break space", " "),
        '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{205f}' | '\u{3000}' => ("a typographic space", " "),
        '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}' => ("an invisible character", ""),
        '“' | '”' | '„' | '‟' | '«' | '»' | '＂' | '‘' | '’' | '‚' | '‛' => {
            ("a typographic quote", "\"")
        }
        '｛' => ("a full-width brace", "{"),
        '｝' => ("a full-width brace", "}"),
        '（' => ("a full-width parenthesis", "("),
        '）' => ("a full-width parenthesis", ")"),
        '＝' => ("a full-width sign", "="),
        '，' => ("a full-width comma", ","),
        '：' => ("a full-width colon", ":"),
        '＞' => ("a full-width sign", ">"),
        '＜' => ("a full-width sign", "<"),
        '？' => ("a full-width sign", "?"),
        '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}' => ("a control character", ""),
        _ => return None,
    })
}

/// The finding about the first such character of a text, which begins at `start`; the fix replaces all of them.
pub(super) fn find(text: &str, start: u32) -> Option<Diagnostic> {
    // Nearly all text is of this kind, and is asked for often.
    if text
        .bytes()
        .all(|it| matches!(it, b' '..=b'~' | b'\t' | b'\n' | b'\r'))
    {
        return None;
    }
    let (_, first) = text.char_indices().find(|(_, it)| meant(*it).is_some())?;
    let (what, instead) = meant(first)?;
    let place = |at: usize, it: char| {
        let at = start as usize + at;
        TextRange::from(at..at + it.len_utf8())
    };
    let odd = text
        .char_indices()
        .filter_map(|(at, it)| Some((place(at, it), meant(it)?.1)));
    let mut edits = odd.map(|(range, new)| crate::Edit {
        file: None,
        range,
        new_text: new.to_owned(),
    });
    let shown = match instead {
        "" | " " => String::new(),
        _ => format!(" `{first}`"),
    };
    let (help, title) = match instead {
        "" => ("remove it".to_owned(), "Remove it".to_owned()),
        " " => (
            "write an ordinary space".to_owned(),
            "Write an ordinary space".to_owned(),
        ),
        _ => (format!("write `{instead}`"), format!("Write `{instead}`")),
    };
    let range = edits.next()?;
    let mut fix = Fix::safe(title, range.range, range.new_text.clone());
    fix.edits.extend(edits);
    let code = format!("U+{:04X}", u32::from(first));
    Some(
        Diagnostic::error(
            codes::ODD_CHARACTER,
            range.range,
            format!("this is {what}{shown} ({code})"),
        )
        .with_help(help)
        .with_fix(fix),
    )
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn quotes_and_blanks_are_named_and_replaced() {
        let found = find("a “b”", 10).expect("two quotes");
        assert_eq!(found.message, "this is a typographic quote `“` (U+201C)");
        assert_eq!(found.fixes[0].edits.len(), 2);
        assert_eq!(found.range.start, 12);
        let blank = find("let\u{a0}x", 0).expect("a no-break space");
        assert_eq!(blank.fixes[0].edits[0].new_text, " ");
        assert!(find("größe = \"x\"\t", 0).is_none());
    }
}
