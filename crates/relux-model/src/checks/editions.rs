//! `mixed-editions`: a file whose forms contradict each other, so that its ambiguous statements were guessed.

use relux_syntax::{Applicability, Diagnostic, Fix, Severity};

use super::{Context, here};
use crate::codes;
use crate::edition::{Edition, Verdict, evidence, verdict};
use crate::manifest::manifest;
use crate::migrate::migrate_alone;

pub(super) fn check(cx: &mut Context<'_>) {
    if manifest(cx.db, cx.suite).edition.is_some() {
        return;
    }
    let Verdict::Mixed(edition) = verdict(cx.db, cx.file) else {
        return;
    };
    let evidence = evidence(cx.db, cx.file);
    let other = match edition {
        Edition::E2026_04 => Edition::E2026_08,
        Edition::E2026_08 => Edition::E2026_04,
    };
    let (Some(minor), Some(major)) = (evidence.first[other as usize], evidence.first[edition as usize])
    else {
        return;
    };
    let message = format!(
        "{} belongs to edition {other}, but the file is read as {edition}",
        minor.what
    );
    let mut diagnostic = Diagnostic::new(codes::MIXED_EDITIONS, Severity::Info, minor.range, message)
        .with_related(here(
            major.range,
            format!("{} belongs to edition {edition}", major.what),
        ))
        .with_help("`edition = \"…\"` in Relux.toml says which one is meant");
    // The reading of the file stays what it is; only its words change.
    let fixes = [edition, other].map(|to| {
        let edits = migrate_alone(cx.db, cx.suite, cx.file, to)?;
        Some(Fix {
            title: format!("Write all of the file in edition {to}"),
            applicability: Applicability::Unsafe,
            edits,
        })
    });
    diagnostic.fixes.extend(fixes.into_iter().flatten());
    cx.push(diagnostic);
}
