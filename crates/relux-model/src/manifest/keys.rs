//! The keys of `Relux.toml`: one table for the reader, the schema of editors, and the manifest of new suites.
//!
//! `[lints]` is not in it: its keys are the codes of diagnostics.

use toml::Spanned;
use toml::de::DeValue;

use super::read::Reader;

/// A table of the manifest.
#[derive(Debug)]
pub struct Table {
    /// Its name; empty for the keys at the top.
    pub name: &'static str,
    /// One line about it.
    pub doc: &'static str,
    /// Its keys, in the order of the manual.
    pub keys: &'static [Key],
}

/// A key of a table.
#[derive(Debug)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// What values it takes.
    pub kind: Kind,
    /// The value in force without it, as TOML; `None` where it depends on the suite or the machine.
    pub default: Option<&'static str>,
    /// A value that people might write, as TOML.
    pub example: &'static str,
    /// What it means, in one line.
    pub doc: &'static str,
    pub(super) read: Read,
}

/// What values a key takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Any string.
    Text,
    /// A string that is not empty.
    NonEmptyText,
    /// A string with something to see in it, and without line ends.
    Line,
    /// One of these strings.
    Choice(&'static [&'static str]),
    /// A string that is split into words, or a list of words.
    Command,
    /// A string like `"5s"`.
    Duration,
    /// A duration that is not zero.
    Timeout,
    /// A number from 1 on, `"num-cpus"` or `"all"`.
    Jobs,
    /// A whole number with its bounds.
    Integer(u32, u32),
    /// A number of at least 1.
    Factor,
    /// A list of patterns like those of `.gitignore`.
    Patterns,
    /// A list of reports, each `FORMAT` or `FORMAT=PATH`.
    Reports,
    /// A list of names, in which `*` stands for any text.
    Names,
}

/// How a value gets into the manifest.
pub(super) type Read = fn(&mut Reader, &Spanned<DeValue<'_>>);

/// Most jobs that `[run] jobs` may ask for.
pub const MOST_JOBS: u32 = 10_000;

/// Lowest port that does not belong to the system.
pub(super) const FIRST_PORT: u16 = 1024;

const PORT: Kind = Kind::Integer(FIRST_PORT as u32, u16::MAX as u32);

macro_rules! key {
    ($name:literal, $kind:expr, $default:expr, $example:literal, $doc:literal, $read:expr) => {
        Key {
            name: $name,
            kind: $kind,
            default: $default,
            example: $example,
            doc: $doc,
            read: $read,
        }
    };
}

/// All tables but `[lints]`, in the order of the manual.
pub const TABLES: &[Table] = &[
    Table {
        name: "",
        doc: "Settings of a Relux suite",
        keys: &[
            key!(
                "name",
                Kind::Text,
                None,
                "\"shop\"",
                "Name of the suite in reports; the name of its directory if missing",
                |r, v| r.manifest.name = r.string(v)
            ),
            key!(
                "edition",
                Kind::Choice(&["2026-04", "2026-08"]),
                None,
                "\"2026-04\"",
                "Edition of the language of all modules; inferred from what is written if missing",
                |r, v| r.manifest.edition = r.edition(v)
            ),
        ],
    },
    Table {
        name: "shell",
        doc: "What runs in every shell",
        keys: &[
            key!(
                "command",
                Kind::Command,
                Some("\"/bin/sh\""),
                "[\"/bin/bash\", \"--norc\"]",
                "Program of every shell; a string is split into words",
                |r, v| r.manifest.shell_command = r.command(v)
            ),
            key!(
                "prompt",
                Kind::Line,
                Some("\"relux> \""),
                "\"relux> \"",
                "Prompt that the shell is made to print",
                |r, v| r.manifest.prompt = r.prompt(v)
            ),
            key!(
                "term",
                Kind::NonEmptyText,
                Some("\"dumb\""),
                "\"xterm\"",
                "`TERM` in every shell",
                |r, v| r.manifest.term = r.nonempty(v)
            ),
            key!(
                "settle",
                Kind::Duration,
                Some("\"20ms\""),
                "\"50ms\"",
                "How long a line without its end must stay unchanged before a match in it counts",
                |r, v| r.manifest.settle = r.duration(v)
            ),
        ],
    },
    Table {
        name: "timeout",
        doc: "How long things may take",
        keys: &[
            key!(
                "match",
                Kind::Timeout,
                Some("\"5s\""),
                "\"10s\"",
                "How long a wait in a shell may take unless the test says otherwise",
                |r, v| r.manifest.match_timeout = r.timeout(v)
            ),
            key!(
                "test",
                Kind::Timeout,
                Some("\"5m\""),
                "\"1m 30s\"",
                "How long a test may take",
                |r, v| r.manifest.test_timeout = r.timeout(v)
            ),
            key!(
                "suite",
                Kind::Timeout,
                Some("\"10m\""),
                "\"1h\"",
                "How long a whole run may take",
                |r, v| r.manifest.suite_timeout = r.timeout(v)
            ),
            key!(
                "shell",
                Kind::Timeout,
                Some("\"5s\""),
                "\"10s\"",
                "How long a shell may take to print its first prompt",
                |r, v| r.manifest.shell_timeout = r.timeout(v)
            ),
            key!(
                "cleanup",
                Kind::Timeout,
                Some("\"30s\""),
                "\"1m\"",
                "How long each `cleanup` block may take",
                |r, v| r.manifest.cleanup_timeout = r.timeout(v)
            ),
        ],
    },
    Table {
        name: "run",
        doc: "How tests are run",
        keys: &[
            key!(
                "jobs",
                Kind::Jobs,
                Some("1"),
                "\"num-cpus\"",
                "How many tests run at once: a number, \"num-cpus\" or \"all\"",
                |r, v| r.manifest.jobs = r.jobs(v)
            ),
            key!(
                "cleanup-failure",
                Kind::Choice(&["warn", "fail"]),
                Some("\"warn\""),
                "\"fail\"",
                "Whether a failed `cleanup` block fails its test",
                |r, v| r.manifest.cleanup_failure_fails = r.warn_or_fail(v)
            ),
            key!(
                "leaks",
                Kind::Choice(&["warn", "fail"]),
                Some("\"fail\""),
                "\"warn\"",
                "Whether a process that outlives its test fails it",
                |r, v| r.manifest.leaks_fail = r.warn_or_fail(v)
            ),
        ],
    },
    Table {
        name: "flaky",
        doc: "What is done about tests with a `# flaky` marker",
        keys: &[
            key!(
                "max_retries",
                Kind::Integer(0, u32::MAX),
                Some("0"),
                "2",
                "How often a failed test with a `# flaky` marker is tried again",
                |r, v| r.manifest.flaky_retries = r.integer(v, 0, u32::MAX)
            ),
            key!(
                "timeout_multiplier",
                Kind::Factor,
                Some("1.5"),
                "2.0",
                "Factor for tolerance timeouts at every retry",
                |r, v| r.manifest.flaky_multiplier = r.multiplier(v)
            ),
        ],
    },
    Table {
        name: "available_ports",
        doc: "Which ports `available_port()` gives out; the runner chooses if nothing is said",
        keys: &[
            key!(
                "range_start",
                PORT,
                None,
                "20000",
                "Lowest port that `available_port()` gives out",
                |r, v| r.manifest.port_start = r.port(v)
            ),
            key!(
                "range_end",
                PORT,
                None,
                "29999",
                "Highest port that `available_port()` gives out",
                |r, v| r.manifest.port_end = r.port(v)
            ),
        ],
    },
    Table {
        name: "report",
        doc: "What a run leaves to read, and what must not be shown",
        keys: &[
            key!(
                "write",
                Kind::Reports,
                Some("[\"html\"]"),
                "[\"html\", \"junit=target/relux.xml\"]",
                "Reports of every run: junit, tap, json, html or github, each with `=PATH` relative to the suite or without",
                |r, v| r.manifest.report_write = r.reports(v)
            ),
            key!(
                "mask",
                Kind::Names,
                Some("[]"),
                "[\"*_DSN\", \"LICENCE\"]",
                "Variables whose values no report shows, beside those whose names look secret; `*` stands for any text",
                |r, v| r.manifest.report_mask = r.names(v)
            ),
        ],
    },
    Table {
        name: "store",
        doc: "How long runs are kept in relux/out",
        keys: &[
            key!(
                "keep-runs",
                Kind::Integer(1, u32::MAX),
                Some("100"),
                "20",
                "How many runs are kept",
                |r, v| r.manifest.keep_runs = r.integer(v, 1, u32::MAX)
            ),
            key!(
                "keep-failed",
                Kind::Integer(0, u32::MAX),
                Some("10"),
                "3",
                "How many failed runs are kept whatever the other keys say",
                |r, v| r.manifest.keep_failed = r.integer(v, 0, u32::MAX)
            ),
            key!(
                "keep-for",
                Kind::Timeout,
                None,
                "\"30d\"",
                "How long runs are kept; for ever if missing",
                |r, v| r.manifest.keep_for = r.timeout(v)
            ),
        ],
    },
    Table {
        name: "fmt",
        doc: "What `relux fmt` and formatting in editors leave alone",
        keys: &[key!(
            "exclude",
            Kind::Patterns,
            Some("[]"),
            "[\"relux/tests/generated/\"]",
            "Files that are not formatted, as patterns of `.gitignore` relative to the suite",
            |r, v| r.manifest.fmt_exclude = r.patterns(v)
        )],
    },
];

/// The keys of a table.
pub(super) fn table(name: &str) -> Option<&'static Table> {
    TABLES.iter().find(|table| table.name == name)
}

#[cfg(test)]
mod tests {
    use super::super::parse_manifest;
    use super::*;

    fn written(table: &Table, key: &Key, value: &str) -> String {
        let head = if table.name.is_empty() {
            String::new()
        } else {
            format!("[{}]\n", table.name)
        };
        format!("{head}{} = {value}\n", key.name)
    }

    #[test]
    fn defaults_are_those_in_force() {
        let plain = parse_manifest("").run_settings("/suite");
        for table in TABLES {
            for key in table.keys {
                let Some(default) = key.default else { continue };
                let manifest = parse_manifest(&written(table, key, default));
                assert!(
                    manifest.diagnostics.is_empty(),
                    "{}: {:?}",
                    key.name,
                    manifest.diagnostics
                );
                let settings = manifest.run_settings("/suite");
                assert_eq!(format!("{settings:?}"), format!("{plain:?}"), "{}", key.name);
            }
        }
    }

    #[test]
    fn examples_and_choices_are_read() {
        for table in TABLES {
            for key in table.keys {
                let mut values = vec![key.example.to_owned()];
                if let Kind::Choice(choices) = key.kind {
                    values.extend(choices.iter().map(|choice| format!("{choice:?}")));
                }
                for value in values {
                    let text = written(table, key, &value);
                    let manifest = parse_manifest(&text);
                    assert!(
                        manifest.diagnostics.is_empty(),
                        "{text}: {:?}",
                        manifest.diagnostics
                    );
                    assert_ne!(manifest, parse_manifest(""), "{text} changes nothing");
                }
            }
        }
    }
}
