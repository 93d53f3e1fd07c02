//! What is known of a suite, for people who wonder why it is read the way it is.

use std::collections::BTreeMap;

use relux_model::edition::{EditionSource, edition};
use relux_model::{Db, Suite};

/// A loaded suite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuiteStatus {
    /// Directory of the manifest, or of the only file.
    pub root: String,
    /// Whether there is a manifest.
    pub manifest: bool,
    /// Number of modules.
    pub modules: usize,
    /// The editions of its modules and why they have them.
    pub editions: Vec<EditionStatus>,
}

/// Modules of one edition for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditionStatus {
    /// As in the manifest.
    pub edition: &'static str,
    /// What says so.
    pub because: &'static str,
    /// Number of such modules.
    pub modules: usize,
}

pub(crate) fn status(db: &dyn Db, suite: Suite) -> SuiteStatus {
    let mut editions: BTreeMap<(&'static str, &'static str), usize> = BTreeMap::new();
    for &file in suite.files(db).iter() {
        let found = edition(db, suite, file);
        *editions
            .entry((found.edition.as_str(), because(found.source)))
            .or_default() += 1;
    }
    SuiteStatus {
        root: suite.root(db).to_string(),
        manifest: suite.manifest_file(db).is_some(),
        modules: suite.files(db).len(),
        editions: editions
            .into_iter()
            .map(|((edition, because), modules)| EditionStatus {
                edition,
                because,
                modules,
            })
            .collect(),
    }
}

const fn because(source: EditionSource) -> &'static str {
    match source {
        EditionSource::Manifest => "the manifest says so",
        EditionSource::Evidence => "forms in the module itself",
        EditionSource::Neighbours => "modules that it imports or that import it",
        EditionSource::Majority => "most modules of the suite",
        EditionSource::Default => "nothing says anything",
    }
}
