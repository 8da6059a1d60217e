//! Call hierarchy: which rules feed a relation, and which read it. Controls stand for what their blocks read.

use std::collections::BTreeMap;
use std::sync::Arc;

use base::{FileId, Place, Span};

use crate::Snapshot;
use crate::names::{Name, NameKind, Role};
use crate::symbol::{Symbol, at, declared, resolve};

/// A relation or control of the hierarchy.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Node {
    /// Its qualified name, or its id.
    pub name: Arc<str>,
    /// Whether it is a control.
    pub control: bool,
    /// Where its name is declared.
    pub place: Place,
}

/// A step with the places that make it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Where it leads.
    pub node: Node,
    /// Where the names stand.
    pub places: Vec<Place>,
}

/// The relation or control under the cursor.
pub fn prepare(snapshot: &Snapshot, file: FileId, offset: usize) -> Option<Node> {
    let (symbol, _) = at(snapshot, file, offset)?;
    node(snapshot, &symbol)
}

/// The node of a name that a client sends back.
pub fn named(snapshot: &Snapshot, name: &str, control: bool) -> Option<Node> {
    let symbol = if control { Symbol::Control(name.into()) } else { Symbol::Relation(name.into()) };
    node(snapshot, &symbol)
}

fn node(snapshot: &Snapshot, symbol: &Symbol) -> Option<Node> {
    let (name, control) = match symbol {
        Symbol::Relation(name) => {
            match name.strip_suffix(".scope").filter(|id| snapshot.compilation.control(id).is_some()) {
                Some(id) => (Arc::from(id), true),
                None => (name.clone(), false),
            }
        }
        Symbol::Control(id) => (id.clone(), true),
        _ => return None,
    };
    let place = declared(snapshot, symbol)?;
    Some(Node { name, control, place })
}

/// Who reads the relation.
pub fn incoming(snapshot: &Snapshot, of: &Node) -> Vec<Step> {
    if of.control {
        return Vec::new();
    }
    let symbol = Symbol::Relation(of.name.clone());
    let mut steps: BTreeMap<Node, Vec<Place>> = BTreeMap::new();
    for reference in crate::references::of(snapshot, &symbol, None).into_iter().filter(|found| !found.writes) {
        if let Some(node) = owner(snapshot, reference.place) {
            steps.entry(node).or_default().push(reference.place);
        }
    }
    steps.into_iter().map(|(node, places)| Step { node, places }).collect()
}

/// The relation that the clause around a name fills, or its control.
fn owner(snapshot: &Snapshot, place: Place) -> Option<Node> {
    let names = snapshot.names(place.file);
    let text = snapshot.text(place.file);
    let unit = names.unit_at(place.span.start as usize)?;
    if let Some(control) = names.units[unit].control {
        return named(snapshot, text.get(control.range())?, true);
    }
    // What tests read belongs to no relation.
    let is_head = |name: &Name| matches!(name.kind, NameKind::Relation { role: Role::Head, .. });
    let (head, _) = names.of_unit(unit as u32).find(|(_, name)| is_head(name))?;
    node(snapshot, &resolve(snapshot, place.file, &names, head)?)
}

/// What the rules of a relation, or the block of a control, read.
pub fn outgoing(snapshot: &Snapshot, of: &Node) -> Vec<Step> {
    let clauses: Vec<Place> = match of.control {
        true => control_units(snapshot, of),
        false => snapshot.compilation.filled_by(&of.name).into_iter().map(|filling| filling.place).collect(),
    };
    let mut steps: BTreeMap<Node, Vec<Place>> = BTreeMap::new();
    for clause in clauses {
        let names = snapshot.names(clause.file);
        let inside = |span: Span| clause.span.start <= span.start && span.end <= clause.span.end;
        for (at, name) in names.all.iter().enumerate() {
            let read = matches!(name.kind, NameKind::Relation { role: Role::Read, .. });
            if !read || !inside(name.span) {
                continue;
            }
            let found = resolve(snapshot, clause.file, &names, at).and_then(|symbol| node(snapshot, &symbol));
            if let Some(node) = found.filter(|node| node != of) {
                steps.entry(node).or_default().push(Place { file: clause.file, span: name.span });
            }
        }
    }
    steps.into_iter().map(|(node, places)| Step { node, places }).collect()
}

fn control_units(snapshot: &Snapshot, of: &Node) -> Vec<Place> {
    let names = snapshot.names(of.place.file);
    let own = |unit: &&crate::names::Unit| unit.control == Some(of.place.span) && unit.clause;
    names.units.iter().filter(own).map(|unit| Place { file: of.place.file, span: unit.span }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Fixture;

    const TEXT: &str = "rel a(x: string)\na(x) :- code.call{callee: x}.\nrel b$0(x: string)\nb(x) :- a(x), not code.function{name: x}.\nrel c(x: string)\nc(x) :- b(x).\ncontrol C \"t\" {\n    scope(x) :- b(x), a(x).\n}\ntest \"t\" {\n    given a(\"y\").\n    expect b(\"y\")\n}\n";

    #[test]
    fn relations_are_fed_and_read() {
        let fixture = Fixture::new(TEXT);
        let node = prepare(&fixture.snapshot, fixture.file, fixture.offset).unwrap();
        let names =
            |steps: Vec<Step>| steps.iter().map(|s| format!("{} {}", s.node.name, s.places.len())).collect::<Vec<_>>();
        assert_eq!(names(incoming(&fixture.snapshot, &node)), ["C 1", "m.c 1"]);
        assert_eq!(names(outgoing(&fixture.snapshot, &node)), ["code.function 1", "m.a 1"]);
        let control = named(&fixture.snapshot, "C", true).unwrap();
        assert_eq!(names(outgoing(&fixture.snapshot, &control)), ["m.a 1", "m.b 1"]);
    }
}
