//! 20: `available_port` gave out a port twice, across processes and even within one, and `-1` when it had none.

use std::net::TcpListener;

use relux_model::plan::Jobs;
use relux_runner::event::Outcome;

use crate::suite::{Suite, suite, suite_in};

/// So many ports that nobody uses at this moment.
fn free_range(from: u16, count: u16) -> (u16, u16) {
    let is_free = |port| TcpListener::bind(("0.0.0.0", port)).is_ok();
    let first = (from..from + 900).find(|&first| (first..first + count).all(is_free));
    let first = first.expect("free ports");
    (first, first + count - 1)
}

fn in_range(range: (u16, u16), jobs: usize) -> impl FnOnce(&mut Suite) {
    move |suite| {
        suite.settings.port_range = Some(range);
        suite.options.jobs = Some(Jobs::Count(jobs));
    }
}

/// Two runs at once share the host's registry: each test holds its ports until all have theirs.
#[test]
fn w20_runs_at_the_same_time_get_different_ports() {
    let dir = tempfile::tempdir().unwrap();
    let source = |run: &str| -> String {
        ["1", "2"]
            .map(|test| {
                format!(
                    "test \"{run}{test}\" {{\n    let a = available_port()\n    let b = available_port()\n    shell s {{\n\
                     \x20       > echo ${{a}} >> ports; echo ${{b}} >> ports\n        match_ok()\n\
                     \x20       > until [ $(wc -l < ports) = 8 ]; do sleep 0.02; done; echo all\n\
                     \x20       <~60s? ^all$\n    }}\n}}\n"
                )
            })
            .concat()
    };
    let range = free_range(29_000, 32);
    std::thread::scope(|scope| {
        for run in ["x", "y"] {
            let (dir, source) = (dir.path(), source(run));
            scope.spawn(move || suite_in(dir, &source).with(in_range(range, 2)).run().ok());
        }
    });
    let text = std::fs::read_to_string(dir.path().join("ports")).unwrap();
    let mut ports: Vec<&str> = text.lines().collect();
    ports.sort_unstable();
    ports.dedup();
    assert_eq!(ports.len(), 8, "{text}");
}

#[test]
fn w20_no_port_is_a_failure_with_its_reason() {
    let range = free_range(30_000, 1);
    let ran = suite("test \"greedy\" {\n    let a = available_port()\n    let b = available_port()\n}\n")
        .with(in_range(range, 1))
        .run();
    let result = ran.only();
    assert_eq!(result.outcome, Outcome::Failed);
    let message = &result.failure.as_ref().unwrap().message;
    assert!(
        message.contains("`available_port`: no port between")
            && message.contains("1 are leased by this run (t.relux/greedy: 1)"),
        "{message}"
    );
}

/// A retry finds its services where the attempt before it had them.
#[test]
fn w20_a_retry_gets_the_same_port() {
    let ran = suite(
        r#"
# flaky
test "twice" {
    let port = available_port()
    shell s {
        > echo ${port} >> ports
        match_ok()
        > [ $(wc -l < ports) = 2 ] && echo again
        <~500ms? ^again$
    }
}
"#,
    )
    .with(|suite| suite.options.flaky_retries = Some(1))
    .run()
    .ok();
    let text = std::fs::read_to_string(ran.suite.path("ports")).unwrap();
    let ports: Vec<&str> = text.lines().collect();
    assert_eq!((ports.len(), ports[0]), (2, ports[1]), "{text}");
}

/// The service says that its port is taken, the failure says by whom, also if it is another shell that fails.
#[test]
fn w20_the_holder_of_a_port_is_named() {
    let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let ran = suite(&format!(
        "test \"taken\" {{\n    shell service {{\n        > echo bind: Address already in use: 127.0.0.1:{port}\n        <? use: 127\n    }}\n\
         \x20   shell client {{\n        <~50ms? never\n    }}\n}}\n"
    ))
    .run();
    let notes = ran.only().failure.as_ref().unwrap().notes.join("\n");
    let holder = format!(
        "TCP port {port} (on 127.0.0.1) is held by process {}",
        std::process::id()
    );
    assert!(notes.contains(&holder), "{notes}");
}
