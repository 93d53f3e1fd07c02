//! Semantic tokens in the protocol's numbers, and what was sent last, from which differences are told.

use std::sync::{Mutex, PoisonError};

use relux_ide::{Cancellable, SemanticToken as Token, TextRange, TokenKind, TokenModifiers};
use rustc_hash::FxHashMap;
use tower_lsp_server::ls_types::{
    Position, SemanticToken, SemanticTokenModifier, SemanticTokenType, SemanticTokens, SemanticTokensEdit,
    SemanticTokensLegend, Uri,
};

use crate::positions::LineText;
use crate::snapshot::Snapshot;
use crate::uri::path_of;

/// Documents whose tokens are kept; more are hardly on a screen.
const MOST_KEPT: usize = 64;

/// The tokens that were sent last, by document.
#[derive(Debug, Default)]
pub(crate) struct TokenCache(Mutex<Sent>);

#[derive(Debug, Default)]
struct Sent {
    last_id: u64,
    documents: FxHashMap<Uri, (u64, Vec<SemanticToken>)>,
}

impl TokenCache {
    /// Looks at what was sent last for a document.
    pub(crate) fn with_sent<T>(&self, uri: &Uri, look: impl FnOnce(&[SemanticToken]) -> T) -> T {
        let sent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        look(sent.documents.get(uri).map_or(&[][..], |(_, tokens)| tokens))
    }

    /// Keeps what is being sent. Its id, and what was sent before if that has this id.
    fn replace(
        &self,
        uri: &Uri,
        tokens: &[SemanticToken],
        known: Option<&str>,
    ) -> (String, Option<Vec<SemanticToken>>) {
        let mut sent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sent.last_id += 1;
        let id = sent.last_id;
        let before = sent.documents.insert(uri.clone(), (id, tokens.to_vec()));
        if sent.documents.len() > MOST_KEPT {
            let oldest = sent.documents.iter().min_by_key(|(_, (id, _))| *id);
            if let Some(oldest) = oldest.map(|(uri, _)| uri.clone()) {
                sent.documents.remove(&oldest);
            }
        }
        let same = before.filter(|(id, _)| known == Some(id.to_string().as_str()));
        (id.to_string(), same.map(|(_, tokens)| tokens))
    }
}

/// What the numbers in tokens mean.
pub(crate) fn legend() -> SemanticTokensLegend {
    SemanticTokensLegend {
        token_types: TokenKind::ALL
            .iter()
            .map(|(_, name)| SemanticTokenType::new(name))
            .collect(),
        token_modifiers: TokenModifiers::ALL.map(SemanticTokenModifier::new).to_vec(),
    }
}

/// The tokens of a document or a part of it; `None` for an unknown file.
pub(crate) fn tokens(
    snapshot: &Snapshot,
    uri: &Uri,
    within: impl FnOnce(&LineText) -> Option<TextRange>,
) -> Cancellable<Option<Vec<SemanticToken>>> {
    let path = path_of(uri);
    let Some(lines) = snapshot.lines(&path)? else {
        return Ok(None);
    };
    let found = snapshot.analysis.semantic_tokens(&path, within(&lines))?;
    let (mut line, mut column) = (0, 0);
    let numbers = found.iter().map(|token| {
        let start = lines.position(token.range.start, snapshot.session.encoding);
        let length = lines.units(token.range, snapshot.session.encoding);
        let number = relative(token, start, length, (line, column));
        (line, column) = (start.line, start.character);
        number
    });
    Ok(Some(numbers.collect()))
}

fn relative(token: &Token, start: Position, length: u32, before: (u32, u32)) -> SemanticToken {
    let delta_line = start.line - before.0;
    let from = if delta_line == 0 { before.1 } else { 0 };
    SemanticToken {
        delta_line,
        delta_start: start.character - from,
        length,
        token_type: token.kind as u32,
        token_modifiers_bitset: token.modifiers.0,
    }
}

/// Takes note of what is sent for a document: all of it, and the difference to what the client has, if it has the last.
pub(crate) fn sent(
    snapshot: &Snapshot,
    uri: &Uri,
    data: Vec<SemanticToken>,
    known: Option<&str>,
) -> (SemanticTokens, Option<Vec<SemanticTokensEdit>>) {
    let (id, before) = snapshot.tokens.replace(uri, &data, known);
    let edits = before.map(|before| difference(&before, &data));
    let tokens = SemanticTokens {
        result_id: Some(id),
        data,
    };
    (tokens, edits)
}

/// Everything between what both begin with and what both end with.
fn difference(before: &[SemanticToken], after: &[SemanticToken]) -> Vec<SemanticTokensEdit> {
    let equal = |(a, b): &(&SemanticToken, &SemanticToken)| a == b;
    let start = before.iter().zip(after).take_while(equal).count();
    let (old, new) = (&before[start..], &after[start..]);
    let end = old.iter().rev().zip(new.iter().rev()).take_while(equal).count();
    let (old, new) = (&old[..old.len() - end], &new[..new.len() - end]);
    if old.is_empty() && new.is_empty() {
        return Vec::new();
    }
    // A token is five numbers.
    vec![SemanticTokensEdit {
        start: start as u32 * 5,
        delete_count: old.len() as u32 * 5,
        data: Some(new.to_vec()),
    }]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(starts: &[u32]) -> Vec<SemanticToken> {
        let token = |start: &u32| SemanticToken {
            delta_start: *start,
            length: 1,
            ..SemanticToken::default()
        };
        starts.iter().map(token).collect()
    }

    fn applied(mut before: Vec<SemanticToken>, edits: &[SemanticTokensEdit]) -> Vec<SemanticToken> {
        for edit in edits {
            let (from, count) = (edit.start as usize / 5, edit.delete_count as usize / 5);
            before.splice(from..from + count, edit.data.clone().unwrap_or_default());
        }
        before
    }

    #[test]
    fn a_difference_makes_one_of_the_other() {
        let lists = [
            &[][..],
            &[1],
            &[1, 2],
            &[2, 1],
            &[1, 1],
            &[1, 1, 1],
            &[3, 1, 2],
            &[1, 2, 3, 1, 2],
        ];
        for before in lists {
            for after in lists {
                let (before, after) = (tokens(before), tokens(after));
                let edits = difference(&before, &after);
                assert_eq!(applied(before.clone(), &edits), after);
                assert_eq!(edits.is_empty(), before == after);
            }
        }
    }
}
