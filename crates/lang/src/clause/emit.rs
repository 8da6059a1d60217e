//! The rule in its final form: constants take the types that their places want, params and `today()` become
//! variables that `lower` puts values in place of.

use base::Place;
use facts::{Type, Value};
use ir::{Arg, Body, Expr, ExprKind, Literal, LiteralKind, RelId, VarId};

use super::bind::Variable;
use super::infer::{Types, coerce};
use super::operator_types;
use super::tree::{ArgKind, Fixed, Lit, LitKind, Operand, OperandKind, Tree, Var};
use crate::analysis::reads;
use crate::model::{Constant, Resolved, Rule};

/// The rule `head(tree.head) :- tree.body` with the types of its head's columns.
pub(crate) fn emit(
    world: &Resolved,
    tree: &Tree,
    variables: &[Variable],
    types: &Types,
    columns: &[Type],
    head: RelId,
    place: Place,
) -> Rule {
    let variables = variables
        .iter()
        .zip(&types.variables)
        .map(|(variable, ty)| ir::Variable { name: variable.name.clone(), ty: ty.clone(), optional: variable.optional })
        .collect();
    let mut emit = Emit { world, place, variables, constants: Vec::new(), blanks: Vec::new() };
    let body = emit.body(&tree.body);
    let args: Vec<Expr> =
        tree.head.iter().enumerate().map(|(at, operand)| emit.operand(operand, columns.get(at))).collect();
    let mut found = Vec::new();
    reads::body(&body, false, &mut |read| found.push(read));
    args.iter().for_each(|arg| reads::expr(arg, &mut |read| found.push(read)));
    found.sort_unstable();
    found.dedup();
    let Emit { variables, constants, blanks, .. } = emit;
    Rule { rule: ir::Rule { head, args, body, variables, place }, constants, blanks, reads: found }
}

struct Emit<'a> {
    world: &'a Resolved,
    place: Place,
    variables: Vec<ir::Variable>,
    constants: Vec<(VarId, Constant)>,
    blanks: Vec<(Constant, Type)>,
}

fn id(var: Var) -> VarId {
    VarId(var as u32)
}

impl Emit<'_> {
    fn body(&mut self, body: &[Lit]) -> Body {
        body.iter().map(|lit| self.literal(lit)).collect()
    }

    fn literal(&mut self, lit: &Lit) -> Literal {
        let place = Place { file: self.place.file, span: lit.span };
        let kind = match &lit.kind {
            LitKind::Atom(atom) => {
                let decl = self.world.relation(atom.relation).decl.clone();
                let args = atom.args.iter().zip(&decl.columns).map(|(arg, column)| match &arg.kind {
                    ArgKind::Any => Arg::Any,
                    ArgKind::Var(var) => Arg::Var(id(*var)),
                    ArgKind::Optional(var) => Arg::Optional(id(*var)),
                    ArgKind::Missing => Arg::Missing,
                    ArgKind::Value(operand) => Arg::Value(self.operand(operand, Some(&column.ty))),
                });
                LiteralKind::Atom(ir::Atom { relation: atom.relation, args: args.collect() })
            }
            LitKind::Not(body) => LiteralKind::Not(self.body(body)),
            LitKind::Or(branches) => LiteralKind::Or(branches.iter().map(|body| self.body(body)).collect()),
            LitKind::Compare(op, left, right) => {
                let (a, b) = (self.ty(left), self.ty(right));
                let both = if a == Type::Float || b == Type::Float { Some(Type::Float) } else { None };
                let left = self.operand(left, both.as_ref());
                LiteralKind::Compare(*op, left, self.operand(right, both.as_ref()))
            }
            LitKind::IsNone { variable, negated } => LiteralKind::IsNone { variable: id(*variable), negated: *negated },
            LitKind::Text { test, negated, left, right, groups } => LiteralKind::Text {
                test: *test,
                negated: *negated,
                left: self.operand(left, None),
                right: self.operand(right, None),
                groups: groups
                    .iter()
                    .map(|group| ir::Group { variable: id(group.variable), group: group.group.clone() })
                    .collect(),
            },
            LitKind::In { operand, values, negated } => {
                let operand = self.operand(operand, None);
                let values = values.iter().map(|(value, _)| self.fixed(value, &operand.ty)).collect();
                LiteralKind::In { operand, values, negated: *negated }
            }
        };
        Literal { kind, place }
    }

    /// The type that an operand will have.
    fn ty(&self, operand: &Operand) -> Type {
        match &operand.kind {
            OperandKind::Const(_, ty) | OperandKind::Constant(_, ty) => ty.clone(),
            OperandKind::None => Type::String,
            OperandKind::Var(var) => self.variables[*var].ty.clone(),
            OperandKind::Else(var, ..) => match &self.variables[*var].ty {
                Type::Entity(_) => Type::String,
                ty => ty.clone(),
            },
            OperandKind::Negate(inner) => self.ty(inner),
            OperandKind::Arithmetic(op, left, right) => {
                operator_types::arithmetic(*op, &self.ty(left), &self.ty(right)).unwrap_or(Type::Int)
            }
            OperandKind::Call(function, args) => {
                let args: Vec<Type> = args.iter().map(|arg| self.ty(arg)).collect();
                operator_types::result(*function, &args).unwrap_or(Type::String)
            }
            OperandKind::Concat(_) => Type::String,
            OperandKind::Aggregate(aggregate) => {
                let first = aggregate.listed.first().map_or(Type::Int, |first| self.ty(first));
                match aggregate.function {
                    ir::AggregateFunction::Count => Type::Int,
                    ir::AggregateFunction::Join => Type::String,
                    ir::AggregateFunction::Avg if first != Type::Duration => Type::Float,
                    _ => first,
                }
            }
        }
    }

    /// The operand; a constant is turned into the wanted type.
    fn operand(&mut self, operand: &Operand, wanted: Option<&Type>) -> Expr {
        let mut ty = self.ty(operand);
        let kind = match &operand.kind {
            OperandKind::Const(value, _) => match wanted {
                Some(wanted) if *wanted != ty => {
                    let value = coerce(value, wanted);
                    if value.fits(wanted) {
                        ty = wanted.clone();
                    }
                    ExprKind::Const(value)
                }
                _ => ExprKind::Const(value.clone()),
            },
            OperandKind::None => {
                ty = wanted.cloned().unwrap_or(ty);
                ExprKind::Const(Value::None)
            }
            OperandKind::Var(var) => ExprKind::Var(id(*var)),
            OperandKind::Constant(constant, ty) => ExprKind::Var(self.constant(*constant, ty)),
            OperandKind::Negate(inner) => ExprKind::Negate(Box::new(self.operand(inner, None))),
            OperandKind::Arithmetic(op, left, right) => {
                let left = self.operand(left, None);
                ExprKind::Arithmetic(*op, Box::new(left), Box::new(self.operand(right, None)))
            }
            OperandKind::Call(function, args) => {
                ExprKind::Call(*function, args.iter().map(|arg| self.operand(arg, None)).collect())
            }
            OperandKind::Concat(parts) => ExprKind::Concat(parts.iter().map(|part| self.operand(part, None)).collect()),
            OperandKind::Else(var, value) => {
                let wanted = self.variables[*var].ty.clone();
                ExprKind::Else(id(*var), self.fixed(value, &wanted))
            }
            OperandKind::Aggregate(aggregate) => {
                let body = self.body(&aggregate.body);
                let listed = aggregate.listed.iter().map(|listed| self.operand(listed, None)).collect();
                ExprKind::Aggregate(Box::new(ir::Aggregate { function: aggregate.function, listed, body }))
            }
        };
        Expr { kind, ty }
    }

    /// The value, or none where a run decides it: then it is the next of the blanks.
    fn fixed(&mut self, value: &Fixed, wanted: &Type) -> Value {
        match value {
            Fixed::Value(value, _) => coerce(value, wanted),
            Fixed::Constant(constant, _) => {
                self.blanks.push((*constant, wanted.clone()));
                Value::None
            }
        }
    }

    /// The variable that stands for a param or `today()`.
    fn constant(&mut self, constant: Constant, ty: &Type) -> VarId {
        if let Some((var, _)) = self.constants.iter().find(|(_, known)| *known == constant) {
            return *var;
        }
        let var = id(self.variables.len());
        let name = match constant {
            Constant::Param(param) => self.world.params[param].name.clone(),
            Constant::Today => "today()".into(),
        };
        self.variables.push(ir::Variable { name, ty: ty.clone(), optional: false });
        self.constants.push((var, constant));
        var
    }
}
