//! Suites that measure a runner: many tests that do next to nothing, in files of fifty.

use super::writer::Writer;
use super::{Edition, File};

const TESTS_PER_FILE: usize = 50;

/// Tests of one command: what remains is the cost of a shell.
pub(super) fn one_line(tests: usize, edition: Edition) -> Vec<File> {
    suite(tests, edition, "one_line", |writer, number| {
        writer.line(format_args!("> echo answer {number}"));
        writer.line(format_args!("<? ^answer {number}$"));
        writer.line("match_prompt()");
    })
}

/// Tests that wait: what remains is how many can wait at once.
pub(super) fn sleep(tests: usize, edition: Edition) -> Vec<File> {
    suite(tests, edition, "sleep", |writer, _| {
        writer.line("> sleep 1");
        writer.line("match_ok()");
    })
}

fn suite(tests: usize, edition: Edition, name: &str, body: impl Fn(&mut Writer, usize)) -> Vec<File> {
    let numbers: Vec<usize> = (1..=tests).collect();
    let modules = numbers
        .chunks(TESTS_PER_FILE)
        .enumerate()
        .map(|(index, numbers)| {
            let mut writer = Writer::new(edition);
            for &number in numbers {
                writer.gap();
                writer.block(format_args!("test \"number {number}\""), |writer| {
                    writer.block("shell sh", |writer| body(writer, number));
                });
            }
            File::new(format!("relux/tests/{name}_{index:03}.relux"), writer.finish())
        });
    // Waiting for a machine that is busy is not what these suites measure.
    std::iter::once(File::manifest(edition, "60s"))
        .chain(modules)
        .collect()
}
