//! From Python's syntax tree to [`Tree`]: the state that is carried along and what every part needs.
//!
//! Expressions, statements, definitions, strings and imports have a file each. Depth is counted here, and
//! chains that lean left (`a.b().c()`, `a + b + c`) are lowered in a loop.

use base::Span;
use extract::{Problem, ProblemKind};
use tree_sitter::Node;

use crate::module::ModuleName;
use crate::position::Positions;
use crate::tree::{
    Expr, ExprId, Function, FunctionId, Kind, MAX_DEPTH, MODULE, Scope, ScopeId, ScopeKind, Slot, Sym, Touched, Tree,
};

/// Entries of one container that are looked at: longer ones are tables of data.
pub(super) const MAX_ENTRIES: usize = 2_000;

pub(super) struct Lowerer<'a> {
    pub text: &'a str,
    pub module: &'a ModuleName,
    pub positions: &'a Positions<'a>,
    pub tree: Tree,
    pub function: FunctionId,
    pub scope: ScopeId,
    /// The class whose body is being lowered, if nothing stands between.
    pub class: Option<crate::tree::ClassId>,
    /// Qualified name of what encloses, with a final dot unless empty.
    pub prefix: String,
    pub depth: usize,
    /// What was assigned so far, for loops to look back on.
    pub touched: Vec<Touched>,
    pub problems: Vec<Problem>,
    reported_depth: bool,
    reported_entries: bool,
}

impl<'a> Lowerer<'a> {
    /// Lowers the whole file.
    pub fn file(
        text: &'a str,
        module: &'a ModuleName,
        positions: &'a Positions<'a>,
        pieces: &'a [tree_sitter::Tree],
    ) -> (Tree, Vec<Problem>) {
        let mut tree = Tree::default();
        let name = tree.sym("<module>");
        tree.scopes.push(Scope { kind: ScopeKind::Module, parent: None, names: Default::default() });
        tree.functions.push(Function {
            name,
            qualified: "<module>".into(),
            class: None,
            parent: None,
            is_async: false,
            name_span: Span::new(0, 0),
            receiver: None,
            parameters: Vec::new(),
            decorators: Vec::new(),
            result: None,
            body: Vec::new(),
            scope: ScopeId(0),
        });
        let mut this = Lowerer {
            text,
            module,
            positions,
            tree,
            function: MODULE,
            scope: ScopeId(0),
            class: None,
            prefix: String::new(),
            depth: 0,
            touched: Vec::new(),
            problems: Vec::new(),
            reported_depth: false,
            reported_entries: false,
        };
        let body = pieces.iter().flat_map(|piece| this.block(piece.root_node())).collect();
        this.tree.functions[MODULE.at()].body = body;
        (this.tree, this.problems)
    }

    /// The source of a node.
    pub fn source(&self, node: Node<'_>) -> &'a str {
        self.text.get(node.byte_range()).unwrap_or("")
    }

    /// The name that a node is.
    pub fn name(&mut self, node: Node<'_>) -> Sym {
        let text = self.text.get(node.byte_range()).unwrap_or("");
        self.tree.sym(text)
    }

    /// A new expression with the place of `node`.
    pub fn add(&mut self, node: Node<'_>, kind: Kind) -> ExprId {
        self.add_at(span(node), kind)
    }

    /// A new expression.
    pub fn add_at(&mut self, span: Span, kind: Kind) -> ExprId {
        let id = ExprId(self.tree.exprs.len() as u32);
        self.tree.exprs.push(Expr { kind, span, function: self.function });
        id
    }

    /// Makes a name a variable of the current scope.
    pub fn bind(&mut self, name: Sym) -> Slot {
        self.touched.push(Touched { name, attribute: None });
        self.tree.bind(self.scope, name)
    }

    /// Runs `inner` one level deeper, unless that is too deep.
    pub fn deeper<T>(&mut self, node: Node<'a>, inner: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth >= MAX_DEPTH {
            if !self.reported_depth {
                self.reported_depth = true;
                let message = format!("code nested more than {MAX_DEPTH} levels deep is not looked at");
                self.warn("W0812", node, message);
            }
            return None;
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        Some(result)
    }

    /// Whether there is room for one more entry of a container.
    pub fn room(&mut self, entries: usize, node: Node<'a>) -> bool {
        if entries >= MAX_ENTRIES && !self.reported_entries {
            self.reported_entries = true;
            self.warn("W0813", node, format!("only the first {MAX_ENTRIES} entries of a container are looked at"));
        }
        entries < MAX_ENTRIES
    }

    fn warn(&mut self, code: &'static str, node: Node<'_>, message: String) {
        let place = self.positions.place(span(node));
        self.problems.push(Problem { code, kind: ProblemKind::Warning, relation: None, place, message, help: None });
    }
}

/// Where a node stands.
pub(super) fn span(node: Node<'_>) -> Span {
    Span::new(node.start_byte(), node.end_byte())
}

/// The named children that are no comments, in linear time.
pub(super) fn children<'t>(node: Node<'t>) -> Vec<Node<'t>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|child| !child.is_extra()).collect()
}

/// Whether a node has this keyword among its children before the first named one.
pub(super) fn has_keyword(node: Node<'_>, keyword: &str) -> bool {
    let mut cursor = node.walk();
    node.children(&mut cursor).take_while(|child| !child.is_named()).any(|child| child.kind() == keyword)
}
