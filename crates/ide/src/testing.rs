//! The door of this crate's tests: texts with a cursor, `$0`, as policies beside a small library.

use std::sync::Arc;

use base::{FileId, SourceMap};
use lang::ModuleSource;

use crate::{ControlState, Facts, Sample, Snapshot};

/// Modules that stand for the standard library.
const LIBRARY: [(&str, &str); 3] = [
    (
        "std.code",
        "//! Code.\nentity Node\n/// A function.\nentity Function < Node\nentity Call < Node\n\
         /// Functions of the program.\ninput function(key function: Function, name: string)\n\
         /// Calls.\ninput call(key call: Call, function: Function, /// What is called.\n callee: string, receiver: string?, line: int)\n",
    ),
    (
        "std.vendor",
        "//! Vendors.\n\n/// The register.\ninput register(key name: string, soc2_report: time?, dpa_signed: bool?, owner: string?)\n\
         \x20   from csv \"vendors.csv\" { name: \"Name\", soc2_report: \"SOC 2\", dpa_signed: \"DPA\", owner: \"Owner\" }\n\
         open rel alias(name: string, vendor: string)\nalias(\"OpenAI LLC\", \"OpenAI\").\n",
    ),
    (
        "std.soc2",
        "framework soc2 \"SOC 2\" { CC6.1: \"Access is restricted\" CC9.2: \"Vendor risk is managed\" }\n\
         framework nist \"NIST\" { \"GOVERN 6.1\": \"Third parties\" }\n",
    ),
];

/// A snapshot of policies with the cursor in the one that has `$0`.
pub struct Fixture {
    /// The snapshot.
    pub snapshot: Snapshot,
    /// The file with the cursor.
    pub file: FileId,
    /// The cursor.
    pub offset: usize,
}

impl Fixture {
    /// One policy, `m`, with a cursor.
    pub fn new(text: &str) -> Self {
        Fixture::all(&[("m", text)])
    }

    /// Several policies, one of them with a cursor.
    pub fn all(modules: &[(&str, &str)]) -> Self {
        let mut sources = SourceMap::new();
        let mut all = Vec::new();
        let mut cursor = None;
        for (name, text) in LIBRARY.iter().chain(modules) {
            let text = text.strip_prefix('\n').unwrap_or(text);
            let builtin = name.starts_with("std.");
            let prefix = if builtin { "lawbook:" } else { "" };
            let path = format!("{prefix}{}.law", name.replace('.', "/"));
            let file = sources.add(path, text.replacen("$0", "", 1));
            if let Some(at) = text.find("$0") {
                cursor = Some((file, at));
            }
            all.push(ModuleSource { file, name: (*name).into(), builtin, folder: "".into() });
        }
        let compilation = lang::compile(&sources, &all);
        let (file, offset) = cursor.unwrap_or((all[all.len() - 1].file, 0));
        let mut snapshot = Snapshot::new(sources, Arc::new(compilation));
        snapshot.facts = Some(Arc::new(Known));
        Fixture { snapshot, file, offset }
    }

    /// The text of the file with the cursor.
    pub fn text(&self) -> &str {
        self.snapshot.text(self.file)
    }
}

/// What is known of the facts in tests.
struct Known;

impl Facts for Known {
    fn count(&self, relation: &str) -> Option<usize> {
        (relation == "vendor.register").then_some(3)
    }

    fn samples(&self, relation: &str, most: usize) -> Vec<Sample> {
        let rows = [["OpenAI", "none"], ["Anthropic", "2026-01-01"]];
        let rows = rows.iter().enumerate().map(|(at, row)| Sample {
            values: row.iter().map(|value| (*value).to_owned()).collect(),
            place: Some(format!("vendors.csv:{}", at + 2)),
        });
        if relation == "vendor.register" { rows.take(most).collect() } else { Vec::new() }
    }

    fn values(&self, relation: &str, column: usize) -> Vec<(String, usize)> {
        let values: &[(&str, usize)] = match (relation, column) {
            ("vendor.register", 0) => &[("OpenAI", 5), ("Anthropic", 2), ("a \"b\"", 1)],
            ("code.call", 2) => &[("openai.OpenAI", 4), ("src/app.py", 3), ("src/lib/x.ts", 1)],
            _ => &[],
        };
        values.iter().map(|(value, count)| ((*value).to_owned(), *count)).collect()
    }

    fn matching(&self, relation: &str, wanted: &[(usize, facts::Value)]) -> Option<usize> {
        let all = self.count(relation)?;
        Some(if wanted.is_empty() { all } else { 1 })
    }

    fn leaves(&self, _: &str, _: &str) -> Vec<String> {
        vec!["vendor.register{name: \"OpenAI\"}.".to_owned()]
    }

    fn as_of(&self) -> Option<String> {
        Some("2026-11-20".to_owned())
    }

    fn control(&self, id: &str) -> Option<ControlState> {
        let findings = vec![("OpenAI".to_owned(), "OpenAI is not registered".to_owned())];
        (id == "C-1").then_some(ControlState { status: "fail", population: 4, findings, change: (1, 0) })
    }
}
