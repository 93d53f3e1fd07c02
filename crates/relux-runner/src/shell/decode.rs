//! Bytes of a terminal to text, however the reads split them.
//!
//! The result depends on the bytes alone: an incomplete sequence waits for its rest, an invalid one becomes U+FFFD.

/// An incremental UTF-8 decoder.
#[derive(Debug, Default)]
pub(crate) struct Decoder {
    /// The start of a sequence whose end has not been read yet; at most 3 bytes.
    pending: Vec<u8>,
    /// There were bytes that are not UTF-8.
    lossy: bool,
}

impl Decoder {
    /// Appends the text of `bytes` to `out`.
    pub(crate) fn push(&mut self, bytes: &[u8], out: &mut String) {
        if self.pending.is_empty() {
            self.pending
                .extend_from_slice(decode(bytes, out, &mut self.lossy));
        } else {
            let mut joined = std::mem::take(&mut self.pending);
            joined.extend_from_slice(bytes);
            self.pending = decode(&joined, out, &mut self.lossy).to_vec();
        }
    }

    /// Whether the text is something else than the bytes.
    pub(crate) fn is_lossy(&self) -> bool {
        self.lossy
    }

    /// Nothing follows any more: an incomplete sequence is invalid.
    pub(crate) fn finish(&mut self, out: &mut String) {
        if !self.pending.is_empty() {
            self.pending.clear();
            self.lossy = true;
            out.push(char::REPLACEMENT_CHARACTER);
        }
    }
}

/// Decodes as far as possible and returns the incomplete rest.
fn decode<'a>(mut bytes: &'a [u8], out: &mut String, lossy: &mut bool) -> &'a [u8] {
    loop {
        match std::str::from_utf8(bytes) {
            Ok(text) => {
                out.push_str(text);
                return &[];
            }
            Err(error) => {
                let (valid, rest) = bytes.split_at(error.valid_up_to());
                out.push_str(std::str::from_utf8(valid).unwrap_or_default());
                let Some(invalid) = error.error_len() else {
                    return rest;
                };
                *lossy = true;
                out.push(char::REPLACEMENT_CHARACTER);
                bytes = &rest[invalid..];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn whole(chunks: &[&[u8]]) -> String {
        let mut decoder = Decoder::default();
        let mut out = String::new();
        for chunk in chunks {
            decoder.push(chunk, &mut out);
        }
        decoder.finish(&mut out);
        out
    }

    #[test]
    fn sequences_may_be_split_anywhere() {
        let text = "été 日本 🦀";
        let bytes = text.as_bytes();
        for at in 0..=bytes.len() {
            assert_eq!(whole(&[&bytes[..at], &bytes[at..]]), text);
        }
    }

    #[test]
    fn invalid_and_incomplete_bytes_become_one_mark_each() {
        assert_eq!(whole(&[b"a\xffb\xc3"]), "a\u{fffd}b\u{fffd}");
    }

    proptest! {
        #[test]
        fn the_text_does_not_depend_on_the_split(bytes in proptest::collection::vec(any::<u8>(), 0..40), cut in 0usize..40) {
            let cut = cut.min(bytes.len());
            prop_assert_eq!(whole(&[&bytes[..cut], &bytes[cut..]]), whole(&[&bytes]));
            let single: Vec<&[u8]> = bytes.chunks(1).collect();
            prop_assert_eq!(whole(&single), whole(&[&bytes]));
            prop_assert_eq!(whole(&[&bytes]), String::from_utf8_lossy(&bytes));
        }
    }
}
