//! Between the dispatcher and the report: a thread that writes, and a channel to it that never waits.
//!
//! What waits is bounded: steps of tests are left out while the reader is far behind, and everything else is as much
//! as the suite has tests and attempts, which nobody may lose. Waiting for the reader happens only where the dispatcher wants it, at the end, and there signals end it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use relux_model::plan::Program;
use tokio::sync::oneshot;

use super::{Output, Renderer};
use crate::event::Event;

/// How long a terminal may take to be left in order before the process exits all the same.
const LEAVE: Duration = Duration::from_millis(200);

/// Events that wait before steps are left out.
const MOST_BEHIND: usize = 10_000;

enum Order {
    Event(Box<Event>),
    /// Write to standard output.
    Print(Vec<u8>),
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
    /// Events that are not written yet.
    behind: Arc<AtomicUsize>,
}

impl Reporter {
    pub(crate) fn new(output: Output, program: Arc<Program>) -> std::io::Result<Self> {
        let mut renderer = Renderer::new(output, program);
        let wants_progress = renderer.wants_progress();
        let is_live = renderer.is_live();
        let (orders, inbox) = mpsc::channel();
        let behind = Arc::new(AtomicUsize::new(0));
        let written = Arc::clone(&behind);
        std::thread::Builder::new()
            .name("report".to_owned())
            .spawn(move || {
                for order in inbox {
                    match order {
                        Order::Event(event) => {
                            renderer.event(&event);
                            written.fetch_sub(1, Ordering::Relaxed);
                        }
                        Order::Print(bytes) => renderer.print(&bytes),
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
            behind,
        })
    }

    /// Reports an event, sooner or later.
    pub(crate) fn event(&self, event: Event) {
        let is_step = matches!(event, Event::Progress { .. });
        if is_step && self.behind.load(Ordering::Relaxed) >= MOST_BEHIND {
            return;
        }
        self.behind.fetch_add(1, Ordering::Relaxed);
        // A thread that is gone shows in `drained`.
        let _ = self.orders.send(Order::Event(Box::new(event)));
    }

    /// Writes to standard output, sooner or later.
    pub(crate) fn print(&self, bytes: Vec<u8>) {
        if !bytes.is_empty() {
            let _ = self.orders.send(Order::Print(bytes));
        }
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

#[cfg(test)]
mod tests {
    use std::io::{self, Write};
    use std::sync::Mutex;

    use super::*;
    use crate::event::Step;
    use crate::report::Format;

    /// Lets nothing through before the gate opens, and counts lines.
    struct Gate(Arc<Mutex<usize>>);

    impl Write for Gate {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            *self.0.lock().expect("no panic") += memchr::memchr_iter(b'\n', bytes).count();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[tokio::test]
    async fn steps_are_left_out_while_the_reader_is_far_behind() {
        let lines = Arc::new(Mutex::new(0));
        let output = Output {
            format: Format::JsonLines,
            writer: Some(Box::new(Gate(Arc::clone(&lines)))),
            ..Output::default()
        };
        let reporter = Reporter::new(output, Arc::default()).expect("a thread");
        let step = |id: &str| Event::Progress {
            id: id.to_owned(),
            step: Step::Shell,
            text: String::new(),
        };
        let closed = lines.lock().expect("no panic");
        for _ in 0..3 * MOST_BEHIND {
            reporter.event(step("a"));
        }
        // What is not a step is never left out.
        reporter.event(Event::RunFinished(crate::event::Summary::default()));
        assert_eq!(reporter.behind.load(Ordering::Relaxed), MOST_BEHIND + 1);
        drop(closed);
        assert_eq!(reporter.drained().await, None);
        assert_eq!(*lines.lock().expect("no panic"), MOST_BEHIND + 1);
    }
}
