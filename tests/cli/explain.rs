//! `relux explain` and `relux check --list-lints`: what can be found, without finding it.

use relux_e2e::Scratch;
use serde_json::Value;

/// A directory without a suite.
fn nowhere() -> Scratch {
    let scratch = Scratch::new("");
    std::fs::remove_file(scratch.path().join("Relux.toml")).expect("removing the manifest");
    scratch
}

#[test]
fn a_page_is_printed_anywhere() {
    let outcome = nowhere().relux(&["explain", "unused-import"]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.shown());
    insta::assert_snapshot!(outcome.stdout);
}

#[test]
fn several_pages_are_printed_one_after_the_other() {
    let outcome = nowhere().relux(&["explain", "unused-import", "missing-expect"]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.shown());
    assert!(
        outcome.stdout.starts_with("unused-import\n"),
        "{}",
        outcome.stdout
    );
    assert!(
        outcome.stdout.contains("\n\nmissing-expect\n"),
        "{}",
        outcome.stdout
    );
}

#[test]
fn colours_are_for_terminals() {
    let scratch = nowhere();
    let colored = |args: &[&str]| scratch.relux(args).stdout.contains('\u{1b}');
    for command in [&["explain", "unused-import"][..], &["check", "--list-lints"]] {
        assert!(!colored(command));
        assert!(colored(&[command, &["--color", "always"]].concat()));
    }
}

#[test]
fn an_unknown_code_is_told_with_what_was_meant() {
    let scratch = nowhere();
    for (args, told) in [
        (
            &["explain", "unused-import", "missing-expct"][..],
            "error: no finding has the code `missing-expct`\nhelp: did you mean `missing-expect`?\n",
        ),
        (
            &["explain", "E0001"],
            "error: no finding has the code `E0001`\nhelp: `relux check --list-lints` lists all codes\n",
        ),
        (
            &["explain"],
            "error: which finding shall be explained?\n\
             help: name its code, as in `relux explain missing-expect`; `relux check --list-lints` lists all codes\n",
        ),
    ] {
        let outcome = scratch.relux(args);
        assert_eq!(outcome.code, Some(2), "{}", outcome.shown());
        assert_eq!((outcome.stdout.as_str(), outcome.stderr.as_str()), ("", told));
    }
}

#[test]
fn findings_say_where_they_are_explained() {
    let scratch = Scratch::new("import nowhere\n");
    let last = |scratch: &Scratch| {
        let outcome = scratch.relux(&["check"]);
        outcome.stdout.lines().next_back().map(str::to_owned)
    };
    assert_eq!(
        last(&scratch).as_deref(),
        Some("`relux explain unresolved-import` says more")
    );
    scratch.write("relux/lib/more.relux", "frobnicate\n");
    assert_eq!(
        last(&scratch).as_deref(),
        Some("`relux explain CODE` says more, for example `relux explain unknown-word`")
    );
    let clean = last(&Scratch::new("//- relux/lib/a.relux\n"));
    assert_eq!(clean.as_deref(), Some("checked 1 file: no problems"));
}

/// `code level fix` of the list.
fn listed(scratch: &Scratch, code: &str) -> (Value, Value, Value) {
    let outcome = scratch.relux(&["check", "--list-lints", "--message-format", "json"]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.shown());
    let document: Value = serde_json::from_str(&outcome.stdout).expect("JSON");
    let list = document["lints"].as_array().expect("a list");
    let item = list
        .iter()
        .find(|item| item["code"] == code)
        .expect("it is listed");
    (
        item["severity"].clone(),
        item["level"].clone(),
        item["fix"].clone(),
    )
}

#[test]
fn the_list_has_every_code_with_its_level_and_fix() {
    let scratch = nowhere();
    assert_eq!(
        listed(&scratch, "unused-import"),
        ("warning".into(), "warning".into(), "safe".into())
    );
    assert_eq!(
        listed(&scratch, "unused-variable"),
        ("warning".into(), "warning".into(), "unsafe".into())
    );
    assert_eq!(
        listed(&scratch, "invalid-utf8"),
        ("error".into(), "error".into(), Value::Null)
    );
    let shown = scratch.relux(&["check", "--list-lints"]);
    let mut lines = shown
        .stdout
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    let line = "unused-variable warning --fix --unsafe Nothing reads a variable.";
    assert!(lines.any(|it| it == line), "{}", shown.shown());
}

#[test]
fn the_list_knows_the_levels_of_the_suite() {
    let scratch = Scratch::new(
        "//- Relux.toml\n[lints]\nunused-import = \"allow\"\nunused-effect = \"error\"\nempty-test = \"allow\"\n",
    );
    assert_eq!(listed(&scratch, "unused-import").1, "allow");
    assert_eq!(listed(&scratch, "unused-effect").1, "error");
    assert_eq!(listed(&scratch, "empty-test").1, "error", "errors stay errors");
    let shown = scratch.relux(&["check", "--list-lints"]);
    assert!(
        shown.stdout.contains("(hint where Relux.toml says nothing)\n"),
        "{}",
        shown.shown()
    );
}

#[test]
fn what_makes_no_sense_with_a_list_is_refused() {
    let scratch = Scratch::new("");
    for more in [
        &["--fix"][..],
        &["relux"],
        &["--message-format", "sarif"],
        &["--manifest", "x.toml"],
    ] {
        let outcome = scratch.relux(&[&["check", "--list-lints"], more].concat());
        assert_eq!(outcome.code, Some(2), "{}", outcome.shown());
        assert_eq!(outcome.stdout, "");
    }
}
