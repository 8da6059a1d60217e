//! W0709: a built-in control without a field that all of them have.

use base::{Diagnostic, Place};

use super::Lint;

pub(crate) const LINT: Lint = Lint::warning("W0709", "lacks-field");

/// The control at `place` has no such field.
pub(crate) fn found(place: Place, id: &str, field: &str) -> Diagnostic {
    LINT.at(place, format!("built-in control `{id}` has no `{field}`"))
        .help(format!("add `{field}:`; who reads a finding looks for it"))
}

#[cfg(test)]
mod tests {
    use crate::lints::testing::lints_of;
    use crate::testing::pin;

    #[test]
    fn built_in_controls_say_what_they_map_to_and_how_to_mend_it() {
        let text = r##"
control C "x" {
    scope(f) :- code.function{function: f}.
    violation(f, "no callers") :- not code.call{function: f}.
}
"##;
        pin!(lints_of("W0709", "std.m", text) + &lints_of("W0709", "m", text));
    }
}
