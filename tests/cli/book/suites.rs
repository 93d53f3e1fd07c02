//! The suites that the blocks of a page form, and what `relux` says about them.
//!
//! * A block whose first line is `// relux/….relux` is that file. The named blocks of a page form one suite per edition
//!   word; a later block replaces an earlier one of the same path. The suite is checked after every block, and must have
//!   exactly the findings that the block announces.
//! * Another `relux` block is a suite of its own, after `relux,statements` with a test around it.
//! * At the end the tests of all blocks that announce nothing are run, and pass.
//! * A `toml` block whose first line is `# Relux.toml` becomes the manifest of the page's suites.
//! * A `console` block is run in the page's suite, line by line, and must print what the page says.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use relux_e2e::Scratch;
use serde_json::Value;

use super::blocks::{Block, blocks};
use super::console;
use super::pages::Page;

/// What is wrong with pages.
#[derive(Debug, Default)]
pub(super) struct Faults {
    /// How many blocks were checked.
    pub(super) checked: usize,
    /// One text per fault; each begins with page and line.
    pub(super) list: Vec<String>,
}

impl Faults {
    pub(super) fn absorb(&mut self, other: Self) {
        self.checked += other.checked;
        self.list.extend(other.list);
    }
}

/// The named blocks of a page so far.
#[derive(Default)]
struct Suites {
    by_edition: BTreeMap<String, Scratch>,
    manifest: String,
    last: String,
    /// Edition, path and text of what is run at the end.
    sound: BTreeMap<(String, String), String>,
}

impl Suites {
    fn of_edition(&mut self, edition: &str) -> &Scratch {
        edition.clone_into(&mut self.last);
        self.by_edition
            .entry(edition.to_owned())
            .or_insert_with(|| new_suite(edition, &self.manifest))
    }

    /// The suite that the reader is looking at.
    fn last(&mut self) -> &Scratch {
        let last = self.last.clone();
        self.of_edition(&last)
    }

    /// Runs what is sound, one suite per edition.
    fn run(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for edition in ["", "2026-04", "2026-08"] {
            let suite = new_suite(edition, &self.manifest);
            for ((_, path), text) in self.sound.iter().filter(|((it, _), _)| it == edition) {
                suite.write(path, text);
            }
            if !suite.path().join("relux/tests").exists() {
                continue;
            }
            let outcome = suite.relux(&["run", "-j", "all", "-m", "3"]);
            if outcome.code != Some(0) {
                faults.push(format!("the examples do not run\n{}", outcome.shown()));
            }
        }
        faults
    }

    fn set_manifest(&mut self, text: &str) {
        text.clone_into(&mut self.manifest);
        for (edition, suite) in &self.by_edition {
            suite.write("Relux.toml", manifest(edition, text));
        }
    }
}

/// Checks all blocks of a page.
pub(super) fn walk(page: &Page) -> Faults {
    let mut faults = Faults::default();
    let mut suites = Suites::default();
    let mut changes = Vec::new();
    for block in blocks(&page.text) {
        let result = match block.language {
            "relux" => check_block(&mut suites, &block),
            "toml" if block.text.starts_with("# Relux.toml\n") => {
                suites.set_manifest(block.text);
                compare(&findings(suites.last()), &BTreeSet::new())
            }
            "console" if page.runs_commands && !block.words.contains(&"ignore") => {
                match console::run(suites.last(), block.text) {
                    Some(real) if std::env::var_os("RELUX_UPDATE").is_some() => {
                        changes.push((block.range.clone(), real));
                        Ok(())
                    }
                    Some(real) => Err(format!(
                        "the output is different (RELUX_UPDATE=1 writes it):\n{real}"
                    )),
                    None => Ok(()),
                }
            }
            _ => continue,
        };
        faults.checked += 1;
        if let Err(fault) = result {
            faults.list.push(format!("{}:{}: {fault}", page.name, block.line));
        }
    }
    if page.runs_commands {
        let failed = suites.run();
        faults
            .list
            .extend(failed.into_iter().map(|fault| format!("{}: {fault}", page.name)));
    }
    if !changes.is_empty() {
        let mut text = page.text.clone();
        for (range, new) in changes.into_iter().rev() {
            text.replace_range(range, &new);
        }
        fs::write(&page.path, text).expect("writing a page");
    }
    faults
}

/// What the words behind `relux` say.
#[derive(Default)]
struct Words<'a> {
    edition: &'a str,
    statements: bool,
    fails: bool,
    /// `error[code]`, `warning[code]`
    announced: BTreeSet<String>,
}

fn words<'a>(block: &Block<'a>) -> Result<Words<'a>, String> {
    let mut said = Words::default();
    for &word in &block.words {
        match (word, word.split_once('=')) {
            ("statements", _) => said.statements = true,
            ("fails", _) => said.fails = true,
            ("2026-04" | "2026-08", _) => said.edition = word,
            (_, Some((severity @ ("error" | "warning"), code))) => {
                said.announced.insert(format!("{severity}[{code}]"));
            }
            _ => return Err(format!("`{word}` means nothing behind `relux`")),
        }
    }
    Ok(said)
}

fn check_block(suites: &mut Suites, block: &Block<'_>) -> Result<(), String> {
    let said = words(block)?;
    let text = if said.statements {
        in_a_test(block.text)
    } else {
        block.text.to_owned()
    };
    let path =
        named(block.text).map_or_else(|| format!("relux/tests/line_{}.relux", block.line), str::to_owned);
    let key = (said.edition.to_owned(), path.clone());
    if said.fails || !said.announced.is_empty() {
        suites.sound.remove(&key);
    } else {
        suites.sound.insert(key, text.clone());
    }
    if named(block.text).is_some() {
        let suite = suites.of_edition(said.edition);
        suite.write(&path, text);
        return compare(&findings(suite), &said.announced);
    }
    let suite = new_suite(said.edition, "");
    suite.write(&path, text);
    compare(&findings(&suite), &said.announced)
}

/// The path in the first line.
fn named(text: &str) -> Option<&str> {
    let path = text.lines().next()?.strip_prefix("// ")?;
    let is_module = Path::new(path).extension().is_some_and(|it| it == "relux");
    (path.starts_with("relux/") && is_module).then_some(path)
}

fn in_a_test(statements: &str) -> String {
    let mut text = "test \"example\" {\n    shell example {\n".to_owned();
    for line in statements.split_inclusive('\n') {
        if line != "\n" {
            text.push_str("        ");
        }
        text.push_str(line);
    }
    text.push_str("    }\n}\n");
    text
}

fn new_suite(edition: &str, text: &str) -> Scratch {
    let suite = Scratch::new("");
    suite.write("Relux.toml", manifest(edition, text));
    suite
}

fn manifest(edition: &str, text: &str) -> String {
    if edition.is_empty() {
        text.to_owned()
    } else {
        format!("edition = \"{edition}\"\n{text}")
    }
}

/// A finding: severity and code, and the line that a person can look at.
type Finding = (String, String);

/// The errors and warnings of a suite.
fn findings(suite: &Scratch) -> Result<Vec<Finding>, String> {
    let outcome = suite.relux(&["check", "--message-format", "json"]);
    let document: Value = serde_json::from_str(&outcome.stdout)
        .map_err(|error| format!("`relux check` prints no JSON ({error})\n{}", outcome.shown()))?;
    let list = document["diagnostics"]
        .as_array()
        .ok_or("the document has no list of diagnostics")?;
    Ok(list
        .iter()
        .filter(|it| matches!(it["severity"].as_str(), Some("error" | "warning")))
        .map(|it| {
            let text = |key: &str| it[key].as_str().unwrap_or_default();
            let kind = format!("{}[{}]", text("severity"), text("code"));
            let line = format!("{}:{}: {}", text("file"), it["start"]["line"], text("message"));
            (kind, line)
        })
        .collect())
}

fn compare(found: &Result<Vec<Finding>, String>, announced: &BTreeSet<String>) -> Result<(), String> {
    let found = found.as_ref().map_err(Clone::clone)?;
    let kinds: BTreeSet<String> = found.iter().map(|(kind, _)| kind.clone()).collect();
    if kinds == *announced {
        return Ok(());
    }
    let mut text = format!("announced {announced:?}, found");
    if found.is_empty() {
        text.push_str(" nothing");
    }
    for (kind, line) in found {
        let _ = write!(text, "\n    {kind} {line}");
    }
    Err(text)
}
