//! Formatting of files, of ranges and while typing.

use base::FileId;
use ide::formatting;
use lsp_types::{DocumentFormattingParams, DocumentOnTypeFormattingParams, DocumentRangeFormattingParams, TextEdit};

use crate::context::Context;
use crate::tasks::Refusal;

/// An edit of the formatter as the protocol has it.
macro_rules! edits {
    ($context:expr, $file:expr, $found:expr) => {
        Ok(Some($found.into_iter().map(|edit| $context.edit($file, edit.span, edit.text)).collect()))
    };
}

pub fn file(context: &Context, params: DocumentFormattingParams) -> Result<Option<Vec<TextEdit>>, Refusal> {
    let file: FileId = context.file(&params.text_document.uri)?;
    edits!(context, file, formatting::file(&context.snapshot, file))
}

pub fn range(context: &Context, params: DocumentRangeFormattingParams) -> Result<Option<Vec<TextEdit>>, Refusal> {
    let file = context.file(&params.text_document.uri)?;
    let range = context.lines(file).span(params.range);
    edits!(context, file, formatting::range(&context.snapshot, file, range))
}

pub fn on_type(context: &Context, params: DocumentOnTypeFormattingParams) -> Result<Option<Vec<TextEdit>>, Refusal> {
    let (file, offset) = context.at(&params.text_document_position)?;
    edits!(context, file, formatting::on_type(&context.snapshot, file, offset, &params.ch))
}
