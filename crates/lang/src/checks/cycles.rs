//! Recursion through negation or an aggregate.

use base::{Diagnostic, Place};

/// A rule on the cycle: its head, what it reads, and whether through `not` or an aggregate.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    /// Name of the relation of the head.
    pub head: String,
    /// Name of the relation that is read.
    pub read: String,
    /// Whether under `not` or in an aggregate.
    pub negative: bool,
    /// The rule.
    pub place: Place,
}

/// E0501: the cycle, rule by rule; its first step is the negative one.
pub(crate) fn negation(steps: &[Step]) -> Option<Diagnostic> {
    let (first, rest) = steps.split_first()?;
    let words = |step: &Step| {
        let how = if step.negative { " under `not` or in an aggregate" } else { "" };
        format!("`{}` reads `{}`{how}", step.head, step.read)
    };
    let mut diagnostic =
        Diagnostic::error("E0501", first.place, format!("`{}` depends on its own absence", first.head))
            .label(words(first));
    for step in rest {
        diagnostic = diagnostic.also(step.place, words(step));
    }
    Some(
        diagnostic
            .note("a relation under `not` or in an aggregate has to be finished before it is read")
            .help("break the circle: let one of these rules read a relation that does not depend on the others"),
    )
}

#[cfg(test)]
mod samples {
    use crate::testing::{check, pin};

    #[test]
    fn negation_is_not_recursive() {
        pin!(check(
            r##"
rel a(x: string)
rel b(x: string)
rel c(x: string)
rel d(n: int)
a(x) :- c(x), not b(x).
b(x) :- c(x).
c(x) :- a(x).
d(n) :- n = count { x : d(x) }.
rel e(x: string)
e(x) :- c(x), not a(x).
"##
        ));
    }
}
