//! Pages of the book that repeat a table of this crate are compared with it.
//!
//! `RELUX_UPDATE=1 cargo test -p relux-model` writes them. Only what stands between the markers is touched.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use relux_model::builtins::{Signature, TABLE};
use relux_model::codes::{Kind, RULES, Rule};

#[test]
fn the_page_of_built_in_functions_is_up_to_date() {
    let mut text = String::new();
    for (title, pure) in [("Anywhere", true), ("In shells", false)] {
        let _ = write!(text, "## {title}\n\n| function | what it does |\n|---|---|\n");
        for signature in TABLE.iter().filter(|signature| signature.pure == pure) {
            let _ = writeln!(text, "| `{}` | {} |", shown(signature), cell(signature.doc));
        }
        text.push('\n');
    }
    let intro = "Functions of the first table are [pure](functions.md#pure-functions): they can be called anywhere. \
                 Those of the second need a shell.\n\n";
    section(
        "reference/builtins.md",
        "built-in functions",
        &format!("{intro}{}", text.trim_end()),
    );
}

#[test]
fn the_page_of_diagnostics_is_up_to_date() {
    for (kind, name) in [
        (Kind::Syntax, "syntax diagnostics"),
        (Kind::Meaning, "model diagnostics"),
        (Kind::Lint, "lints"),
    ] {
        let mut text = "| code | severity | meaning |\n|---|---|---|\n".to_owned();
        for rule in by_code().iter().filter(|rule| rule.kind == kind) {
            let _ = writeln!(
                text,
                "| [`{code}`](../diagnostics/{code}.md) | {severity:?} | {} |",
                cell(rule.summary()),
                code = rule.code,
                severity = rule.severity,
            );
        }
        section("reference/diagnostics.md", name, text.trim_end());
    }
}

#[test]
fn the_summary_of_the_book_lists_every_diagnostic() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../book/src/SUMMARY.md");
    let text = fs::read_to_string(&path).expect("the book has a summary");
    let is_listed = |line: &&str| line.contains("](diagnostics/");
    let found: Vec<&str> = text.lines().filter(is_listed).collect();
    let line = |rule: &&Rule| format!("  - [{code}](diagnostics/{code}.md)", code = rule.code);
    let wanted: Vec<String> = by_code().iter().map(line).collect();
    if found == wanted {
        return;
    }
    assert!(
        std::env::var_os("RELUX_UPDATE").is_some(),
        "the summary is out of date: RELUX_UPDATE=1 cargo test -p relux-model writes it"
    );
    let kept = text.lines().filter(|line| !is_listed(line));
    let mut lines: Vec<String> = kept.map(str::to_owned).collect();
    let page = |line: &String| line.contains("](reference/diagnostics.md)");
    let at = lines
        .iter()
        .position(page)
        .expect("the page of diagnostics is listed");
    let after = at + 1;
    lines.splice(after..after, wanted);
    fs::write(&path, lines.join("\n") + "\n").expect("writing the summary");
}

fn by_code() -> Vec<&'static Rule> {
    let mut rules: Vec<&Rule> = RULES.iter().collect();
    rules.sort_by_key(|rule| rule.code);
    rules
}

#[test]
fn every_code_of_the_registry_is_reported_somewhere() {
    let sources = sources();
    for rule in RULES.iter().filter(|rule| rule.kind != Kind::Syntax) {
        let name = rule.code.as_str().to_uppercase().replace('-', "_");
        assert!(sources.contains(&name), "nothing reports {}", rule.code);
    }
}

/// All sources of the model but the registry itself.
fn sources() -> String {
    fn collect(directory: &Path, text: &mut String) {
        for entry in fs::read_dir(directory).expect("listing sources") {
            let path = entry.expect("listing sources").path();
            if path.is_dir() {
                collect(&path, text);
            } else if path.file_name().is_some_and(|name| name != "codes.rs") {
                text.push_str(&fs::read_to_string(&path).expect("sources are UTF-8"));
            }
        }
    }
    let mut text = String::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut text);
    text
}

/// `rand(length, mode)`
fn shown(signature: &Signature) -> String {
    format!("{}({})", signature.name, signature.params.join(", "))
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

/// Compares the text between the two markers of a page with `wanted`, or puts it there.
fn section(page: &str, name: &str, wanted: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../book/src")
        .join(page);
    let text = fs::read_to_string(&path).expect("the page exists");
    let begin = format!("<!-- begin generated: {name} -->\n");
    let end = format!("<!-- end generated: {name} -->");
    let (before, rest) = text.split_once(&begin).expect("the page has a begin marker");
    let (found, after) = rest.split_once(&end).expect("the page has an end marker");
    let wanted = format!("\n{wanted}\n\n");
    if found == wanted {
        return;
    }
    if std::env::var_os("RELUX_UPDATE").is_some() {
        fs::write(&path, format!("{before}{begin}{wanted}{end}{after}")).expect("writing the page");
        return;
    }
    panic!("`{name}` in {page} is out of date: RELUX_UPDATE=1 cargo test -p relux-model writes it");
}
