//! `fail-pattern-matches-expected` and `fail-pattern-after-send`: a fail pattern that fails a test in which all is
//! well, and one that comes too late.

use relux_syntax::{Applicability, Diagnostic, Edit, Fix, Related, Severity, TextRange};

use super::Flow;
use super::state::LateFail;
use super::texts::{Renderer, plain};
use crate::bodies::body::{Pattern, Text};
use crate::bodies::walk::Site;
use crate::codes;

/// A line is sent, which the terminal echoes.
pub(super) fn sent(flow: &mut Flow<'_, '_, '_>, site: Site, text: Text) {
    let Some(fail) = flow.shell(site).fail else {
        return;
    };
    // At the beginning of a line stands the prompt, and what is behind the echo is not known.
    if fail.pattern.regex && fail.pattern.text.range.slice(flow.cx.text).contains(['^', '$']) {
        return;
    }
    let payload = Renderer::default().render(flow, text);
    if Renderer::parts(&payload).any(|part| flow.finds(fail.pattern, part)) {
        report(
            flow,
            text.range,
            "the terminal echoes this line, and the fail pattern matches the echo",
            fail.pattern,
        );
    }
}

/// A pattern is expected.
pub(super) fn expected(flow: &mut Flow<'_, '_, '_>, site: Site, pattern: Pattern) {
    let Some(fail) = flow.shell(site).fail else {
        return;
    };
    let Some(text) = flow.static_text(pattern.text) else {
        return;
    };
    let (mut whole, mut begins, mut ends) = (&*text, false, false);
    if pattern.regex {
        (begins, ends) = (
            text.starts_with('^'),
            text.ends_with('$') && !text.ends_with("\\$"),
        );
        whole = whole.strip_prefix('^').unwrap_or(whole);
        whole = whole.get(..whole.len() - usize::from(ends)).unwrap_or_default();
    }
    let line = if pattern.regex {
        plain(whole)
    } else {
        Some(whole.into())
    };
    let Some(line) = line else { return };
    let source = fail.pattern.text.range.slice(flow.cx.text);
    // Where a line begins or ends is known only if the pattern says it.
    let is_known =
        !fail.pattern.regex || ((begins || !source.contains('^')) && (ends || !source.contains('$')));
    if is_known && flow.finds(fail.pattern, &line) {
        report(
            flow,
            pattern.text.range,
            "the fail pattern matches this too, and it comes first",
            fail.pattern,
        );
    }
}

fn report(flow: &mut Flow<'_, '_, '_>, range: TextRange, message: &str, fail: Pattern) {
    flow.cx.found.push(
        Diagnostic::new(
            codes::FAIL_PATTERN_MATCHES_EXPECTED,
            Severity::Warning,
            range,
            message,
        )
        .with_related(Related {
            file: None,
            range: fail.text.range,
            message: "the fail pattern".to_owned(),
        })
        .with_help("make it narrower, for example with `^`, or clear it before with `!?`"),
    );
}

/// A fail pattern is set; what a later line sends would be watched as a whole.
pub(super) fn set(flow: &mut Flow<'_, '_, '_>, site: Site, range: TextRange) {
    let shell = flow.shell(site);
    if let (None, Some(command)) = (&shell.sent, shell.running) {
        shell.late_fail = Some(LateFail { range, command });
    }
}

/// At the end of a definition: nothing was sent after it.
pub(super) fn late(flow: &mut Flow<'_, '_, '_>, late: LateFail) {
    let mut diagnostic = Diagnostic::new(
        codes::FAIL_PATTERN_AFTER_SEND,
        Severity::Hint,
        late.range,
        "what the command has printed up to here is not watched",
    )
    .with_related(Related {
        file: None,
        range: late.command,
        message: "the command".to_owned(),
    })
    .with_help("set it before the line that it should watch");
    if let (Some(line), Some(command)) = (flow.line(late.range), flow.line(late.command))
        && !is_awaited(flow.cx.text, late.range, TextRange::new(command.end, line.start))
    {
        let edit = |range, new_text: &str| Edit {
            file: None,
            range,
            new_text: new_text.to_owned(),
        };
        diagnostic = diagnostic.with_fix(Fix {
            title: "Move it before the command".to_owned(),
            applicability: Applicability::Unsafe,
            edits: vec![
                edit(TextRange::empty(command.start), line.slice(flow.cx.text)),
                edit(line, ""),
            ],
        });
    }
    flow.cx.found.push(diagnostic);
}

/// Whether what a fail pattern forbids is expected just before it: earlier it would come first.
fn is_awaited(text: &str, fail: TextRange, before: TextRange) -> bool {
    let pattern = fail.slice(text).trim_start_matches(['!', '?', '=']).trim();
    !pattern.is_empty() && before.start <= before.end && before.slice(text).contains(pattern)
}
