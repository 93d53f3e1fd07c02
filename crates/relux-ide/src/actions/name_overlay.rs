//! Add missing overlay keys: what an effect needs and gets from its surroundings is said at its start.
//!
//! Where a needed variable is nowhere to be had, that is a finding, and its fix adds the keys.

use relux_model::codes;
use relux_model::effects::needs;
use relux_model::fixes::add_overlay_entries;
use relux_model::items::{LetItem, Name, StartItem};
use relux_model::scope::scope;
use relux_model::source_map::StartRanges;

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
    let place = start_at(cx)?;
    let (start, ranges) = (place.start, place.ranges);
    let effect = scope(cx.db, cx.suite, cx.file).effect(&start.effect)?;
    let needs = needs(cx.db, cx.suite, effect);
    // An effect may hand on what it does not expect; saying so here would hide from its starters what it needs.
    let is_known = |name: &&Name| place.expects.is_none_or(|it| it.contains(name));
    let keys: Vec<String> = needs
        .iter()
        .filter(|name| !start.overlay.iter().any(|it| it.key == **name))
        .filter(is_known)
        .map(ToString::to_string)
        .collect();
    // A variable of that name is another value than the one that is in force.
    let is_other = keys
        .iter()
        .any(|key| place.lets.iter().any(|it| it.name == key.as_str()));
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

/// A start with what its surroundings declare.
struct Place<'a> {
    start: &'a StartItem,
    ranges: &'a StartRanges,
    lets: &'a [LetItem],
    /// Of the effect around it.
    expects: Option<&'a [Name]>,
}

fn start_at<'a>(cx: &Context<'a>) -> Option<Place<'a>> {
    let (index, map) = (cx.index(), cx.map());
    let tests = index.tests.iter().zip(&map.tests);
    let tests = tests.map(|(it, ranges)| (&it.starts, &it.lets, None, ranges));
    let effects = index.effects.iter().zip(&map.effects);
    let effects = effects.map(|(it, ranges)| (&it.starts, &it.lets, Some(&*it.expects), ranges));
    let (starts, lets, expects, ranges) = tests.chain(effects).find(|it| it.3.whole.covers(cx.range))?;
    let at = ranges.starts.iter().position(|it| it.whole.covers(cx.range))?;
    Some(Place {
        start: &starts[at],
        ranges: &ranges.starts[at],
        lets,
        expects,
    })
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
