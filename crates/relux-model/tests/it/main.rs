//! Tests of the model over fixtures: suites in, diagnostics and facts out.

mod check;
mod conflicts;
mod definitions;
mod discovery;
mod expects;
mod imports;
mod settings;
mod starts;
