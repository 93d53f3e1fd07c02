//! What was agreed with the client when the session began. Only folders and settings change from then on.

use camino::Utf8PathBuf;
use serde_json::Value;
use tower_lsp_server::ls_types::{
    GotoCapability, InitializeParams, MarkupKind, MessageType, Uri, WorkspaceClientCapabilities,
};

use crate::positions::Encoding;
use crate::requests::code_lens::SHOW_REFERENCES;
use crate::settings::{SECTION, Settings};
use crate::uri::path_of;

/// The client's abilities as far as they change what it is sent.
#[derive(Clone, Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an ability of its own in the protocol"
)]
pub(crate) struct Session {
    /// Units of columns.
    pub(crate) encoding: Encoding,
    /// The client watches files for the server; otherwise it watches them itself.
    pub(crate) watches_files: bool,
    /// The client shows progress that the server starts.
    pub(crate) progress: bool,
    /// Definitions may be links with the range of the whole target.
    pub(crate) definition_links: bool,
    /// Declarations may.
    pub(crate) declaration_links: bool,
    /// Implementations may.
    pub(crate) implementation_links: bool,
    /// Hovers may be Markdown.
    pub(crate) hover_markdown: bool,
    /// Documentation of signatures may be Markdown.
    pub(crate) signature_markdown: bool,
    /// Parameters may be ranges of the label of their signature.
    pub(crate) label_offsets: bool,
    /// Documentation of completions may be Markdown.
    pub(crate) completion_markdown: bool,
    /// Completions may have places to fill in.
    pub(crate) snippets: bool,
    /// Completions may leave what stands behind the cursor to the user's taste.
    pub(crate) insert_replace: bool,
    /// Completions may have parameters and origin beside their label.
    pub(crate) label_details: bool,
    /// Edits may name the version of the document that they are for.
    pub(crate) versioned_edits: bool,
    /// Code actions may be more than commands.
    pub(crate) action_literals: bool,
    /// Edits of code actions may come when one is chosen.
    pub(crate) resolves_actions: bool,
    /// The client has the command that a lens of an effect wants.
    pub(crate) shows_references: bool,
    /// The client asks for these again when it is told to.
    pub(crate) refreshes: Refreshes,
    /// The client can be asked for the user's settings.
    pub(crate) has_configuration: bool,
    /// The client tells of changed settings if it is asked to.
    pub(crate) tells_configuration: bool,
    /// How many folds the client wants of one file at most.
    pub(crate) most_folds: Option<usize>,
    /// Symbols may be nested.
    pub(crate) nested_symbols: bool,
    /// Diagnostics may name other places.
    pub(crate) related: bool,
    /// Where the client shows what a diagnostic means: an address in which `{code}` stands for its code.
    pub(crate) explanations: Option<String>,
    /// The client asks for diagnostics, and again when it is told to. One that cannot be told would show what no longer
    /// holds, so everything is pushed to it instead.
    pub(crate) pulls: bool,
    /// What is answered for one document may bring that of others along.
    pub(crate) related_documents: bool,
    /// The client shows tests by itself and wants to hear of them and of their runs.
    pub(crate) tests: bool,
    /// Directories of the workspace.
    pub(crate) folders: Vec<Utf8PathBuf>,
    /// What the user has switched off.
    pub(crate) settings: Settings,
    /// Settings that came with the introduction, for clients that have no other way.
    pub(crate) first_settings: Option<Value>,
}

/// What a client shows and asks for again when it is told to.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Refreshes {
    /// Lenses.
    pub(crate) lenses: bool,
    /// Inlay hints.
    pub(crate) hints: bool,
    /// Semantic tokens.
    pub(crate) tokens: bool,
}

impl Refreshes {
    fn new(workspace: Option<&WorkspaceClientCapabilities>) -> Self {
        let lenses = workspace.and_then(|it| it.code_lens.as_ref()?.refresh_support);
        let hints = workspace.and_then(|it| it.inlay_hint.as_ref()?.refresh_support);
        let tokens = workspace.and_then(|it| it.semantic_tokens.as_ref()?.refresh_support);
        Self {
            lenses: lenses.unwrap_or(false),
            hints: hints.unwrap_or(false),
            tokens: tokens.unwrap_or(false),
        }
    }
}

impl Session {
    /// Reads the client's capabilities; what it does not say it cannot do.
    pub(crate) fn new(params: &InitializeParams) -> Self {
        let workspace = params.capabilities.workspace.as_ref();
        let document = params.capabilities.text_document.as_ref();
        let window = params.capabilities.window.as_ref();
        let general = params.capabilities.general.as_ref();
        let watched = workspace.and_then(|it| it.did_change_watched_files);
        let configuration = workspace.and_then(|it| it.did_change_configuration);
        let links = |it: Option<&GotoCapability>| it.and_then(|it| it.link_support).unwrap_or(false);
        let folding = document.and_then(|it| it.folding_range.as_ref());
        let hover = document.and_then(|it| it.hover.as_ref());
        let signature = document
            .and_then(|it| it.signature_help.as_ref())
            .and_then(|it| it.signature_information.as_ref());
        let parameter = signature.and_then(|it| it.parameter_information.as_ref());
        let completion = document
            .and_then(|it| it.completion.as_ref())
            .and_then(|it| it.completion_item.as_ref());
        let edits = workspace.and_then(|it| it.workspace_edit.as_ref());
        let actions = document.and_then(|it| it.code_action.as_ref());
        let resolved = actions.and_then(|it| it.resolve_support.as_ref());
        let symbols = document.and_then(|it| it.document_symbol.as_ref());
        let pull = document.and_then(|it| it.diagnostic.as_ref());
        let diagnostics = workspace.and_then(|it| it.diagnostics.as_ref());
        let publish = document.and_then(|it| it.publish_diagnostics.as_ref());
        Self {
            encoding: Encoding::negotiate(general.and_then(|it| it.position_encodings.as_deref())),
            watches_files: watched.and_then(|it| it.dynamic_registration).unwrap_or(false),
            progress: window.and_then(|it| it.work_done_progress).unwrap_or(false),
            definition_links: links(document.and_then(|it| it.definition.as_ref())),
            declaration_links: links(document.and_then(|it| it.declaration.as_ref())),
            implementation_links: links(document.and_then(|it| it.implementation.as_ref())),
            hover_markdown: takes_markdown(hover.and_then(|it| it.content_format.as_deref())),
            signature_markdown: takes_markdown(signature.and_then(|it| it.documentation_format.as_deref())),
            label_offsets: parameter.and_then(|it| it.label_offset_support).unwrap_or(false),
            completion_markdown: takes_markdown(completion.and_then(|it| it.documentation_format.as_deref())),
            snippets: completion.and_then(|it| it.snippet_support).unwrap_or(false),
            insert_replace: completion
                .and_then(|it| it.insert_replace_support)
                .unwrap_or(false),
            label_details: completion
                .and_then(|it| it.label_details_support)
                .unwrap_or(false),
            versioned_edits: edits.and_then(|it| it.document_changes).unwrap_or(false),
            action_literals: actions.is_some_and(|it| it.code_action_literal_support.is_some()),
            // Without data there is no telling what was chosen.
            resolves_actions: resolved.is_some_and(|it| it.properties.iter().any(|it| it == "edit"))
                && actions.is_some_and(|it| it.data_support == Some(true)),
            shows_references: has_command(params, SHOW_REFERENCES),
            refreshes: Refreshes::new(workspace),
            has_configuration: workspace.and_then(|it| it.configuration).unwrap_or(false),
            tells_configuration: configuration
                .and_then(|it| it.dynamic_registration)
                .unwrap_or(false),
            most_folds: folding.and_then(|it| it.range_limit.map(|limit| limit as usize)),
            nested_symbols: symbols
                .and_then(|it| it.hierarchical_document_symbol_support)
                .unwrap_or(false),
            related: publish
                .and_then(|it| it.related_information)
                .or(pull.and_then(|it| it.related_information))
                .unwrap_or(false),
            explanations: explanations(params, publish.and_then(|it| it.code_description_support)),
            pulls: pull.is_some() && diagnostics.and_then(|it| it.refresh_support).unwrap_or(false),
            related_documents: pull.and_then(|it| it.related_document_support).unwrap_or(false),
            tests: [&params.capabilities.experimental, &params.initialization_options]
                .into_iter()
                .any(|it| it.as_ref().is_some_and(|it| it["reluxTests"] == true)),
            folders: folders(params),
            settings: Settings::default(),
            first_settings: params
                .initialization_options
                .as_ref()
                .and_then(|it| it.get(SECTION).cloned()),
        }
    }
}

/// Whether the client says that it has a command: `{"experimental": {"commands": {"commands": […]}}}`, as others do.
fn has_command(params: &InitializeParams, command: &str) -> bool {
    let experimental = params.capabilities.experimental.as_ref();
    let commands = experimental.and_then(|it| it.get("commands")?.get("commands")?.as_array());
    commands.is_some_and(|it| it.iter().any(|it| it == command))
}

/// The address of explanations, from clients that take one with a diagnostic: `{"experimental": {"reluxExplain": …}}`.
fn explanations(params: &InitializeParams, taken: Option<bool>) -> Option<String> {
    let experimental = params.capabilities.experimental.as_ref();
    let address = experimental?.get("reluxExplain")?.as_str()?;
    let is_address = address.contains("{code}") && address.replace("{code}", "a-code").parse::<Uri>().is_ok();
    (taken == Some(true) && is_address).then(|| address.to_owned())
}

/// The directories that the client has open, also from clients that know only one.
fn folders(params: &InitializeParams) -> Vec<Utf8PathBuf> {
    let several = params.workspace_folders.iter().flatten().map(|it| &it.uri);
    let mut uris: Vec<&Uri> = several.collect();
    #[expect(deprecated, reason = "some clients still say only this")]
    if uris.is_empty() {
        uris.extend(&params.root_uri);
    }
    let mut folders: Vec<Utf8PathBuf> = uris.into_iter().map(path_of).collect();
    folders.retain(|it| it.is_absolute());
    folders
}

fn takes_markdown(formats: Option<&[MarkupKind]>) -> bool {
    formats.is_some_and(|it| it.contains(&MarkupKind::Markdown))
}

/// How loud a message to the user is.
pub(crate) const fn loudness(failed: bool) -> MessageType {
    if failed {
        MessageType::ERROR
    } else {
        MessageType::INFO
    }
}
