//! `textDocument/codeAction`: what can be done at the cursor or selection.
//!
//! Clients that can resolve get the edits of refactorings when one is chosen ([`super::code_action_resolve`]); others get
//! them at once, and only those that hold what they promise.

use relux_ide::{Action, ActionKind, ActionRequest, Cancellable};
use serde::{Deserialize, Serialize};
use tower_lsp_server::ls_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, CodeActionParams, CodeActionTriggerKind, Uri,
};

use crate::convert;
use crate::positions::LineText;
use crate::snapshot::{Lines, Snapshot};
use crate::uri::path_of;
use crate::workspace_edit::workspace_edit;

/// All kinds that there are, for the capabilities. The last two bear our name, so that people can choose whose they want.
pub(crate) const KINDS: [&str; 6] = [
    "quickfix",
    "refactor.extract",
    "refactor.inline",
    "refactor.rewrite",
    "source.fixAll.relux",
    "source.organizeImports.relux",
];

const fn kind(kind: ActionKind) -> &'static str {
    match kind {
        ActionKind::QuickFix => KINDS[0],
        ActionKind::Extract => KINDS[1],
        ActionKind::Inline => KINDS[2],
        ActionKind::Rewrite => KINDS[3],
        ActionKind::FixAll => KINDS[4],
        ActionKind::OrganizeImports => KINDS[5],
    }
}

/// By what an action is found again when it is chosen.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Chosen {
    /// The document.
    pub(super) uri: Uri,
    /// Its version; what was chosen for another one is worthless.
    pub(super) version: Option<i32>,
    /// First byte of the selection.
    pub(super) start: u32,
    /// The byte behind it.
    pub(super) end: u32,
    /// The action.
    pub(super) id: String,
}

pub(super) fn answer(
    snapshot: &Snapshot,
    params: &CodeActionParams,
) -> Cancellable<Option<Vec<CodeActionOrCommand>>> {
    let path = path_of(&params.text_document.uri);
    let Some(lines) = snapshot.lines(&path)? else {
        return Ok(None);
    };
    // Commands would have to ask the client to apply edits; who knows no literals knows little of that either.
    if !snapshot.session.action_literals {
        return Ok(Some(Vec::new()));
    }
    let encoding = snapshot.session.encoding;
    let start = lines.offset(params.range.start, encoding);
    let range = (start as usize..lines.offset(params.range.end, encoding) as usize).into();
    let only = params.context.only.as_deref();
    let automatic = params.context.trigger_kind == Some(CodeActionTriggerKind::AUTOMATIC);
    let wants = |wanted: ActionKind| wants(only, automatic, wanted);
    let request = ActionRequest {
        range,
        wants: &wants,
        invoked: !automatic,
    };
    let mut found = Vec::new();
    for action in snapshot.analysis.actions(&path, &request)? {
        let chosen = Chosen {
            uri: params.text_document.uri.clone(),
            version: snapshot.open.get(&path).and_then(|open| open.version),
            start: range.start,
            end: range.end,
            id: action.id.clone(),
        };
        found.extend(converted(snapshot, &lines, action, chosen)?);
    }
    Ok(Some(
        found.into_iter().map(CodeActionOrCommand::CodeAction).collect(),
    ))
}

/// Whether a kind is asked for: by its own name, or by one that holds it.
fn wants(only: Option<&[CodeActionKind]>, automatic: bool, wanted: ActionKind) -> bool {
    let name = kind(wanted);
    let holds = |outer: &CodeActionKind| {
        let rest = name.strip_prefix(outer.as_str());
        outer.as_str().is_empty() || rest.is_some_and(|it| it.is_empty() || it.starts_with('.'))
    };
    match only {
        Some(only) => only.iter().any(holds),
        // A light bulb at every place with imports would light up nothing.
        None => !(automatic && matches!(wanted, ActionKind::FixAll | ActionKind::OrganizeImports)),
    }
}

/// The action for the client; `None` where it must have the edits now and they cannot be had.
fn converted(
    snapshot: &Snapshot,
    lines: &LineText,
    action: Action,
    chosen: Chosen,
) -> Cancellable<Option<CodeAction>> {
    let path = path_of(&chosen.uri);
    let mut files = Lines::default();
    let diagnostics = match &action.mends {
        Some(it) => Some(vec![convert::diagnostic(snapshot, &path, lines, &mut files, it)?]),
        None => None,
    };
    let mut found = CodeAction {
        title: action.title,
        kind: Some(CodeActionKind::new(kind(action.kind))),
        diagnostics,
        is_preferred: action.preferred.then_some(true),
        ..CodeAction::default()
    };
    let edits = match action.edits {
        Some(edits) => edits,
        None if snapshot.session.resolves_actions => {
            found.data = serde_json::to_value(chosen).ok();
            return Ok(Some(found));
        }
        None => {
            let range = (chosen.start as usize..chosen.end as usize).into();
            match snapshot.analysis.resolve_action(&path, range, &action.id)? {
                Ok(edits) => edits,
                Err(_refused) => return Ok(None),
            }
        }
    };
    found.edit = workspace_edit(snapshot, edits)?.ok().flatten();
    Ok(found.edit.is_some().then_some(found))
}
