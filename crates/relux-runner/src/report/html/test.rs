//! The page of a test that did not simply pass: each attempt with its timeline, its statements, the output of its
//! shells and the environment.

use std::path::Path;
use std::time::Duration;

use maud::{Markup, html};
use relux_model::plan::{Loc, Program};

use super::output::Held;
use super::{address, page, parts, time};
use crate::event::{Failure, TestResult};
use crate::report::words::module_of;
use crate::secrets::Secrets;
use crate::trace::{Hit, Record, ShellTrace, Step};
use crate::vm::{place, visible};

/// Bars of a lane; more would lie on top of each other.
const MOST_BARS: usize = 400;

/// What the page is made from.
pub(crate) struct TestPage<'a> {
    /// Of the test, with secrets masked.
    pub(crate) result: &'a TestResult,
    /// The attempts of which there is a record.
    pub(crate) attempts: &'a [AttemptPage],
    /// For its source.
    pub(crate) program: &'a Program,
    pub(crate) secrets: &'a Secrets,
    /// Absolute path of the directory of the run.
    pub(crate) run_dir: &'a Path,
    /// Path of the page's directory below it.
    pub(crate) dir: &'a Path,
}

/// An attempt on a page.
#[derive(Debug)]
pub(crate) struct AttemptPage {
    /// Counted from 1.
    pub(crate) number: u32,
    /// What it did.
    pub(crate) record: Record,
    /// The environment of the test.
    pub(crate) env: Vec<(String, String)>,
    /// Its directory below that of the run.
    pub(crate) dir: String,
}

/// The page.
pub(crate) fn test_page(this: &TestPage<'_>) -> String {
    let result = this.result;
    let up = "../".repeat(this.dir.components().count());
    let body = html! {
        header {
            nav { a href={ (up) "index.html" } { "← all tests of the run" } }
            h1 { (visible(&result.name)) " " (parts::tag(result.outcome)) }
            p.facts {
                (module_of(&result.id)) " · " code { (result.file) @if let Some(place) = &result.place { ":" (place.line) } }
                " · " (time(result.duration_ms))
                @if result.attempts > 1 { " in " (result.attempts) " attempts" }
                @if let Some(reason) = &result.reason { " · " (visible(reason)) }
            }
        }
        main {
            (parts::leaks(&result.leaks))
            @for attempt in this.attempts.iter().rev() { (attempt_section(this, attempt, &up)) }
            @for warning in &result.warnings {
                h2 { "Did not change the outcome" }
                (parts::failure(this.program, warning))
            }
        }
    };
    page(
        &format!("{} · {}", result.name, module_of(&result.id)),
        false,
        &body,
    )
}

fn attempt_section(this: &TestPage<'_>, attempt: &AttemptPage, up: &str) -> Markup {
    let earlier = this.result.earlier.iter().find(|it| it.attempt == attempt.number);
    let failure: Option<&Failure> = match earlier {
        Some(earlier) => Some(&earlier.failure),
        None => this.result.failure.as_deref(),
    };
    let record = &attempt.record;
    let anchor = format!("a{}s", attempt.number);
    html! {
        @if this.result.attempts > 1 { h2 { "Attempt " (attempt.number) } }
        @if let Some(failure) = failure { (parts::failure(this.program, failure)) }
        p { a href={ (up) (address(&attempt.dir)) "/" } { "Logs and artifacts" } }
        @if !record.steps.is_empty() {
            h2 { "Timeline" }
            (timeline(this, record, &anchor))
            h2 { "Statements" }
            @if record.dropped > 0 { p.dim { "The first " (record.dropped) " are left out." } }
            (steps(this, record, &anchor))
        }
        @if !record.shells.is_empty() {
            h2 { "Shells" }
            @for shell in &record.shells { (shell_section(this, shell, &anchor)) }
        }
        details {
            summary { "Environment (" (attempt.env.len()) " variables)" }
            table.vars {
                @for (name, value) in &attempt.env {
                    tr { td.mono { (name) } td.mono { (visible(&this.secrets.shown(name, value))) } }
                }
            }
        }
    }
}

/// The name of the row that a step stands in.
fn lane<'a>(record: &'a Record, step: &'a Step) -> &'a str {
    let shell = step
        .shell
        .and_then(|pid| record.shells.iter().find(|shell| shell.pid == pid));
    match shell {
        Some(shell) => &shell.name,
        None if step.lane.is_empty() => "test",
        None => &step.lane,
    }
}

fn timeline(this: &TestPage<'_>, record: &Record, anchor: &str) -> Markup {
    let whole = record.took.as_secs_f64().max(1e-6);
    let mut lanes: Vec<(&str, Vec<(usize, &Step)>)> = Vec::new();
    for (index, step) in record.steps.iter().enumerate() {
        let name = lane(record, step);
        let index = index + record.dropped;
        match lanes.iter_mut().find(|(known, _)| *known == name) {
            Some((_, steps)) => steps.push((index, step)),
            None => lanes.push((name, vec![(index, step)])),
        }
    }
    html! {
        div.lanes {
            @for (name, steps) in &lanes {
                div.lane {
                    span title=(name) { (name) }
                    div.track {
                        @for (index, step) in shortened(steps) {
                            @let took = step.end.as_ref().map_or(record.took.saturating_sub(step.at), |end| end.took);
                            @let left = 100.0 * step.at.as_secs_f64() / whole;
                            @let width = 100.0 * took.as_secs_f64() / whole;
                            a href={ "#" (anchor) (index) } class=[class(step)]
                                title={ (seconds(took)) ": " (source(this, step.loc)) }
                                style={ "left:" (format!("{left:.3}%")) ";width:" (format!("{width:.3}%")) } {}
                        }
                    }
                }
            }
            div.axis { span { "0" } span { (seconds(record.took)) } }
        }
    }
}

/// Of too many steps those that took longest, in order.
fn shortened<'a>(steps: &[(usize, &'a Step)]) -> Vec<(usize, &'a Step)> {
    // What holds others would hide them.
    let took = |step: &Step| step.end.as_ref().map_or(Duration::MAX, |end| end.took);
    let mut longest = steps.to_vec();
    longest.sort_by_key(|(_, step)| std::cmp::Reverse(took(step)));
    longest.truncate(MOST_BARS);
    longest.sort_by_key(|(index, _)| *index);
    longest
}

fn class(step: &Step) -> Option<&'static str> {
    match &step.end {
        None => Some("open"),
        Some(end) if end.value.is_none() => Some("bad"),
        Some(_) => None,
    }
}

fn steps(this: &TestPage<'_>, record: &Record, anchor: &str) -> Markup {
    html! {
        table {
            thead { tr { th.num { "At" } th.num { "Took" } th { "In" } th { "Statement" } th.wide { "Line" } } }
            tbody {
                @for (index, step) in record.steps.iter().enumerate() {
                    tr id={ (anchor) (index + record.dropped) } class=[class(step).filter(|class| *class == "bad")] {
                        td.num.dim { (seconds(step.at)) }
                        td.num { @if let Some(end) = &step.end { (seconds(end.took)) } @else { "not ended" } }
                        td.dim { (lane(record, step)) }
                        td.mono style={ "padding-left:" (step.depth.min(12)) "em" } { (statement(this, step)) }
                        td.wide.dim.line { (line_of(this.program, step.loc)) }
                    }
                }
            }
        }
    }
}

/// The statement as written, and its value where that says more.
fn statement(this: &TestPage<'_>, step: &Step) -> Markup {
    let source = source(this, step.loc);
    let value = step
        .end
        .as_ref()
        .and_then(|end| end.value.as_deref())
        .unwrap_or_default();
    let mut shown = visible(value);
    this.secrets.text(&mut shown);
    let says_more = !shown.is_empty() && !source.contains(shown.trim());
    html! {
        (source)
        @if says_more { br; span.dim { "→ " (shown) } }
    }
}

/// The line in which a statement begins.
fn source(this: &TestPage<'_>, loc: Loc) -> String {
    let text = this
        .program
        .files
        .get(loc.file.0 as usize)
        .map_or("", |file| &*file.text);
    let (start, end) = (loc.range.start as usize, loc.range.end as usize);
    let (Some(before), Some(inside), Some(after)) =
        (text.get(..start), text.get(start..end), text.get(start..))
    else {
        return String::new();
    };
    let from = before.rfind('\n').map_or(0, |newline| newline + 1);
    let length = after.find('\n').unwrap_or(after.len());
    let mut line = visible(text[from..start + length].trim());
    if inside.trim_end().contains('\n') {
        line.push_str(" …");
    }
    this.secrets.text(&mut line);
    line
}

fn line_of(program: &Program, loc: Loc) -> String {
    let place = place(program, loc);
    format!("{}:{}", place.file, place.line)
}

fn shell_section(this: &TestPage<'_>, shell: &ShellTrace, anchor: &str) -> Markup {
    let hits: Vec<Hit> = shell.hits.iter().copied().collect();
    let log = shell.log.strip_prefix(this.run_dir).unwrap_or(&shell.log);
    html! {
        h3 { "Shell " code { (shell.name) } span.dim { " started at " (seconds(shell.at)) ", process " (shell.pid) } }
        @match Held::read(&shell.log) {
            Ok(held) => (held.show(&hits, anchor, this.secrets)),
            Err(error) => p.failed { "cannot read " (log.display()) ": " (error) },
        }
    }
}

fn seconds(duration: Duration) -> String {
    format!("{:.3} s", duration.as_secs_f64())
}
