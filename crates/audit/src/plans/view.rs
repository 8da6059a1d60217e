//! What all formats show: strata, their rules, the plans of these, the operations of these, with all names spelled out.

use std::time::Duration;

use base::Place;
use engine::{Access, Figures, IndexRecord, Kept, PlanRecord, PlanStep, Role, Rows, StepKind, Way};
use ir::RuleId;
use serde::Serialize;

use crate::{Evaluated, Project};

/// Plans and indexes of an evaluation.
#[derive(Debug, Serialize)]
pub(super) struct View {
    pub strata: Vec<StratumView>,
    pub indexes: Vec<IndexView>,
    /// Whether figures were counted.
    #[serde(skip)]
    pub counted: bool,
}

#[derive(Debug, Serialize)]
pub(super) struct StratumView {
    /// From 1.
    pub number: usize,
    pub relations: Vec<String>,
    pub recursive: bool,
    pub rounds: u64,
    pub rows: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<StratumTimes>,
    pub rules: Vec<RuleView>,
}

/// Microseconds.
#[derive(Debug, Serialize)]
pub(super) struct StratumTimes {
    pub all: u64,
    pub planning: u64,
    pub publishing: u64,
}

#[derive(Debug, Serialize)]
pub(super) struct RuleView {
    pub place: String,
    /// On one line.
    pub text: String,
    pub relation: String,
    /// Rows that it made first.
    pub rows: u64,
    pub derived: u64,
    pub rounds: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub microseconds: Option<u64>,
    pub plans: Vec<PlanView>,
}

#[derive(Debug, Serialize)]
pub(super) struct PlanView {
    /// In words: `once`, `for each new row of path(a, b)`.
    pub reads: String,
    /// What its rows are added to: the rule's relation, or a part that is kept.
    pub into: String,
    /// How often it was made.
    pub made: u64,
    pub runs: u64,
    pub steps: Vec<StepView>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub figures: Option<PlanFigures>,
}

#[derive(Debug, Serialize)]
pub(super) struct PlanFigures {
    pub microseconds: u64,
    pub added: FiguresView,
}

#[derive(Debug, Serialize)]
pub(super) struct StepView {
    /// In words: `look up`, `scan new`.
    pub operation: String,
    /// The literal as written, or what takes its place.
    pub literal: String,
    /// Columns that rows are found by.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub by: Vec<String>,
    /// Bindings behind it.
    pub expected: f64,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub figures: Option<FiguresView>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inside: Vec<Vec<StepView>>,
}

#[derive(Debug, Serialize)]
pub(super) struct FiguresView {
    pub blocks: u64,
    pub rows_in: u64,
    pub rows_out: u64,
    pub microseconds: u64,
}

#[derive(Debug, Serialize)]
pub(super) struct IndexView {
    /// The first stratum that used it, from 1.
    pub stratum: usize,
    pub relation: String,
    /// Columns; none for whole rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub columns: Option<Vec<String>>,
    pub structure: &'static str,
    pub keys: u64,
    pub rows: u64,
    pub bytes: u64,
}

impl View {
    /// `counted` adds what operations did.
    pub fn new(evaluated: &Evaluated, project: &Project, counted: bool) -> View {
        let writer = Writer { evaluated, project, counted };
        let strata = evaluated.program.strata.iter().enumerate();
        View {
            strata: strata.filter(|(_, stratum)| !stratum.rules.is_empty()).map(|(at, _)| writer.stratum(at)).collect(),
            indexes: evaluated.evaluation.observed().indexes.iter().map(|index| writer.index(index)).collect(),
            counted,
        }
    }
}

struct Writer<'a> {
    evaluated: &'a Evaluated,
    project: &'a Project,
    counted: bool,
}

impl Writer<'_> {
    fn stratum(&self, number: usize) -> StratumView {
        let program = &self.evaluated.program;
        let stratum = &program.strata[number];
        let observed = self.evaluated.evaluation.observed();
        let figures = &self.evaluated.evaluation.stats().strata[number];
        let times = || {
            let other = observed.strata.get(number).copied().unwrap_or_default();
            StratumTimes {
                all: micros(figures.time),
                planning: micros(other.planning),
                publishing: micros(other.publishing),
            }
        };
        let mut rules = stratum.rules.clone();
        rules.sort_unstable();
        StratumView {
            number: number + 1,
            relations: stratum.relations.iter().map(|&id| self.short(&program.relation(id).decl.name)).collect(),
            recursive: stratum.recursive,
            rounds: figures.rounds,
            rows: figures.rows,
            times: self.counted.then(times),
            rules: rules.into_iter().map(|id| self.rule(id)).collect(),
        }
    }

    fn rule(&self, id: RuleId) -> RuleView {
        let rule = self.evaluated.program.rule(id);
        let figures = &self.evaluated.evaluation.stats().rules[id.0 as usize];
        let observed = self.evaluated.evaluation.observed();
        let relation = self.short(&self.evaluated.program.relation(rule.head).decl.name);
        let plans = observed.plans.iter().filter(|plan| plan.rule == id);
        RuleView {
            place: self.project.policies.sources.locate(rule.place),
            text: self.source(rule.place),
            rows: figures.rows,
            derived: figures.derived,
            rounds: observed.rounds.get(id.0 as usize).copied().unwrap_or_default(),
            microseconds: self.counted.then(|| micros(figures.time)),
            plans: plans.map(|plan| self.plan(plan, &relation)).collect(),
            relation,
        }
    }

    fn plan(&self, plan: &PlanRecord, relation: &str) -> PlanView {
        let new = |place: &Place| format!("for each new row of {}", self.source(*place));
        let reads = match &plan.role {
            Role::Full | Role::PartFull(_) if plan.runs < 2 => "once".to_owned(),
            Role::Full | Role::PartFull(_) => "each round".to_owned(),
            Role::New(place) | Role::PartNew(_, place) => new(place),
            Role::NewPart(kept) => format!("for each new row of {}", part(kept)),
        };
        let into = match &plan.role {
            Role::PartFull(kept) | Role::PartNew(kept, _) => part(kept),
            _ => relation.to_owned(),
        };
        let figures = || PlanFigures { microseconds: micros(plan.time), added: figures(&plan.added) };
        PlanView {
            reads,
            into,
            made: plan.made,
            runs: plan.runs,
            steps: self.steps(&plan.steps),
            figures: self.counted.then(figures),
        }
    }

    fn steps(&self, steps: &[PlanStep]) -> Vec<StepView> {
        steps.iter().map(|step| self.step(step)).collect()
    }

    fn step(&self, step: &PlanStep) -> StepView {
        let source = step.place.map_or_else(|| "head".to_owned(), |place| self.source(place));
        let (operation, literal, by) = match &step.kind {
            StepKind::Join(access) => self.access(access, "scan", "look up", source),
            StepKind::Meet => ("fewest of".to_owned(), String::new(), Vec::new()),
            StepKind::Exists(access) => self.access(access, "some in scan", "some in", source),
            StepKind::Absent(access) => self.access(access, "none in scan", "none in", source),
            StepKind::Test => ("test".to_owned(), source, Vec::new()),
            StepKind::Compute => ("compute".to_owned(), source, Vec::new()),
            StepKind::Each => ("each value".to_owned(), source, Vec::new()),
            StepKind::Or => ("either".to_owned(), source, Vec::new()),
            StepKind::Not => ("none of".to_owned(), source, Vec::new()),
            StepKind::Aggregate(function) => (ir::aggregate_name(*function).to_owned(), source, Vec::new()),
            StepKind::Distinct => ("drop known".to_owned(), String::new(), Vec::new()),
        };
        // Atoms that meet are carried out together: only all of them have figures.
        let inside = Writer { counted: self.counted && step.kind != StepKind::Meet, ..*self };
        StepView {
            operation,
            literal,
            by,
            expected: step.expected,
            figures: self.counted.then(|| figures(&step.figures)),
            inside: step.inside.iter().map(|steps| inside.steps(steps)).collect(),
        }
    }

    /// The words for a way to rows, what is read, and the columns that it is found by.
    fn access(&self, access: &Access, scan: &str, find: &str, source: String) -> (String, String, Vec<String>) {
        let (word, by) = match &access.way {
            Way::Scan => (scan, Vec::new()),
            Way::Index(columns) => (find, columns.iter().map(ToString::to_string).collect()),
            Way::Member => (find, vec!["row".to_owned()]),
        };
        let rows = match access.rows {
            Rows::All => "",
            Rows::Older => " older",
            Rows::New => " new",
        };
        (format!("{word}{rows}"), access.part.as_ref().map_or(source, part), by)
    }

    fn index(&self, index: &IndexRecord) -> IndexView {
        let names = |columns: &Vec<std::sync::Arc<str>>| columns.iter().map(ToString::to_string).collect();
        IndexView {
            stratum: index.stratum + 1,
            relation: index.part.as_ref().map_or_else(|| self.short(&index.relation), part),
            columns: index.columns.as_ref().map(names),
            structure: index.structure,
            keys: index.keys,
            rows: index.rows,
            bytes: index.bytes,
        }
    }

    /// A relation of an `eval` program by the name that it has there.
    fn short(&self, name: &str) -> String {
        let own = self.project.policies.program.as_ref().and_then(|module| name.strip_prefix(&**module));
        own.and_then(|rest| rest.strip_prefix('.')).unwrap_or(name).to_owned()
    }

    /// The text of a place, on one line.
    fn source(&self, place: Place) -> String {
        let text = self.project.policies.sources.text(place.file);
        let source = text.get(place.span.range()).unwrap_or_default();
        source.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// A part that is kept: its variables tell what it gives.
fn part(kept: &Kept) -> String {
    let variables: Vec<&str> = kept.variables.iter().map(|name| &**name).collect();
    format!("{}({})", kept.name, variables.join(", "))
}

fn figures(figures: &Figures) -> FiguresView {
    let Figures { blocks, rows_in, rows_out, time } = *figures;
    FiguresView { blocks, rows_in, rows_out, microseconds: micros(time) }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}
