//! Single keys from the terminal on standard input, which its owner gets back as it was.
//!
//! Only echo and the collecting of lines are switched off; Ctrl-C, Ctrl-Z and output stay as they are.

use std::io;
use std::os::fd::BorrowedFd;
use std::sync::{Mutex, PoisonError};

use super::AsyncTty;
use rustix::termios::{
    LocalModes, OptionalActions, SpecialCodeIndex, Termios, isatty, tcgetattr, tcgetpgrp, tcsetattr,
};

/// The modes to go back to.
static SAVED: Mutex<Option<Termios>> = Mutex::new(None);

/// Notes how the terminal is, for whoever has to give it back when another process cannot.
pub(crate) fn remember_terminal() {
    if let Ok(modes) = tcgetattr(rustix::stdio::stdin()) {
        SAVED
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get_or_insert(modes);
    }
}

/// Gives the terminal back as it was found. Does nothing if nothing was changed.
pub(crate) fn restore_terminal() {
    let saved = SAVED.lock().unwrap_or_else(PoisonError::into_inner).take();
    // From the background this would stop the process, and whoever is in the foreground has set the modes by then.
    if let Some(saved) = saved
        && in_foreground(rustix::stdio::stdin())
    {
        let _ = tcsetattr(rustix::stdio::stdin(), OptionalActions::Now, &saved);
    }
}

fn in_foreground(terminal: BorrowedFd<'_>) -> bool {
    tcgetpgrp(terminal).is_ok_and(|group| group == rustix::process::getpgrp())
}

/// The keyboard in a mode that hands out single keys.
pub(crate) struct KeyInput {
    terminal: AsyncTty,
}

impl KeyInput {
    /// `None` unless standard input and output are terminals and this process in its foreground.
    pub(crate) fn open() -> Option<Self> {
        let stdin = rustix::stdio::stdin();
        if !isatty(stdin) || !isatty(rustix::stdio::stdout()) || !in_foreground(stdin) {
            return None;
        }
        let terminal = AsyncTty::new(rustix::io::fcntl_dupfd_cloexec(stdin, 3).ok()?).ok()?;
        let saved = tcgetattr(stdin).ok()?;
        let mut modes = saved.clone();
        modes.local_modes -= LocalModes::ICANON | LocalModes::ECHO;
        // A read never waits: others share this terminal, so its descriptor must not become non-blocking.
        modes.special_codes[SpecialCodeIndex::VMIN] = 0;
        modes.special_codes[SpecialCodeIndex::VTIME] = 0;
        SAVED
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get_or_insert(saved);
        if tcsetattr(stdin, OptionalActions::Now, &modes).is_err() {
            restore_terminal();
            return None;
        }
        Some(Self { terminal })
    }

    /// The next key; `None` when there will be no more.
    pub(crate) async fn next(&self) -> Option<u8> {
        loop {
            let mut ready = self.terminal.readable().await.ok()?;
            if !in_foreground(rustix::stdio::stdin()) {
                return None;
            }
            let mut key = [0];
            match self.terminal.read(&mut key) {
                Ok(1..) => return Some(key[0]),
                Ok(0) => {
                    // Nothing is there, or nothing will be there ever again.
                    tcgetattr(rustix::stdio::stdin()).ok()?;
                    ready.clear_ready();
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return None,
            }
        }
    }
}
