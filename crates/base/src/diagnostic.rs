//! What is wrong with a text, said once, with every place involved and a way out.

use crate::Place;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The text cannot be used as it stands.
    Error,
    /// It can, but probably does not do what was meant.
    Warning,
    /// Worth telling, nothing to do.
    Note,
}

/// A place with the words that stand beside it in the excerpt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub place: Place,
    /// What to say there; may be empty for a bare underline.
    pub text: String,
}

/// A replacement that mends the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What the fix does, such as ``write `none` ``.
    pub title: String,
    /// Replacements, none overlapping.
    pub edits: Vec<(Place, String)>,
    /// Whether the meaning surely stays what the author wanted, so that it may be applied unasked.
    pub safe: bool,
}

/// A finished piece of writing about one root cause (shared/design STYLE: a diagnostic is pinned with
/// its source and message in one snapshot).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable code such as `E0201`: `E` for errors, `W` for warnings.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// One lower-case sentence without a final stop, the user's text in backticks.
    pub message: String,
    /// The place to mend; none where the trouble has no place in a text (a path that does not exist).
    pub primary: Option<Label>,
    /// Every other place involved.
    pub secondary: Vec<Label>,
    /// Ways out, most likely first.
    pub help: Vec<String>,
    /// Background worth knowing.
    pub notes: Vec<String>,
    /// Edits that mend it.
    pub fixes: Vec<Fix>,
}

impl Diagnostic {
    /// An error at `place`.
    pub fn error(code: &'static str, place: Place, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, Some(place), message)
    }

    /// A warning at `place`.
    pub fn warning(code: &'static str, place: Place, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, Some(place), message)
    }

    /// One without a place in a text.
    pub fn plain(code: &'static str, severity: Severity, message: impl Into<String>) -> Self {
        Self::new(code, severity, None, message)
    }

    fn new(code: &'static str, severity: Severity, place: Option<Place>, message: impl Into<String>) -> Self {
        Diagnostic {
            code,
            severity,
            message: message.into(),
            primary: place.map(|place| Label { place, text: String::new() }),
            secondary: Vec::new(),
            help: Vec::new(),
            notes: Vec::new(),
            fixes: Vec::new(),
        }
    }

    /// Words beside the primary place.
    pub fn label(mut self, text: impl Into<String>) -> Self {
        if let Some(primary) = &mut self.primary {
            primary.text = text.into();
        }
        self
    }

    /// Another place involved.
    pub fn also(mut self, place: Place, text: impl Into<String>) -> Self {
        self.secondary.push(Label { place, text: text.into() });
        self
    }

    /// A way out.
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    /// A way out, where there is one.
    pub fn maybe_help(mut self, text: Option<String>) -> Self {
        self.help.extend(text);
        self
    }

    /// Background worth knowing.
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// An edit that mends it.
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fixes.push(fix);
        self
    }

    /// Whether the text cannot be used as it stands.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}
