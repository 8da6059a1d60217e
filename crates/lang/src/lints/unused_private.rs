//! W0707: a private relation of a control that nothing reads.

use base::Diagnostic;

use super::Lint;
use crate::model::{Entry, Role};
use crate::stages::Compiler;

pub(crate) const LINT: Lint = Lint::warning("W0707", "unused-private");

pub(super) fn run(compiler: &Compiler, out: &mut Vec<Diagnostic>) {
    let world = &compiler.out.resolved;
    let mut read = vec![false; world.relations.len()];
    compiler.reads.iter().flat_map(|reads| &**reads).for_each(|id| read[id.0 as usize] = true);
    for block in &compiler.blocks {
        for (name, entry) in &block.block.relations {
            if let Entry::Known(id) = entry
                && world.relation(*id).role == Role::Plain
                && !read[id.0 as usize]
                && !name.starts_with('_')
            {
                out.push(
                    LINT.at(world.relation(*id).place, format!("nothing reads `{name}`"))
                        .help("read it in a rule of this control, or take it away"),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lints::testing::lints;
    use crate::testing::pin;

    #[test]
    fn private_relations_are_there_to_be_read() {
        pin!(lints(
            "W0707",
            r##"
control C "x" {
    rel unused(f: code.Function)
    rel used(f: code.Function)
    rel _later(f: code.Function)
    scope(f) :- code.function{function: f}.
    used(f) :- code.call{function: f}.
    unused(f) :- used(f).
    violation(f, "no callers") :- not used(f).
}
"##
        ));
    }
}
