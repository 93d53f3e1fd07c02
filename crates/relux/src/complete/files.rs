//! Candidates for paths: directories and modules.

use std::ffi::OsStr;
use std::path::Path;

use clap_complete::engine::{CompletionCandidate, PathCompleter, ValueCompleter};

/// Directories and `.relux` files that begin like this, but no results of runs.
pub(crate) fn modules(current: &OsStr) -> Vec<CompletionCandidate> {
    let module = |path: &Path| path.extension().is_some_and(|extension| extension == "relux");
    let mut found = PathCompleter::any().filter(module).complete(current);
    // Directories are always kept, so that people can go on to what lies below.
    found.retain(|candidate| !Path::new(candidate.get_value()).ends_with("relux/out"));
    found
}
