//! The command line from outside: arguments, output, exit codes.

mod book;
mod check;
mod explain;
mod fix;
mod graph;
mod init;
mod list;
mod migrate;
mod mistakes;
mod run;
mod schema;
mod usage;
