//! The fixes of findings at the cursor, and a comment that allows them.
//!
//! Fixes come with the findings, so their edits are handed out at once.

use relux_model::codes;
use relux_syntax::ast::{AstNode, Item, Section, Statement, SyntaxKind};
use relux_syntax::{Applicability, Diagnostic, Edit, TextRange};

use super::context::{Context, edit};
use super::{Action, ActionKind};

/// Fixes of all findings that the range touches, best first, then the comments.
pub(super) fn actions(cx: &Context<'_>, invoked: bool) -> Vec<Action> {
    let touched = |it: &Diagnostic| it.range.start <= cx.range.end && cx.range.start <= it.range.end;
    let here: Vec<Diagnostic> = cx.findings().into_iter().filter(touched).collect();
    let mut all = Vec::new();
    for finding in &here {
        let mut preferred = true;
        for fix in finding.fixes.iter().filter(|fix| !fix.edits.is_empty()) {
            let is_safe = fix.applicability == Applicability::Safe;
            all.push(action(cx, finding, &fix.title, &fix.edits, is_safe && preferred));
            preferred &= !is_safe;
        }
    }
    if invoked && cx.is_module() {
        for finding in &here {
            let title = format!("Allow `{}` here", finding.code);
            if let Some(edit) = allow(cx, finding)
                && !all.iter().any(|it| it.title == title)
            {
                all.push(action(cx, finding, &title, &[edit], false));
            }
        }
    }
    all
}

fn action(cx: &Context<'_>, finding: &Diagnostic, title: &str, edits: &[Edit], preferred: bool) -> Action {
    Action {
        id: format!("fix/{}", finding.code),
        title: title.to_owned(),
        kind: ActionKind::QuickFix,
        preferred,
        mends: Some(finding.clone()),
        edits: Some(cx.by_file(edits)),
    }
}

/// The edit that puts `// relux: allow(code)` above a finding, or the code into the comment that is there.
fn allow(cx: &Context<'_>, finding: &Diagnostic) -> Option<Edit> {
    let code = finding.code.as_str();
    if codes::is_always_error(code) || code == codes::UNUSED_ALLOW.as_str() {
        return None;
    }
    let before = cx.text.get(..finding.range.start as usize)?;
    let line = before.rfind('\n').map_or(0, |newline| newline + 1);
    let above = before[..line].trim_end_matches(['\r', '\n']);
    let above = &above[above.rfind('\n').map_or(0, |newline| newline + 1)..];
    if let Some(list) = above.trim().strip_prefix("// relux: allow(")
        && let Some(listed) = list.find(')')
    {
        let start = list.as_ptr() as usize - cx.text.as_ptr() as usize;
        let at = TextRange::empty((start + listed) as u32);
        return Some(edit(at, format!(", {code}")));
    }
    let mark = before[line..].starts_with('\u{feff}');
    let line = line + if mark { '\u{feff}'.len_utf8() } else { 0 };
    let rest = &cx.text[line..];
    let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    if !may_be_commented(cx, (line + blanks) as u32) {
        return None;
    }
    let (indent, newline) = (&rest[..blanks], relux_model::fixes::newline(cx.text));
    let comment = format!("{indent}// relux: allow({code}){newline}");
    Some(edit(TextRange::empty(line as u32), comment))
}

/// Whether something begins at an offset that may stand below a comment: not an entry of a list, nor a line of a text.
fn may_be_commented(cx: &Context<'_>, offset: u32) -> bool {
    let tree = relux_model::parse::parse(cx.db, cx.file);
    let next = TextRange::new(offset, (offset + 1).min(cx.text.len() as u32));
    let at = tree.module().syntax().covering(next);
    at.ancestors().any(|node| {
        let begins = node.range().start == offset;
        let is_unit = Item::cast(node).is_some()
            || Section::cast(node).is_some()
            || Statement::cast(node).is_some()
            || node.kind() == SyntaxKind::Marker;
        begins && is_unit
    })
}

#[cfg(test)]
mod tests {
    use crate::actions::testing::{check_titled, titles};

    #[test]
    fn the_fixes_of_a_finding() {
        check_titled(
            "Remove the import",
            "//- relux/lib/db.relux\nfn f() {\n}\n//- relux/tests/t.relux\nimport d<|>b\n\ntest \"t\" {\n    shell sh {\n        \
             > true\n        match_ok()\n    }\n}\n",
            "relux/tests/t.relux\n\ntest \"t\" {\n    shell sh {\n        > true\n        match_ok()\n    }\n}\n",
        );
    }

    #[test]
    fn a_finding_is_allowed_by_a_comment() {
        let text = "test \"t\" {\n    shell sh {\n        let a<|> = 1\n        > true\n        match_ok()\n    }\n}\n";
        check_titled(
            "Allow `unused-variable` here",
            text,
            "relux/tests/main.relux\ntest \"t\" {\n    shell sh {\n        // relux: allow(unused-variable)\n        \
             let a = 1\n        > true\n        match_ok()\n    }\n}\n",
        );
        let with_comment = text.replace("        let", "        // relux: allow(match-echo)\n        let");
        check_titled(
            "Allow `unused-variable` here",
            &with_comment,
            "relux/tests/main.relux\ntest \"t\" {\n    shell sh {\n        // relux: allow(match-echo, unused-variable)\n        \
             let a = 1\n        > true\n        match_ok()\n    }\n}\n",
        );
    }

    #[test]
    fn a_fail_pattern_stays_behind_the_match_of_the_same() {
        let moves = |expected: &str| {
            let text = format!(
                "test \"t\" {{\n    shell sh {{\n        > run\n        <? ^{expected}$\n        !? ^bro<|>ken$\n        match_ok()\n    }}\n}}\n"
            );
            titles(&text).iter().any(|it| it == "Move it before the command")
        };
        assert!(moves("ready"));
        assert!(!moves("broken"));
    }

    #[test]
    fn errors_and_entries_of_lists_are_not_allowed() {
        let allows = |text: &str| titles(text).iter().any(|it| it.contains("Allow"));
        assert!(!allows("test \"t\" {\n    start N<|>owhere\n}\n"));
        let list = "//- relux/lib/db.relux\nfn f() {\n    log(\"x\")\n}\nfn g() {\n}\n//- relux/tests/t.relux\n\
                    import db {\n    f,\n    g<|>,\n}\n\ntest \"t\" {\n    shell sh {\n        > true\n        f()\n    }\n}\n";
        assert!(!allows(list), "{:?}", titles(list));
    }
}
