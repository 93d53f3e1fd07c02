//! Requests of the client: one file each, named as in the protocol. They run on the read pool, on a snapshot.

mod call_hierarchy_incoming_calls;
mod call_hierarchy_outgoing_calls;
pub(crate) mod code_action;
mod code_action_resolve;
pub(crate) mod code_lens;
mod code_lens_resolve;
pub(crate) mod completion;
mod completion_item_resolve;
mod declaration;
mod definition;
pub(crate) mod document_diagnostic;
mod document_highlight;
mod document_link;
mod document_symbol;
pub(crate) mod execute_command;
mod explain;
mod folding_range;
mod formatting;
mod hover;
mod implementation;
mod inlay_hint;
mod inlay_hint_resolve;
pub(crate) mod on_type_formatting;
mod prepare_call_hierarchy;
mod prepare_rename;
mod prepare_type_hierarchy;
mod range_formatting;
mod references;
pub(crate) mod rename;
mod selection_range;
mod semantic_tokens_full;
mod semantic_tokens_full_delta;
mod semantic_tokens_range;
pub(crate) mod signature_help;
mod status;
mod tests;
mod type_hierarchy_subtypes;
mod type_hierarchy_supertypes;
pub(crate) mod will_rename_files;
pub(crate) mod workspace_diagnostic;
mod workspace_symbol;

use relux_ide::Cancellable;
use serde::Serialize;
use serde_json::Value;
use tower_lsp_server::jsonrpc::Error;
use tower_lsp_server::ls_types::request::{GotoDeclarationParams, GotoImplementationParams};
use tower_lsp_server::ls_types::{
    CallHierarchyIncomingCallsParams, CallHierarchyOutgoingCallsParams, CallHierarchyPrepareParams,
    CodeAction, CodeActionParams, CodeLens, CodeLensParams, CompletionItem, CompletionParams,
    DocumentDiagnosticParams, DocumentFormattingParams, DocumentHighlightParams, DocumentLinkParams,
    DocumentOnTypeFormattingParams, DocumentRangeFormattingParams, DocumentSymbolParams,
    ExecuteCommandParams, FoldingRangeParams, GotoDefinitionParams, HoverParams, InlayHint, InlayHintParams,
    ReferenceParams, RenameFilesParams, RenameParams, SelectionRangeParams, SemanticTokensDeltaParams,
    SemanticTokensParams, SemanticTokensRangeParams, SignatureHelpParams, TextDocumentPositionParams,
    TypeHierarchyPrepareParams, TypeHierarchySubtypesParams, TypeHierarchySupertypesParams, Uri,
    WorkspaceDiagnosticParams, WorkspaceSymbolParams,
};

use crate::notifications::parameters;
use crate::reply::Answer;
use crate::snapshot::Snapshot;

/// Methods that exist only for clients that were told that they may ask for diagnostics.
pub(crate) const PULLS: [&str; 2] = ["textDocument/diagnostic", "workspace/diagnostic"];

/// The table of requests: variant, parameters, method, the module that answers, and the document that the question is
/// about, whose change makes the answer worthless.
macro_rules! requests {
    ($($variant:ident($params:ty), $method:literal, $module:ident, |$it:ident| $document:expr;)*) => {
        /// A request with its parameters. Exactly what `capabilities.rs` advertises.
        pub(crate) enum ClientRequest {
            $($variant(Box<$params>),)*
            /// Answered by the state thread if it changes something.
            ExecuteCommand(Box<ExecuteCommandParams>),
            /// Answered by the state thread, which knows what the client was told before.
            DocumentDiagnostic(Box<DocumentDiagnosticParams>),
            /// The same.
            WorkspaceDiagnostic(Box<WorkspaceDiagnosticParams>),
        }

        impl ClientRequest {
            /// The request of this method; `None` if there is no such method here.
            pub(crate) fn decode(method: &str, params: Option<Value>) -> Option<Result<Self, Error>> {
                Some(match method {
                    $($method => parameters(params).map(|it| Self::$variant(Box::new(it))),)*
                    "workspace/executeCommand" => {
                        parameters(params).map(|it| Self::ExecuteCommand(Box::new(it)))
                    }
                    "textDocument/diagnostic" => {
                        parameters(params).map(|it| Self::DocumentDiagnostic(Box::new(it)))
                    }
                    "workspace/diagnostic" => {
                        parameters(params).map(|it| Self::WorkspaceDiagnostic(Box::new(it)))
                    }
                    _ => return None,
                })
            }

            /// The document that the question is about. Its answer is worthless once that document has changed.
            pub(crate) fn document(&self) -> Option<&Uri> {
                match self {
                    $(Self::$variant($it) => $document,)*
                    Self::DocumentDiagnostic(it) => Some(&it.text_document.uri),
                    Self::ExecuteCommand(_) | Self::WorkspaceDiagnostic(_) => None,
                }
            }

            /// The document in which an answer is shown.
            pub(crate) fn shown_in(&self) -> Option<Uri> {
                match self {
                    Self::CodeLensResolve(lens) => code_lens::document(lens),
                    _ => self.document().cloned(),
                }
            }

            /// The answer from a snapshot.
            pub(crate) fn answer(&self, snapshot: &Snapshot) -> Cancellable<Answer> {
                Ok(match self {
                    $(Self::$variant(params) => $module::answer(snapshot, params)?.answer(),)*
                    Self::ExecuteCommand(params) => execute_command::answer(snapshot, params)?,
                    Self::DocumentDiagnostic(_) | Self::WorkspaceDiagnostic(_) => Err(Error::internal_error()),
                })
            }
        }
    };
}

requests! {
    Status(Value), "relux/status", status,
        |_it| None;
    Definition(GotoDefinitionParams), "textDocument/definition", definition,
        |it| Some(&it.text_document_position_params.text_document.uri);
    Declaration(GotoDeclarationParams), "textDocument/declaration", declaration,
        |it| Some(&it.text_document_position_params.text_document.uri);
    Implementation(GotoImplementationParams), "textDocument/implementation", implementation,
        |it| Some(&it.text_document_position_params.text_document.uri);
    Hover(HoverParams), "textDocument/hover", hover,
        |it| Some(&it.text_document_position_params.text_document.uri);
    SignatureHelp(SignatureHelpParams), "textDocument/signatureHelp", signature_help,
        |it| Some(&it.text_document_position_params.text_document.uri);
    Completion(CompletionParams), "textDocument/completion", completion,
        |it| Some(&it.text_document_position.text_document.uri);
    ResolveCompletion(CompletionItem), "completionItem/resolve", completion_item_resolve,
        |_it| None;
    References(ReferenceParams), "textDocument/references", references,
        |it| Some(&it.text_document_position.text_document.uri);
    DocumentHighlight(DocumentHighlightParams), "textDocument/documentHighlight", document_highlight,
        |it| Some(&it.text_document_position_params.text_document.uri);
    DocumentSymbol(DocumentSymbolParams), "textDocument/documentSymbol", document_symbol,
        |it| Some(&it.text_document.uri);
    WorkspaceSymbol(WorkspaceSymbolParams), "workspace/symbol", workspace_symbol,
        |_it| None;
    PrepareCallHierarchy(CallHierarchyPrepareParams), "textDocument/prepareCallHierarchy", prepare_call_hierarchy,
        |it| Some(&it.text_document_position_params.text_document.uri);
    IncomingCalls(CallHierarchyIncomingCallsParams), "callHierarchy/incomingCalls", call_hierarchy_incoming_calls,
        |it| Some(&it.item.uri);
    OutgoingCalls(CallHierarchyOutgoingCallsParams), "callHierarchy/outgoingCalls", call_hierarchy_outgoing_calls,
        |it| Some(&it.item.uri);
    PrepareTypeHierarchy(TypeHierarchyPrepareParams), "textDocument/prepareTypeHierarchy", prepare_type_hierarchy,
        |it| Some(&it.text_document_position_params.text_document.uri);
    Supertypes(TypeHierarchySupertypesParams), "typeHierarchy/supertypes", type_hierarchy_supertypes,
        |it| Some(&it.item.uri);
    Subtypes(TypeHierarchySubtypesParams), "typeHierarchy/subtypes", type_hierarchy_subtypes,
        |it| Some(&it.item.uri);
    FoldingRange(FoldingRangeParams), "textDocument/foldingRange", folding_range,
        |it| Some(&it.text_document.uri);
    SelectionRange(SelectionRangeParams), "textDocument/selectionRange", selection_range,
        |it| Some(&it.text_document.uri);
    SemanticTokens(SemanticTokensParams), "textDocument/semanticTokens/full", semantic_tokens_full,
        |it| Some(&it.text_document.uri);
    SemanticTokensDelta(SemanticTokensDeltaParams), "textDocument/semanticTokens/full/delta", semantic_tokens_full_delta,
        |it| Some(&it.text_document.uri);
    SemanticTokensRange(SemanticTokensRangeParams), "textDocument/semanticTokens/range", semantic_tokens_range,
        |it| Some(&it.text_document.uri);
    InlayHint(InlayHintParams), "textDocument/inlayHint", inlay_hint,
        |it| Some(&it.text_document.uri);
    ResolveInlayHint(InlayHint), "inlayHint/resolve", inlay_hint_resolve,
        |_it| None;
    PrepareRename(TextDocumentPositionParams), "textDocument/prepareRename", prepare_rename,
        |it| Some(&it.text_document.uri);
    Rename(RenameParams), "textDocument/rename", rename,
        |it| Some(&it.text_document_position.text_document.uri);
    WillRenameFiles(RenameFilesParams), "workspace/willRenameFiles", will_rename_files,
        |_it| None;
    DocumentLink(DocumentLinkParams), "textDocument/documentLink", document_link,
        |it| Some(&it.text_document.uri);
    CodeAction(CodeActionParams), "textDocument/codeAction", code_action,
        |it| Some(&it.text_document.uri);
    CodeActionResolve(CodeAction), "codeAction/resolve", code_action_resolve,
        |_it| None;
    CodeLens(CodeLensParams), "textDocument/codeLens", code_lens,
        |it| Some(&it.text_document.uri);
    CodeLensResolve(CodeLens), "codeLens/resolve", code_lens_resolve,
        |_it| None;
    Formatting(DocumentFormattingParams), "textDocument/formatting", formatting,
        |it| Some(&it.text_document.uri);
    RangeFormatting(DocumentRangeFormattingParams), "textDocument/rangeFormatting", range_formatting,
        |it| Some(&it.text_document.uri);
    Explain(explain::ExplainParams), "relux/explain", explain,
        |_it| None;
    Tests(tests::TestsParams), "relux/tests", tests,
        |_it| None;
    OnTypeFormatting(DocumentOnTypeFormattingParams), "textDocument/onTypeFormatting", on_type_formatting,
        |it| Some(&it.text_document_position.text_document.uri);
}

/// What requests are answered with: something or nothing, some of them also with a refusal.
trait Answerable {
    fn answer(self) -> Answer;
}

impl<T: Serialize> Answerable for Option<T> {
    fn answer(self) -> Answer {
        serde_json::to_value(self).map_err(|_| Error::internal_error())
    }
}

impl<T: Serialize> Answerable for Result<Option<T>, Error> {
    fn answer(self) -> Answer {
        self.and_then(Answerable::answer)
    }
}
