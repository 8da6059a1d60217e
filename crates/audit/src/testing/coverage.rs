//! What tests cover: for each rule and each of its literals whether it ever held and ever failed, for each control whether some
//! test expects it violated and some test expects it not to be.
//!
//! Rules are known by the place of their clause, which is the same in the program of every test. Libraries (`std`) count only
//! where a module of theirs has tests of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use base::{FileId, Place, Span};
use engine::{RuleCoverage, Within};
use facts::Database;
use ir::Program;
use lang::{ExpectationKind, Settings, Status};

use super::choose::Chosen;
use crate::judge::policy_spot;
use crate::packs::STD;
use crate::pipeline::control_roots;
use crate::{Evaluated, Project, Spot};

/// What tests cover.
#[derive(Debug, Clone, Default)]
pub struct Coverage {
    /// Files with rules, by path.
    pub files: Vec<CoveredFile>,
    /// Controls by id.
    pub controls: Vec<ControlCoverage>,
}

/// The rules of a file.
#[derive(Debug, Clone)]
pub struct CoveredFile {
    /// Its path.
    pub path: Arc<str>,
    /// By place.
    pub rules: Vec<CoveredRule>,
}

/// A rule.
#[derive(Debug, Clone)]
pub struct CoveredRule {
    /// What it makes rows of.
    pub relation: Arc<str>,
    /// The clause, with its first line.
    pub spot: Spot,
    /// Whether some test asks for what it makes.
    pub asked: bool,
    /// Whether its body held in some test.
    pub fired: bool,
    /// Whether there was too much to look at.
    pub cut: bool,
    /// In the order of the text.
    pub literals: Vec<CoveredLiteral>,
}

/// A literal.
#[derive(Debug, Clone)]
pub struct CoveredLiteral {
    /// As the policy writes it, on one line.
    pub text: String,
    /// Where it stands.
    pub spot: Spot,
    /// `body`, `or`, `not` or `aggregate`.
    pub within: &'static str,
    /// Whether it can fail: not one that only lists rows or names a value.
    pub filters: bool,
    /// Whether it held.
    pub held: bool,
    /// Whether it failed.
    pub failed: bool,
    /// What is lacking; nothing where it is covered.
    pub gap: Option<Gap>,
}

/// Why a literal is not covered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    /// No test asks for the rule.
    NotAsked,
    /// No row came this far: what stands before it held for none.
    NotReached,
    /// It never held, and its relation had no rows.
    NoRows,
    /// It never held.
    NeverTrue,
    /// It never failed.
    AlwaysTrue,
}

impl Gap {
    /// A stable name, for programs.
    pub fn name(self) -> &'static str {
        match self {
            Gap::NotAsked => "not_asked",
            Gap::NotReached => "not_reached",
            Gap::NoRows => "no_rows",
            Gap::NeverTrue => "never_true",
            Gap::AlwaysTrue => "always_true",
        }
    }

    /// For people.
    pub fn text(self) -> &'static str {
        match self {
            Gap::NotAsked => "no test asks for this rule",
            Gap::NotReached => "no row came this far",
            Gap::NoRows => "never true, its relation has no rows in any test",
            Gap::NeverTrue => "never true",
            Gap::AlwaysTrue => "always true",
        }
    }
}

/// A control.
#[derive(Debug, Clone)]
pub struct ControlCoverage {
    /// Its id.
    pub id: Arc<str>,
    /// Where it stands.
    pub spot: Spot,
    /// Whether some test expects a violation, or `fail` or `waived`.
    pub violates: bool,
    /// Whether some test expects no violation of a member, or `pass`.
    pub passes: bool,
}

impl CoveredFile {
    /// Rules that fired, and rules.
    pub fn rule_figures(&self) -> (usize, usize) {
        (self.rules.iter().filter(|rule| rule.fired).count(), self.rules.len())
    }

    /// Literals that did all they can do, and literals.
    pub fn literal_figures(&self) -> (usize, usize) {
        let literals = || self.rules.iter().flat_map(|rule| &rule.literals);
        (literals().filter(|literal| literal.gap.is_none()).count(), literals().count())
    }
}

/// What rules did, added up over tests.
pub(super) struct Tally {
    /// Clauses that count.
    known: Arc<BTreeSet<Place>>,
    rules: BTreeMap<Place, Tracked>,
}

struct Tracked {
    relation: Arc<str>,
    asked: bool,
    coverage: RuleCoverage,
}

impl Tally {
    /// All rules of the modules, none of which any test has asked for yet.
    pub(super) fn new(project: &Project, modules: &[Arc<str>]) -> Tally {
        let files = files(project, modules);
        let compilation = &project.compilation;
        let relations = compilation.relations.iter().map(|relation| relation.decl.name.clone());
        let roots: Vec<Arc<str>> =
            relations.chain(compilation.controls.iter().flat_map(|control| control_roots(control))).collect();
        let mut program = compilation.program(&roots, &[], &Settings::default());
        // Without rows nothing happens: what is wanted are the rules and their literals.
        program.facts.clear();
        let mut rules = BTreeMap::new();
        let program: Arc<Program> = program.into();
        if let Ok(evaluation) = engine::evaluate(&program, Database::new(), &engine::Options::default()) {
            for (id, rule) in program.rules().filter(|(_, rule)| files.contains(&rule.place.file)) {
                let relation = program.relation(rule.head).decl.name.clone();
                let coverage = evaluation.coverage(id).blank();
                rules.insert(rule.place, Tracked { relation, asked: false, coverage });
            }
        }
        Tally { known: Arc::new(rules.keys().copied().collect()), rules }
    }

    /// The same rules for another thread to count.
    pub(super) fn blank(&self) -> Tally {
        Tally { known: self.known.clone(), rules: BTreeMap::new() }
    }

    /// Adds what the rules did in a test.
    pub(super) fn add(&mut self, evaluated: &Evaluated) {
        let known = self.known.clone();
        for (id, rule) in evaluated.program.rules().filter(|(_, rule)| known.contains(&rule.place)) {
            let coverage = evaluated.evaluation.coverage(id);
            let relation = evaluated.program.relation(rule.head).decl.name.clone();
            self.enter(rule.place, Tracked { relation, asked: true, coverage });
        }
    }

    pub(super) fn absorb(&mut self, other: Tally) {
        other.rules.into_iter().for_each(|(place, tracked)| self.enter(place, tracked));
    }

    fn enter(&mut self, place: Place, tracked: Tracked) {
        match self.rules.get_mut(&place) {
            Some(known) => {
                known.asked |= tracked.asked;
                known.coverage.absorb(&tracked.coverage);
            }
            None => drop(self.rules.insert(place, tracked)),
        }
    }

    pub(super) fn finish(self, project: &Project, chosen: &Chosen<'_>) -> Coverage {
        let compilation = &project.compilation;
        let judged: BTreeSet<&Arc<str>> = compilation
            .controls
            .iter()
            .flat_map(|control| control.violations.iter().chain(&control.notes).map(|rule| &rule.relation))
            .collect();
        let mut files: Vec<CoveredFile> = Vec::new();
        for (place, tracked) in &self.rules {
            let path = project.policies.sources.path(place.file);
            if files.last().is_none_or(|last| last.path != *path) {
                files.push(CoveredFile { path: path.clone(), rules: Vec::new() });
            }
            let rule = covered(project, *place, tracked, judged.contains(&tracked.relation));
            files.last_mut().into_iter().for_each(|file| file.rules.push(rule.clone()));
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Coverage { files, controls: controls(project, chosen) }
    }
}

/// The files of the modules that count.
fn files(project: &Project, modules: &[Arc<str>]) -> BTreeSet<FileId> {
    let tested: BTreeSet<&Arc<str>> = project.compilation.tests.iter().map(|test| &test.module).collect();
    let library = |name: &str| name.split('.').next() == Some(STD);
    let counts = |name: &Arc<str>| modules.binary_search(name).is_ok() && (!library(name) || tested.contains(name));
    project.policies.modules.iter().filter(|module| counts(&module.name)).map(|module| module.file).collect()
}

fn covered(project: &Project, place: Place, tracked: &Tracked, judged: bool) -> CoveredRule {
    let coverage = &tracked.coverage;
    let literals = coverage.literals.iter().enumerate().map(|(at, literal)| {
        let gap = match (tracked.asked, literal.reached, literal.held, literal.failed) {
            _ if literal.covered() => None,
            (false, ..) => Some(Gap::NotAsked),
            (_, false, ..) => Some(Gap::NotReached),
            (_, _, false, _) if literal.empty => Some(Gap::NoRows),
            (_, _, false, _) => Some(Gap::NeverTrue),
            _ => Some(Gap::AlwaysTrue),
        };
        let text = source(project, literal.place);
        // The population is the first literal of a judged rule without being written.
        let text = if judged && at == 0 { format!("scope({text})") } else { text };
        let within = match literal.within {
            Within::Body => "body",
            Within::Branch(_) => "or",
            Within::Not => "not",
            Within::Aggregate => "aggregate",
        };
        let spot = spot(project, literal.place);
        let (filters, held, failed) = (literal.filters, literal.held, literal.failed);
        CoveredLiteral { text, spot, within, filters, held, failed, gap }
    });
    CoveredRule {
        relation: tracked.relation.clone(),
        spot: spot(project, place),
        asked: tracked.asked,
        fired: coverage.fired,
        cut: coverage.cut,
        literals: literals.collect(),
    }
}

/// A place in a policy with the line that it begins on.
fn spot(project: &Project, place: Place) -> Spot {
    let sources = &project.policies.sources;
    let text = sources.text(place.file);
    let start = (place.span.start as usize).min(text.len());
    let from = text.get(..start).and_then(|front| front.rfind('\n')).map_or(0, |at| at + 1);
    let line = text.get(from..).and_then(|rest| rest.lines().next()).map(Into::into);
    Spot { excerpt: line, ..policy_spot(sources, place) }
}

fn source(project: &Project, place: Place) -> String {
    let Span { start, end } = place.span;
    let text = project.policies.sources.text(place.file).get(start as usize..end as usize).unwrap_or_default();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn controls(project: &Project, chosen: &Chosen<'_>) -> Vec<ControlCoverage> {
    let (mut violated, mut passed): (BTreeSet<&Arc<str>>, BTreeSet<&Arc<str>>) = Default::default();
    for expectation in chosen.tests.iter().flat_map(|test| &test.expectations) {
        match &expectation.kind {
            ExpectationKind::Violation { control, .. }
            | ExpectationKind::Status { control, status: Status::Fail | Status::Waived } => violated.insert(control),
            ExpectationKind::NoViolation { control, .. }
            | ExpectationKind::Status { control, status: Status::Pass } => passed.insert(control),
            _ => false,
        };
    }
    let all = project.compilation.controls.iter();
    let counted = all.filter(|control| chosen.modules.binary_search(&control.module).is_ok());
    counted
        .map(|control| ControlCoverage {
            id: control.id.clone(),
            spot: policy_spot(&project.policies.sources, control.place),
            violates: violated.contains(&control.id),
            passes: passed.contains(&control.id),
        })
        .collect()
}
