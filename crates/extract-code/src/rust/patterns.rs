//! Patterns: what they bind, and what they compare with.

use tree_sitter::Node;

use super::Lowerer;
use crate::lower::children;
use crate::tree::{ExprId, Sym, Target};

impl<'a> Lowerer<'a> {
    /// What a pattern binds. What only wraps one value, as `Some(x)` and `Json(x)` do, is that value.
    pub(super) fn pattern(&mut self, node: Node<'a>) -> Target {
        self.deeper(node, |this| match node.kind() {
            "identifier" | "shorthand_field_identifier" if this.binds(node) => this.name_target(node),
            "mut_pattern" | "ref_pattern" | "reference_pattern" | "captured_pattern" | "match_pattern" => {
                let inner = children(node).into_iter().find(|child| child.kind() != "mutable_specifier");
                inner.map_or(Target::Tuple(Vec::new()), |inner| this.pattern(inner))
            }
            "or_pattern" => match children(node).last() {
                Some(&inner) => this.pattern(inner),
                None => Target::Tuple(Vec::new()),
            },
            "tuple_pattern" | "slice_pattern" => {
                Target::Tuple(children(node).into_iter().map(|part| this.pattern(part)).collect())
            }
            "tuple_struct_pattern" => {
                let ty = node.child_by_field_name("type");
                let parts: Vec<Node<'a>> = children(node).into_iter().filter(|part| Some(*part) != ty).collect();
                match parts.as_slice() {
                    [one] => this.pattern(*one),
                    _ => Target::Tuple(parts.into_iter().map(|part| this.pattern(part)).collect()),
                }
            }
            "struct_pattern" => {
                let fields = children(node).into_iter().filter(|part| part.kind() == "field_pattern");
                let fields: Vec<Node<'a>> = fields.collect();
                let part = |field: Node<'a>| -> Option<(Option<Sym>, Target)> {
                    let name = field.child_by_field_name("name")?;
                    let target = this.pattern(field.child_by_field_name("pattern").unwrap_or(name));
                    Some((Some(this.name(name)), target))
                };
                Target::Attributes(fields.into_iter().filter_map(part).collect())
            }
            _ => Target::Tuple(Vec::new()),
        })
        .unwrap_or(Target::Tuple(Vec::new()))
    }

    /// Whether a name in a pattern is a new variable: constants and variants begin with a capital letter.
    fn binds(&self, node: Node<'a>) -> bool {
        self.source(node).starts_with(|c: char| c.is_lowercase() || c == '_')
    }

    /// Whether a pattern matches anything.
    pub(super) fn is_open(&self, node: Node<'a>) -> bool {
        let inner = if node.kind() == "match_pattern" { children(node).first().copied() } else { Some(node) };
        match inner {
            Some(inner) => inner.kind() == "identifier" && self.binds(inner),
            None => self.source(node).trim() == "_",
        }
    }

    /// The values that a pattern compares with.
    pub(super) fn compared(&mut self, node: Node<'a>, values: &mut Vec<ExprId>) {
        self.deeper(node, |this| match node.kind() {
            "or_pattern" | "match_pattern" => {
                for part in
                    children(node).into_iter().filter(|part| part.kind().ends_with("pattern") || is_value(*part))
                {
                    this.compared(part, values);
                }
            }
            _ if is_value(node) && !(node.kind() == "identifier" && this.binds(node)) => {
                let value = this.expression(node);
                values.push(value);
            }
            _ => {}
        });
    }
}

fn is_value(node: Node<'_>) -> bool {
    node.kind().ends_with("_literal") || matches!(node.kind(), "identifier" | "scoped_identifier")
}
