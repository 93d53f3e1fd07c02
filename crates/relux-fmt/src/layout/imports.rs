//! Imports: sorted by path and name, duplicates merged.
//!
//! A comment heads what follows it, so nothing moves across one, and an import directly below a comment stays there. A
//! whole import and a selective one of the same module are two things and stay two.

use relux_syntax::ast::{AstNode, Import, ImportName};
use relux_syntax::{SyntaxKind, SyntaxNode};

use super::{Layout, lists};
use crate::comments::Line;
use crate::ir::Op;

/// The imports of one module in a run.
struct Merged<'t> {
    first: Import<'t>,
    path: &'t str,
    /// `None` if it imports everything.
    names: Option<Vec<ImportName<'t>>>,
}

impl<'t> Merged<'t> {
    fn new(import: Import<'t>) -> Self {
        Self {
            first: import,
            path: import.path_text(),
            names: import.names().map(Iterator::collect),
        }
    }

    fn has_same_form(&self, other: &Self) -> bool {
        self.path == other.path && self.names.is_some() == other.names.is_some()
    }
}

/// A name of a list with its alias, as text: what is sorted by.
type NameKey<'t> = (&'t str, Option<&'t str>);

fn name_key<'t>(name: &ImportName<'t>) -> NameKey<'t> {
    let text = name.name().map_or("", |it| it.text());
    (text, name.alias().map(|it| it.text()))
}

impl<'t> Layout<'t> {
    /// Imports without anything between them; the number of the line behind.
    pub(super) fn imports(&mut self, lines: &[Line<'t>], first: usize) -> usize {
        let behind = (first + 1..lines.len())
            .find(|&it| lines[it].kind() != SyntaxKind::Import || lines[it].kept || lines[it].moved.is_some())
            .unwrap_or(lines.len());
        let run = &lines[first..behind];
        let below_comment = first > 0
            && !lines[first - 1].kept
            && lines[first - 1].kind() == SyntaxKind::Comment
            && lines[first].newlines < 2;
        let is_pinned = below_comment || lines[first].moved.is_some();
        self.doc.push(Op::Begin(run[0].start()));
        if let Some(comment) = run[0].moved {
            self.comment(comment, true);
            self.doc.hard();
        }
        for (index, import) in merged(run, is_pinned).iter().enumerate() {
            if index > 0 {
                self.doc.hard();
            }
            self.import(import);
        }
        self.doc.push(Op::End(run[run.len() - 1].end()));
        behind
    }

    fn import(&mut self, import: &Merged<'t>) {
        let node = import.first.syntax();
        let list = import.first.list().map(|it| it.syntax());
        self.tokens_before(node, list);
        if let (Some(names), Some(list)) = (&import.names, list) {
            let nodes: Vec<SyntaxNode<'t>> = names.iter().map(AstNode::syntax).collect();
            self.list(lists::braces(list), &nodes);
        }
    }
}

/// The imports of a run, each module once, in the order in which they are printed.
fn merged<'t>(run: &[Line<'t>], is_pinned: bool) -> Vec<Merged<'t>> {
    let mut all: Vec<Merged<'t>> = Vec::new();
    for import in run.iter().filter_map(|it| Import::cast(it.node)) {
        all.push(Merged::new(import));
    }
    let loose = usize::from(is_pinned).min(all.len());
    // The sort is stable, so that of equal ones the first stays first.
    all[loose..].sort_by(|a, b| (a.path, a.names.is_some()).cmp(&(b.path, b.names.is_some())));
    let mut done: Vec<Merged<'t>> = Vec::with_capacity(all.len());
    for import in all {
        let same_as_pinned = is_pinned && done.first().is_some_and(|it| it.has_same_form(&import));
        let target = if same_as_pinned {
            done.first_mut()
        } else {
            done.last_mut().filter(|it| it.has_same_form(&import))
        };
        match (target, import.names) {
            (Some(target), Some(names)) => target.names.get_or_insert_default().extend(names),
            (Some(_), None) => {}
            (None, names) => done.push(Merged { names, ..import }),
        }
    }
    for names in done.iter_mut().filter_map(|it| it.names.as_mut()) {
        names.sort_by_key(name_key);
        names.dedup_by_key(|it| name_key(it));
    }
    done
}

/// What imports mean, whatever their order: for comparing trees.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Canonical<'t> {
    path: &'t str,
    /// Nothing for a whole import, an empty name for a list without names.
    name: Option<NameKey<'t>>,
}

impl<'t> Canonical<'t> {
    /// The parts of an import.
    pub(crate) fn add(import: Import<'t>, to: &mut Vec<Self>) {
        let path = import.path_text();
        let Some(names) = import.names() else {
            to.push(Self { path, name: None });
            return;
        };
        to.push(Self {
            path,
            name: Some(("", None)),
        });
        to.extend(names.map(|it| Self {
            path,
            name: Some(name_key(&it)),
        }));
    }

    /// The same for what stands between the braces of a list: names, separated by commas and newlines. `None` if something
    /// else does.
    pub(crate) fn add_list(path: &'t str, list: &'t str, to: &mut Vec<Self>) -> Option<()> {
        to.push(Self {
            path,
            name: Some(("", None)),
        });
        for entry in list.split([',', '\n']) {
            let mut words = entry.split_ascii_whitespace();
            let name = match (words.next(), words.next(), words.next(), words.next()) {
                (None, ..) => continue,
                (Some(name), None, ..) => (name, None),
                (Some(name), Some("as"), alias @ Some(_), None) => (name, alias),
                _ => return None,
            };
            to.push(Self {
                path,
                name: Some(name),
            });
        }
        Some(())
    }
}
