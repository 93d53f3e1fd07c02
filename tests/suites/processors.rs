//! Tests that keep the runner itself busy share the processors.

use std::fs;
use std::process::{Child, Stdio};

use relux_e2e::Scratch;

/// Ticks of processor time that a thread must have had to count as one that works.
const WORKED: u64 = 5;

/// Two tests print without an end and match the end of it, until somebody has seen what is to be seen.
const FLOODS: &str = r#"
//- Relux.toml
edition = "2026-08"
//- relux/tests/floods.relux
test "one" {
    shell s {
        > until [ -e seen ]; do seq 1 5000; done; echo the end
        <~120s? ^the (end)$
    }
}

test "two" {
    shell s {
        > until [ -e seen ]; do seq 1 5000; done; echo the end
        <~120s? ^the (end)$
    }
}
"#;

/// Threads below this process that have worked, if they are of those that execute tests.
fn working(process: u32) -> usize {
    let children = fs::read_to_string(format!("/proc/{process}/task/{process}/children")).unwrap_or_default();
    let runner = children.split_whitespace().next().unwrap_or("0").to_owned();
    fs::read_dir(format!("/proc/{runner}/task"))
        .into_iter()
        .flatten()
        .flatten()
        .filter(|thread| {
            let stat = fs::read_to_string(thread.path().join("stat")).unwrap_or_default();
            let Some((name, rest)) = stat.rsplit_once(") ") else {
                return false;
            };
            // Of what stands behind the name, the 12th and 13th are the times in the program and in the kernel.
            let ticks: u64 = rest
                .split(' ')
                .skip(11)
                .take(2)
                .filter_map(|time| time.parse::<u64>().ok())
                .sum();
            name.ends_with("tokio-rt-worker") && ticks >= WORKED
        })
        .count()
}

fn is_running(child: &mut Child) -> bool {
    child.try_wait().expect("a child").is_none()
}

#[test]
fn tests_at_once_are_executed_by_several_threads() {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let suite = Scratch::new(FLOODS);
    let mut command = suite.command(&["run", "-j", "2"]);
    let mut run = command
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // Ends at the latest with the tests' time.
    while working(run.id()) < processors.min(2) && is_running(&mut run) {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let seen = is_running(&mut run);
    suite.write("seen", "");
    let output = run.wait_with_output().expect("its end");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(seen, "one thread did all the work\n{told}");
    assert!(output.status.success(), "{told}");
}
