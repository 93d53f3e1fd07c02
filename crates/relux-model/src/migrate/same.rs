//! Whether two sets of plans do the same, apart from places and from names that were changed on both sides of their use.
//!
//! Plans are walked side by side. A name of an alias or shell may differ if it does so everywhere in its scope, and two
//! names stay two.

use relux_syntax::names::KEYWORD_VAR;
use rustc_hash::FxHashMap;

use crate::assemble::Assembly;
use crate::edition::Edition;
use crate::plan::{
    Block, Callee, Condition, EffectPlan, Expose, Expr, ExprKind, FunctionPlan, Marker, Pattern, Piece,
    ShellBlock, ShellRef, Start, Stmt, StmtKind, TestEntry, TestPlan, Text,
};

/// The first difference as text.
type Same = Result<(), String>;

/// Compares all tests, effects and functions.
pub(super) fn same(before: &Assembly, after: &Assembly, to: Edition) -> Same {
    let effects = (&before.program.effects, &after.program.effects);
    let functions = (&before.program.functions, &after.program.functions);
    alike("the number of effects", effects.0.len(), effects.1.len())?;
    alike("the number of functions", functions.0.len(), functions.1.len())?;
    alike("the number of tests", before.tests.len(), after.tests.len())?;
    let mut compare = Compare {
        exposed: Vec::new(),
        to,
    };
    for (before, after) in effects.0.iter().zip(effects.1) {
        let exposed = compare.exposes(before, after);
        compare.exposed.push(within(&before.name, exposed)?);
    }
    for (before, after) in effects.0.iter().zip(effects.1) {
        within(&before.name, compare.effect(before, after))?;
    }
    for (before, after) in functions.0.iter().zip(functions.1) {
        within(&before.name, compare.function(before, after))?;
    }
    for (before, after) in before.tests.iter().zip(&after.tests) {
        match (before, after) {
            (TestEntry::Ready(before), TestEntry::Ready(after)) => {
                within(&before.id, compare.test(before, after))?;
            }
            (TestEntry::Invalid(_), TestEntry::Invalid(_)) => {}
            (TestEntry::Ready(test), TestEntry::Invalid(_)) => {
                return Err(format!("{} could not run", test.id));
            }
            (TestEntry::Invalid(test), TestEntry::Ready(_)) => return Err(format!("{} could run", test.id)),
        }
    }
    Ok(())
}

fn within<T>(name: &str, result: Result<T, String>) -> Result<T, String> {
    result.map_err(|difference| format!("in {name}, {difference}"))
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "callers compare lengths, tuples and references alike"
)]
fn alike<T: PartialEq + std::fmt::Debug>(what: &str, before: T, after: T) -> Same {
    if before == after {
        Ok(())
    } else {
        Err(format!("{what} was {before:?} and would be {after:?}"))
    }
}

/// Names before and after.
#[derive(Debug, Default, Clone)]
struct Pairs {
    to: FxHashMap<String, String>,
    from: FxHashMap<String, String>,
}

impl Pairs {
    fn same(&mut self, what: &str, before: &str, after: &str) -> Same {
        let to = self
            .to
            .entry(before.to_owned())
            .or_insert_with(|| after.to_owned());
        let from = self
            .from
            .entry(after.to_owned())
            .or_insert_with(|| before.to_owned());
        if to == after && from == before {
            Ok(())
        } else {
            Err(format!("{what} `{before}` would be `{after}`"))
        }
    }
}

/// Only what is called `var` gets another name: all others may be the environment's.
fn variable(scope: &mut Scope, before: &str, after: &str) -> Same {
    if before != KEYWORD_VAR {
        alike("a variable", before, after)?;
    }
    scope.variables.same("the variable", before, after)
}

/// Names in a test, effect or function.
#[derive(Debug, Default)]
struct Scope {
    aliases: Pairs,
    shells: Pairs,
    variables: Pairs,
    /// Names behind an alias, by the alias before.
    exposed: FxHashMap<String, Pairs>,
}

struct Compare {
    /// Exposed names by effect.
    exposed: Vec<Pairs>,
    to: Edition,
}

impl Compare {
    /// The exposed names of an effect, which belong together by position.
    fn exposes(&self, before: &EffectPlan, after: &EffectPlan) -> Result<Pairs, String> {
        let mut pairs = Pairs::default();
        for (before, after) in before.exposes.iter().zip(&after.exposes) {
            alike("the kind of an expose", before.kind, after.kind)?;
            pairs.same("the exposed name", &before.name, &after.name)?;
        }
        // In 2026-04 there is no effect with a shell that exposes nothing. Nobody can have used what is new.
        let appears = self.to == Edition::E2026_04 && before.exposes.is_empty() && after.exposes.len() == 1;
        if !appears {
            alike("the number of exposes", before.exposes.len(), after.exposes.len())?;
        }
        Ok(pairs)
    }

    fn effect(&self, before: &EffectPlan, after: &EffectPlan) -> Same {
        alike("the name", &before.name, &after.name)?;
        alike("the module", &before.module, &after.module)?;
        alike("what it expects", &before.expects, &after.expects)?;
        alike("what it needs", &before.needs, &after.needs)?;
        let mut scope = Scope::default();
        self.starts(&mut scope, &before.starts, &after.starts)?;
        Self::stmts(&mut scope, &before.preamble, &after.preamble)?;
        for (before, after) in before.exposes.iter().zip(&after.exposes) {
            Self::expose(&mut scope, before, after)?;
        }
        Self::blocks(&mut scope, &before.blocks, &after.blocks)?;
        Self::cleanup(&mut scope, before.cleanup.as_ref(), after.cleanup.as_ref())
    }

    fn expose(scope: &mut Scope, before: &Expose, after: &Expose) -> Same {
        use crate::plan::ExposeKind;
        match (&before.from, &after.from) {
            (None, None) if before.kind == ExposeKind::Var => variable(scope, &before.target, &after.target),
            (None, None) => scope
                .shells
                .same("the exposed shell", &before.target, &after.target),
            (Some(a), Some(b)) => Self::behind(scope, (a, &before.target), (b, &after.target)),
            _ => Err(format!("what `{}` exposes would change", before.name)),
        }
    }

    fn function(&self, before: &FunctionPlan, after: &FunctionPlan) -> Same {
        let _ = self;
        alike("the module", &before.module, &after.module)?;
        alike("the purity", before.pure, after.pure)?;
        alike(
            "the number of parameters",
            before.params.len(),
            after.params.len(),
        )?;
        let mut scope = Scope::default();
        for (before, after) in before.params.iter().zip(&after.params) {
            variable(&mut scope, before, after)?;
        }
        Self::stmts(&mut scope, &before.body, &after.body)
    }

    fn test(&self, before: &TestPlan, after: &TestPlan) -> Same {
        alike("the id", &before.id, &after.id)?;
        alike("the name", &before.name, &after.name)?;
        alike("the docstring", &before.doc, &after.doc)?;
        alike("the timeout", before.timeout, after.timeout)?;
        alike("the environment", &before.dot_env, &after.dot_env)?;
        alike("the number of markers", before.markers.len(), after.markers.len())?;
        for (before, after) in before.markers.iter().zip(&after.markers) {
            Self::marker(before, after)?;
        }
        let mut scope = Scope::default();
        self.starts(&mut scope, &before.starts, &after.starts)?;
        Self::stmts(&mut scope, &before.preamble, &after.preamble)?;
        Self::blocks(&mut scope, &before.blocks, &after.blocks)?;
        Self::cleanup(&mut scope, before.cleanup.as_ref(), after.cleanup.as_ref())
    }

    fn marker(before: &Marker, after: &Marker) -> Same {
        alike(
            "a marker",
            (before.kind, before.negated),
            (after.kind, after.negated),
        )?;
        // Markers read the environment only, whose names never change.
        let mut scope = Scope::default();
        match (&before.condition, &after.condition) {
            (None, None) => Ok(()),
            (Some(Condition::NotEmpty(a)), Some(Condition::NotEmpty(b))) => Self::expr(&mut scope, a, b),
            (Some(Condition::Equals(a, x)), Some(Condition::Equals(b, y))) => {
                Self::expr(&mut scope, a, b)?;
                Self::expr(&mut scope, x, y)
            }
            (Some(Condition::Matches(a, x)), Some(Condition::Matches(b, y))) => {
                Self::expr(&mut scope, a, b)?;
                Self::text(&mut scope, x, y)
            }
            _ => Err("the condition of a marker would change".to_owned()),
        }
    }

    fn starts(&self, scope: &mut Scope, before: &[Start], after: &[Start]) -> Same {
        alike("the number of starts", before.len(), after.len())?;
        for (before, after) in before.iter().zip(after) {
            alike("the started effect", before.effect, after.effect)?;
            alike("the order of starts", &before.after, &after.after)?;
            match (&before.alias, &after.alias) {
                (None, None) => {}
                (Some(a), Some(b)) => {
                    scope.aliases.same("the alias", a, b)?;
                    let names = self.exposed.get(before.effect.0 as usize).cloned();
                    scope.exposed.insert(a.clone(), names.unwrap_or_default());
                }
                _ => return Err("the alias of a start would change".to_owned()),
            }
        }
        for (before, after) in before.iter().zip(after) {
            let keys = |start: &Start| start.overlay.iter().map(|it| it.key.clone()).collect::<Vec<_>>();
            alike("the keys of an overlay", keys(before), keys(after))?;
            for (before, after) in before.overlay.iter().zip(&after.overlay) {
                Self::expr(scope, &before.value, &after.value)?;
            }
        }
        Ok(())
    }

    fn blocks(scope: &mut Scope, before: &[ShellBlock], after: &[ShellBlock]) -> Same {
        alike("the number of shell blocks", before.len(), after.len())?;
        for (before, after) in before.iter().zip(after) {
            match (&before.shell, &after.shell) {
                (ShellRef::Own(a), ShellRef::Own(b)) => scope.shells.same("the shell", a, b)?,
                (ShellRef::Exposed { alias: a, name: x }, ShellRef::Exposed { alias: b, name: y }) => {
                    Self::behind(scope, (a, x), (b, y))?;
                }
                (before, after) => return alike("the shell of a block", before, after),
            }
            Self::stmts(scope, &before.body, &after.body)?;
        }
        Ok(())
    }

    fn cleanup(scope: &mut Scope, before: Option<&Block>, after: Option<&Block>) -> Same {
        match (before, after) {
            (None, None) => Ok(()),
            (Some(before), Some(after)) => Self::stmts(scope, &before.body, &after.body),
            _ => Err("the cleanup would change".to_owned()),
        }
    }

    /// `alias.name`
    fn behind(scope: &mut Scope, before: (&str, &str), after: (&str, &str)) -> Same {
        scope.aliases.same("the alias", before.0, after.0)?;
        match scope.exposed.get_mut(before.0) {
            Some(names) => names.same("the exposed name", before.1, after.1),
            None => alike("a name behind an alias", before.1, after.1),
        }
    }

    fn stmts(scope: &mut Scope, before: &[Stmt], after: &[Stmt]) -> Same {
        alike("the number of statements", before.len(), after.len())?;
        let mut both = before.iter().zip(after);
        both.try_for_each(|(before, after)| Self::stmt(scope, &before.kind, &after.kind))
    }

    fn stmt(scope: &mut Scope, before: &StmtKind, after: &StmtKind) -> Same {
        match (before, after) {
            (StmtKind::Send { text: a, newline: x }, StmtKind::Send { text: b, newline: y }) => {
                alike("the end of what is sent", x, y)?;
                Self::text(scope, a, b)
            }
            (
                StmtKind::Match {
                    pattern: a,
                    timeout: x,
                },
                StmtKind::Match {
                    pattern: b,
                    timeout: y,
                },
            ) => {
                alike("a timeout", x, y)?;
                Self::pattern(scope, a, b)
            }
            (
                StmtKind::MultiMatch {
                    patterns: a,
                    timeout: x,
                },
                StmtKind::MultiMatch {
                    patterns: b,
                    timeout: y,
                },
            ) => {
                alike("a timeout", x, y)?;
                alike("the number of patterns", a.len(), b.len())?;
                let mut both = a.iter().zip(b);
                both.try_for_each(|((a, _), (b, _))| Self::pattern(scope, a, b))
            }
            (StmtKind::FailPattern(a), StmtKind::FailPattern(b)) => Self::pattern(scope, a, b),
            (StmtKind::Timeout(a), StmtKind::Timeout(b)) => alike("a timeout", a, b),
            (StmtKind::Let { name: a, value: x }, StmtKind::Let { name: b, value: y }) => {
                variable(scope, a, b)?;
                match (x, y) {
                    (None, None) => Ok(()),
                    (Some(x), Some(y)) => Self::expr(scope, x, y),
                    _ => Err(format!("the value of `{a}` would change")),
                }
            }
            (StmtKind::Assign { name: a, value: x }, StmtKind::Assign { name: b, value: y }) => {
                variable(scope, a, b)?;
                Self::expr(scope, x, y)
            }
            (
                StmtKind::PureMatch {
                    subject: a,
                    pattern: x,
                },
                StmtKind::PureMatch {
                    subject: b,
                    pattern: y,
                },
            ) => {
                Self::expr(scope, a, b)?;
                Self::pattern(scope, x, y)
            }
            (StmtKind::Expr(a), StmtKind::Expr(b)) => Self::expr(scope, a, b),
            (StmtKind::Reset, StmtKind::Reset)
            | (StmtKind::ClearFailPattern, StmtKind::ClearFailPattern)
            | (StmtKind::Nothing, StmtKind::Nothing) => Ok(()),
            _ => Err("a statement would become another one".to_owned()),
        }
    }

    fn pattern(scope: &mut Scope, before: &Pattern, after: &Pattern) -> Same {
        match (before, after) {
            (Pattern::Regex(a), Pattern::Regex(b)) | (Pattern::Literal(a), Pattern::Literal(b)) => {
                Self::text(scope, a, b)
            }
            _ => Err("a pattern would become another one".to_owned()),
        }
    }

    fn text(scope: &mut Scope, before: &Text, after: &Text) -> Same {
        alike(
            "the number of pieces of a text",
            before.pieces.len(),
            after.pieces.len(),
        )?;
        for (before, after) in before.pieces.iter().zip(&after.pieces) {
            match (before, after) {
                (Piece::Var(a), Piece::Var(b)) => variable(scope, a, b)?,
                (Piece::Exposed { alias: a, name: x }, Piece::Exposed { alias: b, name: y }) => {
                    Self::behind(scope, (a, x), (b, y))?;
                }
                (before, after) => alike("a text", before, after)?,
            }
        }
        Ok(())
    }

    fn expr(scope: &mut Scope, before: &Expr, after: &Expr) -> Same {
        match (&before.kind, &after.kind) {
            (ExprKind::Text(a), ExprKind::Text(b)) => Self::text(scope, a, b),
            (ExprKind::Var(a), ExprKind::Var(b)) => variable(scope, a, b),
            (ExprKind::Exposed { alias: a, name: x }, ExprKind::Exposed { alias: b, name: y }) => {
                Self::behind(scope, (a, x), (b, y))
            }
            (ExprKind::Capture(a), ExprKind::Capture(b)) => alike("a capture", a, b),
            (ExprKind::Call { callee: a, args: x }, ExprKind::Call { callee: b, args: y }) => {
                Self::callee(*a, *b)?;
                alike("the number of arguments", x.len(), y.len())?;
                x.iter().zip(y).try_for_each(|(a, b)| Self::expr(scope, a, b))
            }
            _ => Err("an expression would become another one".to_owned()),
        }
    }

    fn callee(before: Callee, after: Callee) -> Same {
        alike("what is called", before, after)
    }
}
