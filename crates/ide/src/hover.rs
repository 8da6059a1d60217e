//! Hover: what the name under the cursor is.

use base::{FileId, Span};
use syntax::scan::{TokenKind, scan};

use crate::describe::describe;
use crate::symbol::all_at;
use crate::{Snapshot, literals};

/// What is told, as Markdown, and of what range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hover {
    /// Markdown.
    pub text: String,
    /// What it speaks of.
    pub span: Span,
}

/// What is under the cursor.
pub fn hover(snapshot: &Snapshot, file: FileId, offset: usize) -> Option<Hover> {
    let found = all_at(snapshot, file, offset);
    let span = found.first()?.1;
    let told: Vec<String> =
        found.iter().filter(|(_, other)| *other == span).filter_map(|(symbol, _)| describe(snapshot, symbol)).collect();
    (!told.is_empty()).then(|| Hover { text: told.join("\n\n---\n\n"), span })
}

/// What the literal under the cursor means, in words: dates and durations.
pub fn literal(snapshot: &Snapshot, file: FileId, offset: usize) -> Option<Hover> {
    let text = snapshot.text(file);
    let tokens = scan(text);
    let at = tokens.partition_point(|token| (token.span.end as usize) < offset);
    let token =
        tokens.get(at).filter(|token| token.kind == TokenKind::Number && token.span.start as usize <= offset)?;
    literals::in_words(token.text(text)).map(|text| Hover { text, span: token.span })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Fixture;

    fn told(text: &str) -> String {
        let fixture = Fixture::new(text);
        let found = hover(&fixture.snapshot, fixture.file, fixture.offset);
        let found = found.or_else(|| literal(&fixture.snapshot, fixture.file, fixture.offset));
        found.map_or_else(String::new, |hover| format!("[{}] {}", &fixture.text()[hover.span.range()], hover.text))
    }

    #[track_caller]
    fn has(text: &str, parts: &[&str]) {
        let told = told(text);
        for part in parts {
            assert!(told.contains(part), "{text}\n`{part}` is not in:\n{told}");
        }
    }

    #[test]
    fn relations_tell_of_their_columns_and_rows() {
        let text = "use std.vendor\nrel r(x: string)\nr(x) :- vendor.reg$0ister{name: x}.";
        has(
            text,
            &["[register]", "key name: string", "dpa_signed: bool?", "The register.", "**3 rows**", "vendors.csv:2"],
        );
        has("rel r$0(x: string)\nr(x) :- code.call{callee: x}.", &["m.r(x: string)", "1 rule"]);
        // The clause is broken, the name is known.
        has("rel r(x: string)\nr(x) :- code.ca$0ll{callee: x, ", &["Calls."]);
    }

    #[test]
    fn columns_and_variables_have_types() {
        has("rel r(x: string)\nr(x) :- code.call{cal$0lee: x}.", &["code.call.callee: string", "openai.OpenAI"]);
        has("rel r(x: string)\nr(x) :- code.call{callee: $0x}.", &["x: string", "stands for `code.call.callee`"]);
        has("rel r(x: int)\nr(n) :- n = cou$0nt { c : code.call{call: c} }.", &["distinct tuples"]);
        has("rel r(x: int)\nr($0n) :- n = count { c : code.call{call: c} }.", &["n: int"]);
        has("rel r(x: string)\nr(x) :- code.call{callee$0}, x = callee.", &["callee: string", "column of `code.call`"]);
        has("rel r(x: string)\nr(x) :- code.call{callee: x, line: $0n}, n > ", &["n: int"]);
    }

    #[test]
    fn words_literals_and_controls_are_told_of() {
        has("rel r(x: int)\nr(n) :- code.call{callee: c}, n = leng$0th(c).", &["number of characters"]);
        has("rel r(x: string)\nr(x) :- code.call{callee: x}, x mat$0ches /a/.", &["regex"]);
        has("/// How long.\nparam wi$0ndow: duration = 90d", &["window: duration = 90d", "How long.", "[params]"]);
        has("param window: duration = 90$0d", &["90 days"]);
        has("test \"t\" {\n    as_of 2026-11-2$00\n}", &["Friday"]);
        let control = "/// Why.\ncontrol C-$01 \"Title\" {\n    severity: high\n    maps: soc2/CC9.2\n    scope(x) :- code.call{callee: x}.\n}";
        has(control, &["C-1 Title", "Why.", "`high`", "soc2/CC9.2", "**fail**", "population 4", "not registered"]);
        has("control C \"t\" {\n    maps: soc2/CC$09.2\n}", &["Vendor risk is managed"]);
        has("control C \"t\" {\n    seve$0rity: high\n}", &["How bad a violation is"]);
        has("use std.ven$0dor", &["Vendors."]);
        has("rel r(x: code.Cal$0l)", &["entity code.Call < code.Node"]);
    }
}
