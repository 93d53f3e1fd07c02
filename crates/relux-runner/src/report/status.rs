//! What somebody reads who asks how a run is going, or who has just told it to end.

use std::fmt::Write as _;

use super::console::{BOLD, DIM, shown, styled};
use crate::event::{Activity, RunStop, Status};
use crate::vm::visible;

/// The status as text without a line end.
pub(super) fn render(status: &Status, color: bool) -> String {
    let running = status.tests.len();
    let noun = if running == 1 { "test" } else { "tests" };
    let head = format!(
        "status: {running} {noun} running, {} of {} finished",
        status.finished, status.total
    );
    let mut text = styled(color, BOLD, &head);
    for test in &status.tests {
        let _ = write!(text, "\n  test {}", styled(color, BOLD, &test.id));
        if test.attempt > 1 {
            let _ = write!(text, ", attempt {}", test.attempt);
        }
        let _ = write!(text, ": {}", shown(test.running_ms));
        match test.left_ms {
            Some(left) => {
                let _ = write!(text, ", {} left", shown(left));
            }
            None => text.push_str(", ending"),
        }
        for activity in &test.activities {
            activity_lines(&mut text, activity, color);
        }
        if test.activities.is_empty() {
            text.push_str("\n    ends its processes");
        }
    }
    text
}

fn activity_lines(text: &mut String, activity: &Activity, color: bool) {
    let place = &activity.place;
    let _ = write!(
        text,
        "\n    {}:{}: {}",
        place.file,
        place.line,
        visible(&activity.what)
    );
    if let Some(shell) = &activity.shell {
        let _ = write!(text, " in shell `{shell}`");
    }
    if let Some(since) = activity.since_ms {
        let _ = write!(text, " since {}", shown(since));
    }
    if let Some(left) = activity.left_ms {
        let _ = write!(text, ", {} left", shown(left));
    }
    let Some(tail) = &activity.tail else { return };
    for (lead, part) in [(':', &tail.read), ('|', &tail.unread)] {
        for line in part.lines() {
            let _ = write!(text, "\n      {lead} {}", styled(color, DIM, line));
        }
    }
}

/// What was understood, and what more of it will do.
pub(super) fn stopping(stop: &RunStop, running: usize, cleanups: bool) -> String {
    let tests = match running {
        1 => "1 running test".to_owned(),
        count => format!("{count} running tests"),
    };
    match (stop, cleanups) {
        (RunStop::Signal { .. }, true) => {
            format!("{stop}: cancelling {tests} and cleaning up; a second one skips the cleanups")
        }
        (_, true) => format!("{stop}: cancelling {tests} and cleaning up"),
        (_, false) => format!("{stop}: killing {tests}; a third one exits without a report"),
    }
}
