//! From a new text to small edits, so that cursors and folds stay where they are.

use relux_syntax::TextRange;
use similar::{DiffOp, TextDiff};

/// The edits of whole lines that lead from one text to another, in order.
pub(super) fn edits(old: &str, new: &str) -> Vec<(TextRange, String)> {
    let diff = TextDiff::from_lines(old, new);
    let starts = |lines: &[&str]| {
        let mut starts = vec![0_usize];
        for line in lines {
            starts.push(starts[starts.len() - 1] + line.len());
        }
        starts
    };
    let (from, to) = (starts(diff.old_slices()), starts(diff.new_slices()));
    let ops = diff.ops().iter().filter(|op| !matches!(op, DiffOp::Equal { .. }));
    ops.map(|op| {
        let (before, after) = (op.old_range(), op.new_range());
        let range = TextRange::from(from[before.start]..from[before.end]);
        (range, new[to[after.start]..to[after.end]].to_owned())
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::edits;

    #[test]
    fn lines_that_stay_are_not_touched() {
        for (old, new, count) in [
            ("a\nb\nc\n", "a\nB\nc\n", 1),
            ("a\r\nb\r\n", "b\r\n", 1),
            ("a\nb\nc\n", "x\nb\ny", 2),
            ("", "a\n", 1),
            ("a\n", "a\n", 0),
        ] {
            let edits = edits(old, new);
            assert_eq!(edits.len(), count, "{old:?} to {new:?}");
            let mut text = old.to_owned();
            for (range, new) in edits.iter().rev() {
                text.replace_range(range.start as usize..range.end as usize, new);
            }
            assert_eq!(text, new);
        }
    }
}
