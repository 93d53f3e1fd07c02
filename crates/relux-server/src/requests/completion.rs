//! `textDocument/completion`: what can be written at the cursor, in the forms that the client takes.
//!
//! Imports come with their items and not when an item is resolved: an edit that is computed later is for another text.

use relux_ide::{Cancellable, Completed, CompletionItem, CompletionKind, Completions, ItemKind};
use serde_json::{Value, json};
use tower_lsp_server::ls_types::{
    CompletionItem as Item, CompletionItemKind as Kind, CompletionItemLabelDetails, CompletionList,
    CompletionParams, CompletionTextEdit, CompletionTriggerKind, Documentation, InsertReplaceEdit,
    InsertTextFormat, TextEdit,
};

use super::hover::markup;
use crate::positions::LineText;
use crate::session::Session;
use crate::snapshot::Snapshot;

/// The characters behind which names follow. Behind a blank the answer is mostly that there is nothing to say.
pub(crate) const TRIGGERS: [&str; 9] = ["{", ".", "~", "@", "#", "/", "<", "!", " "];

pub(super) fn answer(snapshot: &Snapshot, params: &CompletionParams) -> Cancellable<Option<CompletionList>> {
    let place = &params.text_document_position;
    let Some((path, lines, offset)) = snapshot.offset(&place.text_document.uri, place.position)? else {
        return Ok(None);
    };
    let context = params.context.as_ref();
    let typed = context.filter(|it| it.trigger_kind == CompletionTriggerKind::TRIGGER_CHARACTER);
    let trigger = typed.and_then(|it| it.trigger_character.as_deref()?.chars().next());
    let found = snapshot.analysis.completion(&path, offset, trigger)?;
    let client = Client {
        session: &snapshot.session,
        lines: &lines,
        found: &found,
    };
    let items = found.items.iter().enumerate();
    Ok(Some(CompletionList {
        is_incomplete: found.incomplete,
        items: items.map(|(at, item)| client.item(at, item)).collect(),
    }))
}

/// Who asks, and where.
struct Client<'a> {
    session: &'a Session,
    lines: &'a LineText,
    found: &'a Completions,
}

impl Client<'_> {
    fn item(&self, at: usize, item: &CompletionItem) -> Item {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let details = self.session.label_details;
        let snippets = self.session.snippets && self.session.settings.snippets;
        let snippet = item.insert.snippet.as_ref().filter(|_| snippets);
        let label = if details {
            item.label.clone()
        } else {
            format!("{}{}", item.label, item.suffix)
        };
        let edits = item
            .edits
            .iter()
            .map(|it| self.edit(it.range, it.new_text.clone()));
        let edits: Vec<TextEdit> = edits.collect();
        Item {
            // Clients show them in the order of these texts.
            sort_text: Some(format!("{at:04}")),
            filter_text: (label != item.label).then(|| item.label.clone()),
            label,
            label_details: details.then(|| CompletionItemLabelDetails {
                detail: some(&item.suffix),
                description: some(&item.detail),
            }),
            kind: Some(kind(item.kind)),
            detail: some(&item.detail),
            documentation: some(&item.doc)
                .map(|it| Documentation::MarkupContent(markup(self.session.completion_markdown, it))),
            insert_text_format: snippet.map(|_| InsertTextFormat::SNIPPET),
            text_edit: Some(self.insert(snippet.unwrap_or(&item.insert.plain).clone())),
            additional_text_edits: (!edits.is_empty()).then_some(edits),
            data: item.about.as_ref().map(data),
            ..Item::default()
        }
    }

    /// The word before the cursor is replaced, or all of it, as the user of the client likes it.
    fn insert(&self, new_text: String) -> CompletionTextEdit {
        if self.session.insert_replace {
            let range = |range| self.lines.range(range, self.session.encoding);
            return CompletionTextEdit::InsertAndReplace(InsertReplaceEdit {
                new_text,
                insert: range(self.found.typed),
                replace: range(self.found.word),
            });
        }
        CompletionTextEdit::Edit(self.edit(self.found.word, new_text))
    }

    fn edit(&self, range: relux_ide::TextRange, new_text: String) -> TextEdit {
        TextEdit::new(self.lines.range(range, self.session.encoding), new_text)
    }
}

/// What the client hands back when it wants to know more.
pub(super) fn data(about: &Completed) -> Value {
    match about {
        Completed::Module(path) => json!({ "module": path.as_str() }),
        Completed::Item { file, id } => json!({
            "file": file.as_str(),
            "name": id.name.as_str(),
            "ordinal": id.ordinal,
            "effect": id.kind == ItemKind::Effect,
        }),
    }
}

/// Reads [`data`] back; anything may come from a client.
pub(super) fn about(data: &Value) -> Option<Completed> {
    if let Some(path) = data["module"].as_str() {
        return Some(Completed::Module(path.into()));
    }
    let kind = if data["effect"].as_bool()? {
        ItemKind::Effect
    } else {
        ItemKind::Function
    };
    let mut id = relux_ide::ItemId::new(kind, data["name"].as_str()?);
    id.ordinal = u32::try_from(data["ordinal"].as_u64()?).ok()?;
    Some(Completed::Item {
        file: data["file"].as_str()?.into(),
        id,
    })
}

fn kind(kind: CompletionKind) -> Kind {
    match kind {
        CompletionKind::Keyword => Kind::KEYWORD,
        CompletionKind::Operator => Kind::OPERATOR,
        CompletionKind::Duration => Kind::UNIT,
        CompletionKind::Effect => Kind::CLASS,
        CompletionKind::Alias => Kind::REFERENCE,
        CompletionKind::Function | CompletionKind::Builtin => Kind::FUNCTION,
        CompletionKind::Variable => Kind::VARIABLE,
        CompletionKind::Capture => Kind::VALUE,
        CompletionKind::Environment => Kind::CONSTANT,
        CompletionKind::Key => Kind::PROPERTY,
        CompletionKind::Shell => Kind::FIELD,
        CompletionKind::Module => Kind::MODULE,
    }
}
