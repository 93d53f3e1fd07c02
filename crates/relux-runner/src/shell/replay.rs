//! Sessions replayed with their output cut into reads of different sizes: what is matched, captured and hit is the same.
//!
//! A session is bytes in bursts with a quiet terminal between them, and statements that read them. Statements here act
//! as early as they can, after every read, which is as unkind as a scheduler can be.

use std::sync::Arc;

use proptest::prelude::*;

use super::buffer::Buffer;
use super::decode::Decoder;
use super::fail::FailWatch;
use super::pattern::Compiled;
use super::scan::{Outlook, Scanner};

/// Reads of so many bytes; the last one takes a burst at once.
const SIZES: [usize; 6] = [1, 2, 7, 64, 4096, usize::MAX];

#[derive(Debug, Clone)]
enum Statement {
    Match(Vec<Pattern>),
    Fail(Option<Pattern>),
}

#[derive(Debug, Clone)]
enum Pattern {
    Regex(String),
    Literal(String),
}

impl Pattern {
    fn compiled(&self) -> Arc<Compiled> {
        Arc::new(match self {
            Self::Regex(source) => Compiled::regex(source).expect("a valid pattern"),
            Self::Literal(text) => Compiled::literal(text),
        })
    }
}

/// What a session came to.
#[derive(Debug, Default, PartialEq, Eq)]
struct Verdict {
    /// Groups of every pattern of every match, and where the cursor stood then.
    matched: Vec<(Vec<Vec<String>>, u64)>,
    /// What the fail pattern found; ends the session.
    hit: Option<String>,
    /// All output as patterns saw it.
    text: String,
}

/// A match under way.
type Search = (Vec<Scanner>, Vec<Option<(Vec<String>, u64)>>);

#[derive(Default)]
struct Replay {
    buffer: Buffer,
    decoder: Decoder,
    fail: Option<FailWatch>,
    search: Option<Search>,
    verdict: Verdict,
}

impl Replay {
    fn read(&mut self, bytes: &[u8]) {
        let before = self.buffer.end();
        let decoder = &mut self.decoder;
        self.buffer.append(|text| decoder.push(bytes, text));
        self.verdict.text.push_str(self.buffer.from(before));
        self.look_for_failure(false);
    }

    fn look_for_failure(&mut self, settled: bool) {
        if let Some(watch) = &mut self.fail
            && let Some(text) = watch.look(&self.buffer, settled)
        {
            self.fail = None;
            self.verdict.hit.get_or_insert(text);
        }
    }

    /// Goes on with the statements; `rest` is what the terminal holds but nobody has read.
    fn act(&mut self, statements: &mut std::slice::Iter<'_, Statement>, rest: &mut Reads<'_>, settled: bool) {
        loop {
            if self.search.is_some() {
                if !self.look(rest, settled) {
                    return;
                }
                continue;
            }
            match statements.next() {
                None => return,
                Some(Statement::Match(patterns)) => {
                    let cursor = self.buffer.cursor();
                    let scanners = patterns
                        .iter()
                        .map(|pattern| Scanner::new(pattern.compiled(), cursor));
                    self.search = Some((scanners.collect(), vec![None; patterns.len()]));
                }
                Some(Statement::Fail(pattern)) => {
                    self.drain(rest);
                    self.look_for_failure(settled || self.fail.as_ref().is_some_and(FailWatch::is_sure));
                    let cursor = self.buffer.cursor();
                    self.fail = pattern
                        .as_ref()
                        .map(|pattern| FailWatch::new(pattern.compiled(), cursor, Box::new(|_, _| {})));
                    self.look_for_failure(settled);
                }
            }
            if self.verdict.hit.is_some() {
                return;
            }
        }
    }

    /// Whether the match is over.
    fn look(&mut self, rest: &mut Reads<'_>, settled: bool) -> bool {
        if self.fail.is_some() {
            // As the engine does: a failure that was printed together with the match is a failure.
            self.drain(rest);
        }
        let is_failing = self.fail.as_ref().is_some_and(FailWatch::is_sure);
        if self.verdict.hit.is_some() || is_failing {
            return false;
        }
        let Some((scanners, found)) = &mut self.search else {
            return false;
        };
        let mut needed = self.buffer.end();
        for (scanner, found) in scanners.iter_mut().zip(found.iter_mut()) {
            if found.is_some() {
                continue;
            }
            let outlook = scanner.advance(&self.buffer);
            match outlook {
                Outlook::Nothing => {
                    scanner.needs_from(&self.buffer);
                }
                Outlook::Open { .. } if !settled => {}
                Outlook::Open { .. } | Outlook::Final => {
                    *found = scanner.found(&self.buffer).map(|found| (found.groups, found.end));
                }
            }
            if found.is_none() {
                needed = needed.min(scanner.holds_from());
            }
        }
        if !found.iter().all(Option::is_some) {
            self.buffer.pass_over(needed);
            return false;
        }
        let (groups, ends): (Vec<_>, Vec<_>) = found.iter().flatten().cloned().unzip();
        self.buffer.read_to(ends.into_iter().max().unwrap_or(0));
        self.verdict.matched.push((groups, self.buffer.cursor()));
        self.search = None;
        if let Some(watch) = &mut self.fail {
            watch.cursor_moved(&self.buffer);
        }
        self.look_for_failure(false);
        true
    }

    fn drain(&mut self, rest: &mut Reads<'_>) {
        for read in rest.by_ref() {
            self.read(read);
        }
    }
}

type Reads<'a> = std::slice::Chunks<'a, u8>;

fn replayed(bursts: &[Vec<u8>], statements: &[Statement], size: usize) -> Verdict {
    let mut replay = Replay::default();
    let mut statements = statements.iter();
    replay.act(&mut statements, &mut [].chunks(1), false);
    for burst in bursts {
        let mut reads = burst.chunks(size.min(burst.len().max(1)));
        while let Some(read) = reads.next() {
            replay.read(read);
            replay.act(&mut statements, &mut reads, false);
        }
        replay.look_for_failure(true);
        replay.act(&mut statements, &mut reads, true);
        if replay.verdict.hit.is_some() {
            break;
        }
    }
    replay.verdict
}

fn check(bursts: &[Vec<u8>], statements: &[Statement]) -> Verdict {
    let whole = replayed(bursts, statements, usize::MAX);
    for size in SIZES {
        let cut = replayed(bursts, statements, size);
        assert_eq!(cut, whole, "reads of {size} bytes");
    }
    whole
}

fn regex(source: &str) -> Statement {
    Statement::Match(vec![Pattern::Regex(source.to_owned())])
}

/// The session in bursts: a prompt ends one, because then the shell waits for the next line.
fn bursts(session: &[u8]) -> Vec<Vec<u8>> {
    let mut bursts = vec![Vec::new()];
    for &byte in session {
        let is_waiting = bursts.last().is_some_and(|burst| burst.ends_with(b"relux> "));
        if is_waiting {
            bursts.push(Vec::new());
        }
        if let Some(burst) = bursts.last_mut() {
            burst.push(byte);
        }
    }
    bursts
}

const RECORDED: [(&str, &[u8]); 5] = [
    ("dash", include_bytes!("../../tests/fixtures/sessions/dash.raw")),
    ("bash", include_bytes!("../../tests/fixtures/sessions/bash.raw")),
    ("zsh", include_bytes!("../../tests/fixtures/sessions/zsh.raw")),
    (
        "busybox",
        include_bytes!("../../tests/fixtures/sessions/busybox.raw"),
    ),
    (
        "python",
        include_bytes!("../../tests/fixtures/sessions/python.raw"),
    ),
];

#[test]
fn a_recorded_session_is_read_the_same_whatever_the_reads() {
    let verdict = check(
        &bursts(RECORDED[0].1),
        &[
            regex("^relux> "),
            regex("^(ok|okay)$"),
            regex("o(k|kay)"),
            regex(r"port (\d+)"),
            regex(r"(\w+) (\w+)\s"),
            regex(r"^a(.)b"),
            Statement::Match(vec![
                Pattern::Literal("20%".to_owned()),
                Pattern::Regex(r"^Password: (\w*)$".to_owned()),
            ]),
            Statement::Fail(Some(Pattern::Regex("^ERR".to_owned()))),
            regex(r"red.*\n(.*)$"),
        ],
    );
    let groups: Vec<_> = verdict.matched.iter().map(|(groups, _)| &groups[0]).collect();
    assert_eq!(groups[1], &["ok", "ok"]);
    assert_eq!(groups[3][0], "port 8080");
    assert_eq!(groups[5], &["a\u{fffd}b", "\u{fffd}"]);
    assert_eq!(verdict.hit.as_deref(), Some("ERR"));
}

const REGEXES: &[&str] = &[
    "^relux> ",
    "^ok$",
    "(^ok$)",
    "a|ab",
    "(a|ab)(c|bcd)?",
    "okay|ok",
    "ok(ay)?",
    r"port (\d+)",
    "^Password: $",
    "^$",
    "^",
    "$",
    ".+",
    "a.*",
    "(?s)a.*b",
    r"\bok\b",
    r"(?s)\ba.*\bok\b",
    r"\s+",
    "é+",
    "[^a]b",
    r"\r\n",
    r"\Aa",
    "^E",
    "ERR.*",
    "(?i)err",
    r"(\w+)$",
    "^(.*)$",
    "\u{fffd}",
];

const LITERALS: &[&str] = &["ok", "relux> ", "é", "ab", "\r\n", "ERR", "port 80"];

const PIECES: &[&[u8]] = &[
    b"relux> ",
    b"ok",
    b"okay",
    b"a",
    b"b",
    b"ab",
    b"abcd",
    b" ",
    b"\r\n",
    b"\r\n",
    b"\n",
    b"\r",
    b"port 80",
    b"80",
    b"Password: ",
    b"ERR",
    b"ERROR\r\n",
    b"\x1b[31m",
    "é".as_bytes(),
    "日本".as_bytes(),
    b"\xff",
    b"\xc3",
    b"\xf0\x9f",
];

fn pattern() -> impl Strategy<Value = Pattern> {
    prop_oneof![
        3 => prop::sample::select(REGEXES).prop_map(|source| Pattern::Regex(source.to_owned())),
        1 => prop::sample::select(LITERALS).prop_map(|text| Pattern::Literal(text.to_owned())),
    ]
}

fn statement() -> impl Strategy<Value = Statement> {
    prop_oneof![
        6 => pattern().prop_map(|pattern| Statement::Match(vec![pattern])),
        2 => prop::collection::vec(pattern(), 2..4).prop_map(Statement::Match),
        2 => pattern().prop_map(|pattern| Statement::Fail(Some(pattern))),
        1 => Just(Statement::Fail(None)),
    ]
}

fn session() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let burst = prop::collection::vec(prop::sample::select(PIECES), 0..12);
    prop::collection::vec(burst.prop_map(|pieces| pieces.concat()), 1..5)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn generated_sessions_are_read_the_same_whatever_the_reads(
        session in session(),
        statements in prop::collection::vec(statement(), 1..8),
    ) {
        check(&session, &statements);
    }

    #[test]
    fn recorded_sessions_are_read_the_same_whatever_the_statements(
        recorded in 0..RECORDED.len(),
        statements in prop::collection::vec(statement(), 1..12),
    ) {
        check(&bursts(RECORDED[recorded].1), &statements);
    }
}
