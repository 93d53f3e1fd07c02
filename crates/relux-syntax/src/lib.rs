//! Text to typed tree, and everything that can be said about one file alone.
//!
//! Invariant: nothing here knows salsa, the file system, other files or the editor protocol. All positions are
//! byte offsets into the UTF-8 text of one file.
//!
//! Start with [`parse`]; [`Parse::module`] is the root of the typed nodes in [`ast`].

pub mod ast;
pub mod diagnostic;
pub mod duration;
pub mod line_index;
pub mod names;
pub mod nearest;
mod parse;
pub mod range;
pub mod validation;

pub use ast::{AstNode, SyntaxKind, SyntaxNode};
pub use diagnostic::{Applicability, Code, Diagnostic, Edit, Fix, Related, Severity};
pub use line_index::{Encoding, LineColumn, LineIndex};
pub use parse::{Parse, parse, reparse, reparse_incrementally};
pub use range::TextRange;
pub use validation::validate;
