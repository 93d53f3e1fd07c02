//! How fast a text is formatted, beside how fast it is parsed: formatting, parsing included, is to run at half of the
//! parser's own speed at least.
//!
//! The text is the one that `relux-syntax` measures parsing with, in style and out of style. After criterion's figures
//! come the ratios, measured round by round in turn, so that a busy machine is unfair to nobody. `--once TEXT/ACTION`
//! does one thing once and measures nothing, for tools that count instructions.

use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use criterion::{Criterion, Throughput};
use relux_fmt::{format, format_unchecked};
use relux_syntax::parse;

/// Size of the text in bytes.
const LARGE: usize = 2 << 20;

/// Of the ratios.
const ROUNDS: usize = 15;

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

/// The texts of the cases.
struct Texts {
    in_style: String,
    /// Every indentation is half of what it should be.
    indented: String,
    /// No indentation, no blanks before braces, two empty lines for one, blanks in parentheses.
    messy: String,
}

impl Texts {
    fn new() -> Self {
        let in_style = format(&parse(example().as_str()))
            .expect("nothing is lost")
            .into_text();
        let line = |line: &str| match line.trim_start() {
            "" => "\n\n".to_owned(),
            it if it.starts_with(['>', '<', '!', '=']) => it.to_owned() + "\n",
            it => it.replace(" {", "{").replace('(', " ( ").replace(", ", " ,") + "\n",
        };
        Self {
            indented: in_style.replace("    ", "  "),
            messy: in_style.lines().map(line).collect(),
            in_style,
        }
    }

    fn all(&self) -> [(&'static str, &str); 3] {
        [
            ("in-style", &self.in_style),
            ("indented", &self.indented),
            ("messy", &self.messy),
        ]
    }
}

/// What is done with a text, by name.
type Action = (&'static str, fn(&str));

const ACTIONS: [Action; 3] = [
    ("parse", |text| drop(black_box(parse(text)))),
    ("format", |text| {
        drop(black_box(format(&parse(text)).expect("nothing is lost")));
    }),
    ("format-not-compared", |text| {
        drop(black_box(format_unchecked(&parse(text)).expect("small enough")));
    }),
];

fn benchmarks(criterion: &mut Criterion, texts: &Texts) {
    for (name, text) in texts.all() {
        let mut group = criterion.benchmark_group(name);
        group
            .sample_size(10)
            .throughput(Throughput::Bytes(text.len() as u64));
        for (action, run) in ACTIONS {
            group.bench_function(action, |bencher| bencher.iter(|| run(text)));
        }
        group.finish();
    }
}

/// The speed of each action beside that of parsing the same text: medians.
#[expect(clippy::print_stdout, reason = "the figures are what a benchmark is for")]
fn ratios(texts: &Texts) {
    for (name, text) in texts.all() {
        let mut seconds = ACTIONS.map(|_| Vec::new());
        for _ in 0..ROUNDS {
            for ((_, run), seconds) in ACTIONS.iter().zip(&mut seconds) {
                let start = Instant::now();
                run(text);
                seconds.push(start.elapsed().as_secs_f64());
            }
        }
        let [parse, others @ ..] = seconds.map(|mut it| {
            it.sort_by(f64::total_cmp);
            it[ROUNDS / 2]
        });
        for ((action, _), median) in ACTIONS[1..].iter().zip(others) {
            println!(
                "{name:<9} {action:<20} {:.2} of the parser's speed",
                parse / median
            );
        }
    }
}

#[expect(clippy::print_stderr, reason = "for people at a terminal")]
fn main() {
    let texts = Texts::new();
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|it| it == "--once") {
        let case = arguments.get(at + 1).map_or("", String::as_str);
        let (name, action) = case.split_once('/').unwrap_or((case, ""));
        let text = texts.all().into_iter().find(|it| it.0 == name);
        let run = ACTIONS.into_iter().find(|it| it.0 == action);
        match (text, run) {
            (Some((_, text)), Some((_, run))) => run(text),
            // Only the texts are made: to be taken off what the others cost.
            _ if case == "nothing" => {}
            _ => eprintln!("no case {case}; there is messy/format, for example"),
        }
        return;
    }
    let mut criterion = Criterion::default().configure_from_args();
    benchmarks(&mut criterion, &texts);
    if arguments.iter().any(|it| it == "--bench") {
        ratios(&texts);
    }
    criterion.final_summary();
}
