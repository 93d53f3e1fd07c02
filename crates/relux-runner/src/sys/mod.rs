//! The operating system: terminals, processes, limits.
//!
//! The only module of the crate with `unsafe` code. It knows processes and descriptors, never tests; what is special
//! to Linux stands in `linux.rs`, and `other.rs` does what other unixes can do.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod other;

mod by_pid;
mod keyboard;
mod limits;
mod process;
mod pty;
mod reader;
mod session;
mod socket;
mod spawn;
mod suspend;

#[cfg(target_os = "linux")]
pub(crate) use linux::{
    ExitWatch, age_ms, all_processes, become_subreaper, boot, children, command_line, handles,
    has_one_thread, orphans, pid_namespace, reap_zombie, scope_marker, set_name, signal_on_death_of, stat,
    wait_for_end,
};
#[cfg(not(target_os = "linux"))]
pub(crate) use other::{
    ExitWatch, age_ms, all_processes, become_subreaper, boot, children, command_line, handles,
    has_one_thread, orphans, pid_namespace, reap_zombie, scope_marker, set_name, signal_on_death_of, stat,
    wait_for_end,
};

pub(crate) use keyboard::{KeyInput, remember_terminal, restore_terminal};
pub(crate) use limits::{lower_for, mark_inherited_descriptors_close_on_exec, shell_limit};
pub(crate) use process::{
    ChildNews, Half, child_news, fork, hold_signals, is_ignored, signals_into_pipe, wait_until_gone,
};
pub(crate) use pty::{AsyncTty, Pty, unread_input};
pub(crate) use reader::reader_is_gone;
pub(crate) use session::own_session;
pub(crate) use socket::{BoundSocket, is_network_file_system, process_of, socket, sockets_on};
pub(crate) use spawn::{Command, spawn_on_tty};
pub(crate) use suspend::stop_self;

/// How a process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ExitStatus {
    /// By itself, with this status.
    Code(i32),
    /// By this signal.
    Signal(i32),
}

impl std::fmt::Display for ExitStatus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Code(code) => write!(f, "status {code}"),
            Self::Signal(signal) => write!(f, "signal {signal}"),
        }
    }
}

/// What the process table says about a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ProcessStat {
    /// Process group.
    pub(crate) group: i32,
    /// Session.
    pub(crate) session: i32,
    /// Ended but not yet waited for.
    pub(crate) zombie: bool,
    /// Stopped by a signal.
    pub(crate) stopped: bool,
    /// When it started, in a unit of the kernel; with the id it is one process for ever. 0 if unknown.
    pub(crate) started: u64,
}
