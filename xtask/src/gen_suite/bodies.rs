//! Statements that look like those of people: requests, answers, counted lines, waits.
//!
//! Every variable that is bound is read, so that a suite has no warnings that a real one would not have.

use super::Edition;
use super::random::Random;
use super::world::{sentence, thing};
use super::writer::Writer;

/// What statements may refer to.
pub(super) struct Scope<'a> {
    /// A variable that holds an address.
    pub(super) base: &'a str,
    /// Functions of one argument that are in scope.
    pub(super) functions: &'a [String],
}

/// Number of the next variable or file; unique within a body.
pub(super) type Counter = usize;

/// A handful of lines that belong together, and a gap behind them.
pub(super) fn paragraph(writer: &mut Writer, random: &mut Random, scope: &Scope<'_>, counter: &mut Counter) {
    *counter += 1;
    let number = *counter;
    writer.gap();
    if random.percent(25) {
        writer.line(format_args!("// {}", sentence(random)));
    }
    let base = scope.base;
    match random.below(8) {
        0 | 1 => request(writer, random, base, number),
        2 => create(writer, random, base, number),
        3 => count(writer, random, number),
        4 if writer.edition == Edition::August => any_order(writer, random, number),
        4 => slow(writer, random, number),
        5 if !scope.functions.is_empty() => {
            let function = random.pick(scope.functions);
            writer.line(format_args!("{function}({base})"));
        }
        5 | 6 => list(writer, random, number),
        _ => refused(writer, random, base, number),
    }
}

fn request(writer: &mut Writer, random: &mut Random, base: &str, number: usize) {
    let (path, id) = (thing(random), random.between(1, 999));
    let call = format!("request(\"GET\", \"${{{base}}}/{path}/{id}\", 200)");
    writer.bind(&format!("answer_{number}"), call);
    writer.line(format_args!("check(answer_{number}, \".id\", {id})"));
    writer.line(format_args!(
        "check(answer_{number}, \".state\", \"(open|closed)\")"
    ));
}

fn create(writer: &mut Writer, random: &mut Random, base: &str, number: usize) {
    let (path, name) = (thing(random), thing(random));
    let quantity = random.between(1, 40);
    let body = format!("\"{{\\\"name\\\": \\\"{name}\\\", \\\"quantity\\\": {quantity}}}\"");
    writer.bind(&format!("body_{number}"), body);
    let call = format!("request(\"POST\", \"${{{base}}}/{path}\", body_{number}, 201)");
    writer.bind(&format!("made_{number}"), call);
    writer.bind(
        &format!("id_{number}"),
        format!("extract(made_{number}, \".id\")"),
    );
    writer.line(format_args!("log(\"made {path} ${{id_{number}}}\")"));
}

fn count(writer: &mut Writer, random: &mut Random, number: usize) {
    let word = thing(random);
    writer.line(format_args!(
        "> grep -c '{word}' \"${{__RELUX_TEST_ARTIFACTS}}/{word}-{number}.log\""
    ));
    writer.line("<? ^(\\d+)$");
    writer.bind(&format!("lines_{number}"), "$1");
    writer.line("match_ok()");
    writer.line(format_args!("log(\"${{lines_{number}}} lines with {word}\")"));
}

fn slow(writer: &mut Writer, random: &mut Random, number: usize) {
    let (word, seconds) = (thing(random), random.between(5, 30));
    writer.line("!? ^(error|panic):");
    writer.line(format_args!(
        "> ./tools/{word}.sh --wait --number {number} --colour never"
    ));
    writer.line(format_args!("<~{seconds}s? ^{word} {number} is (ready|warm)$"));
    writer.line("match_ok()");
    writer.line("!?");
}

fn any_order(writer: &mut Writer, random: &mut Random, number: usize) {
    let (one, other) = (thing(random), thing(random));
    writer.line(format_args!("> ./tools/{one}.sh --both --number {number}"));
    writer.enclosed("<~10s{", |writer| {
        writer.line(format_args!("? ^{one} {number} is (ready|warm)$"));
        writer.line(format_args!("= {other}: done"));
    });
    writer.line("match_ok()");
}

fn list(writer: &mut Writer, random: &mut Random, number: usize) {
    let words: Vec<&str> = (0..random.between(2, 5)).map(|_| thing(random)).collect();
    writer.line(format_args!(
        "> printf '%s\\\\n' {} > \"${{__RELUX_TEST_ARTIFACTS}}/list-{number}\"",
        words.join(" ")
    ));
    writer.line("match_ok()");
    writer.line(format_args!(
        "> sort \"${{__RELUX_TEST_ARTIFACTS}}/list-{number}\""
    ));
    let mut sorted = words;
    sorted.sort_unstable();
    for word in sorted {
        writer.line(format_args!("<? ^{word}$"));
    }
    writer.line("match_ok()");
}

fn refused(writer: &mut Writer, random: &mut Random, base: &str, number: usize) {
    let path = thing(random);
    let call = format!("request(\"DELETE\", \"${{{base}}}/{path}/0\", 404)");
    writer.bind(&format!("refusal_{number}"), call);
    writer.line(format_args!(
        "check(refusal_{number}, \".error\", \"there is no {path} 0\")"
    ));
}
