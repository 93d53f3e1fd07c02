//! A list of tests as data, and one file per format to print it.

pub(crate) mod human;
pub(crate) mod json;

use std::sync::Arc;

use relux_model::plan::{EffectId, Loc, Program, TestPlan};

/// The tests of a suite, or the selected ones.
pub(crate) struct Listing {
    /// Name of the suite.
    pub(crate) suite: String,
    /// In path order, then in source order.
    pub(crate) tests: Vec<Listed>,
    /// What the plans refer to.
    pub(crate) program: Arc<Program>,
    /// What to put before a path so that it leads there from the current directory; empty or ends in `/`.
    pub(crate) prefix: String,
}

/// A test in a list.
pub(crate) struct Listed {
    pub(crate) plan: Arc<TestPlan>,
    pub(crate) verdict: Decided,
    /// Effects that it reaches, in order of start.
    pub(crate) effects: Vec<EffectId>,
}

/// What a run would do with a test now.
pub(crate) enum Decided {
    Run,
    Flaky,
    /// For this reason.
    Skip(String),
    /// Its markers cannot be evaluated.
    Fails(String),
    /// Its module or one that it reaches has errors, one line each.
    Invalid(Vec<String>),
}

impl Decided {
    /// The word for it.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Flaky => "flaky",
            Self::Skip(_) => "skip",
            Self::Fails(_) => "fail",
            Self::Invalid(_) => "invalid",
        }
    }

    /// Whether a run of it can be green.
    pub(crate) fn is_good(&self) -> bool {
        matches!(self, Self::Run | Self::Flaky | Self::Skip(_))
    }
}

impl Listing {
    /// The source of a place, in one line.
    fn text(&self, loc: Loc) -> &str {
        let file = self.program.files.get(loc.file.0 as usize);
        file.and_then(|file| file.text.get(loc.range.start as usize..loc.range.end as usize))
            .map_or("", str::trim)
    }
}

/// The first line of the docstring.
fn doc_line(plan: &TestPlan) -> Option<&str> {
    plan.doc
        .as_deref()?
        .lines()
        .next()
        .filter(|line| !line.is_empty())
}
