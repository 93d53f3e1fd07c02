//! `shared-path`: a file below a temporary directory that has one name for all tests. A test has a directory of its own.

use relux_syntax::{Diagnostic, Fix, Severity, TextRange};

use super::Context;
use crate::codes;

const DIRECTORIES: &[&str] = &["/tmp", "/var/tmp"];

pub(super) fn judge(cx: &Context<'_, '_>, range: TextRange) -> Option<Diagnostic> {
    let text = cx.word(range);
    let (at, directory, path) = DIRECTORIES
        .iter()
        .find_map(|directory| find(text, directory).map(|(at, path)| (at, *directory, path)))?;
    let start = range.start + at as u32;
    let place = |length: usize| TextRange::new(start, start + length as u32);
    let message = format!("all tests that run at the same time share `{path}`");
    let own = "${__RELUX_TEST_ARTIFACTS}";
    Some(
        Diagnostic::new(codes::SHARED_PATH, Severity::Info, place(path.len()), message)
            .with_help("every test has a directory of its own, `${__RELUX_TEST_ARTIFACTS}`")
            .with_fix(Fix::needs_a_look(
                "Use the directory of the test",
                place(directory.len()),
                own,
            )),
    )
}

/// The first path below a directory whose name is the same in every run.
fn find<'a>(text: &'a str, directory: &str) -> Option<(usize, &'a str)> {
    text.match_indices(directory).find_map(|(at, _)| {
        // `/var/tmp` holds `/tmp`, and so does `${root}/tmp`.
        let inner = text[..at].ends_with(|c: char| c.is_alphanumeric() || "._-/}$~*".contains(c));
        let rest = &text[at + directory.len()..];
        let end = rest.find([' ', '\t', '"', '\'', '`', ';', '|', '&', '<', '>', '(', ')', ',']);
        let below = &rest[..end.unwrap_or(rest.len())];
        let name = below.strip_prefix('/')?;
        let named = name.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '.');
        // What another program fills in is another name each time.
        let varies = name.contains(['$', '*', '?', '{', '[', '%']) || name.contains("XXX");
        (!inner && named && !varies).then(|| (at, &text[at..at + directory.len() + below.len()]))
    })
}

#[cfg(test)]
mod tests {
    use super::{DIRECTORIES, find};

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let found = DIRECTORIES.iter().find_map(|directory| find(text, directory));
        assert_eq!(found.map(|(_, path)| path), expected, "{text}");
    }

    #[test]
    fn paths_of_one_name_are_shared() {
        check("touch /tmp/made", Some("/tmp/made"));
        check("cat '/tmp/a/b' > x", Some("/tmp/a/b"));
        check("run --log=/tmp/run.log", Some("/tmp/run.log"));
        check("touch /var/tmp/made; ls", Some("/var/tmp/made"));
        check("ls /tmp; cat /tmp/made", Some("/tmp/made"));
    }

    #[test]
    fn other_paths_are_not() {
        for text in [
            "cd /tmp",
            "cd /tmp/",
            "cat /tmp/${id}/made",
            "cat /tmp/made-$$",
            "cat ${root}/tmp/made",
            "cat build/tmp/made",
            "mktemp /tmp/made.XXXXXX",
            "rm /tmp/*",
            "cat /tmpfs/made",
        ] {
            check(text, None);
        }
    }
}
