//! What `lawbook lint` says, as text, JSON or commands of GitHub's workflows.

use std::fmt::Write;

use base::{Diagnostic, Place, RenderStyle, Severity, SourceMap, render_all};
use serde_json::{Value, json};

use super::LintReport;

impl LintReport {
    /// For people.
    pub fn text(&self, colored: bool) -> String {
        let style = if colored { RenderStyle::Colored } else { RenderStyle::Plain };
        let mut out = String::new();
        for mended in &self.mended {
            // Writing to a string does not fail.
            let _ = writeln!(out, "mended {}: {}: {}", mended.path, mended.code, mended.title);
        }
        if !self.mended.is_empty() {
            out.push('\n');
        }
        out += &render_all(&self.diagnostics, &self.sources, style);
        out + &self.summary() + "\n"
    }

    fn summary(&self) -> String {
        let [errors, warnings, style] = self.counts();
        let files = counted(self.files, "file");
        let mut parts: Vec<String> = [(errors, "error"), (warnings, "warning")]
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| counted(count, what))
            .collect();
        if style > 0 {
            parts.push(format!("{style} of style"));
        }
        let found = if parts.is_empty() { "nothing to say".to_owned() } else { parts.join(", ") };
        let safe = self.diagnostics.iter().filter(|found| found.fixes.iter().any(|fix| fix.safe)).count();
        let mended = match (self.mended.len(), safe) {
            (0, 0) => String::new(),
            (0, safe) => format!("; `--fix` mends {safe}"),
            (mended, _) => format!("; {mended} mended"),
        };
        format!("{found} in {files}{mended}")
    }

    /// For programs. Keys are only ever added.
    pub fn json(&self) -> String {
        let [errors, warnings, style] = self.counts();
        let diagnostics: Vec<Value> = self.diagnostics.iter().map(|found| diagnostic(found, &self.sources)).collect();
        let mended: Vec<Value> = self
            .mended
            .iter()
            .map(|mended| json!({ "path": &*mended.path, "code": mended.code, "title": mended.title }))
            .collect();
        let report = json!({
            "tool": { "name": "lawbook", "version": env!("CARGO_PKG_VERSION") },
            "version": 1,
            "files": self.files,
            "summary": { "errors": errors, "warnings": warnings, "style": style, "mended": mended.len() },
            "diagnostics": diagnostics,
            "mended": mended,
        });
        serde_json::to_string_pretty(&report).unwrap_or_default() + "\n"
    }

    /// Annotations of a pull request, a line each.
    pub fn github(&self) -> String {
        let mut out = String::new();
        for found in &self.diagnostics {
            let style = lang::lint(found.code).is_some_and(|lint| lint.level == lang::Level::Style);
            let command = match found.severity {
                Severity::Error => "error",
                Severity::Warning if !style => "warning",
                Severity::Warning | Severity::Note => "notice",
            };
            let place = found.primary.as_ref().map_or(String::new(), |label| {
                let (start, end) = ends(label.place, &self.sources);
                let path = property(self.sources.path(label.place.file));
                let lines = format!("line={},endLine={}", start.line, end.line);
                // Columns are only read where they are of one line.
                let columns = match start.line == end.line {
                    true => format!(",col={},endColumn={}", start.column, end.column),
                    false => String::new(),
                };
                format!("file={path},{lines}{columns},")
            });
            let help = found.help.first().map_or(String::new(), |help| format!("\n{help}"));
            let message = escape(&format!("{}{help}", found.message));
            let _ = writeln!(out, "::{command} {place}title={}::{message}", found.code);
        }
        out
    }
}

/// `1 file`, `2 files`
fn counted(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

fn ends(place: Place, sources: &SourceMap) -> (base::LineColumn, base::LineColumn) {
    let at = |at: u32| sources.line_column(place.file, at as usize);
    (at(place.span.start), at(place.span.end))
}

fn position(place: Place, sources: &SourceMap) -> Value {
    let (start, end) = ends(place, sources);
    json!({
        "path": &**sources.path(place.file),
        "line": start.line, "column": start.column, "end_line": end.line, "end_column": end.column,
    })
}

fn diagnostic(found: &Diagnostic, sources: &SourceMap) -> Value {
    let severity = match found.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let related =
        found.secondary.iter().map(|label| json!({ "place": position(label.place, sources), "message": label.text }));
    let fixes = found.fixes.iter().map(|fix| {
        let edits = fix.edits.iter().map(|(place, text)| json!({ "place": position(*place, sources), "text": text }));
        json!({ "title": fix.title, "safe": fix.safe, "edits": edits.collect::<Vec<_>>() })
    });
    let lint = lang::lint(found.code);
    json!({
        "code": found.code,
        "name": lint.map(|lint| lint.name),
        "severity": severity,
        "style": lint.is_some_and(|lint| lint.level == lang::Level::Style),
        "message": found.message,
        "place": found.primary.as_ref().map(|label| position(label.place, sources)),
        "label": found.primary.as_ref().map(|label| &label.text),
        "related": related.collect::<Vec<_>>(),
        "help": found.help,
        "notes": found.notes,
        "fixes": fixes.collect::<Vec<_>>(),
    })
}

fn escape(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    escape(text).replace(':', "%3A").replace(',', "%2C")
}
