//! The editor's end of the wire: frames out, frames in with the moment of their arrival.
//!
//! Requests of the server are answered at once, like an editor does. It knows nothing of documents.

use std::collections::VecDeque;
use std::io::{BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde_json::{Value, json};

use crate::frames;

/// A server that is silent for so long while something is due has failed.
const PATIENCE: Duration = Duration::from_secs(120);

/// A message and when it had arrived.
pub(super) type Arrived = (Instant, Value);

/// A running server.
pub(super) struct Client {
    child: Child,
    /// `None` once the editor has gone.
    writer: Option<ChildStdin>,
    inbox: Receiver<Arrived>,
    waiting: VecDeque<Arrived>,
    next: i64,
    /// When the process was started.
    pub(super) started: Instant,
}

impl Client {
    /// Starts the server in a directory.
    pub(super) fn start(relux: &Path, directory: &Path) -> anyhow::Result<Self> {
        let started = Instant::now();
        let mut child = Command::new(relux)
            .arg("lsp")
            .current_dir(directory)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start {}", relux.display()))?;
        let writer = Some(child.stdin.take().context("no standard input")?);
        let mut reader = BufReader::new(child.stdout.take().context("no standard output")?);
        let (sender, inbox) = mpsc::channel();
        std::thread::spawn(move || {
            while let Some((_, body)) = frames::next(&mut reader) {
                let now = Instant::now();
                let Ok(message) = serde_json::from_slice(&body) else {
                    return;
                };
                if sender.send((now, message)).is_err() {
                    return;
                }
            }
        });
        Ok(Self {
            child,
            writer,
            inbox,
            waiting: VecDeque::new(),
            next: 0,
            started,
        })
    }

    /// The id of the server's process.
    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }

    fn send(&mut self, message: &Value) -> anyhow::Result<()> {
        let body = message.to_string();
        let frame = format!("Content-Length: {}\r\n\r\n{body}", body.len());
        self.writer
            .as_mut()
            .context("the editor has gone")?
            .write_all(frame.as_bytes())
            .context("the server no longer reads")
    }

    pub(super) fn notify(&mut self, method: &str, params: &Value) -> anyhow::Result<()> {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}))
    }

    /// Sends a request and gives its id.
    pub(super) fn request(&mut self, method: &str, params: &Value) -> anyhow::Result<i64> {
        self.next += 1;
        let id = self.next;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}))?;
        Ok(id)
    }

    /// The whole answer to a request, with its arrival.
    pub(super) fn answer(&mut self, id: i64) -> anyhow::Result<Arrived> {
        self.wait(|it| it.get("method").is_none() && it["id"] == id)
    }

    /// The first message that is wanted, also among those that came before.
    pub(super) fn wait(&mut self, wanted: impl Fn(&Value) -> bool) -> anyhow::Result<Arrived> {
        if let Some(at) = self.waiting.iter().position(|(_, it)| wanted(it)) {
            return self.waiting.remove(at).context("it was there");
        }
        loop {
            let Ok(arrived) = self.inbox.recv_timeout(PATIENCE) else {
                bail!("the server does not answer");
            };
            if self.answered(&arrived.1)? {
                continue;
            }
            if wanted(&arrived.1) {
                return Ok(arrived);
            }
            self.waiting.push_back(arrived);
        }
    }

    /// Closes the server's input without a word, and tells how long the process lives on.
    pub(super) fn hang_up(&mut self) -> anyhow::Result<Duration> {
        let before = Instant::now();
        self.writer = None;
        self.child.wait().context("waiting for the server")?;
        Ok(before.elapsed())
    }

    /// Forgets what has come and was not asked for.
    pub(super) fn forget(&mut self) -> anyhow::Result<()> {
        self.waiting.clear();
        while let Ok(arrived) = self.inbox.try_recv() {
            self.answered(&arrived.1)?;
        }
        Ok(())
    }

    fn answered(&mut self, message: &Value) -> anyhow::Result<bool> {
        let (Some(_), Some(id)) = (message.get("method"), message.get("id")) else {
            return Ok(false);
        };
        self.send(&json!({"jsonrpc": "2.0", "id": id, "result": null}))?;
        Ok(true)
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
