//! Every Relux text of the repository keeps the invariants.

use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// All files below a folder with one of these extensions.
fn files(folder: &Path, extensions: &[&str], into: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.expect("an entry of a folder").path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if path.is_dir() {
            if !["target", "node_modules", ".git", "out"].contains(&&*name) {
                files(&path, extensions, into);
            }
        } else if extensions.iter().any(|it| name.ends_with(it)) {
            into.push(path);
        }
    }
}

fn found(folder: &str, extensions: &[&str]) -> Vec<PathBuf> {
    let mut all = Vec::new();
    files(&root().join(folder), extensions, &mut all);
    all.sort();
    all
}

fn text(path: &Path) -> String {
    String::from_utf8_lossy(&std::fs::read(path).expect("a file of the repository")).into_owned()
}

#[test]
fn files_keep_the_invariants() {
    let all = found(".", &[".relux"]);
    assert!(all.len() > 20, "only {} files", all.len());
    for path in all {
        relux_fmt::invariants::check(text(&path).as_bytes());
    }
}

#[test]
fn blocks_of_pages_keep_the_invariants() {
    let mut count = 0;
    for path in found(".", &[".md"]) {
        let text = text(&path);
        let mut blocks = text.split("```relux");
        blocks.next();
        for block in blocks {
            let code = block.split_once('\n').map_or("", |(_, rest)| rest);
            let code = code.split("```").next().unwrap_or_default();
            relux_fmt::invariants::check(code.as_bytes());
            count += 1;
        }
    }
    assert!(count > 50, "only {count} blocks");
}

/// Grammar tests, suites with several files in one text, and the texts in tests: what stands between their marks is as
/// good a text as any.
#[test]
fn fixtures_keep_the_invariants() {
    let paths = [
        found("tree-sitter-relux/test", &[".txt"]),
        found("crates", &[".txt", "tests.rs"]),
        found("crates/relux-model/tests", &[".rs"]),
        found("crates/relux-syntax/tests", &[".rs"]),
    ];
    let mut texts: Vec<String> = Vec::new();
    for path in paths.iter().flatten() {
        let text = text(path);
        if path.extension().is_some_and(|it| it == "txt") {
            texts.push(text.clone());
        }
        for mark in ["//- ", "\n---\n", "\n===", "r#\"", "\""] {
            texts.extend(text.split(mark).filter(|it| it.contains('{')).map(str::to_owned));
        }
    }
    texts.retain(|it| it.len() < 20_000);
    texts.sort();
    texts.dedup();
    assert!(texts.len() > 500, "only {} texts", texts.len());
    for text in texts {
        relux_fmt::invariants::check(text.as_bytes());
    }
}

/// What fuzzing found, as it was found.
#[test]
fn findings_keep_the_invariants() {
    let all = found("tests/fixtures/fuzz", &[".relux", ".txt"]);
    assert!(!all.is_empty(), "no findings");
    for path in all {
        relux_fmt::invariants::check(text(&path).as_bytes());
    }
}

/// Whether quotes are missing depends on lines further below, so those stay as well, and only those.
#[test]
fn what_decides_that_something_is_unfinished_stays() {
    let below = "fn  two( ) {\n}\n";
    for kept in [
        "\"\"\" open\ntest \"a\" {\n}\n\"\"\"\n",
        "\"\"\" open\nfn  a( ) { }\ntest \"a\" {\n} // \\\"\"\"\n\"\"\"\n",
        "let x = \"open\neffect  E {\n let y = \"z\" // \"\n}\n",
    ] {
        let source = format!("{kept}{below}");
        relux_fmt::invariants::check(source.as_bytes());
        let formatted = relux_fmt::format(&relux_syntax::parse(source.as_str())).expect("nothing is lost");
        assert_eq!(formatted.text(), format!("{kept}fn two() {{}}\n"));
    }
}

/// Files of another system are put in style like others, comments included.
#[test]
fn carriage_returns_at_line_ends_go() {
    let text = "// top\n\ntest \"a\" {\n    // own\n    start Db // moves\n\n    shell x { // beside\n        > ls  \n    }\n}\n";
    let source = text
        .replace("    start Db // moves", "start Db// moves")
        .replace('\n', "\r\n");
    relux_fmt::invariants::check(source.as_bytes());
    let formatted = relux_fmt::format(&relux_syntax::parse(source.as_str())).expect("nothing is lost");
    assert_eq!(formatted.kept, vec![]);
    let expected = text.replace("    start Db // moves", "    // moves\n    start Db");
    assert_eq!(formatted.text(), expected);
}
