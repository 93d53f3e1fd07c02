//! Waiting for patterns in the output of a shell: what was printed counts before the clock and the shell's end.

use std::sync::Arc;

use relux_model::plan::Loc;
use tokio::time::{Instant, sleep_until};

use super::{Halt, Vm};
use crate::shell::{Compiled, Found, MOST_REGION, Outlook, Scanner, Shell};
use crate::sys::ExitStatus;

impl Vm {
    /// Waits until all patterns are found, until an instant of the clock.
    pub(super) async fn search(
        &self,
        search: &mut Search,
        shell: &Shell,
        deadline: Instant,
        loc: Loc,
    ) -> Result<Ended, Halt> {
        search.begin(shell);
        let clock = &self.att.run.board.clock;
        let mut last_chance = false;
        loop {
            let exited = shell.exit_status();
            // What the shell printed counts before anything that the clock or its end have to say, and what it has
            // printed so far counts as a whole: a failure behind a match, read or not, is a failure.
            shell.drain();
            self.checked(loc)?;
            let look = search.look(shell, exited.is_some() || last_chance);
            let due = match look {
                Look::All => return Ok(Ended::All),
                Look::TooMuch(bytes) => return Ok(Ended::TooMuch(bytes)),
                Look::Open(_) | Look::Missing if exited.is_some() || last_chance => {
                    shell.conclude_if_sure();
                    self.checked(loc)?;
                    return Ok(exited.map_or(Ended::TimedOut, Ended::Exited));
                }
                Look::Open(due) => Some(due),
                Look::Missing => None,
            };
            tokio::select! {
                () = shell.news() => {}
                () = clock.sleep_until(deadline) => last_chance = true,
                () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => {}
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
    /// So many bytes would have to be kept for a match that may go over all of them.
    TooMuch(u64),
}

/// What a look at the output shows.
enum Look {
    All,
    /// Something matches if nothing more comes until then.
    Open(Instant),
    Missing,
    TooMuch(u64),
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
        if view.is_failing() {
            return Look::Missing;
        }
        let due = view.busy() + shell.settle();
        let quiet = settled || due <= Instant::now();
        let mut open = false;
        let mut needed = view.end();
        for (scanner, found) in self.scanners.iter_mut().zip(&mut self.found) {
            if found.is_some() {
                continue;
            }
            match view.advance(scanner) {
                Outlook::Final => *found = view.found(scanner),
                Outlook::Open { .. } if quiet => *found = view.found(scanner),
                Outlook::Open { .. } => open = true,
                Outlook::Nothing => {
                    view.needs_from(scanner);
                }
            }
            if found.is_none() {
                needed = needed.min(scanner.holds_from());
            }
        }
        if self.found.iter().all(Option::is_some) {
            let end = self.found.iter().flatten().map(|found| found.end).max();
            view.read_to(end.unwrap_or(0));
            return Look::All;
        }
        let region = view.end() - needed;
        if region > MOST_REGION {
            return Look::TooMuch(region);
        }
        // A wait that fails ends the test, so nobody will want to read that again.
        view.pass_over(needed);
        if open { Look::Open(due) } else { Look::Missing }
    }
}
