//! Inlay hints: what the text does not say where one reads it. Few and short, because they stand between the words.

mod parameters;
mod starts;
mod timeouts;

use relux_model::Db;
use relux_syntax::TextRange;

use crate::completion::Completed;
use crate::suites::Entry;

/// A short text between the words of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InlayHint {
    /// Behind which byte it stands.
    pub offset: u32,
    /// What it says.
    pub label: String,
    /// What it is about.
    pub kind: HintKind,
    /// More of it, in Markdown, where that is known at once.
    pub tooltip: String,
    /// Whose documentation [`Analysis::completion_documentation`](crate::Analysis::completion_documentation) knows.
    pub about: Option<Completed>,
}

/// What a hint is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HintKind {
    /// The parameter that an argument is for.
    Parameter,
    /// The variables that a start gets from around it.
    Inherited,
    /// The effects that use the same instance.
    Shared,
    /// The timeout that was set somewhere else.
    Timeout,
}

/// Which hints are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a choice of its own")]
pub struct WantedHints {
    /// Names of parameters.
    pub parameters: bool,
    /// What starts inherit.
    pub inherited: bool,
    /// Who shares an instance.
    pub shared: bool,
    /// Timeouts from elsewhere.
    pub timeouts: bool,
}

impl Default for WantedHints {
    /// All of them.
    fn default() -> Self {
        Self {
            parameters: true,
            inherited: true,
            shared: true,
            timeouts: true,
        }
    }
}

/// The hints in a range, in order.
pub(crate) fn inlay_hints(
    db: &dyn Db,
    entry: Entry,
    within: TextRange,
    wanted: WantedHints,
) -> Vec<InlayHint> {
    let mut out = Vec::new();
    if wanted.parameters {
        parameters::add(db, entry, within, &mut out);
    }
    if wanted.inherited {
        starts::inherited(db, entry, within, &mut out);
    }
    if wanted.shared {
        starts::shared(db, entry, within, &mut out);
    }
    if wanted.timeouts {
        timeouts::add(db, entry, within, &mut out);
    }
    out.retain(|it| within.touches(it.offset));
    out.sort_by_key(|it| it.offset);
    out
}

/// Names in a row, of which the last ones give way.
fn listed<T: AsRef<str>>(names: &[T], most: usize) -> String {
    let shown: Vec<&str> = names.iter().take(most).map(AsRef::as_ref).collect();
    let more = if names.len() > most { ", …" } else { "" };
    format!("{}{more}", shown.join(", "))
}

#[cfg(test)]
mod tests;
