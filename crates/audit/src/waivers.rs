//! Which findings do not count, and who said so. Applied after evaluation: no rule sees whether a finding is waived.

use std::collections::BTreeMap;
use std::sync::Arc;

use facts::{RelationDecl, Value};

use crate::Waiver;

const DAY: i64 = 86_400_000_000;

/// A row of `std.waiver.waiver`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    control: Arc<str>,
    subject: Arc<str>,
    reason: Arc<str>,
    approved_by: Arc<str>,
    expires: i64,
}

/// The waiver register as of a day.
#[derive(Debug, Clone, Default)]
pub(crate) struct Register {
    entries: Vec<Entry>,
    /// How many entries have expired.
    pub expired: usize,
}

impl Register {
    /// Reads the rows of the register. Rows that lack a column that counts are left out: an incomplete waiver waives nothing.
    pub(crate) fn new(decl: &RelationDecl, rows: impl Iterator<Item = Vec<Value>>, as_of: i64) -> Self {
        let mut register = Register::default();
        for row in rows {
            let text = |name: &str| decl.column(name).and_then(|at| row[at].as_text()).map(Arc::<str>::from);
            let expires = decl.column("expires").and_then(|at| match row[at] {
                Value::Time(time) => Some(time),
                _ => None,
            });
            let (Some(control), Some(subject), Some(reason), Some(approved_by), Some(expires)) =
                (text("control"), text("subject"), text("reason"), text("approved_by"), expires)
            else {
                continue;
            };
            // In force through the whole UTC day.
            if as_of.div_euclid(DAY) > expires.div_euclid(DAY) {
                register.expired += 1;
            } else {
                register.entries.push(Entry { control, subject, reason, approved_by, expires });
            }
        }
        register
    }

    /// Whether an entry in force names the control.
    pub(crate) fn speaks_of(&self, control: &str) -> bool {
        self.entries.iter().any(|entry| *entry.control == *control)
    }

    /// How many entries are in force.
    pub(crate) fn in_force(&self) -> usize {
        self.entries.len()
    }

    /// The waiver of each subject of a control. `subjects` are keys with their labels; an entry's subject is a key, or a label
    /// that one subject alone has. What matches nothing or several is told.
    pub(crate) fn of_control(
        &self,
        control: &str,
        subjects: &BTreeMap<Arc<str>, Arc<str>>,
        warnings: &mut Vec<String>,
    ) -> BTreeMap<Arc<str>, Waiver> {
        let mut found = BTreeMap::new();
        for entry in self.entries.iter().filter(|entry| *entry.control == *control) {
            let key = if subjects.contains_key(&entry.subject) {
                Some(entry.subject.clone())
            } else {
                let same: Vec<&Arc<str>> =
                    subjects.iter().filter(|(_, label)| **label == entry.subject).map(|(key, _)| key).collect();
                if same.len() > 1 {
                    let count = same.len();
                    let subject = &entry.subject;
                    warnings.push(format!(
                        "the waiver of {control} for `{subject}` fits {count} subjects of that name and waives none: write the key"
                    ));
                }
                if same.is_empty() {
                    let subject = &entry.subject;
                    warnings.push(format!(
                        "the waiver of {control} for `{subject}` fits nothing in its scope: write the subject's key or label"
                    ));
                }
                if same.len() == 1 { Some(same[0].clone()) } else { None }
            };
            if let Some(key) = key {
                found.entry(key).or_insert_with(|| Waiver::Register {
                    reason: entry.reason.clone(),
                    approved_by: entry.approved_by.clone(),
                    expires: entry.expires,
                });
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use facts::{Column, Type, parse_time};

    fn register(rows: &[[&str; 5]], as_of: &str) -> Register {
        let names = ["control", "subject", "reason", "approved_by", "expires"];
        let columns = names.iter().map(|name| Column {
            name: (*name).into(),
            ty: if *name == "expires" { Type::Time } else { Type::String },
            optional: false,
            key: false,
            doc: "".into(),
        });
        let decl = RelationDecl { name: "waiver.waiver".into(), columns: columns.collect(), doc: "".into() };
        let rows = rows.iter().map(|row| {
            let time = Value::Time(parse_time(row[4]).unwrap());
            row[..4].iter().map(|text| Value::text(*text)).chain([time]).collect()
        });
        Register::new(&decl, rows, parse_time(as_of).unwrap())
    }

    #[test]
    fn in_force_through_the_last_day() {
        let row = ["AI-1", "k", "because", "cto", "2026-11-20"];
        assert_eq!(register(&[row], "2026-11-20").in_force(), 1);
        let late = register(&[row], "2026-11-21");
        assert_eq!((late.in_force(), late.expired), (0, 1));
    }

    #[test]
    fn a_label_counts_only_if_it_is_one_subjects() {
        let subjects =
            |labels: &[(&str, &str)]| labels.iter().map(|(key, label)| ((*key).into(), (*label).into())).collect();
        let register = register(&[["AI-1", "POST /chat", "r", "cto", "2030-01-01"]], "2026-11-20");
        let mut warnings = Vec::new();
        let found = register.of_control("AI-1", &subjects(&[("k1", "POST /chat"), ("k2", "GET /")]), &mut warnings);
        assert_eq!(found.keys().map(|key| &**key).collect::<Vec<_>>(), ["k1"]);
        assert!(warnings.is_empty());
        let found =
            register.of_control("AI-1", &subjects(&[("k1", "POST /chat"), ("k2", "POST /chat")]), &mut warnings);
        assert!(found.is_empty());
        assert_eq!(warnings.len(), 1);
        assert!(register.of_control("AI-2", &subjects(&[("k1", "POST /chat")]), &mut warnings).is_empty());
    }
}
