//! The tree-sitter grammar of Relux and its queries, as a Rust crate.
//!
//! Invariant: nothing here knows editions; the grammar accepts the union of both and much more.

use tree_sitter_language::LanguageFn;

#[expect(unsafe_code, reason = "the generated parser is C")]
unsafe extern "C" {
    fn tree_sitter_relux() -> *const ();
}

/// The language, for `tree_sitter::Parser::set_language`.
#[expect(unsafe_code, reason = "the generated function returns a static table")]
// SAFETY: `tree_sitter_relux` is the entry point that tree-sitter generated for ABI 14.
pub const LANGUAGE: LanguageFn = unsafe { LanguageFn::from_raw(tree_sitter_relux) };

/// Kinds of nodes with their fields, as tree-sitter describes them.
pub const NODE_TYPES: &str = include_str!("../../src/node-types.json");

/// Colours: captures by the names that editors share.
pub const HIGHLIGHTS_QUERY: &str = include_str!("../../queries/highlights.scm");
/// Other languages inside of payloads.
pub const INJECTIONS_QUERY: &str = include_str!("../../queries/injections.scm");
/// What can be folded.
pub const FOLDS_QUERY: &str = include_str!("../../queries/folds.scm");
/// Indentation.
pub const INDENTS_QUERY: &str = include_str!("../../queries/indents.scm");
/// Scopes, definitions and references.
pub const LOCALS_QUERY: &str = include_str!("../../queries/locals.scm");
/// Symbols for code navigation.
pub const TAGS_QUERY: &str = include_str!("../../queries/tags.scm");
