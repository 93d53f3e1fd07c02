//! The progress display of one run. Does nothing where the client has none.

use tower_lsp_server::ls_types::{
    ProgressParams, ProgressParamsValue, ProgressToken, WorkDoneProgress, WorkDoneProgressBegin,
    WorkDoneProgressEnd, WorkDoneProgressReport,
};

use crate::outbox::Outbox;
use crate::runs::Order;

/// Shows how far a run is.
pub(super) struct Progress {
    outbox: Outbox,
    token: Option<ProgressToken>,
}

impl Progress {
    /// Begins, on the token of the client or on one that the client is asked to show.
    pub(super) async fn begin(outbox: Outbox, order: &Order, token: ProgressToken) -> Self {
        let shown = order.token.is_some() || (order.progress && outbox.create_progress(token.clone()).await);
        let progress = Self {
            outbox,
            token: shown.then_some(token),
        };
        progress.send(WorkDoneProgress::Begin(WorkDoneProgressBegin {
            title: format!("relux run {}", order.target.file_name().unwrap_or_default()),
            cancellable: Some(true),
            message: None,
            percentage: Some(0),
        }));
        progress
    }

    /// So many of so many tests are over.
    pub(super) fn report(&self, done: usize, total: usize, message: String) {
        let percentage = (done * 100)
            .checked_div(total)
            .map_or(0, |percent| percent.min(100) as u32);
        self.send(WorkDoneProgress::Report(WorkDoneProgressReport {
            cancellable: Some(true),
            message: Some(message),
            percentage: Some(percentage),
        }));
    }

    /// It is over.
    pub(super) fn end(self, message: String) {
        self.send(WorkDoneProgress::End(WorkDoneProgressEnd {
            message: Some(message),
        }));
    }

    fn send(&self, value: WorkDoneProgress) {
        if let Some(token) = &self.token {
            self.outbox.progress(&ProgressParams {
                token: token.clone(),
                value: ProgressParamsValue::WorkDone(value),
            });
        }
    }
}
