//! A live shell: process, terminal, reader and output buffer.
//!
//! It knows nothing of tests: what to send, what to wait for and what a hit of the fail pattern means is decided by
//! its users. A task per shell reads all the time, so output is never held up and fail patterns never sleep.

mod buffer;
mod bystanders;
mod decode;
mod fail;
mod freeze;
mod last_send;
mod leaks;
mod log;
mod pattern;
mod prompt;
#[cfg(test)]
mod replay;
mod scan;
mod start;
mod teardown;

use std::ffi::CString;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use relux_model::plan::Loc;
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep_until};

pub(crate) use buffer::STEP as MOST_REGION;
pub(crate) use buffer::Tail;
pub(crate) use bystanders::{is_bystander, note_bystanders};
pub(crate) use decode::Decoder;
pub(crate) use fail::OnFail;
pub(crate) use freeze::freeze;
pub(crate) use last_send::Reached;
pub(crate) use leaks::Leaked;
pub(crate) use log::ShellLog;
pub(crate) use pattern::{Compiled, PatternCache};
pub(crate) use prompt::{PromptError, await_prompt};
pub(crate) use scan::{Found, Outlook, Scanner};
pub(crate) use start::{DEFAULT_PATH, LostLog, StartError, StartSpec, find_program, start};
pub(crate) use teardown::{Left, Survivor, hang_up, kill_everything, sweep_attempt, sweep_run, tear_down};

use crate::sys::{AsyncTty, ExitStatus, ExitWatch};
use buffer::Buffer;
use fail::FailWatch;
use leaks::Trace;

/// Lines of output that reports show.
pub(crate) const TAIL_LINES: usize = 12;
/// Bytes of output that reports show at most.
pub(crate) const TAIL_BYTES: usize = 4096;

/// Bytes per read: more than the kernel hands out at once.
pub(crate) const READ_SIZE: usize = 8 * 1024;
/// Bytes that are read under one lock; bounds how long others wait.
const MOST_AT_ONCE: usize = 64 * 1024;

/// Bytes of output, before the cursor and behind it, in which an explanation for a failed match is looked for.
const NEAR_BYTES: usize = 64 * 1024;

/// The longest line that a terminal passes on in canonical mode, without its line feed.
pub(crate) const CANONICAL_LIMIT: usize = 4095;

/// A process on a terminal of its own.
pub(crate) struct Shell {
    /// Name in the block header.
    pub(crate) name: String,
    /// Process, session and group id.
    pub(crate) pid: i32,
    /// Value of `__RELUX_SCOPE` in its environment.
    pub(crate) scope: String,
    settle: Duration,
    /// Bytes per read at most.
    read_size: usize,
    io: Mutex<Io>,
    tty: Mutex<Option<Arc<AsyncTty>>>,
    trace: Trace,
    /// Path of the terminal.
    slave: CString,
    /// Something was printed or the shell ended. One waiter at a time: the holder of the shell.
    news: Notify,
    /// The reader must look at the fail pattern or at the end again.
    reader: Notify,
    exit: watch::Sender<Option<ExitStatus>>,
}

struct Io {
    buffer: Buffer,
    decoder: Decoder,
    fail: Option<FailWatch>,
    /// A fail pattern was hit.
    failed: bool,
    /// Where the output ended when something was sent, if nothing was matched since.
    unanswered: Option<u64>,
    /// When output or a send last happened.
    busy: Instant,
    /// No slave is open any more.
    hung_up: bool,
    log: Option<ShellLog>,
    lost_log: LostLog,
}

impl std::fmt::Debug for Shell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shell")
            .field("name", &self.name)
            .field("pid", &self.pid)
            .finish_non_exhaustive()
    }
}

/// What a wait looks at, under the lock of the shell.
pub(crate) struct View<'a> {
    io: MutexGuard<'a, Io>,
    reader: &'a Notify,
}

impl View<'_> {
    /// Lets a search look at what is new.
    pub(crate) fn advance(&self, scanner: &mut Scanner) -> Outlook {
        scanner.advance(&self.io.buffer)
    }

    /// The match that a search has found.
    pub(crate) fn found(&self, scanner: &Scanner) -> Option<Found> {
        scanner.found(&self.io.buffer)
    }

    /// Moves the cursor.
    pub(crate) fn read_to(&mut self, offset: u64) {
        let io = &mut *self.io;
        io.unanswered = None;
        io.buffer.read_to(offset);
        if let Some(watch) = &mut io.fail {
            watch.cursor_moved(&io.buffer);
        }
        io.look_for_failure(false);
        if io.fail.as_ref().is_some_and(FailWatch::is_open) {
            // Its time may be up before the reader has another reason to wake.
            self.reader.notify_one();
        }
    }

    /// Whether the fail pattern is hit, or will be whatever comes.
    pub(crate) fn is_failing(&self) -> bool {
        self.io.failed || self.io.fail.as_ref().is_some_and(FailWatch::is_sure)
    }

    /// The lowest offset that a search needs; what lies before can go. Only while nothing matches.
    pub(crate) fn needs_from(&self, scanner: &mut Scanner) -> u64 {
        scanner.needs_from(&self.io.buffer)
    }

    /// What is held around the cursor: the end of what was read, and the end of what was not.
    pub(crate) fn around_cursor(&self) -> (&str, &str) {
        self.io.buffer.around_cursor(NEAR_BYTES, NEAR_BYTES)
    }

    /// A search has passed over everything before `offset` for good.
    pub(crate) fn pass_over(&mut self, offset: u64) {
        self.io.buffer.pass_over(offset);
    }

    /// Offset of the first unread byte.
    pub(crate) fn cursor(&self) -> u64 {
        self.io.buffer.cursor()
    }

    /// Offset behind the last byte.
    pub(crate) fn end(&self) -> u64 {
        self.io.buffer.end()
    }

    /// The terminal has been quiet since then.
    pub(crate) fn busy(&self) -> Instant {
        self.io.busy
    }

    /// End of the output, for reports.
    pub(crate) fn tail(&self) -> Tail {
        self.tail_of(TAIL_LINES, TAIL_BYTES)
    }

    /// At most so much of the end of the output.
    pub(crate) fn tail_of(&self, lines: usize, bytes: usize) -> Tail {
        self.io.buffer.tail(lines, bytes)
    }

    /// Unread bytes that were dropped.
    pub(crate) fn lost(&self) -> u64 {
        self.io.buffer.lost()
    }
}

impl Shell {
    /// A look at the buffer.
    pub(crate) fn view(&self) -> View<'_> {
        View {
            io: self.io(),
            reader: &self.reader,
        }
    }

    fn io(&self) -> MutexGuard<'_, Io> {
        self.io.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tty(&self) -> Option<Arc<AsyncTty>> {
        self.tty.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits for output or for the end. May wake without a reason.
    pub(crate) async fn news(&self) {
        self.news.notified().await;
    }

    /// How long the terminal must be quiet for an open match to count.
    pub(crate) fn settle(&self) -> Duration {
        self.settle
    }

    /// How the shell ended, if it has.
    pub(crate) fn exit_status(&self) -> Option<ExitStatus> {
        *self.exit.borrow()
    }

    /// Waits for the end.
    pub(crate) async fn ended(&self) -> ExitStatus {
        let mut exit = self.exit.subscribe();
        match exit.wait_for(Option::is_some).await.map(|status| *status) {
            Ok(Some(status)) => status,
            // The sender lives in `self`.
            Ok(None) | Err(_) => ExitStatus::Code(-1),
        }
    }

    /// Reads what the terminal holds at this moment, so that a verdict does not depend on the reader's turn.
    pub(crate) fn drain(&self) {
        if let Some(tty) = self.tty() {
            self.pump_out(&tty);
        }
    }

    /// Reads until nothing is left, but no more than a terminal can hold: a program may print faster than this reads,
    /// and then the end of what was there at the beginning is reached all the same.
    fn pump_out(&self, tty: &AsyncTty) {
        /// Linux holds less than 128 KiB per terminal.
        const MOST: usize = 256 * 1024;
        let mut total = 0;
        while total < MOST {
            match self.pump(tty) {
                Ok(Some(count)) => total += count,
                Ok(None) | Err(_) => return,
            }
        }
    }

    /// Sends bytes; waits while the terminal's input is full.
    pub(crate) async fn send(&self, mut bytes: &[u8]) -> io::Result<()> {
        let Some(tty) = self.tty() else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        {
            let mut io = self.io();
            io.busy = Instant::now();
            io.unanswered = Some(io.buffer.end());
        }
        while !bytes.is_empty() {
            match tty.write(bytes) {
                Ok(written) => bytes = &bytes[written..],
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    let mut ready = tty.writable().await?;
                    // Readiness may be stale, so it counts only if the next write agrees.
                    match tty.write(bytes) {
                        Ok(written) => bytes = &bytes[written..],
                        Err(error) if error.kind() == io::ErrorKind::WouldBlock => ready.clear_ready(),
                        Err(error) => return Err(error),
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.io().busy = Instant::now();
        Ok(())
    }

    /// Remembers a line that is being sent, for the case that something that it starts outlives the shell.
    pub(crate) fn note_sent(&self, loc: Loc, text: &str) {
        self.trace.note_sent(loc, text);
    }

    /// The group that has the terminal, if it is not the shell itself.
    fn foreground_job(&self) -> Option<i32> {
        let group = self.tty()?.foreground_group()?;
        (group != self.pid).then_some(group)
    }

    /// Whether the terminal collects lines at this moment.
    pub(crate) fn is_canonical(&self) -> bool {
        self.tty().is_some_and(|tty| tty.is_canonical())
    }

    /// Replaces the fail pattern; the new one sees everything from the cursor on. What the terminal holds at this moment
    /// was printed while the old one was set, so that sees it too.
    pub(crate) fn watch_for(&self, pattern: Option<(Arc<Compiled>, OnFail)>) {
        let is_watched = self.io().fail.is_some();
        if is_watched {
            self.drain();
        }
        let mut io = self.io();
        io.conclude_if_sure();
        let cursor = io.buffer.cursor();
        io.fail = pattern.map(|(pattern, on_fail)| FailWatch::new(pattern, cursor, on_fail));
        io.look_for_failure(false);
        drop(io);
        self.reader.notify_one();
    }

    /// Reports a hit at once whose text may not be complete.
    pub(crate) fn conclude_if_sure(&self) {
        self.io().conclude_if_sure();
    }

    /// The last word on the fail pattern when a test ends: what the terminal holds was printed in time, and what could
    /// still change is given the usual short while to do so.
    pub(crate) async fn conclude_watch(&self) {
        self.drain();
        let due = self.io().fail_due(self.settle);
        if let Some(due) = due {
            sleep_until(due).await;
            self.drain();
        }
        let mut io = self.io();
        io.look_for_failure(true);
        io.fail = None;
    }

    /// Stops watching.
    pub(crate) fn disarm(&self) {
        self.io().fail = None;
    }

    /// Closes the terminal: whatever still reads or writes there gets errors, the foreground a hang-up.
    fn close(&self) {
        self.tty.lock().unwrap_or_else(PoisonError::into_inner).take();
        self.reader.notify_one();
    }

    /// Reads what is there, but not for long. The number of bytes, `None` at the end, and `WouldBlock` if there was
    /// nothing.
    fn pump(&self, tty: &AsyncTty) -> io::Result<Option<usize>> {
        let mut io = self.io();
        if io.hung_up {
            return Ok(None);
        }
        let mut bytes = [0; READ_SIZE];
        let chunk = &mut bytes[..self.read_size];
        let mut total = 0;
        let result = loop {
            match tty.read(chunk) {
                Ok(count) if count > 0 => {
                    total += count;
                    io.append(&chunk[..count]);
                    if self.read_size < READ_SIZE || total >= MOST_AT_ONCE {
                        break Ok(Some(total));
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    break if total > 0 { Ok(Some(total)) } else { Err(error) };
                }
                // EIO: the last slave is closed.
                Ok(_) | Err(_) => {
                    io.hang_up();
                    break Ok(None);
                }
            }
        };
        if total > 0 {
            io.busy = Instant::now();
            io.look_for_failure(false);
        }
        let has_news = total > 0 || io.hung_up;
        let is_open = io.fail.as_ref().is_some_and(FailWatch::is_open);
        drop(io);
        if is_open {
            // Whoever read this may not be the reader, which has to look at the clock now.
            self.reader.notify_one();
        }
        if has_news {
            self.news.notify_one();
        }
        result
    }
}

impl Io {
    fn append(&mut self, bytes: &[u8]) {
        self.log_with(|log| log.write_bytes(bytes));
        self.decode(|decoder, text| decoder.push(bytes, text));
    }

    fn hang_up(&mut self) {
        self.hung_up = true;
        self.decode(Decoder::finish);
        self.look_for_failure(true);
    }

    fn decode(&mut self, decode: impl FnOnce(&mut Decoder, &mut String)) {
        let before = self.buffer.end();
        let decoder = &mut self.decoder;
        self.buffer.append(|text| decode(decoder, text));
        let (text, is_lossy) = (self.buffer.from(before), self.decoder.is_lossy());
        if is_lossy && let Some(log) = &mut self.log {
            let result = log.write_text(text, is_lossy, before);
            self.log_with(|_| result);
        }
    }

    fn log_with(&mut self, write: impl FnOnce(&mut ShellLog) -> io::Result<()>) {
        if let Some(log) = &mut self.log
            && let Err(error) = write(log)
        {
            // A full disk must not end the test, but the run says it.
            let _ = self.lost_log.set(error.to_string());
            self.log = None;
        }
    }

    fn look_for_failure(&mut self, settled: bool) {
        let Some(watch) = &mut self.fail else { return };
        if let Some(text) = watch.look(&self.buffer, settled)
            && let Some(watch) = self.fail.take()
        {
            self.failed = true;
            watch.report(text, self.buffer.tail(TAIL_LINES, TAIL_BYTES));
        }
    }

    fn conclude_if_sure(&mut self) {
        let is_sure = self.fail.as_ref().is_some_and(FailWatch::is_sure);
        self.look_for_failure(is_sure);
    }

    /// When an open hit of the fail pattern counts.
    fn fail_due(&self, settle: Duration) -> Option<Instant> {
        self.fail.as_ref()?.due(self.busy, settle)
    }
}

/// Reads until the terminal is closed and the process reaped.
async fn serve(shell: Arc<Shell>, exit: ExitWatch) {
    let Some(tty) = shell.tty() else { return };
    let mut ended = false;
    let mut readable = true;
    loop {
        let due = shell.io().fail_due(shell.settle);
        tokio::select! {
            ready = tty.readable(), if readable => match ready {
                Ok(mut ready) => match shell.pump(&tty) {
                    Ok(read) => readable = read.is_some(),
                    Err(_) => ready.clear_ready(),
                },
                Err(_) => readable = false,
            },
            status = exit.reap(), if !ended => {
                ended = true;
                shell.pump_out(&tty);
                start::forget(shell.pid);
                shell.exit.send_replace(Some(status));
                shell.news.notify_one();
            }
            () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => {
                shell.drain();
                let mut io = shell.io();
                if io.fail_due(shell.settle).is_some_and(|due| due <= Instant::now()) {
                    io.look_for_failure(true);
                }
            }
            () = shell.reader.notified() => {}
        }
        let closed = shell.tty().is_none();
        if closed && ended {
            return;
        }
        if closed {
            drop(tty);
            let status = exit.reap().await;
            start::forget(shell.pid);
            shell.exit.send_replace(Some(status));
            shell.news.notify_one();
            return;
        }
    }
}
