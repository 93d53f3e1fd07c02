//! From a keystroke to the diagnostics of the file, in a suite of thousands of modules.
//!
//! `RELUX_BENCH_SUITE` names a suite on disk, which `cargo xtask gen-suite` makes and `cargo xtask bench` sets; without it
//! there is nothing to measure and the benchmark says so.
use std::hint::black_box;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use criterion::{Criterion, criterion_group, criterion_main};
use relux_ide::AnalysisHost;
use relux_model::system::{MemorySystem, System};

/// The suite, read into memory so that no disk is measured.
fn load(root: &Utf8Path) -> (MemorySystem, Utf8PathBuf) {
    let mut system = MemorySystem::default();
    let mut pending = vec![root.to_owned()];
    let mut tests = Vec::new();
    while let Some(directory) = pending.pop() {
        for entry in directory.read_dir_utf8().expect("a directory of the suite") {
            let path = entry.expect("an entry").into_path();
            if path.is_dir() {
                pending.push(path);
            } else {
                system.insert(path.clone(), std::fs::read(&path).expect("a file of the suite"));
                if path.as_str().contains("/relux/tests/") && path.extension() == Some("relux") {
                    tests.push(path);
                }
            }
        }
    }
    tests.sort();
    let middle = tests.swap_remove(tests.len() / 2);
    (system, middle)
}

fn benchmarks(criterion: &mut Criterion) {
    let Ok(root) = std::env::var("RELUX_BENCH_SUITE") else {
        criterion.bench_function("keystroke (RELUX_BENCH_SUITE is not set)", |bencher| {
            bencher.iter(|| ());
        });
        return;
    };
    let (system, path) = load(Utf8Path::new(&root));
    let bytes = system.read(&path).expect("the file was loaded");
    let text: Arc<str> = String::from_utf8(bytes)
        .expect("generated suites are UTF-8")
        .into();
    let mut host = AnalysisHost::new(Arc::new(system));
    host.open(&path, &text);
    drop(host.analysis().diagnostics(&path));

    // A word at the end of the first send, typed and taken back by turns.
    let at = text.find("\n        > ").map_or(text.len(), |line| line + 11);
    let typed: Arc<str> = format!("{}x{}", &text[..at], &text[at..]).into();
    let mut turn = false;
    let mut group = criterion.benchmark_group("keystroke to diagnostics");
    group.sample_size(50);
    group.bench_function("of the file", |bencher| {
        bencher.iter(|| {
            turn = !turn;
            host.change(&path, if turn { &typed } else { &text });
            black_box(host.analysis().diagnostics(&path).expect("nobody cancels"))
        });
    });
    group.finish();
}

criterion_group!(benches, benchmarks);
criterion_main!(benches);
