//! Durations of timeouts: `5s`, `1h15m3s20ms`, `0`.
//!
//! The units are those of the `humantime` crate, which the published tools use; a test compares with it. Fractions and
//! blanks do not exist, because both end the token.

use std::fmt;
use std::time::Duration;

/// Unit names and their length in nanoseconds.
const UNITS: &[(&[&str], u64)] = &[
    (&["ns", "nsec", "nanos"], 1),
    (&["us", "usec", "µs"], 1_000),
    (&["ms", "msec", "millis"], 1_000_000),
    (&["s", "sec", "secs", "second", "seconds"], SECOND),
    (&["m", "min", "mins", "minute", "minutes"], 60 * SECOND),
    (&["h", "hr", "hrs", "hour", "hours"], 3_600 * SECOND),
    (&["d", "day", "days"], 86_400 * SECOND),
    (&["w", "wk", "wks", "week", "weeks"], 7 * 86_400 * SECOND),
    (&["M", "month", "months"], 2_630_016 * SECOND),
    (&["y", "yr", "yrs", "year", "years"], 31_557_600 * SECOND),
];
const SECOND: u64 = 1_000_000_000;

/// Why a duration is none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum DurationError {
    /// Nothing stands there.
    Empty,
    /// It does not begin with a digit, or a sign or fraction stands in it.
    NotANumber,
    /// A number without a unit: `10`.
    MissingUnit,
    /// An unknown unit; the second is the unit that was probably meant.
    UnknownUnit(String, Option<&'static str>),
    /// More than 64 bits can hold.
    TooLong,
}

impl fmt::Display for DurationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the duration is missing"),
            Self::NotANumber => f.write_str("a duration is made of whole numbers, each with a unit"),
            Self::MissingUnit => f.write_str("a number in a duration needs a unit"),
            Self::UnknownUnit(unit, _) => write!(f, "`{unit}` is not a unit of time"),
            Self::TooLong => f.write_str("the duration is too long"),
        }
    }
}

impl std::error::Error for DurationError {}

/// Parses a duration without its sigil.
pub fn parse(text: &str) -> Result<Duration, DurationError> {
    match text {
        "" => return Err(DurationError::Empty),
        "0" => return Ok(Duration::ZERO),
        _ => {}
    }
    let mut rest = text;
    let mut total = Duration::ZERO;
    while !rest.is_empty() {
        let digits = take(&mut rest, |it| it.is_ascii_digit());
        if digits.is_empty() {
            return Err(DurationError::NotANumber);
        }
        let unit = take(&mut rest, |it| !it.is_ascii_digit());
        let part = part(digits, unit)?;
        total = total.checked_add(part).ok_or(DurationError::TooLong)?;
    }
    Ok(total)
}

fn take<'a>(rest: &mut &'a str, belongs: impl Fn(char) -> bool) -> &'a str {
    let end = rest.find(|it| !belongs(it)).unwrap_or(rest.len());
    let (head, tail) = rest.split_at(end);
    *rest = tail;
    head
}

fn part(digits: &str, unit: &str) -> Result<Duration, DurationError> {
    if unit.is_empty() {
        return Err(DurationError::MissingUnit);
    }
    if unit.contains(['.', '-', '+', '_']) {
        return Err(DurationError::NotANumber);
    }
    let nanos = unit_nanos(unit).ok_or_else(|| DurationError::UnknownUnit(unit.to_owned(), meant(unit)))?;
    let count: u64 = digits.parse().map_err(|_| DurationError::TooLong)?;
    if nanos < SECOND {
        let total = count.checked_mul(nanos).ok_or(DurationError::TooLong)?;
        return Ok(Duration::from_nanos(total));
    }
    let seconds = count.checked_mul(nanos / SECOND).ok_or(DurationError::TooLong)?;
    Ok(Duration::from_secs(seconds))
}

fn unit_nanos(unit: &str) -> Option<u64> {
    let found = UNITS.iter().find(|(names, _)| names.contains(&unit));
    found.map(|(_, nanos)| *nanos)
}

/// The unit that differs in case only, or begins likewise.
fn meant(unit: &str) -> Option<&'static str> {
    let lower = unit.to_lowercase();
    let mut names = UNITS.iter().flat_map(|(names, _)| names.iter().copied());
    names.find(|it| *it == lower)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_those_of_humantime() {
        for (names, _) in UNITS {
            for name in *names {
                for text in [format!("2{name}"), format!("007{name}1ms"), format!("0{name}")] {
                    assert_eq!(parse(&text).ok(), humantime::parse_duration(&text).ok(), "{text}");
                }
            }
        }
        for text in ["0", "1s1m", "1s1s", "1h15m3s20ms", "584y"] {
            assert_eq!(parse(text).ok(), humantime::parse_duration(text).ok(), "{text}");
        }
    }

    #[test]
    fn what_is_no_duration_says_why() {
        use DurationError::{Empty, MissingUnit, NotANumber, TooLong, UnknownUnit};
        let unknown = |unit: &str, meant| UnknownUnit(unit.to_owned(), meant);
        let cases = [
            ("", Empty),
            ("10", MissingUnit),
            ("1s500", MissingUnit),
            ("1.5s", NotANumber),
            ("-1s", NotANumber),
            ("1_0s", NotANumber),
            ("s", NotANumber),
            ("5S", unknown("S", Some("s"))),
            ("3MIN", unknown("MIN", Some("min"))),
            ("3parsec", unknown("parsec", None)),
            ("99999999999999999999s", TooLong),
            ("18446744073709551615y", TooLong),
        ];
        for (text, error) in cases {
            assert_eq!(parse(text), Err(error), "{text}");
        }
    }
}
