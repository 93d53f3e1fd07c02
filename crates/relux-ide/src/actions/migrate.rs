//! From one edition to the other: a file to the newer one, and a statement of a mixed file to that of the file.

use relux_model::edition::Edition;
use relux_model::migrate::{Refusal, has_other_words, migrate_file, migrate_statement};

use super::context::Context;
use super::{ActionKind, Offer, Promise, Rule};
use crate::places::line_place;
use crate::rename::{FileEdits, Refused};

pub(super) const FILE: Rule = Rule {
    id: "migrate-file",
    kind: ActionKind::Rewrite,
    any_file: false,
    offer: offer_file,
    promise: Promise::Clean,
};

pub(super) const STATEMENT: Rule = Rule {
    id: "migrate-statement",
    kind: ActionKind::Rewrite,
    any_file: false,
    offer: offer_statement,
    promise: Promise::Clean,
};

/// Offered outside of bodies only, where the file is meant rather than something in it.
fn offer_file(cx: &Context<'_>) -> Option<Offer> {
    let is_inside = |it: relux_syntax::TextRange, name: relux_syntax::TextRange| {
        it.covers(cx.range) && cx.range.start > name.end
    };
    let map = cx.map();
    let bodies = map.tests.iter().chain(&map.effects).map(|it| (it.whole, it.name));
    let functions = map.functions.iter().map(|it| (it.whole, it.name));
    if cx.edition() != Edition::E2026_04
        || bodies
            .chain(functions)
            .any(|(whole, name)| is_inside(whole, name))
    {
        return None;
    }
    has_other_words(cx.db, cx.suite, cx.file, Edition::E2026_08)
        .then(|| Offer::later("Migrate the file to edition 2026-08", edits))
}

fn edits(cx: &Context<'_>) -> Result<Vec<FileEdits>, Refused> {
    match migrate_file(cx.db, cx.suite, cx.file, Edition::E2026_08) {
        Ok(edits) if edits.is_empty() => Err(Refused(
            "the file says nothing that edition 2026-08 says in other words".to_owned(),
        )),
        Ok(edits) => Ok(cx.by_file(&edits)),
        Err(refusals) => Err(refused(cx, &refusals)),
    }
}

fn refused(cx: &Context<'_>, refusals: &[Refusal]) -> Refused {
    let first = refusals.first().map(|it| {
        let place = line_place(cx.db, it.file, it.range.start);
        format!("{} at {place}", it.message)
    });
    Refused(first.unwrap_or_else(|| "it cannot be said in the other edition".to_owned()))
}

fn offer_statement(cx: &Context<'_>) -> Option<Offer> {
    let to = cx.edition();
    cx.bodies().definition_at(cx.range.start)?;
    let edits = migrate_statement(cx.db, cx.suite, cx.file, cx.range.start, to).ok()?;
    (!edits.is_empty())
        .then(|| Offer::now(format!("Migrate the statement to edition {}", to.as_str()), edits))
}

#[cfg(test)]
mod tests {
    use crate::actions::testing::{check, offered};

    const BLOCK: &str = "    shell sh {\n        > echo ${a}\n        match_ok()\n    }\n}\n";

    #[test]
    fn a_file() {
        check(
            "migrate-file",
            &format!("test<|> \"t\" {{\n    let a = \"1\"\n\n{BLOCK}"),
            &format!("relux/tests/main.relux\ntest \"t\" {{\n    let a := \"1\"\n\n{BLOCK}"),
        );
        assert!(!offered(
            "migrate-file",
            &format!("test \"t\" {{\n    let a<|> = \"1\"\n\n{BLOCK}")
        ));
        assert!(!offered(
            "migrate-file",
            &format!("test<|> \"t\" {{\n    let a := \"1\"\n\n{BLOCK}")
        ));
        // What both editions say alike, or nothing at all.
        let block = BLOCK.replace("${a}", "a");
        for text in ["test<|> \"a\" {\n", "fn f() {\n    > x\n}\n\ntest<|> \"a\" {\n"] {
            assert!(!offered("migrate-file", &format!("{text}{block}")));
        }
        assert!(!offered("migrate-file", "<|>\n"));
    }

    #[test]
    fn a_statement_of_another_edition_than_its_file() {
        let text = |bind: &str| {
            format!(
                "//- Relux.toml\nedition = \"2026-08\"\n//- relux/tests/t.relux\ntest \"t\" {{\n    let a {bind} \"1\"\n\n{BLOCK}"
            )
        };
        let after = text(":=")
            .split_once("t.relux\n")
            .map(|it| it.1.to_owned())
            .unwrap_or_default();
        check(
            "migrate-statement",
            &text("<|>="),
            &format!("relux/tests/t.relux\n{after}"),
        );
        assert!(!offered("migrate-statement", &text("<|>:=")));
    }
}
