//! The timeout of matches that was set in an earlier block of their shell, where one does not look for it.

use relux_model::Db;
use relux_model::bodies::body::{DefBody, FileBodies, StmtKind, Timed};
use relux_model::bodies::lower;
use relux_syntax::{LineIndex, TextRange};
use rustc_hash::FxHashMap;

use super::{HintKind, InlayHint};
use crate::suites::Entry;

pub(super) fn add(db: &dyn Db, entry: Entry, within: TextRange, out: &mut Vec<InlayHint>) {
    let bodies = lower(db, entry.file);
    let touches = |range: TextRange| range.start <= within.end && range.end >= within.start;
    let text: &str = entry.file.text(db);
    for definition in bodies.definitions.iter().filter(|it| touches(it.range)) {
        blocks(bodies, definition, text, out);
    }
}

/// One hint for each block: at its first match, unless the block sets a timeout before.
fn blocks(bodies: &FileBodies, definition: &DefBody, text: &str, out: &mut Vec<InlayHint>) {
    let mut in_force: FxHashMap<(&str, &str), Timed> = FxHashMap::default();
    for block in &definition.blocks {
        let Some(name) = block.name else { continue };
        let shell = (block.qualifier.unwrap_or_default().slice(text), name.slice(text));
        let mut carried = in_force.get(&shell).copied();
        for stmt in bodies.stmts(block.body) {
            match stmt.kind {
                StmtKind::Timeout(id) => {
                    carried = None;
                    in_force.insert(shell, bodies.timeout(id));
                }
                StmtKind::Match { timeout: None, .. } | StmtKind::MultiMatch { timeout: None, .. } => {
                    if let Some(timed) = carried.take() {
                        out.push(hint(stmt.range.start, timed, text));
                    }
                }
                _ => {}
            }
        }
    }
}

/// It stands where a timeout of the match's own would be written.
fn hint(start: u32, timed: Timed, text: &str) -> InlayHint {
    let written = timed.range.slice(text);
    let line = LineIndex::new(text).line(timed.range.start) + 1;
    InlayHint {
        offset: start + 1,
        label: written.to_owned(),
        kind: HintKind::Timeout,
        tooltip: format!("The timeout of this shell, set by `{written}` in line {line}."),
        about: None,
    }
}
