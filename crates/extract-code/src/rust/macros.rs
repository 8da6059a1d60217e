//! Macros of the standard library and of others: texts with holes, containers, what reads the environment; all others are calls.

use tree_sitter::Node;

use super::Lowerer;
use super::tokens::inside;
use crate::lower::{children, span};
use crate::tree::{Argument, ExprId, Kind, Shape};

/// Macros whose first text has holes for what comes after it.
#[rustfmt::skip]
const FILLING: &[&str] = &[
    "anyhow", "assert", "bail", "debug", "ensure", "eprint", "eprintln", "error", "eyre", "format", "format_args", "formatdoc", "info",
    "log", "panic", "print", "println", "todo", "trace", "unimplemented", "unreachable", "warn", "write", "writeln",
];

impl<'a> Lowerer<'a> {
    /// `name!(…)`
    pub(super) fn macro_invocation(&mut self, node: Node<'a>) -> ExprId {
        let tree = children(node).into_iter().find(|child| child.kind() == "token_tree");
        let (Some(name), Some(tree)) = (node.child_by_field_name("macro"), tree) else { return self.other(node) };
        let mut parts = Vec::new();
        let mut pending = vec![name];
        while let Some(part) = pending.pop() {
            if part.kind() == "scoped_identifier" {
                pending.extend(part.child_by_field_name("name"));
                pending.extend(part.child_by_field_name("path"));
            } else {
                parts.push(part);
            }
        }
        self.macro_named(&parts, tree, node)
    }

    /// The same of a macro among the tokens of another.
    pub(super) fn macro_named(&mut self, parts: &[Node<'a>], tree: Node<'a>, at: Node<'a>) -> ExprId {
        let word = parts.last().map_or("", |last| self.source(*last));
        let whole = span(at).cover(span(tree));
        match word {
            "vec" | "smallvec" => {
                let tokens = inside(tree);
                let values = match tokens.iter().position(|token| token.kind() == ";") {
                    Some(end) => vec![self.token_expression(&tokens[..end])],
                    None => self.token_list(&tokens),
                };
                return self.container(tree, Shape::List, values);
            }
            "json" => {
                let tokens = inside(tree);
                return match tokens.is_empty() {
                    true => self.add_at(whole, Kind::Container { shape: Shape::Map, entries: Vec::new() }),
                    false => self.token_expression(&tokens),
                };
            }
            "macro_rules" => return self.add_at(whole, Kind::Other(Vec::new())),
            _ => {}
        }
        if !FILLING.contains(&word) {
            let callee = self.path_of(parts, at);
            let arguments = self.token_arguments(tree);
            return self.add_at(whole, Kind::Call { callee, arguments });
        }
        let filled = self.filled_arguments(tree);
        if matches!(word, "format" | "format_args" | "formatdoc")
            && let Some(one) = filled.last()
        {
            return one.value;
        }
        let callee = self.path_of(parts, at);
        self.add_at(whole, Kind::Call { callee, arguments: filled })
    }

    /// Arguments, with those from the first text on put into it.
    fn filled_arguments(&mut self, tree: Node<'a>) -> Vec<Argument> {
        let tokens = inside(tree);
        let parts: Vec<&[Node<'a>]> =
            tokens.split(|token| token.kind() == ",").filter(|part| !part.is_empty()).collect();
        let is_text =
            |part: &&[Node<'a>]| matches!(part, [one] if matches!(one.kind(), "string_literal" | "raw_string_literal"));
        let Some(at) = parts.iter().position(is_text) else { return self.token_arguments(tree) };
        let mut arguments: Vec<Argument> = parts[..at].iter().filter_map(|part| self.token_argument(part)).collect();
        let fills: Vec<Argument> = parts[at + 1..].iter().filter_map(|part| self.token_argument(part)).collect();
        let value = self.filled(parts[at][0], &fills);
        arguments.push(Argument { keyword: None, value, spread: false });
        arguments
    }
}
