//! Before and after: the one helper of the tests of all actions.
//!
//! A selection stands between two marks `<|>`, a cursor is one of them. What comes out is the files that change, each under
//! its path.

use super::{Action, ActionRequest};
use crate::test_suite::{Edited, TestSuite};
use crate::{Analysis, FileEdits, Refused, TextRange};

const MARK: &str = "<|>";

struct Case {
    suite: TestSuite,
    range: TextRange,
}

impl Case {
    fn new(text: &str) -> Self {
        let (start, length) = match text.match_indices(MARK).collect::<Vec<_>>()[..] {
            [(start, _), (end, _)] => (start, end - start - MARK.len()),
            [(start, _)] => (start, 0),
            _ => panic!("one mark or two"),
        };
        let rest = text[start + MARK.len()..].replacen(MARK, "", 1);
        let suite = TestSuite::new(&format!("{}{rest}", &text[..start + MARK.len()]));
        let range = TextRange::new(suite.offset, suite.offset + length as u32);
        Self { suite, range }
    }

    fn actions(&self) -> Vec<Action> {
        let request = ActionRequest {
            range: self.range,
            wants: &|_| true,
            invoked: true,
        };
        let analysis = self.suite.analysis();
        analysis
            .actions(&self.suite.file, &request)
            .expect("nothing writes")
    }

    fn edits(&self, action: &Action) -> Result<Vec<FileEdits>, Refused> {
        match &action.edits {
            Some(edits) => Ok(edits.clone()),
            None => self
                .suite
                .analysis()
                .resolve_action(&self.suite.file, self.range, &action.id)
                .expect("nothing writes"),
        }
    }
}

/// The titles of everything that is offered.
pub(super) fn titles(text: &str) -> Vec<String> {
    Case::new(text).actions().into_iter().map(|it| it.title).collect()
}

/// Whether an action is offered.
pub(super) fn offered(id: &str, text: &str) -> bool {
    Case::new(text).actions().iter().any(|it| it.id == id)
}

#[track_caller]
pub(super) fn check(id: &str, text: &str, expected: &str) {
    compare(|it| it.id == id, text, expected);
}

#[track_caller]
pub(super) fn check_titled(title: &str, text: &str, expected: &str) {
    compare(|it| it.title == title, text, expected);
}

#[track_caller]
fn compare(wanted: impl Fn(&Action) -> bool, text: &str, expected: &str) {
    let case = Case::new(text);
    let actions = case.actions();
    let titles: Vec<&String> = actions.iter().map(|it| &it.title).collect();
    let Some(action) = actions.iter().find(|it| wanted(it)) else {
        panic!("offered are {titles:#?} in\n{text}");
    };
    match case.edits(action) {
        Ok(files) => assert_eq!(changed(&case.suite.analysis(), &files), expected, "in\n{text}"),
        Err(Refused(reason)) => panic!("refused: {reason} in\n{text}"),
    }
}

/// Every changed file under its path.
fn changed(analysis: &Analysis, files: &[FileEdits]) -> String {
    let files = files.iter().map(|file| Edited::new(analysis, file));
    let shown: Vec<String> = files.map(|it| format!("{}\n{}", it.path, it.after)).collect();
    shown.concat()
}
