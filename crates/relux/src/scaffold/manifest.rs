//! The `Relux.toml` of a new suite: every key that there is, commented out at its default.

use std::fmt::Write as _;

use relux_model::edition::Edition;
use relux_model::manifest::{Key, TABLES};

/// What a new suite says itself: one with fixed ports is only safe if tests run one after the other, but nobody begins
/// with those.
const WRITTEN: &[(&str, &str, &str)] = &[("run", "jobs", "\"num-cpus\"")];

/// The text of the manifest.
pub(crate) fn text(edition: Edition) -> String {
    let mut text =
        "# Settings of this suite. What is commented out shows the default, or an example.\n".to_owned();
    for table in TABLES {
        text.push('\n');
        if !table.name.is_empty() {
            line(&mut text, &format!("# {}.\n[{}]", table.doc, table.name));
        }
        for key in table.keys {
            line(&mut text, &format!("# {}.", key.doc));
            line(&mut text, &setting(table.name, key, edition));
        }
    }
    text.push_str("\n# Levels of findings by code: \"allow\", \"info\", \"warn\" or \"error\".\n[lints]\n# unused-variable = \"allow\"\n");
    text
}

fn setting(table: &str, key: &Key, edition: Edition) -> String {
    if table.is_empty() && key.name == "edition" {
        return format!("edition = \"{edition}\"");
    }
    let written = WRITTEN
        .iter()
        .find(|(in_table, name, _)| *in_table == table && *name == key.name);
    match written {
        Some((_, name, value)) => format!("{name} = {value}"),
        None => format!("# {} = {}", key.name, key.default.unwrap_or(key.example)),
    }
}

fn line(text: &mut String, line: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{line}");
}
