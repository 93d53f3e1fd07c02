//! What an editor can ask about a suite: one module per feature, plain data in and out.
//!
//! Invariant: positions are byte offsets, files are paths. Nothing here knows the editor protocol, threads of a server
//! or the disk; files come through the `System` that the host is given.

mod actions;
mod analysis;
mod code_lenses;
mod completion;
mod definition;
mod diagnostics;
mod document_links;
mod document_symbols;
pub mod effect_graph;
mod first_look;
mod folding_ranges;
mod formatting;
mod fuzzy;
mod hierarchy;
mod host;
mod hover;
mod inlay_hints;
mod move_files;
mod places;
mod references;
mod rename;
mod scratch;
mod selection_ranges;
mod semantic_tokens;
mod signature_help;
mod status;
mod suites;
#[cfg(test)]
mod test_suite;
mod test_tree;
mod typed_statement;
mod workspace_symbols;

pub use actions::{Action, ActionKind, ActionRequest};
pub use analysis::{Analysis, CancelHandle, Cancellable, Cancelled};
pub use code_lenses::{Lens, LensKind};
pub use completion::{Completed, CompletionItem, CompletionKind, Completions, Insert};
pub use definition::Definition;
pub use document_links::Link;
pub use document_symbols::{Symbol, SymbolKind};
pub use first_look::first_look;
pub use folding_ranges::{Fold, FoldKind};
pub use formatting::Formatting;
pub use hierarchy::{Calls, Hierarchy, HierarchyItem, HierarchyKind};
pub use host::{AnalysisHost, DiskChange};
pub use hover::Hover;
pub use inlay_hints::{HintKind, InlayHint, WantedHints};
pub use places::Target;
pub use references::{Access, Reference};
pub use relux_model::diagnostics::Step;
pub use relux_model::discover;
pub use relux_model::system;
pub use relux_model::system::System;
pub use relux_model::{ItemId, ItemKind};
pub use relux_syntax::{
    Applicability, Code, Diagnostic, Edit, Encoding, Fix, LineColumn, LineIndex, Related, Severity, TextRange,
};
pub use rename::{FileEdits, Refused, Renameable};
pub use semantic_tokens::{SemanticToken, TokenKind, TokenModifiers};
pub use signature_help::{Signature, SignatureHelp};
pub use status::{EditionStatus, SuiteStatus};
pub use suites::Standing;
pub use test_tree::{TestFile, TestItem, TestSuite};
pub use workspace_symbols::FoundSymbol;

/// What a user should know about a diagnostic, in Markdown; `None` for a code that there is not.
pub fn explain(code: &str) -> Option<&'static str> {
    relux_model::codes::rule(code).map(|rule| rule.page)
}
