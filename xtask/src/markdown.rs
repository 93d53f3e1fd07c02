//! Fenced blocks of Markdown pages.

/// A block of code.
pub(crate) struct Block<'a> {
    /// Line of the opening fence, from 1.
    pub(crate) line: usize,
    /// The words behind the fence, which commas separate; the first is the language.
    pub(crate) words: Vec<&'a str>,
    /// What stands between the fences.
    pub(crate) text: String,
}

/// The `relux` blocks of a page. Fences are not indented in our pages.
pub(crate) fn relux_blocks(page: &str) -> Vec<Block<'_>> {
    let mut found = Vec::new();
    let mut open: Option<Block<'_>> = None;
    for (index, line) in page.lines().enumerate() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(info), None) => {
                open = Some(Block {
                    line: index + 1,
                    words: info.split(',').map(str::trim).collect(),
                    text: String::new(),
                });
            }
            (Some(_), Some(_)) => found.extend(open.take().filter(|block| block.words[0] == "relux")),
            (None, Some(block)) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, None) => {}
        }
    }
    found
}
