//! Pages of the book that repeat a table of this crate are compared with it.
//!
//! `RELUX_UPDATE=1 cargo test -p relux-model` writes them. Only what stands between the markers is touched.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use relux_model::builtins::{Signature, TABLE};
use relux_model::codes::{RULES, Rule};
use relux_syntax::Severity;

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
    let mut text = "| code | severity | meaning |\n|---|---|---|\n".to_owned();
    let mut rules: Vec<_> = RULES.iter().filter(|rule| !is_syntax(rule)).collect();
    rules.sort_by_key(|rule| rule.code);
    for rule in rules {
        let severity = match rule.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
            Severity::Hint => "hint",
        };
        let _ = writeln!(
            text,
            "| <a id=\"{code}\"></a>`{code}` | {severity} | {}. |",
            cell(rule.summary),
            code = rule.code,
        );
    }
    section("reference/diagnostics.md", "model diagnostics", text.trim_end());
}

#[test]
fn the_page_of_syntax_errors_is_up_to_date() {
    let mut text = "All of them are errors.\n\n| code | meaning |\n|---|---|\n".to_owned();
    for (code, meaning) in relux_syntax::validation::codes::ALL {
        let _ = writeln!(
            text,
            "| <a id=\"{code}\"></a>`{code}` | {} |",
            cell(meaning.trim())
        );
    }
    section("reference/diagnostics.md", "syntax diagnostics", text.trim_end());
}

#[test]
fn every_code_of_the_registry_is_reported_somewhere() {
    let sources = sources();
    for rule in RULES {
        let name = rule.code.as_str().to_uppercase().replace('-', "_");
        assert!(sources.contains(&name), "nothing reports {}", rule.code);
    }
}

fn is_syntax(rule: &Rule) -> bool {
    relux_syntax::validation::codes::ALL
        .iter()
        .any(|(code, _)| *code == rule.code)
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
