//! Strings, raw strings and raw blocks, and the interpolations of those that have them.

use base::Span;
use pest::Parser;

use super::value::{self, BadEscape};
use super::{Builder, Node};
use crate::ast::{Expr, ExprKind, LiteralValue, Name, Part};
use crate::codes;
use crate::diagnose::{Context, What, diagnose};
use crate::grammar::{Law, Rule};
use crate::scan::{Braces, interpolation_end};

/// The rules that are texts.
pub(crate) const TEXTS: [Rule; 3] = [Rule::string, Rule::raw_string, Rule::raw_block];

impl Builder<'_> {
    /// A text without interpolation, as a name.
    pub fn plain_text(&mut self, node: &Node<'_>) -> Name {
        let span = self.span(node);
        let text = match node.as_rule() {
            Rule::raw_block => value::dedent(node.as_str()),
            Rule::raw_string => value::raw(node.as_str()),
            _ => self.unescape(Span { start: span.start + 1, end: span.end - 1 }),
        };
        Name { text, span }
    }

    /// The text within `span`, escapes resolved.
    fn unescape(&mut self, span: Span) -> std::sync::Arc<str> {
        let mut bad: Vec<BadEscape> = Vec::new();
        let text = value::unescape(self.written(span), span.start as usize, &mut bad);
        for BadEscape { at, message, help } in bad {
            self.error(codes::ESCAPE, at, message, help);
        }
        text
    }

    /// A text as an operand: with interpolations, where they are allowed.
    pub fn text_operand(&mut self, node: &Node<'_>) -> Expr {
        let span = self.span(node);
        let interpolated = self.interpolates && node.as_rule() == Rule::string && node.as_str().contains('{');
        if !interpolated {
            return Expr { kind: ExprKind::Literal(LiteralValue::Text(self.plain_text(node).text)), span };
        }
        let mut parts = Vec::new();
        let (mut from, mut at, end) = (span.start as usize + 1, span.start as usize + 1, span.end as usize - 1);
        while at < end {
            match self.text.as_bytes()[at] {
                // The braces of `\u{e9}` belong to the escape.
                b'\\' if self.text[at..end].starts_with("\\u{") => at += 3,
                b'\\' => at += 2,
                b'{' => {
                    self.push_text(from..at, &mut parts);
                    match interpolation_end(self.text.as_bytes(), at) {
                        Braces::Closed(close) if close <= end => {
                            parts.extend(self.interpolation(at, close).map(Part::Expr));
                            (from, at) = (close, close);
                        }
                        _ => {
                            let help = "close it with `}`, or write `\\{` for a plain brace";
                            self.error(
                                codes::INTERPOLATION,
                                Span::new(at, at + 1),
                                "this `{` is never closed in its string",
                                help,
                            );
                            (from, at) = (end, end);
                        }
                    }
                }
                _ => at += 1,
            }
        }
        self.push_text(from..end, &mut parts);
        let kind = match parts.as_slice() {
            [] => ExprKind::Literal(LiteralValue::Text("".into())),
            [Part::Text(text)] => ExprKind::Literal(LiteralValue::Text(text.clone())),
            _ => ExprKind::Interpolated(parts),
        };
        Expr { kind, span }
    }

    fn push_text(&mut self, range: std::ops::Range<usize>, parts: &mut Vec<Part>) {
        if !range.is_empty() {
            let text = self.unescape(Span::new(range.start, range.end));
            parts.push(Part::Text(text));
        }
    }

    /// The operand between the braces `open..close`.
    fn interpolation(&mut self, open: usize, close: usize) -> Option<Expr> {
        let inside = &self.text[open + 1..close - 1];
        if inside.trim().is_empty() {
            let help = "name a variable in it, or write `\\{\\}` for plain braces";
            self.error(codes::INTERPOLATION, Span::new(open, close), "these braces hold nothing to interpolate", help);
            return None;
        }
        match Law::parse(Rule::one_operand, inside) {
            Ok(mut pairs) => {
                let outer = std::mem::replace(&mut self.base, open + 1);
                let expr = pairs.next().map(|literal| self.operand(literal));
                self.base = outer;
                expr
            }
            Err(error) => {
                let context = Context { file: self.file, text: inside, base: open + 1, what: What::Interpolation };
                let diagnostic = diagnose(&context, &error);
                self.diagnostics
                    .push(diagnostic.note("braces in a string interpolate; plain ones are written `\\{` and `\\}`"));
                None
            }
        }
    }
}
