//! The graph of one function's calls and exit tests: nodes, edges and expressions. Statements are in `paths`.

use hashbrown::HashSet;
use rustc_hash::FxBuildHasher;

use super::control::ExitTest;
use crate::idioms::Idioms;
use crate::tree::{ClassId, Clause, ExprId, FunctionId, Kind, Part, Tree};

/// A way to leave a statement other than by its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leave {
    Return,
    Raise,
    Break,
    Continue,
}

/// What catches a way to leave.
#[derive(Debug)]
pub(super) enum Frame {
    Loop { breaks: Vec<u32>, continues: Vec<u32>, escapes: Vec<Leave> },
    Handlers { raised: Vec<u32> },
    Finally { pending: Vec<u32>, leaves: Vec<Leave> },
}

/// The graph while it is built, and after.
pub(super) struct Order<'a> {
    pub tree: &'a Tree,
    idioms: &'a Idioms,
    function: FunctionId,
    /// Whether this is the graph of what comes before.
    pub before: bool,
    events: Vec<Option<ExprId>>,
    edges: Vec<Vec<u32>>,
    firsts: Vec<bool>,
    known: HashSet<ExprId, FxBuildHasher>,
    exits: Vec<u32>,
    pub frames: Vec<Frame>,
    /// Where the walk stands; none where nothing comes.
    pub at: Option<u32>,
    /// Depth of last blocks, which stand twice only on the outermost level.
    pub finals: usize,
    pub exit_tests: Vec<ExitTest>,
    known_tests: HashSet<(ExprId, Option<ExprId>), FxBuildHasher>,
}

impl<'a> Order<'a> {
    /// The graph of a function's body.
    pub fn walk(tree: &'a Tree, idioms: &'a Idioms, function: FunctionId, before: bool) -> Self {
        let mut order = Order {
            tree,
            idioms,
            function,
            before,
            events: vec![None],
            edges: vec![Vec::new()],
            firsts: vec![true],
            known: HashSet::default(),
            exits: Vec::new(),
            frames: Vec::new(),
            at: Some(0),
            finals: 0,
            exit_tests: Vec::new(),
            known_tests: HashSet::default(),
        };
        order.block(&tree.function(function).body);
        order.exits.extend(order.at);
        order
    }

    /// Number of nodes.
    pub fn len(&self) -> usize {
        self.events.len()
    }

    /// The call or exit test at a node.
    pub fn event(&self, node: u32) -> Option<ExprId> {
        self.events[node as usize]
    }

    /// Nodes with an edge to this one.
    pub fn predecessors(&self, node: u32) -> &[u32] {
        &self.edges[node as usize]
    }

    /// Whether no node before stands for the same expression.
    pub fn is_first(&self, node: u32) -> bool {
        self.firsts[node as usize]
    }

    /// Nodes from which the function ends.
    pub fn exits(&self) -> &[u32] {
        &self.exits
    }

    fn push(&mut self, event: Option<ExprId>, from: Vec<u32>) -> u32 {
        self.firsts.push(event.is_none_or(|event| self.known.insert(event)));
        self.events.push(event);
        self.edges.push(from);
        self.events.len() as u32 - 1
    }

    /// Something happens here.
    pub fn happen(&mut self, event: ExprId) {
        let node = self.push(Some(event), self.at.into_iter().collect());
        self.at = self.at.map(|_| node);
    }

    /// Goes on from where several ways meet; from nowhere if there is none.
    pub fn meet(&mut self, ways: Vec<u32>) {
        self.at = match ways.as_slice() {
            [] => None,
            [one] => Some(*one),
            _ => Some(self.push(None, ways)),
        };
    }

    /// A node of its own at which the walk stands.
    pub fn anchor(&mut self) -> u32 {
        let node = self.push(None, self.at.into_iter().collect());
        self.at = Some(node);
        node
    }

    /// Leaves; what catches it goes on from here.
    pub fn leave(&mut self, leave: Leave) {
        let Some(at) = self.at.take() else { return };
        for frame in self.frames.iter_mut().rev() {
            match (frame, leave) {
                (Frame::Loop { breaks, .. }, Leave::Break) => return breaks.push(at),
                (Frame::Loop { continues, .. }, Leave::Continue) => return continues.push(at),
                (Frame::Loop { escapes, .. }, leave) => {
                    if !escapes.contains(&leave) {
                        escapes.push(leave);
                    }
                }
                (Frame::Handlers { raised }, Leave::Raise) => return raised.push(at),
                (Frame::Handlers { .. }, _) => {}
                (Frame::Finally { pending, leaves }, leave) => {
                    if !leaves.contains(&leave) {
                        leaves.push(leave);
                    }
                    return pending.push(at);
                }
            }
        }
        self.exits.push(at);
    }

    /// The function ends here, in the eyes of what comes after.
    pub fn end(&mut self) {
        self.exits.extend(self.at.take());
    }

    /// A branch that leaves was not taken.
    pub fn passed(&mut self, condition: ExprId, exit: Option<ExprId>) {
        if !self.before {
            return;
        }
        if self.known_tests.insert((condition, exit)) {
            self.exit_tests.push(ExitTest { function: self.function, condition, exit });
        }
        self.happen(condition);
    }

    /// Whether the expression is a call that never returns.
    pub fn never_returns(&self, expr: ExprId) -> bool {
        let Kind::Call { callee, .. } = self.tree.kind(expr) else { return false };
        match self.tree.kind(*callee) {
            Kind::Name(name) | Kind::Attribute { name, .. } => self.idioms.leaving.contains(&self.tree.text(*name)),
            _ => false,
        }
    }

    pub fn expressions(&mut self, exprs: &[ExprId]) {
        exprs.iter().for_each(|&expr| self.expression(expr));
    }

    /// The calls in an expression, in the order of evaluation.
    pub fn expression(&mut self, id: ExprId) {
        let tree = self.tree;
        match tree.kind(id) {
            Kind::Call { callee, arguments } => {
                self.expression(*callee);
                for argument in arguments {
                    self.expression(argument.value);
                }
                self.happen(id);
            }
            Kind::Attribute { object, .. } => self.expression(*object),
            Kind::Subscript { object, index } => {
                self.expression(*object);
                index.iter().for_each(|&index| self.expression(index));
            }
            Kind::Format(parts) => {
                for part in parts {
                    if let Part::Hole { value, .. } = part {
                        self.expression(*value);
                    }
                }
            }
            Kind::Concatenation(operands)
            | Kind::Operation { operands, .. }
            | Kind::Comparison(operands)
            | Kind::Other(operands) => self.expressions(operands),
            Kind::Choice(operands) => self.choice(operands),
            Kind::Conditional { condition, then, otherwise } => {
                self.expression(*condition);
                let start = self.at;
                self.expression(*then);
                let first = std::mem::replace(&mut self.at, start);
                self.expression(*otherwise);
                let ends = first.into_iter().chain(self.at).collect();
                self.meet(ends);
            }
            Kind::Container { entries, .. } => {
                for entry in entries {
                    entry.key.iter().for_each(|&key| self.expression(key));
                    self.expression(entry.value);
                }
            }
            Kind::Comprehension { clauses, results, .. } => self.comprehension(clauses, results),
            Kind::Await(inner) | Kind::Spread(inner) | Kind::Yield(Some(inner)) | Kind::Bind { value: inner, .. } => {
                self.expression(*inner);
            }
            Kind::Function(function) => self.head(*function),
            Kind::Name(_)
            | Kind::Text(_)
            | Kind::Label(_)
            | Kind::Number(_)
            | Kind::Truth(_)
            | Kind::Nothing
            | Kind::Parameter(_)
            | Kind::Yield(None) => {}
        }
    }

    /// Each operand after the first may be left out.
    fn choice(&mut self, operands: &[ExprId]) {
        let mut ends = Vec::new();
        for (number, &operand) in operands.iter().enumerate() {
            if number > 0 {
                ends.extend(self.at);
            }
            self.expression(operand);
        }
        ends.extend(self.at);
        ends.dedup();
        self.meet(ends);
    }

    /// Everything but the first iterable may run any number of times.
    fn comprehension(&mut self, clauses: &[Clause], results: &[ExprId]) {
        let mut start = None;
        for (number, clause) in clauses.iter().enumerate() {
            match clause {
                Clause::For { iterable, .. } => self.expression(*iterable),
                Clause::If(condition) => self.expression(*condition),
            }
            if number == 0 {
                start = self.at;
            }
        }
        self.expressions(results);
        let mut ends: Vec<u32> = start.into_iter().chain(self.at).collect();
        ends.dedup();
        self.meet(ends);
    }

    /// What of a function runs where it is defined.
    pub fn head(&mut self, id: FunctionId) {
        let tree = self.tree;
        let function = tree.function(id);
        for parameter in &function.parameters {
            parameter.annotation.iter().chain(&parameter.default).for_each(|&expr| self.expression(expr));
            self.expressions(&parameter.beside);
        }
        function.result.iter().for_each(|&expr| self.expression(expr));
        self.expressions(&function.decorators);
    }

    /// A class's body runs where it stands.
    pub fn class(&mut self, id: ClassId) {
        let tree = self.tree;
        let class = tree.class(id);
        self.expressions(&class.bases);
        self.expressions(&class.settings);
        self.block(&class.body);
        self.expressions(&class.decorators);
    }
}
