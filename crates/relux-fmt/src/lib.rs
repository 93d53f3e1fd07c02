//! The formatter: one style, no options, nothing lost.
//!
//! Tree → lines with their comments ([`comments`]) → what stays as it is ([`keep`]) → document ([`layout`], [`ir`]) →
//! text ([`printer`]) → proof that the tree is the same ([`proof`]), otherwise comparison of the trees ([`verify`]) →
//! small edits ([`edits`]).
//!
//! Invariant: payloads, strings and lines of docstrings are copied byte for byte, and a result whose tree differs from
//! that of the source is never handed out. Nothing here knows files, the model or the editor protocol.

mod comments;
mod edits;
#[doc(hidden)]
pub mod invariants;
mod ir;
mod keep;
mod layout;
mod printer;
mod proof;
mod range;
mod typing;
mod verify;

use relux_syntax::{Edit, Parse, TextRange, parse};

pub use edits::apply;
pub use range::format_range;
pub use typing::format_on_type;
pub use verify::Damage;

use printer::Printed;

/// What formatting makes of a file.
#[derive(Debug)]
pub struct Formatted {
    source: Parse,
    printed: Printed,
    /// Items that stay as they are because of mistakes in them, in order.
    pub kept: Vec<Kept>,
}

/// An item that stays as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Where it stands.
    pub range: TextRange,
    /// Where its first mistake is.
    pub mistake: TextRange,
    /// What the mistake is: one sentence without a full stop.
    pub message: String,
}

impl Formatted {
    /// The new text.
    pub fn text(&self) -> &str {
        &self.printed.text
    }

    /// The new text, without copying it.
    pub fn into_text(self) -> String {
        self.printed.text
    }

    /// Whether it differs from the source.
    pub fn is_changed(&self) -> bool {
        *self.printed.text != **self.source.text()
    }

    /// The edits that lead to the new text, in order; they do not overlap. Tokens that stay are not touched.
    pub fn edits(&self) -> Vec<Edit> {
        let gaps = self.gaps();
        gaps.iter()
            .filter_map(|gap| edits::shrunk(gap, self.source.text()))
            .collect()
    }

    /// The edits before they are made small: each reaches from one token to the next.
    fn gaps(&self) -> Vec<Edit> {
        edits::gaps(self.source.text(), &self.printed.text, &self.printed.anchors)
    }
}

/// Formats a file. Items with mistakes stay as they are; see [`Formatted::kept`].
///
/// The result has the same tree, comments and payloads as the source: that is looked at each time, and an error means
/// that this formatter is wrong about something. The file should then stay as it is.
pub fn format(source: &Parse) -> Result<Formatted, Damage> {
    let formatted = format_unchecked(source)?;
    if formatted.is_changed() && !proof::holds(source, formatted.text()) {
        verify::compare(source, &parse(formatted.text()))?;
    }
    Ok(formatted)
}

/// What formatting would do to a file.
#[derive(Debug)]
pub struct Preview {
    /// Whether anything would change.
    pub is_changed: bool,
    /// Items that would stay as they are because of mistakes in them, in order.
    pub kept: Vec<Kept>,
}

/// Tells whether a file is in style. No text is handed out, so none is compared with its source.
pub fn preview(source: &Parse) -> Result<Preview, Damage> {
    let formatted = format_unchecked(source)?;
    Ok(Preview {
        is_changed: formatted.is_changed(),
        kept: formatted.kept,
    })
}

/// [`format`] without the comparison, to measure what it costs.
#[doc(hidden)]
pub fn format_unchecked(source: &Parse) -> Result<Formatted, Damage> {
    let text = source.text();
    // Beyond this, the tree does not cover the whole text.
    if text.len() > u32::MAX as usize / 2 {
        return Err(Damage::TooLarge);
    }
    let mistakes = keep::mistakes(source);
    let (doc, kept) = layout::layout(source, &mistakes);
    let printed = printer::print(&doc.ops, text);
    debug_assert!(
        invariants::comments_are_printed_once(source, &printed.kept),
        "a comment was lost or printed twice"
    );
    let kept = kept
        .into_iter()
        .map(|(range, mistake)| Kept {
            range,
            mistake: mistake.map_or(range, |it| it.range),
            message: mistake
                .map_or("the syntax is broken", |it| &it.message)
                .to_owned(),
        })
        .collect();
    Ok(Formatted {
        source: source.clone(),
        printed,
        kept,
    })
}
