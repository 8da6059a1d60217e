//! Values from the facts: what occurs in a column, the most frequent first; subjects of a control; globs and regexes with a
//! count of what they match.

use facts::Value;
use syntax::scan::{TokenKind, scan};

use super::context::ColumnRef;
use super::{CompletionKind, Found};

/// Values offered.
const MOST: usize = 100;

/// Texts that occur in the column, and those that policies write for it.
pub fn values(found: &mut Found<'_, '_>, column: &ColumnRef) {
    let facts = found.snapshot().facts.clone();
    let live = facts.map(|facts| facts.values(&column.relation, column.column)).unwrap_or_default();
    let mut shown = 0;
    for (value, count) in live {
        if !super::fits(&found.context.typed, &value) {
            continue;
        }
        let times = if count == 1 { "occurs once".to_owned() } else { format!("occurs {count} times") };
        push(found, &value, times, 10 + shown);
        shown += 1;
        if shown as usize == MOST {
            return;
        }
    }
    // What facts of policies say is known without reading a file.
    for (row, _) in found.snapshot().compilation.facts_of(&column.relation) {
        if let Some(text) = row.get(column.column).and_then(Value::as_text)
            && !found.all.iter().any(|known| known.label == text)
        {
            push(found, text, "stated by a policy".to_owned(), 200);
            if found.all.len() >= 2 * MOST {
                return;
            }
        }
    }
}

/// Subjects of a control's findings.
pub fn subjects(found: &mut Found<'_, '_>, control: &str) {
    let Some(state) = found.snapshot().facts.as_ref().and_then(|facts| facts.control(control)) else { return };
    for (number, (subject, message)) in state.findings.iter().take(MOST).enumerate() {
        push(found, subject, message.clone(), 10 + number as u32);
    }
}

/// Globs and regexes that match what occurs in the column.
pub fn patterns(found: &mut Found<'_, '_>, column: Option<&ColumnRef>, operator: &str) {
    let Some(column) = column else { return };
    let Some(facts) = found.snapshot().facts.clone() else { return };
    let values = facts.values(&column.relation, column.column);
    if operator == "matches" {
        let typed = &found.context.typed;
        let Ok(regex) = regex::Regex::new(typed) else { return };
        let count = values.iter().filter(|(value, _)| regex.is_match(value)).count();
        let mut completion = found.plain(typed.clone(), CompletionKind::Value);
        completion.detail = format!("matches {count} of {} values", values.len());
        completion.rank = 1;
        found.push(completion);
        return;
    }
    let mut globs: Vec<String> = Vec::new();
    for (value, _) in values.iter().take(1000) {
        let extension = value.rsplit_once('.').map(|(_, extension)| extension).filter(|e| !e.contains('/'));
        if let Some(extension) = extension {
            globs.push(format!("**/*.{extension}"));
        }
        if let Some((folder, _)) = value.split_once('/') {
            globs.push(format!("{folder}/**"));
        }
    }
    globs.sort();
    globs.dedup();
    for glob in globs {
        let Some(count) = matching(&glob, &values) else { continue };
        push(found, &glob, format!("matches {count} of {} values", values.len()), 10 + (1000 - count.min(1000)) as u32);
    }
}

fn matching(glob: &str, values: &[(String, usize)]) -> Option<usize> {
    let regex = regex::Regex::new(&facts::glob_regex(glob).ok()?).ok()?;
    Some(values.iter().filter(|(value, _)| regex.is_match(value)).count())
}

fn push(found: &mut Found<'_, '_>, value: &str, detail: String, rank: u32) {
    let literal = facts::write_literal(&Value::text(value));
    let inside = literal.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(&literal);
    // What cannot stand between quotes on one line is of no help.
    if scan(&literal).iter().any(|token| token.kind != TokenKind::Text) {
        return;
    }
    let mut completion = found.plain(value, CompletionKind::Value);
    completion.insert = if found.context.closed { inside.to_owned() } else { format!("{inside}\"") };
    completion.detail = detail;
    completion.rank = rank;
    found.push(completion);
}
