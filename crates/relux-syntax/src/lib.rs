//! Text to typed tree, and everything that can be said about one file alone.
//!
//! Invariant: nothing here knows salsa, the file system, other files or the editor protocol. All positions are
//! byte offsets into the UTF-8 text of one file.

pub mod diagnostic;
pub mod range;

pub use diagnostic::{Applicability, Code, Diagnostic, Edit, Fix, Related, Severity};
pub use range::TextRange;
