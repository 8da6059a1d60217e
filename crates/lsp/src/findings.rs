//! Findings shown in the files where they are: an editor on `app.py` shows the violation there, with the control.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use audit::{Finding, Outcome, Spot};
use lang::Severity;
use lsp_types::{
    Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, Location, NumberOrString, Position, Range,
};

use serde_json::json;

use crate::convert::Encoding;
use crate::results::LiveFacts;
use crate::uri;

/// Documents whose findings a client asks for.
#[derive(Debug, Default)]
pub struct Pulled {
    all: bool,
    documents: BTreeSet<String>,
}

impl Pulled {
    /// Those of all documents; whether that is new.
    pub fn all(&mut self) -> bool {
        !std::mem::replace(&mut self.all, true)
    }

    /// Those of the document at a path; whether that is new.
    pub fn add(&mut self, path: &std::path::Path) -> bool {
        uri::from_path(path).is_some_and(|uri| self.documents.insert(uri.as_str().to_owned()))
    }

    /// Whether the document is one of them.
    pub fn has(&self, uri: &str) -> bool {
        self.all || self.documents.contains(uri)
    }

    /// Whether there are some.
    pub fn some(&self) -> bool {
        self.all || !self.documents.is_empty()
    }
}

/// The findings of an evaluation as diagnostics of the files below a folder.
pub fn diagnostics(
    facts: &LiveFacts,
    root: &std::path::Path,
    encoding: Encoding,
) -> BTreeMap<PathBuf, Vec<Diagnostic>> {
    let mut found: BTreeMap<PathBuf, Vec<Diagnostic>> = BTreeMap::new();
    for (outcome, finding) in facts.findings() {
        // What is found in no file stands at its control, where the lens tells of it.
        let Some(spot) = finding.place.as_ref().filter(|spot| !spot.path.ends_with(".law")) else { continue };
        let path = root.join(&*spot.path);
        let diagnostic = diagnostic(outcome, finding, spot, root, encoding);
        found.entry(path).or_default().push(diagnostic);
    }
    found
}

fn diagnostic(
    outcome: &Outcome,
    finding: &Finding,
    spot: &Spot,
    root: &std::path::Path,
    encoding: Encoding,
) -> Diagnostic {
    let related = finding.related.iter().chain(&finding.path).filter_map(|(text, spot)| {
        let uri = uri::from_path(&root.join(&*spot.path))?;
        let location = Location { uri, range: range(spot, encoding) };
        Some(DiagnosticRelatedInformation { location, message: text.clone() })
    });
    let related: Vec<_> = related.collect();
    let mut message = format!("{}\n{} {}", finding.message, outcome.control.id, outcome.control.title);
    if let Some(remedy) = &outcome.control.remedy {
        message.push_str(&format!("\nremedy: {remedy}"));
    }
    Diagnostic {
        range: range(spot, encoding),
        severity: Some(match finding.severity {
            Severity::Critical | Severity::High => DiagnosticSeverity::ERROR,
            Severity::Medium | Severity::Low => DiagnosticSeverity::WARNING,
            Severity::Info => DiagnosticSeverity::INFORMATION,
        }),
        code: Some(NumberOrString::String(outcome.control.id.to_string())),
        source: Some("lawbook control".to_owned()),
        message,
        related_information: (!related.is_empty()).then_some(related),
        // What an action that waives it is about.
        data: Some(json!({ "subject": &*finding.subject })),
        ..Diagnostic::default()
    }
}

/// The range of a spot; its columns are scalars, and its line's text tells how many units those are.
fn range(spot: &Spot, encoding: Encoding) -> Range {
    let line = spot.line.saturating_sub(1);
    let units = |column: u32| {
        let scalars = column.saturating_sub(1);
        match &spot.excerpt {
            Some(excerpt) => {
                let before: String = excerpt.chars().take(scalars as usize).collect();
                let beyond = scalars as usize - before.chars().count();
                encoding.length(&before) as u32 + beyond as u32
            }
            None => scalars,
        }
    };
    let start = Position::new(line, units(spot.column));
    let end = match spot.end_line.max(spot.line) {
        end if end == spot.line => Position::new(line, units(spot.end_column.max(spot.column))),
        end => Position::new(end - 1, spot.end_column.saturating_sub(1)),
    };
    Range::new(start, end)
}
