//! What did not go well, once more at the end of a run, where people look first. In order of declaration.

use std::fmt::Write;

use super::console::{DIM, RED, YELLOW, styled};
use super::words::leak_line;
use crate::event::{Outcome, Place, TestResult};
use crate::vm::visible;

/// Lines of a list; more would hide the verdict that follows.
const MOST: usize = 30;

/// The lists, as tests end.
#[derive(Debug, Default)]
pub(super) struct Recap {
    failed: Vec<Line>,
    flaky: Vec<Line>,
    warned: Vec<Line>,
}

#[derive(Debug)]
struct Line {
    /// File and line of the test, and the number of the line about it.
    order: (String, u32, usize),
    what: String,
    at: Option<String>,
    why: String,
}

impl Recap {
    /// Takes note of a result.
    pub(super) fn result(&mut self, result: &TestResult) {
        let failure = result.failure.as_deref();
        match result.outcome {
            Outcome::Passed | Outcome::Skipped => {}
            Outcome::Flaky => {
                let last = result.earlier.last().map(|it| &*it.failure);
                let why = last.map_or_else(String::new, |it| format!("; before: {}", it.message));
                let why = format!("passed on attempt {}{why}", result.attempts);
                self.flaky
                    .push(line(result, 0, last.and_then(|it| it.place.as_ref()), &why));
            }
            Outcome::Failed => {
                let why = failure.map_or("", |it| &it.message);
                let place = failure.and_then(|it| it.place.as_ref());
                self.failed.push(line(result, 0, place, why));
            }
            Outcome::Cancelled => {
                let why = format!("cancelled: {}", result.reason.as_deref().unwrap_or_default());
                self.failed.push(line(result, 0, None, &why));
            }
            Outcome::Invalid => self.failed.push(line(result, 0, None, "its module has errors")),
        }
        for (index, warning) in result.warnings.iter().enumerate() {
            self.warned
                .push(line(result, index, warning.place.as_ref(), &warning.message));
        }
        for (index, leak) in result.leaks.iter().enumerate() {
            let index = result.warnings.len() + index;
            self.warned.push(line(result, index, None, &leak_line(leak)));
        }
    }

    /// The lists; empty if all went well.
    pub(super) fn text(&mut self, color: bool) -> String {
        let mut out = String::new();
        for (list, head, style) in [
            (&mut self.flaky, "flaky:", YELLOW),
            (&mut self.warned, "did not change the outcome:", YELLOW),
            (&mut self.failed, "failed:", RED),
        ] {
            if list.is_empty() {
                continue;
            }
            list.sort_by(|a, b| a.order.cmp(&b.order));
            // Writing to a string cannot fail.
            let _ = writeln!(out, "{}", styled(color, style, head));
            for line in list.iter().take(MOST) {
                let at = line.at.as_deref().map_or_else(String::new, |at| format!(" {at}"));
                let _ = writeln!(out, "    {}{}: {}", line.what, styled(color, DIM, &at), line.why);
            }
            if list.len() > MOST {
                let _ = writeln!(out, "    … and {} more", list.len() - MOST);
            }
        }
        out
    }
}

fn line(result: &TestResult, index: usize, place: Option<&Place>, why: &str) -> Line {
    let declared = result.place.as_ref().map_or(u32::MAX, |place| place.line);
    Line {
        order: (result.file.clone(), declared, index),
        what: result.id.clone(),
        at: place.map(|place| format!("at {}:{}", place.file, place.line)),
        why: visible(why).lines().next().unwrap_or_default().to_owned(),
    }
}
