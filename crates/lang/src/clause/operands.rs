//! Operands with their names resolved.

use base::Span;
use facts::{Type, Value};
use ir::{AggregateFunction, ArithmeticOp, Function};
use syntax::ast::{self, ExprKind, LiteralValue};

use super::resolve::Resolver;
use super::tree::{Agg, Fixed, Operand, OperandKind};
use crate::checks::{clauses, safety, types, unknown};
use crate::model::Constant;
use crate::patterns::{self, Groups};

impl Resolver<'_> {
    /// An operand of a body, or of a head that gives a value.
    pub fn operand(&mut self, expr: &ast::Expr) -> Option<Operand> {
        let kind = self.deeper(expr.span, |this| this.operand_kind(expr))?;
        Some(Operand { kind, span: expr.span })
    }

    fn boxed(&mut self, expr: &ast::Expr) -> Option<Box<Operand>> {
        self.operand(expr).map(Box::new)
    }

    fn operand_kind(&mut self, expr: &ast::Expr) -> Option<OperandKind> {
        let place = self.place(expr.span);
        Some(match &expr.kind {
            ExprKind::Literal(literal) => match literal_value(literal) {
                Some((value, ty)) => OperandKind::Const(value, ty),
                None => {
                    self.error(safety::stray_none(place));
                    return None;
                }
            },
            ExprKind::Interpolated(parts) => OperandKind::Concat(self.parts(parts, expr.span)?),
            ExprKind::Regex(_) => {
                self.error(clauses::word_operand(
                    place,
                    "a regex is no operand here",
                    "write `x matches /…/`, or give it to `replace`",
                ));
                return None;
            }
            ExprKind::List(_) => {
                self.error(clauses::word_operand(place, "a list is no operand here", "lists stand right of `in`"));
                return None;
            }
            ExprKind::Name(name) => self.name(name)?,
            ExprKind::Param(path) => {
                let param = self.scope.param(path);
                let param = self.take(param)?;
                self.param(param)
            }
            ExprKind::Optional(name) => {
                self.error(clauses::no_value(place, &format!("`{}?`", name.text)));
                return None;
            }
            ExprKind::Wildcard => {
                self.error(clauses::no_value(place, "`_`"));
                return None;
            }
            ExprKind::Call(name, args) => self.call(name, args, expr.span)?,
            ExprKind::Aggregate(aggregate) => self.aggregate(aggregate)?,
            // A literal with a sign is a literal.
            ExprKind::Negate(inner) => match &inner.kind {
                ExprKind::Literal(literal) => match literal_value(literal).and_then(negated) {
                    Some((value, ty)) => OperandKind::Const(value, ty),
                    None => OperandKind::Negate(self.boxed(inner)?),
                },
                _ => OperandKind::Negate(self.boxed(inner)?),
            },
            ExprKind::Arithmetic(op, left, right) => {
                let (left, right) = (self.boxed(left), self.boxed(right));
                OperandKind::Arithmetic(arithmetic(*op), left?, right?)
            }
            ExprKind::Else(left, right) => self.fallback(left, right)?,
        })
    }

    fn parts(&mut self, parts: &[ast::Part], span: Span) -> Option<Vec<Operand>> {
        let mut operands = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                ast::Part::Text(text) => {
                    let kind = OperandKind::Const(Value::Text(text.clone()), Type::String);
                    operands.push(Operand { kind, span });
                }
                ast::Part::Expr(expr) => operands.push(self.operand(expr)?),
            }
        }
        Some(operands)
    }

    fn fallback(&mut self, left: &ast::Expr, right: &ast::Expr) -> Option<OperandKind> {
        let name = match &left.kind {
            ExprKind::Name(name) => name,
            ExprKind::Optional(name) => &name.text,
            _ => {
                let place = self.place(left.span);
                self.error(clauses::word_operand(
                    place,
                    "left of `else` stands a variable",
                    "bind it as `x?` in an atom, then write `x else …`",
                ));
                return None;
            }
        };
        let place = self.place(right.span);
        let told = self.broken;
        let Some(value) = self.fixed(right) else {
            if told || !self.broken {
                self.error(clauses::word_operand(
                    place,
                    "right of `else` stands a literal or a param",
                    "for other values write two alternatives, in rules of their own: one with `x`, one with `x: none`",
                ));
            }
            return None;
        };
        Some(OperandKind::Else(self.variable(name), value))
    }

    /// A literal, a param or `today()`; none where it is something else, or wrong (which is told).
    pub(super) fn fixed(&mut self, expr: &ast::Expr) -> Option<Fixed> {
        if let Some((value, ty)) = super::constant(expr) {
            return Some(Fixed::Value(value, ty));
        }
        let kind = match &expr.kind {
            ExprKind::Name(name) if self.scope.own_param(name).is_some() => self.name(name)?,
            ExprKind::Param(_) => self.operand_kind(expr)?,
            ExprKind::Call(name, _) if &*name.text == "today" => self.operand_kind(expr)?,
            _ => return None,
        };
        match kind {
            OperandKind::Constant(constant, ty) => Some(Fixed::Constant(constant, ty)),
            _ => None,
        }
    }

    fn call(&mut self, name: &ast::Name, args: &[ast::Expr], span: Span) -> Option<OperandKind> {
        let place = self.place(span);
        if &*name.text == "today" {
            if !args.is_empty() {
                self.error(types::argument_count(place, "today", 0, args.len()));
                return None;
            }
            return Some(OperandKind::Constant(Constant::Today, Type::Time));
        }
        let Some((_, function)) = Function::ALL.iter().find(|(known, _)| *known == &*name.text) else {
            let place = self.place(name.span);
            self.error(unknown::function(place, &name.text));
            return None;
        };
        let wanted = arity(*function);
        if args.len() != wanted {
            self.error(types::argument_count(place, &name.text, wanted, args.len()));
            return None;
        }
        let mut operands = Vec::with_capacity(args.len());
        for (at, arg) in args.iter().enumerate() {
            operands.push(match &arg.kind {
                ExprKind::Regex(regex) if *function == Function::Replace && at == 1 => {
                    self.regex(regex)?;
                    let kind = OperandKind::Const(Value::Text(regex.pattern.clone()), Type::String);
                    Operand { kind, span: arg.span }
                }
                _ if *function == Function::Replace && at == 1 => {
                    let place = self.place(arg.span);
                    self.error(clauses::word_operand(
                        place,
                        "the second argument of `replace` is a regex",
                        "write `replace(s, /…/, \"…\")`",
                    ));
                    return None;
                }
                _ => self.operand(arg)?,
            });
        }
        Some(OperandKind::Call(*function, operands))
    }

    /// The groups of the regex, if it is one.
    pub(super) fn regex(&mut self, regex: &ast::Regex) -> Option<Groups> {
        match patterns::regex(&regex.pattern) {
            Ok(groups) => Some(groups),
            Err(error) => {
                let place = self.place(regex.span);
                self.error(clauses::regex(place, &error));
                None
            }
        }
    }

    fn aggregate(&mut self, aggregate: &ast::Aggregate) -> Option<OperandKind> {
        let body = self.body(&aggregate.body);
        let listed: Vec<Operand> = aggregate.listed.iter().filter_map(|expr| self.operand(expr)).collect();
        if listed.len() != aggregate.listed.len() {
            return None;
        }
        let function = match aggregate.function {
            ast::AggregateFunction::Count => AggregateFunction::Count,
            ast::AggregateFunction::Sum => AggregateFunction::Sum,
            ast::AggregateFunction::Min => AggregateFunction::Min,
            ast::AggregateFunction::Max => AggregateFunction::Max,
            ast::AggregateFunction::Avg => AggregateFunction::Avg,
            ast::AggregateFunction::Join => AggregateFunction::Join,
        };
        Some(OperandKind::Aggregate(Box::new(Agg { function, listed, body })))
    }
}

/// The value of a literal, unless it is `none`.
pub(crate) fn literal_value(literal: &LiteralValue) -> Option<(Value, Type)> {
    Some(match literal {
        LiteralValue::None => return None,
        LiteralValue::Bool(value) => (Value::Bool(*value), Type::Bool),
        LiteralValue::Int(value) => (Value::Int(*value), Type::Int),
        LiteralValue::Float(value) => (Value::float(*value)?, Type::Float),
        LiteralValue::Text(text) => (Value::Text(text.clone()), Type::String),
        LiteralValue::Time(value) => (Value::Time(*value), Type::Time),
        LiteralValue::Duration(value) => (Value::Duration(*value), Type::Duration),
    })
}

/// The value with its sign turned, where it has one.
pub(super) fn negated((value, ty): (Value, Type)) -> Option<(Value, Type)> {
    let value = match value {
        Value::Int(value) => Value::Int(value.checked_neg()?),
        Value::Float(value) => Value::float(-value)?,
        Value::Duration(value) => Value::Duration(value.checked_neg()?),
        _ => return None,
    };
    Some((value, ty))
}

fn arithmetic(op: ast::ArithmeticOp) -> ArithmeticOp {
    match op {
        ast::ArithmeticOp::Add => ArithmeticOp::Add,
        ast::ArithmeticOp::Subtract => ArithmeticOp::Subtract,
        ast::ArithmeticOp::Multiply => ArithmeticOp::Multiply,
        ast::ArithmeticOp::Divide => ArithmeticOp::Divide,
    }
}

fn arity(function: Function) -> usize {
    match function {
        Function::Replace | Function::Split => 3,
        Function::Min2 | Function::Max2 => 2,
        _ => 1,
    }
}
