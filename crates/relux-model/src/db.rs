//! The salsa database that queries run on. Its inputs are in [`crate::inputs`].
//!
//! Handles are cheap to clone, one per thread. A write waits until every other handle is dropped, and running queries
//! unwind with `salsa::Cancelled`; so no handle may be kept in a cache or across an `.await`.

pub use crate::inputs::{HostEnv, SourceFile, Suite};

/// What queries ask for. Implemented by [`RootDb`] and by nothing else outside of tests.
#[salsa::db]
pub trait Db: salsa::Database {}

/// The database. Clone it to read on another thread.
#[salsa::db]
#[derive(Clone, Default)]
pub struct RootDb {
    storage: salsa::Storage<Self>,
}

#[salsa::db]
impl salsa::Database for RootDb {}

#[salsa::db]
impl Db for RootDb {}

impl RootDb {
    /// A database that tells `callback` about every query that runs, for tests and the status page.
    pub fn with_events(callback: impl Fn(salsa::Event) + Send + Sync + 'static) -> Self {
        Self {
            storage: salsa::Storage::new(Some(Box::new(callback))),
        }
    }
}

impl std::fmt::Debug for RootDb {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RootDb")
    }
}
