//! The built-in functions: the one table that checker, completion, hover, the book and the runtime read.
//!
//! Semantics are implemented in the runner; this table says what exists, how it is called and what arguments are valid.

/// A built-in function, by name and number of arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Builtin {
    /// `trim(s)`
    Trim,
    /// `upper(s)`
    Upper,
    /// `lower(s)`
    Lower,
    /// `replace(s, from, to)`
    Replace,
    /// `split(s, separator, index)`
    Split,
    /// `len(s)`
    Len,
    /// `default(value, otherwise)`
    Default,
    /// `uuid()`
    Uuid,
    /// `rand(length)`
    Rand,
    /// `rand(length, mode)`
    RandMode,
    /// `available_port()`
    AvailablePort,
    /// `which(name)`
    Which,
    /// `mnemonic(s)`
    Mnemonic,
    /// `sha1(s)`
    Sha1,
    /// `timestamp(format)`
    Timestamp,
    /// `sleep(duration)`
    Sleep,
    /// `log(text)`
    Log,
    /// `annotate(text)`
    Annotate,
    /// `match_prompt()`
    MatchPrompt,
    /// `match_exit_code(code)`
    MatchExitCode,
    /// `match_ok()`
    MatchOk,
    /// `match_not_ok()`
    MatchNotOk,
    /// `match_not_ok(code)`
    MatchNotOkCode,
    /// `ctrl_c()`
    CtrlC,
    /// `ctrl_d()`
    CtrlD,
    /// `ctrl_z()`
    CtrlZ,
    /// `ctrl_l()`
    CtrlL,
    /// `ctrl_backslash()`
    CtrlBackslash,
}

/// How a built-in is called and what it means.
#[derive(Debug, Clone, Copy)]
pub struct Signature {
    /// Which.
    pub builtin: Builtin,
    /// Name as written.
    pub name: &'static str,
    /// Parameter names in order.
    pub params: &'static [&'static str],
    /// Needs no shell.
    pub pure: bool,
    /// One sentence for hover, completion and the book.
    pub doc: &'static str,
}

const fn sig(
    builtin: Builtin,
    name: &'static str,
    params: &'static [&'static str],
    pure: bool,
    doc: &'static str,
) -> Signature {
    Signature {
        builtin,
        name,
        params,
        pure,
        doc,
    }
}

/// All built-ins, pure ones first.
pub const TABLE: &[Signature] = &[
    sig(
        Builtin::Trim,
        "trim",
        &["text"],
        true,
        "The text without white space at both ends.",
    ),
    sig(
        Builtin::Upper,
        "upper",
        &["text"],
        true,
        "The text in upper case.",
    ),
    sig(
        Builtin::Lower,
        "lower",
        &["text"],
        true,
        "The text in lower case.",
    ),
    sig(
        Builtin::Replace,
        "replace",
        &["text", "from", "to"],
        true,
        "The text with every `from` replaced by `to`.",
    ),
    sig(
        Builtin::Split,
        "split",
        &["text", "separator", "index"],
        true,
        "The piece at `index`, counted from 0; empty if there are fewer.",
    ),
    sig(
        Builtin::Len,
        "len",
        &["text"],
        true,
        "Length of the text in bytes of UTF-8.",
    ),
    sig(
        Builtin::Default,
        "default",
        &["value", "otherwise"],
        true,
        "`value` unless it is empty, else `otherwise`.",
    ),
    sig(Builtin::Uuid, "uuid", &[], true, "A random UUID (version 4)."),
    sig(
        Builtin::Rand,
        "rand",
        &["length"],
        true,
        "So many random letters and digits.",
    ),
    sig(
        Builtin::RandMode,
        "rand",
        &["length", "mode"],
        true,
        "So many random characters; the mode is `alpha`, `num`, `alphanum`, `hex`, `oct` or `bin`.",
    ),
    sig(
        Builtin::AvailablePort,
        "available_port",
        &[],
        true,
        "A TCP port of this host that no other running test has.",
    ),
    sig(
        Builtin::Which,
        "which",
        &["name"],
        true,
        "Absolute path of an executable; empty if there is none.",
    ),
    sig(
        Builtin::Mnemonic,
        "mnemonic",
        &["text"],
        true,
        "A name that is easy to remember, always the same for the same text.",
    ),
    sig(
        Builtin::Sha1,
        "sha1",
        &["text"],
        true,
        "SHA-1 of the text as 40 hexadecimal digits.",
    ),
    sig(
        Builtin::Timestamp,
        "timestamp",
        &["format"],
        true,
        "The present time in UTC, formatted like `strftime`.",
    ),
    sig(Builtin::Sleep, "sleep", &["duration"], false, "Waits."),
    sig(
        Builtin::Log,
        "log",
        &["text"],
        false,
        "Writes a line to the test's log.",
    ),
    sig(
        Builtin::Annotate,
        "annotate",
        &["text"],
        false,
        "Writes a line to the test's log and shows it in the live progress.",
    ),
    sig(
        Builtin::MatchPrompt,
        "match_prompt",
        &[],
        false,
        "Waits for the prompt.",
    ),
    sig(
        Builtin::MatchExitCode,
        "match_exit_code",
        &["code"],
        false,
        "Fails unless the last command ended with this status; the prompt must have been matched before.",
    ),
    sig(
        Builtin::MatchOk,
        "match_ok",
        &[],
        false,
        "Waits for the prompt and fails unless the command ended with status 0.",
    ),
    sig(
        Builtin::MatchNotOk,
        "match_not_ok",
        &[],
        false,
        "Waits for the prompt and fails unless the command ended with a status other than 0.",
    ),
    sig(
        Builtin::MatchNotOkCode,
        "match_not_ok",
        &["code"],
        false,
        "Waits for the prompt and fails unless the command ended with this status.",
    ),
    sig(Builtin::CtrlC, "ctrl_c", &[], false, "Sends Ctrl-C (byte 3)."),
    sig(Builtin::CtrlD, "ctrl_d", &[], false, "Sends Ctrl-D (byte 4)."),
    sig(Builtin::CtrlZ, "ctrl_z", &[], false, "Sends Ctrl-Z (byte 26)."),
    sig(Builtin::CtrlL, "ctrl_l", &[], false, "Sends Ctrl-L (byte 12)."),
    sig(
        Builtin::CtrlBackslash,
        "ctrl_backslash",
        &[],
        false,
        "Sends Ctrl-\\ (byte 28).",
    ),
];

impl Builtin {
    /// The entry of the table.
    ///
    /// # Panics
    ///
    /// Never: a test looks up every one.
    pub fn signature(self) -> &'static Signature {
        TABLE
            .iter()
            .find(|signature| signature.builtin == self)
            .expect("every builtin stands in the table")
    }

    /// The built-in of this name and number of arguments.
    pub fn find(name: &str, arity: usize) -> Option<Self> {
        TABLE
            .iter()
            .find(|s| s.name == name && s.params.len() == arity)
            .map(|s| s.builtin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_builtin_stands_in_the_table_once() {
        for signature in TABLE {
            assert_eq!(signature.builtin.signature().doc, signature.doc);
            assert_eq!(
                Builtin::find(signature.name, signature.params.len()),
                Some(signature.builtin)
            );
        }
        // The last of the enumeration counts them.
        assert_eq!(TABLE.len(), Builtin::CtrlBackslash as usize + 1);
    }
}
