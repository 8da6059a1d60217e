//! Expressions and statements that most languages spell alike. A language says what its nodes are ([`Grammar`]); the fields
//! of a node that hold the parts are named where the shape is asked for.

use tree_sitter::Node;

use crate::lower::{Lowerer, children, span};
use crate::tree::{
    Argument, Block, Entry, ExprId, Kind, Loop, MAX_DEPTH, Operator, Shape, Slot, Stmt, Sym, Target, Touched,
};

/// Operators that compare.
const COMPARISONS: &[&str] = &["==", "!=", "===", "!==", "<", "<=", ">", ">=", "<>", "<=>", "in", "!in", "instanceof"];
/// Operators of a choice.
const CHOICES: &[&str] = &["&&", "||", "??", "?:", "and", "or"];
/// A chain of operators longer than any that people write stays flat, so that the tree's depth is bounded.
const LONG: usize = 64;
/// Calls of a chain that are looked at.
const LONGEST_CHAIN: usize = 400;

/// What a language's nodes are.
pub trait Grammar<'a>: Sized {
    /// What a node only wraps: the inside of brackets, the value of a cast.
    fn inner(lowerer: &Lowerer<'a, Self>, node: Node<'a>) -> Option<Node<'a>>;

    /// An expression that wraps nothing; its depth is counted.
    fn expression(lowerer: &mut Lowerer<'a, Self>, node: Node<'a>) -> ExprId;

    /// Adds what a statement comes to; its depth is counted.
    fn statement(lowerer: &mut Lowerer<'a, Self>, node: Node<'a>, block: &mut Block);
}

impl<'a, L: Grammar<'a>> Lowerer<'a, L> {
    /// Any expression.
    pub fn expression(&mut self, node: Node<'a>) -> ExprId {
        let mut node = node;
        while let Some(inner) = L::inner(self, node) {
            node = inner;
        }
        match self.deeper(node, |this| L::expression(this, node)) {
            Some(expr) => expr,
            None => self.add(node, Kind::Other(Vec::new())),
        }
    }

    /// Something of no kind that matters, made of its named children.
    pub fn other(&mut self, node: Node<'a>) -> ExprId {
        let inner = self.all(node);
        self.add(node, Kind::Other(inner))
    }

    /// The named children as expressions.
    pub fn all(&mut self, node: Node<'a>) -> Vec<ExprId> {
        children(node).into_iter().map(|child| self.expression(child)).collect()
    }

    /// The first named child as an expression.
    pub fn first(&mut self, node: Node<'a>) -> Option<ExprId> {
        children(node).first().map(|&child| self.expression(child))
    }

    /// The expression in a field.
    pub fn part(&mut self, node: Node<'a>, field: &str) -> Option<ExprId> {
        node.child_by_field_name(field).map(|inner| self.expression(inner))
    }

    /// The operator of an operation as written.
    pub fn operator(&self, node: Node<'a>) -> &'a str {
        node.child_by_field_name("operator").map_or("", |operator| self.source(operator))
    }

    /// A name as an expression.
    pub fn plain_name(&mut self, node: Node<'a>) -> ExprId {
        let name = self.name(node);
        self.add(node, Kind::Name(name))
    }

    /// A number as written.
    pub fn number(&mut self, node: Node<'a>) -> ExprId {
        let kind = number(self.source(node)).map_or(Kind::Other(Vec::new()), Kind::Number);
        self.add(node, kind)
    }

    /// `object.name`.
    pub fn dotted(&mut self, node: Node<'a>, object: &str, name: &str) -> ExprId {
        let (Some(object), Some(name)) = (node.child_by_field_name(object), node.child_by_field_name(name)) else {
            return self.other(node);
        };
        let object = self.expression(object);
        let name = self.name(name);
        self.add(node, Kind::Attribute { object, name })
    }

    /// `object[index]`.
    pub fn subscript(&mut self, node: Node<'a>, object: &str, index: &str) -> ExprId {
        let Some(object) = self.part(node, object) else { return self.other(node) };
        let index = self.part(node, index);
        self.add(node, Kind::Subscript { object, index })
    }

    /// `a + b`, `a == b`, `a && b`. Chains that lean left are taken apart in a loop, so that their length costs no stack.
    pub fn binary(&mut self, node: Node<'a>) -> ExprId {
        let mut spine = vec![node];
        let mut left = node;
        while let Some(next) = left.child_by_field_name("left") {
            left = next;
            if left.kind() != node.kind() {
                break;
            }
            spine.push(left);
        }
        let mut acc = self.expression(left);
        let flat = spine.len() > LONG;
        for node in spine.into_iter().rev() {
            let Some(right) = node.child_by_field_name("right") else { continue };
            let operator = self.operator(node);
            let right = self.expression(right);
            acc = self.operation(node, acc, operator, right, flat);
        }
        acc
    }

    /// Two operands and what stands between them.
    pub fn operation(&mut self, node: Node<'a>, left: ExprId, operator: &str, right: ExprId, flat: bool) -> ExprId {
        let joined = flat && matches!(self.tree.kind(left), Kind::Operation { .. });
        if CHOICES.contains(&operator) && !joined {
            return self.choice(node, left, right);
        }
        if COMPARISONS.contains(&operator) && !flat {
            return self.add(node, Kind::Comparison(vec![left, right]));
        }
        self.join(span(node), left, operator, right, flat)
    }

    /// `a && b`, `a || b`; a chain is one expression.
    pub fn choice(&mut self, node: Node<'a>, left: ExprId, right: ExprId) -> ExprId {
        if let Kind::Choice(operands) = &mut self.tree.exprs[left.at()].kind {
            operands.push(right);
            self.tree.exprs[left.at()].span = span(node);
            return left;
        }
        self.add(node, Kind::Choice(vec![left, right]))
    }

    /// `!a`, `-a`.
    pub fn unary(&mut self, node: Node<'a>, operand: &str) -> ExprId {
        let Some(operand) = self.part(node, operand) else { return self.other(node) };
        let operator = match self.operator(node) {
            "!" | "not" => Operator::Not,
            "-" => Operator::Negate,
            _ => Operator::Other,
        };
        self.add(node, Kind::Operation { operator, operands: vec![operand] })
    }

    /// `condition ? then : otherwise`.
    pub fn conditional(&mut self, node: Node<'a>, condition: &str, then: &str, otherwise: &str) -> ExprId {
        let part = |name| node.child_by_field_name(name);
        let (Some(condition), Some(then), Some(otherwise)) = (part(condition), part(then), part(otherwise)) else {
            return self.other(node);
        };
        let condition = self.expression(condition);
        let then = self.expression(then);
        let otherwise = self.expression(otherwise);
        self.add(node, Kind::Conditional { condition, then, otherwise })
    }

    /// A container of the named children, some of which are spread.
    pub fn sequence(&mut self, node: Node<'a>, shape: Shape, spread: &str) -> ExprId {
        let mut entries = Vec::new();
        for child in children(node) {
            if !self.room(entries.len(), child) {
                break;
            }
            let spread = child.kind() == spread;
            let inner = if spread { children(child).first().copied().unwrap_or(child) } else { child };
            entries.push(Entry { key: None, value: self.expression(inner), spread });
        }
        self.add(node, Kind::Container { shape, entries })
    }

    /// A container of expressions that are there already.
    pub fn container(&mut self, node: Node<'a>, shape: Shape, values: Vec<ExprId>) -> ExprId {
        let entries = values.into_iter().map(|value| Entry { key: None, value, spread: false }).collect();
        self.add(node, Kind::Container { shape, entries })
    }

    /// The value that `a += b` gives to `a`.
    pub fn augmented_value(&mut self, node: Node<'a>, operator: &str, left: ExprId, right: ExprId) -> ExprId {
        let operands = vec![left, right];
        let kind = match operator {
            "+=" | ".=" => Kind::Concatenation(operands),
            "??=" | "||=" | "&&=" => Kind::Choice(operands),
            _ => Kind::Operation { operator: Operator::Other, operands },
        };
        self.add(node, kind)
    }

    /// The variable that an assignment means: one of what encloses, or a new one of the scope.
    pub fn assigned_variable(&mut self, name: Sym) -> Slot {
        self.touched.push(Touched { name, attribute: None });
        match self.tree.lookup(self.scope, name) {
            Some(slot) => slot,
            None => self.bind(name),
        }
    }

    /// An expression that stands left of an assignment.
    pub fn place_target(&mut self, place: ExprId) -> Target {
        match *self.tree.kind(place) {
            Kind::Name(name) => return Target::Name(place, self.assigned_variable(name)),
            Kind::Attribute { .. } => self.note_touched(place),
            Kind::Subscript { object, .. } => self.note_touched(object),
            _ => {}
        }
        Target::Place(place)
    }

    /// A new variable of the scope as a target.
    pub fn name_target(&mut self, name: Node<'a>) -> Target {
        let sym = self.name(name);
        let slot = self.bind(sym);
        Target::Name(self.add(name, Kind::Name(sym)), slot)
    }

    /// A call, with the chain of calls that it is made on, taken apart in a loop. `called_on` says which call a call is made on; `link` lowers one,
    /// given that before it, if there is one, and whether it was lost: a chain longer than the tree is deep loses its first calls.
    pub fn call_chain(
        &mut self,
        node: Node<'a>,
        called_on: fn(Node<'a>) -> Option<Node<'a>>,
        link: fn(&mut Self, Node<'a>, Option<ExprId>, bool) -> ExprId,
    ) -> ExprId {
        let mut chain = vec![node];
        while let Some(inner) = chain.last().and_then(|&at| called_on(at)) {
            if chain.len() > LONGEST_CHAIN {
                break;
            }
            chain.push(inner);
        }
        let mut object = None;
        for (number, node) in chain.into_iter().rev().enumerate() {
            let lost = number >= MAX_DEPTH / 2;
            object = Some(link(self, node, object.filter(|_| !lost), lost));
        }
        object.unwrap_or_else(|| self.other(node))
    }

    /// What is called of an object: `object.name`, as wide as both.
    pub fn attribute_of(&mut self, object: ExprId, name: Node<'a>) -> ExprId {
        let at = self.tree.expr(object).span.cover(span(name));
        let name = self.name(name);
        self.add_at(at, Kind::Attribute { object, name })
    }

    /// `T name = value`.
    pub fn declare(
        &mut self,
        name: Node<'a>,
        value: Option<ExprId>,
        annotation: Option<ExprId>,
        block: &mut Block,
    ) -> ExprId {
        let sym = self.name(name);
        self.declare_named(sym, name, value, annotation, block)
    }

    /// The same where the name is only a part of the node.
    pub fn declare_named(
        &mut self,
        sym: Sym,
        at: Node<'a>,
        value: Option<ExprId>,
        annotation: Option<ExprId>,
        block: &mut Block,
    ) -> ExprId {
        let slot = self.bind(sym);
        let expr = self.add(at, Kind::Name(sym));
        block.push(Stmt::Assign { targets: vec![Target::Name(expr, slot)], value, annotation });
        expr
    }

    /// Arguments by place.
    pub fn plain_arguments(&mut self, list: Node<'a>) -> Vec<Argument> {
        let mut arguments = Vec::new();
        for child in children(list) {
            if !self.room(arguments.len(), child) {
                break;
            }
            arguments.push(Argument { keyword: None, value: self.expression(child), spread: false });
        }
        arguments
    }

    /// The statements of a file: names that its pieces declare are known before the first one is read.
    pub fn file(&mut self, pieces: &'a [tree_sitter::Tree], mut declare: impl FnMut(&mut Self, Node<'a>)) -> Block {
        pieces.iter().for_each(|piece| declare(self, piece.root_node()));
        let mut body = Vec::new();
        pieces.iter().for_each(|piece| self.statements(piece.root_node(), &mut body));
        body
    }

    /// Adds the statements below a node.
    pub fn statements(&mut self, node: Node<'a>, block: &mut Block) {
        for child in children(node) {
            self.statement(child, block);
        }
    }

    /// Adds a statement, with what its expressions need before it.
    pub fn statement(&mut self, node: Node<'a>, block: &mut Block) {
        self.deeper(node, |this| {
            let outer = std::mem::take(&mut this.before);
            let mut own = Vec::new();
            L::statement(this, node, &mut own);
            block.append(&mut this.before);
            block.append(&mut own);
            this.before = outer;
        });
    }

    /// A statement, if there is one, as a block of its own.
    pub fn block_of(&mut self, node: Option<Node<'a>>) -> Block {
        let mut block = Vec::new();
        if let Some(node) = node {
            self.statement(node, &mut block);
        }
        block
    }

    /// `if`, with each `else if` as an arm of the same statement, so that a long chain costs no stack.
    pub fn branches(&mut self, node: Node<'a>, block: &mut Block) {
        let (mut arms, mut otherwise) = (Vec::new(), Vec::new());
        let mut at = node;
        while let Some(condition) = self.part(at, "condition") {
            let then = at.child_by_field_name("consequence").or(at.child_by_field_name("body"));
            arms.push((condition, self.block_of(then)));
            match at.child_by_field_name("alternative") {
                Some(next) if next.kind() == node.kind() => at = next,
                next => {
                    otherwise = self.block_of(next);
                    break;
                }
            }
        }
        block.push(Stmt::If { arms, otherwise });
    }

    /// A loop: its body, then what it does each time after that. `before` is where the log of what is touched stood when it began.
    pub fn repeat(
        &mut self,
        node: Node<'a>,
        each: Option<(Target, ExprId)>,
        condition: Option<ExprId>,
        before: usize,
        block: &mut Block,
    ) {
        self.repeat_body(node, node.child_by_field_name("body"), each, condition, before, block);
    }

    /// A loop whose body is no field of its own.
    pub fn repeat_body(
        &mut self,
        node: Node<'a>,
        body: Option<Node<'a>>,
        each: Option<(Target, ExprId)>,
        condition: Option<ExprId>,
        before: usize,
        block: &mut Block,
    ) {
        let condition = condition.filter(|&condition| !matches!(self.tree.kind(condition), Kind::Truth(true)));
        let switches = std::mem::take(&mut self.switches);
        let mut body = self.block_of(body);
        let mut cursor = node.walk();
        let updates: Vec<Node<'a>> = node.children_by_field_name("update", &mut cursor).collect();
        for update in updates {
            self.expression_statement(update, &mut body);
        }
        self.switches = switches;
        let assigned = self.touched_since(before);
        let (otherwise, span) = (Vec::new(), span(node));
        block.push(Stmt::Loop(Box::new(Loop { each, condition, body, otherwise, assigned, span })));
    }

    /// `while`, `do`.
    pub fn while_loop(&mut self, node: Node<'a>, block: &mut Block) {
        let before = self.touched.len();
        let condition = self.part(node, "condition");
        self.repeat(node, None, condition, before, block);
    }

    /// An expression that stands alone; an assignment that does is a statement.
    pub fn expression_statement(&mut self, node: Node<'a>, block: &mut Block) {
        let value = self.expression(node);
        self.value_statement(value, block);
    }

    /// The same of an expression that is there already.
    pub fn value_statement(&mut self, value: ExprId, block: &mut Block) {
        match self.tree.kind(value) {
            Kind::Bind { .. } => {
                let kind = std::mem::replace(&mut self.tree.exprs[value.at()].kind, Kind::Other(Vec::new()));
                let Kind::Bind { target, value } = kind else { return };
                block.push(Stmt::Assign { targets: vec![*target], value: Some(value), annotation: None });
            }
            _ => block.push(Stmt::Expr(value)),
        }
    }
}

/// The value of a number as written, without the marks of its type; none where it is no real number.
pub fn number(text: &str) -> Option<f64> {
    let text: String = text.chars().filter(|&c| c != '_').flat_map(char::to_lowercase).collect();
    let radix = match text.get(..2) {
        Some("0x") => 16,
        Some("0o") => 8,
        Some("0b") => 2,
        _ => return text.trim_end_matches(['l', 'f', 'd', 'm', 'n', 'u']).parse().ok(),
    };
    let digits = text[2..].trim_end_matches(['l', 'n', 'u']);
    u64::from_str_radix(digits, radix).ok().map(|value| value as f64)
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_lose_their_marks() {
        for (text, expected) in [
            ("1_000L", Some(1000.0)),
            ("0x1F", Some(31.0)),
            ("0.7f", Some(0.7)),
            ("2d", Some(2.0)),
            ("0b101", Some(5.0)),
            ("12n", Some(12.0)),
            ("3j", None),
        ] {
            assert_eq!(number(text), expected, "{text}");
        }
    }
}
