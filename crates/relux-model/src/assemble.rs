//! From the model to what a run executes: the selected tests with everything they reach.
//!
//! What the checker objects to does not run: a test becomes invalid if its own module or one that it reaches has an
//! error. Errors inside of other tests do not count, so that one broken test leaves its neighbours alone. Whatever
//! cannot be planned, or would never end, makes a test invalid too, whatever the checker says.

mod convert;
mod definitions;
mod errors;
mod selection;

use std::sync::Arc;

use crate::db::{Db, Suite};
use crate::plan::{InvalidTest, Program, RunSettings, TestEntry, TestPlan};
use definitions::Builder;
use errors::ModuleErrors;
pub use selection::{Selection, UnknownSelection, test_ids};

/// Everything a run needs.
#[derive(Debug)]
pub struct Assembly {
    /// What the plans share.
    pub program: Program,
    /// The selected tests in path order, then in source order.
    pub tests: Vec<TestEntry>,
    /// Parallel to `tests`: what is known of each, also of those that cannot run.
    pub plans: Vec<Arc<TestPlan>>,
    /// The settings of the suite.
    pub settings: RunSettings,
    /// Parts of the selection that mean nothing.
    pub unknown: Vec<UnknownSelection>,
}

/// Plans the selected tests of a suite.
pub fn assemble(db: &dyn Db, suite: Suite, selection: &Selection) -> Assembly {
    let (selected, unknown) = selection::select(db, suite, selection);
    let mut builder = Builder::new(db, suite);
    let mut errors = ModuleErrors::new(db, suite);
    let mut tests = Vec::with_capacity(selected.len());
    let mut plans = Vec::with_capacity(selected.len());
    for test in &selected {
        let Some((plan, reach)) = builder.test(test) else {
            continue;
        };
        let lines = errors.of_test(&test.def, &reach);
        let plan = Arc::new(plan);
        tests.push(if lines.is_empty() {
            TestEntry::Ready(Arc::clone(&plan))
        } else {
            TestEntry::Invalid(InvalidTest {
                id: plan.id.clone(),
                name: plan.name.clone(),
                file: plan.file.clone(),
                errors: lines,
            })
        });
        plans.push(plan);
    }
    Assembly {
        program: builder.finish(),
        tests,
        plans,
        settings: crate::manifest::manifest(db, suite).run_settings(suite.root(db)),
        unknown,
    }
}
