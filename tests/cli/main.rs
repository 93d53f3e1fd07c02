//! The command line from outside: arguments, output, exit codes.

mod book;
mod check;
mod completions;
mod explain;
mod fix;
mod fmt;
mod graph;
mod init;
mod list;
mod man;
mod migrate;
mod mistakes;
mod odd_files;
mod reports;
mod run;
mod schema;
mod usage;
