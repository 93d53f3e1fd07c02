//! What one database has read of a file, for a copy of the suite in another one: the copy reads only what differs in it.

use std::sync::Arc;

use crate::db::{Db, SourceFile, Suite};
use crate::edition::{Edition, edition};
use crate::items::Name;
use crate::lints::{Call, calls_in, mentioned_in};
use crate::lower::{Lowered, lowered};

/// Everything that is asked of a file whose text did not change when others did.
#[derive(Debug, Clone)]
pub struct Known {
    pub(crate) lowered: Lowered,
    /// The rest holds as long as the file is read in this edition.
    pub(crate) edition: Edition,
    pub(crate) calls: Arc<[Call]>,
    pub(crate) mentioned: Arc<[Name]>,
}

impl Known {
    pub(crate) fn of(db: &dyn Db, suite: Suite, file: SourceFile) -> Self {
        Self {
            lowered: lowered(db, file).clone(),
            edition: edition(db, suite, file).edition,
            calls: Arc::clone(calls_in(db, suite, file)),
            mentioned: Arc::clone(mentioned_in(db, suite, file)),
        }
    }
}

/// What is known of a file, if it still holds.
pub(crate) fn known(db: &dyn Db, suite: Suite, file: SourceFile) -> Option<&Known> {
    let known = file.known(db).as_ref()?;
    (known.edition == edition(db, suite, file).edition).then_some(known)
}
