//! W0725: a public relation or input of a project with controls that nothing reads: no other rule, control or test.
//!
//! Not told are relations of the standard library, of `open` ones the owner cannot know the readers, and in programs
//! without controls what nobody reads is the result.

use base::Diagnostic;
use ir::RelId;
use rustc_hash::FxHashSet;

use super::Lint;
use crate::RelationOrigin;
use crate::stages::Compiler;

pub(crate) const LINT: Lint = Lint::style("W0725", "unused-relation").whole();

pub(super) fn run(compiler: &Compiler, out: &mut Vec<Diagnostic>) {
    let world = &compiler.out.resolved;
    let mut read = vec![false; world.relations.len()];
    let mut add = |relation: RelId| read[relation.0 as usize] = true;
    for rule in &world.rules {
        let others = rule.reads.iter().map(|read| read.relation).filter(|relation| *relation != rule.rule.head);
        others.for_each(&mut add);
    }
    world.queries.iter().flat_map(|query| &query.rule.reads).for_each(|read| add(read.relation));
    let needed = compiler.out.controls.iter().flat_map(|control| control.needs.iter().flatten());
    needed.filter_map(|name| world.relation_ids.get(name)).for_each(|relation| add(*relation));
    // Packs stand for themselves: the first part of a module's path.
    let pack = |module: &str| module.split('.').next().unwrap_or_default().to_owned();
    let with_controls: FxHashSet<(bool, String)> = compiler
        .out
        .controls
        .iter()
        .map(|control| if control.builtin { (true, pack(&control.module)) } else { (false, String::new()) })
        .collect();
    for (at, relation) in world.relations.iter().enumerate() {
        let source = &world.modules[relation.module].source;
        let owner = if source.builtin { (true, pack(&source.name)) } else { (false, String::new()) };
        let own = !relation.private && relation.origin != RelationOrigin::Open && !relation.decl.name.starts_with('_');
        if own && with_controls.contains(&owner) && !read[at] {
            let name = relation.decl.name.rsplit('.').next().unwrap_or(&relation.decl.name);
            out.push(
                LINT.at(relation.place, format!("nothing reads `{name}`: no other rule, no control, no test"))
                    .help("read it in a control or expect it in a test, or take it away"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lints::testing::lints;
    use crate::testing::pin;

    const RULES: &str = r##"
input vendor(key name: string) from csv "vendors.csv" { name: "n" }
input person(key name: string) from csv "people.csv" { name: "n" }
rel used(f: code.Function)
used(f) :- code.function{function: f}.
rel tested(f: code.Function)
tested(f) :- used(f), not vendor(_).
rel unused(f: code.Function)
unused(f) :- used(f).
unused(f) :- unused(f), used(f).
open rel point(x: string)
test "one" {
    given code.function{function: "f", name: "f"}.
    expect tested("f")
}
"##;

    #[test]
    fn relations_of_a_project_with_controls_are_read() {
        let control = "control C \"x\" {\n    scope(f) :- used(f).\n    violation(f, \"a\") :- not used(f).\n}\n";
        pin!(lints("W0725", &format!("{RULES}{control}")));
    }

    #[test]
    fn in_a_program_they_are_the_result() {
        assert!(!lints("W0725", RULES).contains("nothing reads"));
    }
}
