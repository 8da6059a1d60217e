//! Paths of inputs as policies write them, for messages.

use std::fmt::Write;

use facts::{Each, Mark, Path, Root, Step};

/// `u.Tags[*]["odd key"]`.
pub(crate) fn path(path: &Path, each: &[Each]) -> String {
    let mut out = match path.root {
        Root::Current => String::new(),
        Root::Each(at) => each.get(at).and_then(|each| each.alias.as_deref()).unwrap_or_default().to_owned(),
    };
    for step in &path.steps {
        let dot = if out.is_empty() { "" } else { "." };
        let plain = |key: &str| key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | ' ' | '-'));
        let written = match step {
            Step::Key(key) if plain(key) => write!(out, "{dot}{key}"),
            Step::Key(key) => write!(out, "[{key:?}]"),
            Step::Index(index) => write!(out, "[{index}]"),
            Step::All => write!(out, "[*]"),
            Step::Values => write!(out, "{dot}*"),
            Step::Deep(key) => write!(out, "..{key}"),
            Step::Mark(mark) => write!(out, "{dot}{}", mark_name(*mark)),
            Step::Json => write!(out, ".json()"),
            Step::Base64 => write!(out, ".base64()"),
            Step::Url => write!(out, ".url()"),
        };
        written.expect("writing to a string");
    }
    out
}

fn mark_name(mark: Mark) -> &'static str {
    match mark {
        Mark::Key => "$key",
        Mark::Index => "$index",
        Mark::File => "$file",
        Mark::Line => "$line",
        Mark::Captured => "$captured",
        Mark::Text => "$text",
    }
}
