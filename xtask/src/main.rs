//! Repository chores: `cargo xtask codegen`, `tidy` and `bench`.
fn main() {}
