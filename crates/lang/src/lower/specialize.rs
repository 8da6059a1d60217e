//! A resolved rule over the relation ids of a program, with the values of params and `today()` in their place.

use facts::Value;
use ir::{Aggregate, Arg, Atom, Body, Expr, ExprKind, Literal, LiteralKind, RelId, VarId};

use crate::Settings;
use crate::clause::coerce;
use crate::model::{Constant, Resolved, Rule};

/// Values of params by number.
pub(super) fn params(world: &Resolved, settings: &Settings) -> Vec<Value> {
    let value = |param: &crate::model::Param| {
        let given = settings.params.iter().rev().find(|(name, value)| *name == param.name && value.fits(&param.ty));
        given.map_or_else(|| param.default.clone(), |(_, value)| value.clone())
    };
    world.params.iter().map(value).collect()
}

/// The rule with head `head`; `relations` gives the new id of each relation that it reads.
pub(super) fn rule(rule: &Rule, head: RelId, relations: &[RelId], params: &[Value], as_of: i64) -> ir::Rule {
    let value = |constant: &Constant| match constant {
        Constant::Param(param) => params[*param].clone(),
        Constant::Today => Value::Time(as_of),
    };
    let constants = rule.constants.iter().map(|(var, constant)| (*var, value(constant))).collect();
    let mut blanks = rule.blanks.iter().map(|(constant, ty)| coerce(&value(constant), ty));
    let mut specialize = Specialize { relations, constants, blanks: &mut blanks };
    // In the order in which the blanks are listed.
    let body = specialize.body(&rule.rule.body);
    let plain = rule.rule.variables.len() - rule.constants.len();
    ir::Rule {
        head,
        args: rule.rule.args.iter().map(|arg| specialize.expr(arg)).collect(),
        body,
        variables: rule.rule.variables[..plain].to_vec(),
        place: rule.rule.place,
    }
}

struct Specialize<'a> {
    blanks: &'a mut dyn Iterator<Item = Value>,
    relations: &'a [RelId],
    constants: Vec<(VarId, Value)>,
}

impl Specialize<'_> {
    fn constant(&self, var: VarId) -> Option<&Value> {
        self.constants.iter().find(|(known, _)| *known == var).map(|(_, value)| value)
    }

    /// The value, or the next of the blanks.
    fn filled(&mut self, value: &Value) -> Value {
        if value.is_none() { self.blanks.next().unwrap_or(Value::None) } else { value.clone() }
    }

    fn body(&mut self, body: &Body) -> Body {
        body.iter().map(|literal| Literal { kind: self.literal(&literal.kind), place: literal.place }).collect()
    }

    fn literal(&mut self, literal: &LiteralKind) -> LiteralKind {
        match literal {
            LiteralKind::Atom(atom) => LiteralKind::Atom(Atom {
                relation: self.relations[atom.relation.0 as usize],
                args: atom.args.iter().map(|arg| self.arg(arg)).collect(),
            }),
            LiteralKind::Not(body) => LiteralKind::Not(self.body(body)),
            LiteralKind::Or(branches) => LiteralKind::Or(branches.iter().map(|branch| self.body(branch)).collect()),
            LiteralKind::Compare(op, left, right) => LiteralKind::Compare(*op, self.expr(left), self.expr(right)),
            LiteralKind::Text { test, negated, left, right, groups } => LiteralKind::Text {
                test: *test,
                negated: *negated,
                left: self.expr(left),
                right: self.expr(right),
                groups: groups.clone(),
            },
            LiteralKind::In { operand, values, negated } => LiteralKind::In {
                operand: self.expr(operand),
                values: values.iter().map(|value| self.filled(value)).collect(),
                negated: *negated,
            },
            LiteralKind::IsNone { .. } => literal.clone(),
        }
    }

    fn arg(&mut self, arg: &Arg) -> Arg {
        match arg {
            Arg::Value(expr) => Arg::Value(self.expr(expr)),
            Arg::Any | Arg::Var(_) | Arg::Optional(_) | Arg::Missing => arg.clone(),
        }
    }

    fn expr(&mut self, expr: &Expr) -> Expr {
        let kind = match &expr.kind {
            ExprKind::Var(var) => match self.constant(*var) {
                Some(value) => ExprKind::Const(value.clone()),
                None => ExprKind::Var(*var),
            },
            ExprKind::Const(_) => expr.kind.clone(),
            ExprKind::Else(var, value) => ExprKind::Else(*var, self.filled(value)),
            ExprKind::Negate(inner) => ExprKind::Negate(Box::new(self.expr(inner))),
            ExprKind::Arithmetic(op, left, right) => {
                ExprKind::Arithmetic(*op, Box::new(self.expr(left)), Box::new(self.expr(right)))
            }
            ExprKind::Call(function, args) => {
                ExprKind::Call(*function, args.iter().map(|arg| self.expr(arg)).collect())
            }
            ExprKind::Concat(parts) => ExprKind::Concat(parts.iter().map(|part| self.expr(part)).collect()),
            ExprKind::Aggregate(aggregate) => {
                let body = self.body(&aggregate.body);
                let listed = aggregate.listed.iter().map(|listed| self.expr(listed)).collect();
                ExprKind::Aggregate(Box::new(Aggregate { function: aggregate.function, listed, body }))
            }
        };
        Expr { kind, ty: expr.ty.clone() }
    }
}
