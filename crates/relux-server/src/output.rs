//! The bytes on their way to the client: one queue without a bound, so that nothing inside ever waits for a reader.
//!
//! The framework writes answers and requests into it, the outbox notifications, each a whole frame; so what was put in
//! first arrives first. A client that has stopped reading costs memory, never an answer to somebody else.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use serde_json::{Value, json};
use tokio::io::{AsyncWrite, AsyncWriteExt};
use tokio::sync::mpsc;

/// The framework's end. It encodes whole frames before it writes, and every write is taken whole.
pub(crate) struct Output(mpsc::UnboundedSender<Vec<u8>>);

/// The end for notifications.
#[derive(Clone)]
pub(crate) struct Notifications(mpsc::UnboundedSender<Vec<u8>>);

/// Both ends, and the task that writes; it returns when both are dropped or the client no longer takes anything.
pub(crate) fn output(
    to: impl AsyncWrite + Unpin + Send,
) -> (Output, Notifications, impl Future<Output = ()> + Send) {
    let (sender, frames) = mpsc::unbounded_channel();
    (Output(sender.clone()), Notifications(sender), write(to, frames))
}

async fn write(mut to: impl AsyncWrite + Unpin, mut frames: mpsc::UnboundedReceiver<Vec<u8>>) {
    while let Some(frame) = frames.recv().await {
        let mut written = to.write_all(&frame).await;
        if frames.is_empty() {
            written = written.and(to.flush().await);
        }
        if written.is_err() {
            return;
        }
    }
}

impl Notifications {
    /// Sends a notification.
    pub(crate) fn send(&self, method: &str, params: &Value) {
        let body = json!({"jsonrpc": "2.0", "method": method, "params": params}).to_string();
        let frame = format!("Content-Length: {}\r\n\r\n{body}", body.len());
        // After the end of the session there is nobody to tell.
        let _ = self.0.send(frame.into_bytes());
    }
}

impl AsyncWrite for Output {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let sent = self.0.send(bytes.to_vec());
        Poll::Ready(
            sent.map(|()| bytes.len())
                .map_err(|_| io::ErrorKind::BrokenPipe.into()),
        )
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
