//! `workspace/didChangeConfiguration`: the user has changed settings. A client that can be asked is asked for them; of the
//! others they come along.

use tower_lsp_server::ls_types::DidChangeConfigurationParams;

use crate::settings::SECTION;
use crate::state::State;

pub(super) fn apply(state: &mut State, params: &DidChangeConfigurationParams) {
    if state.session.has_configuration {
        state.ask_for_settings();
    } else if let Some(section) = params.settings.get(SECTION) {
        state.set(section);
    }
}
