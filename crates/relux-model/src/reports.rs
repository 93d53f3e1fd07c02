//! Which reports a run writes, what they must not show, and how long runs are kept: the words of the manifest and of the
//! command line, read once for both.
//!
//! How a report looks is the runner's business.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// A form in which a run can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReportFormat {
    /// XML as `JUnit` made it known.
    Junit,
    /// TAP 14.
    Tap,
    /// The results as one JSON document.
    Json,
    /// A page for people.
    Html,
    /// Workflow commands of GitHub Actions.
    Github,
}

impl ReportFormat {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Junit, Self::Tap, Self::Json, Self::Html, Self::Github];

    /// As it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Junit => "junit",
            Self::Tap => "tap",
            Self::Json => "json",
            Self::Html => "html",
            Self::Github => "github",
        }
    }
}

impl fmt::Display for ReportFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A report that is asked for: `junit`, `junit=PATH` or `junit=-`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ReportTarget {
    /// Its form.
    pub format: ReportFormat,
    /// Where it goes.
    pub place: ReportPlace,
}

/// Where a report goes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ReportPlace {
    /// Where reports of this form usually go: a file in the directory of the run, or standard output for annotations.
    Usual,
    /// A file; whose directory it is relative to depends on who wrote it.
    File(String),
    /// Standard output: `-`.
    Stdout,
}

impl FromStr for ReportTarget {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, path) = match text.split_once('=') {
            Some((name, path)) => (name, Some(path)),
            None => (text, None),
        };
        let format = ReportFormat::ALL
            .into_iter()
            .find(|format| format.as_str() == name)
            .ok_or_else(|| {
                let known: Vec<&str> = ReportFormat::ALL.map(ReportFormat::as_str).to_vec();
                format!("there is no report `{name}`; there are {}", known.join(", "))
            })?;
        let place = match path {
            None => ReportPlace::Usual,
            Some("") => return Err(format!("a path is missing behind `{name}=`")),
            Some("-") => ReportPlace::Stdout,
            Some(path) => ReportPlace::File(path.to_owned()),
        };
        Ok(Self { format, place })
    }
}

/// What `[report]` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportSettings {
    /// `write`; a page for people if unset. Paths are relative to the suite.
    pub write: Vec<ReportTarget>,
    /// `mask`: more names of variables whose values are not shown; `*` stands for any text.
    pub mask: Vec<String>,
}

impl Default for ReportSettings {
    fn default() -> Self {
        Self {
            write: vec![ReportTarget {
                format: ReportFormat::Html,
                place: ReportPlace::Usual,
            }],
            mask: Vec::new(),
        }
    }
}

/// What `[store]` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreSettings {
    /// `keep-runs`: how many runs are kept; 100 if unset.
    pub keep_runs: u32,
    /// `keep-failed`: so many failed runs are kept whatever the other keys say; 10 if unset.
    pub keep_failed: u32,
    /// `keep-for`: runs that are older go; for ever if unset.
    pub keep_for: Option<Duration>,
}

impl Default for StoreSettings {
    fn default() -> Self {
        Self {
            keep_runs: 100,
            keep_failed: 10,
            keep_for: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_a_word_and_perhaps_a_path() {
        let read = |text: &str| text.parse::<ReportTarget>();
        for format in ReportFormat::ALL {
            let target = read(format.as_str()).expect("a word that is listed");
            assert_eq!((target.format, target.place), (format, ReportPlace::Usual));
        }
        assert_eq!(
            read("junit=a=b.xml").map(|target| target.place),
            Ok(ReportPlace::File("a=b.xml".to_owned()))
        );
        assert_eq!(read("tap=-").map(|target| target.place), Ok(ReportPlace::Stdout));
        assert_eq!(
            read("xml").expect_err("no format"),
            "there is no report `xml`; there are junit, tap, json, html, github"
        );
        assert_eq!(
            read("tap=").expect_err("no path"),
            "a path is missing behind `tap=`"
        );
    }
}
