//! `textDocument/signatureHelp`: all signatures of the function that is being called.

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
        active_parameter: number(found.argument),
        signatures: found
            .signatures
            .into_iter()
            .map(|it| signature(&snapshot.session, it))
            .collect(),
    }))
}

fn signature(session: &Session, signature: Signature) -> SignatureInformation {
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
        parameters: Some(signature.params.iter().map(parameter).collect()),
        documentation: (!doc.is_empty())
            .then(|| Documentation::MarkupContent(markup(session.signature_markdown, doc))),
        label: signature.label,
        active_parameter: None,
    }
}
