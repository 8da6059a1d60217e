//! Go's expressions.

use tree_sitter::Node;

use super::Lowerer;
use crate::escapes::unescape;
use crate::tree::{ExprId, Kind, Target};

impl<'a> Lowerer<'a> {
    pub(super) fn shallow(&mut self, node: Node<'a>) -> ExprId {
        match node.kind() {
            "identifier" | "type_identifier" | "package_identifier" | "field_identifier" => self.plain_name(node),
            "selector_expression" => self.dotted(node, "operand", "field"),
            "qualified_type" | "pointer_type" | "slice_type" | "map_type" | "array_type" | "channel_type"
            | "generic_type" => match self.type_expression(node) {
                Some(ty) => ty,
                None => self.add(node, Kind::Other(Vec::new())),
            },
            "index_expression" => self.subscript(node, "operand", "index"),
            "slice_expression" => match node.child_by_field_name("operand") {
                Some(operand) => {
                    let object = self.expression(operand);
                    self.add(node, Kind::Other(vec![object]))
                }
                None => self.other(node),
            },
            "type_instantiation_expression" => match node.child_by_field_name("type") {
                Some(ty) => self.expression(ty),
                None => self.other(node),
            },
            "call_expression" => self.call(node),
            "type_conversion_expression" => match node.child_by_field_name("operand") {
                Some(operand) => self.expression(operand),
                None => self.other(node),
            },
            "composite_literal" => self.composite(node),
            "literal_value" => self.untyped_literal(node),
            "interpreted_string_literal" => {
                let text = self.source(node);
                let text = text.strip_prefix('"').unwrap_or(text);
                let text = unescape(text.strip_suffix('"').unwrap_or(text), "");
                self.add(node, Kind::Text(text.into()))
            }
            "raw_string_literal" => {
                let text = self.source(node).trim_matches('`').replace('\r', "");
                self.add(node, Kind::Text(text.into()))
            }
            "rune_literal" => self.add(node, Kind::Other(Vec::new())),
            "int_literal" | "float_literal" => self.number(node),
            "true" => self.add(node, Kind::Truth(true)),
            "false" => self.add(node, Kind::Truth(false)),
            "nil" => self.add(node, Kind::Nothing),
            "binary_expression" => self.binary(node),
            "unary_expression" if self.operator(node) == "<-" => {
                let Some(object) = self.part(node, "operand") else { return self.other(node) };
                self.add(node, Kind::Subscript { object, index: None })
            }
            "unary_expression" => self.unary(node, "operand"),
            "func_literal" => self.closure(node),
            _ => self.other(node),
        }
    }

    /// What stands left of `:=`, or of `=` where the name is a variable of what encloses.
    pub(super) fn target(&mut self, node: Node<'a>, declares: bool) -> Target {
        match node.kind() {
            "identifier" if self.source(node) == "_" => Target::Tuple(Vec::new()),
            "identifier" => {
                let name = self.name(node);
                let expr = self.add(node, Kind::Name(name));
                let slot = if declares { self.bind(name) } else { self.assigned(name) };
                Target::Name(expr, slot)
            }
            _ => {
                let place = self.expression(node);
                match *self.tree.kind(place) {
                    Kind::Attribute { .. } => self.note_touched(place),
                    Kind::Subscript { object, .. } => self.note_touched(object),
                    // `*p = x` where `p` is a plain name.
                    Kind::Name(name) => {
                        let slot = self.assigned(name);
                        return Target::Name(place, slot);
                    }
                    _ => {}
                }
                Target::Place(place)
            }
        }
    }

    /// The variable that an assignment means; one that the file does not declare is the package's.
    fn assigned(&mut self, name: crate::tree::Sym) -> crate::tree::Slot {
        self.touched.push(crate::tree::Touched { name, attribute: None });
        match self.tree.lookup(self.scope, name) {
            Some(slot) => slot,
            None => self.tree.bind(crate::tree::ScopeId(0), name),
        }
    }
}
