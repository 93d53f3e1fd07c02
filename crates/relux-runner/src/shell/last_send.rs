//! What was sent last, without a match behind it: the end of a test must not come before the shell has read it.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::Shell;
use crate::sys;

/// How long a shell may take to begin what was sent to it.
const LIMIT: Duration = Duration::from_secs(1);
/// How often the terminal is asked which job it belongs to, of which it does not tell by itself.
const LOOK: Duration = Duration::from_millis(2);

/// How far the shell has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reached {
    /// It runs what was sent last, or has.
    Begun,
    /// It shows its prompt again.
    Finished,
}

impl Shell {
    /// Waits until the shell is so far with what was sent to it and nobody has waited for. Only up to a limit if it need
    /// only begin: what reads its input itself cannot be seen to begin anything.
    pub(crate) async fn last_send(&self, prompt: &str, wanted: Reached) {
        let deadline = Instant::now() + LIMIT;
        while let Some(sent_at) = self.unanswered() {
            self.drain();
            if self.is_so_far(sent_at, prompt, wanted)
                || (wanted == Reached::Begun && Instant::now() >= deadline)
            {
                return;
            }
            tokio::select! {
                () = self.news() => {}
                () = sleep(LOOK) => {}
            }
        }
    }

    /// Where the output ended when something was sent that nobody has waited for.
    fn unanswered(&self) -> Option<u64> {
        let unanswered = self.io().unanswered;
        unanswered.filter(|_| self.exit_status().is_none())
    }

    fn is_so_far(&self, sent_at: u64, prompt: &str, wanted: Reached) -> bool {
        if sys::unread_input(&self.slave).is_some_and(|bytes| bytes > 0) {
            return false;
        }
        if wanted == Reached::Begun && self.foreground_job().is_some() {
            return true;
        }
        // The old prompt may still be the last thing on the terminal.
        let printed = self.view().end() > sent_at;
        printed && self.foreground_job().is_none() && self.view().tail().text.ends_with(prompt)
    }
}
