//! The built-in functions that only compute. Arguments that make no sense are errors, never a silent default.

use jiff::Zoned;
use jiff::tz::TimeZone;
use relux_model::builtins::Builtin;
use sha1::{Digest, Sha1};

use crate::names::mnemonic;

/// Characters of `rand` at most; more is a mistake.
const MOST_RANDOM: usize = 1 << 20;

/// An argument that a built-in function cannot use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Invalid {
    /// Position, from 0.
    pub(super) index: usize,
    /// What it must be: `a number` …
    pub(super) wanted: String,
}

impl Invalid {
    pub(super) fn new(index: usize, wanted: impl Into<String>) -> Self {
        Self {
            index,
            wanted: wanted.into(),
        }
    }
}

/// Calls a built-in function that needs nothing but its arguments.
pub(super) fn call(builtin: Builtin, args: &[String]) -> Result<String, Invalid> {
    let arg = |index: usize| args.get(index).map_or("", String::as_str);
    Ok(match builtin {
        Builtin::Trim => arg(0).trim().to_owned(),
        Builtin::Upper => arg(0).to_uppercase(),
        Builtin::Lower => arg(0).to_lowercase(),
        Builtin::Replace => match arg(1) {
            "" => return Err(Invalid::new(1, "a text that is not empty")),
            from => arg(0).replace(from, arg(2)),
        },
        Builtin::Split => split(arg(0), arg(1), arg(2))?,
        Builtin::Len => arg(0).len().to_string(),
        Builtin::Default => arg(usize::from(arg(0).is_empty())).to_owned(),
        Builtin::Uuid => uuid(fastrand::u128(..)),
        Builtin::Rand => random(arg(0), "alphanum")?,
        Builtin::RandMode => random(arg(0), arg(1))?,
        Builtin::Mnemonic => mnemonic(arg(0)),
        Builtin::Sha1 => hex(&Sha1::digest(arg(0).as_bytes())),
        Builtin::Timestamp => timestamp(arg(0))?,
        // Everything else needs the interpreter, which calls this function only for the ones above.
        other => {
            return Err(Invalid::new(
                0,
                format!("called as `{}` in a shell", other.signature().name),
            ));
        }
    })
}

fn number(index: usize, text: &str) -> Result<usize, Invalid> {
    text.trim()
        .parse()
        .map_err(|_| Invalid::new(index, "a whole number of 0 or more"))
}

fn split(text: &str, separator: &str, index: &str) -> Result<String, Invalid> {
    if separator.is_empty() {
        return Err(Invalid::new(1, "a text that is not empty"));
    }
    let index = number(2, index)?;
    Ok(text.split(separator).nth(index).unwrap_or_default().to_owned())
}

fn random(length: &str, mode: &str) -> Result<String, Invalid> {
    let length = number(0, length)?;
    if length > MOST_RANDOM {
        return Err(Invalid::new(0, format!("at most {MOST_RANDOM}")));
    }
    let alphabet: &[u8] = match mode {
        "alpha" => b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "num" => b"0123456789",
        "alphanum" => b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
        "hex" => b"0123456789abcdef",
        "oct" => b"01234567",
        "bin" => b"01",
        _ => {
            return Err(Invalid::new(
                1,
                "`alpha`, `num`, `alphanum`, `hex`, `oct` or `bin`",
            ));
        }
    };
    Ok((0..length)
        .map(|_| char::from(alphabet[fastrand::usize(..alphabet.len())]))
        .collect())
}

/// Version 4, variant 1 (RFC 9562, section 5.4) from random bits.
fn uuid(bits: u128) -> String {
    let bits = bits & !(0xf000 << 64) & !(0xc000 << 48) | (0x4000 << 64) | (0x8000 << 48);
    let digits = format!("{bits:032x}");
    [
        &digits[..8],
        &digits[8..12],
        &digits[12..16],
        &digits[16..20],
        &digits[20..],
    ]
    .join("-")
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| char::from(DIGITS[usize::from(nibble)]);
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

fn timestamp(format: &str) -> Result<String, Invalid> {
    let now = Zoned::now().with_time_zone(TimeZone::UTC);
    jiff::fmt::strtime::format(format, &now).map_err(|_| Invalid::new(0, "a format as `strftime` knows it"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ok(builtin: Builtin, args: &[&str]) -> String {
        let args: Vec<String> = args.iter().map(|&arg| arg.to_owned()).collect();
        call(builtin, &args).expect("valid arguments")
    }

    fn invalid(builtin: Builtin, args: &[&str]) -> usize {
        let args: Vec<String> = args.iter().map(|&arg| arg.to_owned()).collect();
        call(builtin, &args).expect_err("an invalid argument").index
    }

    #[test]
    fn text_functions() {
        assert_eq!(ok(Builtin::Trim, &[" a b\t"]), "a b");
        assert_eq!(ok(Builtin::Upper, &["straße"]), "STRASSE");
        assert_eq!(ok(Builtin::Lower, &["ÀB"]), "àb");
        assert_eq!(ok(Builtin::Replace, &["a.b.c", ".", "::"]), "a::b::c");
        assert_eq!(ok(Builtin::Split, &["a,b,c", ",", "1"]), "b");
        assert_eq!(ok(Builtin::Split, &["a,b,c", ",", "9"]), "");
        assert_eq!(ok(Builtin::Len, &["é"]), "2");
        assert_eq!(ok(Builtin::Default, &["", "b"]), "b");
        assert_eq!(ok(Builtin::Default, &["a", "b"]), "a");
        assert_eq!(
            ok(Builtin::Sha1, &["abc"]),
            "a9993e364706816aba3e25717850c26c9cd0d89d"
        );
        assert_eq!(ok(Builtin::Mnemonic, &["x"]), ok(Builtin::Mnemonic, &["x"]));
    }

    #[test]
    fn random_functions_have_the_promised_form() {
        assert_eq!(ok(Builtin::Rand, &["12"]).len(), 12);
        assert_eq!(ok(Builtin::Rand, &["0"]), "");
        let bin = ok(Builtin::RandMode, &["64", "bin"]);
        assert!(bin.bytes().all(|b| b == b'0' || b == b'1'), "{bin}");
        let id = uuid(u128::MAX);
        assert_eq!(id, "ffffffff-ffff-4fff-bfff-ffffffffffff");
        assert_eq!(uuid(0), "00000000-0000-4000-8000-000000000000");
        assert_ne!(ok(Builtin::Uuid, &[]), ok(Builtin::Uuid, &[]));
    }

    #[test]
    fn timestamps_follow_strftime() {
        let year = ok(Builtin::Timestamp, &["%Y"]);
        assert_eq!(year.len(), 4);
        assert_eq!(ok(Builtin::Timestamp, &["%%"]), "%");
    }

    #[test]
    fn arguments_that_make_no_sense_are_named() {
        assert_eq!(invalid(Builtin::Rand, &["many"]), 0);
        assert_eq!(invalid(Builtin::Rand, &["-1"]), 0);
        assert_eq!(invalid(Builtin::Rand, &["99999999999"]), 0);
        assert_eq!(invalid(Builtin::RandMode, &["3", "letters"]), 1);
        assert_eq!(invalid(Builtin::Split, &["a", ",", "x"]), 2);
        assert_eq!(invalid(Builtin::Split, &["a", "", "0"]), 1);
        assert_eq!(invalid(Builtin::Replace, &["a", "", "b"]), 1);
        assert_eq!(invalid(Builtin::Timestamp, &["%"]), 0);
    }
}
