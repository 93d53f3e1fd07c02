//! A docstring for a test that has none, with its name to begin with.

use relux_syntax::TextRange;
use relux_syntax::ast::{AstNode, Definition};

use super::context::{Context, edit};
use super::{ActionKind, Offer, Promise, Rule};

pub(super) const RULE: Rule = Rule {
    id: "add-docstring",
    kind: ActionKind::Rewrite,
    any_file: false,
    offer,
    promise: Promise::Clean,
};

fn offer(cx: &Context<'_>) -> Option<Offer> {
    let map = cx.map();
    let header = |it: &relux_model::source_map::BodyRanges| {
        it.whole.start <= cx.range.start && cx.range.end <= it.name.end && !it.name.is_empty()
    };
    let at = map.tests.iter().position(header)?;
    let (test, ranges) = (&cx.index().tests[at], &map.tests[at]);
    if ranges.doc.is_some() || test.name().trim().is_empty() {
        return None;
    }
    let tree = relux_model::parse::parse(cx.db, cx.file);
    let mut definitions = tree.module().definitions();
    let brace = definitions.find_map(|it| match it {
        Definition::Test(it) if it.range().start == ranges.whole.start => it.body()?.open_brace(),
        _ => None,
    })?;
    let behind = brace.range().end;
    let rest = &cx.text[behind as usize..];
    // Something else on the line of the brace would follow the docstring there.
    if !rest.split('\n').next()?.trim().is_empty() {
        return None;
    }
    let newline = relux_model::fixes::newline(cx.text);
    let indent = format!(
        "{newline}{}    ",
        relux_model::fixes::indent_at(cx.text, ranges.whole.start)
    );
    let name = test.name();
    let doc = format!("{indent}\"\"\"{indent}{name}{indent}\"\"\"");
    let gap = if rest.trim_start().starts_with('}') {
        ""
    } else {
        newline
    };
    Some(Offer::now(
        "Add a docstring",
        vec![edit(TextRange::empty(behind), format!("{doc}{gap}"))],
    ))
}

#[cfg(test)]
mod tests {
    use crate::actions::testing::{check, offered};

    const BODY: &str = "\n    shell sh {\n        > true\n        match_ok()\n    }\n}\n";

    #[test]
    fn the_name_is_a_beginning() {
        check(
            "add-docstring",
            &format!("test \"it <|>works\" {{{BODY}"),
            &format!(
                "relux/tests/main.relux\ntest \"it works\" {{\n    \"\"\"\n    it works\n    \"\"\"\n{BODY}"
            ),
        );
    }

    #[test]
    fn one_docstring_is_enough() {
        assert!(!offered(
            "add-docstring",
            &format!("test \"t<|>\" {{\n    \"\"\"x\"\"\"\n{BODY}")
        ));
        assert!(!offered(
            "add-docstring",
            &format!("test \"t\" {{{}", BODY.replace("true", "tr<|>ue"))
        ));
    }
}
