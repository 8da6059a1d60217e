//! Types: what annotations name, structs and interfaces.

use tree_sitter::Node;

use super::Lowerer;
use crate::lower::{children, span};
use crate::tree::{ClassId, ExprId, Kind};

impl<'a> Lowerer<'a> {
    /// A type as an expression: `T` of `*T`, a part of many (`[]T`, `map[K]T`, `chan T`) as a subscript without index.
    pub fn type_expression(&mut self, node: Node<'a>) -> Option<ExprId> {
        self.deeper(node, |this| this.shallow_type(node)).flatten()
    }

    fn shallow_type(&mut self, node: Node<'a>) -> Option<ExprId> {
        match node.kind() {
            "type_identifier" | "identifier" | "package_identifier" => {
                let name = self.name(node);
                Some(self.add(node, Kind::Name(name)))
            }
            "qualified_type" => {
                let object = self.type_expression(node.child_by_field_name("package")?)?;
                let name = self.name(node.child_by_field_name("name")?);
                Some(self.add(node, Kind::Attribute { object, name }))
            }
            "pointer_type" | "parenthesized_type" | "type_elem" | "type_constraint" | "negated_type" => {
                self.type_expression(*children(node).first()?)
            }
            "generic_type" => self.type_expression(node.child_by_field_name("type")?),
            "slice_type" | "array_type" | "implicit_length_array_type" => {
                let object = self.type_expression(node.child_by_field_name("element")?)?;
                Some(self.add(node, Kind::Subscript { object, index: None }))
            }
            "map_type" | "channel_type" => {
                let object = self.type_expression(node.child_by_field_name("value")?)?;
                Some(self.add(node, Kind::Subscript { object, index: None }))
            }
            _ => None,
        }
    }

    /// Makes classes of the file's types, so that methods find them wherever they stand.
    pub fn declare_types(&mut self, root: Node<'a>) {
        for declaration in children(root).into_iter().filter(|child| child.kind() == "type_declaration") {
            for spec in children(declaration) {
                if let Some(name) = spec.child_by_field_name("name") {
                    let sym = self.name(name);
                    self.bind(sym);
                    self.type_named(sym, span(name), false);
                }
            }
        }
    }

    /// `type T struct { … }`, `type T interface { … }`, `type T U`.
    pub fn type_declaration(&mut self, node: Node<'a>) {
        for spec in children(node) {
            let (Some(name), Some(ty)) = (spec.child_by_field_name("name"), spec.child_by_field_name("type")) else {
                continue;
            };
            let sym = self.name(name);
            // Types of functions are rare: one of the same name as another is taken for it.
            self.bind(sym);
            let id = self.type_named(sym, span(name), false);
            match ty.kind() {
                "struct_type" => self.fields(id, ty),
                "interface_type" => {
                    let mut decorators = Vec::new();
                    self.interface_word(ty, &mut decorators);
                    self.tree.classes[id.at()].decorators.append(&mut decorators);
                    self.interface(id, ty);
                }
                _ => {
                    let base = self.type_expression(ty);
                    self.tree.classes[id.at()].bases.extend(base);
                }
            }
        }
    }

    fn fields(&mut self, id: ClassId, ty: Node<'a>) {
        let lists = children(ty).into_iter().flat_map(children);
        for field in lists.filter(|child| child.kind() == "field_declaration") {
            let Some(ty) = field.child_by_field_name("type") else { continue };
            let mut cursor = field.walk();
            let names: Vec<Node<'a>> = field.children_by_field_name("name", &mut cursor).collect();
            let annotation = self.type_expression(ty);
            if names.is_empty() {
                // What is embedded gives its fields and methods, and is a field itself.
                let Some(base) = annotation else { continue };
                self.tree.classes[id.at()].bases.push(base);
                if let Kind::Name(name) | Kind::Attribute { name, .. } = *self.tree.kind(base) {
                    self.field_of(id, name, span(ty), annotation);
                }
            }
            for name in names {
                let sym = self.name(name);
                self.field_of(id, sym, span(name), annotation);
            }
        }
    }

    fn interface(&mut self, id: ClassId, ty: Node<'a>) {
        for part in children(ty) {
            match part.kind() {
                "method_elem" => {
                    if let Some(name) = part.child_by_field_name("name") {
                        self.function(part, name, Some(id));
                    }
                }
                _ => {
                    let base = self.type_expression(part);
                    self.tree.classes[id.at()].bases.extend(base);
                }
            }
        }
    }
}
