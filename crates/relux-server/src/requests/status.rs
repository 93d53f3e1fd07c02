//! `relux/status` and the command `relux.status`: what the server is, what it knows, and how it is doing.

use relux_ide::Cancellable;
use serde_json::{Value, json};

use crate::snapshot::Snapshot;

pub(super) fn answer(snapshot: &Snapshot, _params: &Value) -> Cancellable<Option<Value>> {
    // First, because the rest takes a while in a suite that was just loaded.
    let mut status = snapshot.stats.report();
    status["treesMade"] = snapshot.analysis.trees_made().into();
    let suites: Vec<Value> = snapshot
        .analysis
        .status()?
        .into_iter()
        .map(|suite| {
            let editions = suite.editions.into_iter();
            let editions: Vec<Value> = editions
                .map(|it| json!({"edition": it.edition, "because": it.because, "modules": it.modules}))
                .collect();
            json!({
                "root": suite.root,
                "manifest": suite.manifest,
                "modules": suite.modules,
                "editions": editions,
            })
        })
        .collect();
    status["suites"] = suites.into();
    status["documents"] = snapshot.open.len().into();
    status["positionEncoding"] = json!(snapshot.session.encoding.kind());
    status["diagnostics"] = if snapshot.session.pulls {
        "pulled"
    } else {
        "pushed"
    }
    .into();
    Ok(Some(status))
}
