//! `capture-out-of-range` and `capture-before-match`: a capture that cannot hold anything.

use relux_syntax::{Diagnostic, Related, Severity, TextRange};

use super::Flow;
use super::state::Captures;
use crate::bodies::walk::Site;
use crate::codes;

/// A reference to a group, as `$1` or `${1}`.
pub(super) fn reference(flow: &mut Flow<'_, '_, '_>, site: Site, range: TextRange, index: u32) {
    let captures = flow.shell(site).captures;
    let diagnostic = match captures {
        Captures::None => {
            let place = match site {
                Site::Function { .. } => "in this function",
                Site::Preamble { .. } => "before this line",
                Site::Cleanup => "in this cleanup block",
                _ => "in this shell",
            };
            let help = match site {
                Site::Function { .. } => "captures stay with who matched: pass the value as an argument",
                Site::Preamble { .. } => "match a value with `?` first",
                _ => {
                    "captures stay with the shell that matched: keep the value in a `let` of the test or match here"
                }
            };
            Diagnostic::new(
                codes::CAPTURE_BEFORE_MATCH,
                Severity::Warning,
                range,
                format!("no regex has matched {place}, so group {index} is empty"),
            )
            .with_help(help)
        }
        Captures::Groups(groups, regex) if index > groups => {
            let has = match groups {
                0 => "no groups".to_owned(),
                1 => "one group".to_owned(),
                _ => format!("{groups} groups"),
            };
            Diagnostic::new(
                codes::CAPTURE_OUT_OF_RANGE,
                Severity::Warning,
                range,
                format!("the last regex has {has}, so group {index} is empty"),
            )
            .with_related(Related {
                file: None,
                range: regex,
                message: format!("this regex has {has}"),
            })
        }
        Captures::Groups(..) | Captures::Unknown => return,
    };
    flow.cx.found.push(diagnostic);
}
