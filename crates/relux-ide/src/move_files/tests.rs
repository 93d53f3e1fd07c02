//! Imports that follow a file or a directory.

use camino::Utf8PathBuf;

use crate::test_suite::{Edited, ROOT, TestSuite};

const SUITE: &str = "\
//- relux/lib/api/http.relux
fn get(url) {
}
//- relux/lib/api/json.relux
import api/http { get }
//- relux/tests/t.relux
import api/http
import api/json { x as y }
";

#[track_caller]
fn check(from: &str, to: &str, expected: &[&str]) {
    let suite = TestSuite::new(SUITE);
    let analysis = suite.analysis();
    let path = |path: &str| Utf8PathBuf::from(format!("{ROOT}/{path}"));
    let found = analysis
        .will_move(&[(path(from), path(to))])
        .expect("nothing writes");
    let mut shown = Vec::new();
    for file in &found {
        let Edited { path, before, .. } = Edited::new(&analysis, file);
        for (range, new) in &file.edits {
            shown.push(format!("{path}: {} -> {new}", range.slice(&before)));
        }
    }
    assert_eq!(shown, expected, "{from} -> {to}");
}

#[test]
fn importers_follow_a_module() {
    check(
        "relux/lib/api/http.relux",
        "relux/lib/web.relux",
        &[
            "relux/lib/api/json.relux: api/http -> web",
            "relux/tests/t.relux: api/http -> web",
        ],
    );
}

#[test]
fn importers_follow_a_directory() {
    check(
        "relux/lib/api",
        "relux/lib/service/api",
        &[
            "relux/lib/api/json.relux: api/http -> service/api/http",
            "relux/tests/t.relux: api/http -> service/api/http",
            "relux/tests/t.relux: api/json -> service/api/json",
        ],
    );
}

#[test]
fn what_cannot_be_imported_is_left_alone() {
    check("relux/tests/t.relux", "relux/tests/u.relux", &[]);
    check("relux/lib/api/http.relux", "relux/tests/http.relux", &[]);
    check("relux/lib/api/http.relux", "relux/lib/my-api/http.relux", &[]);
    check("relux/lib/api/http.relux", "relux/lib/let.relux", &[]);
    check("relux/lib/ap", "relux/lib/other", &[]);
}
