//! Parity with the published tools, as data: what they accept is accepted, what both reject is rejected, and what is
//! decided otherwise quotes the sentence that decides.

mod facts;
mod readings;
mod table;

use relux_model::{all_files, diagnostics};
use relux_syntax::Severity;

use crate::check::load;

/// Codes and messages of the errors of a suite.
fn errors(fixture: &str, env: &[(&str, &str)]) -> Vec<(String, String)> {
    found(fixture, env)
        .into_iter()
        .filter(|it| it.0 == Severity::Error)
        .map(|it| (it.1, it.2))
        .collect()
}

/// Severities, codes and messages of everything that is said about a suite.
fn found(fixture: &str, env: &[(&str, &str)]) -> Vec<(Severity, String, String)> {
    let (db, suite, _) = load(fixture, env);
    let all = all_files(&db, suite).into_iter();
    all.flat_map(|file| diagnostics(&db, suite, file))
        .map(|it| (it.severity, it.code.as_str().to_owned(), it.message))
        .collect()
}
