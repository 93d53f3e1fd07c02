//! Extract effect: the first shell block of a test becomes an effect of its own, which the test starts, so that other tests
//! can start it too.
//!
//! Effects are set up before the blocks of a test, so only the first block keeps its place. What it reads of the test is
//! expected and handed over.

use relux_model::bodies::body::{DefBody, DefKind, ShellBlock};
use relux_model::edition::Edition;
use relux_model::fixes::newline;
use relux_model::names::{Occurrence, Role, Symbol, VariableScope};
use relux_model::scope::scope;
use relux_syntax::{Edit, TextRange};

use super::context::{Context, edit};
use super::{ActionKind, Offer, Promise, Rule};

pub(super) const RULE: Rule = Rule {
    id: "extract-effect",
    kind: ActionKind::Extract,
    any_file: false,
    offer,
    promise: Promise::Clean,
};

fn offer(cx: &Context<'_>) -> Option<Offer> {
    let bodies = cx.bodies();
    let test = bodies.definition_at(cx.range.start)?;
    let [block, rest @ ..] = &test.blocks[..] else {
        return None;
    };
    let shell = block.name?;
    let header = TextRange::new(block.range.start, shell.end);
    let is_here = header.touches(cx.range.start) && header.touches(cx.range.end);
    // What the test starts already might not be up: effects that know nothing of each other start in any order.
    let is_alone = test.starts.is_empty() && block.qualifier.is_none();
    if test.kind != DefKind::Test || !is_here || rest.is_empty() || !is_alone {
        return None;
    }
    let expects = expects(cx, test, block)?;
    let name = free_effect(cx, cx.word(shell));
    let others = others(cx, test, block, &name)?;
    let mut edits = vec![edit(block.range, start(&name, !others.is_empty(), &expects))];
    edits.extend(others);
    edits.push(edit(
        TextRange::empty(test.range.end),
        effect(cx, &name, cx.word(shell), &expects, cx.word(block.range)),
    ));
    Some(Offer::now("Extract into an effect", edits))
}

/// The start of the effect, with a name where blocks open its shell by it.
fn start(name: &str, is_opened: bool, expects: &[&str]) -> String {
    let overlay = if expects.is_empty() {
        String::new()
    } else {
        format!(" {{ {} }}", expects.join(", "))
    };
    let alias = if is_opened {
        format!(" as {name}")
    } else {
        String::new()
    };
    format!("start {name}{alias}{overlay}")
}

fn effect(cx: &Context<'_>, name: &str, shell: &str, expects: &[&str], block: &str) -> String {
    let newline = newline(cx.text);
    let expected = if expects.is_empty() {
        String::new()
    } else {
        format!("    expect {}{newline}", expects.join(", "))
    };
    let exposed = match cx.edition() {
        Edition::E2026_04 => format!("    expose {shell}{newline}"),
        Edition::E2026_08 => format!("    expose shell {shell}{newline}"),
    };
    format!("{newline}{newline}effect {name} {{{newline}{expected}{exposed}{newline}    {block}{newline}}}")
}

/// The other blocks of the shell, which is the effect's now.
fn others(cx: &Context<'_>, test: &DefBody, block: &ShellBlock, effect: &str) -> Option<Vec<Edit>> {
    let shell = cx.word(block.name?);
    let same = test.blocks.iter().skip(1).filter(|it| it.qualifier.is_none());
    let names = same.filter_map(|it| it.name).filter(|it| cx.word(*it) == shell);
    Some(names.map(|it| edit(it, format!("{effect}.{shell}"))).collect())
}

/// The variables of the test that a block reads; `None` where it is tied to the test in other ways.
fn expects<'a>(cx: &Context<'a>, test: &DefBody, block: &ShellBlock) -> Option<Vec<&'a str>> {
    let (inside, outside): (Vec<&Occurrence>, Vec<&Occurrence>) = cx
        .names()
        .iter()
        .filter(|it| test.range.covers(it.range))
        .partition(|it| block.range.covers(it.range));
    let mut expects: Vec<&str> = Vec::new();
    for name in &inside {
        let is_kept = outside.iter().any(|it| it.symbol == name.symbol);
        let word = cx.word(name.range);
        match &name.symbol {
            Symbol::Function(_)
            | Symbol::Builtin(_)
            | Symbol::Environment(_)
            | Symbol::Shell { .. }
            | Symbol::Capture { .. } => {}
            Symbol::Variable {
                scope: VariableScope::Shell(_),
                ..
            } if !is_kept => {}
            Symbol::Variable {
                scope: VariableScope::Body,
                ..
            } if name.role == Role::Reference => {
                if !expects.contains(&word) {
                    expects.push(word);
                }
            }
            _ => return None,
        }
    }
    // What the test sets later on is read by nobody in the block, and a shell starts with the captures of nobody.
    let is_set = outside
        .iter()
        .any(|it| it.role == Role::Write && expects.contains(&cx.word(it.range)));
    let is_missed = outside.iter().any(|it| {
        matches!(it.symbol, Symbol::Capture { .. }) && it.declared.is_some_and(|it| block.range.covers(it))
    });
    let shadows = inside.iter().any(|it| {
        matches!(
            it.symbol,
            Symbol::Variable {
                scope: VariableScope::Shell(_),
                ..
            } | Symbol::Environment(_)
        ) && expects.contains(&cx.word(it.range))
    });
    (!is_set && !is_missed && !shadows).then_some(expects)
}

/// `web_server` as `WebServer`, unless something is called so.
fn free_effect(cx: &Context<'_>, shell: &str) -> String {
    let words = shell.split('_').filter(|it| !it.is_empty());
    let capital = |word: &str| {
        let mut chars = word.chars();
        chars
            .next()
            .map(|first| format!("{}{}", first.to_ascii_uppercase(), chars.as_str()))
    };
    let camel: String = words.filter_map(capital).collect();
    let wish = if camel.starts_with(|c: char| c.is_ascii_uppercase()) {
        camel
    } else {
        "Extracted".to_owned()
    };
    let scope = scope(cx.db, cx.suite, cx.file);
    let is_alias = |name: &str| {
        let tests = cx.map().tests.iter().flat_map(|it| &it.starts);
        tests.filter_map(|it| it.alias).any(|it| cx.word(it) == name)
    };
    let numbered = (2..).map(|number| format!("{wish}{number}"));
    let mut all = std::iter::once(wish.clone()).chain(numbered);
    all.find(|it| scope.effect(it).is_none() && !is_alias(it))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use crate::actions::testing::{check, offered};

    fn suite(test: &str) -> String {
        format!("test \"t\" {{\n    let port = available_port()\n\n    {test}}}\n")
    }

    const CLIENT: &str = "\n\n    shell client {\n        > curl -s localhost:${port}\n        match_ok()\n    }\n\n    shell WEB {\n        <? GET\n    }\n";

    #[test]
    fn the_block_moves_and_the_test_starts_it() {
        let block = "shell web {\n        > python3 -m http.server ${port}\n        <? port ${port}\n    }";
        let before = format!(
            "{}{}",
            block.replacen("web", "w<|>eb", 1),
            CLIENT.replace("WEB", "web")
        );
        let after = format!("start Web as Web {{ port }}{}", CLIENT.replace("WEB", "Web.web"));
        let effect = format!("\neffect Web {{\n    expect port\n    expose web\n\n    {block}\n}}\n");
        check(
            "extract-effect",
            &suite(&before),
            &format!("relux/tests/main.relux\n{}{effect}", suite(&after)),
        );
    }

    #[test]
    fn a_start_that_nobody_opens_has_no_name() {
        let block = "shell srv {\n        > nc -l ${port}\n        <? ^x\n    }";
        let client = "\n\n    shell b {\n        > nc ${port}\n        match_ok()\n    }\n";
        let before = block.replacen("srv", "s<|>rv", 1);
        for (manifest, expose, bind) in [("", "srv", "="), ("edition = \"2026-08\"", "shell srv", ":=")] {
            let text =
                |test: &str| suite(&format!("{test}{client}")).replace("port =", &format!("port {bind}"));
            let effect =
                format!("\neffect Srv {{\n    expect port\n    expose {expose}\n\n    {block}\n}}\n");
            check(
                "extract-effect",
                &format!(
                    "//- Relux.toml\n{manifest}\n//- relux/tests/main.relux\n{}",
                    text(&before)
                ),
                &format!("relux/tests/main.relux\n{}{effect}", text("start Srv { port }")),
            );
        }
    }

    #[test]
    fn blocks_that_are_tied_to_their_test_stay() {
        for block in [
            "shell w<|>eb {\n        port = \"1\"\n    }",
            "shell w<|>eb {\n        let a = \"1\"\n    }\n\n    shell web {\n        log(a)\n    }",
            "shell web {\n        > true\n    }\n\n    shell o<|>ther {\n        > true\n    }",
        ] {
            let test = format!("{block}{}", CLIENT.replace("WEB", "web"));
            assert!(!offered("extract-effect", &suite(&test)), "{block}");
        }
        let started = "start Db as Db\n\n    shell w<|>eb {\n        > true\n    }";
        let started = format!("{started}{}", CLIENT.replace("WEB", "web"));
        assert!(!offered("extract-effect", &suite(&started)));
        assert!(!offered(
            "extract-effect",
            "test \"t\" {\n    shell w<|>eb {\n        > true\n    }\n}\n"
        ));
    }
}
