//! The entity types that the values of variables surely have.
//!
//! Inference looks for conflicts, so it keeps the lowest type that a variable is used with anywhere. What a head passes on
//! must not rest on a `not`, nor on one branch of an `or`:
//!
//! ```text
//! f(x) :- node(x), not function(x).             x is a Node
//! f(x) :- ( node(x) or call(x) ).               x is a Node
//! f(x) :- node(x), call(x).                     x is a Call
//! ```

use facts::Type;
use ir::RelId;
use rustc_hash::FxHashMap;

use super::tree::{ArgKind, Lit, LitKind, Var};
use crate::model::Resolved;

/// Text types by class of variables (`class` gives the class of one). Columns of `untyped` say nothing.
pub(super) fn sure(
    world: &Resolved,
    body: &[Lit],
    untyped: Option<RelId>,
    class: &dyn Fn(Var) -> Var,
) -> FxHashMap<Var, Type> {
    let mut found = FxHashMap::default();
    for lit in body {
        match &lit.kind {
            LitKind::Atom(atom) if Some(atom.relation) != untyped => {
                let decl = &world.relation(atom.relation).decl;
                for (arg, column) in atom.args.iter().zip(&decl.columns) {
                    if let ArgKind::Var(var) | ArgKind::Optional(var) = arg.kind
                        && column.ty.is_text()
                    {
                        meet(world, &mut found, class(var), &column.ty);
                    }
                }
            }
            LitKind::Or(branches) => {
                for (var, ty) in any(world, branches, untyped, class) {
                    meet(world, &mut found, var, &ty);
                }
            }
            _ => {}
        }
    }
    found
}

/// The upper types of what all branches give a type.
fn any(
    world: &Resolved,
    branches: &[Vec<Lit>],
    untyped: Option<RelId>,
    class: &dyn Fn(Var) -> Var,
) -> FxHashMap<Var, Type> {
    let mut branches = branches.iter().map(|branch| sure(world, branch, untyped, class));
    let mut all = branches.next().unwrap_or_default();
    for branch in branches {
        all.retain(|var, _| branch.contains_key(var));
        for (var, ty) in &mut all {
            let other = &branch[var];
            if world.flows(ty, other) {
                *ty = other.clone();
            } else if !world.flows(other, ty) {
                *ty = Type::String;
            }
        }
    }
    all
}

/// Both hold: the lower type.
fn meet(world: &Resolved, found: &mut FxHashMap<Var, Type>, var: Var, ty: &Type) {
    match found.get_mut(&var) {
        None => drop(found.insert(var, ty.clone())),
        Some(known) if world.flows(ty, known) => *known = ty.clone(),
        Some(_) => {}
    }
}
