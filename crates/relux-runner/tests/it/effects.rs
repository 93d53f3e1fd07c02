//! Effects: overlays, inheritance, identity, parallel set-up, hand-over, order of the end.

use std::fmt::Write;
use std::fs;
use std::time::Duration;

use relux_runner::event::{FailureKind, Outcome};

use crate::suite::{Ran, suite};

fn passes(source: &str) -> Ran {
    suite(source).run().ok()
}

/// The lines that shells wrote to `journal` in the suite's directory.
fn journal(ran: &Ran) -> Vec<String> {
    fs::read_to_string(ran.suite.path("journal"))
        .unwrap_or_default()
        .lines()
        .map(str::to_owned)
        .collect()
}

#[test]
fn overlays_are_environment_down_to_the_last_effect() {
    passes(
        r#"
effect Leaf {
    expect PORT
    let seen = "leaf ${PORT}"
    expose shell srv
    expose var seen
    shell srv {
        > echo "$${PORT} ${PORT} ${seen}"
        <? ^80 80 leaf 80$
        match_prompt()
    }
}
effect Mid {
    start Leaf as leaf
    expose shell leaf.srv as service
    expose var leaf.seen as seen
    shell own {
        > echo ${PORT} ${leaf.seen}
        <? ^80 leaf 80$
    }
}
test "t" {
    let port = "80"
    start Mid as m { PORT = port }
    shell client {
        > echo "${m.seen} [${PORT}]"
        <? ^leaf 80 \[\]$
        m.seen == leaf 80
    }
    shell m.service {
        > echo "${port} $${PORT} [${seen}]"
        <? ^80 80 \[\]$
    }
}
"#,
    );
}

#[test]
fn instances_are_shared_by_value_however_it_got_there() {
    let ran = passes(
        r#"
effect Leaf {
    expect P
    expose shell srv
    shell srv {
        > echo leaf ${P} >> journal
        match_ok()
    }
}
effect Mid {
    start Leaf as leaf
    expose shell leaf.srv as srv
    shell own {
        > echo mid ${P} >> journal
        match_ok()
    }
}
test "t" {
    let one = "1"
    start Mid as a { P = one }
    start Mid as b { P = "2" }
    start Leaf as c { P = "1" }
    start Mid as d { P = "2", EXTRA = "x" }
    shell a.srv {
        > V=shared
        match_ok()
    }
    shell c.srv {
        > echo $${V} $${P}
        <? ^shared 1$
    }
    shell b.srv {
        > echo "[$${V}] $${P}"
        <? ^\[\] 2$
    }
}
"#,
    );
    let mut lines = journal(&ran);
    lines.sort();
    assert_eq!(lines, ["leaf 1", "leaf 2", "mid 1", "mid 2"]);
}

#[test]
fn an_effect_without_needs_is_shared_whatever_the_overlay() {
    let ran = passes(
        r#"
effect E {
    shell s {
        > echo up >> journal
        match_ok()
    }
}
test "t" {
    start E { A = "1" }
    start E { A = "2" }
    shell s {
        > true
    }
}
"#,
    );
    assert_eq!(journal(&ran), ["up"]);
}

#[test]
fn host_variables_take_part_in_identity() {
    let source = r#"
effect E {
    expect P
    shell s {
        > echo up ${P} >> journal
        match_ok()
    }
}
test "t" {
    start E
    start E { P = "host" }
    shell s {
        > true
    }
}
"#;
    let ran = suite(source)
        .with(|suite| suite.host_env.push(("P".to_owned(), "host".to_owned())))
        .run()
        .ok();
    assert_eq!(journal(&ran), ["up host"]);
}

#[test]
fn independent_effects_are_set_up_at_the_same_time() {
    // Each waits for the other: one after the other would never end.
    passes(
        r#"
effect Meet {
    expect ME, OTHER
    shell s {
        > mkfifo ${ME} 2>/dev/null; mkfifo ${OTHER} 2>/dev/null; (echo here > ${ME} &); cat ${OTHER}
        <? ^here$
        match_ok()
    }
}
test "t" {
    start Meet { ME = "fifo-a", OTHER = "fifo-b" }
    start Meet { ME = "fifo-b", OTHER = "fifo-a" }
    shell s {
        > true
    }
}
"#,
    );
}

#[test]
fn siblings_that_read_each_other_wait() {
    passes(
        r#"
effect Db {
    let port = "1234"
    expose var port
    shell s {
        > sleep 0.1
        match_ok()
    }
}
effect App {
    expect DB_PORT
    let seen = DB_PORT
    expose var seen
}
test "t" {
    start App as app { DB_PORT = db.port }
    start Db as db
    shell s {
        app.seen == 1234
    }
}
"#,
    );
}

#[test]
fn handed_over_shells_forget_variables_and_keep_timeout_fail_pattern_and_cursor() {
    let ran = suite(
        r#"
effect E {
    expose shell srv
    shell srv {
        let x = "inner"
        > echo rest; echo more
        <? ^(rest)$
        @70ms
        !? ^bad$
    }
}
test "reads on" {
    start E as e
    shell e.srv {
        <~5s? ^more$
        <~5s= relux> 
        > echo "[${x}${1}]"
        <~5s? ^\[\]$
    }
}
test "timeout" {
    start E as e
    shell e.srv {
        <? ^never$
    }
}
test "fail pattern" {
    start E as e
    shell e.srv {
        <~5s? ^more$
        <~5s= relux> 
        > echo bad
        <~5s? ^never$
    }
}
"#,
    )
    .run();
    let failed: Vec<String> = ran
        .report
        .results
        .iter()
        .map(|result| {
            result.failure.as_ref().map_or(String::new(), |f| {
                f.message.clone() + ": " + f.label.as_deref().unwrap_or("")
            })
        })
        .collect();
    assert_eq!(
        failed,
        [
            "",
            "match timeout in shell `srv`: `^never$` was not printed within 70ms",
            "fail pattern matched in shell `srv`: `^bad$` was printed",
        ],
        "{}",
        ran.output
    );
}

const ORDER: &str = r#"
effect Base {
    expect N
    shell s {
        > echo up base >> journal
        match_ok()
    }
    cleanup {
        > echo down base >> journal
        match_ok()
    }
}
effect Top {
    start Base
    shell s {
        > echo up top >> journal
        match_ok()
    }
    cleanup {
        > sleep 0.1; echo down top ${N} >> journal
        match_ok()
    }
}
test "t" {
    let word = "word"
    start Base { N = "1" }
    start Top { N = "1" }
    shell s {
        BODY
    }
    cleanup {
        > echo cleanup ${word} >> journal
        match_ok()
    }
}
"#;

#[test]
fn dependents_end_before_what_they_depend_on() {
    let ran = passes(&ORDER.replace("BODY", "> true"));
    assert_eq!(
        journal(&ran),
        ["up base", "up top", "cleanup word", "down top 1", "down base"]
    );
}

#[test]
fn cleanups_run_after_a_failure() {
    let ran = suite(&ORDER.replace("BODY", "<@10ms? never")).run();
    assert_eq!(ran.only().outcome, Outcome::Failed);
    assert_eq!(
        journal(&ran),
        ["up base", "up top", "cleanup word", "down top 1", "down base"]
    );
}

#[test]
fn a_failed_effect_fails_the_test_and_everything_is_cleaned_up() {
    let ran = suite(
        r#"
effect Good {
    shell s {
        > echo up good >> journal
        match_ok()
    }
    cleanup {
        > echo down good >> journal
        match_ok()
    }
}
effect Bad {
    start Good
    shell s {
        > exit 3
        <? ^ready$
    }
    cleanup {
        > echo down bad >> journal
        match_ok()
    }
}
test "t" {
    start Bad as first
    start Bad as second
    shell s {
        > echo body >> journal
        match_ok()
    }
    cleanup {
        > echo cleanup >> journal
        match_ok()
    }
}
"#,
    )
    .run();
    let failure = ran.only().failure.as_ref().unwrap();
    assert_eq!(failure.message, "shell `s` ended with status 3");
    assert_eq!(journal(&ran), ["up good", "cleanup", "down bad", "down good"]);
}

#[test]
fn background_services_of_hidden_shells_live_until_the_effect_ends() {
    passes(
        r#"
effect Daemon {
    shell setup {
        > (sleep 1000 & echo $$! > pid)
        match_ok()
    }
    cleanup {
        > kill -0 $$(cat pid)
        match_ok()
    }
}
test "t" {
    start Daemon
    shell s {
        > kill -0 $$(cat pid)
        match_ok()
    }
}
"#,
    );
}

#[test]
fn effects_that_share_a_shell_take_turns_with_it() {
    let ran = passes(
        r#"
effect Db {
    expose shell srv
    shell srv {
        > n=0
        match_ok()
    }
}
effect User {
    expect WHO
    start Db as db
    shell db.srv {
        > n=$$((n+1)); sleep 0.05; echo "turn $$n"
        <? ^turn \d$
        match_ok()
    }
}
test "t" {
    start User { WHO = "a" }
    start User { WHO = "b" }
    start User { WHO = "c" }
    start Db as db
    shell db.srv {
        > echo total $$n
        <? ^total 3$
    }
}
"#,
    );
    assert_eq!(ran.only().outcome, Outcome::Passed);
}

/// Two effects that start each other.
pub(crate) const CYCLE: &str = r#"
effect Hen {
    start Egg
    shell s {
        > true
    }
}
effect Egg {
    start Hen
    shell s {
        > true
    }
}
test "waits for itself" {
    start Hen
    shell s {
        > true
    }
}
"#;

#[test]
fn a_test_whose_effects_wait_for_each_other_ends_with_its_time() {
    let ran = suite(CYCLE)
        .with(|suite| suite.settings.test_timeout = Duration::from_millis(300))
        .run();
    let failure = ran.only().failure.as_ref().unwrap();
    assert_eq!(failure.kind, FailureKind::TestTimeout);
    assert_eq!(failure.message, "the test took longer than 300ms");
    let place = failure.place.as_ref().unwrap();
    assert_eq!((place.line, place.column), (9, 5), "the start that waits");
}

#[test]
fn instances_that_are_set_up_at_the_same_time_have_logs_of_their_own() {
    let mut source = String::from(
        "effect E {\n    expect N\n    shell s {\n        > echo \"I am $N.\"\n        match_ok()\n    }\n}\ntest \"t\" {\n",
    );
    for number in 0..12 {
        writeln!(source, "    start E {{ N = \"{number}\" }}").unwrap();
    }
    source.push_str("    shell s {\n        > true\n    }\n}\n");
    let ran = suite(&source).run().ok();
    let dir = ran.report.run_dir.join(ran.only().log_dir.as_ref().unwrap());
    let logs: Vec<String> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("E.s."))
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    assert_eq!(logs.len(), 12);
    for log in logs {
        let own = log.lines().filter(|line| line.starts_with("I am ")).count();
        assert_eq!(own, 1, "{log}");
    }
}
