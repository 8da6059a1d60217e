//! From rows to outcomes: which controls could be judged, what they found, what is waived.
//!
//! The outcome of a control is the first of [`Status::ALL`] that holds (LANGUAGE.md, Evidence). That nothing was
//! found is a pass only where everything was looked at.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use engine::Evaluation;
use facts::{Code, Origin, Type, Value};
use ir::{Program, RelId};
use lang::{Control, Dependency, JudgedRule, Severity, Status, TemplatePart};
use sha2::{Digest, Sha256};

use crate::excerpts::Excerpts;
use crate::looked::Looked;
use crate::waivers::Register;
use crate::{Finding, Outcome, Spot, Waiver, taint};

/// What judging looks at.
pub(crate) struct Judge<'a> {
    pub sources: &'a base::SourceMap,
    pub program: &'a Program,
    pub evaluation: &'a Evaluation,
    pub looked: &'a Looked,
    pub register: &'a Register,
    /// Whether the proofs of findings are asked for the way of a value (tests do without).
    pub paths: bool,
    inputs: RefCell<BTreeMap<RelId, Rc<[Dependency<RelId>]>>>,
}

/// Which rules could be judged, and on what they rest.
struct Basis {
    evidence: lang::Evidence,
}

impl<'a> Judge<'a> {
    pub(crate) fn new(
        sources: &'a base::SourceMap,
        evaluated: (&'a Program, &'a Evaluation),
        looked: &'a Looked,
        register: &'a Register,
        paths: bool,
    ) -> Self {
        let (program, evaluation) = evaluated;
        Judge { sources, program, evaluation, looked, register, paths, inputs: RefCell::default() }
    }

    /// The input relations that a relation is computed from. Asked for many times over, so kept.
    fn inputs(&self, relation: RelId) -> Rc<[Dependency<RelId>]> {
        let mut known = self.inputs.borrow_mut();
        known.entry(relation).or_insert_with(|| lang::inputs_of(self.program, relation).into()).clone()
    }

    fn name(&self, relation: RelId) -> &'a Arc<str> {
        &self.program.relation(relation).decl.name
    }

    /// Judges the controls, in their order. Trouble with waivers and suppressions goes to `warnings`.
    pub(crate) fn outcomes(
        &self,
        controls: &[&Control],
        excerpts: &mut Excerpts<'_>,
        warnings: &mut Vec<String>,
    ) -> Vec<Outcome> {
        let present = |relation: RelId| self.looked.present(&self.program.relation(relation).decl.name);
        let basis = Basis { evidence: lang::evidence(self.program, present) };
        controls.iter().map(|control| self.outcome(control, &basis, excerpts, warnings)).collect()
    }

    fn outcome(
        &self,
        control: &Control,
        basis: &Basis,
        excerpts: &mut Excerpts<'_>,
        warnings: &mut Vec<String>,
    ) -> Outcome {
        let scope = self.program.find(&control.scope);
        let rules: Vec<RelId> =
            control.violations.iter().filter_map(|rule| self.program.find(&rule.relation)).collect();
        let all: Vec<RelId> = scope.into_iter().chain(rules.iter().copied()).collect();
        let mut reasons = self.errors(&all);
        let error = !reasons.is_empty();
        let judged = |relation: RelId| match &control.needs {
            Some(needs) => needs.iter().all(|name| self.looked.present(name)),
            None => basis.evidence.relations[relation.0 as usize],
        };
        let scope_judged = scope.is_some_and(judged);
        let population = scope.filter(|_| scope_judged).map(|scope| self.evaluation.count(scope));
        let unjudged: Vec<RelId> = rules.iter().copied().filter(|rule| !judged(*rule)).collect();

        let mut findings = Vec::new();
        let mut notes = Vec::new();
        if scope_judged {
            for rule in &control.violations {
                self.findings(control, rule, judged, error, &mut findings, excerpts);
            }
            for rule in &control.notes {
                self.findings(control, rule, judged, error, &mut notes, excerpts);
            }
            notes.iter_mut().for_each(|note| note.severity = Severity::Info);
        }
        self.waive(control, &mut findings, excerpts, warnings);

        let incomplete = self.incomplete(&all);
        let status = if error {
            Status::Error
        } else if findings.iter().any(|finding| finding.waiver.is_none()) {
            Status::Fail
        } else if !scope_judged || population != Some(0) && !unjudged.is_empty() || !incomplete.is_empty() {
            if !scope_judged || !unjudged.is_empty() {
                reasons.extend(self.lacking(scope, scope_judged, &unjudged, basis));
            }
            reasons.extend(incomplete);
            Status::NoEvidence
        } else if !findings.is_empty() {
            Status::Waived
        } else if population == Some(0) {
            Status::NotApplicable
        } else {
            Status::Pass
        };
        let not_looked_at = self.not_looked_at(&all);
        Outcome { control: control.clone(), status, population, reasons, not_looked_at, findings, notes }
    }

    /// Faults of rules and failed files that the relations rest on.
    fn errors(&self, relations: &[RelId]) -> Vec<String> {
        let mut reasons = BTreeSet::new();
        let mut rules = BTreeSet::new();
        for relation in relations {
            rules.extend(lang::rules_of(self.program, *relation).into_iter().map(|rule| rule.id));
            for input in self.inputs(*relation).iter() {
                reasons.extend(self.looked.failures(self.name(input.id)));
            }
        }
        for faults in self.evaluation.faults().iter().filter(|faults| rules.contains(&faults.rule)) {
            let told =
                faults.kept.iter().map(|fault| format!("{}: {}", self.sources.locate(fault.place), fault.message));
            reasons.extend(told);
        }
        reasons.into_iter().collect()
    }

    /// Why evidence is incomplete, in sentences.
    fn incomplete(&self, relations: &[RelId]) -> Vec<String> {
        let mut reasons = BTreeSet::new();
        for relation in relations {
            for input in self.inputs(*relation).iter() {
                reasons.extend(self.looked.incomplete(self.name(input.id)));
            }
        }
        reasons.into_iter().collect()
    }

    /// What was missing for the scope or the rules that could not be judged.
    fn lacking(&self, scope: Option<RelId>, scope_judged: bool, unjudged: &[RelId], basis: &Basis) -> Vec<String> {
        let mut missing = BTreeSet::new();
        let below = if scope_judged { unjudged.to_vec() } else { scope.into_iter().collect() };
        for relation in below {
            for input in self.inputs(relation).iter() {
                if !basis.evidence.relations[input.id.0 as usize] {
                    missing.insert(self.name(input.id).to_string());
                }
            }
        }
        let what = if scope_judged { "some violation rules" } else { "the scope" };
        if missing.is_empty() {
            return vec![format!("{what} could not be judged")];
        }
        vec![format!("{what} could not be judged: nothing was found to read for {}", together(&missing))]
    }

    fn not_looked_at(&self, relations: &[RelId]) -> Vec<Arc<str>> {
        let mut names = BTreeSet::new();
        for relation in relations {
            for input in self.inputs(*relation).iter() {
                let name = self.name(input.id);
                if !self.looked.present(name) {
                    names.insert(name.clone());
                }
            }
        }
        names.into_iter().collect()
    }

    fn findings(
        &self,
        control: &Control,
        rule: &JudgedRule,
        judged: impl Fn(RelId) -> bool,
        error: bool,
        out: &mut Vec<Finding>,
        excerpts: &mut Excerpts<'_>,
    ) {
        let Some(relation) = self.program.find(&rule.relation).filter(|relation| judged(*relation)) else { return };
        let inputs = self.inputs(relation);
        let rests_on_absence =
            inputs.iter().any(|input| input.negative && !self.looked.incomplete(self.name(input.id)).is_empty());
        let traced = self.paths && taint::reads_steps(self.program, relation);
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
                place: self.place(control, &values[0], codes[0], excerpts),
                related: self.related(relation, &codes, excerpts),
                path: Vec::new(),
                provisional: error || rests_on_absence,
                waiver: None,
                row,
            };
            if traced {
                finding.path = taint::path(self.evaluation, row, excerpts);
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

    /// For an entity its first `key` row; for a plain string the first row that has it in the `key` column of an input that
    /// the scope depends on, else the first row that holds it in any such input, else the control itself.
    fn place(&self, control: &Control, value: &Value, code: Code, excerpts: &mut Excerpts<'_>) -> Option<Spot> {
        let database = self.evaluation.database();
        if let (Some(info), Value::Text(_)) = (database.entity(code), value) {
            return Some(self.spot(info.origin, excerpts));
        }
        if let (Value::Text(_), Some(scope)) = (value, self.program.find(&control.scope)) {
            let inputs = self.inputs(scope);
            let first = |keys: bool| {
                let found = inputs.iter().filter_map(|input| {
                    let table = database.table(self.name(input.id))?;
                    let columns = table.decl().columns.iter().enumerate();
                    let columns = columns.filter(|(_, column)| column.ty.is_text() && (column.key || !keys));
                    let rows = columns.flat_map(|(at, _)| {
                        table.column(at).iter().enumerate().filter(|(_, held)| **held == code.0).map(|(row, _)| row)
                    });
                    rows.map(|row| table.origin(row)).min_by_key(|origin| (origin.file, origin.place.start))
                });
                found.min_by_key(|origin| (origin.file, origin.place.start))
            };
            if let Some(origin) = first(true).or_else(|| first(false)) {
                return Some(self.spot(origin, excerpts));
            }
        }
        Some(policy_spot(self.sources, control.place))
    }

    fn waive(
        &self,
        control: &Control,
        findings: &mut [Finding],
        excerpts: &mut Excerpts<'_>,
        warnings: &mut Vec<String>,
    ) {
        let subjects: BTreeMap<Arc<str>, Arc<str>> =
            findings.iter().map(|finding| (finding.subject.clone(), finding.label.clone())).collect();
        let waived = self.register.of_control(&control.id, &subjects, warnings);
        for finding in findings {
            if let Some(waiver) = waived.get(&finding.subject) {
                finding.waiver = Some(waiver.clone());
                continue;
            }
            let Some(spot) = &finding.place else { continue };
            let Some(allow) = excerpts.allow(spot, &control.id) else { continue };
            if allow.reason.is_empty() {
                let place = format!("{}:{}", spot.path, allow.line);
                warnings
                    .push(format!("the comment at {place} allows {} without a reason and does not count", control.id));
                continue;
            }
            let comment = Spot { line: allow.line, column: 1, end_line: allow.line, end_column: 1, ..spot.clone() };
            finding.waiver = Some(Waiver::Comment { reason: allow.reason.into(), spot: comment });
        }
    }
}

/// Names of relations; of a module that has many among them, the module's: `code.*`.
fn together(names: &BTreeSet<String>) -> String {
    const MANY: usize = 4;
    let module = |name: &str| name.rsplit_once('.').map_or(name, |(module, _)| module).to_owned();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    names.iter().for_each(|name| *counts.entry(module(name)).or_default() += 1);
    let shown = |name: &String| if counts[&module(name)] < MANY { name.clone() } else { format!("{}.*", module(name)) };
    let shown: BTreeSet<String> = names.iter().map(shown).collect();
    shown.into_iter().collect::<Vec<_>>().join(", ")
}

/// A place in a policy file.
pub(crate) fn policy_spot(sources: &base::SourceMap, place: base::Place) -> Spot {
    let start = sources.line_column(place.file, place.span.start as usize);
    let end = sources.line_column(place.file, place.span.end as usize);
    Spot {
        path: sources.path(place.file).clone(),
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
        excerpt: None,
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
