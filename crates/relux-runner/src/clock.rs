//! The time of tests: monotonic, and it stands still while the run is suspended.
//!
//! Timeouts of the language count in it. Settling and the ends of processes count in real time, because what they wait
//! for does not stop with the run.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

/// Longer than any run; keeps sums of times representable.
pub(crate) const FOREVER: Duration = Duration::from_secs(10 * 365 * 24 * 3600);

/// The clock of a run. Its instants lie behind the real ones by the time that it has stood still.
#[derive(Debug, Default)]
pub(crate) struct Clock(watch::Sender<State>);

#[derive(Debug, Clone, Copy, Default)]
struct State {
    /// It stands still since then.
    stopped: Option<Instant>,
    /// How long it has stood still before.
    lost: Duration,
}

impl State {
    fn now(self) -> Instant {
        self.stopped.unwrap_or_else(Instant::now) - self.lost
    }
}

impl Clock {
    /// The present instant of this clock.
    pub(crate) fn now(&self) -> Instant {
        self.0.borrow().now()
    }

    /// Waits until an instant of this clock has come.
    pub(crate) async fn sleep_until(&self, deadline: Instant) {
        loop {
            let state = *self.0.borrow();
            if state.stopped.is_some() {
                // The sender lives in `self`.
                let _ = self.0.subscribe().wait_for(|state| state.stopped.is_none()).await;
            } else if state.now() >= deadline {
                return;
            } else {
                tokio::time::sleep_until(deadline + state.lost).await;
            }
        }
    }

    /// Waits so long.
    pub(crate) async fn sleep(&self, duration: Duration) {
        self.sleep_until(self.now() + duration.min(FOREVER)).await;
    }

    /// From now on it stands still.
    pub(crate) fn stop(&self) {
        self.0.send_modify(|state| {
            state.stopped.get_or_insert_with(Instant::now);
        });
    }

    /// It goes on where it stood.
    pub(crate) fn go_on(&self) {
        self.0.send_modify(|state| {
            if let Some(since) = state.stopped.take() {
                state.lost += since.elapsed();
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn waits_do_not_end_while_it_stands_still() {
        let clock = Arc::new(Clock::default());
        let began = Instant::now();
        let waiting = tokio::spawn({
            let clock = Arc::clone(&clock);
            async move { clock.sleep(Duration::from_secs(10)).await }
        });
        tokio::time::sleep(Duration::from_secs(3)).await;
        clock.stop();
        let stood = clock.now();
        tokio::time::sleep(Duration::from_secs(100)).await;
        assert!(!waiting.is_finished());
        assert_eq!(clock.now(), stood);
        clock.go_on();
        assert_eq!(clock.now(), stood);
        waiting.await.expect("no panic");
        // The timers of the runtime count in milliseconds.
        assert_eq!(began.elapsed().as_secs(), 110);
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_that_begins_while_it_stands_still_has_all_of_its_time() {
        let clock = Arc::new(Clock::default());
        clock.stop();
        clock.stop();
        let waiting = tokio::spawn({
            let clock = Arc::clone(&clock);
            async move { clock.sleep(Duration::from_secs(5)).await }
        });
        tokio::time::sleep(Duration::from_secs(7)).await;
        clock.go_on();
        clock.go_on();
        tokio::time::sleep(Duration::from_secs(4)).await;
        assert!(!waiting.is_finished());
        waiting.await.expect("no panic");
    }
}
