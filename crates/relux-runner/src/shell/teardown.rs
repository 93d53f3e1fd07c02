//! Ending shells and everything that they started.
//!
//! A shell's processes are its descendants and the orphans of its session or with its mark. They are asked first
//! (HUP, TERM), then the terminal is closed, then what is left is frozen and killed until two scans find nothing.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustc_hash::{FxHashMap, FxHashSet};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use tokio::time::timeout;

use super::Shell;
use super::bystanders::is_bystander;
use super::leaks::{Leaked, describe, had_foreground, is_foreground, note_foreground};
use super::start::{hold_starts, is_live_shell, live_shells, start_no_more};
use crate::supervisor::kill_until_gone;
use crate::sys::{self, ExitWatch};

/// How long processes may take to end after they were asked.
const GRACE: Duration = Duration::from_secs(1);
/// How much longer background jobs may take that have a handler for TERM.
const PATIENCE: Duration = Duration::from_secs(4);
/// How long killed processes may take to go; only a process stuck in the kernel takes longer.
const KILLED: Duration = Duration::from_secs(2);
/// Rounds of killing, against something that forks faster than it can be killed.
const MOST_ROUNDS: usize = 50;
/// Rounds after which a process that was killed and is still there is stuck in the kernel.
const STUCK_ROUNDS: u32 = 3;

/// Ends the shell and what runs in its foreground, as a terminal does when it is closed; background processes live on
/// until [`tear_down`]. For shells whose owner still has a cleanup to run.
pub(crate) async fn hang_up(shell: &Arc<Shell>) {
    shell.disarm();
    let foreground = shell.foreground_job();
    if let Some(group) = foreground {
        note_foreground(shell, group);
    }
    let waiting: Vec<ExitWatch> = foreground.into_iter().map(ExitWatch::new).collect();
    if let Some(group) = foreground {
        for signal in [Signal::HUP, Signal::CONT, Signal::TERM] {
            signal_group(group, signal);
        }
    }
    let _ = timeout(GRACE, all_ended(waiting)).await;
    if shell.exit_status().is_none() {
        // A hang-up would make some shells pass it on to their background jobs.
        signal_process(shell.pid, Signal::KILL);
    }
    let _ = timeout(KILLED, shell.ended()).await;
    shell.close();
}

/// What shells left behind.
#[derive(Debug, Default)]
pub(crate) struct Left {
    /// What could not be ended.
    pub(crate) survivors: Vec<Survivor>,
    /// What should not have been there.
    pub(crate) leaks: Vec<Leaked>,
}

/// A process that could not be ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Survivor {
    pid: i32,
    command: String,
    forbidden: bool,
}

impl Survivor {
    fn new(pid: i32, forbidden: bool) -> Self {
        Self {
            pid,
            command: sys::command_line(pid).unwrap_or_else(|| "?".to_owned()),
            forbidden,
        }
    }
}

impl std::fmt::Display for Survivor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let why = if self.forbidden {
            "which this user may not kill,"
        } else {
            "which does not die when killed,"
        };
        write!(f, "process {} (`{}`), {why}", self.pid, self.command)
    }
}

/// Survivors that were reported, by id and start time. Nobody tries to end them again.
static GIVEN_UP: Mutex<Option<FxHashSet<(i32, u64)>>> = Mutex::new(None);

fn give_up(pid: i32) {
    if let Some(stat) = sys::stat(pid) {
        let mut all = GIVEN_UP.lock().unwrap_or_else(PoisonError::into_inner);
        all.get_or_insert_with(FxHashSet::default)
            .insert((pid, stat.started));
    }
}

fn is_given_up(pid: i32, stat: &sys::ProcessStat) -> bool {
    let all = GIVEN_UP.lock().unwrap_or_else(PoisonError::into_inner);
    all.as_ref().is_some_and(|all| all.contains(&(pid, stat.started)))
}

/// Ends shells and all their processes; tells what they left.
pub(crate) async fn tear_down(shells: &[Arc<Shell>]) -> Left {
    if shells.is_empty() {
        return Left::default();
    }
    for shell in shells {
        shell.disarm();
        if let Some(group) = shell.foreground_job() {
            note_foreground(shell, group);
        }
    }
    let claim = Claim::shells(shells);
    let mut leaks = ask(shells, &claim).await;
    let mut survivors = Vec::new();
    let mut forbidden = FxHashSet::default();
    for shell in shells {
        if shell.exit_status().is_none() && !signal_process(shell.pid, Signal::KILL) {
            forbidden.insert(shell.pid);
        }
        shell.close();
    }
    for shell in shells {
        if timeout(KILLED, shell.ended()).await.is_err() {
            give_up(shell.pid);
            survivors.push(Survivor::new(shell.pid, forbidden.contains(&shell.pid)));
        }
    }
    // What begins while its foreground job ends is that job's business.
    let newcomers = (!had_foreground(shells)).then_some(shells);
    let mut left = kill_all(&claim, false, newcomers).await;
    left.survivors.extend(survivors);
    leaks.append(&mut left.leaks);
    left.leaks = leaks;
    left
}

/// Kills what is left of an attempt whose shells have ended; `alone`: also orphans without any mark, because nothing
/// else of this process can have left them.
pub(crate) async fn sweep_attempt(scope: &str, alone: bool) -> Left {
    let claim = Claim {
        sessions: FxHashSet::default(),
        scope: scope.to_owned(),
        shells: Vec::new(),
        unmarked: alone,
    };
    kill_all(&claim, false, Some(&[])).await
}

/// Kills whatever of a run is left, wherever it hides: by mark among all processes, and orphans without any mark if
/// this process runs nothing else.
pub(crate) async fn sweep_run(scope: &str, alone: bool) -> Left {
    let claim = Claim {
        sessions: FxHashSet::default(),
        scope: scope.to_owned(),
        shells: Vec::new(),
        unmarked: alone,
    };
    kill_all(&claim, true, Some(&[])).await
}

/// Kills all live shells of this process and what is left of a run, at once and without asking. For a process that
/// is about to exit.
pub(crate) fn kill_everything(scope: &str) {
    start_no_more();
    let claim = Claim {
        sessions: live_shells().into_iter().collect(),
        scope: scope.to_owned(),
        shells: Vec::new(),
        unmarked: true,
    };
    // Where nobody can look for processes this is all that can be done.
    for &shell in &claim.sessions {
        signal_process(shell, Signal::KILL);
    }
    kill_until_gone(|| {
        let mut found = claim.members(true);
        for &shell in claim.sessions.iter().filter(|&&pid| is_live_shell(pid)) {
            if sys::stat(shell).is_some_and(|stat| !stat.zombie) {
                found.insert(shell, shell);
            }
        }
        found.into_keys().collect()
    });
}

/// Which processes belong together.
struct Claim {
    /// Sessions led by these shells.
    sessions: FxHashSet<i32>,
    /// Prefix of the mark; empty claims by `scopes` only.
    scope: String,
    /// Marks of the shells.
    shells: Vec<String>,
    /// Also orphans that carry no mark at all.
    unmarked: bool,
}

impl Claim {
    fn shells(shells: &[Arc<Shell>]) -> Self {
        Self {
            sessions: shells.iter().map(|shell| shell.pid).collect(),
            scope: String::new(),
            shells: shells.iter().map(|shell| shell.scope.clone()).collect(),
            unmarked: false,
        }
    }

    fn holds(&self, pid: i32, stat: &sys::ProcessStat) -> bool {
        if self.sessions.contains(&stat.session) {
            return true;
        }
        match sys::scope_marker(pid) {
            Some(marker) => marker
                .split(' ')
                .any(|part| self.shells.iter().any(|scope| scope == part) || self.holds_scope(part)),
            None => self.unmarked && sys::own_session() != stat.session && !is_bystander(pid, stat),
        }
    }

    fn holds_scope(&self, part: &str) -> bool {
        !self.scope.is_empty()
            && part
                .strip_prefix(self.scope.as_str())
                .is_some_and(|rest| rest.starts_with('/'))
    }

    /// The processes of this claim at this moment, with their groups. Zombies among them are reaped.
    fn members(&self, everywhere: bool) -> FxHashMap<i32, i32> {
        let mut found = FxHashMap::default();
        let mut queue: Vec<i32> = Vec::new();
        let orphans = || sys::orphans().into_iter().filter(|&pid| !is_live_shell(pid));
        // A shell that has just been started and is not on the list yet looks like an orphan; only then is it worth
        // holding up everybody who starts one.
        if orphans().next().is_some() {
            let _gate = hold_starts();
            for pid in orphans() {
                let Some(stat) = sys::stat(pid) else { continue };
                if stat.zombie {
                    if sys::own_session() != stat.session {
                        sys::reap_zombie(pid);
                    }
                } else if !is_given_up(pid, &stat) && self.holds(pid, &stat) {
                    found.insert(pid, stat.group);
                    queue.push(pid);
                }
            }
        }
        if everywhere {
            self.add_all_marked(&mut found);
        }
        // The id of a reaped shell may belong to somebody else by now; its children are orphans anyway.
        queue.extend(self.sessions.iter().copied().filter(|&pid| is_live_shell(pid)));
        while let Some(pid) = queue.pop() {
            for child in sys::children(pid) {
                if let Some(stat) = sys::stat(child)
                    && !stat.zombie
                    && !is_given_up(child, &stat)
                    && found.insert(child, stat.group).is_none()
                {
                    queue.push(child);
                }
            }
        }
        found
    }

    fn add_all_marked(&self, found: &mut FxHashMap<i32, i32>) {
        let me = i32::try_from(std::process::id()).unwrap_or(0);
        for pid in sys::all_processes() {
            if pid == me || found.contains_key(&pid) {
                continue;
            }
            let marked = sys::scope_marker(pid)
                .is_some_and(|marker| marker.split(' ').any(|part| self.holds_scope(part)));
            if marked
                && let Some(stat) = sys::stat(pid)
                && !stat.zombie
                && !is_given_up(pid, &stat)
            {
                found.insert(pid, stat.group);
            }
        }
    }
}

/// HUP and TERM to every group, and a grace period. What does not go, and what is not in the session of its shell, has
/// leaked unless it belongs to a foreground job.
async fn ask(shells: &[Arc<Shell>], claim: &Claim) -> Vec<Leaked> {
    let members = claim.members(false);
    let background: Vec<(i32, sys::ProcessStat)> = members
        .keys()
        .filter_map(|&pid| Some((pid, sys::stat(pid)?)))
        .filter(|(pid, stat)| !stat.zombie && !is_foreground(shells, *pid, stat))
        .collect();
    let mut leaks: Vec<Leaked> = background
        .iter()
        .filter(|(_, stat)| !claim.sessions.contains(&stat.session))
        .map(|(pid, stat)| describe(shells, *pid, stat))
        .collect();
    let mut groups: FxHashSet<i32> = members.values().copied().collect();
    for shell in shells {
        if shell.exit_status().is_none() {
            groups.insert(shell.pid);
        }
    }
    let waiting: Vec<ExitWatch> = members.keys().map(|&pid| ExitWatch::new(pid)).collect();
    for &group in &groups {
        // Stopped processes get their signals only once they continue.
        for signal in [Signal::HUP, Signal::TERM, Signal::CONT] {
            signal_group(group, signal);
        }
    }
    let all = async {
        for shell in shells {
            shell.ended().await;
        }
        all_ended(waiting).await;
    };
    let _ = timeout(GRACE, all).await;
    let mut deaf = Vec::new();
    for (pid, stat) in background
        .into_iter()
        .filter(|(_, stat)| claim.sessions.contains(&stat.session))
    {
        let is_there = || sys::stat(pid).is_some_and(|now| now.started == stat.started && !now.zombie);
        if is_there() {
            deaf.push((pid, stat));
        }
    }
    // What has a handler may be busy ending, and how fast it is must not decide over the test.
    let busy: Vec<ExitWatch> = deaf
        .iter()
        .filter(|(pid, _)| sys::handles(*pid, libc::SIGTERM))
        .map(|(pid, _)| ExitWatch::new(*pid))
        .collect();
    let _ = timeout(PATIENCE, all_ended(busy)).await;
    for (pid, stat) in deaf {
        if sys::stat(pid).is_some_and(|now| now.started == stat.started && !now.zombie) {
            leaks.push(describe(shells, pid, &stat));
        }
    }
    leaks
}

/// Freezes, kills and waits until two scans in a row find nothing. What is in no session of the claim has leaked, if it is
/// wanted for these shells.
async fn kill_all(claim: &Claim, everywhere: bool, leaked_from: Option<&[Arc<Shell>]>) -> Left {
    let mut survivors = Vec::new();
    let mut leaks: Vec<Leaked> = Vec::new();
    let mut stuck: FxHashMap<i32, u32> = FxHashMap::default();
    let mut empty = 0;
    for _ in 0..MOST_ROUNDS {
        let mut members = claim.members(everywhere);
        if members.is_empty() {
            empty += 1;
            if empty == 2 {
                break;
            }
            continue;
        }
        empty = 0;
        if let Some(shells) = leaked_from {
            for &pid in members.keys() {
                let outside = |stat: &sys::ProcessStat| !claim.sessions.contains(&stat.session);
                if leaks.iter().all(|leak| leak.pid != pid)
                    && let Some(stat) = sys::stat(pid).filter(outside)
                {
                    leaks.push(describe(shells, pid, &stat));
                }
            }
        }
        for signal in [Signal::STOP, Signal::KILL] {
            members.retain(|&pid, _| {
                let permitted = signal_process(pid, signal);
                if !permitted {
                    give_up(pid);
                    survivors.push(Survivor::new(pid, true));
                }
                permitted
            });
        }
        let waiting = members.keys().map(|&pid| ExitWatch::new(pid)).collect();
        if timeout(KILLED, all_ended(waiting)).await.is_err() {
            for &pid in members.keys() {
                let rounds = stuck.entry(pid).or_default();
                *rounds += 1;
                if *rounds == STUCK_ROUNDS && sys::stat(pid).is_some_and(|stat| !stat.zombie) {
                    give_up(pid);
                    survivors.push(Survivor::new(pid, false));
                }
            }
        }
    }
    Left { survivors, leaks }
}

async fn all_ended(watches: Vec<ExitWatch>) {
    for watch in watches {
        watch.ended().await;
    }
}

/// Whether it was permitted.
fn signal_process(pid: i32, signal: Signal) -> bool {
    Pid::from_raw(pid).is_none_or(|pid| kill_process(pid, signal) != Err(rustix::io::Errno::PERM))
}

fn signal_group(group: i32, signal: Signal) {
    // Group 0 or 1 would hit this process or everything.
    if group > 1
        && let Some(group) = Pid::from_raw(group)
    {
        let _ = kill_process_group(group, signal);
    }
}
