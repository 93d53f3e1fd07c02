//! Incremental edits against a plain string, and everything a confused client might send.

use proptest::prelude::*;

use super::*;
use crate::positions::LineText;

fn document(text: &str) -> Document {
    let uri = "file:///suite/relux/tests/a.relux".parse().expect("a valid URI");
    Document::new(uri, 1, text)
}

fn change(start: (u32, u32), end: (u32, u32), text: &str) -> TextDocumentContentChangeEvent {
    TextDocumentContentChangeEvent {
        range: Some(Range::new(
            Position::new(start.0, start.1),
            Position::new(end.0, end.1),
        )),
        range_length: None,
        text: text.to_owned(),
    }
}

fn full(text: &str) -> TextDocumentContentChangeEvent {
    TextDocumentContentChangeEvent {
        range: None,
        range_length: None,
        text: text.to_owned(),
    }
}

#[test]
fn edits_apply_in_order_each_to_the_text_before_it() {
    let mut doc = document("one\ntwo\n");
    let changes = vec![change((0, 3), (0, 3), "𝄞"), change((0, 5), (1, 0), "+")];
    let applied = doc.apply(2, changes, Encoding::UTF16);
    assert_eq!(doc.text().as_deref(), Some("one𝄞+two\n"));
    let expected = vec![
        ByteEdit {
            start: 3,
            old_end: 3,
            new_end: 7,
        },
        ByteEdit {
            start: 7,
            old_end: 8,
            new_end: 8,
        },
    ];
    assert_eq!(applied, Applied::Edits(expected));
    assert_eq!((doc.version, doc.dirty()), (2, true));
}

#[test]
fn only_a_difference_from_the_saved_text_is_dirty() {
    let mut doc = document("one");
    let mut type_and_tell = |version, change| {
        doc.apply(version, vec![change], Encoding::UTF8);
        doc.dirty()
    };
    assert!(type_and_tell(2, change((0, 3), (0, 3), "!")));
    assert!(
        !type_and_tell(3, change((0, 3), (0, 4), "")),
        "the edit was undone"
    );
    assert!(type_and_tell(4, change((0, 0), (0, 1), "O")));
    doc.saved();
    assert!(!doc.dirty(), "saving makes the text of the disk the same");
}

#[test]
fn an_end_far_behind_the_text_means_its_end() {
    let mut doc = document("one\ntwo");
    doc.apply(2, vec![change((1, 0), (u32::MAX, u32::MAX), "2")], Encoding::UTF8);
    assert_eq!(doc.text().as_deref(), Some("one\n2"));
}

#[test]
fn what_does_not_fit_puts_the_document_out_of_step_until_the_next_full_text() {
    let confused = [
        change((0, 3), (0, 1), ""),
        change((0, 2), (0, 2), "x"),
        change((9, 0), (9, 0), "x"),
        change((1, 0), (0, 0), "x"),
    ];
    for bad in confused {
        let mut doc = document("a𝄞b\n");
        let applied = doc.apply(2, vec![bad.clone()], Encoding::UTF16);
        assert!(
            matches!(applied, Applied::OutOfStep(_)),
            "{bad:?} gave {applied:?}"
        );
        assert_eq!(doc.text(), None);
        let applied = doc.apply(3, vec![change((0, 0), (0, 0), "x")], Encoding::UTF16);
        assert_eq!((applied, doc.text()), (Applied::Ignored, None));
        let applied = doc.apply(4, vec![full("new"), change((0, 3), (0, 3), "!")], Encoding::UTF16);
        assert_eq!(applied, Applied::Whole);
        assert_eq!(doc.text().as_deref(), Some("new!"));
    }
}

proptest! {
    #[test]
    fn agrees_with_splicing_a_string(
        text in "[a-cé漢𝄞\r\n]{0,40}",
        edits in proptest::collection::vec((0u32..6, 0u32..12, 0u32..6, 0u32..12, "[x𝄞\r\n]{0,4}"), 1..8),
    ) {
        for encoding in [Encoding::UTF8, Encoding::UTF16, Encoding::UTF32] {
            let mut doc = document(&text);
            let mut expected = text.clone();
            for (line_a, column_a, line_b, column_b, new) in &edits {
                let applied = doc.apply(2, vec![change((*line_a, *column_a), (*line_b, *column_b), new)], encoding);
                let Applied::Edits(applied) = applied else { break };
                let lines = LineText::new(expected.as_str().into());
                let start = lines.offset(Position::new(*line_a, *column_a), encoding) as usize;
                let end = lines.offset(Position::new(*line_b, *column_b), encoding) as usize;
                expected.replace_range(start..end, new);
                prop_assert_eq!(applied, vec![ByteEdit { start, old_end: end, new_end: start + new.len() }]);
                let text = doc.text();
                prop_assert_eq!(text.as_deref(), Some(expected.as_str()));
            }
        }
    }
}

/// Lines and columns as the protocol defines them, written down a second time and as simply as it goes.
mod reference {
    use super::{Encoding, Position};

    /// The byte offset of a position; `None` where it names no place of the text.
    pub(super) fn offset(text: &str, position: Position, encoding: Encoding) -> Option<usize> {
        let mut starts = vec![0];
        let bytes = text.as_bytes();
        for (at, byte) in bytes.iter().enumerate() {
            if *byte == b'\n' || (*byte == b'\r' && bytes.get(at + 1) != Some(&b'\n')) {
                starts.push(at + 1);
            }
        }
        let line = position.line as usize;
        let Some(&start) = starts.get(line) else {
            return (line == starts.len()).then_some(text.len());
        };
        let mut column = 0;
        for (at, c) in text[start..].char_indices() {
            if column == position.character || c == '\n' || c == '\r' {
                return Some(start + at);
            }
            column += match encoding {
                Encoding::UTF8 => c.len_utf8(),
                Encoding::UTF16 => c.len_utf16(),
                _ => 1,
            } as u32;
            if column > position.character {
                return None;
            }
        }
        Some(text.len())
    }
}

/// An edit that a client may send: somewhere in or around a small text, in either order.
fn any_edit() -> impl Strategy<Value = (Position, Position, String)> {
    let position = || {
        (0u32..7, prop_oneof![0u32..12, Just(u32::MAX)])
            .prop_map(|(line, column)| Position::new(line, column))
    };
    (position(), position(), "[xé漢𝄞\r\n]{0,5}")
}

proptest! {
    /// Whatever is sent, and whatever the versions are, the text is the one that a simple model has, or it is known not
    /// to be known.
    #[test]
    fn never_drifts(
        text in "[a-cé漢𝄞\r\n\u{b}\u{85}\u{2028}]{0,40}",
        edits in proptest::collection::vec((any_edit(), any::<i32>(), any::<bool>()), 1..20),
    ) {
        for encoding in [Encoding::UTF8, Encoding::UTF16, Encoding::UTF32] {
            let mut doc = document(&text);
            let mut model = Some(text.clone());
            for ((start, end, new), version, whole) in &edits {
                if *whole && model.is_none() {
                    doc.apply(*version, vec![full(new)], encoding);
                    model = Some(new.clone());
                } else {
                    let range = Some(Range::new(*start, *end));
                    let change = TextDocumentContentChangeEvent { range, range_length: None, text: new.clone() };
                    doc.apply(*version, vec![change], encoding);
                    model = model.and_then(|mut text| {
                        let last = text.matches(['\n', '\r']).count() - text.matches("\r\n").count();
                        let from = reference::offset(&text, *start, encoding)?;
                        let to = if end.line as usize > last { text.len() } else { reference::offset(&text, *end, encoding)? };
                        (from <= to).then(|| text.replace_range(from..to, new))?;
                        Some(text)
                    });
                }
                let shown = doc.text();
                prop_assert_eq!(shown.as_deref(), model.as_deref());
                prop_assert_eq!(doc.version, *version);
            }
        }
    }
}
