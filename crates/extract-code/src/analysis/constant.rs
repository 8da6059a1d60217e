//! Constants: literals, and what is surely one after concatenation and constants of the module or class.

use std::rc::Rc;

use super::names::Names;
use super::reach::Source;
use crate::tree::{ExprId, Kind, Operator, Part};

/// Texts that are put together are not followed beyond this many bytes.
const LONGEST: usize = 8 << 10;
/// How many names are followed one into the other.
const DEEPEST: usize = 48;

/// A constant.
#[derive(Debug, Clone, PartialEq)]
pub enum Constant {
    Text(Rc<str>),
    Number(f64),
    Truth(bool),
    Nothing,
}

/// Folds expressions; results are kept.
pub struct Constants {
    memo: Vec<Option<Option<Constant>>>,
    depth: usize,
}

impl Constants {
    /// For a file with so many expressions.
    pub fn new(exprs: usize) -> Self {
        Constants { memo: vec![None; exprs], depth: 0 }
    }

    /// The constant that an expression surely is.
    pub fn of(&mut self, expr: ExprId, names: &mut Names<'_>) -> Option<Constant> {
        if let Some(known) = &self.memo[expr.at()] {
            return known.clone();
        }
        if self.depth >= DEEPEST {
            return None;
        }
        // Until it is known it is none: a value that hangs on itself is no constant.
        self.memo[expr.at()] = Some(None);
        self.depth += 1;
        let found = self.fold(expr, names);
        self.depth -= 1;
        self.memo[expr.at()] = Some(found.clone());
        found
    }

    /// The text that an expression surely is.
    pub fn text(&mut self, expr: ExprId, names: &mut Names<'_>) -> Option<Rc<str>> {
        match self.of(expr, names)? {
            Constant::Text(text) => Some(text),
            _ => None,
        }
    }

    fn fold(&mut self, expr: ExprId, names: &mut Names<'_>) -> Option<Constant> {
        let tree = names.tree;
        match tree.kind(expr) {
            Kind::Text(text) => Some(Constant::Text((**text).into())),
            Kind::Label(label) => Some(Constant::Text(tree.text(*label).into())),
            Kind::Number(number) => Some(Constant::Number(*number)),
            Kind::Truth(truth) => Some(Constant::Truth(*truth)),
            Kind::Nothing => Some(Constant::Nothing),
            Kind::Name(_) => match names.reaching.only(names.reaching.uses[expr.at()])?.source {
                Source::Value(value) => self.of(value, names),
                Source::Member(value, name) => {
                    let picked = names.member_of_map(value, name);
                    match picked.values.as_slice() {
                        &[one] if picked.exact => self.of(one, names),
                        _ => None,
                    }
                }
                _ => None,
            },
            Kind::Attribute { object, name } => {
                let value = self.behind(expr, names).or_else(|| names.field_value(*object, *name));
                match value {
                    Some(value) => self.of(value, names),
                    // The value of a member of an enumeration.
                    None if tree.text(*name) == names.idioms.enum_value
                        && matches!(tree.kind(*object), Kind::Attribute { .. }) =>
                    {
                        self.of(*object, names)
                    }
                    None if names.idioms.entries_are_attributes => self.picked(expr, names),
                    None => None,
                }
            }
            Kind::Subscript { .. } => self.picked(expr, names),
            Kind::Call { callee, arguments } => {
                let named = names.of(*callee);
                let declares = named.iter().any(|&id| names.idioms.fields.contains(&&*names.get(id).text));
                match names.default_of(arguments) {
                    (Some(default), None) if declares => self.of(default, names),
                    _ => None,
                }
            }
            Kind::Bind { value, .. } => self.of(*value, names),
            Kind::Format(parts) => self.format(parts, names),
            Kind::Concatenation(operands) => self.concatenation(operands, names),
            Kind::Operation { operator, operands } => self.operation(*operator, operands, names),
            _ => None,
        }
    }

    /// The one entry that an expression surely takes out of a container.
    fn picked(&mut self, expr: ExprId, names: &mut Names<'_>) -> Option<Constant> {
        let picked = names.picked(expr);
        match picked.values.as_slice() {
            &[one] if picked.exact => self.of(one, names),
            _ => None,
        }
    }

    /// The value of the one definition that a use may see.
    fn behind(&self, expr: ExprId, names: &Names<'_>) -> Option<ExprId> {
        match names.reaching.only(names.reaching.uses[expr.at()])?.source {
            Source::Value(value) => Some(value),
            _ => None,
        }
    }

    fn format(&mut self, parts: &[Part], names: &mut Names<'_>) -> Option<Constant> {
        let mut whole = String::new();
        for part in parts {
            match part {
                Part::Text(text) => whole.push_str(text),
                Part::Hole { value, plain: true } => whole.push_str(&self.text(*value, names)?),
                Part::Hole { .. } => return None,
            }
            if whole.len() > LONGEST {
                return None;
            }
        }
        Some(Constant::Text(whole.into()))
    }

    fn concatenation(&mut self, operands: &[ExprId], names: &mut Names<'_>) -> Option<Constant> {
        if let Constant::Number(_) = self.of(*operands.first()?, names)? {
            return self.reduce(operands, names, |a, b| a + b);
        }
        let mut whole = String::new();
        for &operand in operands {
            whole.push_str(&self.text(operand, names)?);
            if whole.len() > LONGEST {
                return None;
            }
        }
        Some(Constant::Text(whole.into()))
    }

    fn operation(&mut self, operator: Operator, operands: &[ExprId], names: &mut Names<'_>) -> Option<Constant> {
        match operator {
            Operator::Negate => self.reduce(operands, names, |a, _| a).map(|constant| match constant {
                Constant::Number(number) => Constant::Number(-number),
                other => other,
            }),
            Operator::Multiply => self.reduce(operands, names, |a, b| a * b),
            Operator::Subtract => self.reduce(operands, names, |a, b| a - b),
            Operator::Divide => self.reduce(operands, names, |a, b| a / b),
            Operator::Not | Operator::Percent | Operator::Union | Operator::Other => None,
        }
    }

    fn reduce(&mut self, operands: &[ExprId], names: &mut Names<'_>, step: fn(f64, f64) -> f64) -> Option<Constant> {
        let mut result: Option<f64> = None;
        for &operand in operands {
            let Constant::Number(number) = self.of(operand, names)? else { return None };
            result = Some(result.map_or(number, |before| step(before, number)));
        }
        result.filter(|number| number.is_finite()).map(Constant::Number)
    }
}
