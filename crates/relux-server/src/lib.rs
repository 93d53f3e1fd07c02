//! The language server: the protocol at the edge, everything else in `relux-ide`.
//!
//! Invariant: protocol types and column encodings stop here, and no analysis happens here. One thread owns the state
//! and sees every message in the order of the wire; requests read snapshots on a small pool; nothing ever waits for
//! the client.

mod backend;
mod capabilities;
mod convert;
mod documents;
mod event;
mod front;
mod indexing;
mod notifications;
mod outbox;
mod output;
mod parent;
mod pool;
mod positions;
mod publisher;
mod pulls;
mod reply;
mod requests;
mod runs;
mod session;
mod settings;
mod shown;
mod snapshot;
mod state;
mod stats;
mod stdio;
mod tokens;
mod uri;
mod watcher;
mod wire;
mod workspace_edit;

pub use relux_ide::System;
pub use stdio::{Ending, Options, run_stdio, serve};
