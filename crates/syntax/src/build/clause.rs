//! Clauses, atoms and the conditions of bodies.

use base::Span;

use super::expr::{Position, Term, function_of, is_arithmetic};
use super::text::TEXTS;
use super::{Builder, Children, Node};
use crate::ast::{
    Args, Atom, Clause, Comparison, Expr, ExprKind, Group, Literal, LiteralKind, LiteralValue, Name, NamedArg, WordOp,
};
use crate::codes;
use crate::grammar::Rule;

/// A `literal` node taken apart: `not* term (operator term)* groups?`.
pub(crate) struct Chain<'t> {
    pub nots: Vec<Span>,
    pub terms: Vec<Term<'t>>,
    pub operators: Vec<(&'t str, Span)>,
    pub groups: Option<Node<'t>>,
    pub span: Span,
}

impl Builder<'_> {
    pub fn clause(&mut self, node: Node<'_>) -> Clause {
        let span = self.span(&node);
        let mut children = Children::of(node);
        let head = children.accept(Rule::reference);
        let body = children.next_of(&[Rule::body]);
        // Facts hold data: only rules have something to interpolate.
        self.interpolates = body.is_some();
        let head = match head.and_then(|head| self.atom(head, Position::Head)) {
            Some(head) => head,
            None => self.no_atom(span),
        };
        let body = body.map(|body| self.body(body));
        Clause { head, body, span }
    }

    pub fn body(&mut self, node: Node<'_>) -> Vec<Literal> {
        Children::of(node).map(|literal| self.literal(literal)).collect()
    }

    pub fn chain<'n>(&self, literal: Node<'n>) -> Chain<'n> {
        let mut chain = Chain {
            nots: Vec::new(),
            terms: Vec::new(),
            operators: Vec::new(),
            groups: None,
            span: self.span(&literal),
        };
        let mut minuses = Vec::new();
        for node in Children::of(literal) {
            match node.as_rule() {
                Rule::kw_not => chain.nots.push(self.span(&node)),
                Rule::minus => minuses.push(self.span(&node)),
                Rule::operator => chain.operators.push((node.as_str(), self.span(&node))),
                Rule::groups => chain.groups = Some(node),
                _ => chain.terms.push(Term { minuses: std::mem::take(&mut minuses), node }),
            }
        }
        chain
    }

    /// A condition of a body.
    pub fn literal(&mut self, node: Node<'_>) -> Literal {
        let mut chain = self.chain(node);
        let (span, nots) = (chain.span, std::mem::take(&mut chain.nots));
        if nots.len() > 1 {
            let help = "two negations cancel each other: leave both out, or give the inner one a relation of its own";
            self.error(codes::NOT_NOT, nots[0].cover(nots[1]), "`not not` is not allowed", help);
        }
        if let Some(not) = nots.last() {
            chain.span = Span { start: self.behind(*not), end: span.end };
        }
        let literal = self.positive(chain);
        match (nots.is_empty(), literal.kind) {
            (true, kind) => Literal { kind, span },
            // `not ( a, b )` negates the body in the parentheses.
            (false, LiteralKind::Or(mut branches)) if branches.len() == 1 => {
                Literal { kind: LiteralKind::Not(branches.pop().unwrap_or_default()), span }
            }
            (false, kind) => Literal { kind: LiteralKind::Not(vec![Literal { kind, span: literal.span }]), span },
        }
    }

    /// The first byte behind `span` that is no white space.
    fn behind(&self, span: Span) -> u32 {
        let rest = &self.text[span.end as usize..];
        span.end + (rest.len() - rest.trim_start().len()) as u32
    }

    fn positive(&mut self, chain: Chain<'_>) -> Literal {
        let span = chain.span;
        let comparing: Vec<usize> =
            (0..chain.operators.len()).filter(|&at| !is_arithmetic(chain.operators[at].0)).collect();
        let kind = match comparing.as_slice() {
            [] => self.bare(chain),
            [at] => self.comparison(chain, *at),
            [first, second, ..] => {
                let (operator, second) = chain.operators[*second];
                let (_, first) = chain.operators[*first];
                let place = self.place(first);
                let diagnostic = base::Diagnostic::error(
                    codes::HABIT,
                    self.place(second),
                    format!("comparisons do not chain: this is the second, `{operator}`"),
                )
                .also(place, "the first")
                .help("write two conditions, `a < b, b < c`");
                self.diagnostics.push(diagnostic);
                LiteralKind::Or(Vec::new())
            }
        };
        Literal { kind, span }
    }

    /// A literal without comparison: an atom or a body in parentheses, or else a mistake.
    fn bare(&mut self, mut chain: Chain<'_>) -> LiteralKind {
        let span = chain.span;
        let simple = chain.terms.len() == 1 && chain.terms[0].minuses.is_empty() && chain.groups.is_none();
        let Some(node) = chain.terms.pop().filter(|_| simple).map(|term| term.node) else {
            let help = "compare it with something (`… > 0`) or bind it (`x = …`)";
            self.error(codes::CONDITION, span, "this computes a value, but a body holds conditions", help);
            return LiteralKind::Or(Vec::new());
        };
        match node.as_rule() {
            Rule::group => {
                let branches = Children::of(node).filter(|child| child.as_rule() == Rule::body);
                LiteralKind::Or(branches.map(|body| self.body(body)).collect())
            }
            Rule::reference => match self.atom(node, Position::Argument) {
                Some(atom) => LiteralKind::Atom(atom),
                None => LiteralKind::Or(Vec::new()),
            },
            rule => {
                let (what, help) = match rule {
                    Rule::regex => ("a regex", "write `x matches /re/`"),
                    Rule::list => ("a list", "write `x in [\"a\", \"b\"]`"),
                    Rule::boolean => ("a truth value", "leave `true` out; for `false`, remove the rule"),
                    _ => ("a value", "compare it with something, or bind it (`x = …`)"),
                };
                self.error(codes::CONDITION, span, format!("{what} alone is no condition"), help);
                LiteralKind::Or(Vec::new())
            }
        }
    }

    fn comparison(&mut self, mut chain: Chain<'_>, at: usize) -> LiteralKind {
        let right_terms = chain.terms.split_off((at + 1).min(chain.terms.len()));
        let right_operators = chain.operators.split_off(at + 1);
        let Some((operator, operator_span)) = chain.operators.pop() else { return LiteralKind::Or(Vec::new()) };
        let left = self.arithmetic(chain.terms, &chain.operators, Position::Operand);
        let words: Vec<&str> = operator.split_whitespace().collect();
        let word = words.last().copied().unwrap_or_default();
        let comparison = match word {
            "=" => Some(Comparison::Equal),
            "!=" => Some(Comparison::NotEqual),
            "<" => Some(Comparison::Less),
            "<=" => Some(Comparison::LessEqual),
            ">" => Some(Comparison::Greater),
            ">=" => Some(Comparison::GreaterEqual),
            _ => None,
        };
        if chain.groups.is_some() && word != "matches" {
            self.error(
                codes::OPERAND,
                operator_span,
                format!("`{word}` has no groups to bind"),
                "`as (…)` belongs to `matches /re/`",
            );
        }
        if let Some(comparison) = comparison {
            let right = self.arithmetic(right_terms, &right_operators, Position::Operand);
            return LiteralKind::Compare(comparison, left, right);
        }
        let op = match word {
            "contains" => WordOp::Contains,
            "starts_with" => WordOp::StartsWith,
            "ends_with" => WordOp::EndsWith,
            "matches" => WordOp::Matches,
            "like" => WordOp::Like,
            _ => WordOp::In,
        };
        let right = self.right_of(op, right_terms, &right_operators, operator_span);
        let groups = chain.groups.map(|groups| self.groups(groups)).unwrap_or_default();
        LiteralKind::Word { op, negated: words.len() == 2, left, right, groups }
    }

    /// What stands right of a word operator: a regex, a list, a glob, or an operand.
    fn right_of(&mut self, op: WordOp, mut terms: Vec<Term<'_>>, operators: &[(&str, Span)], operator: Span) -> Expr {
        let rule = match terms.as_slice() {
            [term] if term.minuses.is_empty() => Some(term.node.as_rule()),
            _ => None,
        };
        match (op, rule) {
            (WordOp::Matches, Some(Rule::regex)) | (WordOp::In, Some(Rule::list)) => {}
            (WordOp::Like, Some(rule)) if TEXTS.contains(&rule) => {
                let outer = std::mem::replace(&mut self.interpolates, false);
                let glob = self.arithmetic(terms, operators, Position::Operand);
                self.interpolates = outer;
                return glob;
            }
            (WordOp::Matches, _) => {
                let span = terms.first().map_or(operator, |term| self.span(&term.node));
                let help = "write the regex between slashes: `x matches /^sk-/`; for a glob use `like`, for plain text `contains`";
                self.error(codes::OPERAND, span, "right of `matches` stands a regex", help);
                return Expr { kind: ExprKind::Wildcard, span };
            }
            (WordOp::In, _) => {
                let span = terms.first().map_or(operator, |term| self.span(&term.node));
                let help = "write `x in [\"a\", \"b\"]`; membership in a relation is an atom: `allowed(x)`";
                self.error(codes::OPERAND, span, "right of `in` stands a list", help);
                return Expr { kind: ExprKind::Wildcard, span };
            }
            _ => return self.arithmetic(terms, operators, Position::Operand),
        }
        let Some(node) = terms.pop().map(|term| term.node) else {
            return Expr { kind: ExprKind::Wildcard, span: operator };
        };
        let span = self.span(&node);
        let kind = match op {
            WordOp::Matches => ExprKind::Regex(self.regex(&node)),
            _ => ExprKind::List(Children::of(node).map(|literal| self.operand(literal)).collect()),
        };
        Expr { kind, span }
    }

    fn groups(&self, node: Node<'_>) -> Vec<Group> {
        let variables = Children::of(node).filter(|child| child.as_rule() == Rule::group_variable);
        variables
            .filter_map(|variable| {
                let mut children = Children::of(variable);
                let name = self.name(&children.accept(Rule::name)?);
                Some(Group { name, optional: children.accept(Rule::optional).is_some() })
            })
            .collect()
    }

    /// A relation with its arguments; without them, a mistake that is told.
    pub fn atom(&mut self, node: Node<'_>, position: Position) -> Option<Atom> {
        let span = self.span(&node);
        let mut children = Children::of(node);
        let path_node = children.next()?;
        let relation = self.path(&path_node);
        let arguments = children.next();
        let arguments = match arguments {
            Some(arguments) if arguments.as_rule() != Rule::optional => arguments,
            other => {
                let name = relation.text();
                let (code, message, help) = match (position, other) {
                    (Position::Head, _) => {
                        (codes::HEAD, format!("the head `{name}` has no arguments"), format!("write `{name}(x) :- …`"))
                    }
                    (_, Some(_)) => (
                        codes::OPTIONAL,
                        format!("`{name}?` alone is no condition"),
                        format!("to ask whether it is there, write `{name} != none`"),
                    ),
                    (_, None) => (
                        codes::CONDITION,
                        format!("`{name}` alone is no condition"),
                        format!("a relation takes arguments, `{name}(x)`; a truth value is compared, `{name} = true`"),
                    ),
                };
                self.error(code, span, message, help);
                return None;
            }
        };
        let args = match arguments.as_rule() {
            Rule::arguments => {
                Args::Positional(Children::of(arguments).map(|literal| self.operand_at(literal, position)).collect())
            }
            _ => {
                if position == Position::Argument
                    && relation.single().is_some_and(|name| function_of(&name.text).is_some())
                    && is_aggregate(&arguments)
                {
                    let help = format!("compare it or bind it: `n = {} {{ … }}`", relation.text());
                    self.error(codes::AGGREGATE, span, "an aggregate alone is no condition", help);
                    return None;
                }
                Args::Named(Children::of(arguments).filter_map(|element| self.named(element, position)).collect())
            }
        };
        Some(Atom { relation, args, span })
    }

    /// `name: value`, `name` or `name?`.
    fn named(&mut self, element: Node<'_>, position: Position) -> Option<NamedArg> {
        let span = self.span(&element);
        let mut children = Children::of(element);
        let key = children.next()?;
        let value = children.next_of(&[Rule::literal]);
        let name = self.column_of(&key);
        match (name, value) {
            (Some((name, false)), Some(value)) => {
                Some(NamedArg { name, value: self.operand_at(value, position), short: false })
            }
            (Some((name, optional)), None) if key.as_rule() == Rule::literal => {
                let value = match optional {
                    true => self.operand_at(key, position),
                    false => Expr { kind: ExprKind::Name(name.text.clone()), span: name.span },
                };
                Some(NamedArg { name, value, short: true })
            }
            (_, Some(_)) => {
                self.error(
                    codes::ARGUMENTS,
                    self.span(&key),
                    "a column's name stands before the colon",
                    "write `{column: value}`",
                );
                None
            }
            (Some((name, _)), None) => {
                let word = &name.text;
                let message = format!("`{word}` is a reserved word and cannot be a variable");
                self.error(codes::RESERVED, span, message, format!("as a column it needs a value: `{word}: x`"));
                None
            }
            (None, None) => {
                let help = match self.written(span).contains('=') {
                    true => "a column and its value are parted by a colon: `{column: value}`",
                    false => {
                        "in braces each argument has a name: `{column: value}`, or `{column}` for a variable of the same name; by place, use parentheses"
                    }
                };
                self.error(codes::ARGUMENTS, span, "an argument without a name in braces", help);
                None
            }
        }
    }

    /// The single name that an element's key is, and whether `?` follows it.
    fn column_of(&self, key: &Node<'_>) -> Option<(Name, bool)> {
        if key.as_rule() == Rule::reserved_key {
            return Some((self.name(key), false));
        }
        let mut chain = self.chain(key.clone());
        if !chain.nots.is_empty() || chain.terms.len() != 1 || chain.groups.is_some() {
            return None;
        }
        let term =
            chain.terms.pop().filter(|term| term.minuses.is_empty() && term.node.as_rule() == Rule::reference)?;
        let mut children = Children::of(term.node);
        let path = self.path(&children.next()?);
        let optional = match children.next() {
            None => false,
            Some(rest) if rest.as_rule() == Rule::optional => true,
            Some(_) => return None,
        };
        path.single().filter(|name| &*name.text != "_").map(|name| (name.clone(), optional))
    }

    /// A literal value, as declarations and tests take it.
    pub fn constant(&mut self, literal: Node<'_>, what: &str) -> Expr {
        let outer = std::mem::replace(&mut self.interpolates, false);
        let expr = self.operand(literal);
        self.interpolates = outer;
        if !matches!(expr.kind, ExprKind::Literal(_)) && !self.failed() {
            let help =
                "literals are texts, numbers, `true`, `false`, `none`, dates (`2026-11-20`) and durations (`90d`)";
            self.error(codes::LITERAL, expr.span, format!("{what} has to be a literal"), help);
            return Expr { kind: ExprKind::Literal(LiteralValue::None), span: expr.span };
        }
        expr
    }
}

/// Whether braces hold what only an aggregate can hold: a comma before the colon, or a condition behind it.
fn is_aggregate(braces: &Node<'_>) -> bool {
    let elements: Vec<Node<'_>> = Children::of(braces.clone()).collect();
    let with_colon =
        elements.iter().filter(|element| Children::of((*element).clone()).any(|part| part.as_rule() == Rule::colon));
    let value_is_atom = |element: &Node<'_>| element.as_str().contains(['(', '{']);
    with_colon.clone().count() == 1 && with_colon.clone().all(value_is_atom)
}
