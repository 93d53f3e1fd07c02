//! `relux list`: the tests that a run would take, and what it would do with each.

use std::collections::HashSet;
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result};
use relux_model::assemble::Assembly;
use relux_model::plan::{EffectId, Program, Start, TestEntry, TestPlan};
use relux_runner::{Verdict, VerdictRequest, verdicts};

use super::select::{Selected, select};
use super::{OK, failed};
use crate::args::{ListArgs, ListFormat};
use crate::list::{Decided, Listed, Listing, human, json};
use crate::suite::Loaded;

/// Lists the selected tests. The exit code is 1 if one of them cannot run, as it would be for a run.
pub(crate) fn list(
    args: &ListArgs,
    loaded: &mut Loaded,
    color: bool,
    stderr_color: bool,
) -> Result<ExitCode> {
    let (assembly, errors) = match select(&args.select, loaded, stderr_color)? {
        Selected::Tests(assembly, errors) => (*assembly, errors),
        Selected::Nothing(code) => return Ok(code),
    };
    let listing = listing(assembly, loaded.prefix())?;
    match write(args.message_format, &listing, color) {
        // Whoever read it has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        written => written.context("cannot write the list")?,
    }
    let good = errors.list.is_empty() && listing.tests.iter().all(|test| test.verdict.is_good());
    Ok(if good { OK } else { failed() })
}

fn write(format: ListFormat, listing: &Listing, color: bool) -> io::Result<()> {
    let choice = if color {
        anstream::ColorChoice::AlwaysAnsi
    } else {
        anstream::ColorChoice::Never
    };
    let mut out = io::BufWriter::new(anstream::AutoStream::new(io::stdout().lock(), choice));
    match format {
        ListFormat::Human => human::write(&mut out, listing)?,
        ListFormat::Json => json::write(&mut out, listing)?,
    }
    out.flush()
}

fn listing(assembly: Assembly, prefix: String) -> Result<Listing> {
    let program = Arc::new(assembly.program);
    let decided = verdicts(VerdictRequest {
        program: Arc::clone(&program),
        plans: assembly.plans.clone(),
        settings: assembly.settings.clone(),
        host_env: std::env::vars_os().collect(),
    })?;
    let tests = assembly.plans.into_iter().zip(assembly.tests).zip(decided);
    let tests = tests.map(|((plan, entry), verdict)| Listed {
        effects: effects(&program, &plan),
        verdict: decision(entry, verdict),
        plan,
    });
    Ok(Listing {
        suite: assembly.settings.suite_name,
        tests: tests.collect(),
        program,
        prefix,
    })
}

/// Errors count more than markers: an invalid test is not even skipped.
fn decision(entry: TestEntry, verdict: Verdict) -> Decided {
    match (entry, verdict) {
        (TestEntry::Invalid(test), _) => Decided::Invalid(test.errors),
        (TestEntry::Ready(_), Verdict::Run) => Decided::Run,
        (TestEntry::Ready(_), Verdict::Flaky) => Decided::Flaky,
        (TestEntry::Ready(_), Verdict::Skip(reason)) => Decided::Skip(reason),
        (TestEntry::Ready(_), Verdict::Fails(failure)) => Decided::Fails(failure.message),
    }
}

/// The effects that a test reaches, in the order in which their starts begin.
fn effects(program: &Program, plan: &TestPlan) -> Vec<EffectId> {
    let mut seen = HashSet::new();
    let mut order = Vec::new();
    let mut stack = pending(&plan.starts);
    while let Some(id) = stack.pop() {
        if seen.insert(id) {
            order.push(id);
            if let Some(effect) = program.effects.get(id.0 as usize) {
                stack.extend(pending(&effect.starts));
            }
        }
    }
    order
}

/// The starts of a body, the last one first. One whose overlay reads what a sibling exposes comes after that sibling.
fn pending(starts: &[Start]) -> Vec<EffectId> {
    let mut done = vec![false; starts.len()];
    let mut order = Vec::with_capacity(starts.len());
    while order.len() < starts.len() {
        let ready = |at: usize| !done[at] && starts[at].after.iter().all(|it| done.get(*it) != Some(&false));
        // In a circle, which the checker reports, any order will do.
        let next = (0..starts.len()).find(|at| ready(*at));
        let Some(next) = next.or_else(|| done.iter().position(|done| !done)) else {
            break;
        };
        done[next] = true;
        order.push(starts[next].effect);
    }
    order.reverse();
    order
}
