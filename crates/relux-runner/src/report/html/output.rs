//! The output of a shell with what was matched where, from its log.
//!
//! Offsets are those of the decoded output, which the log gives again; of a long output the beginning and the end stay.

use std::fs::File;
use std::io::{self, Read};
use std::ops::Range;
use std::path::Path;

use maud::{Markup, html};

use crate::secrets::{MASK, Secrets};
use crate::shell::Decoder;
use crate::trace::Hit;
use crate::vm::visible;

/// Bytes of output that a page shows from its beginning.
const HEAD: usize = 16 * 1024;
/// Bytes that it shows from its end.
const TAIL: usize = 48 * 1024;

/// What is shown of an output.
#[derive(Debug, Default)]
pub(super) struct Held {
    /// The beginning.
    head: String,
    /// The end; empty if the beginning is all.
    tail: String,
    /// Offset of the first byte of `tail`.
    tail_at: u64,
}

impl Held {
    /// Reads a log.
    pub(super) fn read(log: &Path) -> io::Result<Self> {
        let mut file = File::open(log)?;
        let mut decoder = Decoder::default();
        let mut held = Self::default();
        let mut bytes = vec![0; 64 * 1024];
        let mut text = String::new();
        loop {
            let count = file.read(&mut bytes)?;
            text.clear();
            if count == 0 {
                decoder.finish(&mut text);
                held.push(&text);
                return Ok(held);
            }
            decoder.push(&bytes[..count], &mut text);
            held.push(&text);
        }
    }

    fn push(&mut self, mut text: &str) {
        if self.tail.is_empty() && self.head.len() < HEAD {
            let mut room = (HEAD - self.head.len()).min(text.len());
            while !text.is_char_boundary(room) {
                room += 1;
            }
            self.head.push_str(&text[..room]);
            text = &text[room..];
            self.tail_at = self.head.len() as u64;
        }
        self.tail.push_str(text);
        if self.tail.len() > 2 * TAIL {
            let mut from = self.tail.len() - TAIL;
            while !self.tail.is_char_boundary(from) {
                from += 1;
            }
            self.tail.drain(..from);
            self.tail_at += from as u64;
        }
    }

    /// The output with links from what was matched to the steps that matched it.
    pub(super) fn show(&self, hits: &[Hit], anchor: &str, secrets: &Secrets) -> Markup {
        let skipped = self.tail_at - self.head.len() as u64;
        if skipped == 0 {
            let whole = format!("{}{}", self.head, self.tail);
            return html! { pre { (piece(&whole, 0, hits, anchor, secrets)) } };
        }
        html! {
            pre { (piece(&self.head, 0, hits, anchor, secrets)) }
            p.dim { "… " (skipped) " bytes are left out; the log has them …" }
            pre { (piece(&self.tail, self.tail_at, hits, anchor, secrets)) }
        }
    }
}

/// A part of a piece: what was matched by a step, or what was not.
struct Part {
    range: Range<usize>,
    step: Option<usize>,
}

fn piece(text: &str, base: u64, hits: &[Hit], anchor: &str, secrets: &Secrets) -> Markup {
    let masks = secrets.ranges(text);
    let parts = parts(text, base, hits, &masks);
    // What the last match had not read yet is what one looks for.
    let read = hits.iter().map(|hit| hit.end).max().unwrap_or(0);
    html! {
        @for part in parts {
            @let shown = masked(text, &part.range, &masks);
            @if let Some(step) = part.step {
                mark { a href={ "#" (anchor) (step) } title={ "matched by step " (step + 1) } { (shown) } }
            } @else if base + (part.range.start as u64) < read {
                span.read { (shown) }
            } @else { (shown) }
        }
    }
}

fn parts(text: &str, base: u64, hits: &[Hit], masks: &[Range<usize>]) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut at = 0;
    let local = |offset: u64| usize::try_from(offset.checked_sub(base)?).ok();
    for hit in hits {
        let (Some(mut start), Some(mut end)) = (local(hit.start), local(hit.end)) else {
            continue;
        };
        // A secret is shown as a whole or not at all.
        for mask in masks {
            if mask.start < start && start < mask.end {
                start = mask.start;
            }
            if mask.start < end && end < mask.end {
                end = mask.end;
            }
        }
        // Patterns that are looked for together may match the same text.
        if start < at || start >= end || !text.is_char_boundary(start) || !text.is_char_boundary(end) {
            continue;
        }
        parts.push(Part {
            range: at..start,
            step: None,
        });
        parts.push(Part {
            range: start..end,
            step: Some(hit.step),
        });
        at = end;
    }
    parts.push(Part {
        range: at..text.len(),
        step: None,
    });
    parts.retain(|part| !part.range.is_empty());
    parts
}

/// A part of the text as it can be shown; no mask crosses its bounds.
fn masked(text: &str, range: &Range<usize>, masks: &[Range<usize>]) -> String {
    let mut out = String::new();
    let mut at = range.start;
    for mask in masks
        .iter()
        .filter(|mask| range.start <= mask.start && mask.end <= range.end)
    {
        out.push_str(&visible(&text[at..mask.start]));
        out.push_str(MASK);
        at = mask.end;
    }
    out.push_str(&visible(&text[at..range.end]));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(text: &str) -> Held {
        let mut held = Held::default();
        held.push(text);
        held
    }

    fn hit(step: usize, start: u64, end: u64) -> Hit {
        Hit { step, start, end }
    }

    #[test]
    fn matches_are_marked_and_everything_is_escaped() {
        let hits = [hit(0, 2, 4), hit(1, 3, 5), hit(2, 6, 6)];
        let shown = held("a <b> & c")
            .show(&hits, "s", &Secrets::default())
            .into_string();
        assert_eq!(
            shown,
            "<pre><span class=\"read\">a </span><mark><a href=\"#s0\" title=\"matched by step 1\">&lt;b</a></mark>\
             <span class=\"read\">&gt; &amp; c</span></pre>"
        );
    }

    #[test]
    fn a_secret_in_the_middle_of_a_match_is_masked_as_a_whole() {
        let secrets = Secrets::default();
        secrets.learn("TOKEN", "hunter2hunter2");
        let shown = held("x hunter2hunter2 y")
            .show(&[hit(0, 2, 9)], "s", &secrets)
            .into_string();
        assert!(shown.contains("•••") && !shown.contains("hunter2"), "{shown}");
    }

    #[test]
    fn long_outputs_lose_their_middle() {
        let mut held = Held::default();
        for _ in 0..20_000 {
            held.push("0123456789äöü\n");
        }
        assert!(held.head.len() < HEAD + 4 && held.tail.len() <= 2 * TAIL);
        assert_eq!(held.tail_at + held.tail.len() as u64, 20_000 * 17);
        let shown = held.show(
            &[hit(0, 20, 21), hit(1, 1_000, 200_000)],
            "s",
            &Secrets::default(),
        );
        assert!(shown.into_string().contains("bytes are left out"));
    }
}
