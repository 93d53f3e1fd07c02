//! Waiting for patterns in the output of a shell: what was printed counts before the clock and the shell's end.

use std::sync::Arc;
use std::time::Duration;

use relux_model::plan::Loc;
use tokio::time::{Instant, sleep_until};

use super::wait::FOREVER;
use super::{Halt, Vm};
use crate::shell::{Compiled, Found, Outlook, Scanner, Shell};
use crate::sys::ExitStatus;

impl Vm {
    /// Waits until all patterns are found.
    pub(super) async fn search(
        &self,
        search: &mut Search,
        shell: &Shell,
        limit: Duration,
        loc: Loc,
    ) -> Result<Ended, Halt> {
        search.begin(shell);
        let deadline = Instant::now() + limit.min(FOREVER);
        let mut last_chance = false;
        loop {
            // What the shell printed counts before anything that the clock or its end have to say.
            let exited = shell.exit_status();
            if exited.is_some() || last_chance {
                shell.drain();
            }
            let settled = search.look(shell, exited.is_some() || last_chance);
            self.checked(loc)?;
            let wake = match settled {
                Look::All => return Ok(Ended::All),
                _ if exited.is_some() => {
                    if let Some(status) = exited {
                        return Ok(Ended::Exited(status));
                    }
                    deadline
                }
                _ if last_chance => return Ok(Ended::TimedOut),
                Look::Open(due) => due.min(deadline),
                Look::Missing => deadline,
            };
            tokio::select! {
                () = shell.news() => {}
                () = sleep_until(wake) => {
                    if Instant::now() >= deadline {
                        last_chance = true;
                    } else {
                        // Unread output would show that the terminal is not quiet at all.
                        shell.drain();
                    }
                }
                stop = self.control.stopped() => return Err(self.halted(stop, loc)),
            }
        }
    }
}

/// How a search ended.
pub(super) enum Ended {
    All,
    TimedOut,
    Exited(ExitStatus),
}

/// What a look at the output shows.
enum Look {
    All,
    /// Something matches if nothing more comes until then.
    Open(Instant),
    Missing,
}

/// Patterns that are waited for together.
pub(super) struct Search {
    patterns: Vec<Arc<Compiled>>,
    scanners: Vec<Scanner>,
    /// What was found for each pattern.
    pub(super) found: Vec<Option<Found>>,
}

impl Search {
    /// A search for these.
    pub(super) fn new(patterns: Vec<Arc<Compiled>>) -> Self {
        let found = patterns.iter().map(|_| None).collect();
        Self {
            patterns,
            scanners: Vec::new(),
            found,
        }
    }

    fn begin(&mut self, shell: &Shell) {
        // The terminal may have been quiet for long and yet hold output that the reader has not got to.
        shell.drain();
        let cursor = shell.view().cursor();
        self.scanners = self
            .patterns
            .drain(..)
            .map(|pattern| Scanner::new(pattern, cursor))
            .collect();
    }

    /// Looks at what is new; `settled` says that nothing more will come.
    fn look(&mut self, shell: &Shell, settled: bool) -> Look {
        let mut view = shell.view();
        let due = view.busy() + shell.settle();
        let quiet = settled || due <= Instant::now();
        let mut open = false;
        let mut needed = u64::MAX;
        for (scanner, found) in self.scanners.iter_mut().zip(&mut self.found) {
            if found.is_some() {
                continue;
            }
            match view.advance(scanner) {
                Outlook::Final => *found = view.found(scanner),
                Outlook::Open { .. } if quiet => *found = view.found(scanner),
                Outlook::Open { .. } => {
                    open = true;
                    needed = 0;
                }
                Outlook::Nothing => needed = needed.min(scanner.needs_from()),
            }
        }
        if self.found.iter().all(Option::is_some) {
            let end = self.found.iter().flatten().map(|found| found.end).max();
            view.read_to(end.unwrap_or(0));
            return Look::All;
        }
        if needed != u64::MAX {
            // A wait that fails ends the test, so nobody will want to read that again.
            view.pass_over(needed);
        }
        if open { Look::Open(due) } else { Look::Missing }
    }
}
