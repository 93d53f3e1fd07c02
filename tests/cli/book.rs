//! The book holds together: every page is listed, every link leads somewhere.

mod links;
mod pages;

use pages::book_pages;

#[test]
fn every_link_leads_somewhere() {
    let pages = book_pages();
    let (checked, faults) = links::broken(&pages);
    assert!(checked >= 50, "only {checked} links were found");
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
