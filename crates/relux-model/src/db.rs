//! The salsa database that queries run on. Its inputs are in [`crate::inputs`].
//!
//! Handles are cheap to clone, one per thread. A write waits until every other handle is dropped, and running queries
//! unwind with `salsa::Cancelled`; so no handle may be kept in a cache or across an `.await`.

pub use crate::inputs::{HostEnv, SourceFile, Suite};

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What queries ask for. Implemented by [`RootDb`] and by nothing else outside of tests.
#[salsa::db]
pub trait Db: salsa::Database {
    /// A tree was made, which takes room until trees are dropped.
    fn made_a_tree(&self);
}

/// The database. Clone it to read on another thread.
#[salsa::db]
#[derive(Clone, Default)]
pub struct RootDb {
    storage: salsa::Storage<Self>,
    trees: Arc<AtomicUsize>,
}

#[salsa::db]
impl salsa::Database for RootDb {}

#[salsa::db]
impl Db for RootDb {
    fn made_a_tree(&self) {
        self.trees.fetch_add(1, Ordering::Relaxed);
    }
}

impl RootDb {
    /// A database that tells `callback` about every query that runs, for tests and the status page.
    pub fn with_events(callback: impl Fn(salsa::Event) + Send + Sync + 'static) -> Self {
        Self {
            storage: salsa::Storage::new(Some(Box::new(callback))),
            trees: Arc::default(),
        }
    }

    /// How many trees were made since they were dropped last, by all handles.
    pub fn trees_made(&self) -> usize {
        self.trees.load(Ordering::Relaxed)
    }

    /// Drops the trees and bodies of all but the files that were read last. Stops whoever reads.
    pub fn drop_trees(&mut self) {
        salsa::Database::trigger_lru_eviction(self);
        self.trees.store(0, Ordering::Relaxed);
    }
}

impl std::fmt::Debug for RootDb {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RootDb")
    }
}
