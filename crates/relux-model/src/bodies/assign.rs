//! Assignments that fail in every run: `assign-undeclared` and `assign-read-only`.
//!
//! Bodies have no branches, so what is declared before a line is certain. A variable of a shell lives on in later
//! blocks of the same shell; a variable of a function ends with the call.

use std::cell::OnceCell;

use relux_syntax::{Diagnostic, Fix, Related, TextRange};
use rustc_hash::{FxHashMap, FxHashSet};

use super::body::{DefBody, DefKind, ShellBlock, StmtKind, Stmts};
use super::check::Check;
use crate::codes;
use crate::items::Name;

/// Checks all assignments of a definition.
pub(super) fn check(check: &mut Check<'_>, definition: &DefBody) {
    let body = Body {
        definition,
        lets: OnceCell::new(),
    };
    let mut outer = Names::default();
    if definition.is_function() {
        let function = check.index.functions.get(definition.position as usize);
        outer.extend(
            function
                .into_iter()
                .flat_map(|function| &function.params)
                .map(Name::as_str),
        );
        let mut inner = Names::default();
        return body.statements(check, Place::Outside, definition.body, &outer, &mut inner);
    }
    let nothing = Names::default();
    body.statements(check, Place::Outside, definition.preamble, &nothing, &mut outer);
    let mut shells: FxHashMap<Place<'_>, Names<'_>> = FxHashMap::default();
    for block in &definition.blocks {
        let place = Place::of(check, block);
        let inner = shells.entry(place).or_default();
        body.statements(check, place, block.body, &outer, inner);
    }
    if let Some(cleanup) = &definition.cleanup {
        let mut inner = Names::default();
        body.statements(check, Place::Cleanup, cleanup.body, &outer, &mut inner);
    }
}

type Names<'a> = FxHashSet<&'a str>;

/// Where a variable can be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Place<'a> {
    /// A preamble or a function.
    Outside,
    /// All blocks of one shell: alias and name.
    Shell(Option<&'a str>, &'a str),
    Cleanup,
}

impl<'a> Place<'a> {
    fn of(check: &Check<'a>, block: &ShellBlock) -> Self {
        let text = |range| check.text(range);
        Self::Shell(block.qualifier.map(text), block.name.map_or("", text))
    }
}

/// A definition, with the `let`s that are looked for once something is not declared.
struct Body<'b, 'a> {
    definition: &'b DefBody,
    lets: OnceCell<FxHashMap<&'a str, Vec<(Place<'a>, TextRange)>>>,
}

impl<'a> Body<'_, 'a> {
    fn statements(
        &self,
        check: &mut Check<'a>,
        place: Place<'a>,
        stmts: Stmts,
        outer: &Names<'a>,
        inner: &mut Names<'a>,
    ) {
        let bodies = check.bodies;
        for stmt in bodies.stmts(stmts) {
            match check.read(stmt.kind) {
                StmtKind::Let { name, .. } => {
                    inner.insert(check.text(name));
                }
                StmtKind::Assign { name, .. } => {
                    let text = check.text(name);
                    if !inner.contains(text) && !outer.contains(text) {
                        let diagnostic = self.finding(check, place, name, outer, inner);
                        check.out.push(diagnostic);
                        // Said once; what follows may rely on it.
                        inner.insert(text);
                    }
                }
                _ => {}
            }
        }
    }

    fn finding(
        &self,
        check: &Check<'a>,
        place: Place<'a>,
        name: TextRange,
        outer: &Names<'_>,
        inner: &Names<'_>,
    ) -> Diagnostic {
        let text = check.text(name);
        let declare = Fix::needs_a_look(
            format!("Declare `{text}` with `let`"),
            TextRange::empty(name.start),
            "let ",
        );
        if is_environment(check, self.definition, text) {
            let owner = check.index.effects.get(self.definition.position as usize);
            let owner = owner.filter(|effect| {
                self.definition.kind == DefKind::Effect && effect.expects.iter().any(|expect| expect == text)
            });
            let message = match owner {
                Some(effect) => {
                    format!(
                        "`{text}` is supplied by who starts `{}` and cannot be assigned",
                        effect.name()
                    )
                }
                None => format!("`{text}` belongs to the environment and cannot be assigned"),
            };
            return Diagnostic::error(codes::ASSIGN_READ_ONLY, name, message)
                .with_help("declare a variable of the same name with `let`")
                .with_fix(declare);
        }
        let diagnostic = Diagnostic::error(
            codes::ASSIGN_UNDECLARED,
            name,
            format!("`{text}` is assigned but not declared"),
        );
        if let Some((elsewhere, message, help)) = self.declared_elsewhere(check, place, text) {
            return diagnostic
                .with_related(Related {
                    file: None,
                    range: elsewhere,
                    message: message.to_owned(),
                })
                .with_help(help)
                .with_fix(declare);
        }
        let diagnostic = match check.nearest(text, || outer.union(inner).copied()) {
            Some(meant) => diagnostic
                .with_help(format!("there is a variable `{meant}`"))
                .with_fix(Fix::needs_a_look(format!("Change to `{meant}`"), name, meant)),
            None => diagnostic.with_help(format!("declare it first: `let {text}`")),
        };
        diagnostic.with_fix(declare)
    }

    /// A `let` that does not count here, why, and what to do.
    fn declared_elsewhere(
        &self,
        check: &Check<'a>,
        place: Place<'a>,
        text: &str,
    ) -> Option<(TextRange, &'static str, &'static str)> {
        let lets = self.lets.get_or_init(|| self.lets(check)).get(text)?;
        // What stands above in the same place would have declared it.
        if let Some((_, below)) = lets.iter().find(|(there, _)| *there == place) {
            return Some((
                *below,
                "declared only here, below",
                "declare it before it is assigned",
            ));
        }
        let other = lets.iter().find(|(there, _)| matches!(there, Place::Shell(..)))?;
        Some((
            other.1,
            "declared here, for this shell only",
            "declare it before the first `start` or shell block to share it",
        ))
    }

    fn lets(&self, check: &Check<'a>) -> FxHashMap<&'a str, Vec<(Place<'a>, TextRange)>> {
        let definition = self.definition;
        let blocks = definition.blocks.iter();
        let blocks = blocks.map(|block| (Place::of(check, block), block.body));
        let cleanup = definition.cleanup.as_ref();
        let cleanup = cleanup.map(|cleanup| (Place::Cleanup, cleanup.body));
        let outside = [definition.preamble, definition.body].map(|stmts| (Place::Outside, stmts));
        let mut lets: FxHashMap<&str, Vec<(Place<'_>, TextRange)>> = FxHashMap::default();
        for (place, stmts) in outside.into_iter().chain(blocks).chain(cleanup) {
            for stmt in check.bodies.stmts(stmts) {
                if let StmtKind::Let { name, .. } = stmt.kind {
                    let known = lets.entry(check.text(name)).or_default();
                    if known.last().is_none_or(|(last, _)| *last != place) {
                        known.push((place, name));
                    }
                }
            }
        }
        lets
    }
}

fn is_environment(check: &Check<'_>, definition: &DefBody, name: &str) -> bool {
    let expected = definition.kind == DefKind::Effect
        && check
            .index
            .effects
            .get(definition.position as usize)
            .is_some_and(|effect| effect.expects.iter().any(|expect| expect == name));
    expected || name.starts_with("__RELUX") || check.is_in_environment(name)
}
