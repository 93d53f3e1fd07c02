//! What is wrong with a definition on its own: `duplicate-parameter`, `duplicate-test-name`, `empty-test`.

use relux_syntax::Diagnostic;
use rustc_hash::FxHashMap;

use super::{Context, here};
use crate::codes;

pub(super) fn check(cx: &mut Context<'_>) {
    duplicate_parameters(cx);
    test_names(cx);
    empty_tests(cx);
}

fn duplicate_parameters(cx: &mut Context<'_>) {
    let (index, map) = (cx.index, cx.map);
    for (function, ranges) in index.functions.iter().zip(&map.functions) {
        let mut seen = FxHashMap::default();
        for (param, range) in function.params.iter().zip(&ranges.params) {
            let Some(first) = seen.insert(param, *range) else {
                continue;
            };
            let message = format!("two parameters are called `{param}`");
            let diagnostic = Diagnostic::error(codes::DUPLICATE_PARAMETER, *range, message)
                .with_related(here(first, "the first one"))
                .with_help("the last argument would win; rename one of them");
            cx.push(diagnostic);
        }
    }
}

fn test_names(cx: &mut Context<'_>) {
    let (index, map) = (cx.index, cx.map);
    let mut seen = FxHashMap::default();
    for (test, ranges) in index.tests.iter().zip(&map.tests) {
        if ranges.name.is_empty() {
            continue;
        }
        let slug = test.slug();
        let (first, first_range) = *seen.entry(slug.clone()).or_insert((test.name(), ranges.name));
        if first_range == ranges.name {
            continue;
        }
        let message = if first == test.name() {
            format!("two tests of this file are called \"{first}\"")
        } else {
            format!(
                "the tests \"{first}\" and \"{}\" have the same id `{slug}`",
                test.name()
            )
        };
        let diagnostic = Diagnostic::error(codes::DUPLICATE_TEST_NAME, ranges.name, message)
            .with_related(here(first_range, "the first one"))
            .with_help("they would share their logs; ids keep only ASCII letters, digits, `-` and `_`");
        cx.push(diagnostic);
    }
}

fn empty_tests(cx: &mut Context<'_>) {
    let (index, map) = (cx.index, cx.map);
    for (test, ranges) in index.tests.iter().zip(&map.tests) {
        if test.shells.iter().all(|shell| shell.empty) {
            let message = "this test does nothing: it has no shell block with a statement in it";
            let diagnostic = Diagnostic::error(codes::EMPTY_TEST, ranges.name, message)
                .with_help("add a block like `shell client { … }`");
            cx.push(diagnostic);
        }
    }
}
