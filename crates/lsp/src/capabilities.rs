//! What the server says it can do, and what it reads of what the client can do.

use ide::tokens::{MODIFIERS, TYPES};
use lsp_types::{
    CallHierarchyServerCapability, ClientCapabilities, CodeActionKind, CodeActionOptions, CodeActionProviderCapability,
    CodeLensOptions, CompletionOptions, CompletionOptionsCompletionItem, DeclarationCapability, DiagnosticOptions,
    DiagnosticServerCapabilities, DocumentLinkOptions, DocumentOnTypeFormattingOptions, ExecuteCommandOptions,
    FoldingRangeProviderCapability, HoverProviderCapability, ImplementationProviderCapability,
    LinkedEditingRangeServerCapabilities, OneOf, RenameOptions, ResourceOperationKind,
    SelectionRangeProviderCapability, SemanticTokenModifier, SemanticTokenType, SemanticTokensFullOptions,
    SemanticTokensLegend, SemanticTokensOptions, SemanticTokensServerCapabilities, ServerCapabilities,
    SignatureHelpOptions, TextDocumentSyncCapability, TextDocumentSyncKind, TextDocumentSyncOptions,
    TextDocumentSyncSaveOptions, TypeDefinitionProviderCapability, WorkDoneProgressOptions,
    WorkspaceFoldersServerCapabilities, WorkspaceServerCapabilities,
};

use crate::commands;
use crate::context::{Client, Registers};
use crate::convert::Encoding;

/// What the client can do, as far as answers depend on it.
pub fn client(capabilities: &ClientCapabilities) -> Client {
    let document = capabilities.text_document.as_ref();
    let workspace = capabilities.workspace.as_ref();
    let window = capabilities.window.as_ref();
    let offered = capabilities.general.as_ref().and_then(|general| general.position_encodings.clone());
    let completion = document.and_then(|document| document.completion.as_ref());
    let item = completion.and_then(|completion| completion.completion_item.as_ref());
    let symbols = document.and_then(|document| document.document_symbol.as_ref());
    let watched = workspace.and_then(|workspace| workspace.did_change_watched_files.as_ref());
    let lenses = workspace.and_then(|workspace| workspace.code_lens.as_ref());
    let hints = workspace.and_then(|workspace| workspace.inlay_hint.as_ref());
    let definition = document.and_then(|document| document.definition.as_ref());
    let diagnostics = workspace.and_then(|workspace| workspace.diagnostic.as_ref());
    let actions = document.and_then(|document| document.code_action.as_ref());
    let resolved = actions.and_then(|actions| actions.resolve_support.as_ref());
    let edits = workspace.and_then(|workspace| workspace.workspace_edit.as_ref());
    let operations = edits.and_then(|edits| edits.resource_operations.as_deref()).unwrap_or_default();
    Client {
        encoding: Encoding::of(&offered.unwrap_or_default()),
        snippets: item.and_then(|item| item.snippet_support).unwrap_or(false),
        pulls: document.is_some_and(|document| document.diagnostic.is_some()),
        refreshes: diagnostics.and_then(|diagnostics| diagnostics.refresh_support).unwrap_or(false),
        progress: window.and_then(|window| window.work_done_progress).unwrap_or(false),
        configuration: workspace.and_then(|workspace| workspace.configuration).unwrap_or(false),
        watches: watched.and_then(|watched| watched.dynamic_registration).unwrap_or(false),
        links: definition.and_then(|definition| definition.link_support).unwrap_or(false),
        nested_symbols: symbols.and_then(|symbols| symbols.hierarchical_document_symbol_support).unwrap_or(false),
        shows: window.and_then(|window| window.show_document.as_ref()).is_some_and(|show| show.support),
        creates: edits.and_then(|edits| edits.document_changes) == Some(true)
            && operations.contains(&ResourceOperationKind::Create),
        resolves: resolved.is_some_and(|support| support.properties.iter().any(|property| property == "edit")),
        registers: registers(capabilities),
        applies: workspace.and_then(|workspace| workspace.apply_edit).unwrap_or(false),
        refreshes_lenses: lenses.and_then(|lenses| lenses.refresh_support).unwrap_or(false),
        refreshes_hints: hints.and_then(|hints| hints.refresh_support).unwrap_or(false),
    }
}

/// What the client lets be registered once it runs.
fn registers(capabilities: &ClientCapabilities) -> Registers {
    let document = capabilities.text_document.clone().unwrap_or_default();
    let workspace = capabilities.workspace.clone().unwrap_or_default();
    let yes = |said: Option<bool>| said.unwrap_or(false);
    Registers {
        sync: yes(document.synchronization.and_then(|sync| sync.dynamic_registration)),
        actions: yes(document.code_action.and_then(|actions| actions.dynamic_registration)),
        diagnostics: yes(document.diagnostic.and_then(|diagnostic| diagnostic.dynamic_registration)),
        links: yes(document.document_link.and_then(|links| links.dynamic_registration)),
        configuration: yes(workspace.did_change_configuration.and_then(|changes| changes.dynamic_registration)),
    }
}

const NO_PROGRESS: WorkDoneProgressOptions = WorkDoneProgressOptions { work_done_progress: None };

/// How code actions are given.
pub fn code_actions() -> CodeActionOptions {
    CodeActionOptions {
        code_action_kinds: Some(vec![
            CodeActionKind::QUICKFIX,
            CodeActionKind::REFACTOR,
            CodeActionKind::REFACTOR_EXTRACT,
            CodeActionKind::REFACTOR_INLINE,
            CodeActionKind::REFACTOR_REWRITE,
            CodeActionKind::SOURCE_FIX_ALL,
        ]),
        resolve_provider: Some(true),
        work_done_progress_options: NO_PROGRESS,
    }
}

/// How diagnostics are given to clients that ask for them.
pub fn diagnostics() -> DiagnosticOptions {
    DiagnosticOptions {
        identifier: Some("lawbook".to_owned()),
        inter_file_dependencies: true,
        workspace_diagnostics: true,
        work_done_progress_options: NO_PROGRESS,
    }
}

/// What the server can do for that client; what it registers once the client runs is not among it.
pub fn server(client: &Client) -> ServerCapabilities {
    let no_progress = NO_PROGRESS;
    let links = DocumentLinkOptions { resolve_provider: Some(false), work_done_progress_options: no_progress };
    ServerCapabilities {
        position_encoding: Some(client.encoding.kind()),
        text_document_sync: Some(TextDocumentSyncCapability::Options(TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::INCREMENTAL),
            save: Some(TextDocumentSyncSaveOptions::Supported(true)),
            ..TextDocumentSyncOptions::default()
        })),
        completion_provider: Some(CompletionOptions {
            resolve_provider: Some(true),
            trigger_characters: Some([".", "\"", "{", "/", "("].map(str::to_owned).to_vec()),
            completion_item: Some(CompletionOptionsCompletionItem { label_details_support: Some(true) }),
            ..CompletionOptions::default()
        }),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        definition_provider: Some(OneOf::Left(true)),
        declaration_provider: Some(DeclarationCapability::Simple(true)),
        type_definition_provider: Some(TypeDefinitionProviderCapability::Simple(true)),
        implementation_provider: Some(ImplementationProviderCapability::Simple(true)),
        references_provider: Some(OneOf::Left(true)),
        document_highlight_provider: Some(OneOf::Left(true)),
        linked_editing_range_provider: Some(LinkedEditingRangeServerCapabilities::Simple(true)),
        rename_provider: Some(OneOf::Right(RenameOptions {
            prepare_provider: Some(true),
            work_done_progress_options: no_progress,
        })),
        signature_help_provider: Some(SignatureHelpOptions {
            trigger_characters: Some(["(", "{"].map(str::to_owned).to_vec()),
            retrigger_characters: Some(vec![",".to_owned(), ":".to_owned()]),
            work_done_progress_options: no_progress,
        }),
        inlay_hint_provider: Some(OneOf::Left(true)),
        document_symbol_provider: Some(OneOf::Left(true)),
        workspace_symbol_provider: Some(OneOf::Left(true)),
        folding_range_provider: Some(FoldingRangeProviderCapability::Simple(true)),
        selection_range_provider: Some(SelectionRangeProviderCapability::Simple(true)),
        document_link_provider: (!client.registers.links).then_some(links),
        semantic_tokens_provider: Some(SemanticTokensServerCapabilities::SemanticTokensOptions(
            SemanticTokensOptions {
                legend: SemanticTokensLegend {
                    token_types: TYPES.map(SemanticTokenType::new).to_vec(),
                    token_modifiers: MODIFIERS.map(SemanticTokenModifier::new).to_vec(),
                },
                range: Some(true),
                full: Some(SemanticTokensFullOptions::Delta { delta: Some(true) }),
                work_done_progress_options: no_progress,
            },
        )),
        call_hierarchy_provider: Some(CallHierarchyServerCapability::Simple(true)),
        code_lens_provider: Some(CodeLensOptions { resolve_provider: Some(false) }),
        code_action_provider: (!client.registers.actions)
            .then(|| CodeActionProviderCapability::Options(code_actions())),
        execute_command_provider: Some(ExecuteCommandOptions {
            commands: commands::ALL.map(str::to_owned).to_vec(),
            work_done_progress_options: no_progress,
        }),
        document_formatting_provider: Some(OneOf::Left(true)),
        document_range_formatting_provider: Some(OneOf::Left(true)),
        document_on_type_formatting_provider: Some(DocumentOnTypeFormattingOptions {
            first_trigger_character: ".".to_owned(),
            more_trigger_character: Some(vec!["\n".to_owned()]),
        }),
        diagnostic_provider: (client.pulls && !client.registers.diagnostics)
            .then(|| DiagnosticServerCapabilities::Options(diagnostics())),
        workspace: Some(WorkspaceServerCapabilities {
            workspace_folders: Some(WorkspaceFoldersServerCapabilities {
                supported: Some(true),
                change_notifications: Some(OneOf::Left(true)),
            }),
            file_operations: None,
        }),
        ..ServerCapabilities::default()
    }
}
