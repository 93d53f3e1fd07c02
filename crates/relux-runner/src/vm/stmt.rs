//! Statements: one arm per kind.

use std::sync::Arc;

use relux_model::plan::{Loc, Pattern, Stmt, StmtKind};

use super::expr::Boxed;
use super::{CallersFail, FailPattern, Halt, Vm};
use crate::control::Stop;
use crate::event::FailureKind;
use crate::shell::Compiled;

impl Vm {
    /// Runs statements; the value of the last one.
    pub(super) fn body<'a>(&'a mut self, statements: &'a [Stmt]) -> Boxed<'a, String> {
        Box::pin(async move {
            let mut value = String::new();
            for statement in statements {
                // Lets others see and stop even what never waits, like functions that only compute.
                tokio::task::consume_budget().await;
                self.checked(statement.loc)?;
                self.slot.at(statement.loc, self.shell());
                let begun = self.begin_step(statement.loc);
                let outer = std::mem::replace(&mut self.step, begun);
                let result = self.statement(statement).await;
                self.att.trace.end(self.step, result.as_deref().ok());
                self.step = outer;
                value = result?;
            }
            Ok(value)
        })
    }

    async fn statement(&mut self, statement: &Stmt) -> Result<String, Halt> {
        let loc = statement.loc;
        match &statement.kind {
            StmtKind::Send { text, newline } => {
                let text = self.text(text);
                self.send(&text, *newline, loc).await?;
                Ok(text)
            }
            StmtKind::Match { pattern, timeout } => {
                let (compiled, shown) = self.pattern(pattern, loc)?;
                self.not_emptied(pattern, &shown, "pattern", loc)?;
                let found = self.expect(&compiled, &shown, *timeout, loc).await?;
                let whole = found.groups.first().cloned().unwrap_or_default();
                if matches!(*compiled, Compiled::Regex(_)) {
                    *self.captures_mut() = found.groups;
                }
                Ok(whole)
            }
            StmtKind::Reset => {
                self.forget_output(loc)?;
                Ok(String::new())
            }
            StmtKind::MultiMatch { patterns, timeout } => {
                self.expect_all(patterns, *timeout, loc).await?;
                Ok(String::new())
            }
            StmtKind::FailPattern(pattern) => {
                self.set_fail(pattern, loc)?;
                Ok(String::new())
            }
            StmtKind::ClearFailPattern => {
                self.change_fail(None);
                self.checked(loc)?;
                Ok(String::new())
            }
            StmtKind::Timeout(timeout) => {
                if let Some(frame) = self.frames.last_mut() {
                    frame.timeout = Some(*timeout);
                } else if let Some(session) = &mut self.session {
                    session.timeout = Some(*timeout);
                }
                Ok(String::new())
            }
            StmtKind::Let { name, value } => {
                let value = match value {
                    Some(expr) => self.eval(expr).await?,
                    None => String::new(),
                };
                self.declare(name, value.clone());
                Ok(value)
            }
            StmtKind::Assign { name, value } => {
                let value = self.eval(value).await?;
                self.assign(name, value.clone(), loc)?;
                Ok(value)
            }
            StmtKind::PureMatch { subject, pattern } => {
                let value = self.eval(subject).await?;
                self.pure_match(&value, pattern, loc)?;
                Ok(value)
            }
            StmtKind::Expr(expr) => self.eval(expr).await,
            StmtKind::Nothing => Ok(String::new()),
        }
    }

    /// A pattern with its variables filled in, compiled, and as reports show it.
    pub(super) fn pattern(&self, pattern: &Pattern, loc: Loc) -> Result<(Arc<Compiled>, String), Halt> {
        match pattern {
            Pattern::Literal(text) => {
                let text = self.text(text);
                Ok((self.att.run.patterns.literal(&text), text))
            }
            Pattern::Regex(text) => {
                let source = self.text(text);
                match self.att.run.patterns.regex(&source) {
                    Ok(compiled) => Ok((compiled, source)),
                    Err(error) => Err(self.invalid_regex(&source, &error, loc)),
                }
            }
        }
    }

    /// A pattern that has become empty matches always, so it would make a match pass that says nothing, and a fail pattern
    /// fail. One that is written empty is meant so.
    pub(super) fn not_emptied(
        &self,
        written: &Pattern,
        shown: &str,
        what: &str,
        loc: Loc,
    ) -> Result<(), Halt> {
        let (Pattern::Literal(text) | Pattern::Regex(text)) = written;
        if shown.is_empty() && !text.pieces.is_empty() {
            let message = format!("the {what} is empty after its variables were filled in");
            return Err(self.failed(FailureKind::Pattern, message, loc));
        }
        Ok(())
    }

    fn invalid_regex(&self, source: &str, error: &str, loc: Loc) -> Halt {
        let message = format!("`{source}` is not a valid regular expression: {error}");
        self.failed(FailureKind::Pattern, message, loc)
    }

    fn pure_match(&mut self, value: &str, pattern: &Pattern, loc: Loc) -> Result<(), Halt> {
        let message = match pattern {
            Pattern::Literal(text) => {
                let wanted = self.text(text);
                if value == wanted {
                    return Ok(());
                }
                format!("the value is {value:?}, not {wanted:?}")
            }
            Pattern::Regex(text) => {
                let source = self.text(text);
                let regex = Compiled::value_regex(&source)
                    .map_err(|error| self.invalid_regex(&source, &error, loc))?;
                let mut captures = regex.create_captures();
                regex.captures(value, &mut captures);
                if captures.is_match() {
                    *self.captures_mut() = captures
                        .iter()
                        .map(|span| span.map_or(String::new(), |span| value[span.range()].to_owned()))
                        .collect();
                    return Ok(());
                }
                format!("the value {value:?} does not match `{source}`")
            }
        };
        let mut failure = self.failure(FailureKind::PureMatch, message, loc);
        failure.label = Some("does not hold".to_owned());
        Err(Halt::Failed(Arc::new(failure)))
    }

    fn set_fail(&mut self, pattern: &Pattern, loc: Loc) -> Result<(), Halt> {
        let (compiled, shown) = self.pattern(pattern, loc)?;
        self.not_emptied(pattern, &shown, "fail pattern", loc)?;
        let Some(shell) = self.shell() else { return Ok(()) };
        let message = format!("fail pattern matched in shell `{}`", shell.name);
        let mut failure = self.failure(FailureKind::FailPattern, message, loc);
        failure.label = Some(format!("`{shown}` was printed"));
        self.change_fail(Some(FailPattern {
            pattern: compiled,
            failure: Arc::new(failure),
            control: self.control.clone(),
        }));
        self.checked(loc)
    }

    /// Replaces the fail pattern; a function remembers what its caller had.
    fn change_fail(&mut self, new: Option<FailPattern>) {
        let current = self.session.as_ref().and_then(|session| session.fail.clone());
        if let Some(frame) = self.frames.last_mut()
            && matches!(frame.callers_fail, CallersFail::InForce)
        {
            frame.callers_fail = CallersFail::Replaced(current);
        }
        self.install_fail(new);
    }

    pub(super) fn install_fail(&mut self, new: Option<FailPattern>) {
        let Some(session) = &mut self.session else { return };
        session.fail.clone_from(&new);
        session.shell.watch_for(new.map(|fail| {
            let on_fail: crate::shell::OnFail = Box::new(move |text, tail| {
                let mut failure = (*fail.failure).clone();
                failure.notes.push(format!("printed: {text:?}"));
                failure.tail = Some(super::failure::output_tail(&tail));
                fail.control.stop(Stop::Failed(Arc::new(failure)));
            });
            (fail.pattern, on_fail)
        }));
    }
}
