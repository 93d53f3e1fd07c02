//! Why a file cannot be taken as it is: values that become diagnostics, never panics.

use relux_syntax::{Diagnostic, TextRange};

use crate::codes;

/// What is wrong with a file before anybody looks at its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileProblem {
    /// The bytes from `offset` on are not UTF-8; the text holds replacement characters there.
    InvalidUtf8 {
        /// Byte offset of the first bad byte, which is the same in the text.
        offset: u32,
        /// The byte there.
        byte: u8,
        /// Whether the file begins like one in UTF-16.
        utf16: bool,
    },
    /// The file is too large to be checked.
    TooLarge {
        /// Size in bytes.
        bytes: u64,
    },
    /// The file could not be read: no permission, a directory where a file is expected, gone meanwhile.
    Unreadable {
        /// The reason as the system words it.
        reason: String,
    },
}

impl FileProblem {
    /// The diagnostic that stands for the whole file.
    pub fn diagnostic(&self) -> Diagnostic {
        match self {
            Self::InvalidUtf8 { utf16: true, .. } => Diagnostic::error(
                codes::INVALID_UTF8,
                TextRange::empty(0),
                "the file is UTF-16, not UTF-8",
            )
            .with_help("save it in the encoding UTF-8"),
            Self::InvalidUtf8 { offset, byte, .. } => Diagnostic::error(
                codes::INVALID_UTF8,
                TextRange::empty(*offset),
                format!("the file is not UTF-8: the byte 0x{byte:02X} at offset {offset} is no part of a character"),
            )
            .with_help("save the file in the encoding UTF-8"),
            Self::TooLarge { bytes } => Diagnostic::error(
                codes::UNREADABLE_FILE,
                TextRange::default(),
                format!(
                    "the file is too large to be checked: {} MiB, the limit is {} MiB",
                    bytes / (1 << 20),
                    crate::system::MAX_FILE_BYTES >> 20
                ),
            )
            .with_help("split it; what is no test does not belong below relux/tests or relux/lib"),
            Self::Unreadable { reason } => Diagnostic::error(
                codes::UNREADABLE_FILE,
                TextRange::default(),
                // A reason about a directory is a sentence already.
                if ["the directory", "directories", "links"].iter().any(|it| reason.starts_with(it)) {
                    reason.clone()
                } else {
                    format!("the file cannot be read: {reason}")
                },
            )
            .with_help("make it readable for the user who checks, or remove it"),
        }
    }
}
