//! From rows to outcomes: which controls could be judged, what they found, what is waived.
//!
//! The outcome of a control is the first of [`Status::ALL`] that holds (LANGUAGE.md, Evidence). That nothing was
//! found is a pass only where everything was looked at.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use engine::Evaluation;
use ir::{Program, RelId, RelationKind};
use lang::{Control, Dependency, JudgedRule, Severity, Status};

use crate::excerpts::Excerpts;
use crate::looked::Looked;
use crate::matter::Matter;
use crate::pipeline::control_roots;
use crate::places::SubjectPlaces;
use crate::taint::Tracer;
use crate::waivers::Register;
use crate::{Finding, Outcome, Spot, Waiver};

/// What judging looks at.
pub(crate) struct Judge<'a> {
    pub sources: &'a base::SourceMap,
    pub program: &'a Program,
    pub evaluation: &'a Evaluation,
    pub looked: &'a Looked,
    pub register: &'a Register,
    /// Whether the proofs of findings are asked for the way of a value (tests do without).
    pub paths: bool,
    /// Finds the ways of values, and remembers what findings have in common.
    pub tracer: RefCell<Tracer<'a>>,
    /// What the relations of the controls are computed from.
    dependencies: BTreeMap<RelId, Vec<Dependency>>,
    /// Relations by name.
    names: HashMap<&'a str, RelId>,
}

/// What the outcome of a control rests on beside rows.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rests {
    control: Control,
    /// Whether the control's relations have evidence, in their order.
    evidence: Vec<bool>,
    /// The inputs below them, and whether their absence matters.
    inputs: BTreeSet<(Arc<str>, bool)>,
    /// Absent inputs that could have changed the outcome.
    absent: BTreeSet<Arc<str>>,
}

/// What each outcome rested on when it was judged last, and the warnings that came of it, by control.
pub(crate) type Remembered = HashMap<Arc<str>, (Rests, Vec<String>)>;

/// How controls ended before an edit of policies; files, labels and waivers are what they were.
pub(crate) struct Before<'a> {
    pub outcomes: &'a [Outcome],
    pub remembered: &'a Remembered,
    /// Relations with other rows than before.
    pub changed: BTreeSet<RelId>,
}

/// Which rules could be judged, on what they rest, and which absent inputs could have changed that.
pub(crate) struct Basis<'a> {
    evidence: lang::Evidence,
    matter: Matter<'a>,
    /// Where subjects of findings stand.
    pub places: SubjectPlaces,
}

impl<'a> Judge<'a> {
    pub(crate) fn new(
        sources: &'a base::SourceMap,
        evaluated: (&'a Program, &'a Evaluation),
        looked: &'a Looked,
        register: &'a Register,
        controls: &[&Control],
        paths: bool,
    ) -> Self {
        let (program, evaluation) = evaluated;
        let names = controls.iter().flat_map(|control| control_roots(control));
        let wanted: BTreeSet<Arc<str>> = names.collect();
        let relations: Vec<RelId> = program
            .relations
            .iter()
            .enumerate()
            .filter(|(_, relation)| wanted.contains(&relation.decl.name))
            .map(|(at, _)| RelId(at as u32))
            .collect();
        let dependencies = lang::dependencies(program, &relations);
        let dependencies = relations.into_iter().zip(dependencies).collect();
        let tracer = RefCell::new(Tracer::new(evaluation));
        let names = program.relations.iter().enumerate();
        let names = names.map(|(at, relation)| (&*relation.decl.name, RelId(at as u32))).collect();
        Judge { sources, program, evaluation, looked, register, paths, tracer, dependencies, names }
    }

    /// The relation of that name.
    pub(crate) fn find(&self, name: &str) -> Option<RelId> {
        self.names.get(name).copied()
    }

    /// All relations that one of the controls' relations is computed from.
    pub(crate) fn below(&self, relation: RelId) -> &[Dependency] {
        self.dependencies.get(&relation).map_or(&[], Vec::as_slice)
    }

    /// The input relations among them.
    pub(crate) fn inputs(&self, relation: RelId) -> impl Iterator<Item = Dependency> + '_ {
        let is_input = |dependency: &&Dependency| self.program.relation(dependency.id).kind == RelationKind::Input;
        self.below(relation).iter().filter(is_input).copied()
    }

    pub(crate) fn name(&self, relation: RelId) -> &'a Arc<str> {
        &self.program.relation(relation).decl.name
    }

    /// Judges the controls, in their order. Trouble with waivers and suppressions goes to `warnings`. Outcomes of `before` that
    /// rest on what they rested on are taken over, all but the numbers of their rows; what each rests on now is remembered.
    pub(crate) fn outcomes(
        &self,
        controls: &[&Control],
        excerpts: &mut Excerpts<'_>,
        warnings: &mut Vec<String>,
        before: Option<&Before<'_>>,
        remembered: &mut Remembered,
    ) -> Vec<Outcome> {
        let present = |relation: RelId| self.looked.present(&self.program.relation(relation).decl.name);
        let inputs = self.dependencies.keys().flat_map(|relation| self.inputs(*relation));
        let absent = inputs.map(|input| input.id).filter(|input| !present(*input)).collect();
        let matter = Matter::new(self.program, self.evaluation, absent);
        let evidence = lang::evidence(self.program, present);
        let mut basis = Basis { evidence, matter, places: SubjectPlaces::default() };
        let rests: Vec<Rests> = controls.iter().map(|control| self.rests(control, &basis)).collect();
        let known: HashMap<&str, &Outcome> =
            before.iter().flat_map(|before| before.outcomes).map(|outcome| (&*outcome.control.id, outcome)).collect();
        let kept: Vec<Option<&Outcome>> = controls
            .iter()
            .zip(&rests)
            .map(|(control, rests)| {
                let before = before.filter(|before| self.is_as_before(control, rests, before))?;
                before.remembered.get(&control.id)?;
                known.get(&*control.id).copied()
            })
            .collect();
        let anew = controls.iter().zip(&kept).filter(|(_, kept)| kept.is_none()).map(|(control, _)| control);
        let judged = anew.flat_map(|control| control.violations.iter().chain(&control.notes));
        basis.places = SubjectPlaces::new(self, judged.filter_map(|rule| self.find(&rule.relation)));
        let anew = controls.iter().zip(&kept).filter(|(_, kept)| kept.is_none()).map(|(control, _)| *control);
        excerpts.prepare(self.places_of(anew, &basis));
        let mut outcomes = Vec::with_capacity(controls.len());
        for ((control, rests), kept) in controls.iter().zip(rests).zip(kept) {
            let mut told = Vec::new();
            outcomes.push(match kept {
                Some(outcome) => {
                    told.extend(
                        before
                            .and_then(|before| before.remembered.get(&control.id))
                            .into_iter()
                            .flat_map(|(_, told)| told.clone()),
                    );
                    outcome.clone()
                }
                None => self.outcome(control, (&basis, &rests), excerpts, &mut told),
            });
            warnings.extend(told.iter().cloned());
            remembered.insert(control.id.clone(), (rests, told));
        }
        outcomes
    }

    /// Where what the controls may find stands.
    fn places_of<'c>(
        &self,
        controls: impl Iterator<Item = &'c Control>,
        basis: &Basis<'_>,
    ) -> BTreeMap<Arc<str>, BTreeSet<facts::RowPlace>> {
        let database = self.evaluation.database();
        let mut found: BTreeMap<Arc<str>, BTreeSet<facts::RowPlace>> = BTreeMap::new();
        for control in controls {
            let Some(scope) = self.find(&control.scope) else { continue };
            let rules = control.violations.iter().chain(&control.notes);
            for row in rules.filter_map(|rule| self.find(&rule.relation)).flat_map(|id| self.evaluation.rows(id)) {
                let subject = self.evaluation.codes(row).next();
                if let Some(origin) = subject.and_then(|subject| basis.places.of(self, scope, subject)) {
                    found.entry(database.file(origin.file).clone()).or_default().insert(origin.place);
                }
            }
        }
        found
    }

    fn rests(&self, control: &Control, basis: &Basis<'_>) -> Rests {
        let relations = self.relations_of(control);
        let evidence = relations.iter().map(|relation| basis.evidence.relations[relation.0 as usize]).collect();
        let inputs = relations.iter().flat_map(|relation| self.inputs(*relation));
        let inputs = inputs.map(|input| (self.name(input.id).clone(), input.negative)).collect();
        let scope = self.find(&control.scope);
        let rules = control.violations.iter().filter_map(|rule| self.find(&rule.relation));
        let all: Vec<RelId> = scope.into_iter().chain(rules).collect();
        let absent = basis.matter.to(&all).into_iter().map(|input| self.name(input).clone()).collect();
        Rests { control: control.clone(), evidence, inputs, absent }
    }

    fn relations_of(&self, control: &Control) -> Vec<RelId> {
        control_roots(control).filter_map(|name| self.find(&name)).collect()
    }

    /// Whether nothing is another that the control's outcome rests on.
    fn is_as_before(&self, control: &Control, rests: &Rests, before: &Before<'_>) -> bool {
        let same = before.remembered.get(&control.id).is_some_and(|(known, _)| known == rests);
        let faultless = self.evaluation.faults().is_empty();
        let changed = |relation: &RelId| {
            let mut below = self.below(*relation).iter();
            below.any(|dependency| before.changed.contains(&dependency.id))
        };
        same && faultless && !self.relations_of(control).iter().any(changed)
    }

    fn outcome(
        &self,
        control: &Control,
        (basis, rests): (&Basis<'_>, &Rests),
        excerpts: &mut Excerpts<'_>,
        warnings: &mut Vec<String>,
    ) -> Outcome {
        let scope = self.find(&control.scope);
        let rules: Vec<RelId> = control.violations.iter().filter_map(|rule| self.find(&rule.relation)).collect();
        let all: Vec<RelId> = scope.into_iter().chain(rules.iter().copied()).collect();
        // A note that faults is lost too.
        let notes: Vec<RelId> = control.notes.iter().filter_map(|rule| self.find(&rule.relation)).collect();
        let mut reasons = self.errors(&[all.clone(), notes].concat());
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
            for rule in control.violations.iter().filter(|rule| self.is_judged(rule, judged)) {
                self.findings(control, rule, error, basis, &mut findings, excerpts);
            }
            for rule in control.notes.iter().filter(|rule| self.is_judged(rule, judged)) {
                self.findings(control, rule, error, basis, &mut notes, excerpts);
            }
            notes.iter_mut().for_each(|note| note.severity = Severity::Info);
        }
        self.waive(control, scope, &mut findings, excerpts, warnings);

        let incomplete = self.incomplete(&all, control);
        let status = if error {
            Status::Error
        } else if findings.iter().any(|finding| finding.waiver.is_none()) {
            Status::Fail
        } else if !scope_judged || population != Some(0) && !unjudged.is_empty() || !incomplete.is_empty() {
            if !scope_judged || !unjudged.is_empty() {
                reasons.extend(self.lacking(control, scope.filter(|_| !scope_judged), &unjudged, basis));
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
        let not_looked_at = rests.absent.iter().cloned().collect();
        Outcome { control: control.clone(), status, population, reasons, not_looked_at, findings, notes }
    }

    /// Faults of rules and failed files that the relations rest on.
    fn errors(&self, relations: &[RelId]) -> Vec<String> {
        let mut reasons = BTreeSet::new();
        let mut below = BTreeSet::new();
        for relation in relations {
            below.extend(self.below(*relation).iter().map(|dependency| dependency.id));
            for input in self.inputs(*relation) {
                reasons.extend(self.looked.failures(self.name(input.id)));
            }
        }
        for faults in self.evaluation.faults().iter().filter(|faults| below.contains(&faults.relation)) {
            let told =
                faults.kept.iter().map(|fault| format!("{}: {}", self.sources.locate(fault.place), fault.message));
            reasons.extend(told);
        }
        shortened(reasons)
    }

    fn is_judged(&self, rule: &JudgedRule, judged: impl Fn(RelId) -> bool) -> bool {
        self.find(&rule.relation).is_some_and(judged)
    }

    /// Why evidence is incomplete, in sentences. Where the control says what it needs, nothing else counts.
    fn incomplete(&self, relations: &[RelId], control: &Control) -> Vec<String> {
        let needed = |name: &Arc<str>| control.needs.as_ref().is_none_or(|needs| needs.contains(name));
        let mut reasons = BTreeSet::new();
        for relation in relations {
            for input in self.inputs(*relation).filter(|input| needed(self.name(input.id))) {
                reasons.extend(self.looked.incomplete(self.name(input.id)));
            }
        }
        shortened(reasons)
    }

    /// What was missing for the scope (if it is given) or the rules that could not be judged.
    fn lacking(&self, control: &Control, scope: Option<RelId>, unjudged: &[RelId], basis: &Basis<'_>) -> Vec<String> {
        let mut missing = BTreeSet::new();
        let below = scope.map_or_else(|| unjudged.to_vec(), |scope| vec![scope]);
        let lacks = |input: &RelId| control.needs.is_none() && !basis.evidence.relations[input.0 as usize];
        let mut inputs: Vec<RelId> = basis.matter.to(&below).into_iter().filter(lacks).collect();
        // Where no rows would have changed anything, evidence is lacking all the same: all that there was none for is told.
        if inputs.is_empty() {
            let all = below.iter().flat_map(|relation| self.inputs(*relation)).map(|input| input.id);
            inputs.extend(all.filter(lacks));
        }
        missing.extend(inputs.into_iter().map(|input| self.name(input).to_string()));
        let needs = control.needs.iter().flatten().filter(|name| !self.looked.present(name));
        missing.extend(needs.map(ToString::to_string));
        let what = match (scope, control.violations.len()) {
            (Some(_), _) => "the scope",
            (None, 1) => "the violation rule",
            (None, rules) if rules == unjudged.len() => "the violation rules",
            (None, _) => "some violation rules",
        };
        if missing.is_empty() {
            return vec![format!("{what} could not be judged")];
        }
        vec![format!("{what} could not be judged: nothing was found to read for {}", together(&missing))]
    }

    fn waive(
        &self,
        control: &Control,
        scope: Option<RelId>,
        findings: &mut [Finding],
        excerpts: &mut Excerpts<'_>,
        warnings: &mut Vec<String>,
    ) {
        if findings.is_empty() {
            return;
        }
        let mut waived = BTreeMap::new();
        if self.register.speaks_of(&control.id) {
            // A label counts if one member of the whole population has it, not one of those that failed.
            let subjects = scope.map(|scope| self.subjects(scope)).unwrap_or_default();
            waived = self.register.of_control(&control.id, &subjects, warnings);
        }
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

/// At most a handful of sentences; the others are counted.
fn shortened(reasons: BTreeSet<String>) -> Vec<String> {
    const SHOWN: usize = 5;
    let count = reasons.len();
    let mut shown: Vec<String> = reasons.into_iter().take(SHOWN).collect();
    if count > SHOWN {
        shown.push(format!("and {} more of the kind", count - SHOWN));
    }
    shown
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
