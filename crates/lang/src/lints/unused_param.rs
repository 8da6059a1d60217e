//! W0724: a param that no rule reads, so that setting it changes nothing.

use base::Diagnostic;
use rustc_hash::FxHashSet;

use super::Lint;
use crate::model::Constant;
use crate::stages::Compiler;

pub(crate) const LINT: Lint = Lint::style("W0724", "unused-param").whole();

pub(super) fn run(compiler: &Compiler, out: &mut Vec<Diagnostic>) {
    let world = &compiler.out.resolved;
    let constants = world.rules.iter().map(|rule| &**rule).chain(world.queries.iter().map(|query| &query.rule));
    let read: FxHashSet<usize> = constants
        .flat_map(|rule| {
            let bound = rule.constants.iter().map(|(_, constant)| constant);
            bound.chain(rule.blanks.iter().map(|(constant, _)| constant))
        })
        .filter_map(|constant| match constant {
            Constant::Param(param) => Some(*param),
            Constant::Today => None,
        })
        .collect();
    let unread = world.params.iter().enumerate().filter(|(number, _)| !read.contains(number));
    let unread: FxHashSet<&str> = unread.map(|(_, param)| &*param.name).collect();
    for param in compiler.out.params.iter().filter(|param| unread.contains(&*param.name)) {
        let name = param.name.rsplit('.').next().unwrap_or(&param.name);
        out.push(
            LINT.at(param.place, format!("no rule reads `{name}`"))
                .label("whoever sets it changes nothing")
                .help("use it in the rule that it is for, or take it away"),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::lints::testing::lints;
    use crate::testing::pin;

    #[test]
    fn params_change_something() {
        pin!(lints(
            "W0724",
            r##"
param unused: int = 3
param used: int = 3
param shown: int = 4
param listed: string = "y"
control A "x" {
    scope(f) :- code.function{function: f}.
    violation(f, "is called less than {shown} times") :- n = count { c : code.call{call: c, function: f} }, n < used.
    violation(f, "is called odd") :- code.call{function: f, callee: c}, c in ["x", listed].
}
"##
        ));
    }
}
