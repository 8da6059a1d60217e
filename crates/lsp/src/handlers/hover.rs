//! Hover.

use ide::hover;
use lsp_types::{Hover, HoverContents, HoverParams, MarkupContent, MarkupKind};

use crate::context::Context;
use crate::tasks::Refusal;

pub fn hover(context: &Context, params: HoverParams) -> Result<Option<Hover>, Refusal> {
    let (file, offset) = context.at(&params.text_document_position_params)?;
    let found = hover::hover(&context.snapshot, file, offset);
    let found = found.or_else(|| hover::literal(&context.snapshot, file, offset));
    Ok(found.map(|found| Hover {
        contents: HoverContents::Markup(MarkupContent { kind: MarkupKind::Markdown, value: found.text }),
        range: Some(context.range(file, found.span)),
    }))
}
