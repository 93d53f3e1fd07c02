//! Texts of new suites and modules. They are examples to be changed, so they must check clean and pass as they are.

pub(crate) mod manifest;
pub(crate) mod path;

use relux_model::edition::Edition;

use path::ModulePath;

/// What a new module holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Template {
    Test,
    Effect,
    Functions,
}

impl Template {
    /// Where modules of this kind lie, below the suite root.
    pub(crate) fn directory(self) -> &'static str {
        match self {
            Self::Test => "relux/tests",
            Self::Effect | Self::Functions => "relux/lib",
        }
    }

    /// The text of a module of this path.
    pub(crate) fn text(self, path: &ModulePath, edition: Edition) -> String {
        let source = match self {
            Self::Test => include_str!("test.relux"),
            Self::Effect => include_str!("effect.relux"),
            Self::Functions => include_str!("functions.relux"),
        };
        let (bind, shell) = match edition {
            Edition::E2026_04 => ("=", ""),
            Edition::E2026_08 => (":=", "shell "),
        };
        source
            .replace("<title>", &path.title())
            .replace("<path>", &path.below())
            .replace("<Name>", &path.effect_name())
            .replace("<NAME>", &path.last().to_uppercase())
            .replace("<name>", path.last())
            .replace("<bind>", bind)
            .replace("<shell>", shell)
    }
}
