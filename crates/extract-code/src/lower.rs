//! From a syntax tree to [`Tree`]: the state that is carried along and what every language needs.
//!
//! A language gives [`Lowerer`] its expressions, statements and definitions, and keeps state of its own in `language`.
//! Depth is counted here, and so are entries; operators that lean left (`a + b + c`) are joined here.

use base::Span;
use extract::{Problem, ProblemKind};
use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;
use tree_sitter::Node;

use crate::absolute::Absolute;
use crate::members::Frame;
use crate::module::ModuleName;
use crate::position::Positions;
use crate::tree::{
    Block, Class, ClassId, Expr, ExprId, Function, FunctionId, Kind, MAX_DEPTH, MODULE, Operator, Parameter, Scope,
    ScopeId, ScopeKind, Slot, Stmt, Sym, Touched, Tree,
};

/// Entries of one container that are looked at: longer ones are tables of data.
pub const MAX_ENTRIES: usize = 2_000;

/// What is known of a function before its body.
pub struct Head {
    pub name: Sym,
    pub name_span: Span,
    pub qualified: String,
    pub class: Option<ClassId>,
    pub is_async: bool,
    pub decorators: Vec<ExprId>,
    pub result: Option<ExprId>,
}

impl Head {
    /// Of a function that is nothing but a name.
    pub fn plain(name: Sym, name_span: Span, qualified: String) -> Self {
        Head { name, name_span, qualified, class: None, is_async: false, decorators: Vec::new(), result: None }
    }
}

/// What a function holds.
#[derive(Default)]
pub struct Inside {
    /// The variable of the method's own object.
    pub receiver: Option<Slot>,
    pub parameters: Vec<Parameter>,
    pub body: Block,
}

/// Lowers a file of the language `L`.
pub struct Lowerer<'a, L> {
    /// What the language keeps besides.
    pub language: L,
    pub text: &'a str,
    pub module: &'a ModuleName,
    pub positions: &'a Positions<'a>,
    pub tree: Tree,
    pub function: FunctionId,
    pub scope: ScopeId,
    /// The class whose body is being lowered, if nothing stands between.
    pub class: Option<ClassId>,
    /// Qualified name of what encloses, with a final dot unless empty.
    pub prefix: String,
    pub depth: usize,
    /// The classes around, the innermost last, in languages that name members without their object.
    pub classes: Vec<Frame>,
    /// Statements that an expression needs before it: switches, imports and classes that stand in the middle of one.
    pub before: Vec<Stmt>,
    /// How many switches that `break` leaves stand around, up to the next loop.
    pub switches: usize,
    /// Names that are used whole.
    pub absolute: Absolute,
    /// The classes that methods stand apart from, by name.
    pub types: HashMap<Sym, ClassId, FxBuildHasher>,
    /// What was assigned so far, for loops to look back on.
    pub touched: Vec<Touched>,
    pub problems: Vec<Problem>,
    reported_depth: bool,
    reported_entries: bool,
}

impl<'a, L> Lowerer<'a, L> {
    /// Stands at the beginning of a file.
    pub fn new(language: L, text: &'a str, module: &'a ModuleName, positions: &'a Positions<'a>) -> Self {
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
        Lowerer {
            language,
            text,
            module,
            positions,
            tree,
            function: MODULE,
            scope: ScopeId(0),
            class: None,
            prefix: String::new(),
            depth: 0,
            classes: Vec::new(),
            before: Vec::new(),
            switches: 0,
            absolute: Absolute::default(),
            types: HashMap::default(),
            touched: Vec::new(),
            problems: Vec::new(),
            reported_depth: false,
            reported_entries: false,
        }
    }

    /// The tree, given the statements of the file's top level.
    pub fn finish(mut self, body: Block) -> (Tree, Vec<Problem>) {
        self.tree.functions[MODULE.at()].body = body;
        (self.tree, self.problems)
    }

    /// A new scope below the current one.
    pub fn open_scope(&mut self, kind: ScopeKind) -> ScopeId {
        let id = ScopeId(self.tree.scopes.len() as u32);
        self.tree.scopes.push(Scope { kind, parent: Some(self.scope), names: Default::default() });
        id
    }

    /// The name of something that is defined here, from the top level.
    pub fn qualified(&self, name: Sym) -> String {
        format!("{}{}", self.prefix, self.tree.text(name))
    }

    /// A function: `inside` runs in its scope. What its head is made of is evaluated outside, so it is there already.
    pub fn function_of(&mut self, head: Head, inside: impl FnOnce(&mut Self) -> Inside) -> FunctionId {
        let scope = self.open_scope(ScopeKind::Function);
        let id = FunctionId(self.tree.functions.len() as u32);
        self.tree.functions.push(Function {
            name: head.name,
            qualified: head.qualified.as_str().into(),
            class: head.class,
            parent: Some(self.function),
            is_async: head.is_async,
            name_span: head.name_span,
            receiver: None,
            parameters: Vec::new(),
            decorators: head.decorators,
            result: head.result,
            body: Vec::new(),
            scope,
        });
        let outer = (self.function, self.scope, self.class.take(), std::mem::take(&mut self.prefix));
        let waiting = (std::mem::take(&mut self.before), std::mem::take(&mut self.switches));
        (self.function, self.scope, self.prefix) = (id, scope, head.qualified + ".");
        let found = inside(self);
        (self.function, self.scope, self.class, self.prefix) = outer;
        (self.before, self.switches) = waiting;
        let function = &mut self.tree.functions[id.at()];
        (function.receiver, function.parameters, function.body) = (found.receiver, found.parameters, found.body);
        id
    }

    /// A class without bases, decorators or a body yet.
    pub fn new_class(&self, name: Sym, name_span: Span, qualified: String) -> Class {
        Class {
            name,
            qualified: qualified.into(),
            bases: Vec::new(),
            settings: Vec::new(),
            decorators: Vec::new(),
            body: Vec::new(),
            scope: self.scope,
            function: self.function,
            name_span,
            elsewhere: false,
        }
    }

    /// A class: `members` runs in its scope.
    pub fn class_of(
        &mut self,
        mut class: Class,
        kind: ScopeKind,
        members: impl FnOnce(&mut Self, ClassId, &mut Block),
    ) -> ClassId {
        class.scope = self.open_scope(kind);
        let (scope, qualified) = (class.scope, class.qualified.to_string());
        let id = ClassId(self.tree.classes.len() as u32);
        self.tree.classes.push(class);
        let outer = (self.scope, self.class.replace(id), std::mem::replace(&mut self.prefix, qualified + "."));
        let before = std::mem::take(&mut self.before);
        self.scope = scope;
        let mut body = Vec::new();
        members(self, id, &mut body);
        (self.scope, self.class, self.prefix) = outer;
        self.before = before;
        self.tree.classes[id.at()].body = body;
        id
    }

    /// A parameter with a name; its type, default and decorators are there already.
    pub fn parameter_named(
        &mut self,
        name: Sym,
        at: Span,
        annotation: Option<ExprId>,
        default: Option<ExprId>,
        beside: Vec<ExprId>,
    ) -> Parameter {
        let slot = self.bind(name);
        let value = self.add_at(at, Kind::Parameter(name));
        Parameter { name, slot, value, annotation, default, beside, parts: Vec::new() }
    }

    /// Notes that what the expression stands for gets another content.
    pub fn note_touched(&mut self, object: ExprId) {
        match *self.tree.kind(object) {
            Kind::Name(name) => self.touched.push(Touched { name, attribute: None }),
            Kind::Attribute { object, name: attribute } => {
                if let &Kind::Name(name) = self.tree.kind(object) {
                    self.touched.push(Touched { name, attribute: Some(attribute) });
                }
            }
            _ => {}
        }
    }

    /// Notes what a call puts into the object that it is made on: loops have to know.
    pub fn note_putting(&mut self, callee: ExprId, putting: &[&str]) {
        let &Kind::Attribute { object, name } = self.tree.kind(callee) else { return };
        if putting.contains(&self.tree.text(name)) {
            self.note_touched(object);
        }
    }

    /// What was assigned since `before`. The log keeps each only once for the loops further out.
    pub fn touched_since(&mut self, before: usize) -> Vec<Touched> {
        let mut assigned = self.touched.split_off(before);
        assigned.sort_unstable();
        assigned.dedup();
        self.touched.extend_from_slice(&assigned);
        assigned
    }

    /// A binary operation. `a + b + c` is one expression with three operands, as wide as the last of them; so is any chain
    /// that is `flat`, since it is longer than any that people write.
    pub fn join(&mut self, span: Span, left: ExprId, operator: &str, right: ExprId, flat: bool) -> ExprId {
        let concatenation = matches!(operator, "+" | ".");
        let operator = match operator {
            "*" => Operator::Multiply,
            "-" => Operator::Subtract,
            "/" => Operator::Divide,
            "%" => Operator::Percent,
            "|" => Operator::Union,
            _ => Operator::Other,
        };
        // The inner one has no use of its own, so its place in the arena is taken over.
        match &mut self.tree.exprs[left.at()].kind {
            Kind::Concatenation(operands) if concatenation => {
                operands.push(right);
                self.tree.exprs[left.at()].span = span;
                return left;
            }
            Kind::Operation { operands, operator } if flat => {
                operands.push(right);
                *operator = Operator::Other;
                self.tree.exprs[left.at()].span = span;
                return left;
            }
            _ => {}
        }
        let operands = vec![left, right];
        let kind = if concatenation { Kind::Concatenation(operands) } else { Kind::Operation { operator, operands } };
        self.add_at(span, kind)
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
pub fn span(node: Node<'_>) -> Span {
    Span::new(node.start_byte(), node.end_byte())
}

/// The named children that are no comments, in linear time.
pub fn children<'t>(node: Node<'t>) -> Vec<Node<'t>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|child| !child.is_extra()).collect()
}

/// Whether a node has this keyword among its children before the first named one.
pub fn has_keyword(node: Node<'_>, keyword: &str) -> bool {
    let mut cursor = node.walk();
    node.children(&mut cursor).take_while(|child| !child.is_named()).any(|child| child.kind() == keyword)
}

/// Whether a token stands among a node's children.
pub fn has_token(node: Node<'_>, token: &str) -> bool {
    let mut cursor = node.walk();
    node.children(&mut cursor).any(|child| child.kind() == token)
}
