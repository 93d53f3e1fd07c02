//! `initialized`: the client takes registrations and questions now. It is asked for the user's settings, to tell when they
//! change, and to watch what suites are made of; where it shows tests, suites are looked for.

use serde_json::json;
use tower_lsp_server::ls_types::Registration;

use crate::settings::SECTION;
use crate::state::State;

/// Everything that can change what a suite means.
const WATCHED: [&str; 3] = ["**/*.relux", "**/Relux.toml", "**/.env"];

pub(super) fn apply(state: &mut State) {
    if let Some(section) = state.session.first_settings.clone() {
        state.set(&section);
    }
    if state.session.has_configuration {
        state.ask_for_settings();
    }
    state.look_for_suites();
    let mut registrations = Vec::new();
    if state.session.watches_files {
        let watchers = WATCHED.map(|pattern| json!({ "globPattern": pattern }));
        registrations.push(Registration {
            id: "relux-files".to_owned(),
            method: "workspace/didChangeWatchedFiles".to_owned(),
            register_options: Some(json!({ "watchers": watchers })),
        });
    } else {
        state.watch_disk();
    }
    if state.session.tells_configuration {
        registrations.push(Registration {
            id: "relux-settings".to_owned(),
            method: "workspace/didChangeConfiguration".to_owned(),
            register_options: Some(json!({ "section": SECTION })),
        });
    }
    if !registrations.is_empty() {
        state.outbox.register(registrations);
    }
}
