//! Fix all: what `relux check --fix` does, for one file.
//!
//! Whether there is something to do is read off the findings; the rest happens when the action is chosen.

use relux_model::apply_fixes::fix_all_alone;
use relux_syntax::Applicability;
use rustc_hash::FxHashMap;

use super::context::Context;
use super::{ActionKind, Offer, Promise, Rule, difference};
use crate::analysis::look;
use crate::places::path_of;
use crate::rename::{FileEdits, Refused};
use crate::scratch::Scratch;

pub(super) const RULE: Rule = Rule {
    id: "fix-all",
    kind: ActionKind::FixAll,
    any_file: true,
    offer,
    promise: Promise::None,
};

fn offer(cx: &Context<'_>) -> Option<Offer> {
    let findings = cx.findings();
    let mut fixes = findings.iter().flat_map(|it| &it.fixes);
    fixes
        .any(|fix| fix.applicability == Applicability::Safe && !fix.edits.is_empty())
        .then(|| Offer::later("Fix everything that can safely be fixed", edits))
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "other work that takes time can be refused"
)]
fn edits(cx: &Context<'_>) -> Result<Vec<FileEdits>, Refused> {
    let mut scratch = Scratch::new(cx.db, cx.suite, &FxHashMap::default());
    let Some(&twin) = scratch.twins.get(&cx.file) else {
        return Ok(Vec::new());
    };
    let pause = || look(cx.db);
    let fixed = fix_all_alone(&mut scratch.db, scratch.suite, &[twin], &pause);
    let mut files = Vec::new();
    for (&file, &twin) in &scratch.twins {
        if fixed.changed.contains(&twin) {
            files.push(FileEdits {
                file: path_of(cx.db, cx.suite, file),
                edits: difference::edits(file.text(cx.db), twin.text(&scratch.db)),
            });
        }
    }
    files.sort_by(|a, b| a.file.cmp(&b.file));
    Ok(files)
}

#[cfg(test)]
mod tests {
    use crate::actions::testing::{check, offered};

    const SUITE: &str = "//- relux/lib/db.relux\nfn f() {\n}\n//- relux/tests/t.relux\n";

    #[test]
    fn everything_safe_is_done_and_nothing_else() {
        let text = format!(
            "{SUITE}import db\ntest \"t\" {{<|>\n    shell sh {{\n        let a = 1\n        > true\n        match_ok( )\n    }}\n}}\n"
        );
        check(
            "fix-all",
            &text,
            "relux/tests/t.relux\ntest \"t\" {\n    shell sh {\n        let a = 1\n        > true\n        match_ok()\n    }\n}\n",
        );
    }

    #[test]
    fn nothing_safe_means_no_offer() {
        assert!(!offered(
            "fix-all",
            "test \"t\" {<|>\n    shell sh {\n        > true\n        match_ok()\n    }\n}\n"
        ));
    }
}
