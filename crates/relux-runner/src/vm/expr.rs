//! Expressions: values and calls.

use std::pin::Pin;
use std::sync::Arc;

use relux_model::plan::{Callee, Expr, ExprKind, FunctionId, Loc};

use super::failure::{shortened, stack_entry, visible};
use super::{CallersFail, Frame, Halt, Vars, Vm};
use crate::event::FailureKind;

/// Characters of an argument that the stack shows.
const ARGUMENT_CHARS: usize = 60;

/// Calls in calls; each needs some of a thread's stack, which must not end before the test does.
const MOST_CALLS: usize = 100;

/// A boxed future, because calls are expressions in calls.
pub(super) type Boxed<'a, T> = Pin<Box<dyn Future<Output = Result<T, Halt>> + Send + 'a>>;

impl Vm {
    /// The value of an expression.
    pub(crate) fn eval<'a>(&'a mut self, expr: &'a Expr) -> Boxed<'a, String> {
        Box::pin(async move {
            match &expr.kind {
                ExprKind::Text(text) => Ok(self.text(text)),
                ExprKind::Var(name) => Ok(self.var(name)),
                ExprKind::Exposed { alias, name } => Ok(self.exposed_var(alias, name)),
                ExprKind::Capture(index) => Ok(self.capture(*index)),
                ExprKind::Call { callee, args } => {
                    let mut values = Vec::with_capacity(args.len());
                    for arg in args {
                        values.push(self.eval(arg).await?);
                    }
                    match callee {
                        Callee::Function(id) => self.call(*id, values, expr.loc).await,
                        Callee::Builtin(builtin) => self.builtin(*builtin, &values, expr.loc).await,
                    }
                }
            }
        })
    }

    async fn call(&mut self, id: FunctionId, args: Vec<String>, loc: Loc) -> Result<String, Halt> {
        if self.frames.len() >= MOST_CALLS {
            let message = format!("functions call each other more than {MOST_CALLS} calls deep");
            return Err(self.failed(FailureKind::Runtime, message, loc));
        }
        let program = Arc::clone(&self.att.run.program);
        let function = &program.functions[id.0 as usize];
        let shown: Vec<String> = function
            .params
            .iter()
            .zip(&args)
            .map(|(name, value)| {
                self.att.run.secrets.learn(name, value);
                format!("{name}=\"{}\"", shown_argument(value))
            })
            .collect();
        let what = format!("fn {}({})", function.name, shown.join(", "));
        self.calls.push(stack_entry(&program, what, loc));
        // A function sees the environment of the place where evaluation began, but overlays only outside of shells.
        let env = match (self.frames.last(), &self.session) {
            (Some(frame), _) => frame.env.clone(),
            (None, Some(_)) => self.scope.env.base(),
            (None, None) => self.scope.env.clone(),
        };
        let timeout = match (self.frames.last(), &self.session) {
            (Some(frame), _) => frame.timeout,
            (None, Some(session)) => session.timeout,
            (None, None) => None,
        };
        self.frames.push(Frame {
            vars: function.params.iter().cloned().zip(args).collect::<Vars>(),
            env,
            captures: Vec::new(),
            timeout,
            callers_fail: CallersFail::InForce,
        });
        let value = self.body(&function.body).await?;
        let frame = self.frames.pop();
        if let Some(CallersFail::Replaced(callers)) = frame.map(|frame| frame.callers_fail) {
            self.install_fail(callers);
            self.checked(loc)?;
        }
        self.calls.pop();
        Ok(value)
    }
}

fn shown_argument(value: &str) -> String {
    let line = value.lines().next().unwrap_or_default();
    let more = line.len() < value.trim_end().len() && line.chars().count() <= ARGUMENT_CHARS;
    let mut shown = visible(&shortened(line, ARGUMENT_CHARS));
    if more {
        shown.push('…');
    }
    shown
}
