//! The `iedassay` command.
fn main() {}
