//! Public tables by name, diagnostics by place, those of style apart.

use super::Compiler;
use crate::lints::{self, Level};

/// Sorts what comes out.
pub(super) fn run(compiler: &mut Compiler) {
    lints::allow::apply(compiler);
    let out = &mut compiler.out;
    out.relations.sort_by(|a, b| a.decl.name.cmp(&b.decl.name));
    out.inputs.sort_by(|a, b| a.relation.name.cmp(&b.relation.name));
    out.controls.sort_by(|a, b| a.id.cmp(&b.id));
    out.frameworks.sort_by(|a, b| a.id.cmp(&b.id));
    out.params.sort_by(|a, b| a.name.cmp(&b.name));
    out.diagnostics.sort_by_key(|diagnostic| {
        let place = diagnostic.primary.as_ref().map(|label| label.place);
        (place, diagnostic.code)
    });
    let style = |code: &str| lints::lint(code).is_some_and(|lint| lint.level == Level::Style);
    out.style = out.diagnostics.extract_if(.., |diagnostic| style(diagnostic.code)).collect();
}
