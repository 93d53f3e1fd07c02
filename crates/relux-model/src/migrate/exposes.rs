//! `expose db` of 2026-04 is `expose shell db` in 2026-08, where an effect that exposes nothing really exposes nothing.

use relux_syntax::TextRange;
use relux_syntax::ast::{AstNode, Effect, Expose, ExposeKind, Section, SyntaxKind};

use super::Rewrite;
use crate::db::SourceFile;
use crate::edition::Edition;
use crate::fixes::{indent_at, newline};
use crate::items::{Def, item_index};
use crate::parse::parse;

pub(super) fn rewrite(rewrite: &mut Rewrite<'_>, file: SourceFile) {
    let implicit = (rewrite.reads(file), rewrite.to) == (Edition::E2026_04, Edition::E2026_08);
    let source = parse(rewrite.db, file).clone();
    // Position among the effects of the item index.
    let mut effects = 0;
    for node in source.module().syntax().descendants() {
        match node.kind() {
            SyntaxKind::Expose => {
                if let Some(expose) = Expose::cast(node) {
                    word(rewrite, file, expose);
                }
            }
            SyntaxKind::Effect if implicit => {
                if let Some(effect) = Effect::cast(node) {
                    say_implicit(rewrite, file, effects, effect);
                }
                effects += 1;
            }
            _ => {}
        }
    }
}

/// The word `shell`.
fn word(rewrite: &mut Rewrite<'_>, file: SourceFile, expose: Expose<'_>) {
    let Some(form) = expose.form() else { return };
    let first = form.qualifier.map_or(form.target.1, |(_, range)| range).start;
    match (form.kind, rewrite.to, expose.kind_token()) {
        (ExposeKind::Bare, Edition::E2026_08, _) => rewrite.changes.insert(file, first, "shell "),
        (ExposeKind::Shell, Edition::E2026_04, Some(word)) => {
            let range = TextRange::new(word.range().start, first);
            rewrite.changes.replace(file, range, "");
        }
        (ExposeKind::Var, Edition::E2026_04, _) => rewrite.refuse(
            file,
            expose.range(),
            "edition 2026-04 exposes shells only, no variables",
            Some("let those who start the effect supply the value: `expect` it"),
        ),
        _ => {}
    }
}

/// Where an effect of 2026-04 exposes nothing, its first own shell is exposed.
fn say_implicit(rewrite: &mut Rewrite<'_>, file: SourceFile, position: usize, effect: Effect<'_>) {
    let Some(body) = effect.body() else { return };
    let mut behind = None;
    let mut first = None;
    for section in body.sections() {
        match section {
            Section::Expose(_) => return,
            Section::ShellBlock(block) => {
                let name = block.name().filter(|name| name.qualifier().is_none());
                first = first.or_else(|| name.and_then(|name| name.name()));
            }
            Section::Cleanup(_) => {}
            other => behind = Some(other.range()),
        }
    }
    let (Some(shell), Some(brace)) = (first, body.open_brace()) else {
        return;
    };
    let text: &str = file.text(rewrite.db);
    let (newline, outer) = (newline(text), indent_at(text, effect.range().start));
    let indent = match behind {
        Some(range) => indent_at(text, range.start).to_owned(),
        None => format!("{outer}    "),
    };
    let at = behind.map_or(brace.range().end, |range| range.end);
    let rest = text.get(at as usize..).unwrap_or_default();
    let line = rest.split('\n').next().unwrap_or_default();
    // What follows on the line, a comment or a block, gets a line of its own.
    let (blanks, end) = if line.trim().is_empty() {
        (0, String::new())
    } else {
        let blanks = line.len() - line.trim_start_matches([' ', '\t']).len();
        (blanks as u32, format!("{newline}{indent}"))
    };
    let owner = item_index(rewrite.db, file).effects.get(position);
    let Some(owner) = owner.map(|effect| Def {
        file,
        id: effect.id.clone(),
    }) else {
        return;
    };
    let name = rewrite.renames.shell(&owner, shell.text()).to_owned();
    rewrite.changes.replace(
        file,
        TextRange::new(at, at + blanks),
        format!("{newline}{indent}expose shell {name}{end}"),
    );
}
