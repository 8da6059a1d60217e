//! Where a name leads: to what declares it, to what fills it, to its type.

use base::{FileId, Place, Span};
use facts::Type;

use crate::Snapshot;
use crate::names::{NameKind, Role};
use crate::symbol::{Symbol, all_at, declared, variable_type};

/// Places that a name leads to, and the name's own range.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Targets {
    /// The name under the cursor.
    pub from: Span,
    /// What it leads to, by place.
    pub places: Vec<Place>,
}

/// What declares the name under the cursor.
pub fn declaration(snapshot: &Snapshot, file: FileId, offset: usize) -> Targets {
    lead(snapshot, file, offset, |symbol| declared(snapshot, symbol).into_iter().collect())
}

/// What says what the name under the cursor is: of a relation without rules its declaration; on the declaration itself, and
/// of a derived relation, the rules that fill it as well.
pub fn definition(snapshot: &Snapshot, file: FileId, offset: usize) -> Targets {
    let found = declaration(snapshot, file, offset);
    let on_it = |place: &Place| place.file == file && place.span == found.from;
    if found.places.iter().any(on_it) {
        let rules = implementation(snapshot, file, offset);
        return if rules.places.is_empty() { found } else { rules };
    }
    found
}

/// The rules and facts that fill the relation under the cursor; of a control its population and what violates it.
pub fn implementation(snapshot: &Snapshot, file: FileId, offset: usize) -> Targets {
    lead(snapshot, file, offset, |symbol| match symbol {
        Symbol::Relation(name) => {
            let filling = snapshot.compilation.filled_by(name).into_iter();
            filling.map(|filling| head(snapshot, filling.place)).collect()
        }
        Symbol::Control(id) => {
            let Some(control) = snapshot.compilation.control(id) else { return Vec::new() };
            let scopes = snapshot.compilation.filled_by(&control.scope).into_iter().map(|filling| filling.place);
            let rules = control.violations.iter().chain(&control.notes).map(|rule| rule.place);
            scopes.chain(rules).map(|place| head(snapshot, place)).collect()
        }
        _ => Vec::new(),
    })
}

/// The declaration of the type of the variable or column under the cursor.
pub fn type_definition(snapshot: &Snapshot, file: FileId, offset: usize) -> Targets {
    lead(snapshot, file, offset, |symbol| {
        let ty = match symbol {
            Symbol::Variable(file, unit, scope, name) => {
                variable_type(snapshot, *file, *unit, *scope, name).map(|found| found.ty)
            }
            Symbol::Column(relation, name) => snapshot.compilation.any_relation(relation).and_then(|found| {
                let at = found.decl.column(name)?;
                Some(found.decl.columns[at].ty.clone())
            }),
            Symbol::Control(id) => snapshot.compilation.control(id).map(|control| control.subject.clone()),
            Symbol::Entity(name) => Some(Type::Entity(name.clone())),
            _ => None,
        };
        match ty {
            Some(Type::Entity(name)) => snapshot.compilation.entity(&name).into_iter().collect(),
            _ => Vec::new(),
        }
    })
}

fn lead(snapshot: &Snapshot, file: FileId, offset: usize, to: impl Fn(&Symbol) -> Vec<Place>) -> Targets {
    let found = all_at(snapshot, file, offset);
    let Some((_, from)) = found.first().cloned() else { return Targets::default() };
    let mut places: Vec<Place> =
        found.iter().filter(|(_, span)| *span == from).flat_map(|(symbol, _)| to(symbol)).collect();
    // A short field leads to its column: the variable's first place says nothing new.
    if places.len() > 1 && found.iter().any(|(symbol, _)| matches!(symbol, Symbol::Variable(..))) {
        places.retain(|place| !(place.file == file && place.span == from));
    }
    places.sort();
    places.dedup();
    Targets { from, places }
}

/// The name in the head of a clause.
fn head(snapshot: &Snapshot, clause: Place) -> Place {
    let names = snapshot.names(clause.file);
    let inside = |span: Span| clause.span.start <= span.start && span.end <= clause.span.end;
    let head = names
        .all
        .iter()
        .find(|name| matches!(name.kind, NameKind::Relation { role: Role::Head, .. }) && inside(name.span));
    head.map_or(clause, |name| Place { file: clause.file, span: name.span })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Fixture;

    type Feature = fn(&Snapshot, FileId, usize) -> Targets;

    #[track_caller]
    fn check(feature: Feature, text: &str, expected: &[&str]) {
        let fixture = Fixture::new(text);
        let found = feature(&fixture.snapshot, fixture.file, fixture.offset);
        let sources = &fixture.snapshot.sources;
        let shown: Vec<String> = found.places.iter().map(|place| sources.locate(*place)).collect();
        assert_eq!(shown, expected, "{text}");
    }

    #[test]
    fn names_lead_to_their_declarations() {
        check(definition, "rel r(x: string)\nr(x) :- code.ca$0ll{callee: x}.", &["lawbook:std/code.law:9:7"]);
        check(definition, "rel r(x: string)\nr(x) :- code.call{cal$0lee: x}.", &["lawbook:std/code.law:10:2"]);
        check(definition, "rel r(x: string)\nr(x) :- code.call{callee: $0x}.", &["m.law:2:3"]);
        check(definition, "rel r(x: string)\nr(x) :- co$0de.call{callee: x}.", &["lawbook:std/code.law:1:1"]);
        check(definition, "rel r(x: code.Ca$0ll)", &["lawbook:std/code.law:5:8"]);
        check(definition, "control C \"t\" {\n    maps: soc2/CC9$0.2\n}", &["lawbook:std/soc2.law:1:56"]);
        check(definition, "param p: int = 3\nrel r(x: int)\nr(x) :- code.call{line: x}, x > $0p.", &["m.law:1:7"]);
        check(
            definition,
            "rel r(x: string)\nr(x) :- code.call{callee: x}, code.fun$0ction{",
            &["lawbook:std/code.law:7:7"],
        );
        check(definition, "rel r(x: string)\nr(x) :- nosu$0ch(x).", &[]);
    }

    #[test]
    fn declarations_lead_to_the_rules_that_fill_them() {
        let text = "rel $0r(x: string)\nr(\"a\").\nr(x) :- code.call{callee: x}.";
        check(definition, text, &["m.law:2:1", "m.law:3:1"]);
        check(
            implementation,
            "rel r(x: string)\nr(x) :- code.call{callee: x}.\nrel q(x: string)\nq(x) :- $0r(x).",
            &["m.law:2:1"],
        );
        let control = "control $0C \"t\" {\n    scope(x) :- code.call{call: x}.\n    violation(x, \"m\") :- code.call{call: x, callee: \"a\"}.\n}";
        check(implementation, control, &["m.law:2:5", "m.law:3:5"]);
    }

    #[test]
    fn variables_lead_to_their_types() {
        check(
            type_definition,
            "rel r(x: string)\nr(x) :- code.call{call: $0c, callee: x}.",
            &["lawbook:std/code.law:5:8"],
        );
        check(
            type_definition,
            "rel r(x: string)\nr(x) :- code.call{ca$0ll: _, callee: x}.",
            &["lawbook:std/code.law:5:8"],
        );
        check(type_definition, "rel r(x: string)\nr($0x) :- code.call{callee: x}.", &[]);
    }
}
