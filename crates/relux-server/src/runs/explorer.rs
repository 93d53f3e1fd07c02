//! The state thread's share of test explorers: finds suites before a file is open, and tells when tests have changed.
//!
//! Only for clients that asked for it: the others would pay for the search and read the news to nobody.

use camino::Utf8PathBuf;
use relux_ide::discover::{find_root, roots_below};
use rustc_hash::FxHashMap;

use crate::event::Event;
use crate::pool::Lane;
use crate::state::State;
use crate::uri::uri_of;

/// More changed files than this are told as "everything".
const MOST_FILES: usize = 100;

/// What the client was told last: files with tests, each with its mark. `None` before the first time.
#[derive(Default)]
pub(crate) struct ShownTests(Option<FxHashMap<Utf8PathBuf, u64>>);

impl ShownTests {
    /// The files that differ from `marks`, which are remembered. `None` stands for all.
    fn update(&mut self, marks: Vec<(Utf8PathBuf, u64)>) -> Option<Vec<Utf8PathBuf>> {
        let new: FxHashMap<Utf8PathBuf, u64> = marks.into_iter().collect();
        let old = self.0.replace(new);
        let (old, new) = (old?, self.0.as_ref()?);
        let changed = new.iter().filter(|(path, mark)| old.get(*path) != Some(*mark));
        let gone = old.keys().filter(|path| !new.contains_key(*path));
        let mut files: Vec<Utf8PathBuf> = changed.map(|(path, _)| path).chain(gone).cloned().collect();
        files.sort();
        (files.len() <= MOST_FILES).then_some(files)
    }
}

impl State {
    /// Looks for suites in the folders of the workspace, in the background.
    pub(crate) fn look_for_suites(&self) {
        let (system, queue) = (self.system.clone(), self.queue.clone());
        let folders = self.session.folders.clone();
        self.pool.spawn(Lane::Diagnostics, move || {
            let mut roots: Vec<Utf8PathBuf> = Vec::new();
            for folder in folders {
                roots.extend(find_root(&*system, &folder));
                roots.extend(roots_below(&*system, &folder));
            }
            queue.send(Event::Suites(roots));
        });
    }

    /// Loads suites that were found, unless their folder has gone meanwhile.
    pub(crate) fn found_suites(&mut self, roots: &[Utf8PathBuf]) {
        let folders = self.session.folders.clone();
        let at = |root: &&Utf8PathBuf| {
            folders
                .iter()
                .any(|it| root.starts_with(it) || it.starts_with(root))
        };
        self.write(|host| {
            for root in roots.iter().filter(at) {
                host.load_suite(root);
            }
        });
        self.index_what_was_loaded();
    }

    /// Tells the client which tests are others than it was told last.
    pub(crate) fn compare_tests(&mut self, marks: Vec<(Utf8PathBuf, u64)>) {
        match self.shown_tests.update(marks) {
            None => self.outbox.tests_changed(None),
            Some(files) if files.is_empty() => {}
            Some(files) => {
                let open = |path: &Utf8PathBuf| self.documents.get(path).map(|it| it.uri.clone());
                let uris = files.iter().filter_map(|it| open(it).or_else(|| uri_of(it)));
                self.outbox.tests_changed(Some(uris.collect()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(all: &[(&str, u64)]) -> Vec<(Utf8PathBuf, u64)> {
        all.iter()
            .map(|(path, mark)| (Utf8PathBuf::from(*path), *mark))
            .collect()
    }

    #[test]
    fn only_what_differs_is_told() {
        let mut shown = ShownTests::default();
        assert_eq!(shown.update(marks(&[("a", 1), ("b", 1)])), None);
        assert_eq!(shown.update(marks(&[("a", 1), ("b", 1)])), Some(vec![]));
        let found = shown.update(marks(&[("a", 2), ("c", 1)]));
        assert_eq!(found, Some(vec!["a".into(), "b".into(), "c".into()]));
        let many: Vec<_> = (0..=MOST_FILES).map(|it| (it.to_string().into(), 1)).collect();
        assert_eq!(shown.update(many), None);
    }
}
