//! The one property that counts: however output is cut into reads, the verdict is that on the whole.

use proptest::prelude::*;

use super::*;

fn regex(source: &str) -> Arc<Compiled> {
    Arc::new(Compiled::regex(source).expect("a valid pattern"))
}

/// What a search says after each chunk, and the match if the text ends there.
fn outlooks(pattern: &Arc<Compiled>, chunks: &[&str]) -> (Vec<Outlook>, Option<Found>) {
    let mut buffer = Buffer::default();
    let mut scanner = Scanner::new(Arc::clone(pattern), 0);
    let outlooks: Vec<Outlook> = chunks
        .iter()
        .map(|chunk| {
            buffer.append(|text| text.push_str(chunk));
            scanner.advance(&buffer)
        })
        .collect();
    let found = match outlooks.last() {
        None | Some(Outlook::Nothing) => None,
        Some(_) => scanner.found(&buffer),
    };
    (outlooks, found)
}

fn last(source: &str, text: &str) -> Outlook {
    outlooks(&regex(source), &[text]).0[0]
}

const OPEN: Outlook = Outlook::Open { certain: false };
const CERTAIN: Outlook = Outlook::Open { certain: true };

#[test]
fn only_matches_that_nothing_can_change_are_final() {
    for (pattern, text, expected) in [
        // Complete whatever follows.
        ("ok", "ok", Outlook::Final),
        ("^relux> ", "a\r\nrelux> ", Outlook::Final),
        ("ok|okay", "ok", Outlook::Final),
        ("port ([0-9]+)", "port 12\r", Outlook::Final),
        ("^ok$", "ok\r", Outlook::Final),
        ("^ok$", "ok\r\n", Outlook::Final),
        ("a.*", "abc\r\n", Outlook::Final),
        // There is a match in any case, but which?
        ("port ([0-9]+)", "port 12", CERTAIN),
        ("okay|ok", "ok", CERTAIN),
        ("a.*", "abc", CERTAIN),
        ("(?s)a.*", "abc\r\n", CERTAIN),
        // Only if nothing follows.
        ("^ok$", "ok", OPEN),
        ("(^ok$)", "ok", OPEN),
        ("^Password:$", "Password:", OPEN),
        ("^$", "", OPEN),
        (r"ok\b", "ok", OPEN),
        // Not yet, or never.
        ("^ok$", "okX", Outlook::Nothing),
        ("okay", "ok", Outlook::Nothing),
        (r"\Ab", "ab", Outlook::Nothing),
    ] {
        assert_eq!(last(pattern, text), expected, "{pattern} in {text:?}");
    }
}

#[test]
fn the_unpreferred_shorter_match_waits_for_the_preferred_one() {
    let pattern = regex("okay|ok");
    let (outlooks, found) = outlooks(&pattern, &["ok", "ay"]);
    assert_eq!(outlooks, [CERTAIN, Outlook::Final]);
    assert_eq!(found.expect("a match").groups, ["okay"]);
}

#[test]
fn unicode_word_boundaries_work_beside_other_scripts() {
    for text in ["né ok\r\n", "ok né\r\n"] {
        let (_, found) = outlooks(&regex(r"\bok\b"), &[text]);
        assert_eq!(found.expect("a match").groups, ["ok"], "{text}");
    }
    assert_eq!(outlooks(&regex(r"\bok\b"), &["éok\r\n"]).1, None);
}

#[test]
fn literals_are_found_across_chunks() {
    let pattern = Arc::new(Compiled::literal("été"));
    let (outlooks, found) = outlooks(&pattern, &["xxé", "t", "é!"]);
    assert_eq!(outlooks, [Outlook::Nothing, Outlook::Nothing, Outlook::Final]);
    assert_eq!(found.expect("a match").end, 7);
}

#[test]
fn an_empty_literal_matches_at_once() {
    assert_eq!(
        outlooks(&Arc::new(Compiled::literal("")), &[""]).0,
        [Outlook::Final]
    );
}

#[test]
fn a_search_needs_only_what_a_match_under_way_could_use() {
    let mut buffer = Buffer::default();
    buffer.append(|text| text.push_str("one\ntwo\nthr"));
    for (pattern, needed) in [
        // Nothing has begun: the last character tells what comes before a match.
        ("^x$", 10),
        (r"x\s", 10),
        (r"\Ax", 10),
        ("(?s)a.b", 10),
        // Something has, in this line or in any.
        ("^t.*z$", 8),
        ("r+x", 8),
        ("(?s)o.*z", 0),
    ] {
        let mut scanner = Scanner::new(regex(pattern), 0);
        assert_eq!(scanner.advance(&buffer), Outlook::Nothing);
        assert_eq!(scanner.needs_from(&buffer), needed, "{pattern}");
    }
}

#[test]
fn every_byte_is_looked_at_a_bounded_number_of_times() {
    let lines = "noise é and more of it, aaaa port 80\r\n".repeat(800);
    let long = "noise é and more of it, aaaa port 80 ".repeat(800);
    for (text, size) in [(&lines, 1), (&lines, 7), (&long, 1), (&long, 7), (&long, 4096)] {
        for pattern in [
            "needle",
            "^needle$",
            r"\bneedle\b",
            "(?s)aaaa.*needle",
            r"(?s)\baaaa.*needle",
            r"^noise.*needle",
            r"\Aneedle",
            r"a+a+a+b",
            r"port ([0-9]+)x",
        ] {
            let mut buffer = Buffer::default();
            let mut scanner = Scanner::new(regex(pattern), 0);
            for chunk in pieces(text, size) {
                buffer.append(|out| out.push_str(chunk));
                if scanner.advance(&buffer) == Outlook::Nothing {
                    scanner.needs_from(&buffer);
                }
            }
            let all = text.len() as u64;
            assert!(scanner.looked_at >= all);
            assert!(
                scanner.looked_at <= 2 * all,
                "{pattern}, {size}: {} of {all}",
                scanner.looked_at
            );
        }
        let mut buffer = Buffer::default();
        let mut scanner = Scanner::new(Arc::new(Compiled::literal("needle")), 0);
        let mut reads = 0;
        for chunk in pieces(text, size) {
            reads += 1;
            buffer.append(|out| out.push_str(chunk));
            assert_eq!(scanner.advance(&buffer), Outlook::Nothing);
        }
        assert!(scanner.looked_at <= text.len() as u64 + reads * "needle".len() as u64);
    }
}

/// The text in pieces of about so many bytes.
fn pieces(mut text: &str, size: usize) -> impl Iterator<Item = &str> {
    std::iter::from_fn(move || {
        let mut end = size.min(text.len());
        while !text.is_char_boundary(end) {
            end += 1;
        }
        let (piece, rest) = text.split_at(end);
        text = rest;
        (!piece.is_empty()).then_some(piece)
    })
}

const PATTERNS: &[&str] = &[
    "a",
    "^a$",
    "(^a$)",
    "^a+",
    "a+b?",
    "(a|ab)(c|bcd)?",
    "^",
    "$",
    "^$",
    "a$",
    "b.*",
    r"b\s*a",
    r"\ba\b",
    "(?s)a.*b",
    "[^a]b",
    r"\Aa",
    r"a\z",
    "a{2,3}",
    "(a*)(b*)",
    "é+",
    "b|^a$",
    r"(?-m)^a",
    "a??b",
    r"\r\n",
    r"a\r?$",
];

fn chunked(text: &str, cuts: &[usize]) -> Vec<String> {
    let mut chunks = vec![String::new()];
    for (index, c) in text.chars().enumerate() {
        if cuts.contains(&index) {
            chunks.push(String::new());
        }
        if let Some(last) = chunks.last_mut() {
            last.push(c);
        }
    }
    chunks
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// However the output is cut: a final verdict is the one on the whole output, and so is the verdict at its end.
    #[test]
    fn verdicts_do_not_depend_on_read_sizes(
        pattern in 0..PATTERNS.len(),
        text in "[abcéx \r\n]{0,14}",
        cuts in proptest::collection::vec(0usize..14, 0..6),
    ) {
        let pattern = regex(PATTERNS[pattern]);
        let Compiled::Regex(inner) = &*pattern else { unreachable!() };
        let expected = inner.full.find(&text).map(|found| found.range());
        let chunks = chunked(&text, &cuts);
        let mut buffer = Buffer::default();
        let mut scanner = Scanner::new(Arc::clone(&pattern), 0);
        let mut outlook = scanner.advance(&buffer);
        for chunk in &chunks {
            if outlook == Outlook::Final {
                break;
            }
            if outlook == Outlook::Nothing {
                scanner.needs_from(&buffer);
            }
            // What a search does not need may go.
            buffer.forget_before(scanner.holds_from());
            buffer.append(|out| out.push_str(chunk));
            outlook = scanner.advance(&buffer);
        }
        let found = (outlook != Outlook::Nothing).then(|| scanner.found(&buffer)).flatten();
        let found = found.map(|found| (found.end as usize, found.groups[0].clone()));
        let expected = expected.map(|range| (range.end, text[range].to_owned()));
        prop_assert_eq!(found, expected);
    }

    /// Certain means certain: a fail pattern that fires early would also have fired on the whole output.
    #[test]
    fn certain_hits_stay_hits(
        pattern in 0..PATTERNS.len(),
        text in "[abcéx \r\n]{0,10}",
        more in "[abcéx \r\n]{0,4}",
    ) {
        let pattern = regex(PATTERNS[pattern]);
        let Compiled::Regex(inner) = &*pattern else { unreachable!() };
        let (outlook, _) = outlooks(&pattern, &[&text]);
        if matches!(outlook[0], Outlook::Final | Outlook::Open { certain: true }) {
            let whole = format!("{text}{more}");
            prop_assert!(inner.full.is_match(&whole));
        }
    }

    #[test]
    fn literals_are_found_where_they_are(
        needle in "[abé]{1,3}",
        text in "[abé]{0,20}",
        cuts in proptest::collection::vec(0usize..20, 0..6),
    ) {
        let pattern = Arc::new(Compiled::literal(&needle));
        let chunks = chunked(&text, &cuts);
        let mut buffer = Buffer::default();
        let mut scanner = Scanner::new(pattern, 0);
        let mut outlook = Outlook::Nothing;
        for chunk in &chunks {
            buffer.append(|out| out.push_str(chunk));
            outlook = scanner.advance(&buffer);
            if outlook == Outlook::Final {
                break;
            }
            scanner.needs_from(&buffer);
            buffer.forget_before(scanner.holds_from());
        }
        let found = (outlook == Outlook::Final).then(|| scanner.found(&buffer)).flatten();
        let expected = text.find(&needle).map(|at| (at + needle.len()) as u64);
        prop_assert_eq!(found.map(|found| found.end), expected);
    }
}
