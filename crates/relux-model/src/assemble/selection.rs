//! Which tests are meant: by path of a file or directory, by name, by id.

use crate::db::{Db, SourceFile, Suite};
use crate::items::{Def, item_index};
use relux_syntax::nearest::nearest;

/// What to run. Empty lists select everything; files and tests restrict each other.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Paths of modules or directories below the suite root, with `/` separators: `relux/tests/db`.
    pub files: Vec<String>,
    /// Names as written, or ids.
    pub tests: Vec<String>,
}

/// A part of a selection that selects nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnknownSelection {
    /// No module has this path or lies below it.
    File {
        /// As given.
        given: String,
        /// The path that was probably meant.
        nearest: Option<String>,
    },
    /// No test of the selected files has this name or id.
    Test {
        /// As given.
        given: String,
        /// The name or id that was probably meant.
        nearest: Option<String>,
        /// Paths of files that hold such a test but are not selected, in order.
        elsewhere: Vec<String>,
    },
}

/// A selected test.
pub(super) struct Selected {
    pub(super) def: Def,
    pub(super) id: String,
}

/// The ids of the tests of a file, parallel to `ItemIndex::tests`: unique in the suite and pasteable into
/// `relux run -t`.
#[salsa::tracked(returns(ref))]
pub fn test_ids(db: &dyn Db, file: SourceFile) -> Vec<String> {
    let path: &str = file.path(db);
    let module = path.strip_prefix("relux/tests/").unwrap_or(path);
    let module = module.strip_suffix(".relux").unwrap_or(module);
    let mut taken = rustc_hash::FxHashMap::<String, u32>::default();
    let mut ids: Vec<String> = Vec::new();
    for test in &item_index(db, file).tests {
        let slug = match test.slug() {
            slug if slug.is_empty() => "unnamed".to_owned(),
            slug => slug,
        };
        let base = format!("{module}/{slug}");
        let count = taken.entry(base.clone()).or_default();
        let mut id = base.clone();
        while *count > 0 && (id == base || ids.contains(&id)) {
            *count += 1;
            id = format!("{base}-{count}");
        }
        *count += u32::from(*count == 0);
        taken.entry(id.clone()).or_insert(1);
        ids.push(id);
    }
    ids
}

/// The selected tests in path order, and what could not be found.
pub(super) fn select(
    db: &dyn Db,
    suite: Suite,
    selection: &Selection,
) -> (Vec<Selected>, Vec<UnknownSelection>) {
    let mut unknown = Vec::new();
    let files = select_files(db, suite, &selection.files, &mut unknown);
    let mut known = vec![false; selection.tests.len()];
    let mut selected = Vec::new();
    for &file in &files {
        let tests = &item_index(db, file).tests;
        for (test, id) in tests.iter().zip(test_ids(db, file)) {
            let mut wanted = selection.tests.is_empty();
            for (given, known) in selection.tests.iter().zip(&mut known) {
                if given == test.name().as_str() || given == id {
                    *known = true;
                    wanted = true;
                }
            }
            if wanted {
                let def = Def {
                    file,
                    id: test.id.clone(),
                };
                selected.push(Selected { def, id: id.clone() });
            }
        }
    }
    for (given, _) in selection.tests.iter().zip(&known).filter(|(_, known)| !**known) {
        unknown.push(UnknownSelection::Test {
            given: given.clone(),
            nearest: nearest_test(db, &files, given),
            elsewhere: files_with(db, suite, given),
        });
    }
    (selected, unknown)
}

fn select_files(
    db: &dyn Db,
    suite: Suite,
    given: &[String],
    unknown: &mut Vec<UnknownSelection>,
) -> Vec<SourceFile> {
    let files = suite.files(db);
    if given.is_empty() {
        return files.to_vec();
    }
    let lies_in = |file: SourceFile, given: &str| {
        let given = given.trim_end_matches('/');
        let path: &str = file.path(db);
        given.is_empty()
            || path
                .strip_prefix(given)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    for given in given {
        if !files.iter().any(|file| lies_in(*file, given)) {
            unknown.push(UnknownSelection::File {
                given: given.clone(),
                nearest: nearest(given, files.iter().map(|file| &**file.path(db))).map(str::to_owned),
            });
        }
    }
    let wanted = |file: &&SourceFile| given.iter().any(|given| lies_in(**file, given));
    files.iter().filter(wanted).copied().collect()
}

/// All files of the suite that hold a test of this name or id.
fn files_with(db: &dyn Db, suite: Suite, given: &str) -> Vec<String> {
    let holds = |file: &&SourceFile| {
        let mut names = item_index(db, **file)
            .tests
            .iter()
            .map(|test| test.name().as_str());
        names.any(|name| name == given) || test_ids(db, **file).iter().any(|id| id == given)
    };
    let files = suite.files(db).iter().filter(holds);
    files.map(|file| file.path(db).to_string()).collect()
}

fn nearest_test(db: &dyn Db, files: &[SourceFile], given: &str) -> Option<String> {
    let names = files.iter().flat_map(|file| {
        item_index(db, *file)
            .tests
            .iter()
            .map(|test| test.name().as_str())
    });
    let ids = files
        .iter()
        .flat_map(|file| test_ids(db, *file).iter().map(String::as_str));
    let by_slug = crate::items::slug(given);
    nearest(given, names.chain(ids.clone()))
        .or_else(|| {
            let slug = |id: &&str| id.rsplit('/').next() == Some(&by_slug);
            ids.clone().find(slug)
        })
        .map(str::to_owned)
}
