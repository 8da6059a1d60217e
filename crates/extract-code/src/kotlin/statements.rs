//! Kotlin's statements. Parts of a broken file that are statements or expressions are taken as such.

use tree_sitter::Node;

use super::Lowerer;
use crate::lower::{children, span};
use crate::tree::{Block, Import, Stmt, Target};

impl<'a> Lowerer<'a> {
    pub(super) fn shallow_statement(&mut self, node: Node<'a>, block: &mut Block) {
        match node.kind() {
            "package_header" | "type_alias" | "file_annotation" | "label" | "shebang" => {}
            "import" => self.import(node, block),
            "class_declaration" | "object_declaration" => block.extend(self.class(node)),
            "function_declaration" => block.extend(self.function_declaration(node)),
            "property_declaration" => self.property(node, block),
            "annotated_expression" if children(node).last().is_some_and(|last| is_annotation_end(*last)) => {
                self.lone_annotations(node);
            }
            "assignment" => self.assignment(node, block),
            "return_expression" => {
                let value = children(node).into_iter().rfind(|child| child.kind() != "label");
                let value = value.map(|value| self.expression(value));
                block.push(Stmt::Return(value));
            }
            "throw_expression" => {
                let value = self.first(node);
                block.push(Stmt::Raise(value, span(node)));
            }
            "if_expression" | "when_expression" | "try_expression" => self.branching(node, None, block),
            "while_statement" | "do_while_statement" => {
                let before = self.touched.len();
                let condition = self.part(node, "condition");
                self.loop_over(node, None, condition, before, block);
            }
            "for_statement" => self.for_statement(node, block),
            "break_expression" => block.push(Stmt::Break),
            "continue_expression" => block.push(Stmt::Continue),
            "identifier" if self.source(node) == "break" => block.push(Stmt::Break),
            "identifier" if self.source(node) == "continue" => block.push(Stmt::Continue),
            "labeled_expression" => {
                let label = children(node).first().map_or("", |label| self.source(*label));
                match label {
                    "break@" => block.push(Stmt::Break),
                    "continue@" => block.push(Stmt::Continue),
                    _ => {
                        if let Some(&inner) = children(node).last() {
                            self.statement(inner, block);
                        }
                    }
                }
            }
            "block" | "control_structure_body" | "source_file" | "statements" | "ERROR" | "class_body" => {
                self.statements(node, block);
            }
            _ => self.expression_statement(node, block),
        }
    }

    /// `a = b`, `a += b`.
    fn assignment(&mut self, node: Node<'a>, block: &mut Block) {
        let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else {
            return;
        };
        let operator = self.operator(node);
        let value = match operator {
            "=" => self.expression(right),
            _ => {
                let (left, right) = (self.expression(left), self.expression(right));
                self.augmented_value(node, operator, left, right)
            }
        };
        let place = self.expression(left);
        let targets = vec![self.place_target(place)];
        block.push(Stmt::Assign { targets, value: Some(value), annotation: None });
    }

    /// What a declaration of one or several variables binds.
    pub(super) fn pattern(&mut self, node: Node<'a>) -> Target {
        let names = children(node);
        match node.kind() {
            "multi_variable_declaration" => {
                let parts = names.into_iter().filter(|part| part.kind() == "variable_declaration");
                let names: Vec<Node<'a>> = parts.filter_map(|part| children(part).first().copied()).collect();
                Target::Tuple(names.into_iter().map(|name| self.name_target(name)).collect())
            }
            _ => match names.into_iter().find(|name| name.kind() == "identifier") {
                Some(name) => self.name_target(name),
                None => Target::Tuple(Vec::new()),
            },
        }
    }

    fn for_statement(&mut self, node: Node<'a>, block: &mut Block) {
        let parts = children(node);
        let variable = parts.iter().find(|part| part.kind().ends_with("variable_declaration")).copied();
        let Some(variable) = variable else { return self.statements(node, block) };
        let iterable = parts.iter().find(|part| part.start_byte() > variable.end_byte()).copied();
        let Some(iterable) = iterable else { return };
        let iterable = self.expression(iterable);
        let before = self.touched.len();
        let annotation = self.type_of(variable);
        let target = self.pattern(variable);
        // The type says what an element is called, whatever the list is known as.
        if annotation.is_some() {
            block.push(Stmt::Assign { targets: vec![target.clone()], value: None, annotation });
        }
        self.loop_over(node, Some((target, iterable)), None, before, block);
    }

    /// A loop, whose body is its last part.
    fn loop_over(
        &mut self,
        node: Node<'a>,
        each: Option<(Target, crate::tree::ExprId)>,
        condition: Option<crate::tree::ExprId>,
        before: usize,
        block: &mut Block,
    ) {
        let body = children(node).into_iter().rfind(|part| part.kind() == "block");
        let body = body.or(children(node).last().copied().filter(|_| node.kind() == "for_statement"));
        self.repeat_body(node, body, each, condition, before, block);
    }

    /// `import a.b.C`, `import a.b.*`, `import a.b.C as D`.
    fn import(&mut self, node: Node<'a>, block: &mut Block) {
        let first = self.tree.imports.len() as u32;
        let parts = children(node);
        let Some(&path) = parts.first() else { return };
        let whole: String = self.source(path).chars().filter(|c| !c.is_whitespace() && *c != '`').collect();
        let star = self.source(node).trim_end().ends_with('*');
        let (module, name) = match whole.rsplit_once('.') {
            _ if star => (whole.as_str(), "*"),
            Some((module, name)) => (module, name),
            None => ("", whole.as_str()),
        };
        let alias = parts.get(1).map_or(name, |alias| self.source(*alias));
        let sym = self.tree.sym(alias);
        let slot = (!star).then(|| self.bind(sym));
        let name = Some(self.tree.sym(name));
        self.tree.imports.push(Import {
            module: module.into(),
            name,
            alias: alias.into(),
            means: whole.as_str().into(),
            slot,
            star,
            guess: false,
            span: span(node),
        });
        block.push(Stmt::Import(first..self.tree.imports.len() as u32));
    }
}

/// Whether what an annotation stands before is nothing but a bracket or further annotations.
fn is_annotation_end(node: Node<'_>) -> bool {
    match node.kind() {
        "annotation" | "parenthesized_expression" => true,
        "annotated_expression" => children(node).last().is_some_and(|last| {
            matches!(last.kind(), "annotation" | "parenthesized_expression" | "annotated_expression")
        }),
        _ => false,
    }
}
