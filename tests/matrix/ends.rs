//! Ways in which a run ends.

use crate::escapes::Escape;
use crate::oracle::Run;

/// A way to end.
pub(crate) struct EndWay {
    pub(crate) name: &'static str,
    /// What the test does behind its escapes.
    pub(crate) body: &'static str,
    /// More arguments of `relux run`.
    pub(crate) args: &'static [&'static str],
    /// `Relux.toml` below the name.
    pub(crate) manifest: &'static str,
    /// What is done from outside.
    act: fn(&Run),
    /// Exit codes that are right.
    pub(crate) codes: &'static [i32],
    /// The cleanup of the test runs.
    pub(crate) cleans: bool,
    /// Only the next run finds what is left.
    pub(crate) needs_janitor: bool,
    /// The run has a terminal of its own.
    pub(crate) on_terminal: bool,
}

impl EndWay {
    pub(crate) fn end(&self, run: &Run) {
        (self.act)(run);
    }

    /// Whether what escapes in this way can be found after this end. What has neither mark nor session is lost when
    /// both processes of a run are killed.
    pub(crate) fn finds(&self, escape: &Escape) -> bool {
        !(self.needs_janitor && escape.is_unmarked)
    }
}

const WAITS: &str = "> SLEEP\n        <@300s? ^never$";

const fn outside(name: &'static str, act: fn(&Run), codes: &'static [i32]) -> EndWay {
    EndWay {
        name,
        body: WAITS,
        args: &[],
        manifest: "",
        act,
        codes,
        cleans: true,
        needs_janitor: false,
        on_terminal: false,
    }
}

const fn inside(
    name: &'static str,
    body: &'static str,
    args: &'static [&'static str],
    codes: &'static [i32],
) -> EndWay {
    EndWay {
        name,
        body,
        args,
        manifest: "",
        act: |_| {},
        codes,
        cleans: true,
        needs_janitor: false,
        on_terminal: false,
    }
}

/// Waits for the oracle, which makes the file when it has seen all escapes.
const SEEN: &str = "> until [ -e seen ]; do sleep 0.02; done; echo seen\n        <@60s? ^seen$";

/// The same, and then something that is never printed.
const FAILS: &str =
    "> until [ -e seen ]; do sleep 0.02; done; echo seen\n        <@60s? ^seen$\n        <@10ms? ^never$";

pub(crate) const END_WAYS: &[EndWay] = &[
    EndWay {
        manifest: "[run]\nleaks = \"warn\"\n",
        ..inside("passes", SEEN, &[], &[0])
    },
    inside("fails", FAILS, &[], &[1]),
    EndWay {
        manifest: "[timeout]\ntest = \"4s\"\n",
        ..inside("test_timeout", WAITS, &[], &[1])
    },
    EndWay {
        manifest: "[timeout]\nsuite = \"4s\"\n",
        ..inside("suite_timeout", WAITS, &[], &[1])
    },
    inside("fail_fast", FAILS, &["--strategy", "fail-fast"], &[1]),
    outside("interrupt", |run| run.signal("INT"), &[130]),
    outside(
        "interrupt_twice",
        |run| {
            run.signal("INT");
            run.wait_for_cleanup();
            run.signal("INT");
        },
        &[130],
    ),
    outside(
        "interrupt_three_times",
        |run| {
            run.signal("INT");
            run.wait_for_cleanup();
            run.signal("INT");
            run.signal("TERM");
        },
        &[130, 143],
    ),
    outside("interrupt_of_the_group", |run| run.signal_group("INT"), &[130]),
    outside("terminate", |run| run.signal("TERM"), &[143]),
    outside("hang_up", |run| run.signal("HUP"), &[129]),
    EndWay {
        on_terminal: true,
        ..outside("terminal_closed", Run::close_terminal, &[129])
    },
    EndWay {
        on_terminal: true,
        ..outside("interrupt_key", |run| run.press(3), &[130])
    },
    outside("quit", |run| run.signal("QUIT"), &[131]),
    EndWay {
        cleans: false,
        ..outside("abort_of_the_runner", |run| run.signal_runner("ABRT"), &[134])
    },
    EndWay {
        cleans: false,
        ..outside("kill_of_the_runner", |run| run.signal_runner("KILL"), &[137])
    },
    EndWay {
        cleans: false,
        ..outside("kill_of_the_supervisor", |run| run.signal("KILL"), &[137])
    },
    EndWay {
        cleans: false,
        needs_janitor: true,
        ..outside("kill_of_both", |run| run.signal_both("KILL"), &[137])
    },
    outside(
        "terminate_while_the_runner_is_stopped",
        |run| {
            run.signal_runner("STOP");
            run.wait_until_runner_is("T");
            run.signal("TERM");
        },
        &[143],
    ),
    outside(
        "stop_and_continue",
        |run| {
            run.signal_group("TSTP");
            run.wait_until_both_are("T");
            run.signal_group("CONT");
            run.signal("TERM");
        },
        &[143],
    ),
];
