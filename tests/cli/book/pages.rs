//! The pages of the book, read once.
//!
//! Nothing here knows Markdown.

use std::fs;
use std::path::Path;

use relux_e2e::repository;

/// A Markdown file.
#[derive(Debug)]
pub(super) struct Page {
    /// Path below `book/src`.
    pub(super) name: String,
    /// What it says.
    pub(super) text: String,
}

/// All pages of the book, in path order.
pub(super) fn book_pages() -> Vec<Page> {
    let root = repository().join("book/src");
    let mut pages = Vec::new();
    collect(&root, &root, &mut pages);
    pages.sort_by(|a, b| a.name.cmp(&b.name));
    pages
}

fn collect(root: &Path, directory: &Path, pages: &mut Vec<Page>) {
    for entry in fs::read_dir(directory).expect("listing the book") {
        let path = entry.expect("listing the book").path();
        if path.is_dir() {
            collect(root, &path, pages);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            let name = path.strip_prefix(root).expect("pages lie in the book");
            pages.push(Page {
                name: name.to_string_lossy().into_owned(),
                text: fs::read_to_string(&path).expect("pages are UTF-8"),
            });
        }
    }
}
