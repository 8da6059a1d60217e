//! The types of operands, given those of variables.

use base::Place;
use facts::Type;
use ir::AggregateFunction;

use super::infer::{Infer, comparable};
use super::operator_types::{self, Wants};
use super::tree::{Operand, OperandKind};
use crate::checks::{safety, types};

impl Infer<'_> {
    /// The type of an operand; none where it is not known, or wrong (which is told in the second walk).
    pub(super) fn operand(&mut self, operand: &Operand) -> Option<Type> {
        let place: Place = self.scope.place(operand.span);
        Some(match &operand.kind {
            OperandKind::Const(_, ty) | OperandKind::Constant(_, ty) => ty.clone(),
            OperandKind::None => return None,
            OperandKind::Var(var) => {
                let variable = &self.variables[*var];
                if variable.optional {
                    let bound = variable.uses.iter().find(|(_, usage)| *usage == super::tree::Use::Optional);
                    let bound = bound.map_or(place, |(span, _)| self.scope.place(*span));
                    if self.reporting && self.told_missing.insert(*var) {
                        self.tell(safety::maybe_missing(&variable.name, place, bound));
                    }
                    return None;
                }
                self.variable(*var)?
            }
            OperandKind::Negate(inner) => {
                let ty = self.operand(inner)?;
                if !ty.is_summable() {
                    self.tell(types::operand(place, "`-`", "an int, float or duration", &ty));
                    return None;
                }
                ty
            }
            OperandKind::Arithmetic(op, left, right) => {
                let (a, b) = (self.operand(left), self.operand(right));
                let (a, b) = (a?, b?);
                match operator_types::arithmetic(*op, &a, &b) {
                    Some(ty) => ty,
                    None => {
                        let (left, right) = (self.scope.place(left.span), self.scope.place(right.span));
                        self.tell(types::arithmetic(place, *op, (&a, left), (&b, right)));
                        return None;
                    }
                }
            }
            OperandKind::Call(function, args) => return self.call(*function, args),
            OperandKind::Concat(parts) => {
                for part in parts {
                    self.operand(part);
                }
                Type::String
            }
            OperandKind::Else(var, value) => {
                let ty = value.ty();
                let found = self.variable(*var)?;
                if !comparable(ty, &found) || (*ty == Type::Float && found == Type::Int) {
                    self.tell(types::mismatch(place, ty, &found, &format!("`{}`", self.variables[*var].name)));
                    return None;
                }
                if found.is_text() { Type::String } else { found }
            }
            OperandKind::Aggregate(aggregate) => {
                if self.reporting {
                    self.check_body(&aggregate.body);
                }
                let listed: Vec<Option<Type>> = aggregate.listed.iter().map(|listed| self.operand(listed)).collect();
                return self.aggregate(aggregate.function, &aggregate.listed, listed);
            }
        })
    }

    fn call(&mut self, function: ir::Function, args: &[Operand]) -> Option<Type> {
        let found: Vec<Option<Type>> = args.iter().map(|arg| self.operand(arg)).collect();
        let found: Vec<Type> = found.into_iter().collect::<Option<_>>()?;
        let wanted: &[Wants] = operator_types::arguments(function);
        for ((wants, ty), arg) in wanted.iter().zip(&found).zip(args) {
            if !wants.takes(ty) {
                let place = self.scope.place(arg.span);
                self.tell(types::operand(place, &format!("`{}`", function.name()), wants.words(), ty));
                return None;
            }
        }
        let result = operator_types::result(function, &found);
        if result.is_none()
            && let ([a, b], [left, right]) = (found.as_slice(), args)
        {
            let (left, right) = (self.scope.place(left.span), self.scope.place(right.span));
            self.tell(types::sides(left, (a, left), (b, right)));
        }
        result
    }

    fn aggregate(&mut self, function: AggregateFunction, listed: &[Operand], types: Vec<Option<Type>>) -> Option<Type> {
        if function == AggregateFunction::Count {
            return Some(Type::Int);
        }
        let first = types.into_iter().next()??;
        let (name, wants, ok) = match function {
            AggregateFunction::Sum => ("`sum`", "an int, float or duration", first.is_summable()),
            AggregateFunction::Avg => ("`avg`", "an int, float or duration", first.is_summable()),
            AggregateFunction::Min => ("`min`", "a value with an order", first.is_ordered()),
            AggregateFunction::Max => ("`max`", "a value with an order", first.is_ordered()),
            AggregateFunction::Join | AggregateFunction::Count => ("`join`", "a value", true),
        };
        if !ok {
            let place = self.scope.place(listed[0].span);
            self.tell(types::operand(place, name, wants, &first));
            return None;
        }
        Some(match function {
            AggregateFunction::Avg if first == Type::Duration => Type::Duration,
            AggregateFunction::Avg => Type::Float,
            AggregateFunction::Join => Type::String,
            _ => first,
        })
    }
}
