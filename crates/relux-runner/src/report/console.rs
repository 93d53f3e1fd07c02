//! The report for people: a line per result, each failure below its line, a summary.

use std::fmt::Write as _;
use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use relux_model::plan::Program;

use super::live::Live;
use super::recap::Recap;
use super::words::leak_line;
use super::{Output, Progress, failure, status, stderr_is_terminal, wants_color};
use crate::event::{Event, Failure, FailureKind, Outcome, Summary, TestResult};
use crate::vm::visible;

pub(super) const GREEN: Style = AnsiColor::Green.on_default().bold();
pub(super) const RED: Style = AnsiColor::Red.on_default().bold();
pub(super) const YELLOW: Style = AnsiColor::Yellow.on_default().bold();
pub(super) const BOLD: Style = Style::new().bold();
pub(super) const DIM: Style = Style::new().dimmed();

/// Writes the report, and what is running below it on a terminal.
#[expect(
    clippy::struct_excessive_bools,
    reason = "four facts that have nothing to do with each other"
)]
pub(crate) struct Console {
    writer: Box<dyn Write + Send>,
    live: Option<Live>,
    program: Arc<Program>,
    color: bool,
    run_dir: String,
    root: String,
    /// Tests run side by side, so their times add up to more than the run took.
    parallel: bool,
    /// Whether there are so many tests that a list at the end helps.
    several: bool,
    recap: Recap,
    /// The last line was blank.
    blank: bool,
    error: Option<String>,
}

/// Text in a style, or plain.
pub(super) fn styled(color: bool, style: Style, text: &str) -> String {
    if color && !text.is_empty() {
        format!("{style}{text}{style:#}")
    } else {
        text.to_owned()
    }
}

impl Console {
    pub(super) fn new(output: Output, program: Arc<Program>) -> Self {
        let to_terminal = output.writer.is_none() && stderr_is_terminal();
        let live = (to_terminal && output.progress == Progress::Auto)
            .then(Live::new)
            .flatten();
        Self {
            color: wants_color(output.color, to_terminal),
            writer: output.writer.unwrap_or_else(|| Box::new(std::io::stderr())),
            live,
            program,
            run_dir: String::new(),
            root: String::new(),
            parallel: false,
            several: false,
            recap: Recap::default(),
            blank: false,
            error: None,
        }
    }

    pub(super) fn is_live(&self) -> bool {
        self.live.is_some()
    }

    pub(super) fn error(&self) -> Option<&str> {
        self.error.as_deref()
    }

    pub(super) fn clear(&mut self) {
        if let Some(live) = &mut self.live {
            live.finish();
        }
    }

    fn print(&mut self, text: &str) {
        self.blank = text.ends_with('\n');
        let written = match &self.live {
            Some(live) => live.print_above(text),
            None => self
                .writer
                .write_all(text.as_bytes())
                .and_then(|()| self.writer.write_all(b"\n"))
                .and_then(|()| self.writer.flush()),
        };
        if let Err(error) = written {
            self.error.get_or_insert(error.to_string());
        }
    }

    pub(super) fn event(&mut self, event: &Event) {
        if let Some(live) = &mut self.live {
            live.event(event);
        }
        match event {
            Event::RunStarted {
                tests,
                jobs,
                run_dir,
                root,
                ..
            } => {
                self.run_dir.clone_from(run_dir);
                self.root.clone_from(root);
                self.parallel = *jobs > 1;
                self.several = *tests > 1;
                let noun = if *tests == 1 { "test" } else { "tests" };
                let at_once = if *jobs > 1 {
                    format!(" ({jobs} at once)")
                } else {
                    String::new()
                };
                self.print(&format!("running {tests} {noun}{at_once}"));
            }
            Event::TestStarted { .. } | Event::Progress { .. } => {}
            Event::AttemptFailed {
                id,
                attempt,
                attempts,
                duration_ms,
                failure,
            } => {
                let what = self.paint(YELLOW, &format!("attempt {attempt} of {attempts} failed"));
                self.print(&format!("test {id}: {what} ({}), retrying", shown(*duration_ms)));
                let text = failure::render(&self.program, failure, self.color);
                self.print(&text);
            }
            Event::Status(status) => {
                let text = status::render(status, self.color);
                self.print(&text);
            }
            Event::Stopping {
                stop,
                running,
                cleanups,
            } => {
                let text = status::stopping(stop, *running, *cleanups);
                self.print(&self.paint(YELLOW, &text));
            }
            Event::TestFinished(result) => self.result(result),
            Event::RunFinished(summary) => self.summary(summary),
        }
    }

    fn paint(&self, style: Style, text: &str) -> String {
        styled(self.color, style, text)
    }

    fn result(&mut self, result: &TestResult) {
        if self.several {
            self.recap.result(result);
        }
        let (style, word) = match result.outcome {
            Outcome::Passed => (GREEN, "ok"),
            Outcome::Flaky => (YELLOW, "ok (flaky)"),
            Outcome::Failed => (RED, "FAILED"),
            Outcome::Cancelled => (YELLOW, "cancelled"),
            Outcome::Skipped => (YELLOW, "skipped"),
            Outcome::Invalid => (RED, "INVALID"),
        };
        let mut line = format!("test {}: {}", result.id, self.paint(style, word));
        if result.is_flaky() {
            let _ = write!(line, " on attempt {}", result.attempts);
        }
        if result.attempts > 0 {
            let _ = write!(line, " ({})", shown(result.duration_ms));
        }
        if let Some(reason) = &result.reason {
            let _ = write!(line, ": {}", visible(reason));
        }
        self.print(&line);
        for error in &result.errors {
            self.print(&format!("    {}", visible(error)));
        }
        if let Some(failure) = &result.failure {
            let mut text = failure::render(&self.program, failure, self.color);
            if let Some(dir) = &result.log_dir {
                let _ = writeln!(text, "  logs: {}/{dir}", self.short_run_dir());
            }
            self.print(&text);
        }
        let tells = |failure: &Failure| failure.kind == FailureKind::Leak;
        let told = result.failure.as_deref().is_some_and(tells);
        for leak in result.leaks.iter().filter(|_| !told) {
            let head = self.paint(YELLOW, "leak");
            self.print(&format!(
                "test {}: {head}: {}",
                result.id,
                visible(&leak_line(leak))
            ));
        }
        for warning in &result.warnings {
            let head = self.paint(YELLOW, "cleanup failed");
            let text = failure::render(&self.program, warning, self.color);
            self.print(&format!("test {}: {head}\n{text}", result.id));
        }
    }

    /// The run's directory as one would type it in the suite's directory.
    fn short_run_dir(&self) -> &str {
        self.run_dir
            .strip_prefix(&self.root)
            .map_or(&*self.run_dir, |below| below.trim_start_matches('/'))
    }

    fn summary(&mut self, summary: &Summary) {
        self.clear();
        self.live = None;
        let verdict = match summary.exit_code {
            0 => self.paint(GREEN, "ok"),
            4 => self.paint(RED, "NOTHING RAN"),
            _ => self.paint(RED, "FAILED"),
        };
        let space = if self.blank { "" } else { "\n" };
        let mut recap = self.recap.text(self.color);
        if !recap.is_empty() {
            recap.push('\n');
        }
        let mut text = format!("{space}{recap}test result: {verdict}. {} passed", summary.passed);
        if summary.flaky > 0 {
            let _ = write!(text, " ({} flaky)", summary.flaky);
        }
        let _ = write!(text, "; {} failed", summary.failed);
        for (count, word) in [
            (summary.cancelled, "cancelled"),
            (summary.invalid, "invalid"),
            (summary.skipped, "skipped"),
        ] {
            if count > 0 {
                let _ = write!(text, "; {count} {word}");
            }
        }
        if summary.leaked > 0 {
            let noun = if summary.leaked == 1 {
                "process"
            } else {
                "processes"
            };
            let _ = write!(text, "; {} {noun} leaked", summary.leaked);
        }
        if summary.broken_files > 0 {
            let noun = if summary.broken_files == 1 {
                "file"
            } else {
                "files"
            };
            let _ = write!(text, "; {} {noun} with errors", summary.broken_files);
        }
        let _ = write!(text, "; finished in {}", shown(summary.duration_ms));
        if self.parallel {
            let _ = write!(text, " ({} cumulative)", shown(summary.tests_duration_ms));
        }
        if let Some(stopped) = &summary.stopped {
            let _ = write!(text, "\nstopped by {stopped}");
        }
        for warning in &summary.warnings {
            let _ = write!(text, "\n{}: {warning}", self.paint(YELLOW, "warning"));
        }
        for error in &summary.report_errors {
            let _ = write!(text, "\n{}: {error}", self.paint(RED, "error"));
        }
        let _ = write!(text, "\nresults: {}", self.short_run_dir());
        self.print(&text);
    }
}

/// `12.3 ms` has no use: milliseconds below a second, then tenths of seconds.
pub(super) fn shown(millis: u64) -> String {
    if millis < 1000 {
        return format!("{millis} ms");
    }
    let duration = Duration::from_millis(millis);
    if millis < 60_000 {
        format!("{:.1} s", duration.as_secs_f64())
    } else {
        format!("{} min {} s", duration.as_secs() / 60, duration.as_secs() % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        assert_eq!(shown(7), "7 ms");
        assert_eq!(shown(1234), "1.2 s");
        assert_eq!(shown(125_000), "2 min 5 s");
    }
}
