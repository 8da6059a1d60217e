//! New text: a test of a finding.

use base::{FileId, Place, Span};
use facts::Value;
use syntax::ast::ItemKind;

use super::{ActionKind, CodeAction};
use crate::Snapshot;

/// A test that shows a finding of the control under the cursor: with the rows that its proof rests on.
pub fn test(snapshot: &Snapshot, file: FileId, range: Span) -> Vec<CodeAction> {
    let Some(parse) = snapshot.parse(file) else { return Vec::new() };
    let facts = snapshot.facts.as_ref();
    let holds = |span: Span| span.start <= range.start && range.end <= span.end;
    let mut found = Vec::new();
    for item in parse.module.items.iter().filter(|item| holds(item.span)) {
        let ItemKind::Control(control) = &item.kind else { continue };
        let id = &*control.id.text;
        let Some(facts) = facts else { continue };
        let Some(state) = facts.control(id) else { continue };
        let Some((subject, message)) = state.findings.first() else { continue };
        let rows = facts.leaves(id, subject);
        let mut text = format!("\n\ntest {} {{\n", facts::write_literal(&Value::text(message.as_str())));
        if let Some(day) = facts.as_of() {
            text.push_str(&format!("    as_of {day}\n"));
        }
        for row in rows {
            text.push_str(&format!("    given {row}\n"));
        }
        let subject = facts::write_literal(&Value::text(subject.as_str()));
        text.push_str(&format!("    expect violation {id}({subject})\n}}"));
        let edit = (Place { file, span: Span::at(item.span.end as usize) }, text);
        found.push(CodeAction::new(
            format!("write a test of the finding about {subject}"),
            ActionKind::Generate,
            vec![edit],
        ));
    }
    found
}
