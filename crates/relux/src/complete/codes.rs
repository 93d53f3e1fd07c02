//! Candidates for codes of diagnostics.

use clap_complete::engine::CompletionCandidate;
use relux_model::codes::RULES;

/// All codes with what they mean.
pub(crate) fn codes() -> Vec<CompletionCandidate> {
    let mut rules: Vec<_> = RULES.iter().collect();
    rules.sort_by_key(|rule| rule.code.as_str());
    let candidate = |rule: &relux_model::codes::Rule| {
        CompletionCandidate::new(rule.code.as_str()).help(Some(rule.summary().into()))
    };
    rules.into_iter().map(candidate).collect()
}
