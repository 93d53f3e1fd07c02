//! What the terminal can draw.

use std::io::IsTerminal;

/// Whether lines may be drawn with characters beyond ASCII. Files and pipes are UTF-8; a terminal is what its locale says.
pub(crate) fn draws_unicode() -> bool {
    if !std::io::stdout().is_terminal() {
        return true;
    }
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(variable);
    locale.is_none_or(|locale| is_utf8(&locale))
}

/// `en_US.UTF-8`, `C.utf8`; not `C`, `POSIX` or `de_DE.ISO-8859-1`. A name without a charset says nothing against it.
fn is_utf8(locale: &str) -> bool {
    match locale.split_once('.') {
        Some((_, charset)) => {
            let charset = charset.to_ascii_lowercase();
            charset.starts_with("utf-8") || charset.starts_with("utf8")
        }
        None => locale != "C" && locale != "POSIX",
    }
}

#[cfg(test)]
mod tests {
    use super::is_utf8;

    #[test]
    fn locales_name_their_charset() {
        for good in ["en_US.UTF-8", "C.utf8", "de_DE.UTF-8@euro", "de_DE"] {
            assert!(is_utf8(good), "{good}");
        }
        for bad in ["C", "POSIX", "de_DE.ISO-8859-1"] {
            assert!(!is_utf8(bad), "{bad}");
        }
    }
}
