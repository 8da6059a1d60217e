//! Diagnostics for clients that ask for them. Their answer's id is a hash of it: what did not change is not sent again.

use std::hash::{DefaultHasher, Hash, Hasher};

use lsp_types::{
    Diagnostic, DocumentDiagnosticParams, DocumentDiagnosticReport, DocumentDiagnosticReportResult,
    FullDocumentDiagnosticReport, RelatedFullDocumentDiagnosticReport, RelatedUnchangedDocumentDiagnosticReport,
    UnchangedDocumentDiagnosticReport, WorkspaceDiagnosticParams, WorkspaceDiagnosticReport,
    WorkspaceDiagnosticReportResult, WorkspaceDocumentDiagnosticReport, WorkspaceFullDocumentDiagnosticReport,
    WorkspaceUnchangedDocumentDiagnosticReport,
};

use crate::context::Context;
use crate::tasks::Refusal;

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
    // What is no policy has no diagnostics.
    let items = context.file(&params.text_document.uri).map(|file| context.diagnostics(file)).unwrap_or_default();
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
    let mut items = Vec::new();
    for file in files {
        if context.cancel.is_cancelled() {
            return Err(Refusal::Cancelled);
        }
        if context.snapshot.is_embedded(file) {
            continue;
        }
        let Some(uri) = context.uri(file) else { continue };
        let found = context.diagnostics(file);
        let id = result_id(&found);
        let before = params.previous_result_ids.iter().find(|previous| previous.uri == uri);
        if before.is_some_and(|previous| previous.value == id) {
            let unchanged_document_diagnostic_report = UnchangedDocumentDiagnosticReport { result_id: id };
            items.push(WorkspaceDocumentDiagnosticReport::Unchanged(WorkspaceUnchangedDocumentDiagnosticReport {
                uri,
                version: None,
                unchanged_document_diagnostic_report,
            }));
        } else if before.is_some() || !found.is_empty() {
            let full = FullDocumentDiagnosticReport { result_id: Some(id), items: found };
            items.push(WorkspaceDocumentDiagnosticReport::Full(WorkspaceFullDocumentDiagnosticReport {
                uri,
                version: None,
                full_document_diagnostic_report: full,
            }));
        }
    }
    Ok(WorkspaceDiagnosticReportResult::Report(WorkspaceDiagnosticReport { items }))
}
