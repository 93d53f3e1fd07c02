//! The real server in memory, driven by a scripted editor. Suites live in memory too.

mod actions;
mod cancelling;
mod completion;
mod conformance;
mod disk;
mod explorer;
mod floods;
mod folders;
mod formatting;
mod harness;
mod inlay_hints;
mod lifecycle;
mod malformed;
mod navigation;
mod ordering;
mod pulling;
mod refreshing;
mod runs;
mod semantic_tokens;
mod settings;
mod typing;
mod watching;

#[expect(
    unreachable_pub,
    reason = "the same client drives the built program, which needs all of it"
)]
#[path = "../../../../tests/src/lsp_client.rs"]
mod lsp_client;
