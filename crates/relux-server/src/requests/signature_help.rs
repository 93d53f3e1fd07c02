//! `textDocument/signatureHelp`: all signatures of the function that is being called.
//!
//! A parameter that does not exist cannot be active: clients take the first one instead, and LSP 3.17 has no word for none.
//! So a signature that takes fewer arguments than are written is sent without parameters, and nothing of it is marked.

use relux_ide::{Cancellable, Signature};
use tower_lsp_server::ls_types::{
    Documentation, ParameterInformation, ParameterLabel, SignatureHelp, SignatureHelpParams,
    SignatureInformation,
};

use super::hover::markup;
use crate::session::Session;
use crate::snapshot::Snapshot;

/// The characters that open and continue the list of arguments.
pub(crate) const TRIGGERS: [&str; 2] = ["(", ","];

pub(super) fn answer(
    snapshot: &Snapshot,
    params: &SignatureHelpParams,
) -> Cancellable<Option<SignatureHelp>> {
    let place = &params.text_document_position_params;
    let Some((path, _, offset)) = snapshot.offset(&place.text_document.uri, place.position)? else {
        return Ok(None);
    };
    let found = snapshot.analysis.signature_help(&path, offset)?;
    let number = |it: usize| u32::try_from(it).ok();
    Ok(found.map(|found| SignatureHelp {
        active_signature: number(found.active),
        active_parameter: found
            .signatures
            .get(found.active)
            .and_then(|it| found.parameter(it))
            .and_then(number),
        signatures: found
            .signatures
            .iter()
            .map(|it| signature(&snapshot.session, it, found.parameter(it).is_some()))
            .collect(),
    }))
}

/// A signature, with its parameters where one of them is active.
fn signature(session: &Session, signature: &Signature, is_active: bool) -> SignatureInformation {
    let label = &signature.label;
    let parameter = |range: &relux_ide::TextRange| ParameterInformation {
        // Names are ASCII, so bytes and UTF-16 agree.
        label: if session.label_offsets {
            ParameterLabel::LabelOffsets([range.start, range.end])
        } else {
            ParameterLabel::Simple(range.slice(label).to_owned())
        },
        documentation: None,
    };
    let doc = signature.doc.clone();
    SignatureInformation {
        parameters: is_active.then(|| signature.params.iter().map(parameter).collect()),
        documentation: (!doc.is_empty())
            .then(|| Documentation::MarkupContent(markup(session.signature_markdown, doc))),
        label: signature.label.clone(),
        active_parameter: None,
    }
}
