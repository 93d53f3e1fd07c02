//! Organise imports: those that nothing uses go, the rest is sorted and merged: what fixing `unused-import` and formatting
//! make of them, and nothing else of the file changes.

use std::sync::Arc;

use relux_fmt::format_range;
use relux_model::apply_fixes::edited;
use relux_model::parse::parse;
use relux_model::source_map::source_map;
use relux_model::{Db, SourceFile, codes};
use relux_syntax::TextRange;
use rustc_hash::FxHashMap;

use super::context::Context;
use super::{ActionKind, Offer, Promise, Rule, difference};
use crate::places::path_of;
use crate::rename::{FileEdits, Refused};
use crate::scratch::Scratch;

pub(super) const RULE: Rule = Rule {
    id: "organize-imports",
    kind: ActionKind::OrganizeImports,
    any_file: false,
    offer,
    promise: Promise::SameNames,
};

fn offer(cx: &Context<'_>) -> Option<Offer> {
    let has_unused = || {
        cx.findings()
            .iter()
            .any(|it| it.code == codes::UNUSED_IMPORT && !it.fixes.is_empty())
    };
    (!cx.map().imports.is_empty() && (sorted(cx.db, cx.file).is_some() || has_unused()))
        .then(|| Offer::later("Organise the imports", edits))
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "other work that takes time can be refused"
)]
fn edits(cx: &Context<'_>) -> Result<Vec<FileEdits>, Refused> {
    let unused = |it: &relux_syntax::Diagnostic| it.code == codes::UNUSED_IMPORT;
    let findings: Vec<_> = cx.findings().into_iter().filter(unused).collect();
    let mut removed: Vec<(TextRange, &str)> = Vec::new();
    for edit in findings
        .iter()
        .filter_map(|it| it.fixes.first())
        .flat_map(|fix| &fix.edits)
    {
        // Neighbours in a list share the comma between them.
        let end = removed.last().map_or(0, |(range, _)| range.end);
        let range = TextRange::new(edit.range.start.max(end), edit.range.end.max(end));
        removed.push((range, &edit.new_text));
    }
    let text: Arc<str> = edited(cx.text, removed).into();
    let texts = FxHashMap::from_iter([(cx.file, text)]);
    let scratch = Scratch::new(cx.db, cx.suite, &texts);
    let Some(&twin) = scratch.twins.get(&cx.file) else {
        return Ok(Vec::new());
    };
    let kept = twin.text(&scratch.db);
    let after = sorted(&scratch.db, twin).unwrap_or_else(|| kept.to_string());
    Ok(vec![FileEdits {
        file: path_of(cx.db, cx.suite, cx.file),
        edits: difference::edits(cx.text, &after),
    }])
}

/// The text with its imports formatted; `None` if they are already.
fn sorted(db: &dyn Db, file: SourceFile) -> Option<String> {
    let text = file.text(db);
    let imports = source_map(db, file).imports.iter();
    let mut all = Vec::new();
    for import in imports {
        let edits = format_range(parse(db, file), import.whole).unwrap_or_default();
        all.extend(edits.into_iter().map(|it| (it.range, it.new_text)));
    }
    // Imports of one run are formatted together, so each of them gives the edits of all.
    all.sort();
    all.dedup();
    let edits = all.iter().map(|(range, new)| (*range, new.as_str()));
    let after = edited(text, edits.collect());
    (after != **text).then_some(after)
}

#[cfg(test)]
mod tests {
    use crate::actions::testing::{check, offered};

    const LIBS: &str = "//- relux/lib/a.relux\nfn a() {\n}\nfn b() {\n}\n//- relux/lib/z.relux\nfn z() {\n}\n//- relux/tests/t.relux\n";
    const TEST: &str = "\ntest   \"t\" {\n    shell sh {\n        > true\n        a()\n        b()\n        match_ok()\n    }\n}\n";

    #[track_caller]
    fn organized(imports: &str, expected: &str) {
        check(
            "organize-imports",
            &format!("{LIBS}<|>{imports}{TEST}"),
            &format!("relux/tests/t.relux\n{expected}{TEST}"),
        );
    }

    #[test]
    fn imports_are_sorted_merged_and_used() {
        organized(
            "import z\nimport a { b }\nimport a { a }\n",
            "import a { a, b }\n",
        );
        organized("import z { z }\nimport a\n", "import a\n");
        organized("import a {b,a}\n", "import a { a, b }\n");
    }

    #[test]
    fn comments_stay_with_what_they_head() {
        organized(
            "// about z\nimport z\n\n// about a\nimport a { b, a }\n",
            "// about z\n\n// about a\nimport a { a, b }\n",
        );
    }

    #[test]
    fn what_is_in_order_is_not_offered() {
        assert!(!offered(
            "organize-imports",
            &format!("{LIBS}<|>import a {{ a, b }}\n{TEST}")
        ));
        assert!(!offered("organize-imports", "test \"t\" {<|>\n}\n"));
    }
}
