//! Everything that waits for a shell: its start, sends and matches. Each wait ends with the test.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use relux_model::plan::{Loc, Pattern, Timeout, TimeoutKind};

use super::near_miss::near_miss;
use super::search::{Ended, Search};
use super::{Halt, Scope, Vm};
use crate::clock::FOREVER;
use crate::event::{Failure, FailureKind};
use crate::shell::{CANONICAL_LIMIT, Compiled, Found, PromptError, Shell, StartError, await_prompt};
use crate::status::WaitsFor;

/// Why a wait ended without what it waited for.
enum Waited<T> {
    Done(T),
    TimedOut,
}

impl Vm {
    /// How long the next wait may take.
    fn effective(&self, inline: Option<Timeout>) -> Duration {
        let setting = inline.or_else(|| match (self.frames.last(), &self.session) {
            (Some(frame), _) => frame.timeout,
            (None, Some(session)) => session.timeout,
            (None, None) => None,
        });
        let setting = setting.unwrap_or(Timeout {
            kind: TimeoutKind::Tolerance,
            duration: self.att.run.match_timeout,
        });
        self.att.scaled(setting)
    }

    /// Waits for `what`, at most so long and not beyond the end of the test.
    async fn bounded<T>(
        &self,
        what: impl Future<Output = T>,
        told: WaitsFor,
        limit: Duration,
        loc: Loc,
    ) -> Result<Waited<T>, Halt> {
        let clock = &self.att.run.board.clock;
        let deadline = clock.now() + limit.min(FOREVER);
        self.waits(told, Some(deadline), loc);
        tokio::select! {
            biased;
            stop = self.control.stopped() => Err(self.halted(stop, loc)),
            done = what => Ok(Waited::Done(done)),
            () = clock.sleep_until(deadline) => Ok(Waited::TimedOut),
        }
    }

    /// Starts a shell of this scope and waits for its prompt.
    pub(super) async fn start_shell(&mut self, name: &str, loc: Loc) -> Result<Arc<Shell>, Halt> {
        let limit = self.att.scaled(Timeout {
            kind: TimeoutKind::Tolerance,
            duration: self.att.run.settings.shell_timeout,
        });
        let shell = tokio::select! {
            biased;
            stop = self.control.stopped() => return Err(self.halted(stop, loc)),
            started = self.att.start_shell(&self.scope, name, limit) => {
                started.map_err(|error| self.not_started(name, &error, loc))?
            }
        };
        Scope::lock(&self.scope.shells).push(Arc::clone(&shell));
        let ready = self
            .bounded(
                await_prompt(&shell, &self.att.run.settings.prompt, &self.att.run.patterns),
                WaitsFor::Prompt(name.to_owned()),
                limit,
                loc,
            )
            .await?;
        let message = match ready {
            Waited::Done(Ok(())) => return Ok(shell),
            Waited::Done(Err(PromptError::Exited(status))) => {
                format!("shell `{name}` ended with {status} before it showed a prompt")
            }
            Waited::Done(Err(PromptError::Send)) => {
                format!("shell `{name}` closed its terminal before it showed a prompt")
            }
            Waited::TimedOut => format!(
                "shell `{name}` showed no prompt within {}",
                humantime::format_duration(limit)
            ),
        };
        let mut failure = self.failure(FailureKind::ShellStart, message, loc);
        failure.notes.push(format!(
            "started as: {}",
            self.att.run.settings.shell_command.join(" ")
        ));
        failure.shell = Some(name.to_owned());
        failure.tail = Some(super::failure::output_tail(&shell.view().tail()));
        Err(Halt::Failed(Arc::new(failure)))
    }

    fn not_started(&self, name: &str, error: &StartError, loc: Loc) -> Halt {
        let message = format!("shell `{name}` did not start: {error}");
        let mut failure = self.failure(FailureKind::ShellStart, message, loc);
        if error.is_shortage() {
            failure.notes.push(
                "no other test of this run was left to wait for; look at what else runs, and at the limits: \
                 `ulimit -n`, `ulimit -u`, /proc/sys/kernel/pty/max"
                    .to_owned(),
            );
        }
        if matches!(error, StartError::NotFound(_) | StartError::Empty) {
            let note = "the program is `[shell] command` of Relux.toml";
            failure.notes.push(note.to_owned());
        }
        Halt::Failed(Arc::new(failure))
    }

    /// Sends text, with a line feed or without.
    pub(super) async fn send(&mut self, text: &str, newline: bool, loc: Loc) -> Result<(), Halt> {
        let mut bytes = text.as_bytes().to_vec();
        if newline {
            bytes.push(b'\n');
        }
        self.att
            .log_line(self.shell(), if newline { ">" } else { "=>" }, text);
        if let Some(shell) = self.shell() {
            shell.note_sent(loc, text);
        }
        self.send_bytes(&bytes, loc).await
    }

    /// Sends bytes as they are.
    pub(super) async fn send_bytes(&mut self, bytes: &[u8], loc: Loc) -> Result<(), Halt> {
        let Some(shell) = self.shell().map(Arc::clone) else {
            return Err(self.failed(
                FailureKind::Runtime,
                "there is no shell to send to here".to_owned(),
                loc,
            ));
        };
        if let Some(status) = shell.exit_status() {
            return Err(self.shell_exited(&shell, status, "nothing can be sent to it", loc));
        }
        self.check_line_length(&shell, bytes, loc)?;
        let limit = self.effective(None);
        match self
            .bounded(shell.send(bytes), WaitsFor::Send, limit, loc)
            .await?
        {
            Waited::Done(Ok(())) => Ok(()),
            Waited::Done(Err(error)) => {
                let message = format!("cannot send to shell `{}`: {error}", shell.name);
                Err(self.failed(FailureKind::Send, message, loc))
            }
            Waited::TimedOut => {
                let message = format!(
                    "shell `{}` did not read what was sent within {}",
                    shell.name,
                    humantime::format_duration(limit)
                );
                let mut failure = self.failure(FailureKind::Send, message, loc);
                failure
                    .notes
                    .push("the terminal's input is full: nothing in the shell reads it".to_owned());
                Err(Halt::Failed(Arc::new(failure)))
            }
        }
    }

    fn check_line_length(&mut self, shell: &Shell, bytes: &[u8], loc: Loc) -> Result<(), Halt> {
        let Some(session) = &mut self.session else {
            return Ok(());
        };
        let mut line = session.unfinished;
        let mut longest = 0;
        for part in bytes.split_inclusive(|&byte| byte == b'\n') {
            let ended = part.ends_with(b"\n");
            line += part.len() - usize::from(ended);
            longest = longest.max(line);
            if ended {
                line = 0;
            }
        }
        session.unfinished = line;
        if longest > CANONICAL_LIMIT && shell.is_canonical() {
            let message = format!(
                "the line has {longest} bytes; the terminal of shell `{}` cuts lines at {CANONICAL_LIMIT}",
                shell.name
            );
            return Err(self.failed(FailureKind::Send, message, loc));
        }
        Ok(())
    }

    /// `<?` without a pattern.
    pub(super) fn forget_output(&mut self, loc: Loc) -> Result<(), Halt> {
        if let Some(shell) = self.shell() {
            shell.drain();
            let mut view = shell.view();
            let end = view.end();
            view.read_to(end);
        }
        self.checked(loc)
    }

    /// Waits until a pattern is printed and reads up to its end.
    pub(super) async fn expect(
        &mut self,
        pattern: &Arc<Compiled>,
        shown: &str,
        timeout: Option<Timeout>,
        loc: Loc,
    ) -> Result<Found, Halt> {
        let mut search = Search::new(vec![Arc::clone(pattern)]);
        let limit = self.effective(timeout);
        let shell = self.needed_shell(loc)?;
        let deadline = self.att.run.board.clock.now() + limit.min(FOREVER);
        self.waits(WaitsFor::Pattern(shown.to_owned()), Some(deadline), loc);
        let ended = self.search(&mut search, &shell, deadline, loc).await?;
        if !matches!(ended, Ended::All) {
            return Err(self.not_printed(&shell, pattern, shown, &ended, limit, loc));
        }
        let found = search.found.into_iter().flatten().next();
        let found = found.unwrap_or(Found {
            end: 0,
            groups: Vec::new(),
        });
        self.att.trace.matched(self.step, shell.pid, &found);
        self.att.log_line(
            Some(&shell),
            "matched",
            found.groups.first().map_or("", String::as_str),
        );
        Ok(found)
    }

    /// Waits until all patterns are printed, in any order, and reads up to the end of the last one.
    pub(super) async fn expect_all(
        &mut self,
        patterns: &[(Pattern, Loc)],
        timeout: Option<Timeout>,
        loc: Loc,
    ) -> Result<(), Halt> {
        let mut compiled = Vec::with_capacity(patterns.len());
        let mut shown = Vec::with_capacity(patterns.len());
        for (pattern, loc) in patterns {
            let (pattern_compiled, text) = self.pattern(pattern, *loc)?;
            self.not_emptied(pattern, &text, "pattern", *loc)?;
            compiled.push(pattern_compiled);
            shown.push(match pattern {
                Pattern::Regex(_) => format!("? {text}"),
                Pattern::Literal(_) => format!("= {text}"),
            });
        }
        let mut search = Search::new(compiled);
        let limit = self.effective(timeout);
        let shell = self.needed_shell(loc)?;
        let deadline = self.att.run.board.clock.now() + limit.min(FOREVER);
        self.waits(WaitsFor::Patterns(shown.clone()), Some(deadline), loc);
        let ended = self.search(&mut search, &shell, deadline, loc).await?;
        let done = search.found.iter().flatten().count();
        let head = format!(
            "{done} of {} patterns were printed in shell `{}`",
            shown.len(),
            shell.name
        );
        let message = match ended {
            Ended::All => {
                for found in search.found.iter().flatten() {
                    self.att.trace.matched(self.step, shell.pid, found);
                }
                self.att.log_line(Some(&shell), "matched all", &shown.join(", "));
                return Ok(());
            }
            Ended::TimedOut => format!("{head} within {}", humantime::format_duration(limit)),
            Ended::Exited(status) => format!("{head} before it ended with {status}"),
            Ended::TooMuch(bytes) => format!("{head} and {}", too_much(bytes)),
        };
        let mut failure = self.failure(FailureKind::MultiMatch, message, loc);
        for (shown, found) in shown.iter().zip(&search.found) {
            let state = if found.is_some() { "printed" } else { "missing" };
            failure.notes.push(format!("{state}: {shown}"));
        }
        Err(Halt::Failed(Arc::new(failure)))
    }

    fn needed_shell(&self, loc: Loc) -> Result<Arc<Shell>, Halt> {
        self.shell().map(Arc::clone).ok_or_else(|| {
            let message = "there is no shell to match in here".to_owned();
            self.failed(FailureKind::Runtime, message, loc)
        })
    }

    fn not_printed(
        &self,
        shell: &Shell,
        pattern: &Compiled,
        shown: &str,
        ended: &Ended,
        limit: Duration,
        loc: Loc,
    ) -> Halt {
        let name = &shell.name;
        let (message, label) = match ended {
            Ended::Exited(status) => (
                format!("shell `{name}` ended with {status}"),
                format!("`{shown}` was not printed"),
            ),
            Ended::TooMuch(bytes) => (
                format!("match given up in shell `{name}`: {}", too_much(*bytes)),
                format!("`{shown}` may go over all of them"),
            ),
            Ended::All | Ended::TimedOut => (
                format!("match timeout in shell `{name}`"),
                format!(
                    "`{shown}` was not printed within {}",
                    humantime::format_duration(limit)
                ),
            ),
        };
        let kind = match ended {
            Ended::Exited(_) => FailureKind::ShellExited,
            _ => FailureKind::MatchTimeout,
        };
        let mut failure = self.failure(kind, message, loc);
        failure.label = Some(label);
        let hint = {
            let view = shell.view();
            let (read, unread) = view.around_cursor();
            near_miss(pattern, shown, read, unread)
        };
        failure.notes.extend(hint);
        note_loss(&mut failure, shell);
        Halt::Failed(Arc::new(failure))
    }

    fn shell_exited(&self, shell: &Shell, status: crate::sys::ExitStatus, why: &str, loc: Loc) -> Halt {
        let message = format!("shell `{}` ended with {status}", shell.name);
        let mut failure = self.failure(FailureKind::ShellExited, message, loc);
        failure.label = Some(why.to_owned());
        note_loss(&mut failure, shell);
        Halt::Failed(Arc::new(failure))
    }
}

fn too_much(bytes: u64) -> String {
    format!(
        "more than {} MiB of output would have to be kept for it",
        bytes >> 20
    )
}

fn note_loss(failure: &mut Failure, shell: &Shell) {
    let lost = shell.view().lost();
    if lost > 0 {
        failure.notes.push(format!(
            "the oldest {lost} bytes of unread output were dropped; the log has them"
        ));
    }
}
