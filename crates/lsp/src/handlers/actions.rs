//! Code actions.

use ide::actions::{self, ActionKind, CodeAction as Found};
use lsp_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, CodeActionParams, CodeActionResponse, NumberOrString,
};

use super::rename::workspace_edit;
use crate::context::Context;
use crate::tasks::Refusal;
use crate::{declare, waive};

fn kind(kind: ActionKind) -> CodeActionKind {
    match kind {
        ActionKind::QuickFix => CodeActionKind::QUICKFIX,
        ActionKind::Rewrite => CodeActionKind::REFACTOR_REWRITE,
        ActionKind::Extract => CodeActionKind::REFACTOR_EXTRACT,
        ActionKind::Inline => CodeActionKind::REFACTOR_INLINE,
        ActionKind::Generate => CodeActionKind::REFACTOR,
    }
}

/// Whether a kind is one of those asked for, or below one.
fn wanted(only: Option<&Vec<CodeActionKind>>, kind: &CodeActionKind) -> bool {
    let below = |asked: &CodeActionKind| {
        asked.as_str().is_empty()
            || kind == asked
            || kind.as_str().strip_prefix(asked.as_str()).is_some_and(|rest| rest.starts_with('.'))
    };
    only.is_none_or(|only| only.iter().any(below))
}

pub fn actions(context: &Context, params: CodeActionParams) -> Result<Option<CodeActionResponse>, Refusal> {
    let uri = params.text_document.uri.as_str().to_owned();
    let quick = wanted(params.context.only.as_ref(), &CodeActionKind::QUICKFIX);
    // What is no policy has findings alone.
    let Ok(file) = context.file(&params.text_document.uri) else {
        let mut found = Vec::new();
        if quick {
            found.extend(waive::actions(&uri, &params.context.diagnostics));
        }
        // Editors ask at every move of the cursor; the action is about the file.
        if wanted(params.context.only.as_ref(), &CodeActionKind::REFACTOR) {
            found.extend(declare::in_document(context, &params.text_document.uri));
        }
        return Ok(Some(found));
    };
    let range = context.lines(file).span(params.range);
    let only = params.context.only.as_ref();
    let mut found: Vec<CodeActionOrCommand> = Vec::new();
    for action in actions::actions(&context.snapshot, file, range) {
        let kind = kind(action.kind);
        if wanted(only, &kind) {
            found.push(CodeActionOrCommand::CodeAction(self::action(context, &params, kind, action)));
        }
    }
    if quick {
        found.extend(declare::in_policy(context, file, range));
    }
    if quick && let Some(control) = actions::control_at(&context.snapshot, file, range) {
        let state = context.snapshot.facts.as_ref().and_then(|facts| facts.control(&control));
        found.extend(state.iter().flat_map(|state| waive::at_control(&uri, &control, state)));
    }
    let all = CodeActionKind::SOURCE_FIX_ALL;
    if only.is_some()
        && wanted(only, &all)
        && let Some(action) = actions::fix_all(&context.snapshot, file)
    {
        found.push(CodeActionOrCommand::CodeAction(self::action(context, &params, all, action)));
    }
    Ok(Some(found))
}

fn action(context: &Context, params: &CodeActionParams, kind: CodeActionKind, found: Found) -> CodeAction {
    let mended = found.mends.map(|(code, place)| {
        let range = context.range(place.file, place.span);
        let told = params.context.diagnostics.iter().filter(|diagnostic| {
            diagnostic.range == range && diagnostic.code == Some(NumberOrString::String(code.to_owned()))
        });
        told.cloned().collect::<Vec<_>>()
    });
    CodeAction {
        title: found.title,
        kind: Some(kind),
        diagnostics: mended.filter(|told| !told.is_empty()),
        edit: Some(workspace_edit(context, &found.edits)),
        is_preferred: found.preferred.then_some(true),
        ..CodeAction::default()
    }
}

pub fn resolve(context: &Context, action: CodeAction) -> Result<CodeAction, Refusal> {
    declare::resolve(context, action)
}
