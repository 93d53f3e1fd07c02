//! Reports and the memory of runs, as users ask for them on the command line, and what is left after bad ends.

use std::fs::{self, File};
use std::process::{Command, Stdio};

use relux_e2e::{Scratch, relux_bin};
use serde_json::{Value, json};

const GOOD: &str = "test \"good\" {\n    shell s {\n        > true\n        match_ok()\n    }\n}\n";
const BAD: &str = "test \"bad\" {\n    shell s {\n        > test -e mended\n        match_ok()\n    }\n}\n";

fn read(scratch: &Scratch, path: &str) -> String {
    fs::read_to_string(scratch.path().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn reports_go_where_they_are_asked_to() {
    let scratch = Scratch::new(&format!(
        "//- Relux.toml\n[report]\nwrite = [\"junit=build/of-suite.xml\"]\n//- relux/tests/t.relux\n{GOOD}"
    ));
    fs::create_dir(scratch.path().join("below")).expect("writable");
    let outcome = scratch
        .command(&[
            "run",
            "--report",
            "tap=-",
            "--report",
            "junit=typed.xml",
            "--report",
            "tap",
        ])
        .current_dir(scratch.path().join("below"))
        .output()
        .expect("it starts");
    assert!(outcome.status.success(), "{outcome:?}");
    assert!(
        outcome
            .stdout
            .starts_with(b"TAP version 14\n1..1\nok 1 - t: good\n"),
        "{outcome:?}"
    );
    for path in [
        "build/of-suite.xml",
        "below/typed.xml",
        "relux/out/latest/results.tap",
    ] {
        assert!(read(&scratch, path).contains("good"), "{path}");
    }
    assert!(
        !scratch.path().join("relux/out/latest/index.html").exists(),
        "nobody asked for it"
    );
}

#[test]
fn mistakes_in_reports_are_told_before_anything_runs() {
    let scratch = Scratch::new(GOOD);
    for (args, said) in [
        (
            &["--report", "xml"][..],
            "there is no report `xml`; there are junit, tap, json, html, github",
        ),
        (&["--report", "junit="], "a path is missing behind `junit=`"),
        (
            &["--report", "tap=-", "--report", "junit=-"],
            "only one report can go to standard output",
        ),
        (
            &["--report", "tap=-", "--message-format", "json-lines"],
            "only one report can go to standard output",
        ),
    ] {
        let outcome = scratch.relux(&[&["run"], args].concat());
        assert_eq!(outcome.code, Some(2), "{}", outcome.shown());
        assert!(outcome.stderr.contains(said), "{}", outcome.shown());
    }
    assert!(!scratch.path().join("relux/out").exists());
    let scratch = Scratch::new(&format!(
        "//- Relux.toml\n[report]\nwrite = [\"xml\"]\n//- relux/tests/t.relux\n{GOOD}"
    ));
    let outcome = scratch.relux(&["run"]);
    assert_eq!(outcome.code, Some(2), "{}", outcome.shown());
    assert!(
        outcome.stderr.contains("there is no report `xml`"),
        "{}",
        outcome.shown()
    );
}

#[test]
fn github_gets_annotations_by_itself() {
    let scratch = Scratch::new(BAD);
    let run = |args: &[&str]| {
        let output = scratch
            .command(args)
            .env("GITHUB_ACTIONS", "true")
            .env(
                "GITHUB_WORKSPACE",
                scratch.path().parent().expect("a directory above"),
            )
            .output()
            .expect("it starts");
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let stdout = run(&["run"]);
    let below = scratch.path().file_name().expect("a name").to_string_lossy();
    let wanted =
        format!("::error title=t/bad,file={below}/relux/tests/t.relux,line=4,endLine=4,col=9,endColumn=19::");
    assert!(stdout.starts_with(&wanted), "{stdout}\n{wanted}");
    let stdout = run(&["run", "--message-format", "json-lines"]);
    assert!(stdout.lines().all(|line| line.starts_with('{')), "{stdout}");
    let outcome = scratch.relux(&["run"]);
    assert_eq!(outcome.stdout, "", "{}", outcome.shown());
}

#[test]
fn rerun_runs_what_is_outstanding() {
    let scratch = Scratch::new(&format!("{GOOD}{BAD}"));
    let ran = |args: &[&str]| {
        let outcome = scratch.relux(&[&["run"], args].concat());
        let mut tests: Vec<String> = outcome
            .stderr
            .lines()
            .filter_map(|line| Some(line.strip_prefix("test t/")?.split(':').next()?.to_owned()))
            .collect();
        tests.sort();
        (outcome.code, tests.join(" "), outcome.stderr)
    };
    let (code, tests, said) = ran(&["--rerun"]);
    assert_eq!((code, &*tests), (Some(1), "bad good"), "{said}");
    assert!(
        said.contains("note: no test has run yet, so all are new"),
        "{said}"
    );
    let (code, tests, said) = ran(&["--rerun"]);
    assert_eq!((code, &*tests), (Some(1), "bad"), "{said}");
    // A run of another test does not make it forgotten, and a filter selects among what is outstanding.
    ran(&["-t", "good"]);
    let (code, tests, said) = ran(&["--rerun", "-t", "good"]);
    assert_eq!((code, &*tests), (Some(0), ""), "{said}");
    assert!(said.contains("note: nothing to run again"), "{said}");
    scratch.write(
        "relux/tests/t.relux",
        format!("{GOOD}{BAD}{}", GOOD.replace("good", "new")),
    );
    scratch.write("mended", "");
    let (code, tests, said) = ran(&["--rerun"]);
    assert_eq!((code, &*tests), (Some(0), "bad new"), "{said}");
    let (code, tests, said) = ran(&["--rerun"]);
    assert_eq!((code, &*tests), (Some(0), ""), "{said}");
    let broken = format!("{GOOD}{}", BAD.replace("match_ok()", "no_such_function()"));
    scratch.write("relux/tests/t.relux", broken);
    let (code, _, said) = ran(&["--rerun"]);
    assert_eq!(code, Some(1), "{said}");
}

/// A suite whose second test says through a fifo that it runs, and then waits for ever.
fn stuck() -> Scratch {
    let stuck = "test \"stuck\" {\n    shell s {\n        > echo x > running; read line < never\n        <~1000s? ^never$\n    }\n}\n";
    let scratch = Scratch::new(&format!("{GOOD}{stuck}{}", GOOD.replace("good", "later")));
    for fifo in ["running", "never"] {
        let made = Command::new("mkfifo").arg(scratch.path().join(fifo)).status();
        assert!(made.expect("mkfifo starts").success());
    }
    scratch
}

/// Sends a signal to a run once its second test is under way; its exit code.
fn ended_by(scratch: &Scratch, signal: &str) -> Option<i32> {
    let mut child = scratch
        .command(&["run", "--report", "junit", "--report", "tap"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    fs::read_to_string(scratch.path().join("running")).expect("a writer");
    let told = Command::new("kill")
        .args([signal, &child.id().to_string()])
        .status();
    assert!(told.expect("kill starts").success());
    child.wait().expect("it ends").code()
}

#[test]
fn reports_are_complete_after_a_signal() {
    let scratch = stuck();
    assert_eq!(ended_by(&scratch, "-TERM"), Some(143));
    let summary: Value =
        serde_json::from_str(&read(&scratch, "relux/out/latest/run_summary.json")).expect("JSON");
    let outcomes: Vec<&Value> = (0..3).map(|index| &summary["tests"][index]["outcome"]).collect();
    assert_eq!(outcomes, ["passed", "cancelled", "skipped"]);
    assert_eq!(summary["tests"][2]["not_run"], true);
    assert!(read(&scratch, "relux/out/latest/junit.xml").contains("cancelled: signal SIGTERM"));
    assert!(read(&scratch, "relux/out/latest/results.tap").contains("# stopped by signal SIGTERM"));
    assert!(read(&scratch, "relux/out/latest/index.html").contains("Stopped by signal SIGTERM"));
    let page = summary["tests"][1]["page"].as_str().expect("a page");
    assert!(read(&scratch, &format!("relux/out/latest/{page}")).contains("class=\"bad\""));
}

#[test]
fn a_killed_run_leaves_what_happened_and_is_taken_up_again() {
    let scratch = stuck();
    ended_by(&scratch, "-KILL");
    let latest = scratch.path().join("relux/out/latest");
    // The lock goes with the last of its processes.
    let events = File::open(latest.join("events.jsonl")).expect("events");
    events.lock_shared().expect("locks");
    drop(events);
    // Which of its processes the signal met decides how much more it could say.
    let events: Vec<Value> = read(&scratch, "relux/out/latest/events.jsonl")
        .lines()
        .map(|line| serde_json::from_str(line).expect("whole lines"))
        .collect();
    let kinds: Vec<&str> = events.iter().filter_map(|event| event["type"].as_str()).collect();
    assert_eq!(
        kinds[..4],
        ["run-started", "test-started", "test-finished", "test-started"]
    );
    assert_eq!(
        (&events[2]["id"], &events[2]["outcome"]),
        (&json!("t/good"), &json!("passed"))
    );
    let log = "relux/out/latest/logs/relux/tests/t.relux/stuck/s.log";
    assert!(read(&scratch, log).contains("read line"));
    scratch.write(
        "relux/tests/t.relux",
        format!("{GOOD}{}", GOOD.replace("good", "stuck")),
    );
    let outcome = scratch.relux(&["run", "--rerun"]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.shown());
    assert!(
        outcome.stderr.contains("running 1 test\ntest t/stuck: ok"),
        "{}",
        outcome.shown()
    );
}

#[test]
fn a_full_disk_is_told_and_leaves_no_half_written_report() {
    let scratch = Scratch::new(&format!("{GOOD}{BAD}"));
    let output = scratch
        .command_of("sh")
        .args([
            "-c",
            "trap '' XFSZ; ulimit -f 2; exec \"$0\" run --report junit --report tap",
        ])
        .arg(relux_bin())
        .output()
        .expect("sh starts");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("error: cannot write"), "{said}");
    assert!(said.contains("test t/bad: FAILED"), "{said}");
    let latest = scratch.path().join("relux/out/latest");
    for entry in fs::read_dir(&latest).expect("a directory") {
        let name = entry
            .expect("an entry")
            .file_name()
            .to_string_lossy()
            .into_owned();
        assert!(!name.starts_with('.'), "{name} is left");
        let text = fs::read_to_string(latest.join(&name)).unwrap_or_default();
        match name.as_str() {
            "index.html" => assert!(text.ends_with("</html>"), "{name}"),
            "junit.xml" => assert!(text.trim_end().ends_with("</testsuites>"), "{name}"),
            "run_summary.json" => drop(serde_json::from_str::<Value>(&text).expect("JSON")),
            _ => {}
        }
    }
}
