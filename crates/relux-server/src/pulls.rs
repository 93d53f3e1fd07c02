//! What clients that ask for diagnostics were answered, to know what is new and when they have to ask again.
//!
//! Only findings of the checker are here; failures of test runs are pushed to every client, see `publisher.rs`.

use std::hash::{DefaultHasher, Hash, Hasher};

use camino::{Utf8Path, Utf8PathBuf};
use rustc_hash::{FxHashMap, FxHashSet};
use tower_lsp_server::ls_types::Diagnostic;

use crate::publisher::{Findings, TypedLines, visible};

/// What a document is answered.
pub(crate) enum Report {
    /// The client has it already, under this id.
    Unchanged(String),
    /// An id and everything.
    Full(String, Vec<Diagnostic>),
}

#[derive(Default)]
struct Told {
    id: String,
    shown: Vec<Diagnostic>,
    /// Whether something was held back because it is being typed.
    waits: bool,
}

/// The answers.
#[derive(Default)]
pub(crate) struct Pulls {
    told: FxHashMap<Utf8PathBuf, Told>,
    /// Files whose answer no longer holds.
    stale: FxHashSet<Utf8PathBuf>,
}

impl Pulls {
    /// The answer for a document, which from now on is what the client shows.
    pub(crate) fn answer(
        &mut self,
        path: &Utf8Path,
        findings: &Findings,
        typing: Option<TypedLines>,
        previous: Option<&str>,
    ) -> Report {
        self.stale.remove(path);
        let told = self.told.entry(path.to_owned()).or_default();
        let shown = visible(findings, &told.shown, typing);
        let id = result_id(&shown);
        *told = Told {
            waits: shown.len() < findings.len(),
            id: id.clone(),
            shown: shown.clone(),
        };
        if previous == Some(id.as_str()) {
            Report::Unchanged(id)
        } else {
            Report::Full(id, shown)
        }
    }

    /// A document was closed; nobody shows its answer any more.
    pub(crate) fn forget(&mut self, path: &Utf8Path) {
        self.told.remove(path);
        self.stale.remove(path);
    }

    /// The present findings of a file: they make its answer stale if it was another one.
    pub(crate) fn found(&mut self, path: &Utf8Path, findings: &Findings) {
        if let Some(told) = self.told.get(path)
            && !told.waits
            && told.id != result_id(findings)
        {
            self.stale.insert(path.to_owned());
        }
    }

    /// The moment is over in which new findings of a file wait.
    pub(crate) fn waited(&mut self, path: &Utf8Path) {
        if let Some(told) = self.told.get_mut(path)
            && std::mem::take(&mut told.waits)
        {
            self.stale.insert(path.to_owned());
        }
    }

    /// Whether the client must ask again; asked once for each time that something became stale.
    pub(crate) fn take_stale(&mut self) -> bool {
        !std::mem::take(&mut self.stale).is_empty()
    }
}

/// The name of an answer: equal for equal findings, in every session.
pub(crate) fn result_id(findings: &[Diagnostic]) -> String {
    let mut hasher = DefaultHasher::new();
    for finding in findings {
        // Diagnostics hold JSON, which is the one thing in them that cannot be hashed otherwise.
        serde_json::to_string(finding)
            .unwrap_or_default()
            .hash(&mut hasher);
    }
    format!("{:016x}", hasher.finish())
}
