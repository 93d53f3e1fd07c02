//! The one place that sends diagnostics: it remembers what each file shows, and clears what no longer holds.
//!
//! A file shows what the checker found and the failures of test runs. While somebody types, new findings in the statement of
//! the last edit wait a moment; what disappears goes at once.

use std::sync::Arc;
use std::time::{Duration, Instant};

use camino::{Utf8Path, Utf8PathBuf};
use rustc_hash::FxHashMap;
use tower_lsp_server::ls_types::{Diagnostic, PublishDiagnosticsParams, Uri};

use crate::documents::ByteEdit;

/// How long a new finding in the statement that is being typed waits after the last edit.
pub(crate) const TYPING_DELAY: Duration = Duration::from_millis(200);

/// What the checker found in one version of a file, ready to be sent.
pub(crate) type Findings = Arc<[Diagnostic]>;

/// A failure of a test run, tied to a line of a file.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    /// The test that failed, as the runner names it. Its next run replaces the failure.
    pub(crate) test: String,
    /// Bytes of the failing statement; moves with edits before it.
    pub(crate) start: usize,
    /// End of these bytes.
    pub(crate) end: usize,
    /// Ready to be sent; its range is set anew from the bytes when the file is edited.
    pub(crate) diagnostic: Diagnostic,
}

/// The lines that are being typed, first and last: those of a statement, where it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TypedLines(pub(crate) u32, pub(crate) u32);

#[derive(Clone, Copy, Debug)]
struct Typing {
    /// The end of the last edit.
    byte: usize,
    lines: TypedLines,
    until: Instant,
}

#[derive(Default)]
struct File {
    findings: Findings,
    /// Whether the findings belong to the present text; nothing is sent until they do.
    fresh: bool,
    failures: Vec<Failure>,
    typing: Option<Typing>,
    /// Open documents have a version, and are told even that nothing is wrong.
    open: Option<(Uri, i32)>,
    sent: Option<(Vec<Diagnostic>, Option<i32>)>,
}

/// Which findings the client asks for itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum AskedFor {
    /// None: all are sent.
    #[default]
    Nothing,
    /// Those of open documents.
    Open,
    /// Also those of manifests, which come along with the answers for open documents.
    All,
}

/// Everything that was sent and everything that holds.
#[derive(Default)]
pub(crate) struct Publisher {
    /// The client asks for the findings of these files, so only failures of runs are sent.
    pub(crate) asked_for: AskedFor,
    files: FxHashMap<Utf8PathBuf, File>,
}

impl File {
    fn typing(&self, now: Instant) -> Option<Typing> {
        self.typing.filter(|typing| now < typing.until)
    }

    fn typed(&self, now: Instant) -> Option<TypedLines> {
        self.typing(now).map(|typing| typing.lines)
    }
}

impl Publisher {
    /// The lines of a file that are being typed.
    pub(crate) fn typed(&self, path: &Utf8Path, now: Instant) -> Option<TypedLines> {
        self.files.get(path).and_then(|file| file.typed(now))
    }

    /// Where a file is being typed in: the byte behind the last edit.
    pub(crate) fn typed_at(&self, path: &Utf8Path, now: Instant) -> Option<usize> {
        let file = self.files.get(path)?;
        file.typing(now).map(|typing| typing.byte)
    }

    /// What is being typed in the present text of a file is a statement with these lines.
    pub(crate) fn statement(&mut self, path: &Utf8Path, lines: TypedLines) {
        if let Some(typing) = self.files.get_mut(path).and_then(|file| file.typing.as_mut()) {
            typing.lines = lines;
        }
    }

    fn file(&mut self, path: &Utf8Path) -> &mut File {
        if !self.files.contains_key(path) {
            self.files.insert(path.to_owned(), File::default());
        }
        self.files.entry(path.to_owned()).or_default()
    }

    /// A document is open in this version. A new version keeps what is shown until its own findings come.
    pub(crate) fn opened(&mut self, path: &Utf8Path, uri: &Uri, version: i32) {
        let file = self.file(path);
        file.open = Some((uri.clone(), version));
        file.fresh = false;
    }

    /// A document was closed; its findings go with it, and so does what was sent.
    pub(crate) fn closed(&mut self, path: &Utf8Path, uri: &Uri) -> Option<PublishDiagnosticsParams> {
        let file = self.file(path);
        file.open = None;
        file.findings = Findings::default();
        file.typing = None;
        let shown = file.sent.take().is_some_and(|(shown, _)| !shown.is_empty());
        let failures: Vec<Diagnostic> = file
            .failures
            .iter()
            .map(|failure| failure.diagnostic.clone())
            .collect();
        if failures.is_empty() {
            self.files.remove(path);
        } else {
            file.sent = Some((failures.clone(), None));
        }
        (shown || !failures.is_empty()).then(|| PublishDiagnosticsParams::new(uri.clone(), failures, None))
    }

    /// The checker's findings for the present text of a file.
    pub(crate) fn found(&mut self, path: &Utf8Path, findings: Findings) {
        let file = self.file(path);
        file.findings = findings;
        file.fresh = true;
    }

    /// Drops the findings of files that are neither open nor checked any more. Returns the files that change.
    pub(crate) fn forget_unchecked(&mut self, checked: &[Utf8PathBuf]) -> Vec<Utf8PathBuf> {
        let unchecked = self.files.iter_mut().filter(|(path, file)| {
            file.open.is_none() && !file.findings.is_empty() && !checked.contains(path)
        });
        unchecked
            .map(|(path, file)| {
                file.findings = Findings::default();
                path.clone()
            })
            .collect()
    }

    /// Somebody types here, which is on this line.
    pub(crate) fn typing(&mut self, path: &Utf8Path, byte: usize, line: u32, now: Instant) {
        self.file(path).typing = Some(Typing {
            byte,
            lines: TypedLines(line, line),
            until: now + TYPING_DELAY,
        });
    }

    /// A failure of a test run.
    pub(crate) fn failed(&mut self, path: &Utf8Path, failure: Failure) {
        self.file(path).failures.push(failure);
    }

    /// A test begins anew: what it left behind goes. Returns the files that change.
    pub(crate) fn forget_test(&mut self, test: &str) -> Vec<Utf8PathBuf> {
        self.files
            .iter_mut()
            .filter_map(|(path, file)| {
                let before = file.failures.len();
                file.failures.retain(|failure| failure.test != test);
                (file.failures.len() < before).then(|| path.clone())
            })
            .collect()
    }

    /// Moves failures along with an edit. One whose own bytes change goes, because it speaks of what was there.
    pub(crate) fn edited(&mut self, path: &Utf8Path, edit: ByteEdit) {
        let Some(file) = self.files.get_mut(path) else {
            return;
        };
        file.failures.retain_mut(|failure| {
            if edit.start > failure.end {
                return true;
            }
            if edit.old_end > failure.start {
                return false;
            }
            failure.start = failure.start - edit.old_end + edit.new_end;
            failure.end = failure.end - edit.old_end + edit.new_end;
            true
        });
    }

    /// The text was replaced as a whole: no failure can be placed any more.
    pub(crate) fn replaced(&mut self, path: &Utf8Path) {
        if let Some(file) = self.files.get_mut(path) {
            file.failures.clear();
        }
    }

    /// The failures of a file, to set their ranges anew after an edit.
    pub(crate) fn failures_mut(&mut self, path: &Utf8Path) -> &mut [Failure] {
        self.files
            .get_mut(path)
            .map_or(&mut [], |file| file.failures.as_mut_slice())
    }

    /// What to send for a file now, if anything. `uri` names files that are not open.
    pub(crate) fn due(
        &mut self,
        path: &Utf8Path,
        uri: Option<Uri>,
        now: Instant,
    ) -> Option<PublishDiagnosticsParams> {
        let asked_for = match self.asked_for {
            AskedFor::Nothing => false,
            AskedFor::Open => self.files.get(path)?.open.is_some(),
            AskedFor::All => true,
        };
        let file = self.files.get_mut(path)?;
        if asked_for {
            file.findings = Findings::default();
            file.fresh = true;
        }
        let (uri, version) = match &file.open {
            Some(_) if !file.fresh => return None,
            Some((uri, version)) => (uri.clone(), Some(*version)),
            None => (uri?, None),
        };
        let shown = file.sent.as_ref().map_or(&[][..], |(shown, _)| shown);
        let mut all = visible(&file.findings, shown, file.typed(now));
        all.extend(file.failures.iter().map(|failure| failure.diagnostic.clone()));
        let nothing_new = match &file.sent {
            None => (version.is_none() || asked_for) && all.is_empty(),
            // Clients move what they show along with edits, so a new version is told where things really are.
            Some((shown, for_version)) => *shown == all && (all.is_empty() || *for_version == version),
        };
        if nothing_new {
            return None;
        }
        file.sent = Some((all.clone(), version));
        Some(PublishDiagnosticsParams::new(uri, all, version))
    }

    /// The files whose waiting findings have waited long enough, and the time until the next ones have.
    pub(crate) fn waited(&mut self, now: Instant) -> (Vec<Utf8PathBuf>, Option<Duration>) {
        let mut ready = Vec::new();
        let mut next: Option<Duration> = None;
        for (path, file) in &mut self.files {
            let Some(typing) = file.typing else { continue };
            let left = typing.until.saturating_duration_since(now);
            if left.is_zero() {
                file.typing = None;
                ready.push(path.clone());
            } else {
                next = Some(next.map_or(left, |next| next.min(left)));
            }
        }
        (ready, next)
    }
}

/// The findings without those that are new and touch the lines being typed. A finding is new if more of its kind are
/// found than are shown: where these stand says nothing, because the edit may have moved them.
pub(crate) fn visible(
    findings: &[Diagnostic],
    shown: &[Diagnostic],
    typing: Option<TypedLines>,
) -> Vec<Diagnostic> {
    let Some(TypedLines(first, last)) = typing else {
        return findings.to_vec();
    };
    let here = |it: &Diagnostic| it.range.start.line <= last && first <= it.range.end.line;
    let mut known: FxHashMap<_, usize> = FxHashMap::default();
    for old in shown {
        *known.entry((&old.code, &old.message)).or_default() += 1;
    }
    let mut take = |it| {
        let left = known.get_mut(&it).filter(|left| **left > 0);
        left.map(|left| *left -= 1).is_some()
    };
    for it in findings.iter().filter(|it| !here(it)) {
        take((&it.code, &it.message));
    }
    findings
        .iter()
        .filter(|it| !here(it) || take((&it.code, &it.message)))
        .cloned()
        .collect()
}

#[cfg(test)]
mod tests;
