//! Profiles as folded stacks: a line for each operation, its frames from the outside in between semicolons, and the
//! microseconds spent in it alone. Programs that draw flame graphs read them.

use super::view::{PlanView, StepView, View};
use crate::Timings;

/// Parts of a run that the profile itself looks into.
const EVALUATE: &str = "evaluate";

pub(super) fn write(view: &View, timings: &Timings) -> String {
    let mut out = Stacks::default();
    // Extractors have lines of their own below the one that sums them up.
    for (name, time) in timings.0.iter().filter(|(name, _)| name != EVALUATE && !name.contains(':')) {
        out.line(&[name], u64::try_from(time.as_micros()).unwrap_or(u64::MAX));
    }
    for stratum in &view.strata {
        let Some(times) = &stratum.times else { continue };
        let name = format!("stratum {}: {}", stratum.number, stratum.relations.join(", "));
        let base = [EVALUATE, name.as_str()];
        out.line(&[&base[..], &["planning"]].concat(), times.planning);
        out.line(&[&base[..], &["publishing"]].concat(), times.publishing);
        let mut rest = times.all.saturating_sub(times.planning + times.publishing);
        for rule in &stratum.rules {
            let spent = rule.microseconds.unwrap_or_default();
            rest = rest.saturating_sub(spent);
            let name = format!("{} {}", rule.place, rule.text);
            rule.plans.iter().for_each(|plan| out.plan(&[&base[..], &[name.as_str()]].concat(), plan));
        }
        out.line(&base, rest);
    }
    out.0
}

#[derive(Default)]
struct Stacks(String);

impl Stacks {
    fn plan(&mut self, frames: &[&str], plan: &PlanView) {
        let Some(figures) = &plan.figures else { return };
        let frames = [frames, &[plan.reads.as_str()]].concat();
        let mut rest = figures.microseconds.saturating_sub(figures.added.microseconds);
        for step in &plan.steps {
            rest = rest.saturating_sub(spent(step));
            self.step(&frames, step);
        }
        let into = format!("add to {}", plan.into);
        self.line(&[&frames[..], &[into.as_str()]].concat(), figures.added.microseconds);
        self.line(&frames, rest);
    }

    fn step(&mut self, frames: &[&str], step: &StepView) {
        let name = format!("{} {}", step.operation, step.literal);
        let frames = [frames, &[name.trim_end()]].concat();
        let mut rest = spent(step);
        for inner in step.inside.iter().flatten() {
            rest = rest.saturating_sub(spent(inner));
            self.step(&frames, inner);
        }
        self.line(&frames, rest);
    }

    /// A line, unless nothing was spent there. Semicolons and line breaks would end a frame.
    fn line(&mut self, frames: &[&str], micros: u64) {
        if micros > 0 {
            let clean = |frame: &&str| frame.replace([';', '\n', '\r'], ",");
            let frames: Vec<String> = frames.iter().map(clean).collect();
            self.0.push_str(&format!("lawbook;{} {micros}\n", frames.join(";")));
        }
    }
}

fn spent(step: &StepView) -> u64 {
    step.figures.as_ref().map_or(0, |figures| figures.microseconds)
}

#[cfg(test)]
mod tests {
    use super::super::view::{FiguresView, PlanFigures, RuleView, StratumTimes, StratumView};
    use super::*;
    use std::time::Duration;

    fn step(operation: &str, literal: &str, microseconds: u64, inside: Vec<Vec<StepView>>) -> StepView {
        let figures = Some(FiguresView { blocks: 1, rows_in: 1, rows_out: 1, microseconds });
        StepView {
            operation: operation.to_owned(),
            literal: literal.to_owned(),
            by: Vec::new(),
            expected: 1.0,
            figures,
            inside,
        }
    }

    /// Each line has what was spent there alone; what is spent nowhere has no line.
    #[test]
    fn stacks_add_up_to_what_was_spent() {
        let inner = step("look up", "q(x; y)", 30, Vec::new());
        let steps = vec![step("scan", "p(x)", 0, Vec::new()), step("none of", "not q(x; y)", 50, vec![vec![inner]])];
        let added = FiguresView { blocks: 1, rows_in: 1, rows_out: 1, microseconds: 20 };
        let plan = PlanView {
            reads: "once".to_owned(),
            into: "r".to_owned(),
            made: 1,
            runs: 1,
            steps,
            figures: Some(PlanFigures { microseconds: 80, added }),
        };
        let rule = RuleView {
            place: "a.law:1:1".to_owned(),
            text: "r(x) :- p(x).".to_owned(),
            relation: "r".to_owned(),
            rows: 1,
            derived: 1,
            rounds: 1,
            microseconds: Some(80),
            plans: vec![plan],
        };
        let times = Some(StratumTimes { all: 100, planning: 5, publishing: 0 });
        let relations = vec!["r".to_owned()];
        let stratum =
            StratumView { number: 1, relations, recursive: false, rounds: 1, rows: 1, times, rules: vec![rule] };
        let view = View { strata: vec![stratum], indexes: Vec::new(), counted: true };
        let timing = |name: &str, micros| (name.to_owned(), Duration::from_micros(micros));
        let timings = Timings(vec![timing("extract", 7), timing("extract: table", 6), timing("evaluate", 100)]);
        let base = "lawbook;evaluate;stratum 1: r";
        let rule = format!("{base};a.law:1:1 r(x) :- p(x).;once");
        let expected = [
            "lawbook;extract 7".to_owned(),
            format!("{base};planning 5"),
            format!("{rule};none of not q(x, y);look up q(x, y) 30"),
            format!("{rule};none of not q(x, y) 20"),
            format!("{rule};add to r 20"),
            format!("{rule} 10"),
            format!("{base} 15"),
        ];
        assert_eq!(write(&view, &timings).lines().collect::<Vec<_>>(), expected);
    }
}
