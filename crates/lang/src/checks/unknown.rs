//! Names that lead nowhere, with the nearest ones that lead somewhere.

use std::sync::Arc;

use base::{Diagnostic, Fix, Place, did_you_mean};
use facts::RelationDecl;
use ir::Function;
use syntax::ast;

use super::habits;
use crate::model::Module;
use crate::names::{Scope, joined};

/// E0201: a bare relation name that nothing declares.
pub(crate) fn relation(scope: &Scope, path: &ast::Path) -> Diagnostic {
    let name = path.text();
    let known = if scope.world.may_guess() { scope.known_relations() } else { Vec::new() };
    let help = did_you_mean(&name, known.iter().map(String::as_str))
        .or_else(|| elsewhere(scope, &name))
        .or_else(|| habits::condition(&name));
    let place = scope.place(path.span);
    if matches!(&*name, "scope" | "violation" | "note") {
        return Diagnostic::error("E0201", place, format!("there is no relation `{name}` out here"))
            .label("has a meaning only inside the block of a control")
            .help("move the rule into a control; what a control finds cannot be read elsewhere: put the condition into a relation of its own, and let both read that");
    }
    Diagnostic::error("E0201", place, format!("there is no relation `{name}`"))
        .label("no `rel` or `input` declares it")
        .maybe_help(help)
}

/// Where a module that is not reachable declares a relation of that name.
fn elsewhere(scope: &Scope, name: &str) -> Option<String> {
    let module = scope.world.modules.iter().find(|module| module.relations.contains_key(name))?;
    let path = &module.source.name;
    let last = path.rsplit('.').next().unwrap_or(path);
    Some(format!("module `{path}` declares `{name}`: add `use {path}` and write `{last}.{name}`"))
}

/// The same for the relation of a rule's head: it is to be declared, if it is not misspelled.
pub(crate) fn undeclared(mut diagnostic: Diagnostic, head: &ast::Atom) -> Diagnostic {
    // What helps in a body (`path` is a function) is beside the point of a head.
    let condition = habits::condition(&head.relation.text());
    diagnostic.help.retain(|help| Some(help.as_str()) != condition.as_deref());
    if diagnostic.code == "E0201" && diagnostic.help.is_empty() && head.relation.parts.len() == 1 {
        diagnostic.help.push(format!(
            "declare it before its first rule, with the types of its columns: `rel {}(name: string)`",
            head.relation.text()
        ));
    }
    diagnostic
}

/// E0201: a module is reachable and has no such relation.
pub(crate) fn relation_of_module(scope: &Scope, path: &ast::Path, module: usize) -> Diagnostic {
    let module = &scope.world.modules[module];
    let name = &path.last().text;
    let prefix = joined(&path.parts[..path.parts.len() - 1]);
    let mut known: Vec<String> = Vec::new();
    let guess = scope.world.may_guess();
    if guess {
        known.extend(module.relations.keys().map(|name| format!("{prefix}.{name}")));
        known.sort();
    }
    let help = did_you_mean(&path.text(), known.iter().map(String::as_str)).or_else(|| {
        let others = if guess { scope.known_relations() } else { Vec::new() };
        let same: Vec<&str> =
            others.iter().map(String::as_str).filter(|other| other.rsplit('.').next() == Some(name)).collect();
        did_you_mean(&path.text(), same)
    });
    let help = help.or_else(|| {
        let listed: Vec<&str> = known.iter().map(String::as_str).take(8).collect();
        (!listed.is_empty()).then(|| format!("it has {}", listed.join(", ")))
    });
    Diagnostic::error(
        "E0201",
        scope.place(path.span),
        format!("module `{}` has no relation `{name}`", module.source.name),
    )
    .maybe_help(help)
}

/// E0201: a bare name of a query that several modules declare.
pub(crate) fn ambiguous(scope: &Scope, path: &ast::Path, names: &[String]) -> Diagnostic {
    let name = path.text();
    Diagnostic::error("E0201", scope.place(path.span), format!("several modules have a relation `{name}`"))
        .help(format!("write {}", names.join(" or ")))
}

/// E0202: a dotted name whose module is not loaded.
pub(crate) fn module(scope: &Scope, path: &ast::Path) -> Diagnostic {
    let parts = &path.parts[..path.parts.len() - 1];
    let span = parts[0].span.cover(parts[parts.len() - 1].span);
    let name = joined(parts);
    let mut known: Vec<&str> = match scope.module {
        Some(module) => scope.world.modules[module].reachable.keys().map(|name| &**name).collect(),
        None => Vec::new(),
    };
    known.extend(scope.world.modules.iter().map(|module| &*module.source.name));
    known.extend(scope.world.by_last.keys().map(|name| &**name));
    known.sort_unstable();
    known.dedup();
    let last = &path.last().text;
    let own = scope.module.is_some_and(|module| scope.world.modules[module].relations.contains_key(&*name));
    // `system.name` and `name.startswith("a")` of languages with fields and methods.
    let help = match own {
        true => Some(format!("`{name}` is a relation: its columns are bound in an atom, `{name}{{{last}: x}}`")),
        false => did_you_mean(&name, known).or_else(|| habits::condition(last)),
    };
    Diagnostic::error("E0202", scope.place(span), format!("there is no module `{name}`")).maybe_help(help)
}

/// E0202: `use` of a module that is not loaded.
pub(crate) fn used_module<'a>(path: &ast::Path, place: Place, known: impl Iterator<Item = &'a str>) -> Diagnostic {
    let name = path.text();
    let mut known: Vec<&str> = known.collect();
    known.sort_unstable();
    Diagnostic::error("E0202", place, format!("there is no module `{name}`"))
        .label("no file of the loaded packs and paths has this module path")
        .maybe_help(did_you_mean(&name, known))
}

/// E0203: a module that is loaded and not reachable from here.
pub(crate) fn unreachable(scope: &Scope, path: &ast::Path, module: usize) -> Diagnostic {
    let parts = &path.parts[..path.parts.len() - 1];
    let span = parts[0].span.cover(parts[parts.len() - 1].span);
    let prefix = joined(parts);
    let name = &path.last().text;
    // Of several modules with this last name the one that declares the name is meant.
    let declares = |module: &&Arc<Module>| {
        let same = module.source.name.rsplit('.').next() == Some(&prefix);
        same && (module.relations.contains_key(name) || module.params.contains_key(name))
    };
    let meant = scope.world.modules.iter().find(declares).unwrap_or(&scope.world.modules[module]);
    let full = &meant.source.name;
    Diagnostic::error("E0203", scope.place(span), format!("module `{prefix}` is not reachable from here"))
        .help(format!("add `use {full}` at the top of this file"))
}

/// E0203: a module's own name before one of its names.
pub(crate) fn own_module(scope: &Scope, path: &ast::Path) -> Diagnostic {
    let span = path.parts[0].span;
    Diagnostic::error("E0203", scope.place(span), "a module does not name itself")
        .help(format!("write `{}`", path.last().text))
}

/// E0204: a column that the relation does not have.
pub(crate) fn column(place: Place, name: &str, decl: &RelationDecl) -> Diagnostic {
    let known = || decl.columns.iter().map(|column| &*column.name);
    let help = did_you_mean(name, known()).or_else(|| {
        let names: Vec<String> = known().map(|name| format!("`{name}`")).collect();
        Some(format!("its columns are {}", names.join(", ")))
    });
    Diagnostic::error("E0204", place, format!("`{}` has no column `{name}`", decl.name)).maybe_help(help)
}

/// E0205: a function that the language does not have.
pub(crate) fn function(place: Place, name: &str) -> Diagnostic {
    let known = Function::ALL.iter().map(|(name, _)| *name).chain(["today"]);
    let help = habits::function(name).or_else(|| did_you_mean(name, known)).unwrap_or_else(|| {
        "as an operand a name before `(` is a function; relations are literals of a body".to_owned()
    });
    Diagnostic::error("E0205", place, format!("there is no function `{name}`")).help(help)
}

/// E0206: a param that the module does not have.
pub(crate) fn param(scope: &Scope, path: &ast::Path) -> Diagnostic {
    let known = scope.params();
    Diagnostic::error("E0206", scope.place(path.span), format!("there is no param `{}`", path.text()))
        .maybe_help(did_you_mean(&path.text(), known.iter().map(String::as_str)))
}

/// E0207: a type that nothing declares.
pub(crate) fn ty(scope: &Scope, path: &ast::Path) -> Diagnostic {
    let name = path.text();
    let mut known: Vec<String> =
        ["string", "int", "float", "bool", "time", "duration"].map(str::to_owned).into_iter().collect();
    if let Some(module) = scope.module {
        known.extend(scope.world.modules[module].entities.keys().map(|name| name.to_string()));
    }
    known.extend(scope.world.entities.keys().map(|name| name.to_string()));
    known.sort();
    if let Some(meant) = habits::ty(&name) {
        let place = scope.place(path.span);
        let fix = Fix { title: format!("write `{meant}`"), edits: vec![(place, meant.to_owned())], safe: false };
        return Diagnostic::error("E0207", place, format!("there is no type `{name}`: it is called `{meant}` here"))
            .fix(fix);
    }
    let help = did_you_mean(&name, known.iter().map(String::as_str)).unwrap_or_else(|| {
        format!(
            "types are `string`, `int`, `float`, `bool`, `time`, `duration`, and entities; declare one with `entity {}`",
            path.last().text
        )
    });
    Diagnostic::error("E0207", scope.place(path.span), format!("there is no type `{name}`")).help(help)
}

/// E0208: a framework or criterion that no loaded module declares.
pub(crate) fn criterion<'a>(
    place: Place,
    framework: &str,
    criterion: &str,
    known: Option<impl Iterator<Item = &'a str>>,
    frameworks: impl Iterator<Item = &'a str>,
) -> Diagnostic {
    match known {
        Some(known) => {
            Diagnostic::error("E0208", place, format!("framework `{framework}` has no criterion `{criterion}`"))
                .maybe_help(did_you_mean(criterion, known))
        }
        None => Diagnostic::error("E0208", place, format!("there is no framework `{framework}`")).help(
            did_you_mean(framework, frameworks).unwrap_or_else(|| {
                format!("declare it: `framework {framework} \"title\" {{ … }}`; `check` knows those of all packs, `eval` those of modules that the file uses")
            }),
        ),
    }
}

/// E0209: a control that no loaded module has.
pub(crate) fn control<'a>(place: Place, id: &str, known: impl Iterator<Item = &'a str>) -> Diagnostic {
    Diagnostic::error("E0209", place, format!("there is no control `{id}`")).maybe_help(did_you_mean(id, known))
}

/// E0210: `violation` or `note` in a body.
pub(crate) fn unreadable(scope: &Scope, path: &ast::Path) -> Diagnostic {
    Diagnostic::error("E0210", scope.place(path.span), format!("`{}` cannot be read", path.text()))
        .note("what a control finds is judged after evaluation, with waivers applied")
        .help("declare a private relation with `rel`, and let the violation read it too")
}

#[cfg(test)]
mod samples {
    use crate::testing::{check, check_all, pin};

    #[test]
    fn names_lead_to_the_nearest() {
        pin!(check(
            r##"
rel owns(team: string, system: string)
rel t(x: string)
t(x) :- own(x, _).
t(x) :- code.cal{call: x}.
t(x) :- owns{tem: x}.
t(x) :- owns(x, s), s = lowr(x).
rel u(x: sting, c: code.Cal)
t(x) :- u(x, _).
"##
        ));
    }

    #[test]
    fn modules_have_to_be_reachable() {
        pin!(check_all(&[
            (
                "lib.vendors",
                r##"
rel known(name: string)
param limit: int = 3
"##
            ),
            (
                "lib.broken.vendors",
                r##"
rel other(name: string)
"##
            ),
            (
                "m",
                r##"
use lib.vendor
rel t(x: string)
t(x) :- vendors.known(x).
t(x) :- known(x).
t(x) :- vendor.known(x).
t(x) :- m.t(x).
t(x) :- lib.vendors.known(x).
t(x) :- unheard.of(x).
"##
            ),
            (
                "n",
                r##"
use lib.vendors
use lib.broken.vendors
rel t(x: string)
t(x) :- vendors.known(x), vendors.limit = 3.
t(x) :- vendors.knwn(x), length(x) > vendors.lmit.
"##
            ),
        ]));
    }

    #[test]
    fn criteria_and_controls_are_known() {
        pin!(check(
            r##"
framework soc2 "SOC 2" {
    CC9.2: "Vendors"
}
control C-1 "x" {
    maps: soc2/CC9.3, sox/1
    scope(c) :- code.call{call: c}.
    violation(c, "x") :- violation(c, _).
}
test "t" {
    expect pass C-2
    expect no_evidnce C-1
}
"##
        ));
    }
}
