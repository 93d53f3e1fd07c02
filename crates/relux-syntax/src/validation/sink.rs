//! Where mistakes are collected, and how one per statement is kept.
//!
//! Checks report what they see without knowing of each other; which of two mistakes in a line is the cause of the
//! other is decided here.

use super::braces::Broken;
use super::codes;
use super::lines_of::Lines;
use crate::{Code, Diagnostic, Fix, TextRange};

/// Collects mistakes.
pub(super) struct Sink<'t> {
    lines: Lines<'t>,
    found: Vec<Diagnostic>,
    muted: Vec<TextRange>,
    open_multimatches: Vec<u32>,
    /// Multimatches that begin before the one above has ended.
    nested: Vec<Diagnostic>,
    /// Parentheses that stand where braces belong, and wait for theirs.
    parentheses: usize,
    /// Closing parentheses on lines of their own.
    closed: Vec<Diagnostic>,
}

impl<'t> Sink<'t> {
    pub(super) fn new(source: &'t str) -> Self {
        Self {
            lines: Lines::new(source),
            found: Vec::new(),
            muted: Vec::new(),
            open_multimatches: Vec::new(),
            nested: Vec::new(),
            parentheses: 0,
            closed: Vec::new(),
        }
    }

    /// Notes a parenthesis in place of a brace: the one that closes it is no second mistake.
    pub(super) fn open_parenthesis(&mut self) {
        self.parentheses += 1;
    }

    /// Reports a closing parenthesis that begins nothing, unless it closes one that was noted.
    pub(super) fn push_parenthesis(&mut self, diagnostic: Diagnostic) {
        self.closed.push(diagnostic);
    }

    /// The text of the file.
    pub(super) fn source(&self) -> &'t str {
        self.lines.source()
    }

    /// The lines of the file.
    pub(super) fn lines(&self) -> &Lines<'t> {
        &self.lines
    }

    /// Reports a mistake.
    pub(super) fn push(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    /// Reports a mistake, if there is one.
    pub(super) fn extend(&mut self, diagnostic: Option<Diagnostic>) {
        self.found.extend(diagnostic);
    }

    /// Drops whatever is found in a range, because it follows from a mistake that is reported before it.
    pub(super) fn mute(&mut self, range: TextRange) {
        self.muted.push(range);
    }

    /// Ends the muting: sorts and merges what was muted, so that asking is cheap.
    pub(super) fn seal(&mut self) {
        self.muted.sort_unstable();
        self.muted.dedup_by(|next, first| {
            let joins = next.start <= first.end;
            if joins {
                first.end = first.end.max(next.end);
            }
            joins
        });
        self.open_multimatches.sort_unstable();
    }

    /// Whether an offset is muted. Right only after [`seal`](Self::seal).
    pub(super) fn is_muted(&self, offset: u32) -> bool {
        let next = self.muted.partition_point(|it| it.start <= offset);
        next > 0 && self.muted[next - 1].contains(offset)
    }

    /// Notes a multimatch without its brace: pattern lines that follow belong to it.
    pub(super) fn open_multimatch(&mut self, offset: u32) {
        self.open_multimatches.push(offset);
    }

    /// Reports a multimatch in another one, unless it turns out that a brace is missing between the two.
    pub(super) fn push_nested(&mut self, diagnostic: Diagnostic) {
        self.nested.push(diagnostic);
    }

    fn is_behind_open_multimatch(&self, offset: u32) -> bool {
        const LINES: usize = 20;
        let before = self.open_multimatches.partition_point(|it| *it <= offset);
        let Some(nearest) = before.checked_sub(1).map(|it| self.open_multimatches[it]) else {
            return false;
        };
        self.lines.number(offset) - self.lines.number(nearest) <= LINES
    }

    /// The mistakes in order of their place, at most one per line; unknown escapes do not hide each other.
    pub(super) fn finish(mut self, broken: &Broken) -> Vec<Diagnostic> {
        self.found.extend(self.closed.drain(..).skip(self.parentheses));
        if !self.found.iter().any(|it| it.code == codes::MISSING_BRACE) {
            self.found.append(&mut self.nested);
        }
        if self.found.is_empty() {
            return self.found;
        }
        let mut found = std::mem::take(&mut self.found);
        found.retain(|it| !self.is_muted(it.range.start));
        let (mut found, follow_ups): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|it| !may_follow(it.code));
        let mut causes: Vec<u32> = found.iter().map(|it| it.range.start).collect();
        causes.sort_unstable();
        let has_cause = |offset: u32| {
            let region = broken.region(offset)?;
            let first = causes.partition_point(|it| *it < region.start);
            causes.get(first).filter(|it| **it < region.end)
        };
        found.extend(follow_ups.into_iter().filter(|it| {
            has_cause(it.range.start).is_none() && !self.is_behind_open_multimatch(it.range.start)
        }));
        let lines = &self.lines;
        found.sort_by_key(|it| (lines.number(it.range.start), rank(it.code), it.range));
        found.dedup_by(|next, first| {
            lines.number(next.range.start) == lines.number(first.range.start)
                && (next.code != codes::UNKNOWN_ESCAPE || first.code != codes::UNKNOWN_ESCAPE)
        });
        found.sort_by_key(|it| it.range);
        join_torn(&mut found, lines);
        found
    }
}

/// A name that is missing at the end of a line and begins nothing on the next one is one mistake: the line is torn.
fn join_torn(found: &mut Vec<Diagnostic>, lines: &Lines<'_>) {
    let is_torn = |missing: &Diagnostic, word: &Diagnostic| {
        let between = TextRange::new(missing.range.end, word.range.start);
        missing.code == codes::MISSING_NAME
            && word.code == codes::UNKNOWN_WORD
            && between.start <= between.end
            && between.slice(lines.source()).trim().is_empty()
            && lines.number(missing.range.end) + 1 == lines.number(word.range.start)
    };
    let is_torn_marker = |marker: &Diagnostic, word: &Diagnostic| {
        marker.code == codes::MISPLACED_MARKER
            && word.code == codes::UNKNOWN_WORD
            && matches!(word.range.slice(lines.source()), "if" | "unless")
            && lines.number(marker.range.end) + 1 == lines.number(word.range.start)
    };
    let mut at = 1;
    while at < found.len() {
        if is_torn_marker(&found[at - 1], &found[at]) {
            let word = found.remove(at);
            let marker = &mut found[at - 1];
            let between = TextRange::new(marker.range.end, word.range.start);
            *marker = Diagnostic::error(codes::INVALID_MARKER, marker.range, "a marker ends with its line")
                .with_help("bring its condition up: this stands on one line")
                .with_fix(Fix::needs_a_look("Join the two lines", between, " "));
            continue;
        }
        if !is_torn(&found[at - 1], &found[at]) {
            at += 1;
            continue;
        }
        let word = found.remove(at);
        let missing = &mut found[at - 1];
        let between = TextRange::new(missing.range.end, word.range.start);
        let name = word.range.slice(lines.source());
        let name = name.split([' ', '(']).next().unwrap_or(name);
        missing.help = Some(format!("bring `{}` up: this stands on one line", shown(name)));
        missing.fixes = vec![Fix::needs_a_look("Join the two lines", between, " ")];
    }
}

/// Whether a mistake is a mere consequence where braces do not match.
fn may_follow(code: Code) -> bool {
    matches!(code, codes::MISPLACED_PATTERN | codes::EMPTY_MULTIMATCH)
}

/// Which mistake of a line is more likely the cause; lower wins.
fn rank(code: Code) -> u8 {
    match code {
        codes::ODD_CHARACTER
        | codes::MERGE_CONFLICT
        | codes::UNKNOWN_WORD
        | codes::MISPLACED_ITEM
        | codes::MISPLACED_STATEMENT
        | codes::MISPLACED_MARKER
        | codes::MISPLACED_DOCSTRING
        | codes::MISPLACED_SECTION => 0,
        codes::MISSING_QUOTE | codes::MISSING_KEYWORD => 1,
        codes::MISSING_NEWLINE | codes::STRAY_BRACE | codes::TRAILING_COMMENT => 5,
        codes::MISSING_VALUE | codes::MISSING_NAME | codes::MISSING_PARENTHESIS => 4,
        codes::MISSING_BRACE | codes::MISPLACED_BRACE => 6,
        codes::UNEXPECTED_TEXT => 3,
        _ => 2,
    }
}

/// Text for a message: the first line, cut where it is long.
pub(super) fn shown(text: &str) -> String {
    const LONGEST: usize = 40;
    let line = text.lines().next().unwrap_or_default().trim_end();
    if line.chars().count() <= LONGEST {
        return line.to_owned();
    }
    let cut: String = line.chars().take(LONGEST - 1).collect();
    format!("{cut}…")
}
