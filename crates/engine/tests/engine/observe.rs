//! What is told of plans: the operations of each rule, what was expected of them, and what they did.

use std::fmt::Write;
use std::sync::Arc;

use engine::{Access, Evaluation, Kept, Observe, Options, PlanStep, Role, Rows, StepKind, Structures, Way};
use facts::Database;

fn observe(text: &str, options: &Options) -> Evaluation {
    let program = ir::read(text).unwrap_or_else(|error| panic!("{error}"));
    engine::evaluate(&Arc::new(program), Database::new(), options).unwrap_or_else(|error| panic!("{error}"))
}

/// The plans, one operation a line; with figures where they were counted.
fn show(evaluation: &Evaluation, text: &str, figures: bool) -> String {
    let mut out = String::new();
    for plan in &evaluation.observed().plans {
        let place = |place: &base::Place| text[place.span.range()].to_owned();
        let role = match &plan.role {
            Role::Full => "all".to_owned(),
            Role::New(new) => format!("new {}", place(new)),
            Role::PartFull(kept) => format!("all for {}", part(kept)),
            Role::PartNew(kept, new) => format!("new {} for {}", place(new), part(kept)),
            Role::NewPart(kept) => format!("new {}", part(kept)),
        };
        writeln!(out, "rule {}: {role}, run {}", plan.rule.0, plan.runs).unwrap();
        steps(&plan.steps, text, figures, 1, &mut out);
        if figures {
            writeln!(out, "  added {} of {}", plan.added.rows_out, plan.added.rows_in).unwrap();
        }
    }
    out
}

fn steps(all: &[PlanStep], text: &str, figures: bool, depth: usize, out: &mut String) {
    for step in all {
        let kind = match &step.kind {
            StepKind::Join(found) => format!("join {}", access(found)),
            StepKind::Meet => "fewest of".to_owned(),
            StepKind::Exists(found) => format!("some {}", access(found)),
            StepKind::Absent(found) => format!("none {}", access(found)),
            other => format!("{other:?}"),
        };
        let place = step.place.map_or("head", |place| &text[place.span.range()]);
        write!(out, "{:1$}{kind}: {place}", "", depth * 2).unwrap();
        if figures {
            write!(out, ", {} of {}", step.figures.rows_out, step.figures.rows_in).unwrap();
        }
        out.push('\n');
        step.inside.iter().for_each(|inside| steps(inside, text, figures, depth + 1, out));
    }
}

fn access(access: &Access) -> String {
    let rows = match access.rows {
        Rows::All => "",
        Rows::Older => "older ",
        Rows::New => "new ",
    };
    let name = access.part.as_ref().map_or_else(|| access.relation.to_string(), part);
    match &access.way {
        Way::Scan => format!("{rows}{name} by scan"),
        Way::Index(columns) => format!("{rows}{name} by {}", columns.join(" ")),
        Way::Member => format!("{rows}{name} by row"),
    }
}

fn part(kept: &Kept) -> String {
    format!("part({})", kept.variables.join(" "))
}

const CHAIN: &str = "rel edge(a: int, b: int)  edge(1, 2). edge(2, 3). edge(3, 4).
    rel path(a: int, b: int)
    path(x, y) :- edge(x, y).
    path(x, z) :- path(x, y), edge(y, z).";

#[test]
fn plans_and_figures_of_a_closure() {
    let evaluation = observe(CHAIN, &Options { observe: Observe::Operators, threads: 1, ..Options::default() });
    let expected = "rule 0: all, run 1
  join edge by scan: edge(x, y), 3 of 1
  added 3 of 3
rule 1: all, run 1
  join path by scan: path(x, y), 0 of 1
  join edge by a: edge(y, z), 0 of 0
  added 0 of 0
rule 1: new path(x, y), run 3
  join new path by scan: path(x, y), 6 of 3
  join edge by a: edge(y, z), 3 of 6
  added 3 of 3
";
    assert_eq!(show(&evaluation, CHAIN, true), expected);
    assert_eq!(evaluation.observed().rounds, [1, 4]);
    let indexes: Vec<(&str, bool, u64)> = evaluation
        .observed()
        .indexes
        .iter()
        .map(|index| (&*index.relation, index.columns.is_some(), index.rows))
        .collect();
    assert_eq!(indexes, [("edge", false, 3), ("edge", true, 3), ("path", false, 6)]);
}

#[test]
fn bodies_inside_and_parts_that_are_kept() {
    let text = "rel e(a: int, b: int)  e(1, 2). e(2, 3). e(2, 2).
    rel p(a: int, b: int)
    p(a, b) :- e(a, b).
    p(a, d) :- e(a, b), p(b, c), p(c, d).
    rel q(a: int, n: int)
    q(a, n) :- e(a, _), n = count { b : p(a, b), b > 1 }, not ( p(c, a), e(c, c) ), (e(a, 2) or p(a, 1)).";
    let evaluation = observe(text, &Options { observe: Observe::Plans, ..Options::default() });
    let found = show(&evaluation, text, false);
    for line in [
        "rule 0: all, run 1",
        "  join e by scan: e(a, b)",
        "rule 1: all for part(a c), run 1",
        "  join older part(a c) by c: p(b, c)",
        "  Aggregate(Count): n = count { b : p(a, b), b > 1 }",
        "    join p by a: p(a, b)",
        "    Test: b > 1",
        "  Not: not ( p(c, a), e(c, c) )",
        "    join p by b: p(a, 1)",
    ] {
        assert!(found.lines().any(|other| other == line), "{line}\n{found}");
    }
}

/// The same figures on any number of threads, whatever structures are used; none where nobody asked.
#[test]
fn figures_do_not_depend_on_threads() {
    let mut text = "rel edge(a: int, b: int)  rel path(a: int, b: int)
        path(x, y) :- edge(x, y).  path(x, z) :- path(x, y), edge(y, z).\n"
        .to_owned();
    (0..200).for_each(|n| write!(text, "edge({n}, {}). edge({n}, {}). ", n * 7 % 200, n * 13 % 200).unwrap());
    let figures = |threads: usize, structures: Structures, observe_: Observe| {
        let options = Options { threads, structures, observe: observe_, ..Options::default() };
        let evaluation = observe(&text, &options);
        (show(&evaluation, &text, true), evaluation.count(evaluation.program().find("path").unwrap()))
    };
    let (one, rows) = figures(1, Structures::Dense, Observe::Operators);
    assert!(one.lines().count() > 5);
    assert_eq!(figures(2, Structures::Dense, Observe::Operators), (one, rows));
    assert_eq!(figures(1, Structures::Dense, Observe::Nothing), (String::new(), rows));
}
