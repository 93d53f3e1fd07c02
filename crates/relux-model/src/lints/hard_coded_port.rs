//! `hard-coded-port`: a port that is always the same, where two tests may want it at the same time.
//!
//! A number is taken for a port only where its name or the host before it says so.

use relux_syntax::{Diagnostic, Fix, Severity, TextRange};

use super::Context;
use super::literals::Literal;
use crate::codes;

/// Hosts that are this machine.
const HOSTS: &[&str] = &["localhost", "127.0.0.1", "0.0.0.0", "[::1]", "[::]"];

/// Programs whose `-p` is something else: a process, parents, permissions, a prompt.
const OTHER_P: &[&str] = &[
    "cp", "gdb", "install", "kill", "lsof", "ltrace", "mkdir", "perf", "pidstat", "prlimit", "ps", "read",
    "renice", "rsync", "strace", "tar", "taskset", "top", "touch",
];

pub(super) fn judge(cx: &Context<'_, '_>, place: Literal<'_>, range: TextRange) -> Option<Diagnostic> {
    let text = cx.word(range);
    // Most texts have no four digits in a row.
    if !text
        .as_bytes()
        .windows(4)
        .any(|it| it.iter().all(u8::is_ascii_digit))
    {
        return None;
    }
    let whole = match place {
        Literal::Let(name) | Literal::Overlay(name) => named_port(name).then(|| port(text)).flatten(),
        Literal::Sent => None,
    };
    let found = whole.map(|_| text);
    let found = found.or_else(|| behind_host(text)).or_else(|| match place {
        Literal::Sent => in_words(text),
        Literal::Let(_) | Literal::Overlay(_) => None,
    })?;
    let start = range.start + (found.as_ptr() as usize - text.as_ptr() as usize) as u32;
    let at = TextRange::new(start, start + found.len() as u32);
    let message = format!("port {found} is the same for all tests that run at the same time");
    let diagnostic = Diagnostic::new(codes::HARD_CODED_PORT, Severity::Info, at, message);
    Some(if whole.is_some() && matches!(place, Literal::Let(_)) {
        // The quotes belong to the value.
        let quoted = cx.text[..range.start as usize].ends_with('"');
        let value = TextRange::new(range.start - u32::from(quoted), range.end + u32::from(quoted));
        diagnostic
            .with_help("let the runner choose a free one: `available_port()`")
            .with_fix(Fix::needs_a_look("Choose a free port", value, "available_port()"))
    } else {
        diagnostic.with_help("name a free one with `let port = available_port()` in the test, and hand it on")
    })
}

/// The text as a port that anybody may bind.
fn port(text: &str) -> Option<&str> {
    let digits = (4..=5).contains(&text.len()) && text.bytes().all(|it| it.is_ascii_digit());
    let number: u32 = text.parse().ok().filter(|_| digits)?;
    (1024..=65_535).contains(&number).then_some(text)
}

/// Whether a name says that it is a port: `port`, `DB_PORT`, `dbPort`, `http-port`.
fn named_port(name: &str) -> bool {
    let mut parts = name.split(['_', '-']);
    parts.any(|part| part.eq_ignore_ascii_case("port")) || name.ends_with("Port")
}

/// `localhost:8080`
fn behind_host(text: &str) -> Option<&str> {
    text.match_indices(':').find_map(|(colon, _)| {
        let host = &text[..colon];
        if !HOSTS.iter().any(|it| host.ends_with(it)) {
            return None;
        }
        port(digits(&text[colon + 1..]))
    })
}

/// The digits that a text begins with; none if a letter follows.
fn digits(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let goes_on = text[end..].starts_with(|c: char| c.is_alphanumeric() || c == '.');
    if goes_on { "" } else { &text[..end] }
}

/// `--port 8080`, `--port=8080`, `PORT=8080`, `-p 8080`.
fn in_words(text: &str) -> Option<&str> {
    let mut words = text.split([' ', '\t']).filter(|it| !it.is_empty()).peekable();
    let other_p = || {
        let mut words = text.split([' ', '\t', ';', '|', '&', '(']);
        words.any(|word| OTHER_P.contains(&word.rsplit('/').next().unwrap_or(word)))
    };
    while let Some(word) = words.next() {
        if let Some((name, value)) = word.split_once('=')
            && named_port(name.trim_start_matches('-'))
            && let Some(found) = port(unquoted(value))
        {
            return Some(found);
        }
        let flag = word.starts_with('-') && named_port(word.trim_start_matches('-'));
        let next = words.peek().map(|value| unquoted(value));
        let found = match word {
            _ if flag => next.and_then(port),
            // `docker run -p 8080:80`
            "-p" | "-P" => next.and_then(|value| port(digits(value))).filter(|_| !other_p()),
            _ => None,
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

fn unquoted(word: &str) -> &str {
    word.trim_matches(['"', '\'', ';', '&', ')'])
}

#[cfg(test)]
mod tests {
    use super::{behind_host, in_words};

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(behind_host(text).or_else(|| in_words(text)), expected, "{text}");
    }

    #[test]
    fn ports_are_told_by_what_stands_before_them() {
        for text in [
            "serve --port 8080",
            "serve --port=8080 --verbose",
            "serve --http-port '8080'",
            "serve -port 8080",
            "PORT=8080 serve",
            "curl -s http://localhost:8080/index",
            "curl -s 127.0.0.1:8080",
            "docker run -p 8080:80 nginx",
            "ssh -p \"8080\" host",
        ] {
            check(text, Some("8080"));
        }
    }

    #[test]
    fn other_numbers_are_no_ports() {
        for text in [
            "serve --port ${port}",
            "serve --port 80",
            "serve --port 80800",
            "curl example.org:8080",
            "curl localhost:80801",
            "curl localhost:8080.5",
            "mkdir -p 2026",
            "/bin/ps -p 4711",
            "echo 8080",
            "sleep 1; report=2026",
            "--export 2026 --support=1999",
            "date --date=2026-01-01",
        ] {
            check(text, None);
        }
    }
}
