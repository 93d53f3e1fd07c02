//! Add missing overlay keys: what an effect needs and gets from its surroundings is said at its start.
//!
//! Where a needed variable is nowhere to be had, that is a finding, and its fix adds the keys.

use relux_model::codes;
use relux_model::effects::needs;
use relux_model::fixes::add_overlay_entries;
use relux_model::scope::scope;

use super::context::Context;
use super::{ActionKind, Offer, Promise, Rule};

pub(super) const RULE: Rule = Rule {
    id: "name-overlay",
    kind: ActionKind::Rewrite,
    any_file: false,
    offer,
    promise: Promise::Clean,
};

fn offer(cx: &Context<'_>) -> Option<Offer> {
    let (index, map) = (cx.index(), cx.map());
    let tests = index
        .tests
        .iter()
        .map(|it| (&it.starts, &it.lets))
        .zip(&map.tests);
    let effects = index
        .effects
        .iter()
        .map(|it| (&it.starts, &it.lets))
        .zip(&map.effects);
    let ((starts, lets), ranges) = tests
        .chain(effects)
        .find(|(_, ranges)| ranges.whole.covers(cx.range))?;
    let here = |it: &relux_model::source_map::StartRanges| it.whole.covers(cx.range);
    let at = ranges.starts.iter().position(here)?;
    let (start, ranges) = (&starts[at], &ranges.starts[at]);
    let effect = scope(cx.db, cx.suite, cx.file).effect(&start.effect)?;
    let needs = needs(cx.db, cx.suite, effect);
    let keys: Vec<String> = needs
        .iter()
        .filter(|name| !start.overlay.iter().any(|it| it.key == **name))
        .map(ToString::to_string)
        .collect();
    // A variable of that name is another value than the one that is in force.
    let is_other = keys
        .iter()
        .any(|key| lets.iter().any(|it| it.name == key.as_str()));
    let is_missing = || {
        let findings = cx.findings();
        findings
            .iter()
            .any(|it| it.code == codes::MISSING_EXPECT && ranges.whole.covers(it.range))
    };
    if keys.is_empty() || is_other || is_missing() {
        return None;
    }
    let edit = add_overlay_entries(cx.text, start, ranges, &keys);
    Some(Offer::now(
        format!("Name {} in the overlay", listed(&keys)),
        vec![edit],
    ))
}

fn listed(keys: &[String]) -> String {
    match keys {
        [one] => format!("`{one}`"),
        many => format!("{} inherited variables", many.len()),
    }
}

#[cfg(test)]
mod tests {
    use crate::actions::testing::{check, offered};

    const LIB: &str = "//- relux/lib/db.relux\neffect Db {\n    expect DB_PORT, DB_HOST\n    expose sh\n\n    shell sh {\n        \
                       > db ${DB_PORT} ${DB_HOST}\n        match_ok()\n    }\n}\n//- relux/lib/web.relux\n";

    #[test]
    fn what_is_inherited_is_named() {
        let web = |start: &str| {
            format!(
                "import db\n\neffect Web {{\n    expect DB_PORT, DB_HOST\n    {start}\n    expose Db.sh\n}}\n"
            )
        };
        check(
            "name-overlay",
            &format!("{LIB}{}", web("start D<|>b as Db")),
            &format!(
                "relux/lib/web.relux\n{}",
                web("start Db as Db { DB_PORT, DB_HOST }")
            ),
        );
        check(
            "name-overlay",
            &format!("{LIB}{}", web("start D<|>b as Db { DB_HOST = \"x\" }")),
            &format!(
                "relux/lib/web.relux\n{}",
                web("start Db as Db { DB_HOST = \"x\", DB_PORT }")
            ),
        );
        assert!(!offered(
            "name-overlay",
            &format!("{LIB}{}", web("start D<|>b as Db { DB_HOST, DB_PORT }"))
        ));
    }

    #[test]
    fn what_is_missing_is_a_finding() {
        let test = "import db\n\ntest \"t\" {\n    start D<|>b\n\n    shell sh {\n        > true\n        match_ok()\n    }\n}\n";
        assert!(!offered("name-overlay", &format!("{LIB}{test}")));
    }
}
