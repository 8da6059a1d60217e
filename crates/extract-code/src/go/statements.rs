//! Go's statements. Parts of a broken file that are statements or expressions are taken as such.

use tree_sitter::Node;

use super::Lowerer;
use crate::lower::{children, has_token, span};
use crate::tree::{Block, ExprId, Kind, Loop, Shape, Stmt, Target};

impl<'a> Lowerer<'a> {
    pub(super) fn block(&mut self, node: Node<'a>) -> Block {
        let mut block = Vec::new();
        self.statements(node, &mut block);
        block
    }

    pub(super) fn shallow_statement(&mut self, node: Node<'a>, block: &mut Block) {
        match node.kind() {
            "package_clause" | "empty_statement" | "fallthrough_statement" | "goto_statement" => {}
            "import_declaration" => self.import(node, block),
            "function_declaration" => block.extend(self.function_declaration(node)),
            "method_declaration" => self.method_declaration(node),
            "type_declaration" => self.type_declaration(node),
            "const_declaration" | "var_declaration" => {
                for child in children(node) {
                    match child.kind() {
                        "var_spec_list" => {
                            for spec in children(child) {
                                self.variable(spec, block);
                            }
                        }
                        _ => self.variable(child, block),
                    }
                }
            }
            "short_var_declaration" => self.assignment(node, true, block),
            "assignment_statement" => self.assignment(node, false, block),
            "receive_statement" => match node.child_by_field_name("left") {
                Some(_) => self.assignment(node, has_token(node, ":="), block),
                None => self.expressions(node, block),
            },
            "inc_statement" | "dec_statement" => {}
            "send_statement" => self.send(node, block),
            "expression_statement" => {
                for child in children(node) {
                    self.lone_expression(child, block);
                }
            }
            "go_statement" | "defer_statement" => self.expressions(node, block),
            "return_statement" => self.return_statement(node, block),
            "if_statement" => self.if_statement(node, block),
            "for_statement" => self.for_statement(node, block),
            "expression_switch_statement" => self.expression_switch(node, block),
            "type_switch_statement" => self.type_switch(node, block),
            "select_statement" => self.select(node, block),
            "break_statement" => {
                // A break in a switch ends the case; what comes after it in the case is rarely anything.
                if self.switches == 0 || !children(node).is_empty() {
                    block.push(Stmt::Break);
                }
            }
            "continue_statement" => block.push(Stmt::Continue),
            "labeled_statement" => {
                for child in children(node).into_iter().filter(|child| child.kind() != "label_name") {
                    self.statement(child, block);
                }
            }
            "source_file" | "statement_list" | "block" | "ERROR" => self.statements(node, block),
            _ => self.lone_expression(node, block),
        }
    }

    fn expressions(&mut self, node: Node<'a>, block: &mut Block) {
        for child in children(node) {
            let value = self.expression(child);
            block.push(Stmt::Expr(value));
        }
    }

    fn lone_expression(&mut self, node: Node<'a>, block: &mut Block) {
        if node.kind() == "call_expression"
            && node.child_by_field_name("function").is_some_and(|function| self.source(function) == "panic")
        {
            let argument = node.child_by_field_name("arguments").and_then(|list| children(list).first().copied());
            let value = argument.map(|argument| self.expression(argument));
            return block.push(Stmt::Raise(value, span(node)));
        }
        let value = self.expression(node);
        block.push(Stmt::Expr(value));
    }

    /// `var a, b T = x, y`, `const a = x`.
    fn variable(&mut self, spec: Node<'a>, block: &mut Block) {
        let mut cursor = spec.walk();
        let names: Vec<Node<'a>> = spec.children_by_field_name("name", &mut cursor).filter(Node::is_named).collect();
        let annotation = spec.child_by_field_name("type").and_then(|ty| self.type_expression(ty));
        let Some(value) = spec.child_by_field_name("value") else {
            return names.into_iter().for_each(|name| {
                self.declare(name, None, annotation, block);
            });
        };
        self.assign(&names, value, annotation, true, block);
    }

    fn assignment(&mut self, node: Node<'a>, declares: bool, block: &mut Block) {
        let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else {
            return;
        };
        let operator = node.child_by_field_name("operator").map_or("=", |operator| operator.kind());
        if let (true, Some(&left)) = (operator.len() > 1, children(left).first()) {
            return self.augmented(node, left, operator, right, block);
        }
        self.assign(&children(left), right, None, declares, block);
    }

    fn augmented(&mut self, node: Node<'a>, left: Node<'a>, operator: &str, right: Node<'a>, block: &mut Block) {
        let (value, right) = (self.expression(left), self.values(right));
        let value = self.augmented_value(node, operator, value, right);
        let target = self.target(left, false);
        block.push(Stmt::Assign { targets: vec![target], value: Some(value), annotation: None });
    }

    fn assign(
        &mut self,
        lefts: &[Node<'a>],
        right: Node<'a>,
        annotation: Option<ExprId>,
        declares: bool,
        block: &mut Block,
    ) {
        let rights = if right.kind() == "expression_list" { children(right) } else { vec![right] };
        if lefts.len() == rights.len() {
            for (&left, &right) in lefts.iter().zip(&rights) {
                let asserted = asserted_type(right).and_then(|ty| self.type_expression(ty));
                let value = self.expression(right);
                let target = self.target(left, declares);
                block.push(Stmt::Assign {
                    targets: vec![target],
                    value: Some(value),
                    annotation: annotation.or(asserted),
                });
            }
            return;
        }
        let Some(&right) = rights.first() else { return };
        let value = self.expression(right);
        let targets: Vec<Target> = lefts.iter().map(|&left| self.target(left, declares)).collect();
        if matches!(self.tree.kind(value), Kind::Call { .. }) && asserted_type(right).is_none() {
            return block.push(Stmt::Assign { targets: vec![Target::Tuple(targets)], value: Some(value), annotation });
        }
        // `v, ok := m[k]`, `v, ok := x.(T)`, `v, ok := <-c`: the second says whether there was one.
        let asserted = asserted_type(right).and_then(|ty| self.type_expression(ty));
        let mut targets = targets.into_iter();
        let first = targets.next().into_iter().collect();
        block.push(Stmt::Assign { targets: first, value: Some(value), annotation: annotation.or(asserted) });
        block.push(Stmt::Assign { targets: targets.collect(), value: None, annotation: None });
    }

    /// One expression, or a tuple of several.
    fn values(&mut self, node: Node<'a>) -> ExprId {
        let parts = if node.kind() == "expression_list" { children(node) } else { vec![node] };
        if let [one] = parts.as_slice() {
            return self.expression(*one);
        }
        let values = parts.into_iter().map(|part| self.expression(part)).collect();
        self.container(node, Shape::Tuple, values)
    }

    /// `c <- v`: the value goes into the channel.
    fn send(&mut self, node: Node<'a>, block: &mut Block) {
        let (Some(channel), Some(value)) = (node.child_by_field_name("channel"), node.child_by_field_name("value"))
        else {
            return;
        };
        let value = self.expression(value);
        let object = self.expression(channel);
        self.note_touched(object);
        let place = self.add(channel, Kind::Subscript { object, index: None });
        block.push(Stmt::Assign { targets: vec![Target::Place(place)], value: Some(value), annotation: None });
    }

    fn return_statement(&mut self, node: Node<'a>, block: &mut Block) {
        let value = match children(node).first() {
            Some(&list) => Some(self.values(list)),
            None => self.named_results(node),
        };
        block.push(Stmt::Return(value));
    }

    /// What a bare `return` gives back: the results that have a name.
    fn named_results(&mut self, node: Node<'a>) -> Option<ExprId> {
        let names = self.language.results.last().cloned().unwrap_or_default();
        let values: Vec<ExprId> = names.into_iter().map(|name| self.add(node, Kind::Name(name))).collect();
        match values.as_slice() {
            [] => None,
            [one] => Some(*one),
            _ => Some(self.container(node, Shape::Tuple, values)),
        }
    }

    /// `if x := f(); x != nil { … } else if … { … } else { … }`; a chain without statements is one.
    fn if_statement(&mut self, node: Node<'a>, block: &mut Block) {
        if let Some(initializer) = node.child_by_field_name("initializer") {
            self.statement(initializer, block);
        }
        let mut arms = Vec::new();
        let mut otherwise = Vec::new();
        let mut at = node;
        while let Some(condition) = at.child_by_field_name("condition") {
            let condition = self.expression(condition);
            let then = at.child_by_field_name("consequence").map(|then| self.block(then)).unwrap_or_default();
            arms.push((condition, then));
            match at.child_by_field_name("alternative") {
                Some(next) if next.kind() == "if_statement" && next.child_by_field_name("initializer").is_none() => {
                    at = next;
                }
                Some(next) if next.kind() == "if_statement" => {
                    self.statement(next, &mut otherwise);
                    break;
                }
                Some(next) => {
                    self.statements(next, &mut otherwise);
                    break;
                }
                None => break,
            }
        }
        block.push(Stmt::If { arms, otherwise });
    }

    fn for_statement(&mut self, node: Node<'a>, block: &mut Block) {
        let switches = std::mem::take(&mut self.switches);
        let body = node.child_by_field_name("body");
        let head = children(node).into_iter().find(|&child| Some(child) != body);
        let (mut each, mut condition, mut update, mut declared) = (None, None, None, Vec::new());
        let mut before = self.touched.len();
        match head.map(|head| (head, head.kind())) {
            Some((head, "range_clause")) => {
                if let Some(right) = head.child_by_field_name("right") {
                    let iterable = self.expression(right);
                    each = Some((self.range_target(head, &mut declared), iterable));
                }
            }
            Some((head, "for_clause")) => {
                if let Some(initializer) = head.child_by_field_name("initializer") {
                    self.statement(initializer, block);
                }
                before = self.touched.len();
                condition = head.child_by_field_name("condition").map(|condition| self.expression(condition));
                update = head.child_by_field_name("update");
            }
            Some((head, _)) => condition = Some(self.expression(head)),
            None => {}
        }
        condition = condition.filter(|&condition| !matches!(self.tree.kind(condition), Kind::Truth(true)));
        let mut inner = declared;
        if let Some(body) = body {
            self.statements(body, &mut inner);
        }
        if let Some(update) = update {
            self.statement(update, &mut inner);
        }
        let assigned = self.touched_since(before);
        self.switches = switches;
        let (otherwise, span) = (Vec::new(), span(node));
        block.push(Stmt::Loop(Box::new(Loop { each, condition, body: inner, otherwise, assigned, span })));
    }

    /// `for k, v := range xs`: the second is an element. A first one beside it counts or is a key, and holds no element.
    fn range_target(&mut self, head: Node<'a>, declared: &mut Block) -> Target {
        let declares = has_token(head, ":=");
        let lefts = head.child_by_field_name("left").map(children).unwrap_or_default();
        match lefts.as_slice() {
            [] => Target::Tuple(Vec::new()),
            [only] => self.target(*only, declares),
            [key, value, ..] => {
                if key.kind() == "identifier" && self.source(*key) != "_" {
                    let target = self.target(*key, declares);
                    declared.push(Stmt::Assign { targets: vec![target], value: None, annotation: None });
                }
                self.target(*value, declares)
            }
        }
    }
}

/// The type that `x.(T)` asserts.
fn asserted_type(node: Node<'_>) -> Option<Node<'_>> {
    (node.kind() == "type_assertion_expression").then(|| node.child_by_field_name("type")).flatten()
}
