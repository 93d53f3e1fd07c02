//! The signatures of the function that is being called, all numbers of arguments, with the argument under the cursor.
//!
//! It reads the line and not the tree, because calls that are being typed are no calls yet.

use relux_model::builtins::TABLE;
use relux_model::items::item_index;
use relux_model::parse::parse;
use relux_model::scope::scope;
use relux_model::{Db, Def};
use relux_syntax::TextRange;
use relux_syntax::ast::SyntaxKind;

use crate::hover::doc_of;
use crate::suites::Entry;

/// A function as it can be called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// `name(a, b)`; ASCII wherever names are.
    pub label: String,
    /// The parameters in `label`, in bytes.
    pub params: Vec<TextRange>,
    /// What is written about it; Markdown.
    pub doc: String,
}

/// The call under the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureHelp {
    /// By number of parameters; never empty.
    pub signatures: Vec<Signature>,
    /// Which of them fits what is written so far.
    pub active: usize,
    /// Which argument holds the cursor, from 0. Signatures may have fewer parameters, even the active one.
    pub argument: usize,
}

impl SignatureHelp {
    /// Which parameter of a signature holds the cursor, if it takes so many arguments.
    pub fn parameter(&self, of: &Signature) -> Option<usize> {
        (self.argument < of.params.len()).then_some(self.argument)
    }
}

pub(crate) fn signature_help(db: &dyn Db, entry: Entry, offset: u32) -> Option<SignatureHelp> {
    let text: &str = entry.file.text(db);
    let tree = parse(db, entry.file);
    let node = tree.covering(TextRange::empty(offset));
    let is_text = |kind| {
        matches!(
            kind,
            SyntaxKind::Regex | SyntaxKind::Literal | SyntaxKind::Comment
        )
    };
    if node.ancestors().any(|it| is_text(it.kind())) {
        return None;
    }
    let before = text.get(..offset as usize)?;
    let line = &before[before.rfind('\n').map_or(0, |at| at + 1)..];
    let call = open_call(line)?;
    let mut signatures = own(db, entry, call.name);
    for builtin in TABLE.iter().filter(|it| it.name == call.name) {
        let known = signatures
            .iter()
            .any(|it| it.params.len() == builtin.params.len());
        if !known {
            signatures.push(signature(builtin.name, builtin.params, builtin.doc.to_owned()));
        }
    }
    signatures.sort_by_key(|it| it.params.len());
    let fits = signatures.iter().position(|it| it.params.len() > call.argument);
    let active = fits.unwrap_or(signatures.len().checked_sub(1)?);
    Some(SignatureHelp {
        signatures,
        active,
        argument: call.argument,
    })
}

fn own(db: &dyn Db, entry: Entry, name: &str) -> Vec<Signature> {
    let functions = scope(db, entry.suite, entry.file).functions_named(name).iter();
    let signature = |def: &Def| {
        let function = item_index(db, def.file).function(&def.id)?;
        Some(signature(name, &function.params, doc_of(db, def)))
    };
    functions.filter_map(|it| signature(&it.def)).collect()
}

fn signature<T: AsRef<str>>(name: &str, params: &[T], doc: String) -> Signature {
    let mut label = format!("{name}(");
    let mut ranges = Vec::new();
    for (at, param) in params.iter().enumerate() {
        if at > 0 {
            label.push_str(", ");
        }
        let start = label.len();
        label.push_str(param.as_ref());
        ranges.push((start..label.len()).into());
    }
    label.push(')');
    Signature {
        label,
        params: ranges,
        doc,
    }
}

struct Call<'a> {
    name: &'a str,
    argument: usize,
}

/// The innermost call that is open at the end of a line.
fn open_call(line: &str) -> Option<Call<'_>> {
    let mut open: Vec<Call<'_>> = Vec::new();
    let (mut in_string, mut escaped) = (false, false);
    for (at, c) in line.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if in_string => escaped = true,
            '"' => in_string = !in_string,
            _ if in_string => {}
            '(' => open.push(Call {
                name: word_before(&line[..at]),
                argument: 0,
            }),
            ')' => drop(open.pop()),
            ',' => {
                if let Some(call) = open.last_mut() {
                    call.argument += 1;
                }
            }
            _ => {}
        }
    }
    // The parameters of a definition are no arguments.
    let is_header = ["fn ", "pure "]
        .iter()
        .any(|it| line.trim_start().starts_with(it));
    open.pop().filter(|call| !call.name.is_empty() && !is_header)
}

fn word_before(text: &str) -> &str {
    let start = text
        .trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '_')
        .len();
    &text[start..]
}

#[cfg(test)]
mod tests;
