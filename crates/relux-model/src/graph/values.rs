//! Values that are not known yet, compared by the expressions behind them: what makes two starts share an instance.
//!
//! Two different expressions may turn out to be equal in a run; two equal ones here are equal there.

use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::Spot;
use crate::items::{Name, OverlayItem, OverlayShape};

/// Who evaluates an expression: the test or root, or an instance of a tree.
pub(super) type ScopeId = usize;

/// A value by where it arises.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Value {
    /// A text without anything to fill in: the same everywhere.
    Literal(Arc<str>),
    /// An expression: the same in one scope.
    Expr(ScopeId, Arc<str>),
    /// An expression with a call: another value at every entry, by scope, start and entry.
    Call(ScopeId, usize, usize, Arc<str>),
    /// What an instance exposes; `usize::MAX` where the alias leads nowhere.
    Exposed(usize, Name, Arc<str>),
    /// A name of the environment under all overlays.
    Env(Name),
}

impl Value {
    /// The expression as written where the value arises.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Literal(text) | Self::Expr(_, text) | Self::Call(.., text) | Self::Exposed(.., text) => {
                text.to_string()
            }
            Self::Env(name) => name.to_string(),
        }
    }
}

/// What one start adds to the environment.
#[derive(Debug)]
pub(super) struct Layer {
    /// Later entries win.
    pub(super) entries: Vec<(Name, Value, Spot)>,
    /// The effect that is started with it.
    pub(super) with: Name,
    pub(super) below: Option<Rc<Layer>>,
}

/// The nearest overlay entry of a name, and how many layers lie above it.
pub(super) fn lookup<'a>(
    env: Option<&'a Rc<Layer>>,
    name: &str,
) -> Option<(&'a Value, &'a Spot, &'a Rc<Layer>)> {
    let mut layer = env;
    while let Some(here) = layer {
        if let Some((_, value, spot)) = here.entries.iter().rev().find(|(key, ..)| key == name) {
            return Some((value, spot, here));
        }
        layer = here.below.as_ref();
    }
    None
}

/// Who evaluates an overlay.
pub(super) struct Evaluator<'a> {
    pub(super) scope: ScopeId,
    pub(super) lets: &'a FxHashSet<&'a Name>,
    pub(super) env: Option<&'a Rc<Layer>>,
}

impl Evaluator<'_> {
    /// The value of an overlay entry. `place` is the position of start and entry, `exposed` finds an alias' instance.
    pub(super) fn value(
        &self,
        entry: &OverlayItem,
        written: &str,
        place: (usize, usize),
        exposed: impl Fn(&Name) -> Option<usize>,
    ) -> Value {
        match &entry.value {
            OverlayShape::Shorthand => self.variable(&entry.key),
            OverlayShape::Var(name) => self.variable(name),
            OverlayShape::Sibling => match entry.siblings.first() {
                Some(sibling) => {
                    let instance = exposed(&sibling.alias).unwrap_or(usize::MAX);
                    let text = format!("{}.{}", sibling.alias, sibling.name);
                    Value::Exposed(instance, sibling.name.clone(), text.into())
                }
                None => Value::Expr(self.scope, written.into()),
            },
            OverlayShape::Other(text) if is_literal(text) => Value::Literal(text.clone()),
            OverlayShape::Other(text) if has_call(text) => {
                Value::Call(self.scope, place.0, place.1, text.clone())
            }
            OverlayShape::Other(text) => Value::Expr(self.scope, text.clone()),
        }
    }

    fn variable(&self, name: &Name) -> Value {
        if self.lets.contains(name) {
            return Value::Expr(self.scope, name.as_str().into());
        }
        match lookup(self.env, name) {
            Some((value, ..)) => value.clone(),
            None => Value::Env(name.clone()),
        }
    }
}

/// A number, or a string without `$`.
fn is_literal(text: &str) -> bool {
    let string = text.len() >= 2 && text.starts_with('"') && text.ends_with('"');
    (string && !text.contains('$')) || text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether there is a parenthesis outside of strings.
fn has_call(text: &str) -> bool {
    let (mut inside, mut escaped) = (false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if inside => escaped = true,
            b'"' => inside = !inside,
            b'(' if !inside => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_parentheses_outside_of_strings_call() {
        assert!(has_call("available_port()") && has_call(r#"f("\"", x)"#));
        assert!(!has_call(r#""a(b)""#) && !has_call(r#""\"(""#) && !has_call("port"));
    }

    #[test]
    fn literals_have_nothing_to_fill_in() {
        assert!(is_literal("5432") && is_literal("\"a b\""));
        assert!(!is_literal("port") && !is_literal("\"${port}\"") && !is_literal("\""));
    }
}
