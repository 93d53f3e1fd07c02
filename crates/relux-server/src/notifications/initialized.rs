//! `initialized`: the client takes registrations now, so it is asked to watch what suites are made of; where it shows
//! tests, suites are looked for.

use serde_json::json;
use tower_lsp_server::ls_types::Registration;

use crate::state::State;

/// Everything that can change what a suite means.
const WATCHED: [&str; 3] = ["**/*.relux", "**/Relux.toml", "**/.env"];

pub(super) fn apply(state: &State) {
    state.look_for_suites();
    if !state.session.watches_files {
        return;
    }
    let watchers = WATCHED.map(|pattern| json!({ "globPattern": pattern }));
    state.outbox.register(vec![Registration {
        id: "relux-files".to_owned(),
        method: "workspace/didChangeWatchedFiles".to_owned(),
        register_options: Some(json!({ "watchers": watchers })),
    }]);
}
