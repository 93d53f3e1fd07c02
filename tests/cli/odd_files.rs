//! Files that are not what they should be: each is told as what it is, and what to do about it.

use relux_e2e::Scratch;

const TEST: &str = "test \"t\" {\n    shell s {\n        > true\n        match_ok()\n    }\n}\n";

#[test]
fn a_directory_in_place_of_the_manifest() {
    let suite = Scratch::new(TEST);
    std::fs::remove_file(suite.path().join("Relux.toml")).expect("removing the manifest");
    std::fs::create_dir(suite.path().join("Relux.toml")).expect("a directory in its place");
    insta::assert_snapshot!(suite.relux(&["check"]).shown());
}

#[test]
fn texts_in_other_encodings() {
    let suite = Scratch::new(TEST);
    suite.write("relux/tests/latin1.relux", b"test \"gr\xFC\xDFe\" {\n}\n");
    suite.write("relux/tests/utf16.relux", b"\xFF\xFEt\0e\0s\0t\0");
    suite.write("relux/tests/.env", b"NAME=\xFC\n");
    insta::assert_snapshot!(suite.relux(&["check"]).shown());
}

#[test]
fn links_to_nothing() {
    let suite = Scratch::new(TEST);
    let link = suite.path().join("relux/tests/gone.relux");
    std::os::unix::fs::symlink("nowhere.relux", link).expect("a link");
    insta::assert_snapshot!(suite.relux(&["check"]).shown());
}

#[test]
fn directories_that_nobody_may_read() {
    use std::os::unix::fs::PermissionsExt as _;

    let suite = Scratch::new(TEST);
    let closed = suite.path().join("relux/tests/closed");
    std::fs::create_dir(&closed).expect("a directory");
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o000)).expect("closing it");
    let may_read_all = std::fs::read_dir(&closed).is_ok();
    let outcome = suite.relux(&["check"]);
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o755)).expect("opening it");
    if may_read_all {
        // The super-user reads everything.
        assert_eq!(outcome.code, Some(0), "{}", outcome.shown());
    } else {
        assert_eq!(outcome.code, Some(1), "{}", outcome.shown());
        let told = "relux/tests/closed";
        assert!(outcome.stdout.contains(told), "{}", outcome.shown());
        assert!(
            outcome
                .stdout
                .contains("error[unreadable-file]: the directory cannot be searched")
        );
    }
}
