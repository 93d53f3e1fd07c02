//! `relux man`: a page for every command, which `man` renders without a complaint.

use std::fs;

use relux_e2e::Scratch;

#[test]
fn every_command_has_a_page() {
    let scratch = Scratch::new("");
    let outcome = scratch.relux(&["man", "share/man1"]);
    assert_eq!(outcome.code, Some(0), "{}", outcome.shown());
    let help = scratch.relux(&["--help"]).stdout;
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let commands = commands
        .take_while(|line| !line.is_empty())
        .filter(|line| !line.starts_with("   "));
    let mut checked = 0;
    for name in commands
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
    {
        let page = scratch.path().join(format!("share/man1/relux-{name}.1"));
        let text = fs::read_to_string(&page).unwrap_or_else(|_| panic!("no page of {name}"));
        for part in [".TH ", ".SH NAME", ".SH SYNOPSIS", ".SH OPTIONS", "\"relux "] {
            assert!(text.contains(part), "{name}: {part}");
        }
        checked += 1;
    }
    assert!(checked >= 10, "{help}");
    assert!(scratch.path().join("share/man1/relux.1").exists());
    assert!(scratch.relux(&["man"]).stdout.contains(".TH relux 1"));
}

#[test]
fn pages_render_where_man_is_installed() {
    let scratch = Scratch::new("");
    assert_eq!(scratch.relux(&["man", "."]).code, Some(0));
    for name in ["relux", "relux-run", "relux-new", "relux-graph"] {
        let mut man = scratch.command_of("man");
        man.args(["--warnings", "-E", "UTF-8", "-l", "-Tutf8"])
            .arg(format!("{name}.1"));
        let Ok(output) = man.env("LC_ALL", "C.UTF-8").env("MANWIDTH", "80").output() else {
            return;
        };
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && errors.is_empty(), "{name}: {errors}");
        assert!(output.stdout.len() > 500, "{name}: hardly anything is rendered");
    }
}

#[test]
fn a_place_that_cannot_be_written_is_named() {
    let scratch = Scratch::new("");
    scratch.write("file", "");
    let outcome = scratch.relux(&["man", "file/man1"]);
    assert_eq!(outcome.code, Some(2));
    assert_eq!(outcome.stderr, "error: cannot make file/man1: Not a directory\n");
}
