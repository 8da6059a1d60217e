//! From rows of violation rules to findings: identity, message, place, related places.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use facts::{Code, Origin, Type, Value};
use ir::RelId;
use lang::{Control, JudgedRule, TemplatePart};
use sha2::{Digest, Sha256};

use crate::excerpts::Excerpts;
use crate::judge::{Basis, Judge, policy_spot};
use crate::{Finding, Spot};

impl Judge<'_> {
    /// What a violation or note rule found.
    pub(crate) fn findings(
        &self,
        control: &Control,
        rule: &JudgedRule,
        error: bool,
        basis: &Basis<'_>,
        out: &mut Vec<Finding>,
        excerpts: &mut Excerpts<'_>,
    ) {
        let Some(relation) = self.find(&rule.relation) else { return };
        let rests_on_absence = self
            .inputs(relation)
            .any(|input| input.negative && !self.looked.incomplete(self.name(input.id)).is_empty());
        let mut tracer = self.paths.then(|| self.tracer.borrow_mut());
        let mut seen: BTreeSet<String> = out.iter().map(|finding| finding.id.clone()).collect();
        for (row, values) in self.evaluation.sorted(relation) {
            let codes: Vec<Code> = self.evaluation.codes(row).collect();
            let id = identity(control, rule, &self.program.relation(relation).decl, &values);
            // Rows that differ in numbers or times alone are one finding.
            if !seen.insert(id.clone()) {
                continue;
            }
            let mut finding = Finding {
                id,
                control: control.id.clone(),
                severity: control.severity,
                subject: values[0].as_text().map_or_else(|| values[0].to_string().into(), Into::into),
                label: self.printed(relation, 0, &values, &codes).into(),
                message: self.message(rule, relation, &values, &codes),
                place: self.place(control, basis, codes[0], excerpts),
                related: self.related(relation, &codes, excerpts),
                path: Vec::new(),
                provisional: error || rests_on_absence,
                waiver: None,
                row,
            };
            if let Some(tracer) = &mut tracer {
                finding.path = tracer.path(row, excerpts);
            }
            out.push(finding);
        }
        out.sort_by(|a, b| (&a.place, &a.message, &a.id).cmp(&(&b.place, &b.message, &b.id)));
    }

    fn message(&self, rule: &JudgedRule, relation: RelId, values: &[Value], codes: &[Code]) -> String {
        let part = |part: &TemplatePart| match part {
            TemplatePart::Text(text) => text.to_string(),
            TemplatePart::Column(column) => self.printed(relation, *column, values, codes),
        };
        rule.template.parts.iter().map(part).collect()
    }

    fn is_entity(&self, relation: RelId, column: usize) -> bool {
        matches!(self.program.relation(relation).decl.columns[column].ty, Type::Entity(_))
    }

    /// A value as messages print it: an entity by its label.
    fn printed(&self, relation: RelId, column: usize, values: &[Value], codes: &[Code]) -> String {
        if self.is_entity(relation, column) && !values[column].is_none() {
            return self.evaluation.database().label(codes[column]).to_string();
        }
        values[column].to_string()
    }

    /// Entities named in the message, in its order.
    fn related(&self, relation: RelId, codes: &[Code], excerpts: &mut Excerpts<'_>) -> Vec<(String, Spot)> {
        let database = self.evaluation.database();
        let columns = (1..codes.len()).filter(|column| self.is_entity(relation, *column));
        let infos = columns.filter_map(|column| database.entity(codes[column]));
        infos.map(|info| (info.label.to_string(), self.spot(info.origin, excerpts))).collect()
    }

    fn spot(&self, origin: Origin, excerpts: &mut Excerpts<'_>) -> Spot {
        excerpts.spot(self.evaluation.database().file(origin.file), origin.place)
    }

    /// See [`crate::places`]; a subject without a place of its own stands where the control does.
    fn place(&self, control: &Control, basis: &Basis<'_>, code: Code, excerpts: &mut Excerpts<'_>) -> Option<Spot> {
        let scope = self.find(&control.scope);
        let origin = scope.and_then(|scope| basis.places.of(self, scope, code));
        Some(origin.map_or_else(|| policy_spot(self.sources, control.place), |origin| self.spot(origin, excerpts)))
    }

    /// Keys of a population with their labels.
    pub(crate) fn subjects(&self, scope: RelId) -> BTreeMap<Arc<str>, Arc<str>> {
        let rows = self.evaluation.sorted(scope).map(|(row, values)| {
            let codes: Vec<Code> = self.evaluation.codes(row).collect();
            (values[0].to_string().into(), self.printed(scope, 0, &values, &codes).into())
        });
        rows.collect()
    }
}

/// Control, subject key, message template, and those of its arguments that are strings or entities: what
/// stays the same when unrelated lines move, or a report grows a day older.
fn identity(control: &Control, rule: &JudgedRule, decl: &facts::RelationDecl, row: &[Value]) -> String {
    let mut hash = Sha256::new();
    let mut part = |text: &str| {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text.as_bytes());
    };
    part(&control.id);
    part(&row[0].to_string());
    part(&rule.template.text);
    for (value, column) in row.iter().zip(&decl.columns).skip(1) {
        if column.ty.is_text() {
            part(value.as_text().unwrap_or("\0none"));
        }
    }
    let digest = hash.finalize();
    let hex: String = digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    format!("{}@{hex}", control.id)
}
