//! Tips for command lines that almost say something: what people type who know other tools.

use std::path::Path;

use clap::error::{ContextKind, ContextValue, ErrorKind};

/// The error with a tip where one is known.
pub(crate) fn with_tip(mut error: clap::Error) -> clap::Error {
    let selects = match error.get(ContextKind::Usage) {
        Some(ContextValue::StyledStr(usage)) => {
            let usage = usage.to_string();
            usage.contains("relux run") || usage.contains("relux list")
        }
        _ => false,
    };
    let tip = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(argument)) if selects && error.kind() == ErrorKind::UnknownArgument => {
            tip(argument)
        }
        _ => None,
    };
    if let Some(tip) = tip {
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
    }
    error
}

/// A word without a hyphen is meant as a file or as the name of a test.
fn tip(argument: &str) -> Option<String> {
    if argument.starts_with('-') {
        return None;
    }
    let is_path = argument.contains('/')
        || argument == "."
        || Path::new(argument)
            .extension()
            .is_some_and(|extension| extension == "relux");
    let (option, what) = if is_path {
        ("-f", "a file or directory")
    } else {
        ("-t", "a test")
    };
    let quoted = if argument.contains(' ') {
        format!("\"{argument}\"")
    } else {
        argument.to_owned()
    };
    Some(format!("to select {what}, use '{option} {quoted}'"))
}
