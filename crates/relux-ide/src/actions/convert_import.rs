//! Whole import to selective import: the list names what the module uses.

use std::collections::BTreeSet;

use relux_model::Def;
use relux_model::names::Symbol;
use relux_model::scope::scope;
use relux_syntax::TextRange;

use super::context::{Context, edit};
use super::{ActionKind, Offer, Promise, Rule};

pub(super) const RULE: Rule = Rule {
    id: "import-names",
    kind: ActionKind::Rewrite,
    any_file: false,
    offer,
    promise: Promise::SameNames,
};

/// Widest line that the formatter writes.
const MAX_WIDTH: usize = 100;

fn offer(cx: &Context<'_>) -> Option<Offer> {
    let map = cx.map();
    let here = |whole: TextRange| whole.start <= cx.range.start && cx.range.end <= whole.end;
    let at = map
        .imports
        .iter()
        .position(|it| here(it.whole) && it.list.is_none())?;
    let module = scope(cx.db, cx.suite, cx.file).import(at)?;
    let is_import = |range: TextRange| map.imports.iter().any(|it| it.whole.covers(range));
    let mut names = BTreeSet::new();
    for name in cx.names() {
        if let Symbol::Function(Def { file, .. }) | Symbol::Effect(Def { file, .. }) = &name.symbol
            && *file == module
            && !is_import(name.range)
        {
            names.insert(cx.word(name.range));
        }
    }
    // What another import brings under another name is none of this one's.
    names.retain(|name| {
        let index = relux_model::item_index(cx.db, module);
        index.effect_named(name).is_some() || index.functions_named(name).next().is_some()
    });
    if names.is_empty() {
        return None;
    }
    let path = map.imports[at].path;
    let names: Vec<&str> = names.into_iter().collect();
    let line = format!(" {{ {} }}", names.join(", "));
    let width = (path.end - map.imports[at].whole.start) as usize + line.len();
    let list = if width <= MAX_WIDTH {
        line
    } else {
        let newline = relux_model::fixes::newline(cx.text);
        let lines = names.join(&format!(",{newline}    "));
        format!(" {{{newline}    {lines},{newline}}}")
    };
    let title = "Name what is imported".to_owned();
    Some(Offer::now(title, vec![edit(TextRange::empty(path.end), list)]))
}

#[cfg(test)]
mod tests {
    use crate::actions::testing::{check, offered};

    const LIB: &str = "//- relux/lib/db.relux\neffect Db {\n    shell sh {\n        > true\n        match_ok()\n    }\n}\n\
                       fn ping() {\n    log(\"x\")\n}\nfn other() {\n    log(\"y\")\n}\n//- relux/tests/t.relux\n";
    const TEST: &str = "\ntest \"t\" {\n    start Db\n\n    shell sh {\n        > true\n        ping()\n        match_ok()\n    }\n}\n";

    #[test]
    fn the_list_holds_what_is_used() {
        check(
            "import-names",
            &format!("{LIB}import d<|>b\n{TEST}"),
            &format!("relux/tests/t.relux\nimport db {{ Db, ping }}\n{TEST}"),
        );
    }

    #[test]
    fn a_list_and_an_import_without_use_stay() {
        assert!(!offered(
            "import-names",
            &format!("{LIB}import d<|>b {{ Db, ping }}\n{TEST}")
        ));
        assert!(!offered(
            "import-names",
            &format!("{LIB}import d<|>b\n\ntest \"t\" {{\n}}\n")
        ));
    }
}
