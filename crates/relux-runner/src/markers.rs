//! Markers: whether a test runs here and now, and whether it is retried.

use std::sync::Arc;

use relux_model::plan::{Condition, Expr, Marker, MarkerKind, TestPlan, Text};

use crate::attempt::Attempt;
use crate::control::Control;
use crate::env::Env;
use crate::event::FailureKind;
use crate::shell::Compiled;
use crate::vm::{Halt, Scope, Vm, stack_entry};

/// What the markers of a test decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Decision {
    /// It runs.
    Run {
        /// It may be retried.
        flaky: bool,
    },
    /// It does not, for this reason.
    Skip(String),
}

/// Evaluates the markers from top to bottom, in the environment alone; the first one that skips decides.
pub(crate) async fn decide(
    att: &Arc<Attempt>,
    plan: &TestPlan,
    env: Env,
    control: &Control,
) -> Result<Decision, Halt> {
    let header = stack_entry(&att.run.program, format!("test {:?}", plan.name), plan.loc);
    let scope = Arc::new(Scope {
        env,
        origin: vec![header],
        ..Scope::default()
    });
    let mut vm = Vm::new(att, &scope, control);
    let mut flaky = false;
    for marker in &plan.markers {
        let holds = match &marker.condition {
            None => true,
            Some(condition) => vm.holds(condition, marker).await? != marker.negated,
        };
        match (marker.kind, holds) {
            (MarkerKind::Skip, true) | (MarkerKind::Run, false) => {
                return Ok(Decision::Skip(reason(att, marker)));
            }
            (MarkerKind::Flaky, true) => flaky = true,
            (MarkerKind::Skip | MarkerKind::Flaky, false) | (MarkerKind::Run, true) => {}
        }
    }
    Ok(Decision::Run { flaky })
}

/// The marker as it is written, and where it stands if not on the test itself.
fn reason(att: &Attempt, marker: &Marker) -> String {
    let files = &att.run.program.files;
    let line = files
        .get(marker.loc.file.0 as usize)
        .and_then(|file| {
            file.text
                .get(marker.loc.range.start as usize..marker.loc.range.end as usize)
        })
        .map_or("a marker", str::trim);
    match &marker.origin {
        Some(origin) => format!("{line} ({origin})"),
        None => line.to_owned(),
    }
}

impl Vm {
    async fn holds(&mut self, condition: &Condition, marker: &Marker) -> Result<bool, Halt> {
        match condition {
            Condition::NotEmpty(value) => Ok(!self.eval(value).await?.is_empty()),
            Condition::Equals(left, right) => Ok(self.eval(left).await? == self.eval(right).await?),
            Condition::Matches(value, regex) => self.matches(value, regex, marker).await,
        }
    }

    async fn matches(&mut self, value: &Expr, regex: &Text, marker: &Marker) -> Result<bool, Halt> {
        let value = self.eval(value).await?;
        let source = self.filled_in(regex);
        match Compiled::value_regex(&source) {
            Ok(regex) => Ok(regex.is_match(&value)),
            Err(error) => {
                let message = format!("`{source}` is not a valid regular expression: {error}");
                Err(self.problem(FailureKind::Pattern, message, marker.loc))
            }
        }
    }
}
