//! `window/workDoneProgress/cancel`: somebody pressed the button on the progress of a test run.

use tower_lsp_server::ls_types::WorkDoneProgressCancelParams;

use crate::state::State;

pub(super) fn apply(state: &mut State, params: &WorkDoneProgressCancelParams) {
    state.runs.cancel_progress(&params.token);
}
