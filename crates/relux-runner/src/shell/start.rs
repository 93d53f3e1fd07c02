//! Starting a shell: environment, terminal, process, reader.
//!
//! Also keeps the list of this process's live shells, which nobody else may wait for or take for orphans.

use std::ffi::CString;
use std::fs::OpenOptions;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockWriteGuard};
use std::time::Duration;

use rustc_hash::FxHashSet;
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

use super::{Buffer, Decoder, Io, Shell, serve};
use crate::sys;

/// What a shell needs to start.
pub(crate) struct StartSpec {
    /// Name in the block header.
    pub(crate) name: String,
    /// Program and arguments.
    pub(crate) command: Vec<String>,
    /// The whole environment.
    pub(crate) env: Vec<(String, String)>,
    /// Start directory.
    pub(crate) directory: PathBuf,
    /// Value of `__RELUX_SCOPE`; also in `env`.
    pub(crate) scope: String,
    /// How long the terminal must be quiet for an open match to count.
    pub(crate) settle: Duration,
    /// Where the raw output goes.
    pub(crate) log: PathBuf,
}

/// Why a shell did not start.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StartError {
    #[error("the shell command `{0}` is not an executable file on the PATH")]
    NotFound(String),
    #[error("the shell command is empty")]
    Empty,
    #[error("an argument or variable of the shell holds a zero byte")]
    ZeroByte,
    #[error("cannot open a terminal: {0}")]
    Terminal(io::Error),
    #[error("cannot start `{0}`: {1}")]
    Spawn(String, io::Error),
}

/// Process ids of live shells. The gate keeps a scan from seeing a child before it is on the list.
static LIVE: Mutex<Option<FxHashSet<i32>>> = Mutex::new(None);
static GATE: RwLock<()> = RwLock::new(());

fn with_live<T>(act: impl FnOnce(&mut FxHashSet<i32>) -> T) -> T {
    let mut live = LIVE.lock().unwrap_or_else(PoisonError::into_inner);
    act(live.get_or_insert_with(FxHashSet::default))
}

/// Takes a reaped shell off the list.
pub(super) fn forget(pid: i32) {
    with_live(|live| live.remove(&pid));
}

/// Whether a process is a live shell of this process.
pub(super) fn is_live_shell(pid: i32) -> bool {
    with_live(|live| live.contains(&pid))
}

/// All live shells of this process.
pub(super) fn live_shells() -> Vec<i32> {
    with_live(|live| live.iter().copied().collect())
}

/// While held, no shell is between start and registration.
pub(super) fn hold_starts() -> RwLockWriteGuard<'static, ()> {
    GATE.write().unwrap_or_else(PoisonError::into_inner)
}

/// Starts a shell and its reader. Its prompt is not there yet.
pub(crate) fn start(spec: StartSpec) -> Result<Arc<Shell>, StartError> {
    let (program, arguments) = arguments(&spec)?;
    let environment = spec
        .env
        .iter()
        .map(|(name, value)| c_string(&format!("{name}={value}")))
        .collect::<Result<Vec<_>, _>>()?;
    let directory = c_string(&spec.directory.to_string_lossy())?;
    let pty = sys::Pty::open().map_err(StartError::Terminal)?;
    let slave = pty.slave.clone();
    let tty = Arc::new(pty.into_async().map_err(StartError::Terminal)?);
    let pid = {
        let _gate = GATE.read().unwrap_or_else(PoisonError::into_inner);
        let pid = sys::spawn_on_tty(&sys::Command {
            program: &program,
            args: &arguments,
            env: &environment,
            directory: &directory,
            terminal: &slave,
        })
        .map_err(|error| StartError::Spawn(spec.command[0].clone(), error))?;
        sys::lower_for(pid);
        with_live(|live| live.insert(pid));
        pid
    };
    let exit = sys::ExitWatch::new(pid).map_err(StartError::Terminal)?;
    let shell = Arc::new(Shell {
        name: spec.name,
        pid,
        scope: spec.scope,
        settle: spec.settle,
        io: Mutex::new(Io {
            buffer: Buffer::default(),
            decoder: Decoder::default(),
            fail: None,
            busy: Instant::now(),
            hung_up: false,
            log: OpenOptions::new().create(true).append(true).open(spec.log).ok(),
        }),
        tty: Mutex::new(Some(tty)),
        news: Notify::new(),
        reader: Notify::new(),
        exit: watch::Sender::new(None),
    });
    tokio::spawn(serve(Arc::clone(&shell), exit));
    Ok(shell)
}

fn arguments(spec: &StartSpec) -> Result<(CString, Vec<CString>), StartError> {
    let name = spec
        .command
        .first()
        .filter(|name| !name.is_empty())
        .ok_or(StartError::Empty)?;
    let path = spec.env.iter().rev().find(|(key, _)| key == "PATH");
    let path = path.map_or("/usr/local/bin:/usr/bin:/bin", |(_, value)| value.as_str());
    let program =
        find_program(name, path, &spec.directory).ok_or_else(|| StartError::NotFound(name.clone()))?;
    let mut arguments = vec![c_string(name)?];
    if Path::new(name).file_name().is_some_and(|name| name == "zsh") {
        // Its line editor and its marks for unfinished lines cannot be switched off through the environment.
        for option in ["+o", "zle", "+o", "promptsp", "+o", "promptcr"] {
            arguments.push(c_string(option)?);
        }
    }
    for argument in &spec.command[1..] {
        arguments.push(c_string(argument)?);
    }
    Ok((c_string(&program.to_string_lossy())?, arguments))
}

/// The executable file that a command name means: on the path, or relative to `directory` if it holds a slash.
pub(crate) fn find_program(name: &str, path: &str, directory: &Path) -> Option<PathBuf> {
    let executable = |file: PathBuf| {
        let is_file = file.metadata().is_ok_and(|data| data.is_file());
        let may = rustix::fs::access(&file, rustix::fs::Access::EXEC_OK).is_ok();
        (is_file && may).then_some(file)
    };
    if name.is_empty() {
        None
    } else if name.contains('/') {
        executable(directory.join(name))
    } else {
        path.split(':')
            .map(|entry| {
                if entry.is_empty() {
                    directory
                } else {
                    Path::new(entry)
                }
            })
            .find_map(|entry| executable(directory.join(entry).join(name)))
    }
}

fn c_string(text: &str) -> Result<CString, StartError> {
    CString::new(text).map_err(|_| StartError::ZeroByte)
}
