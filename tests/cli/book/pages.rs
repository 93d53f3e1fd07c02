//! The pages of the book and the README, read once, and written back only when expectations are updated.

use std::fs;
use std::path::{Path, PathBuf};

use relux_e2e::repository;

/// A Markdown file.
#[derive(Debug)]
pub(super) struct Page {
    /// Path below `book/src` or, of other documents, below the repository.
    pub(super) name: String,
    /// Where it lies.
    pub(super) path: PathBuf,
    /// What it says.
    pub(super) text: String,
    /// Whether its tests and `console` blocks are run. Those of the README build things, and show services that are
    /// not there.
    pub(super) runs_commands: bool,
}

/// All pages of the book, in path order.
pub(super) fn book_pages() -> Vec<Page> {
    let root = repository().join("book/src");
    let mut pages = Vec::new();
    collect(&root, &root, &mut pages);
    pages.sort_by(|a, b| a.name.cmp(&b.name));
    pages
}

/// What there is to read beside the book, by path below the repository, and the pages that it may lead to.
pub(super) fn documents() -> Vec<Page> {
    let mut pages = vec![readme()];
    for directory in ["docs", "editors", "tests/editors", "book/src"] {
        collect(&repository(), &repository().join(directory), &mut pages);
    }
    let contributing = repository().join("CONTRIBUTING.md");
    pages.push(Page {
        name: "CONTRIBUTING.md".to_owned(),
        text: fs::read_to_string(&contributing).expect("the repository has a guide for contributors"),
        path: contributing,
        runs_commands: false,
    });
    pages
}

/// The README of the repository.
pub(super) fn readme() -> Page {
    let path = repository().join("README.md");
    Page {
        name: "README.md".to_owned(),
        text: fs::read_to_string(&path).expect("the repository has a README"),
        path,
        runs_commands: false,
    }
}

fn collect(root: &Path, directory: &Path, pages: &mut Vec<Page>) {
    for entry in fs::read_dir(directory).expect("listing the book") {
        let path = entry.expect("listing the book").path();
        if path.ends_with("node_modules") {
            continue;
        }
        if path.is_dir() {
            collect(root, &path, pages);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            let name = path.strip_prefix(root).expect("pages lie in the book");
            pages.push(Page {
                name: name.to_string_lossy().into_owned(),
                text: fs::read_to_string(&path).expect("pages are UTF-8"),
                path,
                runs_commands: true,
            });
        }
    }
}
