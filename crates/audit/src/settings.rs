//! `lawbook.toml`: what is checked, with which policies and values.
//!
//! Unknown keys are errors with the nearest known one: a misspelled exclusion must not pass in silence.
//! Every report names the settings file, its exclusions and its waivers, since a repository could use them to hide.

use std::ops::Range;
use std::sync::Arc;

use base::{Diagnostic, FileId, Place, Span, did_you_mean};
use lang::Severity;
use toml_edit::{Document, Item, TableLike, Value};

/// The settings of a run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ProjectSettings {
    /// Path of the settings file as the user knows it; none where there is no such file.
    pub file: Option<Arc<str>>,
    /// `[policies] packs`: names of packs; none where the file does not say.
    pub packs: Option<Vec<(Arc<str>, Place)>>,
    /// `[policies] paths`: folders or files of policies, from the root; none where the file does not say.
    pub paths: Option<Vec<(Arc<str>, Place)>>,
    /// `[inputs] include`: globs of ignored files to look at all the same.
    pub include: Vec<String>,
    /// `[inputs] exclude`: globs of files to leave out.
    pub exclude: Vec<String>,
    /// `[inputs] languages`: the programming languages in scope; empty for all.
    pub languages: Vec<(Arc<str>, Place)>,
    /// `[inputs] "vendor.register" = "grc/vendors.xlsx"`: an input and the files that it is read from.
    pub bindings: Vec<(Arc<str>, Vec<String>, Place)>,
    /// `[params]`: full or partial name, value as text, place.
    pub params: Vec<(Arc<str>, Arc<str>, Place)>,
    /// `[check] as_of`, in microseconds since 1970.
    pub as_of: Option<i64>,
    /// `[check] fail_on`; the inner none is `never`.
    pub fail_on: Option<Option<Severity>>,
    /// `[check] severity`: only controls at least as severe are evaluated.
    pub severity: Option<Severity>,
    /// `[check] require_evidence`
    pub require_evidence: bool,
    /// `[check] salt` of the hashes that name secrets.
    pub salt: Option<Arc<str>>,
    /// `[waivers] files`: globs of waiver registers.
    pub waivers: Vec<String>,
}

const SECTIONS: [&str; 5] = ["policies", "inputs", "params", "check", "waivers"];

/// Reads the text of a settings file. What is wrong is told and left out.
pub fn parse_settings(path: &str, file: FileId, text: &str) -> (ProjectSettings, Vec<Diagnostic>) {
    let mut reader = Reader { file, settings: ProjectSettings::default(), diagnostics: Vec::new() };
    reader.settings.file = Some(path.into());
    match Document::parse(text) {
        Ok(document) => reader.sections(document.as_table()),
        Err(error) => {
            let place = reader.place(error.span());
            let message = error.message().trim().replace('\n', ", ");
            reader.diagnostics.push(Diagnostic::error("E0901", place, format!("the settings are no TOML: {message}")));
        }
    }
    (reader.settings, reader.diagnostics)
}

struct Reader {
    file: FileId,
    settings: ProjectSettings,
    diagnostics: Vec<Diagnostic>,
}

impl Reader {
    fn place(&self, range: Option<Range<usize>>) -> Place {
        let range = range.unwrap_or(0..0);
        Place { file: self.file, span: Span::new(range.start, range.end) }
    }

    fn sections(&mut self, root: &toml_edit::Table) {
        for (name, item) in root.iter() {
            let place = self.key_place(root, name);
            let Some(table) = item.as_table_like() else {
                self.unknown(name, place, &SECTIONS, "section");
                continue;
            };
            match name {
                "policies" => self.policies(table),
                "inputs" => self.inputs(table),
                "params" => self.params(table, ""),
                "check" => self.check(table),
                "waivers" => self.waivers(table),
                _ => self.unknown(name, place, &SECTIONS, "section"),
            }
        }
    }

    fn policies(&mut self, table: &dyn TableLike) {
        for (name, item) in table.iter() {
            match name {
                "packs" => self.settings.packs = Some(self.strings(item)),
                "paths" => self.settings.paths = Some(self.strings(item)),
                _ => self.unknown(name, self.key_place(table, name), &["packs", "paths"], "key"),
            }
        }
    }

    fn inputs(&mut self, table: &dyn TableLike) {
        for (name, item) in table.iter() {
            let place = self.key_place(table, name);
            match name {
                "include" => self.settings.include = self.globs(item),
                "exclude" => self.settings.exclude = self.globs(item),
                "languages" => {
                    self.settings.languages = self.strings(item);
                }
                name if name.contains('.') => {
                    let globs = self.globs(item);
                    self.settings.bindings.push((name.into(), globs, place));
                }
                _ => {
                    let message = format!("unknown key `{name}` in `[inputs]`");
                    let help = did_you_mean(name, ["include", "exclude", "languages"]).unwrap_or_else(|| {
                        "bind an input by its quoted name: `\"vendor.register\" = \"grc/vendors.csv\"`".to_owned()
                    });
                    self.diagnostics.push(Diagnostic::error("E0902", place, message).help(help));
                }
            }
        }
    }

    /// Params may be written `"module.name" = value` or as nested tables.
    fn params(&mut self, table: &dyn TableLike, prefix: &str) {
        for (name, item) in table.iter() {
            let full = if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") };
            if let Some(inner) = item.as_table_like() {
                self.params(inner, &full);
                continue;
            }
            let place = self.place(item.span());
            match item.as_value().and_then(scalar) {
                Some(text) => self.settings.params.push((full.into(), text.into(), place)),
                None => self.wrong(place, "a param's value", "a string, a number, a boolean or a date"),
            }
        }
    }

    fn check(&mut self, table: &dyn TableLike) {
        const KEYS: [&str; 5] = ["as_of", "fail_on", "severity", "require_evidence", "salt"];
        for (name, item) in table.iter() {
            let place = self.place(item.span());
            let text = item.as_value().and_then(scalar).unwrap_or_default();
            match name {
                "as_of" => match facts::parse_time(&text) {
                    Some(time) => self.settings.as_of = Some(time),
                    None => self.wrong(place, "`as_of`", "a date such as 2026-11-20"),
                },
                "fail_on" if text == "never" => self.settings.fail_on = Some(None),
                "fail_on" => match Severity::parse(&text) {
                    Some(severity) => self.settings.fail_on = Some(Some(severity)),
                    None => self.wrong(place, "`fail_on`", "info, low, medium, high, critical or never"),
                },
                "severity" => match Severity::parse(&text) {
                    Some(severity) => self.settings.severity = Some(severity),
                    None => self.wrong(place, "`severity`", "info, low, medium, high or critical"),
                },
                "require_evidence" => match item.as_bool() {
                    Some(value) => self.settings.require_evidence = value,
                    None => self.wrong(place, "`require_evidence`", "true or false"),
                },
                "salt" => match item.as_str() {
                    Some(text) => self.settings.salt = Some(text.into()),
                    None => self.wrong(place, "`salt`", "a string"),
                },
                _ => self.unknown(name, self.key_place(table, name), &KEYS, "key"),
            }
        }
    }

    fn waivers(&mut self, table: &dyn TableLike) {
        for (name, item) in table.iter() {
            match name {
                "files" => self.settings.waivers = self.globs(item),
                _ => self.unknown(name, self.key_place(table, name), &["files"], "key"),
            }
        }
    }

    /// A string or a list of strings.
    fn strings(&mut self, item: &Item) -> Vec<(Arc<str>, Place)> {
        let values: Vec<&Value> = match item.as_value() {
            Some(Value::Array(list)) => list.iter().collect(),
            Some(value) => vec![value],
            None => Vec::new(),
        };
        if values.is_empty() && item.as_array().is_none() {
            self.wrong(self.place(item.span()), "the value", "a string or a list of strings");
        }
        let mut found = Vec::new();
        for value in values {
            let place = self.place(value.span());
            match value.as_str() {
                Some(text) => found.push((text.into(), place)),
                None => self.wrong(place, "the value", "a string"),
            }
        }
        found
    }

    fn globs(&mut self, item: &Item) -> Vec<String> {
        let mut found = Vec::new();
        for (text, place) in self.strings(item) {
            match facts::glob_regex(&text) {
                Ok(_) => found.push(text.to_string()),
                Err(error) => {
                    let message = format!("`{text}` is no glob: {error}");
                    self.diagnostics.push(Diagnostic::error("E0904", place, message));
                }
            }
        }
        found
    }

    fn unknown(&mut self, name: &str, place: Place, known: &[&str], what: &str) {
        let list: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
        let help =
            did_you_mean(name, known.iter().copied()).unwrap_or_else(|| format!("known here: {}", list.join(", ")));
        self.diagnostics.push(Diagnostic::error("E0902", place, format!("unknown {what} `{name}`")).help(help));
    }

    fn wrong(&mut self, place: Place, what: &str, wanted: &str) {
        self.diagnostics.push(Diagnostic::error("E0903", place, format!("{what} should be {wanted}")));
    }

    fn key_place(&self, table: &dyn TableLike, name: &str) -> Place {
        self.place(table.get_key_value(name).and_then(|(key, item)| key.span().or_else(|| item.span())))
    }
}

/// A scalar as the text that a param's parser reads.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.value().clone()),
        Value::Integer(number) => Some(number.value().to_string()),
        Value::Float(number) => Some(format!("{:?}", number.value())),
        Value::Boolean(value) => Some(value.value().to_string()),
        Value::Datetime(time) => Some(time.value().to_string()),
        Value::Array(_) | Value::InlineTable(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::{RenderStyle, SourceMap, render_all};

    fn check(text: &str) -> (ProjectSettings, String) {
        let mut sources = SourceMap::new();
        let file = sources.add("lawbook.toml", text);
        let (settings, diagnostics) = parse_settings("lawbook.toml", file, text);
        (settings, render_all(&diagnostics, &sources, RenderStyle::Plain))
    }

    #[test]
    fn reads_every_section() {
        let (settings, errors) = check(
            r#"
            [policies]
            packs = ["soc2-ai"]
            paths = "policies"
            [inputs]
            exclude = ["legacy/**"]
            languages = ["python"]
            "vendor.register" = "grc/vendors.csv"
            [params]
            "soc2_ai.lib.max_age" = "30d"
            ai.limit = 3
            [check]
            as_of = 2026-11-20
            fail_on = "high"
            [waivers]
            files = ["grc/waivers.csv"]
            "#,
        );
        assert_eq!(errors, "");
        assert_eq!(settings.exclude, ["legacy/**"]);
        assert_eq!(&*settings.bindings[0].0, "vendor.register");
        let params: Vec<_> = settings.params.iter().map(|(name, value, _)| format!("{name}={value}")).collect();
        assert_eq!(params, ["soc2_ai.lib.max_age=30d", "ai.limit=3"]);
        assert_eq!(settings.as_of, facts::parse_time("2026-11-20"));
        assert_eq!(settings.fail_on, Some(Some(Severity::High)));
    }

    #[test]
    fn unknown_keys_name_the_nearest() {
        let (_, errors) = check("[input]\nexclude = []\n[check]\nfailon = 'low'\n");
        assert!(errors.contains("unknown section `input`") && errors.contains("did you mean `inputs`?"), "{errors}");
        assert!(errors.contains("unknown key `failon`") && errors.contains("did you mean `fail_on`?"), "{errors}");
    }

    #[test]
    fn broken_toml_and_wrong_values_have_places() {
        let (_, errors) = check("[check]\nas_of = \"soon\"\n");
        assert!(errors.contains("lawbook.toml:2:9"), "{errors}");
        let (_, errors) = check("[check\n");
        assert!(errors.contains("E0901") && errors.contains("lawbook.toml:1"), "{errors}");
        let (_, errors) = check("[inputs]\nexclude = ['{a']\n");
        assert!(errors.contains("is no glob"), "{errors}");
    }
}
