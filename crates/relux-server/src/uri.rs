//! Between URIs of the protocol and the paths that name files everywhere else. Total in both directions.
//!
//! A buffer that is no file (`untitled:…`) is named by its whole URI, which no absolute path can equal.

use camino::{Utf8Path, Utf8PathBuf};
use tower_lsp_server::ls_types::Uri;

/// The path of a URI: absolute for files, the text of the URI for anything else.
pub(crate) fn path_of(uri: &Uri) -> Utf8PathBuf {
    let file = uri.scheme().as_str().eq_ignore_ascii_case("file");
    let path = file.then(|| uri.to_file_path()).flatten();
    path.and_then(|path| Utf8PathBuf::from_path_buf(path.into_owned()).ok())
        .filter(|path| path.is_absolute())
        .unwrap_or_else(|| Utf8PathBuf::from(uri.as_str()))
}

/// The URI of a path that came from [`path_of`] or from the disk; `None` for what no URI can name.
pub(crate) fn uri_of(path: &Utf8Path) -> Option<Uri> {
    if path.is_absolute() {
        Uri::from_file_path(path)
    } else {
        path.as_str().parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_paths_come_back() {
        for path in ["/a/b.relux", "/with blank/ü/100%.relux", "/a#b?.relux"] {
            let uri = uri_of(path.into()).expect("a path has a URI");
            assert_eq!(path_of(&uri), path);
        }
    }

    #[test]
    fn what_is_no_file_is_named_by_its_uri() {
        for text in [
            "untitled:Untitled-1",
            "git:/suite/a.relux?ref",
            "file:",
            "http://host/a.relux",
        ] {
            let uri: Uri = text.parse().expect("a valid URI");
            assert_eq!(path_of(&uri), text);
            assert_eq!(uri_of(&path_of(&uri)), Some(uri));
        }
    }
}
