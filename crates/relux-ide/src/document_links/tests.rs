//! Imports that lead somewhere.

use crate::test_suite::{TestSuite, shown};

#[test]
fn imports_that_resolve_are_links() {
    let suite = TestSuite::new(
        "//- relux/lib/api/http.relux\nfn f() {\n}\n//- relux/tests/t.relux\nimport api/http { f }\nimport missing\n",
    );
    let analysis = suite.analysis();
    let links = analysis.document_links(&suite.file).expect("nothing writes");
    let shown: Vec<(String, &str, &str)> = links
        .iter()
        .map(|it| {
            (
                shown(&analysis, &suite.file, it.range),
                it.target.as_str(),
                &*it.shown,
            )
        })
        .collect();
    assert_eq!(
        shown,
        [(
            "relux/tests/t.relux:1: import [api/http] { f }".to_owned(),
            "/suite/relux/lib/api/http.relux",
            "relux/lib/api/http.relux"
        )]
    );
}
