//! Waiting until a fresh shell is ready, with our prompt.
//!
//! The prompt is in the environment at exec, so most shells print it at once. A shell whose start-up files set another
//! one, or that says nothing, is told by a line of shell code; a mark in its output shows which prompt comes after it.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::{Compiled, Outlook, PatternCache, Scanner, Shell};
use crate::sys::ExitStatus;

/// Output other than the prompt, and then so long nothing: the shell waits with a prompt of its own.
const QUIET: Duration = Duration::from_millis(60);
/// Nothing at all for so long: the shell has no prompt.
const SILENT: Duration = Duration::from_millis(400);

/// Why no prompt came; the caller bounds the time.
#[derive(Debug, Clone, Copy)]
pub(crate) enum PromptError {
    /// The shell ended.
    Exited(ExitStatus),
    /// Its terminal broke.
    Send,
}

/// Waits for the first prompt and reads up to it.
pub(crate) async fn await_prompt(
    shell: &Shell,
    prompt: &str,
    patterns: &PatternCache,
) -> Result<(), PromptError> {
    let at_line_start = format!("^{}", regex_syntax::escape(prompt));
    // A prompt is quoted, so the pattern is always valid.
    let Ok(at_line_start) = patterns.regex(&at_line_start) else {
        return Ok(());
    };
    if wait(shell, &at_line_start, true).await? {
        return Ok(());
    }
    // Split by quotes, so that only the output of `echo` holds the mark, wherever in its line: a shell that was merely
    // slow finds this line typed ahead and prints its prompt in front of the output.
    let number = fastrand::u32(..);
    let quoted = prompt.replace('\'', r"'\''");
    let line = format!("export PS1='{quoted}' PS2='' PROMPT_COMMAND=''; echo relux-ready-''{number}\n");
    shell.send(line.as_bytes()).await.map_err(|_| PromptError::Send)?;
    if let Ok(ready) = Compiled::regex(&format!("relux-ready-{number}[\r\n]+")) {
        wait(shell, &Arc::new(ready), false).await?;
    }
    wait(shell, &at_line_start, false).await?;
    Ok(())
}

/// Waits for a pattern and reads it; `Ok(false)` if the shell waits for input instead.
async fn wait(shell: &Shell, pattern: &Arc<Compiled>, may_give_up: bool) -> Result<bool, PromptError> {
    let began = Instant::now();
    let mut scanner = Scanner::new(Arc::clone(pattern), shell.view().cursor());
    loop {
        let give_up = {
            let mut view = shell.view();
            if view.advance(&mut scanner) == Outlook::Final
                && let Some(found) = view.found(&scanner)
            {
                view.read_to(found.end);
                return Ok(true);
            }
            if view.end() > view.cursor() {
                view.busy() + QUIET
            } else {
                began + SILENT
            }
        };
        if let Some(status) = shell.exit_status() {
            return Err(PromptError::Exited(status));
        }
        tokio::select! {
            () = shell.news() => {}
            () = sleep_until(give_up), if may_give_up => {
                let end = shell.view().end();
                shell.drain();
                if shell.view().end() == end {
                    return Ok(false);
                }
            }
        }
    }
}
