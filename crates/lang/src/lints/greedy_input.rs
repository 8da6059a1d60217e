//! W0708: an input without a `where` that takes every file of a format for its own.

use base::{Diagnostic, Place};

use super::Lint;

pub(crate) const LINT: Lint = Lint::warning("W0708", "greedy-input");

/// The input of that name has no `where`, and the last part of its pattern, at `place`, begins with `*`.
pub(crate) fn found(place: Place, name: &str) -> Diagnostic {
    LINT.at(place, format!("`{name}` takes every file of this kind for its own"))
        .label("matches files of any name")
        .help("say which documents count with `where`, or name the files")
}

#[cfg(test)]
mod tests {
    use crate::lints::testing::lints;
    use crate::testing::pin;

    #[test]
    fn inputs_say_which_documents_count() {
        pin!(lints(
            "W0708",
            r##"
input every(name: string) from csv "**/*.csv" { name: "n" }
input some(name: string) from csv "**/vendors.csv" { name: "n" }
input marked(name: string) from json "**/*.json" where Vendors { name: name }
"##
        ));
    }
}
