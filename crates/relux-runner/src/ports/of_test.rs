//! The ports of one test: a retry gets those of the attempt before it.
//!
//! A test that fails only on some ports would otherwise hide behind its retries, and what the first attempt wrote down
//! stays true in the second one.

use std::sync::{Arc, Mutex, PoisonError};

use relux_model::plan::Loc;

use super::{Exhausted, Lease, Ports, is_free};

/// What a test has leased; everything is given back when it is dropped.
pub(crate) struct TestPorts {
    ports: Arc<Ports>,
    /// The test's id, for whoever finds no port.
    test: Arc<str>,
    kept: Mutex<Vec<Kept>>,
}

struct Kept {
    /// The call that asked for it.
    call: Loc,
    lease: Lease,
    /// By the attempt under way.
    in_use: bool,
}

impl TestPorts {
    /// None yet.
    pub(crate) fn new(ports: &Arc<Ports>, test: &str) -> Arc<Self> {
        Arc::new(Self {
            ports: Arc::clone(ports),
            test: test.into(),
            kept: Mutex::default(),
        })
    }

    /// A port for this call: the one that the last attempt got there, if nothing has stayed behind on it.
    pub(crate) async fn port(&self, call: Loc) -> Result<u16, Exhausted> {
        if let Some(port) = self.again(call) {
            return Ok(port);
        }
        let lease = self.ports.lease(&self.test).await?;
        let port = lease.port();
        self.with(|kept| {
            kept.push(Kept {
                call,
                lease,
                in_use: true,
            });
        });
        Ok(port)
    }

    fn again(&self, call: Loc) -> Option<u16> {
        self.with(|kept| {
            let at = kept.iter().position(|it| it.call == call && !it.in_use)?;
            let port = kept[at].lease.port();
            if is_free(port) {
                kept[at].in_use = true;
                return Some(port);
            }
            kept.remove(at);
            None
        })
    }

    /// The attempt is over; the next one may have its ports.
    pub(crate) fn attempt_over(&self) {
        self.with(|kept| {
            for it in kept {
                it.in_use = false;
            }
        });
    }

    /// The ports of the attempt under way.
    pub(super) fn in_use(&self) -> Vec<u16> {
        self.with(|kept| {
            let used = kept.iter().filter(|it| it.in_use);
            used.map(|it| it.lease.port()).collect()
        })
    }

    fn with<T>(&self, act: impl FnOnce(&mut Vec<Kept>) -> T) -> T {
        act(&mut self.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
