//! Memory over many edits, and processor time over none: read from the system, not from the server.

use std::path::Path;
use std::time::Duration;

use anyhow::Context;

use super::editor::Mode;
use super::figures::Table;
use super::measures::{self, LIBRARY, settled, workspace};
use super::trace::{MEND_A_TEST, RENAME_A_FUNCTION, WRITE_A_TEST};

/// How much more memory the second half of the edits may show than the first.
const GROWTH_PERCENT: u64 = 5;
/// Noise of the allocator that is no growth, in KiB.
const SLACK_KIB: u64 = 8 * 1024;

/// Replays traces until there were so many edits, then is silent. Gives what must not be.
pub(super) fn watch(
    relux: &Path,
    suite: &Path,
    edits: usize,
    idle: u64,
    table: &mut Table,
) -> anyhow::Result<Vec<String>> {
    let mut broken = Vec::new();
    let tests = measures::tests(suite)?;
    let mode = Mode::Pull;
    let found = settled(relux, suite, &tests, mode)?;
    let (mut editor, documents) = match found {
        Some(it) => it,
        None => settled(relux, suite, &tests, Mode::Push)?.context("no server")?,
    };
    let library = editor.open(&suite.join(LIBRARY), "")?;
    let pid = editor.client.pid();
    let mut samples = vec![resident_kib(pid)?];
    let mut typed = 0;
    while typed < edits {
        typed += measures::replay(&mut editor, documents[0], &documents[..1], WRITE_A_TEST)?.len();
        typed += measures::replay(&mut editor, documents[0], &documents[..1], MEND_A_TEST)?.len();
        if editor.offers("/diagnosticProvider") {
            typed += measures::replay(&mut editor, library, &documents, RENAME_A_FUNCTION)?.len();
            workspace(&mut editor)?;
        }
        samples.push(resident_kib(pid)?);
    }
    if edits > 0 {
        let (first, second) = samples.split_at(samples.len() / 2);
        let most = |half: &[u64]| half.iter().copied().max().unwrap_or_default();
        let (first, second) = (most(first), most(second));
        table.say(format!(
            "Memory over {typed} edits: {} MiB before, at most {} MiB in the first half and {} MiB in the second.",
            samples[0] / 1024,
            first / 1024,
            second / 1024
        ));
        if second > first + first * GROWTH_PERCENT / 100 + SLACK_KIB {
            broken.push(format!(
                "memory grows: {} MiB, then {} MiB",
                first / 1024,
                second / 1024
            ));
        }
    }
    if idle > 0 {
        // What the last edits have left to do is done when one more question is answered and a moment has gone.
        editor.diagnosed(&documents[..1]).ok();
        std::thread::sleep(Duration::from_secs(1));
        let before = ticks(pid)?;
        std::thread::sleep(Duration::from_secs(idle));
        let used = ticks(pid)? - before;
        table.say(format!(
            "Processor time in {idle} s without a message: {used} ticks of 10 ms."
        ));
        if used > 0 {
            broken.push(format!("the server is busy with nothing: {used} ticks"));
        }
    }
    Ok(broken)
}

/// Resident memory of a process in KiB.
pub(super) fn resident_kib(pid: u32) -> anyhow::Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).context("the server has gone")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.context("no memory is told")?.parse().context("no number")
}

/// Waits until a process has used no processor for a moment, as after it has read what it was started on.
pub(super) fn wait_until_idle(pid: u32) -> anyhow::Result<()> {
    let mut before = ticks(pid)?;
    loop {
        std::thread::sleep(Duration::from_millis(200));
        let now = ticks(pid)?;
        if now == before {
            return Ok(());
        }
        before = now;
    }
}

/// Processor time of a process in ticks of the system, in and outside of the kernel.
fn ticks(pid: u32) -> anyhow::Result<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).context("the server has gone")?;
    // The name in parentheses may hold blanks; user and system time are the 14th and 15th field.
    let fields: Vec<&str> = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .collect();
    let field = |at: usize| fields.get(at).and_then(|it| it.parse::<u64>().ok());
    Ok(field(11).context("no user time")? + field(12).context("no system time")?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_has_memory_and_time() {
        let pid = std::process::id();
        assert!(resident_kib(pid).expect("this process runs") > 1000);
        assert!(ticks(pid).is_ok());
        assert!(resident_kib(u32::MAX).is_err());
    }
}
