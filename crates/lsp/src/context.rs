//! What the handler of a request sees: a snapshot, and the words of the protocol for its places.

use std::sync::Arc;

use base::{Cancel, Diagnostic, FileId, Place, Severity, Span};
use ide::{Snapshot, diagnostics};
use lsp_types::{
    CodeDescription, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, Location, NumberOrString,
    Position, Range, TextDocumentPositionParams, TextEdit, Uri,
};

use crate::convert::{Encoding, Lines};
use crate::handlers::tokens::Answers;
use crate::results::LiveFacts;
use crate::settings::Options;
use crate::tasks::Refusal;
use crate::uri;
use crate::workspace::{Folder, Paths, Workspace};

/// What the client can do, as far as answers depend on it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Client {
    /// What positions count.
    pub encoding: Encoding,
    /// It fills in snippets.
    pub snippets: bool,
    /// It asks for diagnostics.
    pub pulls: bool,
    /// It can be asked to pull again.
    pub refreshes: bool,
    /// It can be asked to ask for lenses again.
    pub refreshes_lenses: bool,
    /// It can be asked to ask for hints again.
    pub refreshes_hints: bool,
    /// It shows progress.
    pub progress: bool,
    /// It answers questions about its settings.
    pub configuration: bool,
    /// Files to watch can be registered.
    pub watches: bool,
    /// Definitions may be links with the range that they start from.
    pub links: bool,
    /// Symbols of a document may have children.
    pub nested_symbols: bool,
    /// It opens documents when asked to.
    pub shows: bool,
    /// It carries out edits when asked to.
    pub applies: bool,
    /// Its edits may create files.
    pub creates: bool,
    /// It asks for the edit of an action once that is chosen.
    pub resolves: bool,
    /// What can be registered once it runs.
    pub registers: Registers,
}

/// What a client lets be registered.
#[derive(Debug, Clone, Copy, Default)]
pub struct Registers {
    /// Documents that it tells of.
    pub sync: bool,
    /// Code actions.
    pub actions: bool,
    /// Diagnostics that it asks for.
    pub diagnostics: bool,
    /// Links of documents.
    pub links: bool,
    /// Settings that it tells of.
    pub configuration: bool,
}

/// What a handler sees.
#[derive(Clone)]
pub struct Context {
    /// Texts and what they say.
    pub snapshot: Snapshot,
    /// Paths of files.
    pub paths: Arc<Paths>,
    /// What the client can do.
    pub client: Client,
    /// Raised once nobody waits for the answer.
    pub cancel: Cancel,
    /// What the user set.
    pub options: Options,
    /// Semantic tokens sent before.
    pub answers: Arc<Answers>,
    /// What is wrong beside the policies: settings.
    pub loading: Arc<Vec<Diagnostic>>,
    /// The folder, as far as more than its policies matters.
    pub folder: Arc<Folder>,
    /// What was evaluated last, if findings are shown.
    pub live: Option<Arc<LiveFacts>>,
    /// The text of the document that is asked about, where it is no policy and the editor has it.
    pub text: Option<(Arc<str>, Arc<str>)>,
    /// Makes the extractors that the binary links.
    pub extractors: fn() -> audit::Extractors,
}

impl Context {
    /// The file of a document.
    pub fn file(&self, uri: &Uri) -> Result<FileId, Refusal> {
        let path = uri::to_path(uri).ok_or_else(|| Refusal::Failed("only documents of files are known".to_owned()))?;
        let file = self.paths.at.get(&path).copied();
        file.ok_or_else(|| Refusal::Failed(format!("`{}` is no policy of this workspace", path.display())))
    }

    /// The path of a document below the folder, as files are named there.
    pub fn inside(&self, uri: &Uri) -> Option<String> {
        let path = uri::to_path(uri)?;
        let inside = path.strip_prefix(&self.folder.root).ok()?;
        Some(inside.to_string_lossy().replace('\\', "/"))
    }

    /// A file and a byte of it.
    pub fn at(&self, params: &TextDocumentPositionParams) -> Result<(FileId, usize), Refusal> {
        let file = self.file(&params.text_document.uri)?;
        Ok((file, self.lines(file).offset(params.position)))
    }

    /// The lines of a file.
    pub fn lines(&self, file: FileId) -> Lines<'_> {
        let sources = &self.snapshot.sources;
        let breaks = self.paths.breaks.get(&file).map(|breaks| &**breaks);
        Lines { text: sources.text(file), index: sources.index(file), breaks, encoding: self.client.encoding }
    }

    /// A span as a range.
    pub fn range(&self, file: FileId, span: Span) -> Range {
        self.lines(file).range(span)
    }

    /// A byte as a position.
    pub fn position(&self, file: FileId, at: usize) -> Position {
        self.lines(file).position(at)
    }

    /// The document of a file; a built-in policy is laid out first.
    pub fn uri(&self, file: FileId) -> Option<Uri> {
        let path = self.paths.of.get(&file)?;
        Workspace::lay_out(&self.snapshot.sources, file, path);
        uri::from_path(path)
    }

    /// A place as a location.
    pub fn location(&self, place: Place) -> Option<Location> {
        Some(Location { uri: self.uri(place.file)?, range: self.range(place.file, place.span) })
    }

    /// An edit.
    pub fn edit(&self, file: FileId, span: Span, text: String) -> TextEdit {
        TextEdit { range: self.range(file, span), new_text: text }
    }

    /// The diagnostics of a file, those of its settings too.
    pub fn diagnostics(&self, file: FileId) -> Vec<lsp_types::Diagnostic> {
        self.shown(file, &diagnostics::diagnostics(&self.snapshot, file))
    }

    /// Diagnostics of a file, with those of its settings, as the protocol has them.
    pub fn shown(&self, file: FileId, found: &[&Diagnostic]) -> Vec<lsp_types::Diagnostic> {
        let own = |diagnostic: &&Diagnostic| diagnostic.primary.as_ref().is_some_and(|p| p.place.file == file);
        let loading = self.loading.iter().filter(own);
        found.iter().copied().chain(loading).filter_map(|found| self.diagnostic(found)).collect()
    }

    fn diagnostic(&self, found: &Diagnostic) -> Option<lsp_types::Diagnostic> {
        let place = found.primary.as_ref()?.place;
        let mut message = found.message.clone();
        if let Some(label) = found.primary.as_ref().map(|label| &label.text).filter(|text| !text.is_empty()) {
            message.push_str(&format!(" ({label})"));
        }
        for help in &found.help {
            message.push_str(&format!("\nhelp: {help}"));
        }
        for note in &found.notes {
            message.push_str(&format!("\nnote: {note}"));
        }
        let related = found.secondary.iter().filter_map(|label| {
            let message = if label.text.is_empty() { "see here".to_owned() } else { label.text.clone() };
            Some(DiagnosticRelatedInformation { location: self.location(label.place)?, message })
        });
        let related: Vec<_> = related.collect();
        let style = diagnostics::is_style(found);
        Some(lsp_types::Diagnostic {
            range: self.range(place.file, place.span),
            severity: Some(match found.severity {
                _ if style => DiagnosticSeverity::HINT,
                Severity::Error => DiagnosticSeverity::ERROR,
                Severity::Warning => DiagnosticSeverity::WARNING,
                Severity::Note => DiagnosticSeverity::INFORMATION,
            }),
            code: Some(NumberOrString::String(found.code.to_owned())),
            code_description: self.page(found.code).map(|href| CodeDescription { href }),
            source: Some("lawbook".to_owned()),
            message,
            related_information: (!related.is_empty()).then_some(related),
            tags: diagnostics::is_unnecessary(found).then(|| vec![DiagnosticTag::UNNECESSARY]),
            data: None,
        })
    }

    /// The page of a code, laid out beside the built-in policies.
    fn page(&self, code: &str) -> Option<Uri> {
        let folder = self.paths.pages.as_ref()?;
        uri::from_path(&folder.join(format!("{code}.md")))
    }
}
