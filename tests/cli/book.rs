//! The book tells the truth: every `relux` block is checked, every command line is run, every link leads somewhere.
//!
//! Readers paste what they see, so an example that the checker refuses is a bug of the book or of the checker.
//! How blocks are written is described in `docs/TESTING.md`.

mod blocks;
mod console;
mod links;
mod pages;
mod suites;

use pages::{Page, book_pages, documents, readme};
use relux_e2e::repository;
use suites::{Faults, walk};

/// Fewer blocks than this mean that the extraction is broken, not that the book has shrunk.
const LEAST_BLOCKS: usize = 50;

#[test]
fn every_block_is_as_it_says() {
    let mut pages = book_pages();
    // The blocks of these are fixtures of the model, which tests them.
    pages.retain(|page| !page.name.starts_with("diagnostics/"));
    pages.push(readme());
    let faults = in_parallel(&pages, walk);
    assert!(
        faults.checked >= LEAST_BLOCKS,
        "only {} blocks were found in {} pages",
        faults.checked,
        pages.len()
    );
    assert!(faults.list.is_empty(), "\n{}\n", faults.list.join("\n"));
}

#[test]
fn every_link_leads_somewhere() {
    let pages = book_pages();
    let (checked, faults) = links::broken(&repository().join("book/src"), &pages);
    assert!(checked >= 50, "only {checked} links were found");
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn every_link_of_the_other_documents_leads_somewhere() {
    let (checked, faults) = links::broken(&repository(), &documents());
    assert!(checked >= 10, "only {checked} links were found");
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn the_summary_lists_every_page() {
    let pages = book_pages();
    let summary = pages
        .iter()
        .find(|page| page.name == "SUMMARY.md")
        .expect("a book has a summary");
    let missing: Vec<&str> = pages
        .iter()
        .map(|page| page.name.as_str())
        .filter(|name| *name != "SUMMARY.md" && !summary.text.contains(&format!("]({name})")))
        .collect();
    assert!(missing.is_empty(), "not in SUMMARY.md: {missing:?}");
}

/// Pages do not depend on each other, and most of the time goes into waiting for programs.
fn in_parallel(pages: &[Page], check: fn(&Page) -> Faults) -> Faults {
    let mut all = Faults::default();
    std::thread::scope(|scope| {
        let running: Vec<_> = pages
            .iter()
            .map(|page| scope.spawn(move || check(page)))
            .collect();
        for page in running {
            all.absorb(page.join().expect("checking a page does not panic"));
        }
    });
    all
}
