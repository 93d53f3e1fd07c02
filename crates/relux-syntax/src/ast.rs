//! Typed nodes: what the grammar parsed, under the names that the rest of the project uses.
//!
//! Accessors return `Option` or iterators, because broken text is the normal case in an editor; nothing here reports
//! mistakes. Structs and enums are generated; the modules beside add what fields alone do not say.

mod blocks;
mod generated;
mod items;
mod node;
mod statements;
mod text;
mod tree;

pub use generated::*;
pub use items::{Entry, ExposeForm, ExposeKind};
pub use node::{AstNode, Children, Descendants, SyntaxNode, Token};
pub use statements::ExpressionParse;
pub use text::{DecodedPiece, PieceValue, TextMode};
pub(crate) use tree::FlatTree;
