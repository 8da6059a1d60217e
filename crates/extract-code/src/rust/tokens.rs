//! Arguments of macros. The grammar leaves them as tokens; those that are expressions are read as such here, what is anything
//! else as the names and values in it.

use tree_sitter::Node;

use super::Lowerer;
use crate::lower::{MAX_ENTRIES, span};
use crate::tree::{Argument, Entry, ExprId, Kind, Shape};

const BINARY: &[&str] = &["+", "-", "*", "/", "%", "&&", "||", "==", "!=", "<", "<=", ">", ">=", "|", "^", "<<", ">>"];

/// The tokens between the brackets of a tree.
pub(super) fn inside<'t>(tree: Node<'t>) -> Vec<Node<'t>> {
    let mut cursor = tree.walk();
    let mut tokens: Vec<Node<'t>> = tree.children(&mut cursor).filter(|token| !token.is_extra()).collect();
    if tokens.first().is_some_and(|token| matches!(token.kind(), "(" | "[" | "{")) {
        tokens.remove(0);
    }
    if tokens.last().is_some_and(|token| matches!(token.kind(), ")" | "]" | "}")) {
        tokens.pop();
    }
    tokens
}

impl<'a> Lowerer<'a> {
    /// The arguments in a tree of tokens: `a, b = c, %d`.
    pub(super) fn token_arguments(&mut self, tree: Node<'a>) -> Vec<Argument> {
        let tokens = inside(tree);
        let parts = tokens.split(|token| token.kind() == ",").take(MAX_ENTRIES);
        parts.filter_map(|part| self.token_argument(part)).collect()
    }

    /// One argument: `a`, `a = b`, `a: b`, `a` alone in a record.
    pub(super) fn token_argument(&mut self, part: &[Node<'a>]) -> Option<Argument> {
        let (keyword, value) = match part {
            [name, equals, rest @ ..] if name.kind() == "identifier" && matches!(equals.kind(), "=" | ":") => {
                (Some(*name), rest)
            }
            _ => (None, part),
        };
        let keyword = keyword.map(|name| self.name(name));
        (!value.is_empty()).then(|| Argument { keyword, value: self.token_expression(value), spread: false })
    }

    /// The values of a list of tokens.
    pub(super) fn token_list(&mut self, tokens: &[Node<'a>]) -> Vec<ExprId> {
        let parts = tokens.split(|token| matches!(token.kind(), "," | ";")).filter(|part| !part.is_empty());
        parts.take(MAX_ENTRIES).map(|part| self.token_expression(part)).collect()
    }

    /// Tokens as an expression.
    pub(super) fn token_expression(&mut self, tokens: &[Node<'a>]) -> ExprId {
        let Some(&first) = tokens.first() else { return self.add_at(base::Span::at(0), Kind::Other(Vec::new())) };
        self.deeper(first, |this| this.binary_tokens(tokens))
            .unwrap_or_else(|| self.add(first, Kind::Other(Vec::new())))
    }

    fn binary_tokens(&mut self, tokens: &[Node<'a>]) -> ExprId {
        let (mut acc, mut at) = self.operand(tokens);
        let mut count = 0;
        while at < tokens.len() {
            let operator = tokens[at];
            let (right, length) = self.operand(&tokens[at + 1..]);
            if length == 0 {
                break;
            }
            at += 1 + length;
            count += 1;
            let both = self.tree.expr(acc).span.cover(self.tree.expr(right).span);
            let text = operator.kind();
            let known = BINARY.contains(&text) && count < 64;
            acc = match text {
                "&&" | "||" if known => self.add_at(both, Kind::Choice(vec![acc, right])),
                "+" | "-" | "*" | "/" | "%" if known => self.join(both, acc, text, right, false),
                _ if known => self.add_at(both, Kind::Comparison(vec![acc, right])),
                // No expression, but what it is made of: a pattern, an arrow, a statement.
                _ => self.add_at(both, Kind::Other(vec![acc, right])),
            };
        }
        acc
    }

    /// What the tokens begin with as an operand, and how many they are.
    fn operand(&mut self, tokens: &[Node<'a>]) -> (ExprId, usize) {
        let mut at = 0;
        // Signs before a value that say how it is shown, borrow it or negate it.
        while tokens.get(at).is_some_and(|token| {
            matches!(token.kind(), "&" | "*" | "-" | "!" | "%" | "?" | "mutable_specifier" | "move" | "async" | "ref")
        }) {
            at += 1;
        }
        let Some(&first) = tokens.get(at) else {
            let place = tokens.first().map_or(base::Span::at(0), |token| span(*token));
            return (self.add_at(place, Kind::Other(Vec::new())), 0);
        };
        let (mut value, length) = self.primary(&tokens[at..], first);
        at += length;
        while let Some(&token) = tokens.get(at) {
            match (token.kind(), tokens.get(at + 1)) {
                (".", Some(next)) if next.kind() == "await" => at += 2,
                (".", Some(&name)) if matches!(name.kind(), "identifier" | "integer_literal") => {
                    at += 2;
                    value = self.attribute_of(value, name);
                    at += turbofish(&tokens[at..]);
                }
                ("?", _) => at += 1,
                ("token_tree", _) if self.source(token).starts_with('(') => {
                    at += 1;
                    let arguments = self.token_list(&inside(token));
                    let arguments = arguments.into_iter().map(|value| Argument { keyword: None, value, spread: false });
                    let whole = self.tree.expr(value).span.cover(span(token));
                    let arguments = arguments.collect();
                    value = self.add_at(whole, Kind::Call { callee: value, arguments });
                }
                ("token_tree", _) if self.source(token).starts_with('[') => {
                    at += 1;
                    let index = Some(self.token_expression(&inside(token)));
                    let whole = self.tree.expr(value).span.cover(span(token));
                    value = self.add_at(whole, Kind::Subscript { object: value, index });
                }
                _ => break,
            }
        }
        (value, at)
    }

    fn primary(&mut self, tokens: &[Node<'a>], first: Node<'a>) -> (ExprId, usize) {
        match first.kind() {
            "string_literal" | "raw_string_literal" => (self.string(first), 1),
            "integer_literal" | "float_literal" => (self.number(first), 1),
            "boolean_literal" => {
                let truth = self.source(first) == "true";
                (self.add(first, Kind::Truth(truth)), 1)
            }
            "identifier" | "self" | "crate" | "super" | "primitive_type" => {
                let (mut parts, mut at) = (vec![first], 1);
                while let (Some(colons), Some(&name)) = (tokens.get(at), tokens.get(at + 1)) {
                    if colons.kind() != "::" || !matches!(name.kind(), "identifier" | "super") {
                        at += turbofish(&tokens[at..]);
                        break;
                    }
                    parts.push(name);
                    at += 2;
                }
                match (tokens.get(at), tokens.get(at + 1)) {
                    (Some(mark), Some(&tree)) if mark.kind() == "!" && tree.kind() == "token_tree" => {
                        (self.macro_named(&parts, tree, first), at + 2)
                    }
                    // T { a: b }
                    (Some(&tree), _)
                        if tree.kind() == "token_tree"
                            && self.source(tree).starts_with('{')
                            && parts.last().is_some_and(|last| self.source(*last).starts_with(char::is_uppercase)) =>
                    {
                        let callee = self.path_of(&parts, first);
                        let arguments = self.token_arguments(tree);
                        let whole = span(first).cover(span(tree));
                        (self.add_at(whole, Kind::Call { callee, arguments }), at + 1)
                    }
                    _ => (self.path_of(&parts, first), at),
                }
            }
            "token_tree" => (self.token_container(first), 1),
            "|" | "||" => {
                // A closure: what it is made of, its parameters left out.
                let end = tokens.iter().skip(1).position(|token| token.kind() == "|").map_or(1, |at| at + 2);
                let end = if first.kind() == "||" { 1 } else { end };
                let inner = self.token_list(&tokens[end.min(tokens.len())..]);
                (self.add(first, Kind::Other(inner)), tokens.len())
            }
            _ => (self.add(first, Kind::Other(Vec::new())), 1),
        }
    }

    /// `(a, b)`, `[a, b]`, `{ "a": b }`.
    pub(super) fn token_container(&mut self, tree: Node<'a>) -> ExprId {
        let tokens = inside(tree);
        let text = self.source(tree);
        if text.starts_with('{') {
            return self.token_map(tree, &tokens);
        }
        let values = self.token_list(&tokens);
        match (text.starts_with('('), values.as_slice()) {
            (true, [one]) => *one,
            (true, _) => self.container(tree, Shape::Tuple, values),
            (false, _) => self.container(tree, Shape::List, values),
        }
    }

    fn token_map(&mut self, tree: Node<'a>, tokens: &[Node<'a>]) -> ExprId {
        let mut entries = Vec::new();
        for part in tokens.split(|token| token.kind() == ",").take(MAX_ENTRIES) {
            let colon = part.iter().position(|token| matches!(token.kind(), ":" | "=>"));
            let Some(colon) = colon.filter(|&at| at > 0 && at + 1 < part.len()) else {
                if !part.is_empty() {
                    entries.push(Entry { key: None, value: self.token_expression(part), spread: false });
                }
                continue;
            };
            let key = self.token_expression(&part[..colon]);
            let value = self.token_expression(&part[colon + 1..]);
            entries.push(Entry { key: Some(key), value, spread: false });
        }
        self.add(tree, Kind::Container { shape: Shape::Map, entries })
    }
}

/// How many tokens `::<T, U>` are, if the tokens begin with it.
fn turbofish(tokens: &[Node<'_>]) -> usize {
    if tokens.first().is_none_or(|token| token.kind() != "::") || tokens.get(1).is_none_or(|token| token.kind() != "<")
    {
        return 0;
    }
    let mut open = 0;
    for (at, token) in tokens.iter().enumerate().skip(1).take(64) {
        match token.kind() {
            "<" => open += 1,
            ">" => open -= 1,
            ">>" => open -= 2,
            _ => {}
        }
        if open <= 0 {
            return at + 1;
        }
    }
    0
}
