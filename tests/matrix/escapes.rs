//! Ways in which a process of a test tries to outlive it.

/// A way to escape. `SLEEP` in the command stands for a sleep whose argument nobody else uses.
pub(crate) struct Escape {
    pub(crate) name: &'static str,
    pub(crate) command: &'static str,
    /// It carries neither the mark nor the session of its shell.
    pub(crate) is_unmarked: bool,
}

const fn escape(name: &'static str, command: &'static str) -> Escape {
    Escape {
        name,
        command,
        is_unmarked: false,
    }
}

pub(crate) const ESCAPES: &[Escape] = &[
    escape("background", "SLEEP &"),
    escape("nohup", "nohup SLEEP > /dev/null 2>&1 &"),
    escape("deaf_to_hang_up", "sh -c 'trap \"\" HUP; SLEEP' &"),
    escape("deaf", "sh -c 'trap \"\" HUP TERM INT; SLEEP; SLEEP' &"),
    escape("session", "setsid SLEEP &"),
    escape("daemon", "(setsid sh -c 'SLEEP &' &)"),
    Escape {
        name: "without_environment",
        command: "env -i setsid /bin/sh -c '(SLEEP) &'",
        is_unmarked: true,
    },
    escape("stopped", "sh -c 'kill -STOP $$$$; SLEEP' & SLEEP &"),
    escape(
        "forks_all_the_time",
        "sh -c 'trap \"\" HUP TERM; while :; do SLEEP & sleep 0.05; done' &",
    ),
    escape(
        "makes_zombies",
        "sh -c 'SLEEP & while :; do true & sleep 0.01; done' &",
    ),
    escape(
        "holds_the_terminal",
        "sh -c 'exec 3<>/dev/tty; trap \"\" HUP; SLEEP' &",
    ),
];
