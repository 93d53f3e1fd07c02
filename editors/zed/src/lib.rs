//! Tells Zed how to start `relux lsp`: the program that the settings name, or the one in `PATH`.
//!
//! Must not know the language; everything else is configuration and queries.

use zed_extension_api::settings::LspSettings;
use zed_extension_api::{self as zed, Command, LanguageServerId, Result, Worktree};

struct Relux;

impl zed::Extension for Relux {
    fn new() -> Self {
        Self
    }

    fn language_server_command(&mut self, server: &LanguageServerId, worktree: &Worktree) -> Result<Command> {
        let settings = LspSettings::for_worktree(server.as_ref(), worktree)?;
        let binary = settings.binary;
        let path = binary.as_ref().and_then(|it| it.path.clone());
        let arguments = binary.and_then(|it| it.arguments);
        let command = path
            .or_else(|| worktree.which("relux"))
            .ok_or("`relux` is not in PATH: install it, or set `lsp.relux.binary.path`")?;
        Ok(Command {
            command,
            args: arguments.unwrap_or_else(|| vec!["lsp".to_owned()]),
            env: worktree.shell_env(),
        })
    }
}

zed::register_extension!(Relux);
