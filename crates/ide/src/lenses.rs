//! Code lenses: what stands above a control, a test, a relation, with the command behind it.

use base::{FileId, Span};
use syntax::ast::ItemKind;

use crate::Snapshot;

/// What a lens does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Evaluates the control.
    Run(String),
    /// Shows why a subject violates the control.
    Explain(String),
    /// Shows why a member of the population does not violate it.
    WhyNot(String),
    /// Runs the test of that name in the file.
    Test(String),
    /// Shows how many rows the rules of a relation lose at which literal.
    Debug(String),
    /// Shows the report of all controls.
    Report,
    /// Nothing: it tells.
    Tell,
}

/// A line above an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lens {
    /// The name of the item.
    pub span: Span,
    /// What it says.
    pub title: String,
    /// What it does.
    pub action: Action,
}

/// The lenses of a file.
pub fn lenses(snapshot: &Snapshot, file: FileId) -> Vec<Lens> {
    let Some(parse) = snapshot.parse(file) else { return Vec::new() };
    let facts = snapshot.facts.as_ref();
    let mut found = Vec::new();
    let qualifier = |name: &str| {
        let lookup = snapshot.compilation.lookup(file, None)?;
        Some(lookup.relation(&[name])?.decl.name.clone())
    };
    for item in &parse.module.items {
        match &item.kind {
            ItemKind::Control(control) => {
                let (id, span) = (control.id.text.to_string(), control.id.span);
                let state = facts.and_then(|facts| facts.control(&id));
                let title = match &state {
                    Some(state) => {
                        let findings = state.findings.len();
                        let word = if findings == 1 { "finding" } else { "findings" };
                        let change = match state.change {
                            (0, 0) => String::new(),
                            (came, went) => format!(" (+{came} −{went})"),
                        };
                        format!("{} · population {} · {findings} {word}{change}", state.status, state.population)
                    }
                    None => "run".to_owned(),
                };
                found.push(Lens { span, title, action: Action::Run(id.clone()) });
                if let Some(state) = state {
                    found.push(Lens { span, title: "open report".to_owned(), action: Action::Report });
                    if !state.findings.is_empty() {
                        found.push(Lens { span, title: "explain".to_owned(), action: Action::Explain(id.clone()) });
                    }
                    if state.population > state.findings.len() {
                        found.push(Lens { span, title: "why not".to_owned(), action: Action::WhyNot(id) });
                    }
                }
            }
            ItemKind::Test(test) => {
                let name = test.name.text.to_string();
                let title = match snapshot.outcomes.get(&(file, name.clone())) {
                    Some(true) => "run test · passed".to_owned(),
                    Some(false) => "run test · failed".to_owned(),
                    None => "run test".to_owned(),
                };
                found.push(Lens { span: test.name.span, title, action: Action::Test(name) });
            }
            ItemKind::Rel(rel) => {
                let Some(name) = qualifier(&rel.name.text) else { continue };
                if let Some(count) = facts.and_then(|facts| facts.count(&name)) {
                    let title = format!("{count} row{}", if count == 1 { "" } else { "s" });
                    found.push(Lens { span: rel.name.span, title, action: Action::Tell });
                }
                if snapshot.compilation.filled_by(&name).iter().any(|filling| !filling.reads.is_empty()) {
                    let action = Action::Debug(name.to_string());
                    found.push(Lens { span: rel.name.span, title: "debug".to_owned(), action });
                }
            }
            ItemKind::Input(input) => {
                let count = qualifier(&input.name.text).and_then(|name| facts?.count(&name));
                found.extend(count.map(|count| Lens {
                    span: input.name.span,
                    title: format!("{count} row{}", if count == 1 { "" } else { "s" }),
                    action: Action::Tell,
                }));
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Fixture;

    #[test]
    fn controls_tests_and_relations_have_lenses() {
        let fixture = Fixture::new(
            "rel r(x: string)\nr(x) :- code.call{callee: x}.\ncontrol C-1 \"t\" {\n    scope(x) :- r(x).\n}\ncontrol C-2 \"t\" {\n    scope(x) :- r(x).\n}\ntest \"t\" {\n    expect pass C-1\n}",
        );
        let found = lenses(&fixture.snapshot, fixture.file);
        let shown: Vec<&str> = found.iter().map(|lens| &*lens.title).collect();
        assert_eq!(
            shown,
            [
                "debug",
                "fail · population 4 · 1 finding (+1 −0)",
                "open report",
                "explain",
                "why not",
                "run",
                "run test"
            ]
        );
    }
}
