//! What the user sets in the editor, under `lawbook`: from `initializationOptions`, from answers to
//! `workspace/configuration`, and from `workspace/didChangeConfiguration`.

use ide::hints::HintOptions;
use serde_json::Value;

/// Settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// `live`: whether policies are evaluated after each change.
    pub live: bool,
    /// `hints.types`, `hints.columns`, `hints.params`, `hints.rows`.
    pub hints: HintOptions,
}

impl Default for Options {
    fn default() -> Self {
        Options { live: true, hints: HintOptions::default() }
    }
}

impl Options {
    /// These with what a value says; what it does not say stays.
    pub fn with(mut self, value: &Value) -> Options {
        let value = value.get("lawbook").unwrap_or(value);
        let flag = |path: &str, known: bool| value.pointer(path).and_then(Value::as_bool).unwrap_or(known);
        self.live = flag("/live", self.live);
        self.hints.types = flag("/hints/types", self.hints.types);
        self.hints.columns = flag("/hints/columns", self.hints.columns);
        self.hints.params = flag("/hints/params", self.hints.params);
        self.hints.rows = flag("/hints/rows", self.hints.rows);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_not_said_stays() {
        let options = Options::default().with(&json!({ "lawbook": { "live": false, "hints": { "rows": false } } }));
        assert!(!options.live && !options.hints.rows && options.hints.types);
        assert!(options.with(&json!({ "live": true })).live);
        assert_eq!(options.with(&json!(null)), options);
        assert_eq!(options.with(&json!({ "live": "yes" })), options);
    }
}
