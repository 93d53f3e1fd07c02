//! The language server protocol edge.
