//! Reports of whole runs: each form against its rules, the same content in all of them, whatever the schedule.

use std::fs;
use std::path::Path;

use quick_junit::{NonSuccessKind, Report, TestCaseStatus};
use relux_model::plan::Jobs;
use relux_model::reports::ReportTarget;
use relux_runner::event::{Event, Outcome};
use relux_runner::{EVENTS_FILE, SUMMARY_FILE};
use serde_json::Value;

use crate::suite::{Ran, Suite, invalid, suite};

/// One test of every outcome, with names and output that would be markup, directives or commands.
const MIXED: &str = r#"
effect Db {
    expect DB_PASSWORD
    expose shell db
    shell db {
        > echo "up with ${DB_PASSWORD}"
        <? ^up with .*$
    }
    cleanup {
        > false
        match_ok()
    }
}
test "<script>alert(1)</script> & ]]> 100% # SKIP" {
    let api_token = "hunter2hunter2"
    start Db as d { DB_PASSWORD = "swordfish99" }
    shell client {
        > echo '<script>alert("x")</script>' ${api_token} $$HOST_TOKEN; printf 'a\001\033[1mb\n'
        <? ^<script>.*$
        <@80ms? ^never ${api_token} (\d+)$
    }
}
test "passes" {
    shell s {
        > echo ok
        <? ^ok$
    }
}
# flaky
test "lucky" {
    shell s {
        > echo x >> ${__RELUX_RUN_ARTIFACTS}/count; test $$(wc -l < ${__RELUX_RUN_ARTIFACTS}/count) -ge 2
        match_ok()
    }
}
# skip
test "not today" {
    shell s {
        > true
    }
}
"#;

fn mixed(reports: &[&str]) -> Suite {
    let reports: Vec<ReportTarget> = reports.iter().map(|text| text.parse().unwrap()).collect();
    suite(MIXED)
        .with(|suite| {
            suite.options.flaky_retries = Some(3);
            suite.options.reports = reports;
            let secret = ("HOST_TOKEN".to_owned(), "fromthehost1".to_owned());
            suite.host_env.push(secret);
        })
        .extra(invalid("t/broken"))
}

fn file(ran: &Ran, name: &str) -> String {
    fs::read_to_string(ran.report.run_dir.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// All files below a directory but logs and what tests left.
fn reports_below(dir: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && name != "artifacts" {
            found.extend(reports_below(&path));
        } else if [".html", ".json", ".jsonl", ".xml", ".tap"]
            .iter()
            .any(|end| name.ends_with(end))
        {
            found.push((name, fs::read_to_string(&path).unwrap()));
        }
    }
    found.sort();
    found
}

#[test]
fn junit_has_the_structure_that_readers_expect() {
    let ran = mixed(&["junit"]).run();
    let text = file(&ran, "junit.xml");
    let report = Report::deserialize_from_str(&text).unwrap();
    assert_eq!(report.name.as_ref().unwrap().as_str(), "scratch");
    assert_eq!(
        (report.tests, report.failures, report.errors, report.skipped),
        (5, 1, 1, 1)
    );
    let [suite] = report.test_suites.as_slice() else {
        panic!("{text}")
    };
    assert_eq!(suite.name.as_str(), "relux/tests/t.relux");
    assert!(suite.extra.contains_key("timestamp") || suite.timestamp.is_some());
    let names: Vec<&str> = suite.test_cases.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(names[1..], ["passes", "lucky", "not today", "t/broken"]);
    for case in &suite.test_cases {
        assert!(
            case.time.is_some()
                && case
                    .classname
                    .as_ref()
                    .is_some_and(|name| name.as_str().starts_with('t'))
        );
    }
    let status = |index: usize| &suite.test_cases[index].status;
    let TestCaseStatus::NonSuccess {
        kind,
        message,
        ty,
        description,
        ..
    } = status(0)
    else {
        panic!("{text}")
    };
    assert_eq!(*kind, NonSuccessKind::Failure);
    assert_eq!(
        message.as_ref().unwrap().as_str(),
        "match timeout in shell `client`"
    );
    assert_eq!(ty.as_ref().unwrap().as_str(), "match-timeout");
    assert!(
        description
            .as_ref()
            .unwrap()
            .as_str()
            .contains("relux/tests/t.relux:20"),
        "{text}"
    );
    assert!(matches!(status(1), TestCaseStatus::Success { flaky_runs } if flaky_runs.is_empty()));
    assert!(matches!(status(2), TestCaseStatus::Success { flaky_runs } if flaky_runs.len() == 1));
    assert!(matches!(status(3), TestCaseStatus::Skipped { .. }));
    assert!(matches!(
        status(4),
        TestCaseStatus::NonSuccess {
            kind: NonSuccessKind::Error,
            ..
        }
    ));
    // Control characters cannot be written in XML 1.0 at all.
    assert!(text.chars().all(|c| !c.is_control() || "\n\t\r".contains(c)));
}

/// A strict reader of what TAP 14 says about lines; descriptions and what their blocks hold.
fn tap(text: &str) -> Vec<(bool, String, Option<String>)> {
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("TAP version 14"));
    let plan = lines.next().and_then(|line| line.strip_prefix("1..")).unwrap();
    let planned: usize = plan.split(' ').next().unwrap().parse().unwrap();
    let mut points = Vec::new();
    let mut in_block = false;
    for line in lines {
        if in_block {
            assert!(line.starts_with("  "), "{line:?}");
            in_block = line != "  ...";
            if let Some((_, value)) = line.split_once(": \"") {
                assert!(
                    serde_json::from_str::<String>(&format!("\"{value}")).is_ok(),
                    "{line}"
                );
            }
        } else if line == "  ---" {
            in_block = true;
        } else if !line.starts_with('#') && !line.starts_with("Bail out! ") {
            let (ok, rest) = match line.strip_prefix("not ") {
                Some(rest) => (false, rest),
                None => (true, line),
            };
            let number = format!("ok {} - ", points.len() + 1);
            let description = rest.strip_prefix(&number).unwrap_or_else(|| panic!("{line:?}"));
            let escaped = description.replace("\\#", "\u{1}");
            let (name, directive) = match escaped.split_once('#') {
                Some((name, directive)) => (name.trim_end().to_owned(), Some(directive.trim().to_owned())),
                None => (escaped, None),
            };
            points.push((ok, name.replace('\u{1}', "#"), directive));
        }
    }
    assert!(!in_block);
    assert_eq!(points.len(), planned);
    points
}

#[test]
fn tap_has_a_point_per_test_in_order_of_declaration() {
    let ran = mixed(&["tap"]).run();
    let points = tap(&file(&ran, "results.tap"));
    let oks: Vec<bool> = points.iter().map(|(ok, ..)| *ok).collect();
    assert_eq!(oks, [false, true, true, true, false]);
    assert!(
        points[0].1.ends_with("100% # SKIP") && points[0].2.is_none(),
        "{points:?}"
    );
    assert_eq!((&*points[2].1, &points[2].2), ("t.relux: lucky", &None));
    assert_eq!(points[3].2.as_deref(), Some("SKIP # skip"));
    let empty = suite("")
        .with(|suite| suite.options.reports = vec!["tap".parse().unwrap()])
        .run();
    assert!(tap(&file(&empty, "results.tap")).is_empty());
}

#[test]
fn annotations_stand_at_their_lines() {
    let ran = mixed(&["github=annotations"]).run();
    let text = fs::read_to_string(ran.suite.path("annotations")).unwrap();
    insta::assert_snapshot!(text.replace(&ran.suite.settings.root, "[root]"));
}

#[test]
fn pages_escape_everything_and_load_nothing() {
    let ran = mixed(&[]).run();
    let page = ran.only_page();
    for text in [file(&ran, "index.html"), page.clone()] {
        let lower = text.to_lowercase();
        assert!(!lower.contains("<script>alert"), "{text}");
        assert!(
            text.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; ]]&gt;"),
            "{text}"
        );
        assert!(!text.contains("http://") && !text.contains("https://") && !text.contains("src="));
        assert!(!text.contains('\u{1b}') && !text.contains('\u{1}'));
    }
    // What was matched where, with the way to the statement.
    assert!(page.contains("<mark><a href=\"#a1s"), "{page}");
    assert!(page.contains("let api_token = "), "{page}");
    assert!(page.contains("Environment ("), "{page}");
    let lucky = ran.report.results[2].page.as_ref().unwrap();
    assert!(file(&ran, lucky).contains("Attempt 1"), "{lucky}");
    assert!(ran.report.results[1].page.is_none() && ran.report.results[3].page.is_none());
}

impl Ran {
    /// The page of the first test.
    fn only_page(&self) -> String {
        file(self, self.report.results[0].page.as_ref().expect("a page"))
    }
}

#[test]
fn secrets_are_in_no_report() {
    let secrets = ["hunter2hunter2", "swordfish99", "fromthehost1"];
    let ran = mixed(&["junit", "tap", "json=copy.json", "github=annotations"]).run();
    let mut all = reports_below(&ran.report.run_dir);
    assert!(
        all.len() >= 6,
        "{:?}",
        all.iter().map(|(name, _)| name).collect::<Vec<_>>()
    );
    for name in ["copy.json", "annotations"] {
        all.push((name.to_owned(), fs::read_to_string(ran.suite.path(name)).unwrap()));
    }
    all.push(("console".to_owned(), ran.output.clone()));
    all.push(("stream".to_owned(), mixed(&[]).events().0.output));
    for (name, text) in &all {
        for secret in secrets {
            assert!(!text.contains(secret), "{name} shows {secret}:\n{text}");
        }
    }
    assert!(ran.output.contains("api_token = \"•••\""), "{}", ran.output);
    // The log of a shell is what the shell printed.
    let log = ran
        .report
        .run_dir
        .join(ran.report.results[0].log_dir.as_ref().unwrap());
    assert!(
        fs::read_to_string(log.join("client.log"))
            .unwrap()
            .contains(secrets[0])
    );
}

#[test]
fn more_names_can_be_masked() {
    let ran =
        suite("test \"t\" {\n    shell s {\n        > echo $$LICENCE\n        <@80ms? never\n    }\n}\n")
            .with(|suite| suite.settings.reports.mask = vec!["LIC*".to_owned()])
            .with(|suite| {
                suite
                    .host_env
                    .push(("LICENCE".to_owned(), "not-for-you".to_owned()));
            })
            .run();
    assert!(
        !ran.output.contains("not-for-you") && ran.output.contains("•••"),
        "{}",
        ran.output
    );
}

/// Without what differs from run to run.
fn bare(ran: &Ran, text: &str) -> String {
    let text = text
        .replace(&ran.suite.settings.root, "[root]")
        .replace(&ran.report.run_id, "[id]");
    let text = crate::suite::redact_marks(&text);
    let mut out = String::new();
    for c in text.chars() {
        let figure = c.is_ascii_digit() || (c == '.' && out.ends_with('0'));
        if !figure {
            out.push(c);
        } else if !out.ends_with('0') {
            out.push('0');
        }
    }
    // Short and long times have different units, and the last prompt may not have been printed yet.
    let lines = out.lines().filter(|line| line.trim() != "| relux&gt;");
    lines.collect::<Vec<_>>().join("\n").replace("0 ms", "0 s")
}

#[test]
fn reports_do_not_depend_on_the_schedule() {
    let mut source = MIXED.to_owned();
    for number in 0..12 {
        let nap = (12 - number) % 4;
        let test = format!(
            "test \"nap {number}\" {{\n    shell s {{\n        > sleep 0.0{nap}; echo done\n        <? ^done$\n        <@50ms? ^no {number}$\n    }}\n}}\n"
        );
        source.push_str(&test);
    }
    let run = |jobs| {
        let mut suite = mixed(&["junit", "tap", "github=annotations"]);
        suite.settings.jobs = Jobs::Count(jobs);
        suite.replace_source(&source);
        suite.run()
    };
    let (one, eight) = (run(1), run(8));
    assert_eq!(one.report.results.len(), 17);
    for name in ["junit.xml", "results.tap"] {
        assert_eq!(
            bare(&one, &file(&one, name)),
            bare(&eight, &file(&eight, name)),
            "{name}"
        );
    }
    let order = |ran: &Ran| -> Vec<(String, Outcome)> {
        let summary: Value = serde_json::from_str(&file(ran, SUMMARY_FILE)).unwrap();
        let tests = summary["tests"].as_array().unwrap();
        assert_eq!(tests.len(), ran.report.results.len());
        ran.report
            .results
            .iter()
            .zip(tests)
            .map(|(result, written)| {
                assert_eq!(written["id"], result.id.as_str());
                (result.id.clone(), result.outcome)
            })
            .collect()
    };
    assert_eq!(order(&one), order(&eight));
}

#[test]
fn the_journal_has_the_same_results() {
    let ran = mixed(&[]).run();
    let events: Vec<Event> = file(&ran, EVENTS_FILE)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(matches!(events.first(), Some(Event::RunStarted { tests: 5, .. })));
    assert!(matches!(events.last(), Some(Event::RunFinished(summary)) if *summary == ran.report.summary));
    for result in &ran.report.results {
        assert!(
            events
                .iter()
                .any(|event| matches!(event, Event::TestFinished(told) if told == result))
        );
    }
}

#[test]
fn retries_stay_in_every_report() {
    let ran = mixed(&["junit", "tap"]).run();
    let result = &ran.report.results[2];
    assert_eq!((result.outcome, result.attempts), (Outcome::Flaky, 2));
    assert_eq!(result.earlier[0].attempt, 1);
    assert!(file(&ran, "junit.xml").contains("<flakyFailure "));
    assert!(
        file(&ran, "results.tap").contains("  outcome: flaky\n  attempts: 2\n  earlier:\n    - attempt: 1\n")
    );
    assert!(file(&ran, SUMMARY_FILE).contains("\"outcome\": \"flaky\""));
    assert!(file(&ran, "index.html").contains("Attempt 1 failed after "));
    assert!(ran.output.contains("ok (flaky)"), "{}", ran.output);
    assert_eq!((ran.report.summary.passed, ran.report.summary.flaky), (2, 1));
}

#[test]
fn a_report_that_cannot_be_written_fails_the_run_and_keeps_no_other_from_being_written() {
    let ran = suite("test \"t\" {\n    shell s {\n        > true\n    }\n}\n")
        .with(|suite| {
            fs::write(suite.path("wall"), "a file").unwrap();
            let reports = ["junit=wall/junit.xml", "tap", "json=/proc/no/such.json"];
            suite.options.reports = reports.iter().map(|text| text.parse().unwrap()).collect();
        })
        .run();
    assert_eq!(ran.only().outcome, Outcome::Passed);
    assert_eq!(ran.report.exit_code(), 1, "{}", ran.output);
    let errors = &ran.report.summary.report_errors;
    assert_eq!(errors.len(), 2, "{errors:?}");
    assert!(
        errors[0].starts_with("cannot write the report `junit` to "),
        "{errors:?}"
    );
    assert!(
        ran.output.contains("cannot write the report `junit`"),
        "{}",
        ran.output
    );
    assert!(file(&ran, "results.tap").starts_with("TAP version 14"));
    let summary: Value = serde_json::from_str(&file(&ran, SUMMARY_FILE)).unwrap();
    assert_eq!(summary["summary"]["exit_code"], 1);
}

/// Bytes of all files below a directory.
fn bytes(dir: &Path) -> u64 {
    let size = |entry: fs::DirEntry| {
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            bytes(&entry.path())
        } else {
            entry.metadata().unwrap().len()
        }
    };
    fs::read_dir(dir).unwrap().map(|entry| size(entry.unwrap())).sum()
}

#[test]
fn a_passing_test_costs_few_bytes() {
    const TESTS: usize = 20;
    let mut source = String::new();
    for number in 0..TESTS {
        let test = format!(
            "test \"number {number}\" {{\n    shell s {{\n        > echo ok\n        <? ^ok$\n        match_ok()\n    }}\n}}\n"
        );
        source.push_str(&test);
    }
    let ran = suite(&source)
        .with(|suite| suite.options.reports = vec!["junit".parse().unwrap(), "tap".parse().unwrap()])
        .run()
        .ok();
    let each = bytes(&ran.report.run_dir) / TESTS as u64;
    assert!(each < 4_000, "{each} bytes per passing test");
}

/// What is wrong with a value. Unlike a reader of the schema, this also refuses fields that it does not know.
fn misfits(value: &Value, schema: &Value, whole: &Value, at: &str, found: &mut Vec<String>) {
    if let Some(target) = schema["$ref"].as_str() {
        let target = whole.pointer(target.trim_start_matches('#')).unwrap();
        return misfits(value, target, whole, at, found);
    }
    let fits = match schema["type"].as_str().unwrap() {
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() && value.as_i64() >= schema["minimum"].as_i64().or(Some(i64::MIN)),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("{other}"),
    };
    if !fits || schema["enum"].as_array().is_some_and(|all| !all.contains(value)) {
        found.push(format!("{at}: {value}"));
    }
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        misfits(item, &schema["items"], whole, &format!("{at}/{index}"), found);
    }
    for name in schema["required"].as_array().into_iter().flatten() {
        if value.get(name.as_str().unwrap()).is_none() {
            found.push(format!("{at}: {name} is missing"));
        }
    }
    for (name, item) in value.as_object().into_iter().flatten() {
        match schema["properties"].get(name) {
            Some(schema) => misfits(item, schema, whole, &format!("{at}/{name}"), found),
            None => found.push(format!("{at}/{name} is not in the schema")),
        }
    }
}

#[test]
fn summaries_fit_their_schema() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../book/src/run-summary.schema.json");
    let schema: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let check = |ran: &Ran| {
        let summary: Value = serde_json::from_str(&file(ran, SUMMARY_FILE)).unwrap();
        let mut found = Vec::new();
        misfits(&summary, &schema, &schema, "", &mut found);
        assert!(found.is_empty(), "{found:#?}");
        summary
    };
    let mut summary = check(&mixed(&[]).run());
    let stopped = mixed(&["junit=/proc/no/such"])
        .with(|suite| suite.options.strategy = relux_runner::Strategy::FailFast)
        .with(|suite| suite.broken_files = 1)
        .run();
    assert_eq!(check(&stopped)["summary"]["stopped"]["kind"], "fail-fast");
    // The test itself has to be able to fail.
    summary["tests"][0]["outcome"] = "fine".into();
    summary["extra"] = 1.into();
    let mut found = Vec::new();
    misfits(&summary, &schema, &schema, "", &mut found);
    assert_eq!(
        found,
        ["/tests/0/outcome: \"fine\"", "/extra is not in the schema"]
    );
}

/// Runs in the same directory, one after the other.
fn runs_of(dir: &Path, source: &str, change: impl FnOnce(&mut Suite)) -> Ran {
    crate::suite::suite_in(dir, source).with(change).run()
}

#[test]
fn the_store_keeps_order_and_results_whatever_the_clock_says() {
    let dir = tempfile::tempdir().unwrap();
    let good = "test \"a\" {\n    shell s {\n        > true\n    }\n}\n";
    let first = runs_of(
        dir.path(),
        &format!(
            "{good}{}",
            good.replace("\"a\"", "\"b\"")
                .replace("true", "false\n        match_ok()")
        ),
        |_| {},
    );
    // As if the clock had been ahead when the first run began.
    let out = dir.path().join("relux/out");
    let ahead = out.join("run-2999-01-01-00-00-00-ahead");
    fs::rename(&first.report.run_dir, &ahead).unwrap();
    let runs = fs::read_to_string(out.join(".store/runs")).unwrap();
    let name = first
        .report
        .run_dir
        .file_name()
        .unwrap()
        .to_string_lossy()
        .into_owned();
    fs::write(
        out.join(".store/runs"),
        runs.replace(&name, "run-2999-01-01-00-00-00-ahead"),
    )
    .unwrap();
    let outstanding = relux_runner::outstanding(dir.path()).unwrap();
    assert!(
        !outstanding.wants("t.relux/a") && outstanding.wants("t.relux/b") && outstanding.wants("t.relux/new")
    );
    let keep_one =
        |suite: &mut Suite| (suite.settings.store.keep_runs, suite.settings.store.keep_failed) = (2, 0);
    let second = runs_of(dir.path(), good, keep_one);
    let third = runs_of(dir.path(), good, keep_one);
    assert!(!ahead.exists(), "the oldest goes, whatever its name says");
    assert!(second.report.run_dir.exists() && third.report.run_dir.exists());
    assert_eq!(
        fs::canonicalize(out.join("latest")).unwrap(),
        fs::canonicalize(&third.report.run_dir).unwrap()
    );
    assert!(relux_runner::outstanding(dir.path()).unwrap().wants("t.relux/b"));
}

#[test]
fn a_store_that_cannot_be_written_fails_the_run_and_loses_no_result() {
    let ran = suite("test \"a\" {\n    shell s {\n        > true\n    }\n}\n")
        .with(|suite| {
            fs::create_dir_all(suite.path("relux/out")).unwrap();
            fs::write(suite.path("relux/out/.store"), "in the way").unwrap();
        })
        .run();
    assert_eq!(ran.report.exit_code(), 1, "{}", ran.output);
    assert!(
        ran.output.contains("cannot write down which runs there are"),
        "{}",
        ran.output
    );
    assert!(file(&ran, SUMMARY_FILE).contains("\"outcome\": \"passed\""));
    assert!(ran.suite.path("relux/out/latest").exists());
}
