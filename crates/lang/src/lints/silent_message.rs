//! W0722: a message that names none of the values which make the violation, though the rule binds some.

use base::Diagnostic;
use rustc_hash::FxHashSet;

use super::Lint;
use crate::TemplatePart;
use crate::stages::Compiler;

pub(crate) const LINT: Lint = Lint::style("W0722", "silent-message");

pub(super) fn run(compiler: &Compiler, out: &mut Vec<Diagnostic>) {
    let world = &compiler.out.resolved;
    for control in &compiler.out.controls {
        for rule in &control.violations {
            if rule.template.parts.iter().any(|part| matches!(part, TemplatePart::Column(_))) {
                continue;
            }
            let Some(number) =
                world.relation_ids.get(&rule.relation).and_then(|id| world.rules_of.of(*id).next())
            else {
                continue;
            };
            let compiled = &world.rules[number];
            let params: FxHashSet<u32> = compiled.constants.iter().map(|(var, _)| var.0).collect();
            let subject = match compiled.rule.args.first().map(|arg| &arg.kind) {
                Some(ir::ExprKind::Var(var)) => Some(var.0),
                _ => None,
            };
            let all = compiled.rule.variables.iter().enumerate();
            let bound: Vec<String> = all
                .filter(|(at, variable)| {
                    let at = *at as u32;
                    Some(at) != subject && !params.contains(&at) && !variable.name.starts_with('_')
                })
                .map(|(_, variable)| format!("`{{{}}}`", variable.name))
                .collect();
            if let Some(first) = bound.first() {
                out.push(
                    LINT.at(rule.place, "this message says nothing of what was found")
                        .help(format!("name a value that the rule has, such as {first}")),
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
    fn messages_name_what_was_found() {
        pin!(lints(
            "W0722",
            r##"
param p: string = "x"
control A "x" {
    scope(f) :- code.function{function: f}.
    violation(f, "is never called") :- not code.call{function: f}.
    violation(f, "calls something odd") :- code.call{function: f, callee: c}, c matches /odd/.
    violation(f, "calls {c}") :- code.call{function: f, callee: c}, c matches /odd/.
    violation(f, "calls p") :- code.call{function: f, callee: _c}, _c = p.
}
"##
        ));
    }
}
