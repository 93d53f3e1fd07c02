//! From a keystroke to the diagnostics of the file, and from an edit of a library to those of files that use it, in a suite
//! of thousands of modules.
//!
//! `RELUX_BENCH_SUITE` names a suite on disk, which `cargo xtask gen-suite` makes and `cargo xtask bench` sets; without it
//! there is nothing to measure and the benchmark says so.
use std::hint::black_box;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use criterion::{Criterion, criterion_group, criterion_main};
use relux_ide::{AnalysisHost, Step};
use relux_model::system::{MemorySystem, System};

/// A suite in memory, so that no disk is measured.
struct Loaded {
    system: MemorySystem,
    /// All modules, sorted.
    modules: Vec<Utf8PathBuf>,
}

impl Loaded {
    fn read(root: &Utf8Path) -> Self {
        let (mut system, mut modules) = (MemorySystem::default(), Vec::new());
        let mut pending = vec![root.to_owned()];
        while let Some(directory) = pending.pop() {
            for entry in directory.read_dir_utf8().expect("a directory of the suite") {
                let path = entry.expect("an entry").into_path();
                if path.is_dir() {
                    pending.push(path);
                } else {
                    system.insert(path.clone(), std::fs::read(&path).expect("a file of the suite"));
                    modules.extend((path.extension() == Some("relux")).then_some(path));
                }
            }
        }
        modules.sort();
        Self { system, modules }
    }

    fn text(&self, path: &Utf8Path) -> Arc<str> {
        let bytes = self.system.read(path).expect("the file was loaded");
        String::from_utf8(bytes)
            .expect("generated suites are UTF-8")
            .into()
    }

    fn tests(&self) -> Vec<&Utf8PathBuf> {
        let modules = self.modules.iter();
        modules
            .filter(|path| path.as_str().contains("/relux/tests/"))
            .collect()
    }

    /// A host that has these files open and has looked at everything once.
    fn open(&self, open: &[&Utf8PathBuf]) -> AnalysisHost {
        let mut host = AnalysisHost::new(Arc::new(self.system.clone()));
        for path in open {
            host.open(path, &self.text(path));
        }
        for step in [Step::Lower, Step::Judge, Step::Check] {
            let analysis = host.analysis();
            for path in &self.modules {
                analysis.prepare(path, step).expect("nobody cancels");
            }
        }
        host.drop_trees();
        host
    }
}

/// A word at the end of the first send of a test is typed and taken back by turns.
fn keystroke(criterion: &mut Criterion, suite: &Loaded) {
    let tests = suite.tests();
    let path = tests[tests.len() / 2];
    let text = suite.text(path);
    let mut host = suite.open(&[path]);
    let at = text.find("\n        > ").map_or(text.len(), |line| line + 11);
    let typed: Arc<str> = format!("{}x{}", &text[..at], &text[at..]).into();
    let mut turn = false;
    let mut group = criterion.benchmark_group("keystroke to diagnostics");
    group.sample_size(50);
    group.bench_function("of the file", |bencher| {
        bencher.iter(|| {
            turn = !turn;
            host.change(path, if turn { &typed } else { &text });
            black_box(host.analysis().diagnostics(path).expect("nobody cancels"))
        });
    });
    group.finish();
}

/// A function that nearly every module calls is renamed and gets its name back by turns.
fn library(criterion: &mut Criterion, suite: &Loaded) {
    let library = suite
        .modules
        .iter()
        .find(|path| path.ends_with("relux/lib/api/http.relux"));
    let library = library.expect("generated suites have it");
    let calls = |path: &&Utf8PathBuf| suite.text(path).contains("request(\"GET\"");
    let open: Vec<&Utf8PathBuf> = suite.tests().into_iter().filter(calls).take(5).collect();
    let all = [&[library], &open[..]].concat();
    let mut host = suite.open(&all);
    let text = suite.text(library);
    let renamed: Arc<str> = text.replacen("fn request", "fn requests", 1).into();
    let mut turn = false;
    let mut group = criterion.benchmark_group("edit of a library to diagnostics");
    group.sample_size(20);
    for (name, shown) in [("of 5 files", &open[..]), ("of the library", &[library][..])] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                turn = !turn;
                host.change(library, if turn { &renamed } else { &text });
                for path in shown {
                    black_box(host.analysis().diagnostics(path).expect("nobody cancels"));
                }
            });
        });
    }
    group.finish();
}

fn benchmarks(criterion: &mut Criterion) {
    let Ok(root) = std::env::var("RELUX_BENCH_SUITE") else {
        criterion.bench_function("keystroke (RELUX_BENCH_SUITE is not set)", |bencher| {
            bencher.iter(|| ());
        });
        return;
    };
    let suite = Loaded::read(Utf8Path::new(&root));
    keystroke(criterion, &suite);
    library(criterion, &suite);
}

criterion_group!(benches, benchmarks);
criterion_main!(benches);
