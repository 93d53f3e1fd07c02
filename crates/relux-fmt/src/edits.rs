//! From a result to the edits that lead to it, as small as the tokens that were copied allow.
//!
//! Between two copied tokens stands whatever formatting changed; each such gap that differs is an edit.

use relux_syntax::{Edit, TextRange};

use crate::printer::Anchor;

/// What is between two copied tokens wherever it changes, in order, as edits from one token to the next.
pub(crate) fn gaps(source: &str, text: &str, anchors: &[Anchor]) -> Vec<Edit> {
    let mut edits = Vec::new();
    let (mut at, mut out) = (0, 0);
    let end = Anchor {
        source: TextRange::empty(source.len() as u32),
        out: text.len() as u32,
    };
    for anchor in anchors.iter().chain(std::iter::once(&end)) {
        // What was moved backwards is new text at its new place.
        if anchor.source.start < at {
            continue;
        }
        let gap = TextRange::new(at, anchor.source.start);
        let new = TextRange::new(out, anchor.out).slice(text);
        if gap.slice(source) != new {
            edits.push(Edit {
                file: None,
                range: gap,
                new_text: new.to_owned(),
            });
        }
        at = anchor.source.end;
        out = anchor.out + anchor.source.len();
    }
    edits
}

/// An edit without what stays the same at its ends; `None` if nothing is left.
pub(crate) fn shrunk(edit: &Edit, source: &str) -> Option<Edit> {
    let (old, new) = (edit.range.slice(source), &*edit.new_text);
    if old == new {
        return None;
    }
    let shared = |pairs: &mut dyn Iterator<Item = (char, char)>| -> usize {
        pairs.take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum()
    };
    let head = shared(&mut old.chars().zip(new.chars()));
    let tail = shared(&mut old[head..].chars().rev().zip(new[head..].chars().rev()));
    Some(Edit {
        file: None,
        range: TextRange::new(edit.range.start + head as u32, edit.range.end - tail as u32),
        new_text: new[head..new.len() - tail].to_owned(),
    })
}

/// The text with edits that are in order and do not overlap.
pub fn apply(source: &str, edits: &[Edit]) -> String {
    let mut text = String::with_capacity(source.len());
    let mut done = 0;
    for edit in edits {
        text.push_str(TextRange::new(done, edit.range.start).slice(source));
        text.push_str(&edit.new_text);
        done = edit.range.end;
    }
    text.push_str(source.get(done as usize..).unwrap_or_default());
    text
}
