//! `relux/explain`: what `relux explain CODE` prints about a diagnostic, for editors that show it beside one.
//!
//! The book has no address of its own, so diagnostics lead to its pages only where the client says how it shows them.

use relux_ide::Cancellable;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::snapshot::Snapshot;

/// What is asked.
#[derive(Deserialize)]
pub(crate) struct ExplainParams {
    /// The code of a diagnostic.
    code: String,
}

#[expect(clippy::unnecessary_wraps, reason = "as all requests answer")]
pub(super) fn answer(_snapshot: &Snapshot, params: &ExplainParams) -> Cancellable<Option<Value>> {
    Ok(relux_ide::explain(&params.code).map(|page| json!({ "code": params.code, "markdown": page })))
}
