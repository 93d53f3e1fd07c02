//! Variables that can be read at a place, nearest first: `let`s, parameters, expects, the environment.

use relux_model::Db;
use relux_model::dot_env::{RUN_TIME_NAMES, dot_env};
use relux_syntax::ast::{AstNode, Body, Effect, Expect, Function, Let, ShellBlock, SyntaxKind, SyntaxNode};
use rustc_hash::FxHashSet;

use super::list::List;
use super::place::Around;
use super::snippet::Insert;
use super::{CompletionItem, CompletionKind, Context, effects};
use crate::hover::groups;

/// Groups of the list, in order. Functions stand between the aliases and the environment.
const LOCAL: u32 = 0;
const CAPTURES: u32 = 1;
const EXPECTS: u32 = 2;
const ALIASES: u32 = 3;
const ENVIRONMENT: u32 = 7;
const RUN_TIME: u32 = 8;
const MACHINE: u32 = 9;

/// The longest piece of source that is shown beside a name.
const MOST_DETAIL: usize = 60;

/// A variable and what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Variable<'a> {
    pub(super) name: &'a str,
    pub(super) detail: String,
}

/// Variables and what else can be read behind `${`.
pub(super) fn in_text(cx: &Context<'_>, list: &mut List) {
    add(cx, 0, list, |name| Insert::text(closed(cx, &name)));
    for (number, group) in captures(cx) {
        let item = CompletionItem::new(CompletionKind::Capture, number.to_string()).detail(group);
        let insert = Insert::text(closed(cx, &number.to_string()));
        list.add(CAPTURES, item.insert(insert));
    }
    aliases(cx, 0, list);
}

/// A name with the brace that is missing behind it.
pub(super) fn closed(cx: &Context<'_>, name: &str) -> String {
    let brace = if cx.place.rest.starts_with('}') { "" } else { "}" };
    format!("{name}{brace}")
}

/// Variables and what else can be read in an expression, so many groups further behind.
pub(super) fn in_expression(cx: &Context<'_>, behind: u32, list: &mut List) {
    add(cx, behind, list, Insert::text);
    for (number, group) in captures(cx) {
        let item = CompletionItem::new(CompletionKind::Capture, format!("${number}"));
        list.add(behind + CAPTURES, item.detail(group));
    }
    aliases(cx, behind, list);
}

fn aliases(cx: &Context<'_>, behind: u32, list: &mut List) {
    for (alias, def) in effects::aliases(cx) {
        if effects::exposes_variables(cx, &def) {
            let item =
                CompletionItem::new(CompletionKind::Alias, alias).detail(format!("start {}", def.id.name));
            list.add(behind + ALIASES, item.insert(Insert::text(format!("{alias}."))));
        }
    }
}

fn add(cx: &Context<'_>, behind: u32, list: &mut List, insert: impl Fn(String) -> Insert) {
    let mut seen: FxHashSet<String> = FxHashSet::default();
    let mut push = |list: &mut List, group: u32, kind: CompletionKind, name: &str, detail: String| {
        if seen.insert(name.to_owned()) {
            let item = CompletionItem::new(kind, name).detail(detail);
            list.add(behind + group, item.insert(insert(name.to_owned())));
        }
    };
    for variable in local(cx) {
        push(
            list,
            LOCAL,
            CompletionKind::Variable,
            variable.name,
            variable.detail,
        );
    }
    for name in expects(cx) {
        push(
            list,
            EXPECTS,
            CompletionKind::Environment,
            name,
            "expected".to_owned(),
        );
    }
    let (db, entry) = (cx.db, cx.entry);
    for (name, _) in dot_env(db, entry.suite, entry.file).iter() {
        push(
            list,
            ENVIRONMENT,
            CompletionKind::Environment,
            name,
            ".env".to_owned(),
        );
    }
    // Scattered letters are in all of these long names.
    for name in RUN_TIME_NAMES
        .iter()
        .filter(|it| holds(it, cx.place.typed_text()))
    {
        push(
            list,
            RUN_TIME,
            CompletionKind::Environment,
            name,
            "set by the runner".to_owned(),
        );
    }
    // The machine has too many to show them unasked.
    if list.letters() == 0 {
        return list.cut();
    }
    let typed = cx.place.typed_text();
    let begins = |it: &&str| {
        it.get(..typed.len())
            .is_some_and(|it| it.eq_ignore_ascii_case(typed))
    };
    for name in host_names(db, cx).filter(begins) {
        push(
            list,
            MACHINE,
            CompletionKind::Environment,
            name,
            "from the environment".to_owned(),
        );
    }
}

/// Whether a name in capitals has these letters in a row, in any case.
fn holds(name: &str, letters: &str) -> bool {
    name.contains(&letters.to_ascii_uppercase())
}

fn host_names<'a>(db: &'a dyn Db, cx: &Context<'_>) -> impl Iterator<Item = &'a str> {
    cx.entry.suite.host_env(db).iter().map(|(name, _)| name)
}

/// What is declared before the line, nearest first.
pub(super) fn local<'a>(cx: &Context<'a>) -> Vec<Variable<'a>> {
    let Some(definition) = cx.place.definition() else {
        return Vec::new();
    };
    let before = cx.place.line_start();
    let mut found = Vec::new();
    if let Some(function) = Function::cast(definition) {
        found.extend(function.params().map(|it| Variable {
            name: it.text(),
            detail: "parameter".to_owned(),
        }));
        if cx.place.around != Around::Module {
            lets(function.body(), before, &mut found);
        }
    } else {
        let body: Option<Body<'a>> = definition.child_as();
        lets(body, before, &mut found);
        let inner = cx.place.ancestors().find(|it| {
            matches!(it.kind(), SyntaxKind::ShellBlock | SyntaxKind::Cleanup) && it.range().start < before
        });
        if let Some(block) = inner.and_then(ShellBlock::cast) {
            same_shell(body, &block, before, &mut found);
        } else if let Some(cleanup) = inner {
            lets(cleanup.child_as(), before, &mut found);
        }
    }
    found.reverse();
    found
}

/// The `let`s of all blocks of a shell that begin before an offset.
fn same_shell<'a>(
    body: Option<Body<'a>>,
    block: &ShellBlock<'a>,
    before: u32,
    found: &mut Vec<Variable<'a>>,
) {
    let name = |it: &ShellBlock<'a>| it.name().map(|it| it.text());
    let blocks = body
        .into_iter()
        .flat_map(|it| it.syntax().children_as::<ShellBlock<'a>>());
    for other in blocks.filter(|it| it.range().start < before && name(it) == name(block)) {
        lets(other.body(), before, found);
    }
}

fn lets<'a>(body: Option<Body<'a>>, before: u32, found: &mut Vec<Variable<'a>>) {
    let children = body
        .into_iter()
        .flat_map(|it| it.syntax().children_as::<Let<'a>>());
    for statement in children.filter(|it| it.range().end < before) {
        if let Some(name) = statement.name() {
            found.push(Variable {
                name: name.text(),
                detail: shortened(statement.text()),
            });
        }
    }
}

/// A piece of source in one short line.
pub(super) fn shortened(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(MOST_DETAIL) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

/// What the effect around expects.
pub(super) fn expects<'a>(cx: &Context<'a>) -> Vec<&'a str> {
    let effect = cx.place.definition().and_then(Effect::cast);
    let body = effect.and_then(|it| it.body());
    let expects = body
        .into_iter()
        .flat_map(|it| it.syntax().children_as::<Expect<'a>>());
    expects.flat_map(|it| it.names()).map(|it| it.text()).collect()
}

/// The groups of the pattern that was waited for last before the line, with their numbers.
fn captures(cx: &Context<'_>) -> Vec<(usize, String)> {
    let before = cx.place.line_start();
    let Some(body) = cx.place.ancestors().find(|it| it.kind() == SyntaxKind::Body) else {
        return Vec::new();
    };
    let matches = body.children().take_while(|it| it.range().end <= before);
    let is_match =
        |it: &SyntaxNode<'_>| matches!(it.kind(), SyntaxKind::MatchRegex | SyntaxKind::AssertRegex);
    let Some(last) = matches.filter(is_match).last() else {
        return Vec::new();
    };
    let Some(pattern) = last.children().find(|it| it.kind() == SyntaxKind::Regex) else {
        return Vec::new();
    };
    let groups = groups(pattern.text()).into_iter().map(shortened);
    groups.enumerate().map(|(at, group)| (at + 1, group)).collect()
}
