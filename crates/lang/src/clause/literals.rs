//! Literals with their names resolved.

use std::sync::Arc;

use facts::{Type, Value};
use ir::{Comparison, TextTest};
use syntax::ast::{self, ExprKind, LiteralKind, LiteralValue, WordOp};

use super::resolve::Resolver;
use super::tree::{Group, Lit, LitKind, Operand, OperandKind};
use crate::checks::clauses;
use crate::patterns;

impl Resolver<'_> {
    /// Adds a literal to a body. Parentheses without `or` are no more than their content.
    pub(super) fn literal(&mut self, literal: &ast::Literal, out: &mut Vec<Lit>) {
        let span = literal.span;
        let kind = match &literal.kind {
            LiteralKind::Atom(atom) => self.atom(atom),
            LiteralKind::Not(body) => Some(LitKind::Not(self.body(body))),
            LiteralKind::Or(branches) => match branches.as_slice() {
                [one] => {
                    out.extend(self.body(one));
                    None
                }
                several => Some(LitKind::Or(several.iter().map(|branch| self.body(branch)).collect())),
            },
            LiteralKind::Compare(op, left, right) => self.compare(comparison(*op), left, right),
            LiteralKind::Word { op, negated, left, right, groups } => self.word(*op, *negated, left, right, groups),
        };
        out.extend(kind.map(|kind| Lit { kind, span }));
    }

    fn compare(&mut self, op: Comparison, left: &ast::Expr, right: &ast::Expr) -> Option<LitKind> {
        let is_none = |expr: &ast::Expr| matches!(expr.kind, ExprKind::Literal(LiteralValue::None));
        if matches!(op, Comparison::Equal | Comparison::NotEqual) && (is_none(left) || is_none(right)) {
            let tested = if is_none(right) { left } else { right };
            if let ExprKind::Name(name) | ExprKind::Optional(ast::Name { text: name, .. }) = &tested.kind {
                let variable = self.variable(name);
                return Some(LitKind::IsNone { variable, negated: op == Comparison::NotEqual });
            }
        }
        let (left, right) = (self.operand(left), self.operand(right));
        Some(LitKind::Compare(op, left?, right?))
    }

    fn word(
        &mut self,
        op: WordOp,
        negated: bool,
        left: &ast::Expr,
        right: &ast::Expr,
        groups: &[ast::Group],
    ) -> Option<LitKind> {
        let operand = self.operand(left);
        match op {
            WordOp::In => self.list(operand?, right, negated),
            WordOp::Matches => self.matches(operand?, right, negated, groups),
            WordOp::Like => {
                let right = self.glob(right)?;
                Some(LitKind::Text { test: TextTest::Like, negated, left: operand?, right, groups: Vec::new() })
            }
            WordOp::Contains | WordOp::StartsWith | WordOp::EndsWith => {
                let test = match op {
                    WordOp::Contains => TextTest::Contains,
                    WordOp::StartsWith => TextTest::StartsWith,
                    _ => TextTest::EndsWith,
                };
                let right = self.operand(right)?;
                Some(LitKind::Text { test, negated, left: operand?, right, groups: Vec::new() })
            }
        }
    }

    fn list(&mut self, operand: Operand, right: &ast::Expr, negated: bool) -> Option<LitKind> {
        let ExprKind::List(elements) = &right.kind else {
            let place = self.place(right.span);
            self.error(clauses::word_operand(place, "right of `in` stands a list", "write `in [\"a\", \"b\"]`"));
            return None;
        };
        let mut values = Vec::with_capacity(elements.len());
        for element in elements {
            let told = self.broken;
            match self.fixed(element) {
                Some(value) => values.push((value, element.span)),
                None if self.broken && !told => {}
                None => {
                    let place = self.place(element.span);
                    self.error(clauses::word_operand(
                        place,
                        "a list holds literals and params only",
                        "compare with anything else in a branch of an `or`: `( x in […] or x = y )`",
                    ));
                }
            }
        }
        Some(LitKind::In { operand, values, negated })
    }

    fn matches(&mut self, left: Operand, right: &ast::Expr, negated: bool, wanted: &[ast::Group]) -> Option<LitKind> {
        let ExprKind::Regex(regex) = &right.kind else {
            let place = self.place(right.span);
            self.error(clauses::word_operand(
                place,
                "right of `matches` stands a regex",
                "write `matches /…/`; to look for a text use `contains`",
            ));
            return None;
        };
        let groups = self.regex(regex)?;
        if negated && let Some(first) = wanted.first() {
            let place = self.place(first.name.span);
            self.error(clauses::negated_groups(place));
        }
        let mut bound = Vec::with_capacity(wanted.len());
        for (at, group) in wanted.iter().enumerate() {
            let name = &group.name;
            let named = groups.has(&name.text);
            if !named && at >= groups.count {
                let (place, regex) = (self.place(name.span), self.place(regex.span));
                self.error(clauses::group(place, &name.text, regex, groups.count));
                continue;
            }
            let number: Arc<str> = if named { name.text.clone() } else { (at + 1).to_string().into() };
            let variable = self.variable(&name.text);
            bound.push(Group { variable, group: number, optional: group.optional, span: name.span });
        }
        let kind = OperandKind::Const(Value::Text(regex.pattern.clone()), Type::String);
        let right = Operand { kind, span: right.span };
        Some(LitKind::Text { test: TextTest::Matches, negated, left, right, groups: bound })
    }

    fn glob(&mut self, right: &ast::Expr) -> Option<Operand> {
        let place = self.place(right.span);
        if let ExprKind::Interpolated(_) = right.kind {
            self.error(clauses::interpolation(place));
            return None;
        }
        let operand = self.operand(right)?;
        match &operand.kind {
            OperandKind::Const(Value::Text(pattern), _) => {
                if let Some(name) = lone_name(pattern) {
                    self.error(clauses::glob_interpolation(place, name));
                    return None;
                }
                if let Err(error) = patterns::glob(pattern) {
                    self.error(clauses::glob(place, &error));
                }
            }
            OperandKind::Constant(..) => {}
            _ => {
                self.error(clauses::word_operand(
                    place,
                    "right of `like` stands a text",
                    "write `like \"src/**/*.py\"`; to compare with a computed text use `contains` or `starts_with`",
                ));
                return None;
            }
        }
        Some(operand)
    }
}

/// The name in `{name}`, of which a glob makes one alternative: an interpolation was meant.
fn lone_name(pattern: &str) -> Option<&str> {
    let (_, rest) = pattern.split_once('{')?;
    let (inner, rest) = rest.split_once('}')?;
    let name = inner.chars().all(|c| c.is_alphanumeric() || c == '_') && !inner.is_empty();
    if name { Some(inner) } else { lone_name(rest) }
}

fn comparison(op: ast::Comparison) -> Comparison {
    match op {
        ast::Comparison::Equal => Comparison::Equal,
        ast::Comparison::NotEqual => Comparison::NotEqual,
        ast::Comparison::Less => Comparison::Less,
        ast::Comparison::LessEqual => Comparison::LessEqual,
        ast::Comparison::Greater => Comparison::Greater,
        ast::Comparison::GreaterEqual => Comparison::GreaterEqual,
    }
}
