//! `relux explain`: the page of a diagnostic, as it stands in the book.

use std::process::ExitCode;

use anyhow::{Result, bail};
use relux_model::codes::{self, Rule};
use relux_syntax::nearest::nearest;

use super::print;
use crate::args::ExplainArgs;
use crate::report::page;

/// Lines longer than this are hard to read, however wide the terminal is.
const MAX_WIDTH: usize = 100;

const ALL: &str = "`relux check --list-lints` lists all codes";

/// Prints the pages of all codes, or none if one of them does not exist.
pub(crate) fn explain(args: &ExplainArgs, color: bool) -> Result<ExitCode> {
    if args.codes.is_empty() {
        bail!(
            "which finding shall be explained?\nhelp: name its code, as in `relux explain missing-expect`; {ALL}"
        );
    }
    let rules = args
        .codes
        .iter()
        .map(|code| rule(code))
        .collect::<Result<Vec<_>>>()?;
    let width = textwrap::termwidth().min(MAX_WIDTH);
    let pages: Vec<String> = rules
        .iter()
        .map(|rule| page::terminal(rule.page, width, color))
        .collect();
    print(&pages.join("\n"))
}

fn rule(code: &str) -> Result<&'static Rule> {
    let Some(rule) = codes::rule(code) else {
        match nearest(code, codes::all()) {
            Some(near) => bail!("no finding has the code `{code}`\nhelp: did you mean `{near}`?"),
            None => bail!("no finding has the code `{code}`\nhelp: {ALL}"),
        }
    };
    Ok(rule)
}
