//! Keys that somebody presses while tests run on a terminal.
//!
//! Only in the foreground of a terminal that shows the report, and never longer than the run: whatever way the process
//! ends, the terminal gets its modes back, or the user's shell would not echo any more.

use crate::sys::{KeyInput, restore_terminal};

/// The keyboard, if there is one to listen to.
#[derive(Default)]
pub(crate) struct Keys {
    wanted: bool,
    input: Option<KeyInput>,
}

impl Keys {
    /// Listens if this is the foreground of a terminal.
    pub(crate) fn listen(wanted: bool) -> Self {
        let mut keys = Self { wanted, input: None };
        keys.resume();
        keys
    }

    /// The next key; never ends without a keyboard.
    pub(crate) async fn next(&mut self) -> u8 {
        if let Some(input) = &self.input {
            if let Some(key) = input.next().await {
                return key;
            }
            // The terminal is gone.
            self.suspend();
            self.wanted = false;
        }
        std::future::pending().await
    }

    /// Leaves the terminal to others.
    pub(crate) fn suspend(&mut self) {
        self.input = None;
        restore_terminal();
    }

    /// Listens again, if this is the foreground by now.
    pub(crate) fn resume(&mut self) {
        if self.wanted && self.input.is_none() {
            self.input = KeyInput::open();
        }
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        self.suspend();
    }
}
