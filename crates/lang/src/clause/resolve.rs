//! Names become relations, columns, params, functions; arguments line up with columns.

use std::sync::Arc;

use base::{Diagnostic, Place, Span};
use facts::RelationDecl;
use ir::RelId;
use rustc_hash::FxHashMap;
use syntax::ast;

use super::tree::{Arg, ArgKind, Atom, Lit, LitKind, Operand, OperandKind, Var};
use crate::checks::{clauses, types, unknown};
use crate::model::Entry;
use crate::names::{Failure, Scope};

/// Operands and bodies nest at most this deep.
const MAX_DEPTH: usize = 200;

/// The state of resolving one clause.
pub(crate) struct Resolver<'a> {
    /// Where the clause stands.
    pub scope: Scope<'a>,
    /// Names of variables by number.
    pub names: Vec<Arc<str>>,
    /// What is wrong.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether the clause cannot go on, be it for an error told elsewhere.
    pub broken: bool,
    /// Relations that the clause reads, broken or not.
    pub reads: Vec<RelId>,
    numbers: FxHashMap<Arc<str>, Var>,
    depth: usize,
}

impl<'a> Resolver<'a> {
    /// At the start of a clause.
    pub fn new(scope: Scope<'a>) -> Self {
        Resolver {
            scope,
            names: Vec::new(),
            diagnostics: Vec::new(),
            broken: false,
            reads: Vec::new(),
            numbers: FxHashMap::default(),
            depth: 0,
        }
    }

    pub(super) fn place(&self, span: Span) -> Place {
        self.scope.place(span)
    }

    /// Tells of an error; the clause cannot go on.
    pub fn error(&mut self, diagnostic: Diagnostic) {
        self.broken = true;
        self.diagnostics.push(diagnostic);
    }

    /// The value, or the failure told.
    pub fn take<T>(&mut self, result: Result<T, Failure>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(failure) => {
                self.broken = true;
                failure.tell(&mut self.diagnostics);
                None
            }
        }
    }

    /// Goes one level deeper, unless it is too deep.
    pub(super) fn deeper<T>(&mut self, span: Span, f: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if self.depth >= MAX_DEPTH {
            if !self.broken {
                let place = self.place(span);
                self.error(clauses::too_deep(place));
            }
            return None;
        }
        self.depth += 1;
        let result = f(self);
        self.depth -= 1;
        result
    }

    /// The number of the variable of that name.
    pub fn variable(&mut self, name: &Arc<str>) -> Var {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = self.names.len();
        self.names.push(name.clone());
        self.numbers.insert(name.clone(), number);
        number
    }

    /// A body; literals that fail are left out.
    pub fn body(&mut self, literals: &[ast::Literal]) -> Vec<Lit> {
        let mut body = Vec::with_capacity(literals.len());
        for literal in literals {
            self.deeper(literal.span, |this| {
                this.literal(literal, &mut body);
                Some(())
            });
        }
        body
    }

    /// An atom of a body.
    pub fn atom(&mut self, atom: &ast::Atom) -> Option<LitKind> {
        let relation = self.scope.relation(&atom.relation);
        let id = self.take(relation)?;
        self.reads.push(id);
        let world = self.scope.world;
        let relation = world.relation(id);
        let decl = &relation.decl;
        let aligned = self.align(atom, decl, relation.place)?;
        let mut args = Vec::with_capacity(aligned.len());
        for (value, column) in aligned.into_iter().zip(&decl.columns) {
            let Some(value) = value else {
                args.push(Arg { kind: ArgKind::Any, span: atom.span });
                continue;
            };
            let span = value.span;
            let kind = match &value.kind {
                ast::ExprKind::Wildcard => ArgKind::Any,
                ast::ExprKind::Optional(name) => ArgKind::Optional(self.variable(&name.text)),
                ast::ExprKind::Literal(ast::LiteralValue::None) => {
                    if !column.optional {
                        let place = self.place(span);
                        self.error(types::none_on_required(place, &column.name, decl, relation.place));
                    }
                    ArgKind::Missing
                }
                _ => match self.operand(value) {
                    Some(Operand { kind: OperandKind::Var(var), .. }) => ArgKind::Var(var),
                    Some(operand) => ArgKind::Value(operand),
                    None => ArgKind::Any,
                },
            };
            args.push(Arg { kind, span });
        }
        Some(LitKind::Atom(Atom { relation: id, args }))
    }

    /// The arguments in the order of the columns, `None` for a field that is left out.
    pub fn align<'b>(
        &mut self,
        atom: &'b ast::Atom,
        decl: &RelationDecl,
        declared: Place,
    ) -> Option<Vec<Option<&'b ast::Expr>>> {
        match &atom.args {
            ast::Args::Positional(args) => {
                if args.len() != decl.columns.len() {
                    let place = self.place(atom.span);
                    self.error(clauses::arity(place, decl, args.len(), declared));
                    return None;
                }
                Some(args.iter().map(Some).collect())
            }
            ast::Args::Named(args) => {
                let mut aligned: Vec<Option<&ast::Expr>> = vec![None; decl.columns.len()];
                for arg in args {
                    let place = self.place(arg.name.span);
                    match decl.column(&arg.name.text) {
                        None => self.error(unknown::column(place, &arg.name.text, decl)),
                        Some(at) => match aligned[at] {
                            Some(first) => {
                                let first = self.place(first.span);
                                self.error(clauses::field_twice(place, first, &arg.name.text));
                            }
                            None => aligned[at] = Some(&arg.value),
                        },
                    }
                }
                Some(aligned)
            }
        }
    }

    /// The arguments of a head of a rule: every column has one.
    pub fn head(&mut self, atom: &ast::Atom, decl: &RelationDecl, declared: Place) -> Option<Vec<Operand>> {
        let aligned = self.align(atom, decl, declared)?;
        let missing: Vec<&str> = aligned
            .iter()
            .zip(&decl.columns)
            .filter(|(value, _)| value.is_none())
            .map(|(_, column)| &*column.name)
            .collect();
        if !missing.is_empty() {
            if !self.broken {
                let place = self.place(atom.span);
                self.error(clauses::missing_fields(place, decl, &missing, false));
            }
            return None;
        }
        let mut head = Vec::with_capacity(aligned.len());
        for value in aligned.into_iter().flatten() {
            head.extend(self.head_operand(value));
        }
        Some(head)
    }

    /// An argument of a head.
    pub fn head_operand(&mut self, value: &ast::Expr) -> Option<Operand> {
        let span = value.span;
        Some(match &value.kind {
            ast::ExprKind::Literal(ast::LiteralValue::None) => Operand { kind: OperandKind::None, span },
            ast::ExprKind::Optional(name) => Operand { kind: OperandKind::Var(self.variable(&name.text)), span },
            _ => self.operand(value)?,
        })
    }

    /// A bare name: a param of the module, else a variable.
    pub(super) fn name(&mut self, name: &Arc<str>) -> Option<OperandKind> {
        match self.scope.own_param(name) {
            Some(Entry::Known(param)) => Some(self.param(param)),
            Some(Entry::Broken) => {
                self.broken = true;
                None
            }
            None => Some(OperandKind::Var(self.variable(name))),
        }
    }

    pub(super) fn param(&self, param: usize) -> OperandKind {
        OperandKind::Constant(crate::model::Constant::Param(param), self.scope.world.params[param].ty.clone())
    }
}
