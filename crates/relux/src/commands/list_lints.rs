//! `relux check --list-lints`: everything that can be found, and what the suite makes of it.

use std::fmt::Write;
use std::process::ExitCode;

use anyhow::{Result, bail};
use relux_model::codes::{Kind, RULES, Rule};
use relux_model::manifest::{LintLevel, Manifest};
use relux_syntax::{Applicability, Severity};
use serde::Serialize;

use super::print;
use crate::args::{CheckArgs, CheckFormat};
use crate::report::severity_name;
use crate::suite;

/// Raised when a field changes its meaning; new fields do not count.
const FORMAT_VERSION: u32 = 1;

const GROUPS: [(Kind, &str); 3] = [
    (Kind::Syntax, "Syntax"),
    (Kind::Meaning, "Names, effects, bodies"),
    (Kind::Lint, "Lints: it runs, but is likely wrong"),
];

#[derive(Serialize)]
struct Document {
    version: u32,
    lints: Vec<Item>,
}

#[derive(Serialize)]
struct Item {
    code: &'static str,
    group: &'static str,
    /// How bad it is where nobody says otherwise.
    severity: &'static str,
    /// How bad it is in this suite; `allow` if it is not reported.
    level: &'static str,
    /// `safe`, `unsafe`, or nothing.
    fix: Option<&'static str>,
    summary: &'static str,
    #[serde(skip)]
    kind: Kind,
}

/// Lists all codes by group, with their levels in the suite if there is one.
pub(crate) fn list_lints(args: &CheckArgs, color: bool) -> Result<ExitCode> {
    let manifest = suite::settings(args.suite.manifest.as_deref())?.unwrap_or_default();
    let mut items: Vec<Item> = RULES.iter().map(|rule| item(rule, &manifest)).collect();
    items.sort_by_key(|item| (GROUPS.iter().position(|(kind, _)| *kind == item.kind), item.code));
    match args.message_format {
        CheckFormat::Human => print(&human(&items, color)),
        CheckFormat::Json => print(&format!(
            "{}\n",
            serde_json::to_string(&Document {
                version: FORMAT_VERSION,
                lints: items,
            })?
        )),
        CheckFormat::Github | CheckFormat::Sarif => {
            bail!(
                "--list-lints finds nothing that could be an annotation\nhelp: leave --message-format out, or take json"
            )
        }
    }
}

fn item(rule: &Rule, manifest: &Manifest) -> Item {
    let code = rule.code.as_str();
    // Errors stay errors, whatever a manifest says.
    let set = manifest.lint(code).filter(|_| rule.severity != Severity::Error);
    Item {
        code,
        group: match rule.kind {
            Kind::Syntax => "syntax",
            Kind::Meaning => "meaning",
            Kind::Lint => "lint",
        },
        severity: severity_name(rule.severity),
        level: match set {
            None => severity_name(rule.severity),
            Some(LintLevel::Allow) => "allow",
            Some(LintLevel::Report(severity)) => severity_name(severity),
        },
        fix: rule.fix().map(|fix| match fix {
            Applicability::Safe => "safe",
            Applicability::Unsafe => "unsafe",
        }),
        summary: rule.summary(),
        kind: rule.kind,
    }
}

fn human(items: &[Item], color: bool) -> String {
    let bold = if color {
        anstyle::Style::new().bold()
    } else {
        anstyle::Style::new()
    };
    let width = items.iter().map(|item| item.code.len()).max().unwrap_or_default();
    let mut text = String::new();
    for (kind, title) in GROUPS {
        let _ = writeln!(text, "{bold}{title}{bold:#}\n");
        for item in items.iter().filter(|item| item.kind == kind) {
            let fix = match item.fix {
                Some("safe") => "--fix",
                Some(_) => "--fix --unsafe",
                None => "",
            };
            let usual = if item.level == item.severity {
                String::new()
            } else {
                format!(" ({} where Relux.toml says nothing)", item.severity)
            };
            let _ = writeln!(
                text,
                "  {bold}{:width$}{bold:#}  {:7}  {fix:14}  {}{usual}",
                item.code, item.level, item.summary
            );
        }
        text.push('\n');
    }
    text.push_str("Where a column says --fix, `relux check` with these flags can mend it. `relux explain CODE` says more.\n");
    text
}
