//! What a step of a test costs beside the terminal and the shell, which nobody can make faster.
//!
//! The same commands go to the same shell through a loop that only writes and reads. Rounds alternate, so that a busy
//! machine is unfair to neither, and what is printed is the median. It judges nothing.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark")]

#[expect(
    clippy::wildcard_imports,
    reason = "plans have many parts, as in the tests that this file is for"
)]
#[path = "../tests/it/lower.rs"]
mod lower;
#[path = "../tests/it/suite.rs"]
#[expect(dead_code, reason = "tests use more of it")]
mod suite;

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

const ROUNDS: usize = 5;
const CYCLES: u32 = 2000;
const NOISE: &str = "seq 1 3000000; echo sentinel";
const PROMPT: &[u8] = b"relux> ";

/// A shell on a terminal, and nothing else.
struct Raw {
    master: File,
    shell: Child,
}

impl Raw {
    fn start() -> Self {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let name = ptsname(&master, Vec::new()).unwrap();
        let slave = OpenOptions::new()
            .read(true)
            .write(true)
            .open(name.to_str().unwrap())
            .unwrap();
        let shell = Command::new("/bin/dash")
            .arg("-i")
            .env("PS1", "relux> ")
            .env("TERM", "dumb")
            .stdin(slave.try_clone().unwrap())
            .stdout(slave.try_clone().unwrap())
            .stderr(slave)
            .spawn()
            .unwrap();
        let mut raw = Self {
            master: File::from(master),
            shell,
        };
        raw.read_to_prompt();
        raw
    }

    fn read_to_prompt(&mut self) {
        let mut bytes = [0; 8192];
        let mut end = Vec::new();
        while !end.ends_with(PROMPT) {
            let count = self.master.read(&mut bytes).unwrap();
            end.drain(..end.len().saturating_sub(PROMPT.len()));
            end.extend_from_slice(&bytes[..count]);
        }
    }

    fn run(&mut self, line: &str) {
        self.master.write_all(format!("{line}\n").as_bytes()).unwrap();
        self.read_to_prompt();
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.shell.kill();
        let _ = self.shell.wait();
    }
}

fn raw(line: &str, times: u32) -> Duration {
    let mut raw = Raw::start();
    let began = Instant::now();
    for _ in 0..times {
        raw.run(line);
    }
    began.elapsed()
}

/// How long a test takes that does this so often, with its start and end.
fn test(line: &str, pattern: &str, times: u32) -> Duration {
    let cycle = format!("> {line}\n<~300s? {pattern}\nmatch_prompt()\n");
    let body = cycle.repeat(times as usize);
    let suite = suite::suite(&format!(
        "test \"t\" {{\nshell s {{\n!? ^never printed$\n{body}}}\n}}\n"
    ));
    let began = Instant::now();
    suite.run().ok();
    began.elapsed()
}

fn median(mut all: Vec<Duration>) -> Duration {
    all.sort();
    all[all.len() / 2]
}

fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    line.unwrap_or_default().to_owned()
}

fn main() {
    let (mut loops, mut cycles, mut drains, mut noise) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        loops.push(raw("echo x", CYCLES) / CYCLES);
        let empty = test("echo x", "^x$", 1);
        cycles.push(test("echo x", "^x$", CYCLES).saturating_sub(empty) / CYCLES);
    }
    println!("after the cycles: {}", peak());
    for _ in 0..ROUNDS {
        drains.push(raw(NOISE, 1));
        noise.push(test(NOISE, "^sentinel$", 1));
    }
    println!("after the noise: {}", peak());
    for (what, raw, ours) in [
        ("send, match, prompt", loops, cycles),
        ("23 MB before a match", drains, noise),
    ] {
        let (raw, ours) = (median(raw), median(ours));
        println!(
            "{what}: loop {raw:?}, test {ours:?}, ours {:?}",
            ours.saturating_sub(raw)
        );
    }
}
