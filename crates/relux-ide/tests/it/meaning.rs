//! Whether plans before and after an action say the same, apart from what the action is there to change.
//!
//! Plans are read as the text of `plan_text`: blocks begin without indentation, two blanks are one level. What an action
//! did is undone in the plans after it, or done by hand to those before; then both must be equal.

use std::collections::BTreeMap;

use regex_syntax::hir::HirKind;

/// The first difference that the action is not there to make. Actions that change what runs differ in nothing.
pub(crate) fn difference(id: &str, title: &str, before: &str, after: &str) -> Option<String> {
    let (before, after) = (blocks(before), blocks(after));
    let each = |blocks: Blocks, line: fn(&str) -> String| {
        let lines = |lines: Vec<String>| {
            lines
                .iter()
                .map(|it| line(it))
                .filter(|it| !it.is_empty())
                .collect()
        };
        blocks.into_iter().map(|(head, it)| (head, lines(it))).collect()
    };
    let (before, after): (Blocks, Blocks) = match id {
        "organize-imports" | "import-names" | "migrate-statement" => (before, after),
        "migrate-file" => (each(before, without_case), each(after, without_case)),
        _ if title.starts_with("Allow `") => (before, after),
        "add-docstring" => (each(before, without_doc), each(after, without_doc)),
        "name-overlay" => (each(before, without_inherited), each(after, without_inherited)),
        "convert-pattern" => (each(before, as_literals), each(after, as_literals)),
        "extract-function" => {
            let after = calls_inlined(&before, after);
            (before, after)
        }
        "extract-effect" => {
            let after = effect_inlined(&before, after);
            (before, after)
        }
        "inline-variable" => {
            let name = title.split('`').nth(1).unwrap_or_default();
            (variable_inlined(before, &after, name), each(after, joined))
        }
        _ => return None,
    };
    first_difference(&before, &after)
}

/// Lines below each line without indentation.
type Blocks = BTreeMap<String, Vec<String>>;

fn blocks(plans: &str) -> Blocks {
    let mut blocks = Blocks::new();
    let mut head = String::new();
    for line in plans.lines() {
        if line.starts_with(' ') {
            blocks.entry(head.clone()).or_default().push(line.to_owned());
        } else {
            line.clone_into(&mut head);
            blocks.entry(head.clone()).or_default();
        }
    }
    blocks
}

fn first_difference(before: &Blocks, after: &Blocks) -> Option<String> {
    let heads = |one: &Blocks, other: &Blocks| one.keys().find(|it| !other.contains_key(*it)).cloned();
    if let Some(gone) = heads(before, after) {
        return Some(format!("{gone} is gone"));
    }
    if let Some(new) = heads(after, before) {
        return Some(format!("{new} is new"));
    }
    let (head, before, after) = before
        .iter()
        .map(|(head, lines)| (head, lines, &after[head]))
        .find(|(_, before, after)| before != after)?;
    let mut both = before.iter().zip(after);
    let at = both.position(|(before, after)| before != after);
    let at = at.unwrap_or_else(|| before.len().min(after.len()));
    Some(format!("{head}: {:?} became {:?}", before.get(at), after.get(at)))
}

fn without_doc(line: &str) -> String {
    let is_doc = line.trim_start().starts_with("doc ");
    if is_doc { String::new() } else { line.to_owned() }
}

/// Aliases begin with a capital in the newer edition.
fn without_case(line: &str) -> String {
    line.replace('_', "").to_lowercase()
}

/// A start without the entries that hand on what is inherited anyway.
fn without_inherited(line: &str) -> String {
    let parts = line.split_once(" { ").and_then(|(start, rest)| {
        let (overlay, after) = rest.rsplit_once(" }")?;
        start
            .trim_start()
            .starts_with("start ")
            .then_some((start, overlay, after))
    });
    let Some((start, overlay, after)) = parts else {
        return line.to_owned();
    };
    let named = |entry: &&str| entry.split_once(" := ").is_none_or(|(key, value)| key != value);
    let kept: Vec<&str> = overlay.split(", ").filter(named).collect();
    let overlay = if kept.is_empty() {
        String::new()
    } else {
        format!(" {{ {} }}", kept.join(", "))
    };
    format!("{start}{overlay}{after}")
}

/// Regular expressions that find one text as that text.
fn as_literals(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some((before, behind)) = rest.split_once("regex \"") {
        out += before;
        let end = end_of_string(behind).unwrap_or(behind.len() - 1);
        let is_whole = behind[end + 1..].is_empty() || behind[end + 1..].starts_with(" and ");
        let text = is_whole.then(|| only_text(&unescaped(&behind[..end]))).flatten();
        match text {
            Some(text) => out.extend(["literal ", &format!("{text:?}")]),
            None => out.extend(["regex \"", &behind[..end], "\""]),
        }
        rest = &behind[end + 1..];
    }
    out + rest
}

fn only_text(regex: &str) -> Option<String> {
    match regex_syntax::parse(regex).ok()?.kind() {
        HirKind::Literal(literal) => String::from_utf8(literal.0.to_vec()).ok(),
        _ => None,
    }
}

/// Where the quote stands that ends a string.
fn end_of_string(behind_quote: &str) -> Option<usize> {
    let mut escaped = false;
    behind_quote
        .char_indices()
        .find(|(_, c)| {
            let ends = *c == '"' && !escaped;
            escaped = *c == '\\' && !escaped;
            ends
        })
        .map(|(at, _)| at)
}

fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match rest.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('0') => out.push('\0'),
            Some('u') => {
                let hex: String = rest.by_ref().skip(1).take_while(|c| *c != '}').collect();
                out.extend(u32::from_str_radix(&hex, 16).ok().and_then(char::from_u32));
            }
            other => out.extend(other),
        }
    }
    out
}

/// The block that only one of them has, if there is one.
fn new_block(before: &Blocks, after: &mut Blocks, kind: &str) -> Option<(String, Vec<String>)> {
    let is_new = |head: &&String| !before.contains_key(*head) && head.contains(kind);
    let head = after.keys().find(is_new)?.clone();
    let body = after.remove(&head)?;
    Some((head, body))
}

/// The statements of the new function in place of its calls.
fn calls_inlined(before: &Blocks, mut after: Blocks) -> Blocks {
    let Some((head, body)) = new_block(before, &mut after, "fn ") else {
        return after;
    };
    // Parameters are called as what is handed over, so a call looks like the head.
    let call = head.split_once("fn ").map_or("", |it| it.1);
    for lines in after.values_mut() {
        *lines = std::mem::take(lines)
            .into_iter()
            .flat_map(|line| {
                if line.trim_start() != call {
                    return vec![line];
                }
                let depth = line.len() - call.len();
                body.iter()
                    .map(|it| format!("{}{}", " ".repeat(depth - 2), it))
                    .collect()
            })
            .collect();
    }
    after
}

/// The block of the new effect in place of its start.
fn effect_inlined(before: &Blocks, mut after: Blocks) -> Blocks {
    let Some((head, body)) = new_block(before, &mut after, "effect ") else {
        return after;
    };
    let name = head.split([':', ' ']).filter(|it| !it.is_empty()).nth(2);
    let start = format!("start {}", name.unwrap_or_default());
    let named = format!("{start} as {}", name.unwrap_or_default());
    let block: Vec<&String> = body
        .iter()
        .skip_while(|it| !it.trim_start().starts_with("shell "))
        .collect();
    let shell = block
        .first()
        .and_then(|it| it.trim().strip_prefix("shell "))
        .unwrap_or_default();
    let qualified = format!("  shell {}.{shell}", name.unwrap_or_default());
    let is_start = |line: &str| {
        let plain = without_inherited(line);
        plain.trim() == start || plain.trim() == named
    };
    for (head, lines) in &mut after {
        // Another effect of this name was started here before.
        if before
            .get(head)
            .is_some_and(|it| it.iter().any(|it| is_start(it)))
        {
            continue;
        }
        *lines = std::mem::take(lines)
            .into_iter()
            .flat_map(|line| {
                if is_start(&line) {
                    block.iter().map(|it| (*it).clone()).collect()
                } else if line == qualified {
                    vec![format!("  shell {shell}")]
                } else {
                    vec![line]
                }
            })
            .collect();
    }
    after
}

/// Blocks that differ with the value of a `let` where its variable is read, for that `let` which makes them equal.
fn variable_inlined(before: Blocks, after: &Blocks, name: &str) -> Blocks {
    let all = before.into_iter().map(|(head, lines)| {
        let all_joined = |lines: &[String]| lines.iter().map(|it| joined(it)).collect::<Vec<_>>();
        let plain = all_joined(&lines);
        let Some(wanted) = after.get(&head).map(|it| all_joined(it)) else {
            return (head, plain);
        };
        let start = format!("let {name} := ");
        let lets = (0..lines.len()).filter(|at| lines[*at].trim_start().starts_with(&start));
        let mut tried = lets.map(|at| all_joined(&without_let(&lines, at, name)));
        let found = (plain != wanted)
            .then(|| tried.find(|it| *it == wanted))
            .flatten();
        (head, found.unwrap_or(plain))
    });
    all.collect()
}

/// The lines without a `let`, and its value where it holds: in all blocks of its shell, or everywhere but in shells that
/// have a variable of that name themselves.
fn without_let(lines: &[String], at: usize, name: &str) -> Vec<String> {
    let mut shell = "";
    let shells: Vec<&str> = lines
        .iter()
        .map(|line| {
            let header = line.strip_prefix("  ").filter(|it| !it.starts_with(' '));
            shell = header.map_or(shell, |it| if it.starts_with("shell ") { it } else { "" });
            shell
        })
        .collect();
    let value = lines[at].split_once(" := ").map_or("", |it| it.1);
    let mut out: Vec<String> = lines[..at].to_vec();
    let mut hidden = Vec::new();
    for (line, shell) in lines.iter().zip(shells.iter().copied()).skip(at + 1) {
        let holds = (shells[at].is_empty() || shells[at] == shell) && !hidden.contains(&shell);
        out.push(if holds {
            with_value(line, name, value)
        } else {
            line.clone()
        });
        let again = line
            .trim_start()
            .strip_prefix("let ")
            .and_then(|it| it.strip_prefix(name));
        if again.is_some_and(|it| it.is_empty() || it.starts_with(' ')) {
            hidden.push(shell);
        }
    }
    out
}

/// A line with a value in place of a name, in texts and as an expression.
fn with_value(line: &str, name: &str, value: &str) -> String {
    let is_name = !value.starts_with(['"', '‹']);
    let in_text = if is_name {
        format!("‹{value}›")
    } else {
        value.to_owned()
    };
    let is_word = |c: char| c.is_alphanumeric() || "_.:$‹".contains(c);
    let mut out = String::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        if let Some(behind) = rest.strip_prefix('"') {
            let end = end_of_string(behind).map_or(rest.len(), |at| at + 2);
            out += &rest[..end];
            rest = &rest[end..];
        } else if let Some(behind) = rest.strip_prefix(&format!("‹{name}›")) {
            out += &in_text;
            rest = behind;
        } else if let Some(behind) = rest.strip_prefix(name)
            && !out.ends_with(is_word)
            && !behind.starts_with(is_word)
            && !behind.starts_with(" := ")
            && !["let ", "shell ", " as "].iter().any(|it| out.ends_with(it))
        {
            out += value;
            rest = behind;
        } else {
            out.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    out
}

/// Neighbouring literals as one.
fn joined(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some((before, behind)) = rest.split_once('"') {
        let end = end_of_string(behind).unwrap_or(behind.len());
        let is_next = before == " " && out.ends_with('"');
        if is_next {
            out.pop();
        } else {
            out.extend([before, "\""]);
        }
        out.extend([&behind[..end], "\""]);
        rest = behind.get(end + 1..).unwrap_or_default();
    }
    out + rest
}
