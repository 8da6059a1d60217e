//! Classes, interfaces, traits, enumerations, what stands in them, and attributes, which are decorators.

use tree_sitter::Node;

use super::Lowerer;
use crate::lower::{children, span};
use crate::tree::{Block, Class, ClassId, ExprId, Kind, Stmt};

impl<'a> Lowerer<'a> {
    /// The attributes of a declaration: `#[Route('/chat')]`.
    pub(super) fn attributes(&mut self, node: Node<'a>) -> Vec<ExprId> {
        let groups = node.child_by_field_name("attributes").map(children).unwrap_or_default();
        let found: Vec<Node<'a>> = groups.into_iter().flat_map(children).collect();
        let mut attributes = Vec::new();
        for attribute in found.into_iter().filter(|it| it.kind() == "attribute") {
            let Some(&name) = children(attribute).first() else { continue };
            let callee = self.class_name(name);
            attributes.push(match attribute.child_by_field_name("parameters") {
                Some(list) => {
                    let arguments = self.arguments(list);
                    self.add(attribute, Kind::Call { callee, arguments })
                }
                None => callee,
            });
        }
        attributes
    }

    /// A class of any kind.
    pub(super) fn class(&mut self, node: Node<'a>) -> Option<Stmt> {
        let name_node = node.child_by_field_name("name")?;
        let name = self.name(name_node);
        let mut decorators = self.attributes(node);
        if node.kind() == "interface_declaration" {
            self.interface_word(node, &mut decorators);
        }
        self.bind(name);
        let class = Class { decorators, ..self.new_class(name, span(name_node), self.qualified(name)) };
        Some(Stmt::Class(self.class_body(node, class)))
    }

    /// `new class(…) { … }`: a class without a name, declared before the statement that it stands in.
    pub(super) fn anonymous(&mut self, node: Node<'a>, class: Node<'a>) -> ExprId {
        let name = self.tree.fresh("<anonymous>");
        let at = base::Span::at(class.start_byte());
        let made = self.new_class(name, at, self.qualified(name));
        self.bind(name);
        if let Some(id) = self.deeper(class, |this| this.class_body(class, made)) {
            self.before.push(Stmt::Class(id));
        }
        let list = children(class).into_iter().find(|child| child.kind() == "arguments");
        let arguments = list.map(|list| self.arguments(list)).unwrap_or_default();
        let callee = self.add_at(at, Kind::Name(name));
        self.add(node, Kind::Call { callee, arguments })
    }

    /// What stands behind the name. Traits that a class uses are classes that it inherits from.
    fn class_body(&mut self, node: Node<'a>, class: Class) -> ClassId {
        let members = node.child_by_field_name("body").map(children).unwrap_or_default();
        let lists =
            children(node).into_iter().filter(|it| matches!(it.kind(), "base_clause" | "class_interface_clause"));
        let lists: Vec<Node<'a>> =
            lists.chain(members.iter().copied().filter(|it| it.kind() == "use_declaration")).collect();
        let names = lists.into_iter().flat_map(children).filter(|it| it.kind().ends_with("name"));
        let bases = names.collect::<Vec<_>>().into_iter().map(|base| self.class_name(base)).collect();
        let class = Class { bases, ..class };
        self.framed_class(class, "this", false, |_, _| (), |this, block| this.each_member(members, block, Self::member))
    }

    fn member(&mut self, node: Node<'a>, block: &mut Block) {
        match node.kind() {
            "const_declaration" => self.constants(node, block),
            "property_declaration" => {
                let decorators = self.attributes(node);
                let annotation = node.child_by_field_name("type").and_then(|ty| self.type_expression(ty));
                for element in children(node).into_iter().filter(|child| child.kind() == "property_element") {
                    let Some(name) = element.child_by_field_name("name") else { continue };
                    let value = self.part(element, "default_value");
                    self.field(name, value, annotation, &decorators, block);
                }
            }
            "enum_case" => {
                if let Some(name) = node.child_by_field_name("name") {
                    let value = self.part(node, "value");
                    self.declare(name, value, None, block);
                }
            }
            "method_declaration" => {
                self.promoted(node, block);
                block.extend(self.method(node));
            }
            "ERROR" => self.each_member(children(node), block, Self::member),
            _ => {}
        }
    }

    /// A field, whose name is that of its variable without `$`.
    fn field(
        &mut self,
        name: Node<'a>,
        value: Option<ExprId>,
        annotation: Option<ExprId>,
        decorators: &[ExprId],
        block: &mut Block,
    ) {
        let sym = self.field_name(name);
        self.decorated_field_named(sym, name, value, annotation, decorators, block);
    }

    /// The name of the field that a variable stands for.
    pub(super) fn field_name(&mut self, variable: Node<'a>) -> crate::tree::Sym {
        let text = self.source(variable).trim_start_matches(['&', '$']);
        self.tree.sym(text)
    }

    /// The fields that a constructor's parameters declare: `__construct(private Client $client)`.
    fn promoted(&mut self, method: Node<'a>, block: &mut Block) {
        for parameter in method.child_by_field_name("parameters").map(children).unwrap_or_default() {
            if let Some(name) = super::functions::promoted_name(parameter) {
                let annotation = parameter.child_by_field_name("type").and_then(|ty| self.type_expression(ty));
                self.field(name, None, annotation, &[], block);
            }
        }
    }

    /// `const A = 'a', B = 'b';`, of a class or not.
    pub(super) fn constants(&mut self, node: Node<'a>, block: &mut Block) {
        for element in children(node).into_iter().filter(|child| child.kind() == "const_element") {
            if let [name, value] = children(element).as_slice() {
                let value = Some(self.expression(*value));
                self.declare(*name, value, None, block);
            }
        }
    }
}
