//! The threads that read: a few workers, of which diagnostics never take more than half.
//!
//! Jobs hold a snapshot of the database, so a job that waits for the state thread would stop every write: jobs only
//! send. A job that panics costs its own answer, never the worker.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

type Job = Box<dyn FnOnce() + Send>;

/// What a job is for, which decides who waits for whom.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Lane {
    /// Somebody waits for the answer.
    Request,
    /// Nobody waits; at most half of the workers.
    Diagnostics,
    /// Small pieces of work for later, by all workers that have nothing else to do.
    Index,
}

#[derive(Default)]
struct Queues {
    requests: VecDeque<Job>,
    diagnostics: VecDeque<Job>,
    index: VecDeque<Job>,
    running_requests: usize,
    running_diagnostics: usize,
    running_index: usize,
    closed: bool,
}

#[derive(Default)]
struct Shared {
    queues: Mutex<Queues>,
    changed: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queues> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A fixed number of worker threads. Dropping it lets queued jobs finish and then ends the workers.
pub(crate) struct Pool {
    shared: Arc<Shared>,
    workers: usize,
}

impl Pool {
    /// Starts `workers` threads, at least two so that diagnostics leave one for requests.
    pub(crate) fn new(workers: usize) -> Self {
        let workers = workers.max(2);
        let shared = Arc::new(Shared::default());
        for number in 0..workers {
            let shared = Arc::clone(&shared);
            let name = format!("relux-read-{number}");
            let spawned = thread::Builder::new()
                .name(name)
                .spawn(move || work(&shared, workers / 2));
            // Without a thread the others carry on; with none at all nothing could be answered.
            assert!(
                spawned.is_ok() || number > 0,
                "the system refuses a first worker thread"
            );
        }
        Self { shared, workers }
    }

    /// How many threads there are.
    pub(crate) fn workers(&self) -> usize {
        self.workers
    }

    /// Queues a job.
    pub(crate) fn spawn(&self, lane: Lane, job: impl FnOnce() + Send + 'static) {
        let mut queues = self.shared.lock();
        match lane {
            Lane::Request => queues.requests.push_back(Box::new(job)),
            Lane::Diagnostics => queues.diagnostics.push_back(Box::new(job)),
            Lane::Index => queues.index.push_back(Box::new(job)),
        }
        drop(queues);
        self.shared.changed.notify_all();
    }

    /// Waits until no request is queued or running, but no longer than `limit`. `true` if there is none.
    pub(crate) fn settle(&self, limit: Duration) -> bool {
        let deadline = Instant::now() + limit;
        let mut queues = self.shared.lock();
        while !queues.requests.is_empty() || queues.running_requests > 0 {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            let woken = self.shared.changed.wait_timeout(queues, left);
            queues = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.shared.lock().closed = true;
        self.shared.changed.notify_all();
    }
}

fn work(shared: &Shared, most_diagnostics: usize) {
    let mut queues = shared.lock();
    loop {
        let next = if let Some(job) = queues.requests.pop_front() {
            Some((Lane::Request, job))
        } else {
            let more = queues.running_diagnostics < most_diagnostics;
            let diagnostics = if more {
                queues.diagnostics.pop_front()
            } else {
                None
            };
            diagnostics.map(|job| (Lane::Diagnostics, job)).or_else(|| {
                let piece = queues.index.pop_front();
                piece.map(|job| (Lane::Index, job))
            })
        };
        let Some((lane, job)) = next else {
            if queues.closed {
                return;
            }
            queues = shared
                .changed
                .wait(queues)
                .unwrap_or_else(PoisonError::into_inner);
            continue;
        };
        *running(&mut queues, lane) += 1;
        drop(queues);
        // The job answers for its own panics; this only keeps the worker.
        let _ = catch_unwind(AssertUnwindSafe(job));
        queues = shared.lock();
        *running(&mut queues, lane) -= 1;
        shared.changed.notify_all();
    }
}

fn running(queues: &mut Queues, lane: Lane) -> &mut usize {
    match lane {
        Lane::Request => &mut queues.running_requests,
        Lane::Diagnostics => &mut queues.running_diagnostics,
        Lane::Index => &mut queues.running_index,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn diagnostics_leave_half_of_the_workers_to_requests() {
        let pool = Pool::new(2);
        let (started, starts) = mpsc::channel();
        let (release, blocked) = mpsc::channel::<()>();
        let blocked = Arc::new(Mutex::new(blocked));
        for name in ["first", "second"] {
            let (started, blocked) = (started.clone(), Arc::clone(&blocked));
            pool.spawn(Lane::Diagnostics, move || {
                let _ = started.send(name);
                let _ = blocked.lock().expect("no panic before").recv();
            });
        }
        assert_eq!(starts.recv(), Ok("first"));
        pool.spawn(Lane::Request, move || {
            let _ = started.send("request");
        });
        assert_eq!(starts.recv(), Ok("request"));
        assert!(pool.settle(Duration::from_secs(60)));
        drop(release);
        assert_eq!(starts.recv(), Ok("second"));
    }

    #[test]
    fn a_panic_costs_one_job() {
        let pool = Pool::new(2);
        for _ in 0..8 {
            pool.spawn(Lane::Request, || panic!("on purpose"));
        }
        let (done, wait) = mpsc::channel();
        pool.spawn(Lane::Request, move || {
            let _ = done.send(());
        });
        assert_eq!(wait.recv(), Ok(()));
    }
}
