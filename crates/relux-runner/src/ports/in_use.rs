//! A service that says its port is taken: which process has it.
//!
//! A lease keeps other tests away, not other programs; when one of those takes the port between the lease and the
//! start of the service, the failure names it, so that nobody looks for a mistake in the test.

use super::TestPorts;
use crate::event::Failure;
use crate::sys::{self, BoundSocket};

/// What services print, in lower case.
const WORDS: [&str; 4] = [
    "address already in use",
    "eaddrinuse",
    "address in use",
    "port is already allocated",
];
/// Ports that are looked up.
const MOST_PORTS: usize = 16;

/// Adds to a failure who holds the ports that some output calls taken. `leased` are the ports of the test, `mark` is in
/// front of the marks of its processes. Reads the process table if there is such output.
pub(crate) fn name_holders(failure: &mut Failure, outputs: &[String], leased: &TestPorts, mark: &str) {
    let mut named: Vec<u16> = Vec::new();
    let mut any = false;
    for line in outputs.iter().flat_map(|text| text.lines()) {
        let lower = line.to_lowercase();
        if WORDS.iter().any(|word| lower.contains(word)) {
            any = true;
            named.extend(ports_in(line));
        }
    }
    if !any {
        return;
    }
    named.sort_unstable();
    named.dedup();
    let leased = leased.in_use();
    let others = leased.iter().filter(|port| !named.contains(port));
    let candidates = named.iter().map(|&port| (port, true));
    let candidates = candidates.chain(others.map(|&port| (port, false)));
    for (port, is_named) in candidates.take(MOST_PORTS) {
        let mut notes: Vec<String> = sys::sockets_on(port)
            .iter()
            .filter_map(|socket| note(port, socket, mark, is_named))
            .collect();
        notes.dedup();
        failure.notes.extend(notes);
    }
}

/// Numbers of the line that can be ports.
fn ports_in(line: &str) -> impl Iterator<Item = u16> + '_ {
    line.split(|c: char| !c.is_ascii_digit())
        .filter_map(|digits| digits.parse().ok())
        .filter(|&port| port > 0)
}

fn note(port: u16, socket: &BoundSocket, mark: &str, is_named: bool) -> Option<String> {
    let what = format!("{} port {port} (on {})", socket.protocol, socket.address);
    if socket.closing {
        return is_named
            .then(|| format!("{what} belongs to a connection that is still closing; a service that sets SO_REUSEADDR can use it"));
    }
    let Some(pid) = sys::process_of(socket) else {
        return Some(format!("{what} is held by a process that this user may not see"));
    };
    let run = mark.split('/').next().unwrap_or_default();
    let scope = sys::scope_marker(pid).unwrap_or_default();
    let of = |prefix: &str| {
        scope
            .split(' ')
            .any(|part| part.starts_with(&format!("{prefix}/")))
    };
    let whose = if of(mark) {
        // Its other services hold their own ports.
        is_named.then_some(", of this test")?
    } else if of(run) {
        ", of another test of this run"
    } else if scope.is_empty() {
        ", which no test started"
    } else {
        ", of another run"
    };
    let command = sys::command_line(pid).unwrap_or_else(|| "?".to_owned());
    Some(format!("{what} is held by process {pid} (`{command}`){whose}"))
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;
    use crate::ports::tests::{call, runtime, scratch};

    fn notes(output: &str, leased: &TestPorts) -> Vec<String> {
        let mut failure = Failure::internal("no match".to_owned());
        name_holders(&mut failure, &[output.to_owned()], leased, "run/1.1");
        failure.notes
    }

    #[test]
    fn whoever_has_the_port_that_a_service_wants_is_named() {
        let dir = tempfile::tempdir().expect("a directory");
        let ports = scratch(dir.path(), Some((24_000, 24_999)));
        let leased = TestPorts::new(&ports, "a test");
        let port = runtime().block_on(leased.port(call(1))).expect("a port");
        let _listener = TcpListener::bind(("127.0.0.1", port)).expect("a listener");
        let me = format!("is held by process {}", std::process::id());
        for output in [
            format!("bind: Address already in use: 127.0.0.1:{port}"),
            format!("Error: listen EADDRINUSE: address already in use :::{port}"),
        ] {
            let notes = notes(&output, &leased);
            assert_eq!(notes.len(), 1, "{notes:?}");
            assert!(
                notes[0].contains(&me) && notes[0].contains(&port.to_string()),
                "{notes:?}"
            );
        }
        // A service that does not say which: the test's own ports are asked about.
        assert_eq!(
            notes("OSError: [Errno 98] Address already in use", &leased).len(),
            1
        );
        assert!(notes("all is well on port 1", &leased).is_empty());
    }
}
