//! `test-in-library`: a test in a module that others import. It runs with the suite, but nobody looks for it there.

use relux_syntax::{Diagnostic, Severity};

use super::Context;
use crate::codes;

pub(super) fn check(cx: &mut Context<'_, '_>) {
    if cx.index.tests.is_empty() || cx.file.import_path(cx.db).is_none() {
        return;
    }
    for ranges in &cx.map.tests {
        let message = "this test stands in a module of `relux/lib`";
        cx.found.push(
            Diagnostic::new(codes::TEST_IN_LIBRARY, Severity::Info, ranges.name, message).with_help(
                "move it to a module of `relux/tests`, which `.env` files and `relux run` look at",
            ),
        );
    }
}
