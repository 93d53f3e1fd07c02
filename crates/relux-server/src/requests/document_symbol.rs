//! `textDocument/documentSymbol`: the outline, nested where the client can show that.

use relux_ide::{Cancellable, Symbol, SymbolKind};
use tower_lsp_server::ls_types::{
    DocumentSymbol, DocumentSymbolParams, DocumentSymbolResponse, Location, SymbolInformation,
    SymbolKind as Kind, Uri,
};

use crate::positions::{Encoding, LineText};
use crate::snapshot::Snapshot;
use crate::uri::path_of;

pub(super) fn answer(
    snapshot: &Snapshot,
    params: &DocumentSymbolParams,
) -> Cancellable<Option<DocumentSymbolResponse>> {
    let uri = &params.text_document.uri;
    let path = path_of(uri);
    let Some(lines) = snapshot.lines(&path)? else {
        return Ok(None);
    };
    let outline = Outline {
        lines,
        encoding: snapshot.session.encoding,
    };
    let symbols = snapshot.analysis.document_symbols(&path)?;
    if snapshot.session.nested_symbols {
        let nested = symbols.into_iter().map(|symbol| outline.nested(symbol)).collect();
        return Ok(Some(DocumentSymbolResponse::Nested(nested)));
    }
    let mut flat = Vec::new();
    outline.flat(symbols, None, uri, &mut flat);
    Ok(Some(DocumentSymbolResponse::Flat(flat)))
}

struct Outline {
    lines: LineText,
    encoding: Encoding,
}

impl Outline {
    #[expect(
        deprecated,
        reason = "the protocol's type has a field for clients from before tags"
    )]
    fn nested(&self, symbol: Symbol) -> DocumentSymbol {
        let children: Vec<DocumentSymbol> = symbol
            .children
            .into_iter()
            .map(|child| self.nested(child))
            .collect();
        DocumentSymbol {
            name: symbol.name,
            detail: symbol.detail,
            kind: kind(symbol.kind),
            tags: None,
            deprecated: None,
            range: self.lines.range(symbol.whole, self.encoding),
            selection_range: self.lines.range(symbol.focus, self.encoding),
            children: (!children.is_empty()).then_some(children),
        }
    }

    #[expect(
        deprecated,
        reason = "the protocol's type has a field for clients from before tags"
    )]
    fn flat(
        &self,
        symbols: Vec<Symbol>,
        container: Option<&str>,
        uri: &Uri,
        into: &mut Vec<SymbolInformation>,
    ) {
        for symbol in symbols {
            into.push(SymbolInformation {
                name: symbol.name.clone(),
                kind: kind(symbol.kind),
                tags: None,
                deprecated: None,
                location: Location::new(uri.clone(), self.lines.range(symbol.whole, self.encoding)),
                container_name: container.map(str::to_owned),
            });
            self.flat(symbol.children, Some(&symbol.name), uri, into);
        }
    }
}

/// How the protocol's clients draw a symbol.
pub(super) fn kind(kind: SymbolKind) -> Kind {
    match kind {
        SymbolKind::Test => Kind::METHOD,
        SymbolKind::Effect => Kind::CLASS,
        SymbolKind::Function => Kind::FUNCTION,
        SymbolKind::Import => Kind::MODULE,
        SymbolKind::Variable => Kind::VARIABLE,
        SymbolKind::Expect => Kind::CONSTANT,
        SymbolKind::Start => Kind::OBJECT,
        SymbolKind::Expose => Kind::INTERFACE,
        SymbolKind::Shell => Kind::NAMESPACE,
        SymbolKind::Cleanup => Kind::EVENT,
    }
}
