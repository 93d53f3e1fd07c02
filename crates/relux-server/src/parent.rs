//! Waits for the end of the process that the client named as its own, so that no server is left when an editor dies.
//!
//! Nothing runs meanwhile where the system can wake us up.

use std::time::Duration;

use rustix::process::{Pid, test_kill_process};

/// Where the system cannot tell, it is asked again after this time.
const ASK_AGAIN: Duration = Duration::from_millis(500);

/// Returns when there is no such process any more; never for one that was not there to begin with, as in a container.
pub(crate) async fn gone(process: u32) {
    let pid = i32::try_from(process).ok().and_then(Pid::from_raw);
    let Some(pid) = pid.filter(|pid| lives(*pid)) else {
        return std::future::pending().await;
    };
    #[cfg(target_os = "linux")]
    if let Some(gone) = told(pid) {
        let _ = gone.await;
        return;
    }
    while lives(pid) {
        tokio::time::sleep(ASK_AGAIN).await;
    }
}

/// Ends when the process does. A thread sleeps on it, which a server at its end leaves behind.
#[cfg(target_os = "linux")]
fn told(pid: Pid) -> Option<tokio::sync::oneshot::Receiver<()>> {
    use rustix::event::{PollFd, PollFlags, poll};

    let handle = rustix::process::pidfd_open(pid, rustix::process::PidfdFlags::empty()).ok()?;
    let (sender, receiver) = tokio::sync::oneshot::channel();
    std::thread::Builder::new()
        .name("relux-parent".to_owned())
        .spawn(move || {
            let mut wanted = [PollFd::new(&handle, PollFlags::IN)];
            while poll(&mut wanted, None) == Err(rustix::io::Errno::INTR) {}
            let _ = sender.send(());
        })
        .ok()?;
    Some(receiver)
}

fn lives(pid: Pid) -> bool {
    // A process that may not be signalled lives.
    !matches!(test_kill_process(pid), Err(rustix::io::Errno::SRCH))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    #[tokio::test]
    async fn the_end_of_a_process_is_heard_of() {
        let mut child = Command::new("sleep").arg("1000").spawn().expect("sleep starts");
        let mut gone = std::pin::pin!(super::gone(child.id()));
        // Once, so that it has begun to wait.
        let ready = std::future::poll_fn(|cx| std::task::Poll::Ready(gone.as_mut().poll(cx).is_ready()));
        assert!(!ready.await);
        child.kill().expect("it can be killed");
        child.wait().expect("it ends");
        gone.await;
    }
}
