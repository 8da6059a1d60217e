//! Operands: chains of operators put in order of precedence, values, functions, aggregates.

use base::Span;

use super::clause::Chain;
use super::text::TEXTS;
use super::value::{self, Wrong};
use super::{Builder, Children, Node};
use crate::ast::{Aggregate, AggregateFunction, ArithmeticOp, Expr, ExprKind, LiteralValue, Regex};
use crate::codes;
use crate::grammar::Rule;
use crate::scan::MAX_DEPTH;

/// More operators than this in one expression are refused: trees of expressions are walked recursively.
const MAX_OPERATORS: usize = 256;

/// What an expression is an argument of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Position {
    /// A side of a comparison, a part of arithmetic, an interpolation.
    Operand,
    /// An argument of a relation in a body: `x?` binds here.
    Argument,
    /// An argument of a head.
    Head,
    /// An argument of a function: a regex may stand here.
    Function,
}

/// An operand of a chain with the minus signs before it.
pub(crate) struct Term<'t> {
    pub minuses: Vec<Span>,
    pub node: Node<'t>,
}

impl Builder<'_> {
    /// The operand that a `literal` node has to be.
    pub fn operand(&mut self, literal: Node<'_>) -> Expr {
        self.operand_at(literal, Position::Operand)
    }

    pub fn operand_at(&mut self, literal: Node<'_>, position: Position) -> Expr {
        let chain = self.chain(literal);
        self.chain_operand(chain, position)
    }

    pub fn chain_operand(&mut self, chain: Chain<'_>, position: Position) -> Expr {
        if let Some(&not) = chain.nots.first() {
            let help = "`not` negates conditions of a body";
            self.error(codes::OPERAND, not, "`not` cannot stand before a value", help);
        } else if let Some(&(operator, span)) = chain.operators.iter().find(|(operator, _)| !is_arithmetic(operator)) {
            let message = format!("a comparison with `{operator}` is no value");
            self.error(codes::OPERAND, span, message, "make it a condition of its own in the body");
        } else if let Some(groups) = &chain.groups {
            let span = self.span(groups);
            self.error(
                codes::OPERAND,
                span,
                "`as (…)` binds groups of `matches` only",
                "write `x matches /re/ as (g)`",
            );
        }
        let operators: Vec<(&str, Span)> =
            chain.operators.into_iter().filter(|(operator, _)| is_arithmetic(operator)).collect();
        self.arithmetic(chain.terms, &operators, position)
    }

    /// A chain of arithmetic. `terms` is longer than `operators` by one, unless something is wrong already.
    pub fn arithmetic(&mut self, terms: Vec<Term<'_>>, operators: &[(&str, Span)], position: Position) -> Expr {
        if operators.len() > MAX_OPERATORS {
            let (_, span) = operators[MAX_OPERATORS];
            let message = format!("more than {MAX_OPERATORS} operators in one expression");
            self.error(codes::DEEP, span, message, "compute it in steps, each in a relation or variable of its own");
        }
        let position = if operators.is_empty() { position } else { Position::Operand };
        let mut operators = operators.iter().take(MAX_OPERATORS);
        // Operands and operators that still wait for something that binds more strongly, as two stacks.
        let mut values: Vec<Expr> = Vec::new();
        let mut waiting: Vec<&str> = Vec::new();
        for term in terms {
            let value = self.term(term, position);
            values.push(value);
            let next = operators.next().map(|&(operator, _)| operator);
            while let Some(operator) = waiting.pop_if(|operator| next.is_none_or(|next| rank(operator) >= rank(next))) {
                self.combine(&mut values, operator);
            }
            match next {
                Some(next) => waiting.push(next),
                None => break,
            }
        }
        values.pop().unwrap_or(Expr { kind: ExprKind::Wildcard, span: Span::default() })
    }

    fn combine(&mut self, values: &mut Vec<Expr>, operator: &str) {
        let (Some(right), Some(left)) = (values.pop(), values.pop()) else { return };
        let span = left.span.cover(right.span);
        let op = match operator {
            "+" => ArithmeticOp::Add,
            "-" => ArithmeticOp::Subtract,
            "*" => ArithmeticOp::Multiply,
            "/" => ArithmeticOp::Divide,
            _ => return values.push(Expr { kind: ExprKind::Else(left.into(), right.into()), span }),
        };
        values.push(Expr { kind: ExprKind::Arithmetic(op, left.into(), right.into()), span });
    }

    fn term(&mut self, term: Term<'_>, position: Position) -> Expr {
        let Term { mut minuses, node } = term;
        let position = if minuses.is_empty() { position } else { Position::Operand };
        if minuses.len() > MAX_DEPTH {
            self.error(
                codes::DEEP,
                minuses[MAX_DEPTH],
                format!("more than {MAX_DEPTH} minus signs in a row"),
                "one will do",
            );
            minuses.truncate(MAX_DEPTH);
        }
        let mut expr = if node.as_rule() == Rule::number {
            // The smallest integer has no positive twin, so a minus is read with its number.
            let minus = minuses.pop();
            let mut expr = self.number(&node, minus.is_some());
            expr.span = minus.map_or(expr.span, |minus| minus.cover(expr.span));
            expr
        } else {
            self.primary(node, position)
        };
        for minus in minuses.into_iter().rev() {
            expr = Expr { span: minus.cover(expr.span), kind: ExprKind::Negate(expr.into()) };
        }
        expr
    }

    fn number(&mut self, node: &Node<'_>, negative: bool) -> Expr {
        let span = self.span(node);
        let value = value::number(node.as_str(), negative).unwrap_or_else(|Wrong { code, message, help }| {
            let place = self.place(span);
            self.diagnostics.push(base::Diagnostic::error(code, place, message).maybe_help(help));
            LiteralValue::Int(0)
        });
        Expr { kind: ExprKind::Literal(value), span }
    }

    fn primary(&mut self, node: Node<'_>, position: Position) -> Expr {
        let span = self.span(&node);
        let kind = match node.as_rule() {
            Rule::boolean => ExprKind::Literal(LiteralValue::Bool(node.as_str() == "true")),
            Rule::nothing => ExprKind::Literal(LiteralValue::None),
            rule if TEXTS.contains(&rule) => return self.text_operand(&node),
            Rule::regex => {
                if position != Position::Function {
                    let help = "a regex stands right of `matches` or in `replace(text, /re/, with)`; a division needs an operand before its `/`";
                    self.error(codes::OPERAND, span, "a regex cannot stand here", help);
                }
                ExprKind::Regex(self.regex(&node))
            }
            Rule::list => {
                let help =
                    "test membership with `x in [\"a\", \"b\"]`; many values are better kept as facts of a relation";
                self.error(codes::OPERAND, span, "a list can only stand right of `in`", help);
                ExprKind::List(Vec::new())
            }
            Rule::group => return Expr { span, ..self.parenthesized(node) },
            _ => self.reference_operand(node, position),
        };
        Expr { kind, span }
    }

    pub fn regex(&mut self, node: &Node<'_>) -> Regex {
        let span = self.span(node);
        let (pattern, unknown) = value::regex(node.as_str());
        if let Some(flag) = unknown {
            let help = "flags are `i` (any case), `m` (`^` and `$` at lines), `s` (`.` matches line breaks), `x` (blanks do not count), `U` and `u`";
            self.error(codes::REGEX, span, format!("there is no regex flag `{flag}`"), help);
        }
        Regex { pattern, span }
    }

    /// `(a + b)` as a value.
    fn parenthesized(&mut self, node: Node<'_>) -> Expr {
        let span = self.span(&node);
        let mut branches = Children::of(node).filter(|child| child.as_rule() == Rule::body);
        let (only, more) = (branches.next(), branches.next().is_some());
        let mut literals = only.into_iter().flat_map(Children::of);
        match (literals.next(), literals.next().is_some() || more) {
            (Some(literal), false) => self.operand(literal),
            _ => {
                let help = "conditions are joined by `,` in the body, values by `+ - * /`";
                self.error(codes::OPERAND, span, "conditions in parentheses are no value", help);
                Expr { kind: ExprKind::Wildcard, span }
            }
        }
    }

    fn reference_operand(&mut self, node: Node<'_>, position: Position) -> ExprKind {
        let mut children = Children::of(node);
        let Some(path_node) = children.next() else { return ExprKind::Wildcard };
        let path = self.path(&path_node);
        let name = path.last().clone();
        let single = path.parts.len() == 1;
        let Some(rest) = children.next() else {
            return match path.single() {
                Some(name) if &*name.text == "_" => ExprKind::Wildcard,
                Some(name) => ExprKind::Name(name.text.clone()),
                None => ExprKind::Param(path),
            };
        };
        let aggregate = function_of(&name.text).filter(|_| single);
        match (rest.as_rule(), aggregate) {
            (Rule::optional, _) => {
                if position != Position::Argument || !single {
                    let name = path.text();
                    let (message, help) = match position {
                        Position::Head => (
                            format!("`{name}?` binds nothing in a head"),
                            format!("write `{name}`: the body binds it with `{name}?`, the head passes it on"),
                        ),
                        _ => (
                            format!("`{name}?` binds nothing here"),
                            format!(
                                "bind it in an argument of a relation, such as `vendor.register{{name: v, {name}?}}`, and write `{name}` everywhere else"
                            ),
                        ),
                    };
                    self.error(codes::OPTIONAL, path.span.cover(self.span(&rest)), message, help);
                }
                ExprKind::Optional(name)
            }
            (Rule::arguments, Some(function)) => {
                let word = &*name.text;
                let example = match function {
                    AggregateFunction::Count => "count { x : relation(x) }".to_owned(),
                    _ => format!("{word} {{ x, key : relation(x, key) }}"),
                };
                let message = format!("`{word}` is an aggregate and takes its body in braces");
                self.error(
                    codes::AGGREGATE,
                    path.span,
                    message,
                    format!("write `n = {example}`: what is listed, a colon, and where it comes from"),
                );
                ExprKind::Wildcard
            }
            (Rule::arguments, None) => {
                if !single {
                    let help = "write it as a condition of its own in the body and use its variables here";
                    self.error(
                        codes::OPERAND,
                        path.span,
                        format!("`{}` is a relation, not a value", path.text()),
                        help,
                    );
                }
                let arguments =
                    Children::of(rest).map(|literal| self.operand_at(literal, Position::Function)).collect();
                ExprKind::Call(name, arguments)
            }
            (_, Some(function)) => self.aggregate(function, rest),
            (_, None) => {
                let known = base::did_you_mean(&name.text, FUNCTIONS.map(|(word, _)| word)).filter(|_| single);
                let help = known.unwrap_or_else(|| {
                    "write it as a condition of its own in the body and use its variables here".to_owned()
                });
                self.error(
                    codes::OPERAND,
                    path.span,
                    format!("`{}` with braces is a relation, not a value", path.text()),
                    help,
                );
                ExprKind::Wildcard
            }
        }
    }

    /// `{ listed, listed : condition, condition }`: the grammar reads elements, exactly one of them has the colon.
    fn aggregate(&mut self, function: AggregateFunction, braces: Node<'_>) -> ExprKind {
        let span = self.span(&braces);
        let (mut listed, mut body) = (Vec::new(), Vec::new());
        let mut colon = false;
        for element in Children::of(braces) {
            let element_span = self.span(&element);
            let parts: Vec<Node<'_>> = Children::of(element).filter(|part| part.as_rule() != Rule::colon).collect();
            let two = parts.len() == 2;
            if two && colon {
                let help = "an aggregate has one colon: before it what is listed, behind it the conditions";
                self.error(codes::AGGREGATE, element_span, "a second colon in an aggregate", help);
            }
            for (at, part) in parts.into_iter().enumerate() {
                match part.as_rule() {
                    Rule::literal if colon || at == 1 => body.push(self.literal(part)),
                    Rule::literal => listed.push(self.operand(part)),
                    _ => {
                        let word = part.as_str().to_owned();
                        self.error(
                            codes::RESERVED,
                            element_span,
                            format!("`{word}` is a reserved word"),
                            "choose another name",
                        );
                    }
                }
            }
            colon |= two;
        }
        if !colon {
            let help = "write what is listed, a colon, and where it comes from: `count { x : relation(x) }`";
            let message =
                if listed.is_empty() { "an aggregate with empty braces" } else { "an aggregate without a body" };
            self.error(codes::AGGREGATE, span, message, help);
        }
        ExprKind::Aggregate(Aggregate { function, listed, body })
    }
}

/// The aggregates by name.
pub(crate) const FUNCTIONS: [(&str, AggregateFunction); 6] = [
    ("count", AggregateFunction::Count),
    ("sum", AggregateFunction::Sum),
    ("min", AggregateFunction::Min),
    ("max", AggregateFunction::Max),
    ("avg", AggregateFunction::Avg),
    ("join", AggregateFunction::Join),
];

/// The aggregate of that name.
pub(crate) fn function_of(word: &str) -> Option<AggregateFunction> {
    FUNCTIONS.into_iter().find(|(name, _)| *name == word).map(|(_, function)| function)
}

pub(crate) fn is_arithmetic(operator: &str) -> bool {
    matches!(operator, "+" | "-" | "*" | "/" | "else")
}

fn rank(operator: &str) -> u8 {
    match operator {
        "*" | "/" => 2,
        "+" | "-" => 1,
        _ => 0,
    }
}
