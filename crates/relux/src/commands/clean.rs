//! `relux clean`: ends what runs have left that were killed together with their supervisors.

use std::fmt::Write;
use std::process::ExitCode;

use anyhow::{Context, Result};
use relux_runner::Process;

use super::{failed, print, say};
use crate::args::CleanArgs;

/// Ends the processes of dead runs, or lists them.
pub(crate) fn clean(args: &CleanArgs) -> Result<ExitCode> {
    let mut text = String::new();
    let (mut processes, mut survived) = (0, false);
    let all = relux_runner::clean(args.dry_run).context("cannot look for killed runs")?;
    for cleaned in all {
        processes += cleaned.processes.len();
        for process in &cleaned.processes {
            let stays = cleaned.survivors.contains(process);
            survived |= stays;
            let what = match (args.dry_run, stays) {
                (true, _) => "would end",
                (false, true) => "cannot end",
                (false, false) => "ended",
            };
            let Process { pid, command } = process;
            // Writing to a string cannot fail.
            let _ = writeln!(
                text,
                "run {} in {}: {what} {pid} (`{command}`)",
                cleaned.run, cleaned.directory
            );
        }
    }
    if processes == 0 {
        say("nothing is left of killed runs");
    }
    let printed = print(&text)?;
    Ok(if survived { failed() } else { printed })
}
