//! The built-in functions that need a shell, time or the host; the others are in `pure.rs`.

use std::sync::Arc;
use std::time::Duration;

use relux_model::builtins::Builtin;
use relux_model::plan::Loc;

use super::pure::{self, Invalid};
use super::{Halt, Vm};
use crate::clock::FOREVER;
use crate::event::{FailureKind, Step};
use crate::shell::{DEFAULT_PATH, find_program};
use crate::status::WaitsFor;

impl Vm {
    /// Calls a built-in function.
    pub(super) async fn builtin(
        &mut self,
        builtin: Builtin,
        args: &[String],
        loc: Loc,
    ) -> Result<String, Halt> {
        let arg = |index: usize| args.get(index).map_or("", String::as_str);
        match builtin {
            Builtin::Sleep => self.sleep(arg(0), loc).await,
            Builtin::Log => {
                self.att.log_line(self.shell(), "log", arg(0));
                Ok(arg(0).to_owned())
            }
            Builtin::Annotate => {
                self.att.log_line(self.shell(), "annotate", arg(0));
                self.att.step(Step::Annotate, arg(0).to_owned());
                Ok(arg(0).to_owned())
            }
            Builtin::MatchPrompt => self.match_prompt(loc).await,
            Builtin::MatchExitCode => {
                let code = self.status_argument(builtin, arg(0), loc)?;
                self.match_status(Wanted::Exactly(code), loc).await
            }
            Builtin::MatchOk => {
                self.match_prompt(loc).await?;
                self.match_status(Wanted::Exactly(0), loc).await
            }
            Builtin::MatchNotOk => {
                self.match_prompt(loc).await?;
                self.match_status(Wanted::NotZero, loc).await
            }
            Builtin::MatchNotOkCode => {
                let code = self.status_argument(builtin, arg(0), loc)?;
                if code == 0 {
                    let invalid = Invalid::new(0, "a status other than 0");
                    return Err(self.invalid_argument(builtin, &invalid, "0", loc));
                }
                self.match_prompt(loc).await?;
                self.match_status(Wanted::Exactly(code), loc).await
            }
            Builtin::CtrlC => self.control_byte(0x03, loc).await,
            Builtin::CtrlD => self.control_byte(0x04, loc).await,
            Builtin::CtrlZ => self.control_byte(0x1a, loc).await,
            Builtin::CtrlL => self.control_byte(0x0c, loc).await,
            Builtin::CtrlBackslash => self.control_byte(0x1c, loc).await,
            Builtin::AvailablePort => self.available_port(loc).await,
            Builtin::Which => Ok(self.which(arg(0))),
            pure => pure::call(pure, args)
                .map_err(|invalid| self.invalid_argument(builtin, &invalid, arg(invalid.index), loc)),
        }
    }

    fn invalid_argument(&self, builtin: Builtin, invalid: &Invalid, value: &str, loc: Loc) -> Halt {
        let signature = builtin.signature();
        let parameter = signature.params.get(invalid.index).copied().unwrap_or("argument");
        let message = format!(
            "`{}`: the argument `{parameter}` must be {}, not {value:?}",
            signature.name, invalid.wanted
        );
        self.failed(FailureKind::Argument, message, loc)
    }

    fn status_argument(&self, builtin: Builtin, text: &str, loc: Loc) -> Result<u8, Halt> {
        text.trim().parse().map_err(|_| {
            let invalid = Invalid::new(0, "an exit status from 0 to 255");
            self.invalid_argument(builtin, &invalid, text, loc)
        })
    }

    async fn sleep(&mut self, text: &str, loc: Loc) -> Result<String, Halt> {
        let duration: Duration = humantime::parse_duration(text.trim()).map_err(|_| {
            let invalid = Invalid::new(0, "a duration like `500ms` or `1m 30s`");
            self.invalid_argument(Builtin::Sleep, &invalid, text, loc)
        })?;
        let clock = &self.att.run.board.clock;
        let until = clock.now() + duration.min(FOREVER);
        self.waits(WaitsFor::Sleep, Some(until), loc);
        tokio::select! {
            () = clock.sleep_until(until) => Ok(String::new()),
            stop = self.control.stopped() => Err(self.halted(stop, loc)),
        }
    }

    async fn control_byte(&mut self, byte: u8, loc: Loc) -> Result<String, Halt> {
        self.send_bytes(&[byte], loc).await?;
        // Whatever it does, the terminal starts a new line with it.
        if let Some(session) = &mut self.session {
            session.unfinished = 0;
        }
        Ok(String::new())
    }

    async fn match_prompt(&mut self, loc: Loc) -> Result<String, Halt> {
        let run = Arc::clone(&self.att.run);
        let prompt = run.settings.prompt.as_str();
        let pattern = run.patterns.literal(prompt);
        self.expect(&pattern, prompt, None, loc).await?;
        Ok(prompt.to_owned())
    }

    /// Asks the shell for the status of its last command, right behind a prompt, and reads up to the next prompt.
    async fn match_status(&mut self, wanted: Wanted, loc: Loc) -> Result<String, Halt> {
        let mark = self
            .session
            .as_ref()
            .map_or("", |session| session.mark.as_str())
            .to_owned();
        self.send(&format!("echo ::{mark}:$?::"), true, loc).await?;
        // Neither the echo of the question nor anything that a program prints by itself looks like this.
        let pattern = self.att.run.patterns.regex(&format!("::{mark}:([0-9]+)::"));
        let pattern = pattern.map_err(|error| self.failed(FailureKind::Internal, error, loc))?;
        let found = self
            .expect(&pattern, "the status of the last command", None, loc)
            .await?;
        let status = found.groups.get(1).and_then(|text| text.parse::<u8>().ok());
        let holds = match wanted {
            Wanted::Exactly(code) => status == Some(code),
            Wanted::NotZero => status != Some(0),
        };
        if !holds {
            let status = status.map_or_else(|| "?".to_owned(), |status| status.to_string());
            let message = match wanted {
                Wanted::Exactly(code) => format!("the command ended with status {status}, not {code}"),
                Wanted::NotZero => format!("the command ended with status {status}, but it must fail"),
            };
            return Err(self.failed(FailureKind::ExitStatus, message, loc));
        }
        self.match_prompt(loc).await
    }

    async fn available_port(&mut self, loc: Loc) -> Result<String, Halt> {
        self.waits(WaitsFor::Port, None, loc);
        tokio::select! {
            leased = self.att.ports.port(loc) => match leased {
                Ok(port) => Ok(port.to_string()),
                Err(error) => Err(self.failed(FailureKind::Runtime, format!("`available_port`: {error}"), loc)),
            },
            stop = self.control.stopped() => Err(self.halted(stop, loc)),
        }
    }

    fn which(&self, name: &str) -> String {
        let env = self.frames.last().map_or(&self.scope.env, |frame| &frame.env);
        let path = env.get("PATH").unwrap_or(DEFAULT_PATH);
        find_program(
            name,
            path.as_ref(),
            std::path::Path::new(&self.att.run.settings.root),
        )
        .map(|path| path.to_string_lossy().into_owned())
        .unwrap_or_default()
    }
}

/// The status that a command must have.
#[derive(Clone, Copy)]
enum Wanted {
    Exactly(u8),
    NotZero,
}
