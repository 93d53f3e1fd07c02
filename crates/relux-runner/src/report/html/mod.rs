//! Pages for people: one for a run, and one for each test of it that did not simply pass.
//!
//! A page needs nothing but itself: style and script are in it, and the policy in its head forbids to load anything.
//! Everything that tests wrote is escaped by construction, because only `maud` makes markup here.

mod output;
mod parts;
mod run;
mod test;

use maud::{DOCTYPE, Markup, PreEscaped, html};

pub(super) use run::run_page;
pub(crate) use test::{AttemptPage, TestPage, test_page};

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// Nothing is loaded, from nowhere.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

/// A whole page. Its script only filters and prints; without it everything is there.
fn page(title: &str, script: bool, body: &Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="generator" content="relux";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                (body)
                @if script { script { (PreEscaped(SCRIPT)) } }
            }
        }
    };
    page.into_string()
}

/// `7 ms`, `1.2 s`, `2 min 5 s`.
fn time(millis: u64) -> String {
    super::console::shown(millis)
}

/// A path as an address: what is no plain character becomes `%xx`.
fn address(path: &str) -> String {
    use std::fmt::Write;
    path.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_safe() {
        assert_eq!(address("logs/a b/ä\"#?.html"), "logs/a%20b/%C3%A4%22%23%3F.html");
    }

    #[test]
    fn nothing_is_loaded_from_elsewhere() {
        for part in [STYLE, SCRIPT] {
            assert!(!part.contains("http") && !part.contains("url(") && !part.contains("@import"));
        }
    }
}
