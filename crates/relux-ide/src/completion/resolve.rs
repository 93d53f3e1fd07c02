//! What is written about a completion, asked for when it is looked at.

use relux_model::{Db, Def};

use super::Completed;
use crate::hover::{effect_page, function_page, module_page};
use crate::suites::Suites;

/// Markdown about a completion; `None` if it is gone.
pub(crate) fn documentation(db: &dyn Db, suites: &Suites, about: &Completed) -> Option<String> {
    match about {
        Completed::Module(path) => Some(module_page(db, suites.entry(path)?.file)),
        Completed::Item { file, id } => {
            let entry = suites.entry(file)?;
            let def = Def {
                file: entry.file,
                id: id.clone(),
            };
            effect_page(db, entry, &def).or_else(|| function_page(db, &def))
        }
    }
}
