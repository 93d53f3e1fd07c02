//! `relux fmt` where writing fails or is cut short: the file is the old one or the new one, and nothing is left behind.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use relux_e2e::{Scratch, relux_bin};

const NEW: &str = "fn a() {}\n";
const FILE: &str = "relux/lib/a.relux";

/// A module that is not in style, of 4 KiB and more.
fn old() -> String {
    format!("// {}\nfn  a( ) {{\n}}\n", "long ".repeat(1000))
}

fn suite() -> Scratch {
    Scratch::new(&format!("//- {FILE}\n{}", old()))
}

fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).expect("a directory");
    entries
        .map(|it| it.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect()
}

fn output(command: &mut Command) -> Output {
    command.stdin(Stdio::null()).output().expect("it starts")
}

/// `relux fmt` that may not write more than nothing; `trap` says what the signal for that does.
fn fmt_on_full_disk(scratch: &Scratch, trap: &str) -> Output {
    let script = format!("{trap} ulimit -f 0; exec \"$0\" fmt");
    output(
        Command::new("sh")
            .args(["-c", &script])
            .arg(relux_bin())
            .current_dir(scratch.path()),
    )
}

#[test]
fn a_full_disk_loses_nothing() {
    let scratch = suite();
    let full = fmt_on_full_disk(&scratch, "trap '' XFSZ;");
    let told = String::from_utf8_lossy(&full.stderr).into_owned();
    assert_eq!(full.status.code(), Some(1), "{told}");
    assert!(
        told.contains("cannot write it") && told.contains("it is as it was"),
        "{told}"
    );
    assert_eq!(
        fs::read_to_string(scratch.path().join(FILE)).expect("the file"),
        old()
    );
    assert_eq!(names(&scratch.path().join("relux/lib")), ["a.relux"]);
}

#[test]
fn a_process_that_dies_while_it_writes_loses_nothing() {
    let scratch = suite();
    let killed = fmt_on_full_disk(&scratch, "");
    assert!(killed.status.signal().is_some(), "{killed:?}");
    assert_eq!(
        fs::read_to_string(scratch.path().join(FILE)).expect("the file"),
        old()
    );
    // What it had begun is no module, so nobody takes it for one.
    let listed = scratch.relux(&["fmt"]);
    assert_eq!(listed.stderr, "formatted 1 of 1 file\n", "{}", listed.shown());
}

#[test]
fn a_directory_that_cannot_be_written_is_told_about() {
    let scratch = suite();
    let directory = scratch.path().join("relux/lib");
    let mode = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("own directory");
    };
    mode(scratch.path(), 0o755);
    mode(&directory, 0o555);
    let mut fmt = Command::new(relux_bin());
    fmt.arg("fmt").current_dir(scratch.path());
    // The superuser may write everywhere.
    if fs::metadata(&directory).expect("a directory").uid() == 0 {
        fmt.uid(65534);
    }
    let outcome = output(&mut fmt);
    mode(&directory, 0o755);
    let told = String::from_utf8_lossy(&outcome.stderr).into_owned();
    assert_eq!(outcome.status.code(), Some(1), "{told}");
    assert!(
        told.contains("error: relux/lib/a.relux: cannot write it: "),
        "{told}"
    );
    assert_eq!(
        fs::read_to_string(scratch.path().join(FILE)).expect("the file"),
        old()
    );
    assert_eq!(names(&directory), ["a.relux"]);
}

#[test]
fn two_at_once_do_not_disturb_each_other() {
    let scratch = suite();
    let lib = scratch.path().join("relux/lib");
    for number in 0..60 {
        fs::write(lib.join(format!("m{number}.relux")), "fn  a( ) {\n}\n").expect("own file");
    }
    let start = || {
        Command::new(relux_bin())
            .arg("fmt")
            .current_dir(scratch.path())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("relux starts")
    };
    let running = [start(), start(), start()];
    for process in running {
        let outcome = process.wait_with_output().expect("relux ends");
        let told = String::from_utf8_lossy(&outcome.stderr).into_owned();
        assert_eq!(outcome.status.code(), Some(0), "{told}");
    }
    for number in 0..60 {
        let text = fs::read_to_string(lib.join(format!("m{number}.relux"))).expect("a module");
        assert_eq!(text, NEW);
    }
    assert_eq!(names(&lib).len(), 61);
}
