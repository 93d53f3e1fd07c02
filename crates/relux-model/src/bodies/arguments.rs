//! Arguments of built-ins that are wrong whatever happens: literals only, so that a run need not find out.

use crate::builtins::Builtin;
use crate::manifest::why_no_duration;

/// What is wrong with a literal argument.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct BadArgument {
    /// Which argument, from 0.
    pub(super) index: usize,
    /// Whether it is the duration of `sleep`, which has a code of its own.
    pub(super) duration: bool,
    /// What is wrong: a sentence without a full stop.
    pub(super) message: String,
    /// What to write instead.
    pub(super) help: Option<String>,
    /// A word that was probably meant, for a fix.
    pub(super) meant: Option<&'static str>,
}

/// Words that `rand(length, mode)` takes.
const RAND_MODES: [&str; 6] = ["alpha", "num", "alphanum", "hex", "oct", "bin"];

/// The longest text that `rand` makes.
const RAND_LIMIT: u32 = 1 << 20;

/// The first argument that is wrong; `literals` holds the value of each argument that is a literal.
pub(super) fn check(builtin: Builtin, literals: &[Option<String>]) -> Option<BadArgument> {
    let literal = |index: usize| literals.get(index)?.as_deref();
    match builtin {
        Builtin::Rand => literal(0).and_then(rand_length),
        Builtin::RandMode => literal(0)
            .and_then(rand_length)
            .or_else(|| literal(1).and_then(rand_mode)),
        Builtin::Split => literal(2).and_then(split_index),
        Builtin::MatchExitCode => literal(0).and_then(exit_code),
        Builtin::MatchNotOkCode => literal(0).and_then(failure_code),
        Builtin::Sleep => literal(0).and_then(sleep_duration),
        _ => None,
    }
}

fn bad(index: usize, message: String, help: impl Into<String>) -> BadArgument {
    BadArgument {
        index,
        duration: false,
        message,
        help: Some(help.into()),
        meant: None,
    }
}

fn rand_length(text: &str) -> Option<BadArgument> {
    match number(text) {
        Some(length) if length <= RAND_LIMIT => None,
        _ => Some(bad(
            0,
            format!("`rand` needs a number of characters, not `{text}`"),
            format!("write a number from 0 to {RAND_LIMIT}"),
        )),
    }
}

fn rand_mode(text: &str) -> Option<BadArgument> {
    if RAND_MODES.contains(&text) {
        return None;
    }
    Some(BadArgument {
        meant: relux_syntax::nearest::nearest(text, RAND_MODES)
            .and_then(|meant| RAND_MODES.into_iter().find(|mode| *mode == meant)),
        ..bad(
            1,
            format!("`rand` has no mode `{text}`"),
            format!("the modes are `{}`", RAND_MODES.join("`, `")),
        )
    })
}

fn split_index(text: &str) -> Option<BadArgument> {
    number(text).is_none().then(|| {
        bad(
            2,
            format!("`split` needs the index of a piece, not `{text}`"),
            "write a number, 0 for the first piece",
        )
    })
}

fn exit_code(text: &str) -> Option<BadArgument> {
    (!matches!(number(text), Some(0..=255))).then(|| {
        bad(
            0,
            format!("`{text}` is not an exit status"),
            "write a number from 0 to 255",
        )
    })
}

fn failure_code(text: &str) -> Option<BadArgument> {
    match number(text) {
        Some(0) => Some(bad(
            0,
            "`match_not_ok` needs a status other than 0".to_owned(),
            "write `match_ok()` to expect success",
        )),
        Some(1..=255) => None,
        _ => exit_code(text),
    }
}

fn sleep_duration(text: &str) -> Option<BadArgument> {
    let error = humantime::parse_duration(text.trim()).err()?;
    Some(BadArgument {
        duration: true,
        ..bad(
            0,
            if text.trim().is_empty() {
                "the duration is empty".to_owned()
            } else {
                format!("`{text}` is not a duration: {}", why_no_duration(&error))
            },
            "write a number and a unit, such as \"500ms\", \"2s\" or \"1m30s\"",
        )
    })
}

/// Digits only: `+1` is no number of the language.
fn number(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::builtins::Builtin;

    fn message(builtin: Builtin, arguments: &[&str]) -> Option<String> {
        let literals: Vec<Option<String>> = arguments.iter().map(|text| Some((*text).to_owned())).collect();
        check(builtin, &literals).map(|bad| bad.message)
    }

    #[test]
    fn takes_what_the_runtime_takes() {
        for (builtin, arguments) in [
            (Builtin::Rand, &["8"][..]),
            (Builtin::RandMode, &["8", "hex"]),
            (Builtin::Split, &["a,b", ",", "1"]),
            (Builtin::MatchExitCode, &["0"]),
            (Builtin::MatchExitCode, &["255"]),
            (Builtin::MatchNotOkCode, &["7"]),
            (Builtin::Sleep, &["500ms"]),
            (Builtin::Sleep, &[" 1m 30s "]),
            (Builtin::Log, &["anything"]),
        ] {
            assert_eq!(message(builtin, arguments), None, "{builtin:?} {arguments:?}");
        }
    }

    #[test]
    fn says_what_is_wrong() {
        for (builtin, arguments, expected) in [
            (
                Builtin::Rand,
                &["x"][..],
                "`rand` needs a number of characters, not `x`",
            ),
            (
                Builtin::Rand,
                &["99999999999"],
                "`rand` needs a number of characters, not `99999999999`",
            ),
            (Builtin::RandMode, &["8", "hexx"], "`rand` has no mode `hexx`"),
            (
                Builtin::Split,
                &["a", ",", "one"],
                "`split` needs the index of a piece, not `one`",
            ),
            (Builtin::MatchExitCode, &["256"], "`256` is not an exit status"),
            (Builtin::MatchExitCode, &["-1"], "`-1` is not an exit status"),
            (
                Builtin::MatchNotOkCode,
                &["0"],
                "`match_not_ok` needs a status other than 0",
            ),
            (
                Builtin::Sleep,
                &["2"],
                "`2` is not a duration: a number in it has no unit",
            ),
            (Builtin::Sleep, &[""], "the duration is empty"),
        ] {
            assert_eq!(
                message(builtin, arguments).as_deref(),
                Some(expected),
                "{builtin:?} {arguments:?}"
            );
        }
    }

    #[test]
    fn leaves_alone_what_is_not_literal() {
        assert_eq!(check(Builtin::Rand, &[None]), None);
        assert_eq!(check(Builtin::Split, &[None, None, None]), None);
    }
}
