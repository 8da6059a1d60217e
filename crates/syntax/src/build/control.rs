//! What stands in the blocks of controls and tests.

use base::{Diagnostic, Span};

use super::expr::Position;
use super::text::TEXTS;
use super::{Builder, Children, Node};
use crate::ast::{Args, Atom, Expectation, ExprKind, Field, FieldValue, Literal, LiteralKind, Path, StatementKind};
use crate::codes;
use crate::grammar::Rule;

impl Builder<'_> {
    pub fn field(&mut self, node: Node<'_>) -> Field {
        let mut children = Children::of(node);
        let name = self.next_name(&mut children, &[Rule::name]);
        let values = children
            .filter(|child| child.as_rule() == Rule::field_value)
            .map(|value| self.field_value(value))
            .collect::<Vec<_>>();
        Field { name, values }
    }

    fn field_value(&mut self, node: Node<'_>) -> FieldValue {
        let mut children = Children::of(node);
        let Some(first) = children.next() else { return FieldValue::Text(self.missing_name(Span::at(self.base))) };
        if first.as_rule() != Rule::id {
            if first.as_rule() == Rule::string {
                self.warn_of_braces(&first);
            }
            return FieldValue::Text(self.plain_text(&first));
        }
        if children.accept(Rule::slash).is_some() {
            let framework = self.name(&first);
            return FieldValue::Criterion { framework, criterion: self.next_text(&mut children) };
        }
        let is_path =
            first.as_str().split('.').all(|part| part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_'))
                && !first.as_str().contains('-');
        match is_path {
            true => FieldValue::Path(self.path(&first)),
            false => FieldValue::Text(self.name(&first)),
        }
    }

    /// `{name}` in a field's text reads like an interpolation, but is none.
    fn warn_of_braces(&mut self, node: &Node<'_>) {
        let (text, start) = (node.as_str(), self.span(node).start as usize);
        let Some(open) = text.find('{').filter(|&open| !text[..open].ends_with('\\')) else { return };
        let Some(length) = text[open..].find('}') else { return };
        let inside = &text[open + 1..open + length];
        if !inside.is_empty() && inside.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            let place = self.place(Span::new(start + open, start + open + length + 1));
            let diagnostic = Diagnostic::warning(
                codes::PLAIN_BRACES,
                place,
                format!("`{{{inside}}}` is not filled in here: fields are plain texts"),
            )
            .help(format!("write `\\{{{inside}\\}}` if braces are meant; values go into the messages of violations"));
            self.diagnostics.push(diagnostic);
        }
    }

    pub fn statement(&mut self, node: Node<'_>) -> StatementKind {
        let span = self.span(&node);
        self.interpolates = false;
        let Some(node) = Children::of(node).next() else { return StatementKind::Broken };
        let rule = node.as_rule();
        let mut children = Children::of(node);
        match rule {
            Rule::as_of => StatementKind::AsOf(self.next_constant(&mut children, "the as-of day")),
            Rule::test_param => {
                let path = self.next_path(&mut children);
                StatementKind::Param(path, self.next_constant(&mut children, "a parameter's value"))
            }
            Rule::given_file => {
                let path = self.next_text(&mut children);
                StatementKind::GivenFile(path, self.next_text(&mut children))
            }
            Rule::given_files => StatementKind::GivenFiles(self.next_text(&mut children)),
            Rule::given_empty => StatementKind::GivenEmpty(self.next_path(&mut children)),
            Rule::given_row => {
                let row = children.next_of(&[Rule::reference]).and_then(|row| self.atom(row, Position::Head));
                row.map_or(StatementKind::Broken, StatementKind::GivenRow)
            }
            _ => match children.find(|child| child.as_rule() != Rule::kw_expect) {
                Some(node) => self.expectation(node, span).map_or(StatementKind::Broken, StatementKind::Expect),
                None => StatementKind::Broken,
            },
        }
    }

    fn expectation(&mut self, node: Node<'_>, statement: Span) -> Option<Expectation> {
        let rule = node.as_rule();
        if rule == Rule::literal {
            let literal = self.literal(node);
            return self.expected_literal(literal, statement);
        }
        let mut children = Children::of(node);
        Some(match rule {
            Rule::violation => {
                let control = self.next_name(&mut children, &[Rule::id]);
                let subject = self.next_text(&mut children);
                let (mut with, mut at) = (None, None);
                for child in children {
                    let slot = if child.as_rule() == Rule::with { &mut with } else { &mut at };
                    *slot = Children::of(child)
                        .find(|child| TEXTS.contains(&child.as_rule()))
                        .map(|text| self.plain_text(&text));
                }
                Expectation::Violation { control, subject, with, at }
            }
            Rule::no_violation => {
                let control = self.next_name(&mut children, &[Rule::id]);
                Expectation::NoViolation { control, subject: self.next_text(&mut children) }
            }
            Rule::outcome => {
                let status = self.next_name(&mut children, &[Rule::status]);
                Expectation::Status { status, control: self.next_name(&mut children, &[Rule::id]) }
            }
            _ => {
                let literal = children.next_of(&[Rule::literal])?;
                let literal = self.literal(literal);
                Expectation::NoRow(self.expected_atom(literal)?)
            }
        })
    }

    fn expected_literal(&mut self, literal: Literal, statement: Span) -> Option<Expectation> {
        match literal.kind {
            LiteralKind::Compare(op, left, right) => {
                let counts = matches!(left.kind, ExprKind::Aggregate(_));
                if !counts || !matches!(right.kind, ExprKind::Literal(_)) {
                    let help =
                        "write `expect count { x : relation(x) } = 3`, or expect a row: `expect relation(\"a\")`";
                    self.error(codes::STATEMENT, literal.span, "a test compares an aggregate with a literal", help);
                    return None;
                }
                Some(Expectation::Compare(op, left, right))
            }
            LiteralKind::Not(_) => {
                self.error(
                    codes::STATEMENT,
                    statement,
                    "`expect not` is no expectation",
                    "write `expect no relation(…)`",
                );
                None
            }
            _ => self.expected_atom(literal).map(Expectation::Row),
        }
    }

    fn expected_atom(&mut self, literal: Literal) -> Option<Atom> {
        match literal.kind {
            LiteralKind::Atom(atom) => Some(atom),
            _ if self.failed() => None,
            _ => {
                let help =
                    "expect a row (`expect relation(\"a\")`), an outcome (`expect pass AI-1`), a violation, or a count";
                self.error(codes::STATEMENT, literal.span, "this cannot be expected", help);
                None
            }
        }
    }

    /// An atom to stand in for one that is not there.
    pub fn no_atom(&self, span: Span) -> Atom {
        Atom { relation: Path { parts: vec![self.missing_name(span)], span }, args: Args::Positional(Vec::new()), span }
    }
}
