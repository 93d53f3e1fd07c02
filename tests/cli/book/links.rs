//! Links between pages and to other files of the repository: the file exists, and so does the heading.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use regex::Regex;

use super::pages::Page;

/// How many links lead to other places of a directory, and those of them that lead nowhere. Names of pages are paths
/// below it.
pub(super) fn broken(directory: &Path, pages: &[Page]) -> (usize, Vec<String>) {
    let link = Regex::new(r"\]\(([^)\s]+)\)").expect("the pattern is valid");
    let headings: BTreeMap<&str, BTreeSet<String>> = pages
        .iter()
        .map(|page| {
            (
                page.name.as_str(),
                headings(&page.text).chain(ids(&page.text)).collect(),
            )
        })
        .collect();
    let mut checked = 0;
    let mut faults = Vec::new();
    for page in pages {
        for (index, line) in page.text.lines().enumerate() {
            for target in link.captures_iter(line).map(|found| found[1].to_owned()) {
                if target.contains("://") {
                    continue;
                }
                checked += 1;
                let (file, anchor) = target.split_once('#').unwrap_or((&target, ""));
                let file = if file.is_empty() {
                    page.name.clone()
                } else {
                    resolve(&page.name, file)
                };
                let reached = if anchor.is_empty() {
                    headings.contains_key(file.as_str()) || directory.join(&file).exists()
                } else {
                    headings
                        .get(file.as_str())
                        .is_some_and(|known| known.contains(anchor))
                };
                if !reached {
                    faults.push(format!("{}:{}: {target} leads nowhere", page.name, index + 1));
                }
            }
        }
    }
    (checked, faults)
}

fn resolve(page: &str, target: &str) -> String {
    let mut path = PathBuf::new();
    let directory = Path::new(page).parent().unwrap_or(Path::new(""));
    for part in directory.join(target).components() {
        match part {
            Component::ParentDir => {
                path.pop();
            }
            part => path.push(part),
        }
    }
    path.to_string_lossy().into_owned()
}

/// Ids of headings as mdBook makes them: letters and digits lowered, blanks to dashes, `-` and `_` kept.
fn headings(text: &str) -> impl Iterator<Item = String> {
    let mut inside_code = false;
    text.lines()
        .filter(move |line| {
            inside_code ^= line.starts_with("```");
            !inside_code && line.starts_with('#')
        })
        .map(|line| {
            line.trim_start_matches('#')
                .trim()
                .chars()
                .filter_map(|c| match c {
                    ' ' => Some('-'),
                    '-' | '_' => Some(c),
                    c if c.is_alphanumeric() => Some(c.to_ascii_lowercase()),
                    _ => None,
                })
                .collect()
        })
}

/// Ids that a page sets itself: `<a id="name">`.
fn ids(text: &str) -> impl Iterator<Item = String> {
    text.split("<a id=\"")
        .skip(1)
        .filter_map(|rest| Some(rest.split_once('"')?.0.to_owned()))
}

#[test]
fn headings_become_ids() {
    let text =
        "# What a `let` is\n```sh\n# no heading\n```\n### `[available_ports]`\n| <a id=\"x-y\"></a> |\n";
    assert_eq!(
        headings(text).collect::<Vec<_>>(),
        ["what-a-let-is", "available_ports"]
    );
    assert_eq!(ids(text).collect::<Vec<_>>(), ["x-y"]);
}
