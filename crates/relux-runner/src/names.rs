//! Names that people can say: run ids and mnemonics.

use sha1::{Digest, Sha1};

const ADJECTIVES: [&str; 64] = [
    "able", "amber", "ample", "azure", "bold", "brave", "brief", "bright", "brisk", "broad", "calm", "clean",
    "clear", "clever", "cool", "coral", "crisp", "dapper", "deep", "eager", "early", "easy", "fair", "fancy",
    "fast", "fine", "firm", "fleet", "fond", "frank", "fresh", "gentle", "glad", "golden", "grand", "green",
    "happy", "hardy", "honest", "humble", "ideal", "ivory", "jolly", "keen", "kind", "large", "lively",
    "loyal", "lucky", "mellow", "merry", "mild", "neat", "noble", "olive", "patient", "plain", "proud",
    "quick", "quiet", "rapid", "sharp", "silver", "tidy",
];

const NOUNS: [&str; 64] = [
    "acorn", "anchor", "apple", "badger", "basin", "beacon", "birch", "bridge", "brook", "canyon", "cedar",
    "cloud", "comet", "cove", "crane", "delta", "dune", "eagle", "ember", "falcon", "fern", "field", "finch",
    "forest", "fox", "garden", "glade", "grove", "harbor", "hazel", "heron", "hill", "island", "jasper",
    "kestrel", "lagoon", "lake", "lantern", "lark", "maple", "meadow", "mesa", "moon", "moss", "oak",
    "orchid", "otter", "pebble", "pine", "plain", "pond", "prairie", "quartz", "raven", "reef", "ridge",
    "river", "robin", "spruce", "stone", "thistle", "tide", "valley", "willow",
];

/// `adjective-noun-1234`, always the same for the same text.
pub(crate) fn mnemonic(text: &str) -> String {
    let digest = Sha1::digest(text.as_bytes());
    let adjective = ADJECTIVES[usize::from(digest[0]) % ADJECTIVES.len()];
    let noun = NOUNS[usize::from(digest[1]) % NOUNS.len()];
    let number = u16::from_be_bytes([digest[2], digest[3]]) % 10_000;
    format!("{adjective}-{noun}-{number:04}")
}

/// Eight letters, consonants and vowels in turn.
pub(crate) fn run_id() -> String {
    let letter = |letters: &[u8]| char::from(letters[fastrand::usize(..letters.len())]);
    (0..4)
        .flat_map(|_| [letter(b"bcdfghjklmnprstvwz"), letter(b"aeiou")])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mnemonics_are_stable_across_releases() {
        assert_eq!(mnemonic("relux/tests/a.relux/first"), "tidy-pine-8045");
    }

    #[test]
    fn run_ids_can_be_spoken() {
        let id = run_id();
        assert_eq!(id.len(), 8);
        assert!(id.bytes().step_by(2).all(|b| !b"aeiou".contains(&b)), "{id}");
    }
}
