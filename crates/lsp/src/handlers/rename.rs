//! Rename.

use std::collections::{BTreeMap, HashMap};

use base::Place;
use ide::rename;
use lsp_types::{PrepareRenameResponse, RenameParams, TextDocumentPositionParams, TextEdit, Uri, WorkspaceEdit};

use crate::context::Context;
use crate::tasks::Refusal;

pub fn prepare(
    context: &Context,
    params: TextDocumentPositionParams,
) -> Result<Option<PrepareRenameResponse>, Refusal> {
    let (file, offset) = context.at(&params)?;
    let span = rename::prepare(&context.snapshot, file, offset).map_err(Refusal::Failed)?;
    let placeholder = context.snapshot.text(file)[span.range()].to_owned();
    let range = context.range(file, span);
    Ok(Some(PrepareRenameResponse::RangeWithPlaceholder { range, placeholder }))
}

pub fn rename(context: &Context, params: RenameParams) -> Result<Option<WorkspaceEdit>, Refusal> {
    let (file, offset) = context.at(&params.text_document_position)?;
    let edits = rename::rename(&context.snapshot, file, offset, &params.new_name).map_err(Refusal::Failed)?;
    Ok(Some(workspace_edit(context, &edits)))
}

/// Edits of files as the protocol has them.
#[expect(clippy::mutable_key_type, reason = "the protocol's type")]
pub fn workspace_edit(context: &Context, edits: &[(Place, String)]) -> WorkspaceEdit {
    let mut by_file: BTreeMap<base::FileId, Vec<TextEdit>> = BTreeMap::new();
    for (place, text) in edits {
        by_file.entry(place.file).or_default().push(context.edit(place.file, place.span, text.clone()));
    }
    let changes: HashMap<Uri, Vec<TextEdit>> =
        by_file.into_iter().filter_map(|(file, edits)| Some((context.uri(file)?, edits))).collect();
    WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() }
}
