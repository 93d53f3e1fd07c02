//! How a test is told to stop, at every wait and between all statements.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use crate::event::{Failure, RunStop};

/// Why a test has to stop.
#[derive(Debug, Clone)]
pub(crate) enum Stop {
    /// Another part of the same test failed, or a fail pattern was printed.
    Failed(Arc<Failure>),
    /// The test's own time is up.
    TestTimeout(Duration),
    /// The time of a cleanup block is up.
    CleanupTimeout(Duration),
    /// The run ends.
    Cancelled(RunStop),
}

/// A switch that is turned once. Clones share it.
#[derive(Debug, Clone)]
pub(crate) struct Control {
    state: watch::Sender<Option<Stop>>,
}

impl Control {
    /// A switch in its first position.
    pub(crate) fn new() -> Self {
        Self {
            state: watch::Sender::new(None),
        }
    }

    /// Turns it; the first reason stays.
    pub(crate) fn stop(&self, reason: Stop) {
        self.state.send_if_modified(|state| {
            let first = state.is_none();
            if first {
                *state = Some(reason);
            }
            first
        });
    }

    /// The reason, once there is one.
    pub(crate) fn check(&self) -> Result<(), Stop> {
        self.state.borrow().clone().map_or(Ok(()), Err)
    }

    /// Waits until it is turned.
    pub(crate) async fn stopped(&self) -> Stop {
        let mut state = self.state.subscribe();
        loop {
            if let Err(reason) = self.check() {
                return reason;
            }
            if state.changed().await.is_err() {
                // `self` holds a sender, so this cannot happen; waiting forever is the harmless answer.
                std::future::pending::<()>().await;
            }
        }
    }
}
