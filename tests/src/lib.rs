//! What all end-to-end tests share: the built binary, scratch suites, captured output.
//!
//! These tests know the program only from outside: arguments, files, standard streams, exit codes.
#![expect(clippy::missing_panics_doc, reason = "helpers of tests fail by panicking")]

pub mod binary;
pub mod lsp_client;
pub mod lsp_session;
pub mod scratch;

pub use binary::relux_bin;
pub use lsp_client::LspClient;
pub use lsp_session::LspSession;
pub use scratch::{Outcome, Scratch, repository};
