//! `relux man`: the help texts as manual pages.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, anyhow};
use clap::{Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};

use super::create::create_directory;
use super::print;
use crate::args::{Cli, ManArgs};
use crate::os_system::words;

/// Writes all pages into a directory, or prints the first one.
pub(crate) fn man(args: &ManArgs) -> Result<ExitCode> {
    let mut command = Cli::command().disable_help_subcommand(true);
    command.build();
    let Some(directory) = &args.directory else {
        return print(&page(&command)?);
    };
    create_directory(directory)?;
    let mut names = Vec::new();
    let commands = command.get_subcommands().filter(|it| !it.is_hide_set());
    for command in std::iter::once(&command).chain(commands) {
        let name = format!("{}.1", command.get_display_name().unwrap_or(command.get_name()));
        write(&directory.join(&name), &page(command)?)?;
        names.push(name);
    }
    print(&format!(
        "wrote {} to {}\n",
        names.join(", "),
        directory.display()
    ))
}

fn page(command: &Command) -> Result<String> {
    let mut text = Vec::new();
    // Without a date the version would be taken for it; the day of the build would make every build another one.
    let man = Man::new(command.clone())
        .date(" ")
        .source(concat!("relux ", env!("CARGO_PKG_VERSION")))
        .manual("Relux manual");
    man.render_title(&mut text)?;
    man.render_name_section(&mut text)?;
    man.render_synopsis_section(&mut text)?;
    man.render_description_section(&mut text)?;
    man.render_options_section(&mut text)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut text)?;
    }
    let mut page = String::from_utf8(text)?;
    if let Some(help) = command.get_after_help() {
        page.push_str(&last_section(&help.to_string()));
    }
    Ok(page)
}

/// What stands below a help text: examples, whose lines stay as they are, or exit codes.
fn last_section(help: &str) -> String {
    let (title, text) = match help.strip_prefix("Examples:\n") {
        Some(examples) => ("EXAMPLES", examples),
        None => ("EXIT STATUS", help.strip_prefix("Exit codes: ").unwrap_or(help)),
    };
    let text = text.replace(" · ", "\n");
    let mut page = Roff::new();
    page.control("SH", [title]).control("nf", []);
    for line in text.lines() {
        page.text([roman(line.strip_prefix("  ").unwrap_or(line))]);
    }
    page.control("fi", []);
    page.to_roff()
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).map_err(|error| anyhow!("cannot write {}: {}", path.display(), words(&error)))
}
