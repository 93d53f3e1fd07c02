//! The effect graph in several forms, one file per form; pictures come from relux-ide. All say the same; nothing here
//! decides what is in it.

pub(crate) mod json;
pub(crate) mod text;
