//! From events to what people and programs read.
//!
//! Events are written one after the other on a thread of their own, so that a reader who does not read never holds up
//! the dispatcher. A write that fails never ends a run; it is remembered and makes the run fail at its end.

mod console;
mod failure;
mod files;
mod github;
mod html;
mod junit;
mod live;
mod machine;
mod queue;
mod recap;
mod status;
mod tap;
mod words;

use std::io::{self, IsTerminal, Write};
use std::sync::Arc;

use relux_model::plan::Program;

use crate::event::Event;
use console::Console;
pub(crate) use files::{Told, write_all, write_whole};
pub(crate) use html::{AttemptPage, TestPage, test_page};
use machine::JsonLines;
pub(crate) use queue::Reporter;

/// Where reports go and what they look like.
#[derive(Default)]
pub struct Output {
    /// For people or for programs.
    pub format: Format,
    /// Whether the text has colours.
    pub color: Color,
    /// Whether a human report redraws what is running.
    pub progress: Progress,
    /// Instead of the standard streams: human reports go to standard error, JSON lines to standard output.
    pub writer: Option<Box<dyn Write + Send>>,
}

impl Output {
    /// Whether a program reads it from standard output.
    pub(crate) fn is_for_program(&self) -> bool {
        self.format == Format::JsonLines && self.writer.is_none()
    }
}

impl std::fmt::Debug for Output {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Output")
            .field("format", &self.format)
            .field("color", &self.color)
            .field("progress", &self.progress)
            .finish_non_exhaustive()
    }
}

/// Who reads the report.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Format {
    /// People.
    #[default]
    Human,
    /// Programs: one [`Event`] per line as JSON.
    JsonLines,
}

/// Whether a human report has colours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Yes.
    Always,
    /// No.
    Never,
}

/// Whether a human report redraws what is running.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Progress {
    /// On a terminal.
    #[default]
    Auto,
    /// No: one line per result.
    Never,
}

/// What an event becomes.
enum Form {
    Human(Box<Console>),
    Machine(JsonLines),
}

struct Renderer {
    form: Form,
    /// What kept reports from standard output.
    stdout_error: Option<String>,
}

impl Renderer {
    fn new(output: Output, program: Arc<Program>) -> Self {
        Self {
            form: Form::new(output, program),
            stdout_error: None,
        }
    }

    /// Writes to standard output.
    fn print(&mut self, bytes: &[u8]) {
        let mut stdout = io::stdout().lock();
        if let Err(error) = stdout.write_all(bytes).and_then(|()| stdout.flush()) {
            self.stdout_error.get_or_insert(error.to_string());
        }
    }

    fn event(&mut self, event: &Event) {
        self.form.event(event);
    }

    fn wants_progress(&self) -> bool {
        self.form.wants_progress()
    }

    fn is_live(&self) -> bool {
        self.form.is_live()
    }

    /// What could not be written.
    fn error(&self) -> Option<String> {
        let error = self.form.error().or(self.stdout_error.as_deref());
        error.map(|error| format!("cannot write the report: {error}"))
    }

    fn abandon(&mut self) {
        self.form.abandon();
    }
}

impl Form {
    fn new(output: Output, program: Arc<Program>) -> Self {
        match output.format {
            Format::JsonLines => {
                let writer = output.writer.unwrap_or_else(|| Box::new(io::stdout()));
                Self::Machine(JsonLines::new(writer))
            }
            Format::Human => Self::Human(Box::new(Console::new(output, program))),
        }
    }

    /// Reports an event.
    fn event(&mut self, event: &Event) {
        match self {
            Self::Human(console) => console.event(event),
            Self::Machine(lines) => lines.event(event),
        }
    }

    /// Whether anybody looks at [`Event::Progress`].
    fn wants_progress(&self) -> bool {
        match self {
            Self::Human(console) => console.is_live(),
            Self::Machine(_) => true,
        }
    }

    /// Whether it is redrawn on a terminal.
    fn is_live(&self) -> bool {
        matches!(self, Self::Human(console) if console.is_live())
    }

    /// What could not be written.
    fn error(&self) -> Option<&str> {
        match self {
            Self::Human(console) => console.error(),
            Self::Machine(lines) => lines.error(),
        }
    }

    /// Leaves the terminal in order before the process exits.
    fn abandon(&mut self) {
        if let Self::Human(console) = self {
            console.clear();
        }
    }
}

fn wants_color(color: Color, to_terminal: bool) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            let choice = anstream::AutoStream::choice(&io::stderr());
            to_terminal && choice != anstream::ColorChoice::Never
        }
    }
}

fn stderr_is_terminal() -> bool {
    io::stderr().is_terminal()
}
