//! A copy of a suite with other texts, to look at what an edit would make of it. Of the other files it takes over what is
//! known.
//!
//! It is a database of its own, which is dropped afterwards; the one of the editor never sees the new texts.

use std::sync::Arc;

use relux_model::diagnostics::{Step, prepare};
use relux_model::{Db, RootDb, SourceFile, Suite};
use rustc_hash::FxHashMap;

use crate::analysis::look;

/// Trees are dropped after so many files.
const ROUND: usize = 128;

/// The copy.
pub(crate) struct Scratch {
    pub(crate) db: RootDb,
    pub(crate) suite: Suite,
    /// Where each file of the original went.
    pub(crate) twins: FxHashMap<SourceFile, SourceFile>,
}

impl Scratch {
    /// A suite with new texts for some of its files. Unwinds as soon as somebody types.
    pub(crate) fn new(db: &dyn Db, suite: Suite, texts: &FxHashMap<SourceFile, Arc<str>>) -> Self {
        let mut copy = RootDb::default();
        let mut twins = FxHashMap::default();
        let mut twin = |file: SourceFile, is_module: bool| {
            look(db);
            let new = match texts.get(&file) {
                None if is_module => file.copy(db, suite, &copy),
                text => {
                    let text = text.unwrap_or_else(|| file.text(db)).clone();
                    let (path, problem) = (file.path(db).clone(), file.problem(db).clone());
                    SourceFile::create_with_problem(&copy, path, text, problem)
                }
            };
            twins.insert(file, new);
            new
        };
        let modules: Vec<SourceFile> = suite.files(db).iter().map(|it| twin(*it, true)).collect();
        let dot_envs = suite
            .dot_env_files(db)
            .iter()
            .map(|it| twin(*it, false))
            .collect();
        let manifest = suite.manifest_file(db).map(|it| twin(it, false));
        let copied = Suite::create(
            &copy,
            suite.root(db).clone(),
            modules,
            manifest,
            dot_envs,
            suite.host_env(db).as_ref().clone(),
        );
        // What is new is read once and its trees are dropped again; here is the time to notice that somebody types.
        let originals = suite.files(db).iter().filter(|file| texts.contains_key(file));
        let new: Vec<SourceFile> = originals.map(|file| twins[file]).collect();
        for round in new.chunks(ROUND) {
            for &file in round {
                look(db);
                prepare(&copy, copied, file, Step::Lower);
            }
            copy.drop_trees();
        }
        Self {
            db: copy,
            suite: copied,
            twins,
        }
    }
}
