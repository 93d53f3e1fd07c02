//! `textDocument/definition`: where the name under the cursor comes from; all places if there are several.

use relux_ide::{Cancellable, Definition, Target};
use tower_lsp_server::ls_types::{GotoDefinitionParams, GotoDefinitionResponse, LocationLink, Range};

use crate::positions::LineText;
use crate::snapshot::Snapshot;

pub(super) fn answer(
    snapshot: &Snapshot,
    params: &GotoDefinitionParams,
) -> Cancellable<Option<GotoDefinitionResponse>> {
    let place = &params.text_document_position_params;
    let Some((path, lines, offset)) = snapshot.offset(&place.text_document.uri, place.position)? else {
        return Ok(None);
    };
    let found = snapshot.analysis.definition(&path, offset)?;
    places(snapshot, &lines, found, snapshot.session.definition_links)
}

/// Places to go to, as links with the whole target where the client takes them.
pub(super) fn places(
    snapshot: &Snapshot,
    lines: &LineText,
    found: Option<Definition>,
    as_links: bool,
) -> Cancellable<Option<GotoDefinitionResponse>> {
    let Some(found) = found else {
        return Ok(None);
    };
    if !as_links {
        let mut locations = Vec::new();
        for target in &found.targets {
            locations.extend(snapshot.location(&target.file, target.focus)?);
        }
        return Ok(Some(GotoDefinitionResponse::Array(locations)));
    }
    let origin = lines.range(found.origin, snapshot.session.encoding);
    let mut all = Vec::new();
    for target in &found.targets {
        all.extend(linked(snapshot, origin, target)?);
    }
    Ok(Some(GotoDefinitionResponse::Link(all)))
}

fn linked(snapshot: &Snapshot, origin: Range, target: &Target) -> Cancellable<Option<LocationLink>> {
    let (Some(uri), Some(lines)) = (snapshot.uri(&target.file), snapshot.lines(&target.file)?) else {
        return Ok(None);
    };
    let encoding = snapshot.session.encoding;
    Ok(Some(LocationLink {
        origin_selection_range: Some(origin),
        target_uri: uri,
        target_range: lines.range(target.whole, encoding),
        target_selection_range: lines.range(target.focus, encoding),
    }))
}
