//! Starting a shell: environment, terminal, process, reader.
//!
//! Also keeps the list of this process's live shells, which nobody else may wait for or take for orphans.

use std::ffi::{CString, OsStr, OsString};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock, RwLockWriteGuard};
use std::time::Duration;

use rustc_hash::FxHashSet;
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

use super::{Buffer, Decoder, Io, READ_SIZE, Shell, ShellLog, serve};
use crate::{supervisor, sys};

/// What a shell needs to start.
pub(crate) struct StartSpec {
    /// Name in the block header.
    pub(crate) name: String,
    /// Program and arguments.
    pub(crate) command: Vec<String>,
    /// The whole environment.
    pub(crate) env: Vec<(OsString, OsString)>,
    /// Start directory.
    pub(crate) directory: PathBuf,
    /// Value of `__RELUX_SCOPE`; also in `env`.
    pub(crate) scope: String,
    /// How long the terminal must be quiet for an open match to count.
    pub(crate) settle: Duration,
    /// Bytes per read at most.
    pub(crate) read_size: Option<usize>,
    /// Where the output goes.
    pub(crate) log: Option<ShellLog>,
    /// What is told if it cannot be written there.
    pub(crate) on_lost_log: LostLog,
}

/// Why logs are incomplete: the first error, shared by everything that writes them.
pub(crate) type LostLog = Arc<OnceLock<String>>;

/// Where programs are looked for if there is no PATH.
pub(crate) const DEFAULT_PATH: &str = "/usr/local/bin:/usr/bin:/bin";

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

impl StartError {
    /// Whether another try can succeed once something else on this machine has ended: there is no terminal, no
    /// descriptor, no process or no memory left.
    pub(crate) fn is_shortage(&self) -> bool {
        const SHORTAGES: [i32; 5] = [
            libc::EAGAIN,
            libc::EMFILE,
            libc::ENFILE,
            libc::ENOMEM,
            libc::ENOSPC,
        ];
        match self {
            Self::Terminal(error) | Self::Spawn(_, error) => {
                error.raw_os_error().is_some_and(|code| SHORTAGES.contains(&code))
            }
            Self::NotFound(_) | Self::Empty | Self::ZeroByte => false,
        }
    }
}

/// Process ids of live shells. The gate keeps a scan from seeing a child before it is on the list.
static LIVE: Mutex<Option<FxHashSet<i32>>> = Mutex::new(None);
static GATE: RwLock<()> = RwLock::new(());
static NO_MORE: AtomicBool = AtomicBool::new(false);

fn with_live<T>(act: impl FnOnce(&mut FxHashSet<i32>) -> T) -> T {
    let mut live = LIVE.lock().unwrap_or_else(PoisonError::into_inner);
    act(live.get_or_insert_with(FxHashSet::default))
}

/// Takes a reaped shell off the list.
pub(super) fn forget(pid: i32) {
    with_live(|live| live.remove(&pid));
    supervisor::shell_closed(pid);
}

/// Whether a process is a live shell of this process.
pub(super) fn is_live_shell(pid: i32) -> bool {
    with_live(|live| live.contains(&pid))
}

/// All live shells of this process.
pub(super) fn live_shells() -> Vec<i32> {
    with_live(|live| live.iter().copied().collect())
}

/// From now on no shell starts: everything is being killed, and a cleanup would start another one.
pub(super) fn start_no_more() {
    NO_MORE.store(true, Ordering::SeqCst);
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
        .map(|(name, value)| c_string([name.as_bytes(), b"=", value.as_bytes()].concat()))
        .collect::<Result<Vec<_>, _>>()?;
    let directory = c_string(spec.directory.as_os_str().as_bytes())?;
    let pty = sys::Pty::open().map_err(StartError::Terminal)?;
    let slave = pty.slave.clone();
    let tty = Arc::new(pty.into_async().map_err(StartError::Terminal)?);
    let pid = {
        let _gate = GATE.read().unwrap_or_else(PoisonError::into_inner);
        if NO_MORE.load(Ordering::SeqCst) {
            let over = io::Error::other("the run is over");
            return Err(StartError::Spawn(spec.command[0].clone(), over));
        }
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
        supervisor::shell_opened(pid);
        pid
    };
    let exit = sys::ExitWatch::new(pid);
    let shell = Arc::new(Shell {
        name: spec.name,
        pid,
        scope: spec.scope,
        settle: spec.settle,
        read_size: spec.read_size.unwrap_or(READ_SIZE).clamp(1, READ_SIZE),
        io: Mutex::new(Io {
            buffer: Buffer::default(),
            decoder: Decoder::default(),
            fail: None,
            failed: false,
            unanswered: None,
            busy: Instant::now(),
            hung_up: false,
            log: spec.log,
            lost_log: spec.on_lost_log,
        }),
        tty: Mutex::new(Some(tty)),
        trace: super::Trace::default(),
        slave,
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
    let path = path.map_or(DEFAULT_PATH.as_ref(), |(_, value)| value.as_os_str());
    let program =
        find_program(name, path, &spec.directory).ok_or_else(|| StartError::NotFound(name.clone()))?;
    let mut arguments = vec![c_string(name.as_str())?];
    if Path::new(name).file_name().is_some_and(|name| name == "zsh") {
        // Its line editor and its marks for unfinished lines cannot be switched off through the environment.
        for option in ["+o", "zle", "+o", "promptsp", "+o", "promptcr"] {
            arguments.push(c_string(option)?);
        }
    }
    for argument in &spec.command[1..] {
        arguments.push(c_string(argument.as_str())?);
    }
    Ok((c_string(program.as_os_str().as_bytes())?, arguments))
}

/// The executable file that a command name means: on the path, or relative to `directory` if it holds a slash.
pub(crate) fn find_program(name: &str, path: &OsStr, directory: &Path) -> Option<PathBuf> {
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
        // An empty entry is the directory itself, and so is what a join makes of it.
        std::env::split_paths(path).find_map(|entry| executable(directory.join(entry).join(name)))
    }
}

fn c_string(text: impl Into<Vec<u8>>) -> Result<CString, StartError> {
    CString::new(text).map_err(|_| StartError::ZeroByte)
}
