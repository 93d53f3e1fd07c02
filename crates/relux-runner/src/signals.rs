//! The signals that a run listens to: those that end it, those that suspend it, and the question how it is going.
//!
//! A signal may come twice, to this process and by way of the supervisor: Ctrl-C and `kill` with a group reach both. It
//! counts once.

use std::io;

use rustc_hash::FxHashMap;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::{mpsc, oneshot};

use crate::sys;

/// What somebody wants of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wish {
    /// This signal is to end it.
    End(i32),
    /// It is to stand still until it is continued.
    Suspend,
    /// It was continued.
    Continued,
    /// It is to tell what it does.
    Status,
}

/// The signals a run listens to.
pub(crate) struct Signals {
    interrupt: Signal,
    terminate: Signal,
    /// Not if it is to be ignored, as `nohup` wants.
    hangup: Option<Signal>,
    quit: Signal,
    /// Not if it is to be ignored, as shells without job control want.
    suspend: Option<Signal>,
    continued: Signal,
    status: Signal,
    from_supervisor: Option<mpsc::UnboundedReceiver<i32>>,
    reader_is_gone: Option<oneshot::Receiver<()>>,
    seen: FxHashMap<i32, Seen>,
}

/// How often a signal has come.
#[derive(Debug, Default)]
struct Seen {
    direct: u32,
    passed_on: u32,
}

impl Seen {
    /// Counts it; whether it is a new one, and no copy of one that came the other way.
    fn is_news(&mut self, passed_on: bool) -> bool {
        let before = self.direct.max(self.passed_on);
        *(if passed_on {
            &mut self.passed_on
        } else {
            &mut self.direct
        }) += 1;
        self.direct.max(self.passed_on) > before
    }
}

impl Signals {
    /// From now on these signals no longer end or stop the process by themselves.
    pub(crate) fn listen() -> io::Result<Self> {
        let unless_ignored = |number| {
            (!sys::is_ignored(number))
                .then(|| signal(SignalKind::from_raw(number)))
                .transpose()
        };
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup: unless_ignored(libc::SIGHUP)?,
            quit: signal(SignalKind::quit())?,
            suspend: unless_ignored(libc::SIGTSTP)?,
            continued: signal(SignalKind::from_raw(libc::SIGCONT))?,
            status: signal(SignalKind::user_defined1())?,
            from_supervisor: None,
            reader_is_gone: None,
            seen: FxHashMap::default(),
        })
    }

    /// Hears also those that the supervisor got.
    pub(crate) fn also_from(&mut self, supervisor: Option<mpsc::UnboundedReceiver<i32>>) {
        self.from_supervisor = supervisor;
    }

    /// Counts it as a broken pipe when nobody reads standard output any more: who asked for the run is gone.
    pub(crate) fn also_for_reader(&mut self) {
        // A run that cannot notice it goes on to its end.
        self.reader_is_gone = sys::reader_is_gone().ok().flatten();
    }

    /// What the next one means.
    pub(crate) async fn next(&mut self) -> Wish {
        loop {
            let (number, passed_on) = tokio::select! {
                number = passed_on(&mut self.from_supervisor) => (number, true),
                _ = self.interrupt.recv() => (libc::SIGINT, false),
                _ = self.terminate.recv() => (libc::SIGTERM, false),
                () = received(&mut self.hangup) => (libc::SIGHUP, false),
                _ = self.quit.recv() => (libc::SIGQUIT, false),
                () = received(&mut self.suspend) => return Wish::Suspend,
                _ = self.continued.recv() => return Wish::Continued,
                _ = self.status.recv() => (libc::SIGUSR1, false),
                () = told(&mut self.reader_is_gone) => (libc::SIGPIPE, false),
            };
            let is_news = self.seen.entry(number).or_default().is_news(passed_on);
            match number {
                libc::SIGUSR1 if is_news => return Wish::Status,
                number if is_news => return Wish::End(number),
                _ => {}
            }
        }
    }
}

async fn received(signal: &mut Option<Signal>) {
    match signal {
        Some(signal) => drop(signal.recv().await),
        None => std::future::pending().await,
    }
}

async fn told(news: &mut Option<oneshot::Receiver<()>>) {
    if let Some(waiting) = news {
        let told = waiting.await;
        *news = None;
        if told.is_ok() {
            return;
        }
    }
    std::future::pending::<()>().await;
}

async fn passed_on(signals: &mut Option<mpsc::UnboundedReceiver<i32>>) -> i32 {
    let number = match signals {
        Some(signals) => signals.recv().await,
        None => None,
    };
    match number {
        Some(number) => number,
        // Nothing will come this way any more.
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signal_that_comes_both_ways_counts_once() {
        let count = |ways: &[bool]| {
            let mut seen = Seen::default();
            ways.iter().filter(|&&way| seen.is_news(way)).count()
        };
        assert_eq!(count(&[true]), 1);
        assert_eq!(count(&[true, false]), 1);
        assert_eq!(count(&[false, true]), 1);
        assert_eq!(count(&[false, true, true, false]), 2);
        assert_eq!(count(&[true, true, false]), 2);
        assert_eq!(count(&[false, false, false]), 3);
    }
}
