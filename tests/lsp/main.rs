//! The language server from outside: `relux lsp` over its standard streams, on suites in real directories.

mod editing;
#[cfg(target_os = "linux")]
mod endings;
mod running;
mod session;
