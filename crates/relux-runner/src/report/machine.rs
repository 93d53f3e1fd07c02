//! One JSON object per line, for editors and scripts.

use std::io::Write;

use crate::event::Event;

/// Writes events as JSON lines.
pub(crate) struct JsonLines {
    writer: Box<dyn Write + Send>,
    error: Option<String>,
}

impl JsonLines {
    pub(super) fn new(writer: Box<dyn Write + Send>) -> Self {
        Self { writer, error: None }
    }

    pub(super) fn event(&mut self, event: &Event) {
        let written = serde_json::to_string(event)
            .map_err(std::io::Error::from)
            .and_then(|line| {
                // One write per line, and at once: the reader acts on it.
                self.writer.write_all(format!("{line}\n").as_bytes())?;
                self.writer.flush()
            });
        if let Err(error) = written {
            self.error.get_or_insert(error.to_string());
        }
    }

    pub(super) fn error(&self) -> Option<&str> {
        self.error.as_deref()
    }
}
