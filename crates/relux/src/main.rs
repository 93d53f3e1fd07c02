//! The `relux` command.
fn main() {}
