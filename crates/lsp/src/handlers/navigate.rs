//! Definitions and their like, references, highlights, linked editing.

use base::Place;
use ide::{Snapshot, navigate, references};
use lsp_types::request::{GotoDeclarationResponse, GotoImplementationResponse, GotoTypeDefinitionResponse};
use lsp_types::{
    DocumentHighlight, DocumentHighlightKind, DocumentHighlightParams, GotoDefinitionParams, GotoDefinitionResponse,
    LinkedEditingRangeParams, LinkedEditingRanges, Location, LocationLink, ReferenceParams, TextDocumentPositionParams,
};

use crate::context::Context;
use crate::tasks::Refusal;

type Feature = fn(&Snapshot, base::FileId, usize) -> navigate::Targets;

fn go(
    context: &Context,
    at: &TextDocumentPositionParams,
    feature: Feature,
) -> Result<Option<GotoDefinitionResponse>, Refusal> {
    let (file, offset) = context.at(at)?;
    let found = feature(&context.snapshot, file, offset);
    if found.places.is_empty() {
        return Ok(None);
    }
    if !context.client.links {
        let locations: Vec<Location> = found.places.iter().filter_map(|place| context.location(*place)).collect();
        return Ok(Some(GotoDefinitionResponse::Array(locations)));
    }
    let from = context.range(file, found.from);
    let link = |place: &Place| {
        let range = context.range(place.file, place.span);
        Some(LocationLink {
            origin_selection_range: Some(from),
            target_uri: context.uri(place.file)?,
            target_range: range,
            target_selection_range: range,
        })
    };
    Ok(Some(GotoDefinitionResponse::Link(found.places.iter().filter_map(link).collect())))
}

pub fn definition(context: &Context, params: GotoDefinitionParams) -> Result<Option<GotoDefinitionResponse>, Refusal> {
    go(context, &params.text_document_position_params, navigate::definition)
}

pub fn declaration(
    context: &Context,
    params: GotoDefinitionParams,
) -> Result<Option<GotoDeclarationResponse>, Refusal> {
    go(context, &params.text_document_position_params, navigate::declaration)
}

pub fn type_definition(
    context: &Context,
    params: GotoDefinitionParams,
) -> Result<Option<GotoTypeDefinitionResponse>, Refusal> {
    go(context, &params.text_document_position_params, navigate::type_definition)
}

pub fn implementation(
    context: &Context,
    params: GotoDefinitionParams,
) -> Result<Option<GotoImplementationResponse>, Refusal> {
    go(context, &params.text_document_position_params, navigate::implementation)
}

pub fn references(context: &Context, params: ReferenceParams) -> Result<Option<Vec<Location>>, Refusal> {
    let (file, offset) = context.at(&params.text_document_position)?;
    let found = references::references(&context.snapshot, file, offset, params.context.include_declaration);
    Ok(Some(found.iter().filter_map(|found| context.location(found.place)).collect()))
}

pub fn highlight(
    context: &Context,
    params: DocumentHighlightParams,
) -> Result<Option<Vec<DocumentHighlight>>, Refusal> {
    let (file, offset) = context.at(&params.text_document_position_params)?;
    let found = references::highlights(&context.snapshot, file, offset);
    let kind = |writes| if writes { DocumentHighlightKind::WRITE } else { DocumentHighlightKind::READ };
    let shown = found.iter().map(|found| DocumentHighlight {
        range: context.range(file, found.place.span),
        kind: Some(kind(found.writes)),
    });
    Ok(Some(shown.collect()))
}

/// The places of a variable within its clause change together.
pub fn linked(context: &Context, params: LinkedEditingRangeParams) -> Result<Option<LinkedEditingRanges>, Refusal> {
    let (file, offset) = context.at(&params.text_document_position_params)?;
    let Some((symbol, _)) = ide::symbol::at(&context.snapshot, file, offset) else { return Ok(None) };
    if !matches!(symbol, ide::symbol::Symbol::Variable(..)) {
        return Ok(None);
    }
    let found = references::of(&context.snapshot, &symbol, Some(file));
    // A short field would lose its column.
    if found.len() < 2 || found.iter().any(|found| found.short) {
        return Ok(None);
    }
    let ranges = found.iter().map(|found| context.range(file, found.place.span)).collect();
    Ok(Some(LinkedEditingRanges { ranges, word_pattern: Some("[A-Za-z_][A-Za-z0-9_]*".to_owned()) }))
}
