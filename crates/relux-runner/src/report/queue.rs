//! Between the dispatcher and the report: a thread that writes, and a channel to it that never waits.
//!
//! Waiting for the reader happens only where the dispatcher wants it, at the end, and there signals end it.

use std::sync::{Arc, mpsc};
use std::time::Duration;

use relux_model::plan::Program;
use tokio::sync::oneshot;

use super::{Output, Renderer};
use crate::event::Event;

/// How long a terminal may take to be left in order before the process exits all the same.
const LEAVE: Duration = Duration::from_millis(200);

enum Order {
    Event(Box<Event>),
    /// Tell what could not be written, once everything before is.
    Drain(oneshot::Sender<Option<String>>),
    /// Leave the terminal in order.
    Abandon(mpsc::Sender<()>),
}

/// What the dispatcher talks to.
pub(crate) struct Reporter {
    orders: mpsc::Sender<Order>,
    wants_progress: bool,
    is_live: bool,
}

impl Reporter {
    pub(crate) fn new(output: Output, program: Arc<Program>) -> std::io::Result<Self> {
        let mut renderer = Renderer::new(output, program);
        let wants_progress = renderer.wants_progress();
        let is_live = renderer.is_live();
        let (orders, inbox) = mpsc::channel();
        std::thread::Builder::new()
            .name("report".to_owned())
            .spawn(move || {
                for order in inbox {
                    match order {
                        Order::Event(event) => renderer.event(&event),
                        // Whoever asked may be gone by now.
                        Order::Drain(done) => drop(done.send(renderer.error())),
                        Order::Abandon(done) => {
                            renderer.abandon();
                            let _ = done.send(());
                        }
                    }
                }
            })?;
        Ok(Self {
            orders,
            wants_progress,
            is_live,
        })
    }

    /// Reports an event, sooner or later.
    pub(crate) fn event(&self, event: Event) {
        // A thread that is gone shows in `drained`.
        let _ = self.orders.send(Order::Event(Box::new(event)));
    }

    /// Whether anybody looks at [`Event::Progress`].
    pub(crate) fn wants_progress(&self) -> bool {
        self.wants_progress
    }

    /// Whether it is redrawn on a terminal, in front of which somebody sits.
    pub(crate) fn is_live(&self) -> bool {
        self.is_live
    }

    /// Waits until everything is written; what could not be.
    pub(crate) async fn drained(&self) -> Option<String> {
        let (done, answer) = oneshot::channel();
        let _ = self.orders.send(Order::Drain(done));
        answer
            .await
            .unwrap_or_else(|_| Some("cannot write the report: its writer failed".to_owned()))
    }

    /// Leaves the terminal in order before the process exits, if it takes no time.
    pub(crate) fn abandon(&self) {
        let (done, answer) = mpsc::channel();
        let _ = self.orders.send(Order::Abandon(done));
        let _ = answer.recv_timeout(LEAVE);
    }
}
