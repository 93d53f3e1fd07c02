//! How fast text becomes a tree: bytes per second of a fresh parse, and one keystroke in a large file.
//!
//! The text is every module of the example suite, repeated until it is large enough to be measured.

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use relux_syntax::{Parse, parse, validate};

/// Size of the large text in bytes.
const LARGE: usize = 4 << 20;

fn example() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/tasks/relux");
    let mut text = String::new();
    for module in [
        "lib/api/http",
        "lib/service/store",
        "lib/service/auth",
        "lib/service/tasks",
        "tests/tasks/smoke",
    ] {
        let path = root.join(format!("{module}.relux"));
        text.push_str(&std::fs::read_to_string(path).expect("a module of the example suite"));
        text.push('\n');
    }
    text
}

fn benchmarks(criterion: &mut Criterion) {
    let one = example();
    let large = one.repeat(LARGE / one.len() + 1);

    let mut group = criterion.benchmark_group("parse");
    group
        .sample_size(10)
        .throughput(Throughput::Bytes(large.len() as u64));
    group.bench_function("fresh, 4 MiB", |bencher| {
        bencher.iter(|| black_box(parse(large.as_str())));
    });
    let tree: Parse = parse(large.as_str());
    group.bench_function("validate, 4 MiB", |bencher| {
        bencher.iter(|| black_box(validate(&tree)));
    });
    group.throughput(Throughput::Bytes(one.len() as u64));
    group.bench_function("fresh, the example's modules", |bencher| {
        bencher.iter(|| black_box(parse(one.as_str())));
    });
    group.finish();
}

criterion_group!(benches, benchmarks);
criterion_main!(benches);
