//! Fenced code blocks of a Markdown page, with their places. Knows Markdown, not Relux.

use std::ops::Range;

/// A fenced code block.
#[derive(Debug)]
pub(super) struct Block<'a> {
    /// Line of the opening fence, from 1.
    pub(super) line: usize,
    /// First word behind the fence.
    pub(super) language: &'a str,
    /// Further words, which commas separate.
    pub(super) words: Vec<&'a str>,
    /// What stands between the fences.
    pub(super) text: &'a str,
    /// Bytes of [`Self::text`] in the page.
    pub(super) range: Range<usize>,
}

/// All blocks of a page in order. Fences are not indented in this book.
pub(super) fn blocks(page: &str) -> Vec<Block<'_>> {
    let mut found = Vec::new();
    let mut open: Option<(usize, &str, usize)> = None;
    let mut offset = 0;
    for (index, line) in page.split_inclusive('\n').enumerate() {
        let next = offset + line.len();
        if let Some(info) = line.strip_prefix("```") {
            match open.take() {
                None => open = Some((index + 1, info.trim(), next)),
                Some((line, info, start)) => {
                    let mut words = info.split(',').map(str::trim);
                    found.push(Block {
                        line,
                        language: words.next().unwrap_or_default(),
                        words: words.collect(),
                        text: &page[start..offset],
                        range: start..offset,
                    });
                }
            }
        }
        offset = next;
    }
    assert!(open.is_none(), "a code block is not closed: {open:?}");
    found
}

#[test]
fn blocks_have_words_and_places() {
    let page = "text\n```relux,error=x, 2026-08\na\n```\n```\n```\n";
    let found = blocks(page);
    assert_eq!(found.len(), 2);
    assert_eq!((found[0].line, found[0].language), (2, "relux"));
    assert_eq!(found[0].words, ["error=x", "2026-08"]);
    assert_eq!(&page[found[0].range.clone()], "a\n");
    assert_eq!((found[1].line, found[1].language, found[1].text), (5, "", ""));
}
