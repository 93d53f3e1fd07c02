//! Whether somebody reads what this process prints.

use std::io;
use std::thread;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::fs::FileType;
use tokio::sync::oneshot;

/// Tells when nobody can read standard output any more. Files and terminals are always read.
pub(crate) fn reader_is_gone() -> io::Result<Option<oneshot::Receiver<()>>> {
    let file_type = FileType::from_raw_mode(rustix::fs::fstat(io::stdout())?.st_mode);
    if !matches!(file_type, FileType::Fifo | FileType::Socket) {
        return Ok(None);
    }
    let (gone, tell) = oneshot::channel();
    let wait = move || {
        // Nothing is asked for: that the other end was closed is told unasked.
        let mut wanted = [PollFd::from_borrowed_fd(
            rustix::stdio::stdout(),
            PollFlags::empty(),
        )];
        while let Err(rustix::io::Errno::INTR) = poll(&mut wanted, None) {}
        let _ = gone.send(());
    };
    thread::Builder::new()
        .name("relux-reader".to_owned())
        .spawn(wait)?;
    Ok(Some(tell))
}
