//! One run: starts the runner in a process group of its own, reads its events, and sees to its end.

use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader};
use tokio::process::{Child, ChildStdout, Command};
use tokio::sync::mpsc;
use tower_lsp_server::ls_types::ProgressToken;

use crate::event::{Event, Queue};
use crate::outbox::Outbox;
use crate::runs::events::RunnerEvent;
use crate::runs::progress::Progress;
use crate::runs::report::Report;
use crate::runs::state::RunEvent;
use crate::runs::{Order, TestEvent};
use crate::session::loudness;

/// How long the runner may clean up after it was asked to stop, before it is killed. Its own budget is 30 s.
pub(crate) const CLEAN_UP: Duration = Duration::from_secs(40);
/// The longest event line that is looked at.
const MAX_LINE: u64 = 4 * 1024 * 1024;
/// How much of what the runner says on standard error is kept.
const MAX_COMPLAINT: u64 = 64 * 1024;

/// What every run needs.
pub(super) struct Shared {
    pub(super) runner: std::path::PathBuf,
    pub(super) queue: Queue,
    pub(super) outbox: Outbox,
}

/// Runs to the end and tells everybody.
pub(super) async fn run(shared: Shared, order: Order, token: ProgressToken, cancelled: mpsc::Receiver<()>) {
    let progress = Progress::begin(shared.outbox.clone(), &order, token).await;
    let mut report = Report::new(&shared, &order);
    report.tell(TestEvent::of(&order, "started"));
    let end = watch(&shared, &order, &progress, &mut report, cancelled).await;
    let (failed, message) = report.verdict(&end);
    let mut event = TestEvent::of(&order, "finished");
    event.outcome = Some(Report::outcome(&end).to_owned());
    event.message = Some(message.clone());
    report.tell(event);
    if !order.quiet {
        shared.outbox.show(loudness(failed), message.clone());
    }
    progress.end(message);
    shared.queue.send(Event::Run(RunEvent::Ended { run: order.run }));
}

/// How a run came to its end.
pub(super) enum End {
    /// The runner could not be started or watched.
    Broken(String),
    /// Somebody cancelled it.
    Cancelled,
    /// The runner ended by itself, with what it said on standard error.
    Exited(ExitStatus, String),
}

async fn watch(
    shared: &Shared,
    order: &Order,
    progress: &Progress,
    report: &mut Report<'_>,
    mut cancelled: mpsc::Receiver<()>,
) -> End {
    let mut child = match command(shared, order).spawn() {
        Ok(child) => child,
        Err(error) => return End::Broken(format!("{} cannot be started: {error}", shared.runner.display())),
    };
    let (Some(output), Some(complaint)) = (child.stdout.take(), child.stderr.take()) else {
        return End::Broken("the runner has no output".to_owned());
    };
    let complaint = tokio::spawn(tail(complaint));
    let mut output = Output {
        lines: BufReader::new(output),
        queue: &shared.queue,
        complained: false,
    };
    let reading = output.read(progress, report);
    let asked = tokio::select! {
        () = reading => false,
        // A closed channel means that the session is over.
        _ = cancelled.recv() => true,
    };
    if asked {
        return stop(child, output, progress, report).await;
    }
    match child.wait().await {
        Ok(status) => End::Exited(status, complaint.await.unwrap_or_default()),
        Err(error) => End::Broken(format!("the runner was lost: {error}")),
    }
}

fn command(shared: &Shared, order: &Order) -> Command {
    let mut command = Command::new(&shared.runner);
    command.args(["run", "--message-format", "json-lines"]);
    // A whole suite is what the runner takes without being asked.
    if order.target != order.root {
        command.arg("-f").arg(&order.target);
    }
    if let Some(jobs) = &order.jobs {
        command.args(["-j", jobs]);
    }
    for test in &order.tests {
        // A name may begin with a hyphen.
        command.arg(format!("--test={test}"));
    }
    command
        .current_dir(&order.root)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0);
    command
}

/// What a runner prints.
struct Output<'a> {
    lines: BufReader<ChildStdout>,
    queue: &'a Queue,
    /// Whether the log has heard of a line that means nothing. One is enough to know that the two do not fit.
    complained: bool,
}

impl Output<'_> {
    /// Takes in events up to the end.
    async fn read(&mut self, progress: &Progress, report: &mut Report<'_>) {
        let mut line = Vec::new();
        loop {
            line.clear();
            let read = (&mut self.lines)
                .take(MAX_LINE)
                .read_until(b'\n', &mut line)
                .await;
            if !matches!(read, Ok(1..)) {
                return;
            }
            match serde_json::from_slice::<RunnerEvent>(&line) {
                Ok(event) => report.take(event, progress),
                Err(error) => self.complain(&line, &error),
            }
        }
    }

    fn complain(&mut self, line: &[u8], error: &serde_json::Error) {
        if std::mem::replace(&mut self.complained, true) {
            return;
        }
        let reason = if line.len() as u64 == MAX_LINE {
            format!("it is longer than {} MiB", MAX_LINE >> 20)
        } else {
            error.to_string()
        };
        let start = String::from_utf8_lossy(&line[..line.len().min(200)]);
        let start = start.trim_end();
        self.queue.log(format!(
            "a line of the test run cannot be read ({reason}): {start}"
        ));
    }
}

/// Asks the runner to stop as Ctrl-C would, lets it clean up, and kills it if that takes too long. What is killed is only
/// its supervisor: the rest of the run sees that and ends itself and all that it started.
async fn stop(mut child: Child, mut output: Output<'_>, progress: &Progress, report: &mut Report<'_>) -> End {
    let group = child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
    if let Some(group) = group {
        // It may have ended by itself meanwhile.
        let _ = kill_process_group(group, Signal::INT);
    }
    let end = async {
        output.read(progress, report).await;
        child.wait().await
    };
    if tokio::time::timeout(CLEAN_UP, end).await.is_err() {
        let _ = child.kill().await;
    }
    End::Cancelled
}

/// The last part of what comes, read to its end so that the writer never waits.
async fn tail(mut from: impl AsyncRead + Unpin) -> String {
    let mut kept = Vec::new();
    loop {
        match (&mut from).take(MAX_COMPLAINT).read_to_end(&mut kept).await {
            Ok(1..) => {
                let surplus = kept.len().saturating_sub(MAX_COMPLAINT as usize);
                kept.drain(..surplus);
            }
            _ => return String::from_utf8_lossy(&kept).into_owned(),
        }
    }
}
