//! What it means for a test that processes outlived it.

use std::fmt::Write;
use std::sync::PoisonError;
use std::time::Duration;

use crate::attempt::Attempt;
use crate::event::{Failure, FailureKind, Leak, StackEntry};
use crate::shell::{Leaked, Left};
use crate::vm::{Scope, place};

/// Leaks that are told one by one.
const TOLD: usize = 10;

impl Attempt {
    /// Notes what shells left behind.
    pub(crate) fn take_in(&self, left: Left, scope: &Scope) {
        for survivor in left.survivors {
            self.warn_of(&survivor, scope);
        }
        let leaks = left.leaks.into_iter().map(|leaked| self.told(leaked));
        let mut known = self.leaks.lock().unwrap_or_else(PoisonError::into_inner);
        known.extend(leaks);
    }

    fn told(&self, leaked: Leaked) -> Leak {
        let (shell, sent) = leaked
            .origin
            .map_or((None, None), |origin| (Some(origin.shell), origin.sent));
        let (loc, text) = sent.unzip();
        Leak {
            pid: leaked.pid,
            command: leaked.command,
            age_ms: u64::try_from(leaked.age.as_millis()).unwrap_or(u64::MAX),
            shell,
            sent: text,
            place: loc.map(|loc| place(&self.run.program, loc)),
        }
    }
}

/// The failure of a test that left these processes, of which there is at least one. `header` is where the test begins.
pub(crate) fn failure(leaks: &[Leak], header: Option<&StackEntry>) -> Failure {
    let mut failure = Failure::internal(match leaks {
        [_] => "a process outlived the test".to_owned(),
        _ => format!("{} processes outlived the test", leaks.len()),
    });
    failure.kind = FailureKind::Leak;
    let first = leaks.iter().find_map(|leak| leak.place.clone());
    if first.is_some() {
        failure.label = Some("started by this line".to_owned());
    }
    failure.place = first.or_else(|| header.map(|header| header.place.clone()));
    failure.stack = header.cloned().into_iter().collect();
    failure.shell = leaks.iter().find_map(|leak| leak.shell.clone());
    failure.notes = leaks.iter().take(TOLD).map(told).collect();
    if leaks.len() > TOLD {
        failure.notes.push(format!("and {} more", leaks.len() - TOLD));
    }
    failure
}

/// A leak as a sentence.
pub(crate) fn told(leak: &Leak) -> String {
    let age = humantime::format_duration(Duration::from_millis(leak.age_ms / 10 * 10));
    let mut text = format!(
        "process {} (`{}`) had been running for {age}",
        leak.pid, leak.command
    );
    // Writing to a string cannot fail.
    if let (Some(shell), Some(place)) = (&leak.shell, &leak.place) {
        let _ = write!(
            text,
            "; started in shell `{shell}` by {}:{}",
            place.file, place.line
        );
    } else if let Some(shell) = &leak.shell {
        let _ = write!(text, "; started in shell `{shell}`");
    }
    text
}
