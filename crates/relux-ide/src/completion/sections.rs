//! What stands at the top of a file, and the sections of tests and effects in the order that the language wants.

use relux_model::edition::Edition;
use relux_model::effects::needs;
use relux_model::names::{Symbol, occurrences};
use relux_syntax::ast::{AstNode, Let, ShellBlock, SyntaxKind, SyntaxNode};
use rustc_hash::FxHashSet;

use super::list::List;
use super::place::Around;
use super::snippet::{Insert, Snippet};
use super::statements::{block, expression, pure_value, wants_value};
use super::words::keyword;
use super::{CompletionItem, CompletionKind, Context, effects, imports};

/// Where sections stand that do not fit here.
const MISPLACED: u32 = 5;

/// A line at the top of a file.
pub(super) fn module(cx: &Context<'_>, list: &mut List) {
    let head = cx.place.head;
    if let Some(marker) = head.strip_prefix('#') {
        return self::marker(cx, marker, list);
    }
    match head.trim_end() {
        "" => items(cx, list),
        "import" => imports::paths(cx, list),
        "pure" => list.add(0, keyword("fn", "a function that needs no shell")),
        _ => {}
    }
}

fn items(cx: &Context<'_>, list: &mut List) {
    let whole = cx.place.ends_line();
    let snippet = |word: &'static str, detail: &str, snippet: Snippet| {
        if whole {
            block(word, detail, snippet)
        } else {
            keyword(word, detail)
        }
    };
    let text = |text: &str| Snippet::default().text(text);
    let body = "{\n    shell ";
    list.add(
        0,
        snippet(
            "test",
            "a test",
            text("test \"")
                .hole("name")
                .text(&format!("\" {body}"))
                .hole("sh")
                .text(" {\n        ")
                .end()
                .text("\n    }\n}"),
        ),
    );
    list.add(
        0,
        snippet(
            "effect",
            "what tests need set up",
            text("effect ")
                .hole("Name")
                .text(&format!(" {body}"))
                .hole("service")
                .text(" {\n        ")
                .end()
                .text("\n    }\n}"),
        ),
    );
    list.add(
        0,
        snippet(
            "fn",
            "a function that works on the shell that calls it",
            text("fn ").hole("name").text("(").hole("").text(")").block(),
        ),
    );
    list.add(
        0,
        snippet(
            "pure fn",
            "a function that needs no shell",
            text("pure fn ").hole("name").text("(").hole("").text(")").block(),
        ),
    );
    list.add(
        0,
        keyword("import", "names of another module").insert(Insert::text("import ")),
    );
    for (kind, doc) in MARKERS {
        let label = format!("# {kind}");
        list.add(1, keyword(&label, doc).insert(Insert::text(format!("{label} "))));
    }
}

/// What decides whether a definition is run.
const MARKERS: &[(&str, &str)] = &[
    ("skip", "skip the test, always or on a condition"),
    ("run", "run the test only on a condition"),
    ("flaky", "retry the test when it fails"),
];

/// Behind `#`.
fn marker(cx: &Context<'_>, before: &str, list: &mut List) {
    let mut words = before.split_whitespace();
    let Some(_kind) = words.next() else {
        for (kind, doc) in MARKERS {
            list.add(0, keyword(kind, doc));
        }
        return;
    };
    let Some(_modifier) = words.next() else {
        list.add(0, keyword("if", "on a condition"));
        list.add(0, keyword("unless", "unless a condition holds"));
        return;
    };
    let condition = words.next().is_some();
    if !condition || wants_value(before.trim_end()) {
        expression(cx, true, list);
    }
}

/// A line of a test or effect.
pub(super) fn section(cx: &Context<'_>, list: &mut List) {
    let head = cx.place.head;
    let mut words = head.split_whitespace();
    let first = words.next().unwrap_or_default();
    let second = words.next().unwrap_or_default();
    match first {
        "" => keywords(cx, list),
        "start" => start(cx, second, list),
        "shell" => shell(cx, list),
        "expect" => expect(cx, list),
        "expose" => expose(cx, second, list),
        _ => pure_value(cx, list),
    }
}

fn start(cx: &Context<'_>, effect: &str, list: &mut List) {
    let head = cx.place.head.trim_end();
    if effect.is_empty() {
        effects::start_names(cx, list);
    } else if head.ends_with(" as") {
        effects::alias_for(cx, effect, list);
    } else {
        effects::behind_name(cx, effect, list);
    }
}

/// Sections with what they are for, and where in the order they stand.
const SECTIONS: &[(&str, &str, SyntaxKind)] = &[
    (
        "expect",
        "variables that whoever starts the effect must supply",
        SyntaxKind::Expect,
    ),
    ("let", "declare a variable", SyntaxKind::Let),
    ("start", "start an effect before the body", SyntaxKind::Start),
    (
        "expose",
        "what starters of the effect may use",
        SyntaxKind::Expose,
    ),
    ("shell", "talk to a shell", SyntaxKind::ShellBlock),
    (
        "cleanup",
        "run at the end, whatever happened",
        SyntaxKind::Cleanup,
    ),
];

fn position(kind: SyntaxKind) -> Option<usize> {
    SECTIONS.iter().position(|it| it.2 == kind)
}

fn keywords(cx: &Context<'_>, list: &mut List) {
    let in_effect = cx.place.around == Around::Effect;
    let (after, before) = fitting(cx);
    let bind = relux_model::fixes::bind_operator(cx.db, cx.entry.suite, cx.entry.file);
    for (at, (word, detail, kind)) in SECTIONS.iter().enumerate() {
        if !in_effect && matches!(kind, SyntaxKind::Expect | SyntaxKind::Expose) {
            continue;
        }
        let fits = (after..=before).contains(&at);
        let only_once = *kind == SyntaxKind::Cleanup && (after == at || before == at && has_cleanup(cx));
        if only_once {
            continue;
        }
        let text = Snippet::default().text(word);
        let item = match *word {
            "let" => keyword(word, detail).insert(Insert::snippet(
                "let ",
                text.text(" ").hole("name").text(&format!(" {bind} ")).end(),
            )),
            "shell" if cx.place.ends_line() => block(word, detail, text.text(" ").hole("sh").block()),
            "cleanup" if cx.place.ends_line() => block(word, detail, text.block()),
            _ => keyword(word, detail).insert(Insert::text(format!("{word} "))),
        };
        list.add(if fits { 0 } else { MISPLACED }, item);
    }
    if !in_effect && after == 0 && cx.place.ends_line() {
        let snippet = Snippet::default().text("\"\"\"\n").end().text("\n\"\"\"");
        let item = keyword("\"\"\"", "say what the test is about");
        list.add(1, item.insert(Insert::snippet("\"\"\"", snippet)));
    }
}

/// The first and the last section that can stand on this line.
fn fitting(cx: &Context<'_>) -> (usize, usize) {
    let line = cx.place.line_start();
    let (mut after, mut before) = (0, SECTIONS.len() - 1);
    for node in sections(cx) {
        let Some(at) = position(node.kind()) else { continue };
        if node.range().start < line {
            after = after.max(at);
        } else if !node.range().touches(cx.place.word.start) {
            before = before.min(at);
        }
    }
    (after, before)
}

fn has_cleanup(cx: &Context<'_>) -> bool {
    sections(cx).any(|it| it.kind() == SyntaxKind::Cleanup && !it.range().touches(cx.place.word.start))
}

/// What stands in the body around.
fn sections<'a>(cx: &Context<'a>) -> impl Iterator<Item = SyntaxNode<'a>> + use<'a> {
    let definition = cx.place.definition();
    let body = definition.and_then(|it| it.children().find(|it| it.kind() == SyntaxKind::Body));
    body.into_iter().flat_map(|it| it.children())
}

/// The shells of this body, without the one on this line.
fn own_shells<'a>(cx: &Context<'a>) -> Vec<&'a str> {
    let mut seen = FxHashSet::default();
    let blocks = sections(cx).filter_map(ShellBlock::cast);
    let others =
        blocks.filter(|it| it.range().start < cx.place.line_start() || it.range().start > cx.place.word.end);
    let names = others.filter_map(|it| it.name().filter(|it| it.qualifier().is_none())?.name());
    names.map(|it| it.text()).filter(|it| seen.insert(*it)).collect()
}

fn shell(cx: &Context<'_>, list: &mut List) {
    if let Some((before, alias)) = cx.place.qualifier() {
        if before == "shell" {
            effects::exposed_shells(cx, alias, true, list);
        }
        return;
    }
    if cx.place.head.trim_end() != "shell" {
        return;
    }
    for name in own_shells(cx) {
        list.add(0, effects::shell(cx, name, "a shell of this body", true));
    }
    effects::qualified_shells(cx, 1, true, list);
}

fn expose(cx: &Context<'_>, second: &str, list: &mut List) {
    let is_var = second == "var";
    if let Some((before, alias)) = cx.place.qualifier() {
        if before != "expose var" {
            effects::exposed_shells(cx, alias, false, list);
        }
        if before != "expose shell" {
            effects::exposed_variables(cx, alias, list);
        }
        return;
    }
    match cx.place.head.trim_end() {
        "expose" if cx.edition == Edition::E2026_08 => {
            list.add(0, keyword("shell", "a shell").insert(Insert::text("shell ")));
            list.add(0, keyword("var", "a variable").insert(Insert::text("var ")));
        }
        "expose" | "expose shell" => {
            for name in own_shells(cx) {
                list.add(0, effects::shell(cx, name, "a shell of this effect", false));
            }
            effects::qualified_shells(cx, 1, false, list);
        }
        "expose var" => {
            for statement in sections(cx).filter_map(Let::cast) {
                if let Some(name) = statement.name() {
                    let item = CompletionItem::new(CompletionKind::Variable, name.text());
                    list.add(0, item.detail(super::variables::shortened(statement.text())));
                }
            }
            effects::qualified_variables(cx, 1, list);
        }
        head if !second.is_empty() && !head.contains(" as") && (!is_var || head != "expose var") => {
            list.add(
                0,
                keyword("as", "show it under another name").insert(Insert::text("as ")),
            );
        }
        _ => {}
    }
}

/// What the effect already needs without saying so, and what its text reads that nothing declares.
fn expect(cx: &Context<'_>, list: &mut List) {
    let Some(def) = effects::around(cx) else { return };
    let declared = super::variables::expects(cx);
    let mut seen: FxHashSet<String> = declared
        .iter()
        .filter(|it| **it != cx.place.word.slice(cx.entry.file.text(cx.db)))
        .map(|it| (*it).to_owned())
        .collect();
    for name in needs(cx.db, cx.entry.suite, &def).iter() {
        if seen.insert(name.to_string()) {
            let item = CompletionItem::new(CompletionKind::Environment, name.as_str());
            list.add(0, item.detail("needed by what this effect starts"));
        }
    }
    let Some(effect) = cx.place.definition() else {
        return;
    };
    for occurrence in occurrences(cx.db, cx.entry.suite, cx.entry.file) {
        let Symbol::Environment(name) = &occurrence.symbol else {
            continue;
        };
        let is_named_here = effect.range().covers(occurrence.range) && !name.starts_with("__RELUX");
        if is_named_here && seen.insert(name.to_string()) {
            let item = CompletionItem::new(CompletionKind::Environment, name.as_str());
            list.add(1, item.detail("read in this effect"));
        }
    }
}
