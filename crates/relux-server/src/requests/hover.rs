//! `textDocument/hover`: Markdown, or the same as plain text for clients that do not show Markdown.

use relux_ide::Cancellable;
use tower_lsp_server::ls_types::{Hover, HoverContents, HoverParams, MarkupContent};

use crate::snapshot::Snapshot;

pub(super) fn answer(snapshot: &Snapshot, params: &HoverParams) -> Cancellable<Option<Hover>> {
    let place = &params.text_document_position_params;
    let Some((path, lines, offset)) = snapshot.offset(&place.text_document.uri, place.position)? else {
        return Ok(None);
    };
    let found = snapshot.analysis.hover(&path, offset)?;
    Ok(found.map(|found| Hover {
        contents: HoverContents::Markup(markup(snapshot.session.hover_markdown, found.markdown)),
        range: Some(lines.range(found.range, snapshot.session.encoding)),
    }))
}

/// Text of either kind; for a client that takes no Markdown without the marks that only a renderer hides.
pub(super) fn markup(markdown: bool, value: String) -> MarkupContent {
    use tower_lsp_server::ls_types::MarkupKind;
    if markdown {
        MarkupContent {
            kind: MarkupKind::Markdown,
            value,
        }
    } else {
        MarkupContent {
            kind: MarkupKind::PlainText,
            value: plain(&value),
        }
    }
}

/// Without fences and emphasis. Lists and names in back quotes read well as they are.
fn plain(markdown: &str) -> String {
    let mut fenced = false;
    let mut lines = Vec::new();
    for line in markdown.lines() {
        if line.starts_with("```") {
            fenced = !fenced;
            continue;
        }
        if fenced {
            lines.push(line.to_owned());
            continue;
        }
        let line = line.replace("**", "");
        let inner = line.strip_prefix('*').and_then(|it| it.strip_suffix('*'));
        lines.push(inner.map_or_else(|| line.clone(), str::to_owned));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_has_no_marks() {
        let markdown =
            "```relux\neffect Db { ** }\n```\n\n*lib/db*\n\n**Gets** here\n- `PORT` from *all*, 2 * 3";
        let text = "effect Db { ** }\n\nlib/db\n\nGets here\n- `PORT` from *all*, 2 * 3";
        assert_eq!(markup(false, markdown.to_owned()).value, text);
        assert_eq!(markup(true, markdown.to_owned()).value, markdown);
    }
}
