//! Extract function: the selected statements become a function, and a call stands in their place.
//!
//! A function sees its parameters and the environment only, and what it sets for itself (variables, captures, timeouts, fail
//! patterns) ends with it. So what the statements read is handed over, and statements on whose own settings something
//! depends afterwards are left alone.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use relux_model::bodies::body::{DefBody, DefKind, FileBodies, Stmt, StmtKind, Stmts};
use relux_model::builtins::TABLE;
use relux_model::fixes::{indent_at, newline};
use relux_model::names::{Occurrence, Role, Symbol};
use relux_model::scope::scope;
use relux_syntax::TextRange;
use relux_syntax::ast::{AstNode, SyntaxKind};

use super::context::{Context, edit};
use super::{ActionKind, Offer, Promise, Rule};

pub(super) const RULE: Rule = Rule {
    id: "extract-function",
    kind: ActionKind::Extract,
    any_file: false,
    offer,
    promise: Promise::Clean,
};

/// The statements to move.
struct Selected {
    /// From the first to the last of them.
    range: TextRange,
    /// Whether the last one is the result of a function.
    is_pure: bool,
}

fn offer(cx: &Context<'_>) -> Option<Offer> {
    let selection = trimmed(cx)?;
    let bodies = cx.bodies();
    let definition = bodies.definition_at(selection.start)?;
    let selected = selected(bodies, definition, selection)?;
    let parameters = parameters(cx, definition, selected.range)?;
    let lines = lines(cx, selected.range)?;
    let newline = newline(cx.text);
    let name = free_function(cx);
    let list = parameters.join(", ");
    let pure = if selected.is_pure { "pure " } else { "" };
    let mut function = format!("{newline}{newline}{pure}fn {name}({list}) {{{newline}");
    for line in lines {
        let indent = if line.is_empty() { "" } else { "    " };
        let _ = write!(function, "{indent}{line}{newline}");
    }
    function.push('}');
    let edits = vec![
        edit(selected.range, format!("{name}({list})")),
        edit(TextRange::empty(definition.range.end), function),
    ];
    Some(Offer::now("Extract into a function", edits))
}

/// The selection without blanks at its ends.
fn trimmed(cx: &Context<'_>) -> Option<TextRange> {
    let text = cx.word(cx.range);
    let start = cx.range.start + (text.len() - text.trim_start().len()) as u32;
    let trimmed = text.trim();
    (!trimmed.is_empty()).then(|| TextRange::new(start, start + trimmed.len() as u32))
}

/// The statements that a selection holds, if it cuts none and they can do without their neighbours.
fn selected(bodies: &FileBodies, definition: &DefBody, selection: TextRange) -> Option<Selected> {
    let blocks = definition.blocks.iter().map(|it| it.body);
    let inside = |list: &Stmts| bodies.stmts(*list).iter().any(|it| selection.covers(it.range));
    let statements = std::iter::once(definition.body).chain(blocks).find(inside)?;
    let all = bodies.stmts(statements);
    let touched = |it: &Stmt| it.range.start < selection.end && selection.start < it.range.end;
    let chosen: Vec<&Stmt> = all.iter().filter(|it| touched(it)).collect();
    let is_cut = chosen.iter().any(|it| !selection.covers(it.range));
    let settles = |it: &&Stmt| {
        matches!(
            it.kind,
            StmtKind::Timeout(_)
                | StmtKind::FailPattern(_)
                | StmtKind::ClearFailPattern
                | StmtKind::Nothing
                | StmtKind::Missing
        )
    };
    if is_cut || chosen.iter().any(settles) {
        return None;
    }
    let range = chosen.first()?.range.cover(chosen.last()?.range);
    // One call is a function already.
    let is_call = chosen.len() == 1 && matches!(chosen[0].kind, StmtKind::Expr(_));
    // A value that something binds is not the one of a call.
    let last = chosen.last()?;
    let is_result = definition.is_function() && all.last().is_some_and(|it| it.range == last.range);
    let keeps_result = !is_result || !matches!(last.kind, StmtKind::Reset | StmtKind::MultiMatch { .. });
    (!is_call && keeps_result).then_some(Selected {
        range,
        is_pure: definition.kind == DefKind::PureFunction,
    })
}

/// What the statements read of their surroundings, in order; `None` where that cannot be handed over.
fn parameters(cx: &Context<'_>, definition: &DefBody, range: TextRange) -> Option<Vec<String>> {
    let (inside, outside): (Vec<&Occurrence>, Vec<&Occurrence>) = cx
        .names()
        .iter()
        .filter(|it| definition.range.covers(it.range))
        .partition(|it| range.covers(it.range));
    let mut parameters: Vec<String> = Vec::new();
    let mut meanings: BTreeMap<&str, &Symbol> = BTreeMap::new();
    for name in &inside {
        let word = cx.word(name.range);
        let is_kept = outside.iter().any(|it| it.symbol == name.symbol);
        let is_local = inside
            .iter()
            .any(|it| it.symbol == name.symbol && it.role == Role::Definition);
        match &name.symbol {
            Symbol::Function(_) | Symbol::Builtin(_) => continue,
            Symbol::Capture { .. } if name.declared.is_some_and(|it| range.covers(it)) => continue,
            // What an effect reads of the environment may be what it was started with.
            Symbol::Environment(_) if definition.kind != DefKind::Effect || word.starts_with("__RELUX") => {}
            Symbol::Variable { .. } if is_local && !is_kept => {}
            Symbol::Variable { .. } | Symbol::Parameter { .. } | Symbol::Expect { .. }
                if !is_local && name.role == Role::Reference =>
            {
                if !parameters.iter().any(|it| it == word) {
                    parameters.push(word.to_owned());
                }
            }
            _ => return None,
        }
        // One word for two things would become one thing.
        if *meanings.entry(word).or_insert(&name.symbol) != &name.symbol {
            return None;
        }
    }
    let is_missed = outside.iter().any(|it| {
        matches!(it.symbol, Symbol::Capture { .. }) && it.declared.is_some_and(|it| range.covers(it))
    });
    (!is_missed).then_some(parameters)
}

/// The lines of the statements without their common indentation; `None` where a text goes over several lines.
fn lines<'a>(cx: &Context<'a>, range: TextRange) -> Option<Vec<&'a str>> {
    let before = cx.text.get(..range.start as usize)?;
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let rest = cx.text.get(range.end as usize..)?.split('\n').next()?;
    if !before[start..].trim().is_empty() || !rest.trim().is_empty() {
        return None;
    }
    let tree = relux_model::parse::parse(cx.db, cx.file);
    let mut nodes = tree
        .module()
        .syntax()
        .descendants()
        .filter(|it| range.covers(it.range()));
    if nodes.any(|it| it.kind() == SyntaxKind::StringLiteral && it.text().contains('\n')) {
        return None;
    }
    let indent = indent_at(cx.text, range.start);
    let lines = cx.word(TextRange::new(start as u32, range.end)).split('\n');
    let lines = lines.map(|line| line.strip_suffix('\r').unwrap_or(line));
    Some(
        lines
            .map(|line| line.strip_prefix(indent).unwrap_or(line.trim_start()))
            .collect(),
    )
}

/// A name that neither the module nor its imports nor the language has.
fn free_function(cx: &Context<'_>) -> String {
    let scope = scope(cx.db, cx.suite, cx.file);
    let is_free = |name: &String| {
        scope.functions_named(name).is_empty() && !TABLE.iter().any(|it| it.name == name.as_str())
    };
    let numbered = (2..).map(|number| format!("extracted_{number}"));
    let mut all = std::iter::once("extracted".to_owned()).chain(numbered);
    all.find(is_free).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use crate::actions::testing::{check, offered};

    fn test(block: &str) -> String {
        format!("test \"t\" {{\n    let who = uuid()\n\n    shell sh {{\n{block}    }}\n}}\n")
    }

    #[test]
    fn what_is_read_is_handed_over() {
        let block = "        > echo ${who} $HOME\n        <|>> cat <<END\n\n        // the answer\n        <? ^(.*) ${who} ${HOME}$\n        \
                     let first = $1\n        log(\"${first} ${who}\")<|>\n        match_ok()\n";
        let expected = "        > echo ${who} $HOME\n        extracted(who)\n        match_ok()\n";
        let function = "\nfn extracted(who) {\n    > cat <<END\n\n    // the answer\n    <? ^(.*) ${who} ${HOME}$\n    let first = $1\n    \
                        log(\"${first} ${who}\")\n}\n";
        check(
            "extract-function",
            &test(block),
            &format!("relux/tests/main.relux\n{}{function}", test(expected)),
        );
    }

    #[test]
    fn functions_give_the_same_result() {
        check(
            "extract-function",
            "fn extracted(a) {\n    <|>> echo ${a}\n    <? (.*)\n    $1<|>\n}\n\ntest \"t\" {\n    shell sh {\n        let x = extracted(\"1\")\n        \
             log(x)\n        match_ok()\n    }\n}\n",
            "relux/tests/main.relux\nfn extracted(a) {\n    extracted_2(a)\n}\n\nfn extracted_2(a) {\n    > echo ${a}\n    <? (.*)\n    $1\n}\n\n\
             test \"t\" {\n    shell sh {\n        let x = extracted(\"1\")\n        log(x)\n        match_ok()\n    }\n}\n",
        );
    }

    #[test]
    fn what_a_comment_allows_stays_below_it() {
        let allowed = "// relux: allow(undefined-variable)\n";
        for (selected, is_offered) in [
            (
                format!("        {allowed}        <|>> echo ${{nobody}}<|>\n"),
                false,
            ),
            (
                format!("        <|>> true\n        {allowed}        > echo ${{nobody}}<|>\n"),
                true,
            ),
            (
                format!(
                    "        <|>> true\n        > false<|>\n        {allowed}        > echo ${{nobody}}\n"
                ),
                true,
            ),
        ] {
            assert_eq!(
                offered("extract-function", &test(&selected)),
                is_offered,
                "{selected}"
            );
        }
    }

    #[test]
    fn what_matters_afterwards_stays() {
        for block in [
            "        <|>let a = \"1\"\n        > echo 1<|>\n        log(a)\n",
            "        <|>> echo 1\n        <? (1)<|>\n        log($1)\n",
            "        <? (1)\n        <|>log($1)\n        > echo ${1}<|>\n",
            "        <|>~5s\n        > echo 1<|>\n",
            "        <|>!? error\n        > echo 1<|>\n",
            "        > ec<|>ho 1\n        > echo 2<|>\n",
            "        <|>log(who)<|>\n",
            "        <|>  <|>> echo 1\n",
            "        let a = \"1\"\n        <|>a = \"2\"\n        > echo ${a}<|>\n",
        ] {
            assert!(!offered("extract-function", &test(block)), "{block}");
        }
    }
}
