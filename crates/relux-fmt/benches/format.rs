//! How fast a text is formatted, beside how fast it is parsed: formatting must not cost more than parsing.
//!
//! The text is the one that `relux-syntax` measures parsing with, in style and out of style.

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use relux_fmt::{format, format_unchecked};
use relux_syntax::parse;

/// Size of the text in bytes.
const LARGE: usize = 2 << 20;

fn example() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/tasks/relux");
    let mut text = String::new();
    for module in [
        "lib/api/http",
        "lib/service/auth",
        "lib/service/tasks",
        "tests/tasks/smoke",
    ] {
        let path = root.join(format!("{module}.relux"));
        text.push_str(&std::fs::read_to_string(path).expect("a module of the example suite"));
        text.push('\n');
    }
    text.repeat(LARGE / text.len() + 1)
}

fn benchmarks(criterion: &mut Criterion) {
    let messy = example().replace("    ", "  ");
    let in_style = format(&parse(messy.as_str()))
        .expect("nothing is lost")
        .into_text();
    let mut group = criterion.benchmark_group("format");
    group
        .sample_size(10)
        .throughput(Throughput::Bytes(messy.len() as u64));
    group.bench_function("parse", |bencher| {
        bencher.iter(|| black_box(parse(in_style.as_str())));
    });
    group.bench_function("parse and format, in style", |bencher| {
        bencher.iter(|| black_box(format(&parse(in_style.as_str()))));
    });
    group.bench_function("parse and format, out of style, not compared", |bencher| {
        bencher.iter(|| black_box(format_unchecked(&parse(messy.as_str()))));
    });
    group.bench_function("parse, format and compare, out of style", |bencher| {
        bencher.iter(|| black_box(format(&parse(messy.as_str()))));
    });
    group.finish();
}

criterion_group!(benches, benchmarks);
criterion_main!(benches);
