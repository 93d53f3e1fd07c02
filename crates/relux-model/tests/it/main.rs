//! Tests of the model over fixtures: suites in, diagnostics and facts out.

mod check;
mod conflicts;
mod expects;
mod imports;
mod starts;
