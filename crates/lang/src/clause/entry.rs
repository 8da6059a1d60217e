//! The ways into the compiler of clauses: rules, the subject's type of a scope rule, queries.

use std::sync::Arc;

use base::{Diagnostic, Place, Span};
use facts::{Column, RelationDecl, Type};
use ir::{Comparison, RelId};
use syntax::ast;

use super::bind::{Variable, bind, bound};
use super::branches::part;
use super::emit::emit;
use super::infer::{Head, Types, infer};
use super::resolve::Resolver;
use super::tree::{Arg, ArgKind, Atom, Lit, LitKind, Operand, OperandKind, Tree};
use crate::lints::{self, View};
use crate::model::{QueryRule, Rule};
use crate::names::Scope;

/// What became of a clause.
#[derive(Debug)]
pub(crate) struct Outcome<T> {
    /// The result, unless there is an error.
    pub value: Option<T>,
    /// Errors and warnings.
    pub diagnostics: Vec<Diagnostic>,
    /// Relations that it reads, broken or not.
    pub reads: Vec<RelId>,
}

/// A clause whose variables have scopes and types.
pub(super) struct Checked {
    pub tree: Tree,
    pub variables: Vec<Variable>,
    pub types: Types,
}

/// Binds and types a resolved clause.
pub(super) fn check(resolver: &mut Resolver, mut tree: Tree, head: &Head, untyped: Option<RelId>) -> Option<Checked> {
    if resolver.broken {
        return None;
    }
    tree.names = std::mem::take(&mut resolver.names);
    let kept = match tree.head.is_empty() {
        // The answers of a query are all names that have a value for sure.
        true => bound(&mut tree),
        false => Vec::new(),
    };
    part(&mut tree, &kept);
    let failed = |resolver: &Resolver| resolver.diagnostics.iter().any(Diagnostic::is_error);
    let variables = bind(&resolver.scope, &mut tree, &mut resolver.diagnostics);
    if failed(resolver) {
        return None;
    }
    let types = infer(&resolver.scope, &tree, &variables, head, untyped, &mut resolver.diagnostics);
    (!failed(resolver)).then_some(Checked { tree, variables, types })
}

pub(super) fn outcome<T>(resolver: Resolver, value: Option<T>) -> Outcome<T> {
    Outcome { value, diagnostics: resolver.diagnostics, reads: resolver.reads }
}

/// A rule for a declared relation.
pub(crate) fn rule(scope: Scope, clause: &ast::Clause, head: RelId) -> Outcome<Rule> {
    let world = scope.world;
    let relation = world.relation(head);
    let mut resolver = Resolver::new(scope);
    let operands = resolver.head(&clause.head, &relation.decl, relation.place);
    let body = resolver.body(clause.body.as_deref().unwrap_or_default());
    let tree = Tree { head: operands.unwrap_or_default(), body, names: Vec::new() };
    let place = scope.place(clause.span);
    let checked = check(&mut resolver, tree, &Head::Columns(&relation.decl), None);
    let rule = checked.map(|checked| {
        let Checked { tree, variables, types } = &checked;
        let view = View { scope: &scope, source: clause, tree, variables, types, head: Some(head) };
        lints::clause(&view, &mut resolver.diagnostics);
        let columns: Vec<Type> = relation.decl.columns.iter().map(|column| column.ty.clone()).collect();
        emit(world, &checked.tree, &checked.variables, &checked.types, &columns, head, place)
    });
    outcome(resolver, rule)
}

/// The type of the subject of a scope rule, where it can be seen while `population` itself has no type yet.
pub(crate) fn subject(scope: Scope, clause: &ast::Clause, population: RelId) -> Option<Type> {
    let relation = scope.world.relation(population);
    let mut resolver = Resolver::new(scope);
    let head = resolver.head(&clause.head, &relation.decl, relation.place)?;
    let body = resolver.body(clause.body.as_deref().unwrap_or_default());
    let tree = Tree { head, body, names: Vec::new() };
    check(&mut resolver, tree, &Head::Free, Some(population))?.types.head.into_iter().next()?
}

/// A body whose answers are its variables, in the order of their first occurrence; those that begin with `_` are left
/// out.
pub(crate) fn query(scope: Scope, body: &[ast::Literal], name: Arc<str>, place: Place) -> Outcome<QueryRule> {
    let mut resolver = Resolver::new(scope);
    let body = resolver.body(body);
    let tree = Tree { head: Vec::new(), body, names: Vec::new() };
    let checked = check(&mut resolver, tree, &Head::Free, None);
    let rule = checked.map(|mut checked| {
        let mut answers: Vec<(Span, usize)> = checked
            .variables
            .iter()
            .enumerate()
            .filter(|(_, variable)| variable.scope == 0 && variable.whole && !variable.name.starts_with('_'))
            .filter_map(|(at, variable)| Some((variable.uses.iter().map(|(span, _)| *span).min()?, at)))
            .collect();
        answers.sort_unstable();
        let columns = answers.iter().map(|(_, var)| Column {
            name: checked.variables[*var].name.clone(),
            ty: checked.types.variables[*var].clone(),
            optional: checked.variables[*var].optional,
            key: false,
            doc: "".into(),
        });
        let decl = RelationDecl { name, columns: columns.collect(), doc: "".into() };
        checked.tree.head =
            answers.iter().map(|(span, var)| Operand { kind: OperandKind::Var(*var), span: *span }).collect();
        query_rule(&scope, &checked, decl, place)
    });
    outcome(resolver, rule)
}

fn query_rule(scope: &Scope, checked: &Checked, decl: RelationDecl, place: Place) -> QueryRule {
    let columns: Vec<Type> = decl.columns.iter().map(|column| column.ty.clone()).collect();
    let Checked { tree, variables, types } = checked;
    let rule = emit(scope.world, tree, variables, types, &columns, RelId(u32::MAX), place);
    QueryRule { decl: Arc::new(decl), rule }
}

/// The rows of a relation that an atom asks for, all columns of them.
pub(crate) fn query_atom(scope: Scope, atom: &ast::Atom, name: Arc<str>, place: Place) -> Outcome<(QueryRule, RelId)> {
    let mut resolver = Resolver::new(scope);
    let Some(LitKind::Atom(Atom { relation, args })) = resolver.atom(atom) else { return outcome(resolver, None) };
    let decl = &scope.world.relation(relation).decl;
    let (mut head, mut body, mut wanted) = (Vec::new(), Vec::new(), Vec::new());
    for (arg, column) in args.into_iter().zip(&decl.columns) {
        let span = arg.span;
        let mut fresh = || {
            resolver.names.push(column.name.clone());
            resolver.names.len() - 1
        };
        let (kind, answer) = match arg.kind {
            ArgKind::Any if column.optional => {
                let var = fresh();
                (ArgKind::Optional(var), OperandKind::Var(var))
            }
            ArgKind::Any => {
                let var = fresh();
                (ArgKind::Var(var), OperandKind::Var(var))
            }
            ArgKind::Var(var) => (ArgKind::Var(var), OperandKind::Var(var)),
            ArgKind::Optional(var) => (ArgKind::Optional(var), OperandKind::Var(var)),
            ArgKind::Missing => (ArgKind::Missing, OperandKind::None),
            ArgKind::Value(Operand { kind: OperandKind::Const(value, ty), span }) => {
                let operand = Operand { kind: OperandKind::Const(value.clone(), ty.clone()), span };
                (ArgKind::Value(operand), OperandKind::Const(value, ty))
            }
            ArgKind::Value(operand) => {
                let var = fresh();
                let left = Operand { kind: OperandKind::Var(var), span };
                body.push(Lit { kind: LitKind::Compare(Comparison::Equal, left, operand), span });
                (ArgKind::Var(var), OperandKind::Var(var))
            }
        };
        wanted.push(Arg { kind, span });
        head.push(Operand { kind: answer, span });
    }
    body.insert(0, Lit { kind: LitKind::Atom(Atom { relation, args: wanted }), span: atom.span });
    let answers = RelationDecl { name, columns: decl.columns.clone(), doc: "".into() };
    let checked = check(&mut resolver, Tree { head, body, names: Vec::new() }, &Head::Free, None);
    let rule = checked.map(|checked| (query_rule(&scope, &checked, answers, place), relation));
    outcome(resolver, rule)
}
