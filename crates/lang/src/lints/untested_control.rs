//! W0721: a control of which no test expects anything.

use base::Diagnostic;
use rustc_hash::FxHashSet;

use super::Lint;
use crate::ExpectationKind;
use crate::stages::Compiler;

pub(crate) const LINT: Lint = Lint::style("W0721", "untested-control").whole();

pub(super) fn run(compiler: &Compiler, out: &mut Vec<Diagnostic>) {
    let expectations = compiler.out.tests.iter().flat_map(|test| &test.expectations);
    let tested: FxHashSet<&str> = expectations
        .filter_map(|expectation| match &expectation.kind {
            ExpectationKind::Violation { control, .. }
            | ExpectationKind::NoViolation { control, .. }
            | ExpectationKind::Status { control, .. } => Some(&**control),
            ExpectationKind::Query { .. } => None,
        })
        .collect();
    for control in compiler.out.controls.iter().filter(|control| !tested.contains(&*control.id)) {
        out.push(
            LINT.at(control.place, format!("no test expects anything of `{}`", control.id))
                .note("a rule that is misspelled finds nothing, and finding nothing looks like a pass")
                .help(format!("write one that fails and one that passes: `expect violation {}(\"…\")`", control.id)),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::lints::testing::lints;
    use crate::testing::pin;

    #[test]
    fn controls_are_tested() {
        pin!(lints(
            "W0721",
            r##"
control A "x" {
    scope(f) :- code.function{function: f}.
    violation(f, "a") :- not code.call{function: f}.
}
control B "x" {
    scope(f) :- code.function{function: f}.
    violation(f, "a") :- not code.call{function: f}.
}
test "b" {
    given code.function{function: "f", name: "f"}.
    expect violation B("f")
}
"##
        ));
    }
}
