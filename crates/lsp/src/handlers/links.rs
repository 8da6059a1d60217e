//! Links of policies, and of explanations to the places that they name.

use std::path::Path;

use base::{LineIndex, Span};
use ide::links::{self, LinkTarget};
use lsp_types::{DocumentLink, DocumentLinkParams, Uri};

use crate::context::Context;
use crate::convert::{Lines, breaks};
use crate::tasks::Refusal;
use crate::{places, uri};

pub fn links(context: &Context, params: DocumentLinkParams) -> Result<Option<Vec<DocumentLink>>, Refusal> {
    let document = &params.text_document.uri;
    if let Some(path) = uri::to_path(document)
        && context.folder.explanations.as_ref().is_some_and(|folder| path.starts_with(folder))
    {
        return Ok(Some(explanation(context, &path)));
    }
    // Links are asked for in documents that are no policies too.
    let Ok(file) = context.file(document) else { return Ok(None) };
    let folder = context.paths.of.get(&file).and_then(|path| path.parent().map(Path::to_owned));
    let links = links::links(&context.snapshot, file).into_iter().filter_map(|link| {
        let target: Uri = match link.target {
            LinkTarget::Url(url) => url.parse().ok()?,
            LinkTarget::Beside(path) => uri::from_path(&uri::clean(&folder.as_ref()?.join(path)))?,
            LinkTarget::Root(path) => {
                let path = uri::clean(&context.folder.root.join(path));
                (path.starts_with(&context.folder.root) && path.is_file()).then(|| uri::from_path(&path))??
            }
            LinkTarget::Place(place) => {
                let location = context.location(place)?;
                let start = location.range.start;
                format!("{}#L{},{}", location.uri.as_str(), start.line + 1, start.character + 1).parse().ok()?
            }
        };
        let tooltip = (!link.about.is_empty()).then_some(link.about);
        Some(DocumentLink { range: context.range(file, link.span), target: Some(target), tooltip, data: None })
    });
    Ok(Some(links.collect()))
}

/// The links of an explanation: every place in its text leads where the list below it says.
fn explanation(context: &Context, path: &Path) -> Vec<DocumentLink> {
    let Ok(text) = std::fs::read_to_string(path) else { return Vec::new() };
    let (index, breaks) = (LineIndex::new(&text), breaks(&text));
    let lines = Lines { text: &text, index: &index, breaks: breaks.as_deref(), encoding: context.client.encoding };
    let link = |(span, target): (Span, Uri)| DocumentLink {
        range: lines.range(span),
        target: Some(target),
        tooltip: None,
        data: None,
    };
    places::linked(&text).into_iter().map(link).collect()
}
