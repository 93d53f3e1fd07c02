//! Changes on the disk that the client reports.

use serde_json::{Value, json};

use crate::harness::{Files, OUTSIDE, Session};

const SUITE: &str = "\
//- Relux.toml
//- relux/lib/db.relux
effect Db {
}
//- relux/tests/a.relux
import db
test \"a\" {
    start Db
    shell s {
        > x
        match_ok()
    }
}
";

const TEST: &str = "relux/tests/a.relux";
const LIB: &str = "relux/lib/db.relux";

fn report(session: &mut Session, uri: &str, kind: u32) {
    let changes = json!({"changes": [{"uri": uri, "type": kind}]});
    session.client.notify("workspace/didChangeWatchedFiles", changes);
}

fn open(session: &mut Session, files: &Files, path: &str, text: &str) {
    session.client.open(&files.uri(path), text);
}

/// Waits until the codes of a file's diagnostics are these.
fn wait_for(session: &mut Session, uri: &str, codes: &[&str]) {
    session
        .client
        .notification("textDocument/publishDiagnostics", |it| {
            let found: Vec<&str> = it["diagnostics"]
                .as_array()
                .expect("a list")
                .iter()
                .map(|it| it["code"].as_str().unwrap_or(OUTSIDE))
                .collect();
            it["uri"] == uri && found == codes
        });
}

#[test]
fn a_client_that_can_watch_is_asked_to() {
    let mut session = Session::new(&Files::default());
    let can = json!({"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": true}}});
    session.client.initialize(&can);
    let asked = session.client.server_request("client/registerCapability");
    let registration = &asked["params"]["registrations"][0];
    assert_eq!(registration["method"], "workspace/didChangeWatchedFiles");
    let watched = registration["registerOptions"]["watchers"]
        .as_array()
        .expect("a list");
    let patterns: Vec<&Value> = watched.iter().map(|it| &it["globPattern"]).collect();
    assert_eq!(patterns, ["**/*.relux", "**/Relux.toml", "**/.env"]);
    session.finish();
}

#[test]
fn files_that_change_come_and_go_on_the_disk_reach_open_documents() {
    let files = Files::new(SUITE);
    let mut session = Session::started(&files);
    let (test, lib) = (files.uri(TEST), files.uri(LIB));
    open(
        &mut session,
        &files,
        TEST,
        SUITE.split_once("a.relux\n").expect("the test").1,
    );
    wait_for(&mut session, &test, &[]);

    files.write(LIB, "effect Other {\n}\n");
    report(&mut session, &lib, 2);
    wait_for(&mut session, &test, &["unresolved-effect"]);

    files.remove(LIB);
    report(&mut session, &lib, 3);
    wait_for(&mut session, &test, &["unresolved-import"]);

    files.write(LIB, "effect Db {\n}\n");
    report(&mut session, &lib, 1);
    wait_for(&mut session, &test, &[]);
    session.finish();
}

#[test]
fn a_manifest_that_appears_makes_a_suite() {
    let files = Files::new(SUITE);
    files.remove("Relux.toml");
    let mut session = Session::started(&files);
    let test = files.uri(TEST);
    open(
        &mut session,
        &files,
        TEST,
        SUITE.split_once("a.relux\n").expect("the test").1,
    );
    wait_for(&mut session, &test, &[OUTSIDE]);
    files.write("Relux.toml", "");
    report(&mut session, &files.uri("Relux.toml"), 1);
    wait_for(&mut session, &test, &[]);
    session.finish();
}

#[test]
fn the_manifest_is_checked_as_long_as_its_suite_is_in_use() {
    let files = Files::new(SUITE);
    files.write("Relux.toml", "[run]\njobs = \"lots\"\n");
    let mut session = Session::started(&files);
    let manifest = files.uri("Relux.toml");
    open(&mut session, &files, TEST, "");
    wait_for(&mut session, &manifest, &["invalid-manifest"]);
    files.write("Relux.toml", "[run]\njobs = 4\n");
    report(&mut session, &manifest, 2);
    wait_for(&mut session, &manifest, &[]);
    files.write("Relux.toml", "[run]\njobs = \"few\"\n");
    report(&mut session, &manifest, 2);
    wait_for(&mut session, &manifest, &["invalid-manifest"]);
    files.remove("Relux.toml");
    report(&mut session, &manifest, 3);
    wait_for(&mut session, &manifest, &[]);
    session.finish();
}

#[test]
fn the_manifest_is_checked_while_it_is_open() {
    let files = Files::new(SUITE);
    let mut session = Session::started(&files);
    let manifest = files.uri("Relux.toml");
    open(&mut session, &files, "Relux.toml", "[run]\njobs = \"lots\"\n");
    wait_for(&mut session, &manifest, &["invalid-manifest"]);
    session.client.replace(&manifest, 2, "[run]\njobs = 4\n");
    wait_for(&mut session, &manifest, &[]);
    session.finish();
}
