//! Names of blocks: `const reply` in two branches is two variables.
//!
//! The shared tree knows variables of functions only. A variable of a block whose name its function has already gets a
//! number that no name as written finds; which number a name means is known while the block is lowered.

use tree_sitter::Node;

use super::Lowerer;
use crate::lower::children;
use crate::tree::Sym;

impl<'a> Lowerer<'a> {
    /// The variable that an identifier means here.
    pub fn variable(&mut self, node: Node<'a>) -> Sym {
        let text = self.source(node);
        self.variable_named(text)
    }

    /// The variable that a name means here.
    pub fn variable_named(&mut self, text: &str) -> Sym {
        if self.language.open > 0
            && let Some(&sym) = self.language.blocks.get(text).and_then(|stack| stack.last())
        {
            return sym;
        }
        self.tree.sym(text)
    }

    /// Runs `inner` in a block that declares these names.
    pub fn in_block<T>(&mut self, names: Vec<&'a str>, inner: impl FnOnce(&mut Self) -> T) -> T {
        let mut pushed = Vec::new();
        for name in names {
            let plain = self.tree.sym(name);
            let taken = self.tree.scopes[self.scope.at()].names.contains_key(&plain);
            let hidden = self.language.blocks.get(name).is_some_and(|stack| !stack.is_empty());
            if taken || hidden {
                let own = self.tree.fresh(name);
                self.tree.bind(self.scope, own);
                self.push_name(name, own);
                pushed.push(name);
            } else {
                self.tree.bind(self.scope, plain);
            }
        }
        let result = inner(self);
        self.pop_names(&pushed);
        result
    }

    /// Runs `inner` in a function whose own names hide those of the blocks around.
    pub fn in_function<T>(
        &mut self,
        names: impl FnOnce(&Self) -> Vec<&'a str>,
        inner: impl FnOnce(&mut Self) -> T,
    ) -> T {
        if self.language.open == 0 {
            return inner(self);
        }
        let mut pushed = Vec::new();
        for name in names(self) {
            if self.language.blocks.get(name).is_some_and(|stack| !stack.is_empty()) {
                let plain = self.tree.sym(name);
                self.push_name(name, plain);
                pushed.push(name);
            }
        }
        let result = inner(self);
        self.pop_names(&pushed);
        result
    }

    fn push_name(&mut self, name: &'a str, sym: Sym) {
        self.language.blocks.entry(name).or_default().push(sym);
        self.language.open += 1;
    }

    fn pop_names(&mut self, names: &[&'a str]) {
        for &name in names {
            if let Some(stack) = self.language.blocks.get_mut(name) {
                stack.pop();
            }
            self.language.open -= 1;
        }
    }

    /// The names that the statements of a block declare for it.
    pub fn declared(&self, block: Node<'a>) -> Vec<&'a str> {
        let mut names = Vec::new();
        for statement in children(block) {
            self.declared_by(statement, &mut names);
        }
        names
    }

    fn declared_by(&self, statement: Node<'a>, names: &mut Vec<&'a str>) {
        match statement.kind() {
            "lexical_declaration" => {
                for declarator in children(statement) {
                    if let Some(pattern) = declarator.child_by_field_name("name") {
                        self.bound(pattern, names);
                    }
                }
            }
            "class_declaration" | "function_declaration" | "generator_function_declaration" => {
                names.extend(statement.child_by_field_name("name").map(|name| self.source(name)));
            }
            _ => {}
        }
    }

    /// The names that a pattern binds.
    pub fn bound(&self, pattern: Node<'a>, names: &mut Vec<&'a str>) {
        let mut pending = vec![pattern];
        while let Some(node) = pending.pop() {
            match node.kind() {
                "identifier" | "shorthand_property_identifier_pattern" => names.push(self.source(node)),
                "pair_pattern" => pending.extend(node.child_by_field_name("value")),
                "assignment_pattern" | "object_assignment_pattern" => pending.extend(node.child_by_field_name("left")),
                "required_parameter" | "optional_parameter" => pending.extend(node.child_by_field_name("pattern")),
                "object_pattern" | "array_pattern" | "rest_pattern" | "formal_parameters" => {
                    pending.extend(children(node));
                }
                _ => {}
            }
        }
    }
}
