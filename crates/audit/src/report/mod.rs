//! Output formats, one file each. Each is a pure function of an [`Assessment`].

mod json;
mod sarif;
mod text;

use crate::Assessment;

/// A format that `check` writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportFormat {
    /// For people at a terminal.
    Text,
    /// Everything, for programs.
    Json,
    /// SARIF 2.1.0, for code-scanning services.
    Sarif,
}

impl ReportFormat {
    /// Every format with the name that `--format` takes.
    pub const ALL: [(&'static str, ReportFormat); 3] =
        [("json", ReportFormat::Json), ("sarif", ReportFormat::Sarif), ("text", ReportFormat::Text)];

    /// Writes the report. `color` counts for text alone.
    pub fn write(self, assessment: &Assessment, color: bool) -> String {
        match self {
            ReportFormat::Text => text::write(assessment, color),
            ReportFormat::Json => json::write(assessment),
            ReportFormat::Sarif => sarif::write(assessment),
        }
    }
}
