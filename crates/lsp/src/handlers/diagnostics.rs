//! Diagnostics for clients that ask for them. Their answer's id is a hash of it: what did not change is not sent again.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;

use lsp_types::{
    Diagnostic, DocumentDiagnosticParams, DocumentDiagnosticReport, DocumentDiagnosticReportResult,
    FullDocumentDiagnosticReport, RelatedFullDocumentDiagnosticReport, RelatedUnchangedDocumentDiagnosticReport,
    UnchangedDocumentDiagnosticReport, Uri, WorkspaceDiagnosticParams, WorkspaceDiagnosticReport,
    WorkspaceDiagnosticReportResult, WorkspaceDocumentDiagnosticReport, WorkspaceFullDocumentDiagnosticReport,
    WorkspaceUnchangedDocumentDiagnosticReport,
};

use crate::context::Context;
use crate::tasks::Refusal;
use crate::{findings, uri};

/// The same for the same diagnostics.
pub fn result_id(items: &[Diagnostic]) -> String {
    let mut hasher = DefaultHasher::new();
    serde_json::to_string(items).unwrap_or_default().hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

pub fn document(
    context: &Context,
    params: DocumentDiagnosticParams,
) -> Result<DocumentDiagnosticReportResult, Refusal> {
    let uri = &params.text_document.uri;
    let items = match context.file(uri) {
        Ok(file) => context.diagnostics(file),
        // What is no policy has findings.
        Err(_) => uri::to_path(uri).and_then(|path| findings(context).remove(&path)).unwrap_or_default(),
    };
    let id = result_id(&items);
    let report = match params.previous_result_id == Some(id.clone()) {
        true => DocumentDiagnosticReport::Unchanged(RelatedUnchangedDocumentDiagnosticReport {
            related_documents: None,
            unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport { result_id: id },
        }),
        false => DocumentDiagnosticReport::Full(RelatedFullDocumentDiagnosticReport {
            related_documents: None,
            full_document_diagnostic_report: FullDocumentDiagnosticReport { result_id: Some(id), items },
        }),
    };
    Ok(DocumentDiagnosticReportResult::Report(report))
}

pub fn workspace(
    context: &Context,
    params: WorkspaceDiagnosticParams,
) -> Result<WorkspaceDiagnosticReportResult, Refusal> {
    let mut files: Vec<_> = context.paths.of.keys().copied().collect();
    files.sort();
    let mut found: BTreeMap<PathBuf, Vec<Diagnostic>> = findings(context);
    for file in files {
        if context.cancel.is_cancelled() {
            return Err(Refusal::Cancelled);
        }
        if !context.snapshot.is_embedded(file)
            && let Some(path) = context.paths.of.get(&file)
        {
            found.insert(path.clone(), context.diagnostics(file));
        }
    }
    let documents = found.into_iter().filter_map(|(path, found)| Some((uri::from_path(&path)?, found)));
    let mut documents: Vec<(Uri, Vec<Diagnostic>)> = documents.collect();
    // What was told of a file without findings is taken back.
    for previous in &params.previous_result_ids {
        if documents.iter().all(|(uri, _)| *uri != previous.uri) {
            documents.push((previous.uri.clone(), Vec::new()));
        }
    }
    let report = |(uri, found): (Uri, Vec<Diagnostic>)| {
        let id = result_id(&found);
        let before = params.previous_result_ids.iter().find(|previous| previous.uri == uri);
        if before.is_some_and(|previous| previous.value == id) {
            let unchanged_document_diagnostic_report = UnchangedDocumentDiagnosticReport { result_id: id };
            return Some(WorkspaceDocumentDiagnosticReport::Unchanged(WorkspaceUnchangedDocumentDiagnosticReport {
                uri,
                version: None,
                unchanged_document_diagnostic_report,
            }));
        }
        (before.is_some() || !found.is_empty()).then(|| {
            let full = FullDocumentDiagnosticReport { result_id: Some(id), items: found };
            WorkspaceDocumentDiagnosticReport::Full(WorkspaceFullDocumentDiagnosticReport {
                uri,
                version: None,
                full_document_diagnostic_report: full,
            })
        })
    };
    let items = documents.into_iter().filter_map(report).collect();
    Ok(WorkspaceDiagnosticReportResult::Report(WorkspaceDiagnosticReport { items }))
}

/// The findings of files that are no policies.
fn findings(context: &Context) -> BTreeMap<PathBuf, Vec<Diagnostic>> {
    let live = context.live.as_ref();
    live.map(|live| findings::diagnostics(live, &context.folder.root, context.client.encoding)).unwrap_or_default()
}
