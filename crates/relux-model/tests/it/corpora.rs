//! What must hold for any bytes holds for every Relux text of the repository, and for what fuzzing found before.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::sound;

/// Folders below the repository.
const FOLDERS: [&str; 5] = [
    "tests/fixtures",
    "tests/suites/language",
    "examples",
    "crates/relux-model/tests/it/suites",
    "crates/relux-model/src/rules",
];

#[test]
fn every_text_of_the_repository_is_sound() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut texts = Vec::new();
    for folder in FOLDERS {
        collect(&root.join(folder), &mut texts);
    }
    assert!(texts.len() > 500, "only {} texts were found", texts.len());
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some((path, text)) = texts.get(next.fetch_add(1, Ordering::Relaxed)) {
            let checked = std::panic::catch_unwind(|| sound::check(text.as_bytes()));
            assert!(checked.is_ok(), "{} is not sound", path.display());
        }
    };
    std::thread::scope(|scope| {
        let threads = std::thread::available_parallelism().map_or(2, usize::from);
        for _ in 0..threads {
            scope.spawn(work);
        }
    });
}

/// Files, and the blocks of pages.
fn collect(folder: &Path, texts: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(folder).expect("listing a folder") {
        let path = entry.expect("listing a folder").path();
        let kind = path.extension().and_then(|it| it.to_str()).unwrap_or_default();
        if path.is_dir() {
            if !path.ends_with("out") {
                collect(&path, texts);
            }
        } else if matches!(kind, "relux" | "txt") {
            // Some are not UTF-8 on purpose.
            let bytes = fs::read(&path).expect("reading a text");
            texts.push((path, String::from_utf8_lossy(&bytes).into_owned()));
        } else if kind == "md" {
            let page = fs::read_to_string(&path).expect("reading a page");
            for part in page.split("\n```relux").skip(1) {
                let block = part.split_once('\n').and_then(|it| it.1.split_once("\n```"));
                let (block, _) = block.expect("a block ends");
                texts.push((path.clone(), format!("{block}\n")));
            }
        }
    }
}
