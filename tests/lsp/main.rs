//! The language server from outside: `relux lsp` over its standard streams, on suites in real directories.

mod editing;
mod running;
mod session;
