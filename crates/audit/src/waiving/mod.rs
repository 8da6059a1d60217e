//! A waiver written down: the text that adds it to a register, a table or a document.
//!
//! Whoever takes it fills in the reason and who approved it; until then the row is incomplete and waives nothing.

mod documents;

use std::sync::Arc;

use facts::{InputDecl, Operand, RelationDecl};

/// A waiver to write down. It has neither an approver nor, so far, a reason of anybody's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewWaiver {
    /// The control.
    pub control: String,
    /// The subject's key.
    pub subject: String,
    /// What stands where the reason is to be filled in.
    pub reason: String,
    /// The last day, `2026-02-28`.
    pub expires: String,
}

impl NewWaiver {
    fn value(&self, column: &str) -> &str {
        match column {
            "control" => &self.control,
            "subject" => &self.subject,
            "reason" => &self.reason,
            "expires" => &self.expires,
            _ => "",
        }
    }
}

/// A text that takes the place of bytes of a register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addition {
    /// Where they begin.
    pub start: usize,
    /// Where they end: mostly where they begin.
    pub end: usize,
    /// The text.
    pub text: String,
}

/// What to add to a register, the file of that path, for a waiver. Fails, with the reason, where nobody but its author knows how.
pub fn waiver_text(input: &InputDecl, path: &str, text: Option<&str>, waiver: &NewWaiver) -> Result<Addition, String> {
    let known = text.unwrap_or_default();
    let separator = match path.rsplit('.').next() {
        Some("csv") => ',',
        Some("tsv") => '\t',
        Some("yaml" | "yml") => return documents::yaml(input, known, waiver),
        Some("json") => return documents::json(input, known, waiver),
        _ => return Err(format!("`{path}` is no register of text: write the waiver there by hand")),
    };
    let text_ = row(input, path, separator, text, waiver)?;
    Ok(Addition { start: known.len(), end: known.len(), text: text_ })
}

/// The row of a table, with its heading where there is none yet. The columns are found by the headings that the input names.
fn row(
    input: &InputDecl,
    path: &str,
    separator: char,
    text: Option<&str>,
    waiver: &NewWaiver,
) -> Result<String, String> {
    let columns: Vec<Arc<str>> = input.relation.columns.iter().map(|column| column.name.clone()).collect();
    let heading =
        text.and_then(|text| text.trim_start_matches('\u{feff}').lines().find(|line| !line.trim().is_empty()));
    let row = |values: Vec<&str>| {
        let cells: Vec<String> = values.into_iter().map(|value| cell(value, separator)).collect();
        cells.join(&separator.to_string())
    };
    let Some(heading) = heading else {
        let names = columns.iter().map(|column| &**column).collect();
        let values = columns.iter().map(|column| waiver.value(column)).collect();
        return Ok(format!("{}\n{}\n", row(names), row(values)));
    };
    let found: Vec<Option<Arc<str>>> = cells(heading, separator).iter().map(|cell| column(input, cell)).collect();
    for column in columns.iter().filter(|column| ["control", "subject"].contains(&&***column)) {
        if !found.iter().flatten().any(|known| known == column) {
            return Err(format!("`{path}` has no column for the {column} of a waiver"));
        }
    }
    let values = found.iter().map(|found| found.as_ref().map_or("", |column| waiver.value(column))).collect();
    let start = if text.is_some_and(|text| !text.ends_with('\n')) { "\n" } else { "" };
    Ok(format!("{start}{}\n", row(values)))
}

/// The column that a heading fills.
fn column(input: &InputDecl, heading: &str) -> Option<Arc<str>> {
    let decl: &RelationDecl = &input.relation;
    let maps = input.sources.iter().flat_map(|source| &source.columns);
    let named = maps.filter(|map| {
        let mut alternatives = map.alternatives.iter();
        alternatives.any(|operand| matches!(operand, Operand::Heading(name) if **name == *heading.trim()))
    });
    let named = named.map(|map| &decl.columns[map.column].name).next();
    named.or_else(|| decl.columns.iter().map(|column| &column.name).find(|name| ***name == *heading.trim())).cloned()
}

/// A value as a cell.
fn cell(value: &str, separator: char) -> String {
    match value.contains([separator, '"', '\n', '\r']) {
        true => format!("\"{}\"", value.replace('"', "\"\"")),
        false => value.to_owned(),
    }
}

/// The cells of a line.
fn cells(line: &str, separator: char) -> Vec<String> {
    let (mut found, mut quoted) = (vec![String::new()], false);
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            c if c == separator && !quoted => found.push(String::new()),
            c => found.last_mut().expect("one at least").push(c),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use base::SourceMap;
    use lang::ModuleSource;

    use super::*;

    fn input() -> Arc<InputDecl> {
        let mut sources = SourceMap::new();
        let file = sources.add("std/waiver.law", crate::embedded_text("lawbook:std/waiver.law").unwrap());
        let module = ModuleSource { file, name: "std.waiver".into(), builtin: true, folder: "".into() };
        let compilation = lang::compile(&sources, &[module]);
        let inputs: BTreeMap<_, _> =
            compilation.inputs.iter().map(|input| (input.relation.name.clone(), input.clone())).collect();
        inputs["waiver.waiver"].clone()
    }

    fn added(path: &str, text: Option<&str>, subject: &str) -> Result<String, String> {
        let waiver = NewWaiver {
            control: "C-1".to_owned(),
            subject: subject.to_owned(),
            reason: "why".to_owned(),
            expires: "2026-02-28".to_owned(),
        };
        let added = waiver_text(&input(), path, text, &waiver)?;
        let mut all = text.unwrap_or_default().to_owned();
        all.replace_range(added.start..added.end, &added.text);
        // Of tables what is added, of documents all of it.
        let table = path.ends_with("sv");
        Ok(if table { added.text } else { all })
    }

    #[test]
    fn a_register_gets_a_row() {
        let new = "control,subject,reason,approved_by,expires\nC-1,a,why,,2026-02-28\n";
        assert_eq!(added("waivers.csv", None, "a").as_deref(), Ok(new));
        assert_eq!(added("waivers.csv", Some("\n"), "a").as_deref(), Ok(new));
        let known = "Expires,\"Control ID\",note,Subject,justification\n2020-01-01,C,,x,y";
        assert_eq!(
            added("waivers.csv", Some(known), "a \"b\", c").as_deref(),
            Ok("\n2026-02-28,C-1,,\"a \"\"b\"\", c\",why\n")
        );
        let known = "control\tsubject\n";
        assert_eq!(added("grc/waivers.tsv", Some(known), "a, b").as_deref(), Ok("C-1\ta, b\n"));
    }

    #[test]
    fn a_document_gets_an_entry() {
        let entry = "  - control: C-1\n    subject: a\n    reason: why\n    approved_by:\n    expires: 2026-02-28\n";
        let yaml = |text: &str| added("waivers.yaml", Some(text), "a").unwrap();
        assert_eq!(added("waivers.yaml", None, "a").unwrap(), format!("waivers:\n{entry}"));
        assert_eq!(yaml("# Ours.\nowner: me\n"), format!("# Ours.\nowner: me\nwaivers:\n{entry}"));
        assert_eq!(yaml("waivers: []\n"), format!("waivers:\n{entry}"));
        // At the end of its list, as deep as that is, whatever follows.
        let flush = entry.replace("\n  ", "\n").trim_start().to_owned();
        let before = "waivers:\n- control: C\n  reason: |\n    two\n\n    lines";
        assert_eq!(yaml(before), format!("{before}\n{flush}"));
        assert_eq!(
            yaml("waivers:\n  - control: C # c\n\n# Owner.\nowner: me\n"),
            format!("waivers:\n  - control: C # c\n{entry}\n# Owner.\nowner: me\n")
        );
        let quoted = added("waivers.yml", None, "a: \"b\" #c").unwrap();
        assert!(quoted.contains("subject: \"a: \\\"b\\\" #c\"\n"), "{quoted}");
        let entry = "{\"control\": \"C-1\", \"subject\": \"a\", \"reason\": \"why\", \"approved_by\": null, \"expires\": \"2026-02-28\"}";
        let json = |text: &str| added("waivers.json", Some(text), "a").unwrap();
        assert_eq!(json(" "), format!("{{\n  \"waivers\": [\n    {entry}\n  ]\n}}\n"));
        assert_eq!(
            json("{\"x\": \"]\", \"waivers\": [\n    {\"control\": \"]\\\"\"}\n  ]\n}"),
            format!("{{\"x\": \"]\", \"waivers\": [\n    {{\"control\": \"]\\\"\"}},\n    {entry}\n  ]\n}}")
        );
        assert_eq!(json("{\"waivers\": [{}]}"), format!("{{\"waivers\": [{{}}, {entry}]}}"));
        assert_eq!(json("{\"waivers\": []}"), format!("{{\"waivers\": [\n    {entry}\n  ]}}"));
    }

    #[test]
    fn what_is_no_such_table_is_left_alone() {
        assert!(added("waivers.xlsx", None, "a").unwrap_err().contains("by hand"));
        for text in ["waivers: [{control: C}]\n", "- control: C\n", "{}\n", "waivers: x\n"] {
            assert!(added("waivers.yaml", Some(text), "a").unwrap_err().contains("by hand"), "{text}");
        }
        for text in ["[]", "{\"other\": []}", "{\"other\": {\"waivers\": []}}", "{\"waivers\": ["] {
            assert!(added("waivers.json", Some(text), "a").unwrap_err().contains("by hand"), "{text}");
        }
        assert!(added("waivers.csv", Some("a,control\n"), "a").unwrap_err().contains("no column for the subject"));
    }
}
