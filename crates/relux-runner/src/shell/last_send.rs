//! What was sent last, without a match behind it: the end of a test must not come before the shell has read it.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::Shell;
use crate::sys;

/// How long a shell may take to begin what was sent to it.
const LIMIT: Duration = Duration::from_secs(1);
/// A command that runs for so long is no short one, which would have ended.
const SHORT: Duration = Duration::from_millis(100);
/// How often the terminal is asked which job it belongs to, of which it does not tell by itself.
const LOOK: Duration = Duration::from_millis(2);

/// How far the shell has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reached {
    /// It has run what was sent last, or is at it for a while.
    Begun,
    /// It shows its prompt again.
    Finished,
}

impl Shell {
    /// Waits until the shell is so far with what was sent to it and nobody has waited for. Only up to a limit if it need
    /// only begin: what reads its input itself cannot be seen to begin anything.
    pub(crate) async fn last_send(&self, prompt: &str, wanted: Reached) {
        let deadline = Instant::now() + LIMIT;
        let mut in_foreground = None;
        while let Some(sent_at) = self.unanswered() {
            self.drain();
            if self.foreground_job().is_some() {
                let since = *in_foreground.get_or_insert_with(Instant::now);
                if wanted == Reached::Begun && since.elapsed() >= SHORT && self.has_read_all() {
                    return;
                }
            }
            if self.is_finished(sent_at, prompt) || (wanted == Reached::Begun && Instant::now() >= deadline) {
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

    fn has_read_all(&self) -> bool {
        sys::unread_input(&self.slave).is_none_or(|bytes| bytes == 0)
    }

    fn is_finished(&self, sent_at: u64, prompt: &str) -> bool {
        if !self.has_read_all() {
            return false;
        }
        // The old prompt may still be the last thing on the terminal.
        let printed = self.view().end() > sent_at;
        printed && self.foreground_job().is_none() && self.view().tail().text.ends_with(prompt)
    }
}
