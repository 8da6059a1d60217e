//! Ruby's statements, each of which has a value: that of a method's last one is what the method gives back.

use tree_sitter::Node;

use super::Lowerer;
use crate::lower::{children, span};
use crate::tree::{Block, Case, ExprId, Handler, Import, Kind, Stmt, Try};
use crate::values::Give;

impl<'a> Lowerer<'a> {
    pub(super) fn shallow_statement(&mut self, node: Node<'a>, block: &mut Block) {
        self.tail(node, Give::Nothing, block);
    }

    /// A branching expression where its value is used: a statement before, which gives it to a variable that no name finds.
    pub(super) fn value_of(&mut self, node: Node<'a>) -> ExprId {
        let to = self.given();
        let mut before = std::mem::take(&mut self.before);
        self.tail(node, Give::To(to), &mut before);
        self.before = before;
        self.add(node, Kind::Name(to.0))
    }

    /// The statements below a node; the last gives the block's value.
    pub(super) fn tail_block(&mut self, node: Node<'a>, give: Give, block: &mut Block) {
        let parts = children(node);
        let clause = parts.iter().any(|part| matches!(part.kind(), "rescue" | "ensure" | "else"));
        if clause && matches!(node.kind(), "body_statement" | "begin" | "block_body") {
            return self.guarded(&parts, give, block);
        }
        if let Some((&last, rest)) = parts.split_last() {
            for &part in rest {
                self.statement(part, block);
            }
            self.tail_statement(last, give, block);
        }
    }

    fn tail_statement(&mut self, node: Node<'a>, give: Give, block: &mut Block) {
        self.deeper(node, |this| {
            let outer = std::mem::take(&mut this.before);
            let mut own = Vec::new();
            this.tail(node, give, &mut own);
            block.append(&mut this.before);
            block.append(&mut own);
            this.before = outer;
        });
    }

    fn tail(&mut self, node: Node<'a>, give: Give, block: &mut Block) {
        match node.kind() {
            "heredoc_body" | "empty_statement" | "undef" | "alias" | "uninterpreted" => {}
            "class" | "module" => block.extend(self.class(node)),
            "singleton_class" => {
                if let Some(body) = node.child_by_field_name("body") {
                    self.statements(body, block);
                }
            }
            "method" | "singleton_method" => block.extend(self.method(node)),
            "if" | "unless" | "elsif" => self.branch(node, give, block),
            "if_modifier" | "unless_modifier" => {
                let Some(condition) = self.part(node, "condition") else { return };
                let mut body = Vec::new();
                if let Some(inner) = node.child_by_field_name("body") {
                    self.tail_statement(inner, give, &mut body);
                }
                match node.kind() {
                    "if_modifier" => block.push(Stmt::If { arms: vec![(condition, body)], otherwise: Vec::new() }),
                    _ => self.unless(node, condition, body, Vec::new(), block),
                }
            }
            "while" | "until" | "while_modifier" | "until_modifier" => {
                let before = self.touched.len();
                let condition = self.part(node, "condition").filter(|_| node.kind().starts_with("while"));
                self.repeat(node, None, condition, before, block);
            }
            "for" => {
                let (Some(pattern), Some(value)) =
                    (node.child_by_field_name("pattern"), node.child_by_field_name("value"))
                else {
                    return;
                };
                let Some(iterable) = self.first(value) else { return };
                let before = self.touched.len();
                let target = self.target(pattern);
                self.repeat(node, Some((target, iterable)), None, before, block);
            }
            "case" | "case_match" => self.case(node, give, block),
            "begin" => self.tail_block(node, give, block),
            "rescue_modifier" => {
                let (mut body, mut handler) = (Vec::new(), Vec::new());
                if let Some(inner) = node.child_by_field_name("body") {
                    self.tail_statement(inner, give, &mut body);
                }
                if let Some(inner) = node.child_by_field_name("handler") {
                    self.tail_statement(inner, give, &mut handler);
                }
                let handlers = vec![Handler { types: Vec::new(), target: None, body: handler, span: span(node) }];
                block.push(Stmt::Try(Box::new(Try { body, handlers, otherwise: Vec::new(), finally: Vec::new() })));
            }
            "return" => {
                let list = children(node).first().copied();
                let value = list.map(|list| match children(list).as_slice() {
                    [one] if list.kind() == "argument_list" => self.expression(*one),
                    _ => self.expression(list),
                });
                block.push(Stmt::Return(value));
            }
            "break" => block.push(Stmt::Break),
            "next" | "redo" | "retry" => block.push(Stmt::Continue),
            "assignment" | "operator_assignment" => {
                let Some((target, value)) = self.assignment_parts(node) else { return };
                block.push(Stmt::Assign { targets: vec![target], value: Some(value), annotation: None });
                if give != Give::Nothing {
                    self.hand(value, node, give, block);
                }
            }
            "then"
            | "do"
            | "else"
            | "block_body"
            | "body_statement"
            | "program"
            | "ERROR"
            | "parenthesized_statements" => {
                self.tail_block(node, give, block);
            }
            "call" if self.is_word(node, "raise") => {
                let list = node.child_by_field_name("arguments");
                let mut arguments = list.map(|list| self.arguments(list)).unwrap_or_default().into_iter();
                let first = arguments.next();
                // raise Error, "message": what is raised is made of the class.
                let value = first.map(|first| match self.tree.kind(first.value) {
                    Kind::Name(_) | Kind::Attribute { .. } => {
                        let at = self.tree.expr(first.value).span;
                        self.add_at(at, Kind::Call { callee: first.value, arguments: arguments.collect() })
                    }
                    _ => first.value,
                });
                block.push(Stmt::Raise(value, span(node)));
            }
            "call" if self.is_word(node, "require") || self.is_word(node, "require_relative") => {
                self.require(node, block);
            }
            "identifier" if self.source(node) == "raise" => block.push(Stmt::Raise(None, span(node))),
            _ => {
                let value = self.expression(node);
                // A call in the body of a class is about the class.
                if self.class.is_some() && give == Give::Nothing && matches!(self.tree.kind(value), Kind::Call { .. }) {
                    self.language.macros.push(value);
                }
                match give {
                    Give::Nothing => self.value_statement(value, block),
                    _ => self.hand(value, node, give, block),
                }
            }
        }
    }

    fn is_word(&self, node: Node<'a>, word: &str) -> bool {
        node.child_by_field_name("receiver").is_none()
            && node.child_by_field_name("method").is_some_and(|method| self.source(method) == word)
    }

    /// `if … elsif … else … end`, `unless … end`.
    fn branch(&mut self, node: Node<'a>, give: Give, block: &mut Block) {
        let (mut arms, mut otherwise) = (Vec::new(), Vec::new());
        let mut at = node;
        while let Some(condition) = self.part(at, "condition") {
            let mut then = Vec::new();
            if let Some(inner) = at.child_by_field_name("consequence") {
                self.tail_block(inner, give, &mut then);
            }
            arms.push((condition, then));
            match at.child_by_field_name("alternative") {
                Some(next) if next.kind() == "elsif" => at = next,
                Some(next) => {
                    self.tail_block(next, give, &mut otherwise);
                    break;
                }
                None => break,
            }
        }
        if node.kind() == "unless" {
            if let Some((condition, then)) = arms.pop() {
                self.unless(node, condition, then, otherwise, block);
            }
            return;
        }
        block.push(Stmt::If { arms, otherwise });
    }

    fn unless(&mut self, node: Node<'a>, condition: ExprId, then: Block, otherwise: Block, block: &mut Block) {
        let operands = vec![condition];
        let at = node.child_by_field_name("condition").map_or(span(node), span);
        let negated = self.add_at(at, Kind::Operation { operator: crate::tree::Operator::Not, operands });
        block.push(Stmt::If { arms: vec![(negated, then)], otherwise });
    }

    fn case(&mut self, node: Node<'a>, give: Give, block: &mut Block) {
        let subject = match self.part(node, "value") {
            Some(subject) => subject,
            None => self.add(node, Kind::Other(Vec::new())),
        };
        let mut cases = Vec::new();
        for clause in children(node) {
            if !matches!(clause.kind(), "when" | "in_clause" | "else") {
                continue;
            }
            let mut cursor = clause.walk();
            let patterns: Vec<Node<'a>> = clause.children_by_field_name("pattern", &mut cursor).collect();
            let values = patterns.into_iter().map(|pattern| self.expression(pattern)).collect();
            let mut body = Vec::new();
            match clause.child_by_field_name("body") {
                Some(inner) => self.tail_block(inner, give, &mut body),
                None if clause.kind() == "else" => self.tail_block(clause, give, &mut body),
                None => {}
            }
            cases.push(Case { targets: Vec::new(), values, guard: None, always: clause.kind() == "else", body });
        }
        block.push(Stmt::Match { subject, cases });
    }

    /// Statements with `rescue`, `else` and `ensure` behind them.
    fn guarded(&mut self, parts: &[Node<'a>], give: Give, block: &mut Block) {
        let (mut body, mut handlers) = (Vec::new(), Vec::new());
        let (mut otherwise, mut finally) = (Vec::new(), Vec::new());
        let count = parts.iter().take_while(|part| !matches!(part.kind(), "rescue" | "ensure" | "else")).count();
        for (number, &part) in parts[..count].iter().enumerate() {
            match number + 1 == count {
                true => self.tail_statement(part, give, &mut body),
                false => self.statement(part, &mut body),
            }
        }
        for &part in &parts[count..] {
            match part.kind() {
                "rescue" => {
                    let types = part.child_by_field_name("exceptions").map(|list| self.all(list)).unwrap_or_default();
                    let name = part.child_by_field_name("variable").and_then(|it| children(it).first().copied());
                    let target = name.map(|name| self.target(name));
                    let mut inner = Vec::new();
                    if let Some(then) = part.child_by_field_name("body") {
                        self.tail_block(then, give, &mut inner);
                    }
                    handlers.push(Handler { types, target, body: inner, span: span(part) });
                }
                "else" => self.tail_block(part, give, &mut otherwise),
                "ensure" => self.statements(part, &mut finally),
                _ => {}
            }
        }
        block.push(Stmt::Try(Box::new(Try { body, handlers, otherwise, finally })));
    }

    /// `require "openai"`
    fn require(&mut self, node: Node<'a>, block: &mut Block) {
        let first = self.tree.imports.len() as u32;
        let text = node.child_by_field_name("arguments").and_then(|list| children(list).first().copied());
        let Some(text) = text.filter(|text| text.kind() == "string") else { return };
        let module = self.source(text).trim_matches(['"', '\'']);
        let alias = module.rsplit('/').next().unwrap_or(module);
        self.tree.imports.push(Import {
            module: module.into(),
            name: None,
            alias: alias.into(),
            means: module.into(),
            slot: None,
            star: false,
            guess: false,
            span: span(node),
        });
        block.push(Stmt::Import(first..self.tree.imports.len() as u32));
    }
}
