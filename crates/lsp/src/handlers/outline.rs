//! Symbols, folding, selection ranges.

use ide::outline::{self, Entry, EntryKind};
use lsp_types::{
    DocumentSymbol, DocumentSymbolParams, DocumentSymbolResponse, FoldingRange, FoldingRangeKind, FoldingRangeParams,
    Location, OneOf, SelectionRange, SelectionRangeParams, SymbolInformation, SymbolKind, WorkspaceSymbol,
    WorkspaceSymbolParams, WorkspaceSymbolResponse,
};

use crate::context::Context;
use crate::tasks::Refusal;

/// Symbols of the workspace sent at once.
const MOST: usize = 200;

fn kind(kind: EntryKind) -> SymbolKind {
    match kind {
        EntryKind::Relation => SymbolKind::CLASS,
        EntryKind::Input => SymbolKind::INTERFACE,
        EntryKind::Column => SymbolKind::FIELD,
        EntryKind::Entity => SymbolKind::STRUCT,
        EntryKind::Param => SymbolKind::CONSTANT,
        EntryKind::Framework => SymbolKind::NAMESPACE,
        EntryKind::Control => SymbolKind::EVENT,
        EntryKind::Test => SymbolKind::METHOD,
        EntryKind::Rule => SymbolKind::FUNCTION,
    }
}

#[expect(deprecated, reason = "the protocol's type has a field that is")]
fn symbol(context: &Context, file: base::FileId, entry: Entry) -> DocumentSymbol {
    let children: Vec<DocumentSymbol> = entry.children.into_iter().map(|entry| symbol(context, file, entry)).collect();
    DocumentSymbol {
        name: if entry.name.trim().is_empty() { "?".to_owned() } else { entry.name },
        detail: (!entry.detail.is_empty()).then_some(entry.detail),
        kind: kind(entry.kind),
        tags: None,
        deprecated: None,
        range: context.range(file, entry.span),
        selection_range: context.range(file, entry.selection),
        children: (!children.is_empty()).then_some(children),
    }
}

#[expect(deprecated, reason = "the protocol's type has a field that is")]
pub fn document(context: &Context, params: DocumentSymbolParams) -> Result<Option<DocumentSymbolResponse>, Refusal> {
    let file = context.file(&params.text_document.uri)?;
    let entries = outline::document(&context.snapshot, file).into_iter();
    if context.client.nested_symbols {
        let symbols = entries.map(|entry| symbol(context, file, entry)).collect();
        return Ok(Some(DocumentSymbolResponse::Nested(symbols)));
    }
    let flat = entries.map(|entry| SymbolInformation {
        name: if entry.name.trim().is_empty() { "?".to_owned() } else { entry.name },
        kind: kind(entry.kind),
        tags: None,
        deprecated: None,
        location: Location { uri: params.text_document.uri.clone(), range: context.range(file, entry.span) },
        container_name: None,
    });
    Ok(Some(DocumentSymbolResponse::Flat(flat.collect())))
}

pub fn workspace(context: &Context, params: WorkspaceSymbolParams) -> Result<Option<WorkspaceSymbolResponse>, Refusal> {
    let found = outline::workspace(&context.snapshot, &params.query, MOST).into_iter();
    let symbols = found.filter_map(|(file, entry)| {
        let location = context.location(base::Place { file, span: entry.selection })?;
        let module = context.snapshot.compilation.module_of(file).map(|module| module.name.to_string());
        Some(WorkspaceSymbol {
            name: entry.name,
            kind: kind(entry.kind),
            tags: None,
            container_name: module,
            location: OneOf::Left(location),
            data: None,
        })
    });
    Ok(Some(WorkspaceSymbolResponse::Nested(symbols.collect())))
}

pub fn folding(context: &Context, params: FoldingRangeParams) -> Result<Option<Vec<FoldingRange>>, Refusal> {
    let file = context.file(&params.text_document.uri)?;
    let folds = outline::folds(&context.snapshot, file).into_iter().filter_map(|fold| {
        let range = context.range(file, fold.span);
        (range.start.line < range.end.line).then(|| FoldingRange {
            start_line: range.start.line,
            end_line: range.end.line,
            kind: match (fold.comment, fold.uses) {
                (true, _) => Some(FoldingRangeKind::Comment),
                (_, true) => Some(FoldingRangeKind::Imports),
                _ => None,
            },
            ..FoldingRange::default()
        })
    });
    Ok(Some(folds.collect()))
}

pub fn selection(context: &Context, params: SelectionRangeParams) -> Result<Option<Vec<SelectionRange>>, Refusal> {
    let file = context.file(&params.text_document.uri)?;
    let lines = context.lines(file);
    let around = |position: &lsp_types::Position| {
        let spans = outline::selection(&context.snapshot, file, lines.offset(*position));
        let mut found: Option<SelectionRange> = None;
        for span in spans.into_iter().rev() {
            found = Some(SelectionRange { range: lines.range(span), parent: found.map(Box::new) });
        }
        found.unwrap_or(SelectionRange { range: lsp_types::Range::new(*position, *position), parent: None })
    };
    Ok(Some(params.positions.iter().map(around).collect()))
}
