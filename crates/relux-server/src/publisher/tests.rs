//! What is sent when: findings, versions, typing, failures of runs.

use tower_lsp_server::ls_types::{NumberOrString, Position, Range};

use super::*;

const PATH: &str = "/suite/relux/tests/a.relux";

fn uri() -> Uri {
    "file:///suite/relux/tests/a.relux".parse().expect("a valid URI")
}

fn finding(line: u32, message: &str) -> Diagnostic {
    Diagnostic {
        range: Range::new(Position::new(line, 0), Position::new(line, 5)),
        code: Some(NumberOrString::String(message.to_owned())),
        message: message.to_owned(),
        ..Diagnostic::default()
    }
}

fn failure(test: &str, start: usize, end: usize) -> Failure {
    Failure {
        test: test.to_owned(),
        start,
        end,
        diagnostic: finding(0, test),
    }
}

struct Fixture {
    publisher: Publisher,
    now: Instant,
}

impl Fixture {
    fn open() -> Self {
        let mut publisher = Publisher::default();
        publisher.opened(PATH.into(), &uri(), 1);
        Self {
            publisher,
            now: Instant::now(),
        }
    }

    fn edit(&mut self, version: i32, line: u32) {
        self.publisher.opened(PATH.into(), &uri(), version);
        self.publisher.typing(PATH.into(), 0, line, self.now);
    }

    fn find(&mut self, findings: &[Diagnostic]) {
        self.publisher.found(PATH.into(), findings.into());
    }

    /// Version and messages of what is sent now.
    fn sent(&mut self) -> Option<(Option<i32>, Vec<String>)> {
        let due = self.publisher.due(PATH.into(), Some(uri()), self.now)?;
        let messages = due.diagnostics.into_iter().map(|it| it.message).collect();
        Some((due.version, messages))
    }

    fn failures(&self) -> Vec<(usize, usize)> {
        let file = self.publisher.files.get(Utf8Path::new(PATH));
        file.map_or(Vec::new(), |file| {
            file.failures.iter().map(|it| (it.start, it.end)).collect()
        })
    }
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "it is compared with what is sent, which may be nothing"
)]
fn messages(version: i32, texts: &[&str]) -> Option<(Option<i32>, Vec<String>)> {
    Some((
        Some(version),
        texts.iter().map(|text| (*text).to_owned()).collect(),
    ))
}

#[test]
fn the_first_check_is_told_even_if_nothing_is_wrong_and_repeats_are_not() {
    let mut it = Fixture::open();
    assert_eq!(it.sent(), None, "nothing is known yet");
    it.find(&[]);
    assert_eq!(it.sent(), messages(1, &[]));
    assert_eq!(it.sent(), None);
    it.publisher.opened(PATH.into(), &uri(), 2);
    it.find(&[]);
    assert_eq!(it.sent(), None, "still nothing wrong");
    it.find(&[finding(3, "a")]);
    assert_eq!(it.sent(), messages(2, &["a"]));
    it.find(&[finding(3, "a")]);
    assert_eq!(it.sent(), None);
}

#[test]
fn nothing_old_is_sent_for_a_new_version() {
    let mut it = Fixture::open();
    it.find(&[finding(3, "a")]);
    assert_eq!(it.sent(), messages(1, &["a"]));
    it.publisher.opened(PATH.into(), &uri(), 2);
    assert_eq!(it.sent(), None);
    it.find(&[finding(3, "a")]);
    assert_eq!(
        it.sent(),
        messages(2, &["a"]),
        "the client has moved what it showed"
    );
}

#[test]
fn new_findings_on_the_typed_line_wait_and_gone_ones_go_at_once() {
    let mut it = Fixture::open();
    it.find(&[finding(3, "old")]);
    assert_eq!(it.sent(), messages(1, &["old"]));
    it.edit(2, 3);
    it.find(&[finding(3, "old"), finding(3, "new"), finding(9, "elsewhere")]);
    assert_eq!(it.sent(), messages(2, &["old", "elsewhere"]));
    let (ready, next) = it.publisher.waited(it.now);
    assert_eq!((ready, next), (vec![], Some(TYPING_DELAY)));

    it.now += TYPING_DELAY;
    let (ready, next) = it.publisher.waited(it.now);
    assert_eq!((ready, next), (vec![PATH.into()], None));
    assert_eq!(it.sent(), messages(2, &["old", "new", "elsewhere"]));

    it.edit(3, 3);
    it.find(&[]);
    assert_eq!(it.sent(), messages(3, &[]), "what is gone does not wait");
}

#[test]
fn closing_clears_findings_but_not_what_a_run_found() {
    let mut it = Fixture::open();
    it.find(&[finding(3, "a")]);
    it.sent();
    let cleared = it
        .publisher
        .closed(PATH.into(), &uri())
        .expect("something was shown");
    assert!(cleared.diagnostics.is_empty());
    assert_eq!(it.publisher.closed(PATH.into(), &uri()), None);

    let mut it = Fixture::open();
    it.find(&[finding(3, "a")]);
    it.publisher.failed(PATH.into(), failure("t", 0, 5));
    assert_eq!(it.sent(), messages(1, &["a", "t"]));
    let left = it
        .publisher
        .closed(PATH.into(), &uri())
        .expect("something was shown");
    assert_eq!(left.diagnostics.len(), 1);
    assert_eq!(it.publisher.forget_test("t"), [Utf8PathBuf::from(PATH)]);
    assert_eq!(it.sent(), Some((None, vec![])));
}

#[test]
fn failures_move_with_edits_above_and_go_with_edits_inside() {
    let edit = |start, old_end, new_end| ByteEdit {
        start,
        old_end,
        new_end,
    };
    for (edit, left) in [
        (edit(0, 0, 3), vec![(13, 23)]),
        (edit(2, 6, 2), vec![(6, 16)]),
        (edit(10, 10, 12), vec![(12, 22)]),
        (edit(21, 21, 30), vec![(10, 20)]),
        (edit(20, 20, 21), vec![]),
        (edit(15, 15, 16), vec![]),
        (edit(5, 11, 5), vec![]),
        (edit(0, 40, 0), vec![]),
    ] {
        let mut it = Fixture::open();
        it.publisher.failed(PATH.into(), failure("t", 10, 20));
        it.publisher.edited(PATH.into(), edit);
        assert_eq!(it.failures(), left, "{edit:?}");
    }
}

#[test]
fn a_second_finding_of_a_kind_on_the_typed_line_is_new() {
    let mut it = Fixture::open();
    it.find(&[finding(3, "a"), finding(9, "b")]);
    assert_eq!(it.sent(), messages(1, &["a", "b"]));
    it.edit(2, 3);
    it.find(&[finding(3, "a"), finding(3, "a"), finding(3, "b"), finding(9, "b")]);
    assert_eq!(it.sent(), messages(2, &["a", "b"]));
}

#[test]
fn a_line_break_before_a_finding_moves_it_and_hides_nothing() {
    let mut it = Fixture::open();
    it.find(&[finding(3, "a")]);
    assert_eq!(it.sent(), messages(1, &["a"]));
    it.edit(2, 4);
    it.find(&[finding(4, "a")]);
    assert_eq!(it.sent(), messages(2, &["a"]));
}

#[test]
fn new_findings_anywhere_in_the_typed_statement_wait() {
    let mut it = Fixture::open();
    it.find(&[]);
    it.sent();
    it.edit(2, 5);
    it.publisher.statement(PATH.into(), TypedLines(3, 7));
    it.find(&[
        finding(2, "above"),
        finding(3, "first"),
        finding(7, "last"),
        finding(8, "below"),
    ]);
    assert_eq!(it.sent(), messages(2, &["above", "below"]));
    it.now += TYPING_DELAY;
    assert_eq!(it.sent(), messages(2, &["above", "first", "last", "below"]));
    // The next edit is about its own line until its statement is known.
    it.edit(3, 5);
    it.find(&[finding(3, "other")]);
    assert_eq!(it.sent(), messages(3, &["other"]));
}
