//! Positions against a naive implementation that walks the text character by character.

use proptest::prelude::*;

use super::*;

const ENCODINGS: [Encoding; 3] = [Encoding::UTF8, Encoding::UTF16, Encoding::UTF32];

fn width(c: char, encoding: Encoding) -> u32 {
    let width = match encoding.kind().as_str() {
        "utf-8" => c.len_utf8(),
        "utf-16" => c.len_utf16(),
        _ => 1,
    };
    width as u32
}

/// Every position of `text` that lies on a character boundary, with its offset, found by walking.
fn naive_positions(text: &str, encoding: Encoding) -> Vec<(usize, Position)> {
    let mut found = Vec::new();
    let (mut line, mut column) = (0, 0);
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        found.push((at, Position::new(line, column)));
        let next_is_lf = chars.peek().is_some_and(|(_, next)| *next == '\n');
        if c == '\n' || (c == '\r' && !next_is_lf) {
            line += 1;
            column = 0;
        } else if c != '\r' {
            column += width(c, encoding);
        }
    }
    found.push((text.len(), Position::new(line, column)));
    found
}

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("\n".to_owned()),
        Just("\r\n".to_owned()),
        Just("\r".to_owned()),
        Just("\u{feff}".to_owned()),
        Just("\u{2028}".to_owned()),
        Just("a".to_owned()),
        Just("é".to_owned()),
        Just("漢".to_owned()),
        Just("𝄞".to_owned()),
        "[ -~]{0,6}",
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn agrees_with_the_naive_walk(text in text()) {
        let lines = LineText::new(text.as_str().into());
        for encoding in ENCODINGS {
            let mut previous = None;
            for (offset, position) in naive_positions(&text, encoding) {
                prop_assert_eq!(lines.position(offset as u32, encoding), position);
                // Between `\r` and `\n` two offsets share a position; it means the first of them.
                if previous != Some(position) {
                    prop_assert_eq!(lines.offset(position, encoding), offset as u32);
                }
                previous = Some(position);
            }
        }
    }

    #[test]
    fn any_position_gives_a_character_boundary(text in text(), line in 0u32..30, column in 0u32..40) {
        let lines = LineText::new(text.as_str().into());
        for encoding in ENCODINGS {
            let offset = lines.offset(Position::new(line, column), encoding) as usize;
            prop_assert!(text.is_char_boundary(offset));
            let back = lines.position(offset as u32, encoding);
            prop_assert!(back <= Position::new(line, column));
        }
    }

    #[test]
    fn any_offset_gives_a_position_inside(text in text(), offset in 0u32..200) {
        let lines = LineText::new(text.as_str().into());
        for encoding in ENCODINGS {
            let position = lines.position(offset, encoding);
            let back = lines.offset(position, encoding);
            prop_assert!(back <= offset);
            prop_assert_eq!(lines.position(back, encoding), position);
        }
    }
}

#[test]
fn a_column_inside_a_character_is_inexact() {
    let inside = |column, encoding| column_to_byte("a𝄞b", column, encoding);
    assert_eq!(
        inside(3, Encoding::UTF8),
        ByteInLine {
            byte: 1,
            exact: false
        }
    );
    assert_eq!(
        inside(2, Encoding::UTF16),
        ByteInLine {
            byte: 1,
            exact: false
        }
    );
    assert_eq!(inside(2, Encoding::UTF32), ByteInLine { byte: 5, exact: true });
    assert_eq!(inside(99, Encoding::UTF16), ByteInLine { byte: 6, exact: true });
}

#[test]
fn extremes_do_not_overflow() {
    let lines = LineText::new("x\r\n".into());
    let far = Position::new(u32::MAX, u32::MAX);
    for encoding in ENCODINGS {
        assert_eq!(lines.offset(far, encoding), 3);
        assert_eq!(lines.offset(Position::new(0, u32::MAX), encoding), 1);
        assert_eq!(lines.position(u32::MAX, encoding), Position::new(1, 0));
    }
}

#[test]
fn utf8_is_preferred_and_utf16_the_fallback() {
    use PositionEncodingKind as Kind;
    let pick = |offered: &[Kind]| Encoding::negotiate(Some(offered));
    assert_eq!(Encoding::negotiate(None), Encoding::UTF16);
    assert_eq!(pick(&[]), Encoding::UTF16);
    assert_eq!(pick(&[Kind::UTF16, Kind::UTF8]), Encoding::UTF8);
    assert_eq!(pick(&[Kind::UTF32, Kind::UTF16]), Encoding::UTF16);
    assert_eq!(pick(&[Kind::UTF32]), Encoding::UTF32);
    assert_eq!(pick(&[Kind::new("utf-7")]), Encoding::UTF16);
}
