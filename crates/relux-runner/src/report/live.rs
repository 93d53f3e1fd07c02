//! What is running at this moment, redrawn below the report on a terminal.

use std::collections::BTreeMap;
use std::io;
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::event::Event;
use crate::vm::visible;

/// Rows for running tests; more would push the report off the screen.
const MOST_ROWS: usize = 8;
/// How often the times of the rows are drawn.
const TICK: Duration = Duration::from_millis(500);

/// The live part of a report.
pub(super) struct Live {
    bars: MultiProgress,
    total: ProgressBar,
    rows: BTreeMap<String, ProgressBar>,
    /// Running tests without a row, and when they began.
    waiting: Vec<(String, Instant)>,
}

impl Live {
    /// `None` where nothing can be redrawn, as on a terminal without a `TERM`: text above hidden bars would be lost.
    pub(super) fn new() -> Option<Self> {
        let bars = MultiProgress::with_draw_target(ProgressDrawTarget::stderr());
        if bars.is_hidden() {
            return None;
        }
        let total = bars.add(ProgressBar::new(0));
        total.set_style(style("{elapsed:>6} [{bar:24}] {pos}/{len} {msg}"));
        Some(Self {
            bars,
            total,
            rows: BTreeMap::new(),
            waiting: Vec::new(),
        })
    }

    pub(super) fn event(&mut self, event: &Event) {
        match event {
            Event::RunStarted { tests, .. } => {
                self.total.set_length(*tests as u64);
                self.total.enable_steady_tick(TICK);
            }
            Event::TestStarted { id, .. } => {
                if !self.rows.contains_key(id) && !self.waiting.iter().any(|(it, _)| it == id) {
                    self.waiting.push((id.clone(), Instant::now()));
                    self.fill_rows();
                }
            }
            Event::Progress { id, text, .. } => {
                if let Some(row) = self.rows.get(id) {
                    row.set_message(visible(text.lines().next().unwrap_or_default()));
                }
            }
            Event::AttemptFailed { .. } | Event::Status(_) | Event::Stopping { .. } => {}
            Event::TestFinished(result) => {
                if let Some(row) = self.rows.remove(&result.id) {
                    row.finish_and_clear();
                    self.bars.remove(&row);
                }
                self.waiting.retain(|(id, _)| *id != result.id);
                self.fill_rows();
                self.total.inc(1);
            }
            Event::RunFinished(_) => self.finish(),
        }
    }

    /// Gives free rows to the tests that have waited longest.
    fn fill_rows(&mut self) {
        let free = MOST_ROWS.saturating_sub(self.rows.len()).min(self.waiting.len());
        for (id, began) in self.waiting.drain(..free) {
            let row = self.bars.add(ProgressBar::new_spinner());
            row.set_style(style("{elapsed:>6} {prefix} {wide_msg:.dim}"));
            row.set_prefix(id.clone());
            row.set_elapsed(began.elapsed());
            row.enable_steady_tick(TICK);
            self.rows.insert(id, row);
        }
    }

    /// Prints text above the live part.
    pub(super) fn print_above(&self, text: &str) -> io::Result<()> {
        self.bars.println(text)
    }

    /// Removes the live part from the screen.
    pub(super) fn finish(&mut self) {
        for row in std::mem::take(&mut self.rows).into_values() {
            row.finish_and_clear();
        }
        self.total.finish_and_clear();
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
