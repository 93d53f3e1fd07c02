//! Values that no report may show: those of variables whose names look secret, wherever they turn up.
//!
//! The logs of shells hold what was printed, byte for byte, and are not touched; everything made from events is. A value
//! is known from the moment a variable gets it.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::{PoisonError, RwLock};

use crate::event::{Event, Failure, OutputTail, TestResult};

/// What stands in place of a value.
pub(crate) const MASK: &str = "•••";

/// Shorter values are words of every text; they are only masked where the variable itself is shown.
const SHORTEST: usize = 4;
/// From this length on a value is masked inside of words too.
const INSIDE_WORDS: usize = 8;

/// Last words of names that lead to a secret and are none: `TOKEN_FILE`, `PASSWORD_LENGTH`.
const HARMLESS_ENDS: &[&str] = &[
    "FILE", "PATH", "DIR", "SOCK", "URL", "URI", "NAME", "ID", "LENGTH", "TTL", "TIMEOUT", "TYPE", "COUNT",
];
/// Words that make a name secret.
const SECRET_WORDS: &[&str] = &[
    "SECRET",
    "SECRETS",
    "TOKEN",
    "TOKENS",
    "PASSWORD",
    "PASSWORDS",
    "PASSWD",
    "PASSPHRASE",
    "PASS",
    "PWD",
    "APIKEY",
    "CREDENTIAL",
    "CREDENTIALS",
    "AUTHORIZATION",
    "BEARER",
    "COOKIE",
];
/// Ends that make a word secret: `PGPASSWORD`.
const SECRET_ENDS: &[&str] = &["PASSWORD", "PASSWD", "PASSPHRASE", "SECRET", "TOKEN", "APIKEY"];
/// Words that make a following `KEY` secret.
const SECRET_KEYS: &[&str] = &[
    "API",
    "ACCESS",
    "PRIVATE",
    "SECRET",
    "SIGNING",
    "ENCRYPTION",
    "AUTH",
    "LICENSE",
];
/// Values that say nothing.
const PLAIN_VALUES: &[&str] = &[
    "true", "false", "none", "null", "test", "secret", "password", "token",
];

/// The secrets of a run.
#[derive(Debug, Default)]
pub(crate) struct Secrets {
    /// Patterns of names from the settings.
    names: Vec<String>,
    /// Longest first, so that a value that holds another one goes as a whole.
    values: RwLock<Vec<String>>,
}

impl Secrets {
    /// With more names than those that look secret by themselves.
    pub(crate) fn new(names: Vec<String>) -> Self {
        Self {
            names,
            values: RwLock::default(),
        }
    }

    /// Whether the value of a variable of this name is not shown.
    pub(crate) fn is_secret(&self, name: &str) -> bool {
        looks_secret(name) || self.names.iter().any(|pattern| fits(pattern, name))
    }

    /// Takes note of a value.
    pub(crate) fn learn(&self, name: &str, value: &str) {
        if value.len() < SHORTEST || !self.is_secret(name) {
            return;
        }
        // Output shows a value of several lines line by line, and messages show values in quotes.
        let lines = value.lines().filter(|line| line.len() >= INSIDE_WORDS);
        let quoted = value.escape_debug().to_string();
        let all = [value.trim(), &quoted].into_iter().chain(lines);
        let mut values = self.values.write().unwrap_or_else(PoisonError::into_inner);
        for value in all {
            let worth =
                value.len() >= SHORTEST && !PLAIN_VALUES.contains(&value.to_ascii_lowercase().as_str());
            if worth && !values.iter().any(|known| known == value) {
                let at = values.partition_point(|known| known.len() >= value.len());
                values.insert(at, value.to_owned());
            }
        }
    }

    /// The value as reports show it.
    pub(crate) fn shown<'a>(&self, name: &str, value: &'a str) -> Cow<'a, str> {
        if self.is_secret(name) && !value.is_empty() {
            return Cow::Borrowed(MASK);
        }
        let ranges = self.ranges(value);
        if ranges.is_empty() {
            return Cow::Borrowed(value);
        }
        Cow::Owned(masked(value, &ranges))
    }

    /// Where secrets stand in a text: in order, and apart from each other.
    pub(crate) fn ranges(&self, text: &str) -> Vec<Range<usize>> {
        let values = self.values.read().unwrap_or_else(PoisonError::into_inner);
        let mut found: Vec<Range<usize>> = Vec::new();
        for value in &*values {
            for (at, _) in text.match_indices(value.as_str()) {
                let range = at..at + value.len();
                let apart = found
                    .iter()
                    .all(|it| it.end <= range.start || range.end <= it.start);
                if apart && (value.len() >= INSIDE_WORDS || is_word(text, &range)) {
                    found.push(range);
                }
            }
        }
        found.sort_by_key(|range| range.start);
        found
    }

    /// Removes secrets from a text.
    pub(crate) fn text(&self, text: &mut String) {
        let ranges = self.ranges(text);
        if !ranges.is_empty() {
            *text = masked(text, &ranges);
        }
    }

    /// Removes secrets from all that an event tells.
    pub(crate) fn event(&self, event: &mut Event) {
        match event {
            Event::Progress { text, .. } => self.text(text),
            Event::AttemptFailed { failure, .. } => self.failure(failure),
            Event::TestFinished(result) => self.result(result),
            Event::Status(status) => {
                for activity in status.tests.iter_mut().flat_map(|test| &mut test.activities) {
                    self.text(&mut activity.what);
                    activity.tail.iter_mut().for_each(|tail| self.tail(tail));
                }
            }
            Event::RunStarted { .. }
            | Event::TestStarted { .. }
            | Event::Stopping { .. }
            | Event::RunFinished(_) => {}
        }
    }

    /// Removes secrets from a result.
    pub(crate) fn result(&self, result: &mut TestResult) {
        if let Some(reason) = &mut result.reason {
            self.text(reason);
        }
        for leak in &mut result.leaks {
            self.text(&mut leak.command);
            leak.sent.iter_mut().for_each(|text| self.text(text));
        }
        let earlier = result
            .earlier
            .iter_mut()
            .flat_map(|it| std::iter::once(&mut *it.failure).chain(&mut it.warnings));
        for failure in result
            .failure
            .as_deref_mut()
            .into_iter()
            .chain(&mut result.warnings)
            .chain(earlier)
        {
            self.failure(failure);
        }
    }

    fn failure(&self, failure: &mut Failure) {
        self.text(&mut failure.message);
        failure
            .label
            .iter_mut()
            .chain(&mut failure.notes)
            .for_each(|text| self.text(text));
        for entry in &mut failure.stack {
            self.text(&mut entry.what);
        }
        for variable in &mut failure.vars {
            if let Cow::Owned(_) | Cow::Borrowed(MASK) = self.shown(&variable.name, &variable.value) {
                variable.value = self.shown(&variable.name, &variable.value).into_owned();
            }
        }
        if let Some(tail) = &mut failure.tail {
            self.tail(tail);
        }
    }

    /// A value may have been read only in part.
    fn tail(&self, tail: &mut OutputTail) {
        let whole = format!("{}{}", tail.read, tail.unread);
        let mut split = tail.read.len();
        let ranges = self.ranges(&whole);
        if ranges.is_empty() {
            return;
        }
        if let Some(across) = ranges.iter().find(|it| it.start < split && split < it.end) {
            split = across.end;
        }
        let (read, unread): (Vec<_>, Vec<_>) = ranges.into_iter().partition(|range| range.end <= split);
        let unread: Vec<_> = unread.iter().map(|it| it.start - split..it.end - split).collect();
        tail.read = masked(&whole[..split], &read);
        tail.unread = masked(&whole[split..], &unread);
    }
}

fn masked(text: &str, ranges: &[Range<usize>]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for range in ranges {
        out.push_str(&text[at..range.start]);
        out.push_str(MASK);
        at = range.end;
    }
    out.push_str(&text[at..]);
    out
}

fn is_word(text: &str, range: &Range<usize>) -> bool {
    let before = text[..range.start].chars().next_back();
    let after = text[range.end..].chars().next();
    !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
}

/// Whether a name says that its value is nobody's business.
fn looks_secret(name: &str) -> bool {
    if name == "PWD" || name == "OLDPWD" || name.starts_with("__RELUX") {
        return false;
    }
    let words = words(name);
    let Some(last) = words.last() else { return false };
    if HARMLESS_ENDS.contains(&last.as_str()) {
        return false;
    }
    let word = |word: &String| {
        SECRET_WORDS.contains(&word.as_str()) || SECRET_ENDS.iter().any(|end| word.ends_with(end))
    };
    let key =
        |pair: &[String]| pair[1].trim_end_matches('S') == "KEY" && SECRET_KEYS.contains(&pair[0].as_str());
    words.iter().any(word) || words.windows(2).any(key) || last == "AUTH"
}

/// The words of `API_TOKEN`, `api-token` and `apiToken`, in capitals and without digits at their ends.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut small = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || (small && c.is_uppercase()) {
            words.push(String::new());
        }
        small = c.is_lowercase();
        if c.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_uppercase());
        }
    }
    words
        .iter()
        .map(|word| word.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned())
        .filter(|word| !word.is_empty())
        .collect()
}

/// Whether a name fits a pattern in which `*` stands for any text.
fn fits(pattern: &str, name: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else {
        return pattern == name;
    };
    name.strip_prefix(head).is_some_and(|below| {
        let mut ends = below.char_indices().map(|(at, _)| at).chain([below.len()]);
        ends.any(|at| fits(rest, &below[at..]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_look_secret() {
        for name in [
            "API_TOKEN",
            "GITHUB_TOKEN",
            "DB_PASSWORD",
            "PGPASSWORD",
            "MYSQL_PWD",
            "AWS_SECRET_ACCESS_KEY",
            "password",
            "apiKey",
            "API_KEY_2",
            "dbPassword",
            "PROXY_AUTH",
            "SSH_PRIVATE_KEY",
            "pass",
            "TOKEN2",
        ] {
            assert!(looks_secret(name), "{name}");
        }
        for name in [
            "PWD",
            "OLDPWD",
            "PATH",
            "SSH_AUTH_SOCK",
            "TOKEN_FILE",
            "KEYBOARD",
            "TOKENIZERS_PARALLELISM",
            "COMPASS",
            "PASSENGERS",
            "SORT_KEY",
            "__RELUX_TOKEN",
            "",
            "PASSWORD_LENGTH",
        ] {
            assert!(!looks_secret(name), "{name}");
        }
    }

    #[test]
    fn values_are_masked_wherever_they_stand() {
        let secrets = Secrets::new(vec!["*_DSN".to_owned()]);
        for (name, value) in [
            ("TOKEN", "abcdefgh12"),
            ("PIN_PASS", "4711"),
            ("DB_DSN", "postgres://u:pw@h"),
            ("HOME", "/root/x"),
            ("OTHER_TOKEN", "abcdefgh"),
            ("A_SECRET", "true"),
            ("Q_SECRET", "say \"it\""),
        ] {
            secrets.learn(name, value);
        }
        let text = |text: &str| {
            let mut text = text.to_owned();
            secrets.text(&mut text);
            text
        };
        assert_eq!(text("xabcdefgh12x abcdefghx"), "x•••x •••x");
        assert_eq!(text("4711 14711 4711."), "••• 14711 •••.");
        assert_eq!(
            text("at postgres://u:pw@h/db in /root/x is true"),
            "at •••/db in /root/x is true"
        );
        assert_eq!(text(r#"x="say \"it\"""#), r#"x="•••""#);
        assert_eq!(secrets.shown("PASSWORD", "x"), MASK);
        assert_eq!(secrets.shown("PASSWORD", ""), "");
    }

    #[test]
    fn a_value_that_was_read_in_part_is_masked_as_a_whole() {
        let secrets = Secrets::default();
        secrets.learn("TOKEN", "abcdefgh");
        let mut tail = OutputTail {
            read: "is abcd".to_owned(),
            unread: "efgh and abcdefgh\n".to_owned(),
        };
        secrets.tail(&mut tail);
        assert_eq!((&*tail.read, &*tail.unread), ("is •••", " and •••\n"));
    }
}
