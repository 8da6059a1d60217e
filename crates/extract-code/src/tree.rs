//! The tree that all languages are lowered to: expressions in one arena, statements nested in blocks.
//!
//! A language's folder only turns its syntax into this tree and its names into [`Scope`]s; what names mean,
//! where values go, what runs before what and which rows come of it is decided once, in `analysis` and `facts`.
//! Depth is bounded when the tree is built ([`MAX_DEPTH`]), so that everything after may recurse over it.

use base::Span;
use hashbrown::{HashMap, HashSet};
use rustc_hash::FxBuildHasher;

/// How deep expressions and statements may nest, chains of calls and attributes included.
pub const MAX_DEPTH: usize = 160;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub u32);

        impl $name {
            /// As a place in a vector.
            pub fn at(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

ids! {
    /// An expression.
    ExprId,
    /// A function, method, lambda, or the file's top level (number 0).
    FunctionId,
    /// A class.
    ClassId,
    /// A region in which names are looked up.
    ScopeId,
    /// A variable: a name in a scope.
    Slot,
    /// A name as written.
    Sym
}

/// The file's top level.
pub const MODULE: FunctionId = FunctionId(0);

/// An expression with its place.
#[derive(Debug, Clone)]
pub struct Expr {
    pub kind: Kind,
    pub span: Span,
    /// The function whose code it is part of.
    pub function: FunctionId,
}

/// What an expression is.
#[derive(Debug, Clone)]
pub enum Kind {
    Name(Sym),
    Attribute {
        object: ExprId,
        name: Sym,
    },
    Subscript {
        object: ExprId,
        index: Option<ExprId>,
    },
    Call {
        callee: ExprId,
        arguments: Vec<Argument>,
    },
    Text(Box<str>),
    /// A name that stands for itself as the key of an entry.
    Label(Sym),
    Number(f64),
    Truth(bool),
    Nothing,
    /// Text with holes.
    Format(Vec<Part>),
    /// Two or more operands of `+`.
    Concatenation(Vec<ExprId>),
    Operation {
        operator: Operator,
        operands: Vec<ExprId>,
    },
    Comparison(Vec<ExprId>),
    /// `and`, `or`: each operand but the first may be left out.
    Choice(Vec<ExprId>),
    Conditional {
        condition: ExprId,
        then: ExprId,
        otherwise: ExprId,
    },
    Container {
        shape: Shape,
        entries: Vec<Entry>,
    },
    Comprehension {
        shape: Shape,
        clauses: Vec<Clause>,
        results: Vec<ExprId>,
    },
    /// A lambda.
    Function(FunctionId),
    Await(ExprId),
    Yield(Option<ExprId>),
    /// An assignment that is an expression.
    Bind {
        target: Box<Target>,
        value: ExprId,
    },
    Spread(ExprId),
    /// What a parameter holds on entry.
    Parameter(Sym),
    Other(Vec<ExprId>),
}

/// Operators that fold or have a meaning of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    Not,
    Negate,
    Multiply,
    Subtract,
    Divide,
    /// `%`: formatting where the left side is text.
    Percent,
    /// `|`: alternatives, where it stands between types.
    Union,
    Other,
}

/// What a container is called as a receiver of methods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    List,
    Tuple,
    Set,
    Map,
    Generator,
}

/// An argument of a call.
#[derive(Debug, Clone)]
pub struct Argument {
    pub keyword: Option<Sym>,
    pub value: ExprId,
    /// `*xs`, `**options`.
    pub spread: bool,
}

/// A part of a text with holes.
#[derive(Debug, Clone)]
pub enum Part {
    Text(Box<str>),
    /// `plain`: without a format of its own, so that a constant stands there as it is.
    Hole {
        value: ExprId,
        plain: bool,
    },
}

/// An entry of a container.
#[derive(Debug, Clone)]
pub struct Entry {
    pub key: Option<ExprId>,
    pub value: ExprId,
    pub spread: bool,
}

/// A part of a comprehension.
#[derive(Debug, Clone)]
pub enum Clause {
    For { target: Target, iterable: ExprId },
    If(ExprId),
}

/// What is assigned to.
#[derive(Debug, Clone)]
pub enum Target {
    /// A name; the expression stands for what it holds afterwards.
    Name(ExprId, Slot),
    /// An attribute or subscript expression.
    Place(ExprId),
    Tuple(Vec<Target>),
    /// Attributes of an object, each with its name unless that is computed.
    Attributes(Vec<(Option<Sym>, Target)>),
    /// The rest of a tuple or object.
    Rest(Box<Target>),
    /// What gets another value where there is none.
    Default(Box<Target>, ExprId),
}

impl Target {
    /// Without a value that stands in for a missing one.
    pub fn bare(&self) -> &Target {
        match self {
            Target::Default(inner, _) => inner.bare(),
            _ => self,
        }
    }
}

/// Statements in order.
pub type Block = Vec<Stmt>;

/// A statement.
#[derive(Debug)]
pub enum Stmt {
    Expr(ExprId),
    Assign {
        targets: Vec<Target>,
        value: Option<ExprId>,
        annotation: Option<ExprId>,
    },
    /// Numbers of [`Tree::imports`].
    Import(std::ops::Range<u32>),
    Function(FunctionId),
    Class(ClassId),
    Return(Option<ExprId>),
    Raise(Option<ExprId>, Span),
    If {
        arms: Vec<(ExprId, Block)>,
        otherwise: Block,
    },
    Loop(Box<Loop>),
    Try(Box<Try>),
    With {
        items: Vec<(ExprId, Option<Target>)>,
        body: Block,
    },
    Match {
        subject: ExprId,
        cases: Vec<Case>,
    },
    Assert(ExprId),
    Break,
    Continue,
}

/// A loop.
#[derive(Debug)]
pub struct Loop {
    /// `for`: what is assigned and what it comes from.
    pub each: Option<(Target, ExprId)>,
    /// `while`: the test; none where it always holds.
    pub condition: Option<ExprId>,
    pub body: Block,
    pub otherwise: Block,
    /// What is assigned in the loop, sorted.
    pub assigned: Vec<Touched>,
    pub span: Span,
}

/// A name, or an attribute of a name, that a statement gives another value or puts something into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Touched {
    pub name: Sym,
    pub attribute: Option<Sym>,
}

/// A guarded block.
#[derive(Debug)]
pub struct Try {
    pub body: Block,
    pub handlers: Vec<Handler>,
    pub otherwise: Block,
    pub finally: Block,
}

/// An error handler.
#[derive(Debug)]
pub struct Handler {
    pub types: Vec<ExprId>,
    pub target: Option<Target>,
    pub body: Block,
    pub span: Span,
}

/// A case of a match.
#[derive(Debug)]
pub struct Case {
    pub targets: Vec<Target>,
    pub values: Vec<ExprId>,
    pub guard: Option<ExprId>,
    /// Whether it always matches.
    pub always: bool,
    pub body: Block,
}

/// A function.
#[derive(Debug)]
pub struct Function {
    pub name: Sym,
    pub qualified: Box<str>,
    pub class: Option<ClassId>,
    pub parent: Option<FunctionId>,
    pub is_async: bool,
    pub name_span: Span,
    /// The variable that holds the method's own object.
    pub receiver: Option<Slot>,
    pub parameters: Vec<Parameter>,
    pub decorators: Vec<ExprId>,
    /// Its result's type as annotated.
    pub result: Option<ExprId>,
    pub body: Block,
    pub scope: ScopeId,
}

/// A parameter.
#[derive(Debug)]
pub struct Parameter {
    pub name: Sym,
    pub slot: Slot,
    /// What it holds on entry.
    pub value: ExprId,
    pub annotation: Option<ExprId>,
    pub default: Option<ExprId>,
    /// Expressions that say something beside the type: decorators of the parameter.
    pub beside: Vec<ExprId>,
    /// A parameter that is taken apart: the names of its parts, what they hold, and their defaults.
    pub parts: Vec<(Sym, ExprId, Option<ExprId>)>,
}

/// A class.
#[derive(Debug)]
pub struct Class {
    pub name: Sym,
    pub qualified: Box<str>,
    pub bases: Vec<ExprId>,
    /// Named arguments of its head.
    pub settings: Vec<ExprId>,
    pub decorators: Vec<ExprId>,
    pub body: Block,
    pub scope: ScopeId,
    pub function: FunctionId,
    pub name_span: Span,
    /// Whether it is declared in another file of the package, and only added to here.
    pub elsewhere: bool,
}

/// An imported name.
#[derive(Debug)]
pub struct Import {
    pub module: Box<str>,
    pub name: Option<Sym>,
    pub alias: Box<str>,
    /// What the bound variable means: the whole name, or its first part for `import a.b`.
    pub means: Box<str>,
    /// The variable; none where the names are not bound one by one.
    pub slot: Option<Slot>,
    /// Whether all names of the module are seen from here on.
    pub star: bool,
    /// Whether the variable is only one more that the module may go by.
    pub guess: bool,
    pub span: Span,
}

/// A name that the file gives to others. Only for languages that say so.
#[derive(Debug)]
pub struct Export {
    /// What others know it by; `*`: whatever others take from the file they take out of `local`.
    pub name: Box<str>,
    /// What it is called in the file.
    pub local: Box<str>,
    pub span: Span,
}

/// What kind of scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScopeKind {
    Module,
    Function,
    /// Its names are seen from its own statements only.
    Class,
    /// Its names are seen through its objects only.
    Members,
}

/// A package of files that see each other's names.
#[derive(Debug)]
pub struct Package {
    /// Its name from the root: that of names which the file does not bind.
    pub name: Box<str>,
    /// Whether a class may be spread over its files, so that the class's key names the package.
    pub has_classes: bool,
}

/// A region in which names are looked up.
#[derive(Debug)]
pub struct Scope {
    pub kind: ScopeKind,
    pub parent: Option<ScopeId>,
    pub names: HashMap<Sym, Slot, FxBuildHasher>,
}

/// A variable.
#[derive(Debug, Clone, Copy)]
pub struct Variable {
    pub name: Sym,
    pub scope: ScopeId,
}

/// A whole file.
#[derive(Debug, Default)]
pub struct Tree {
    pub exprs: Vec<Expr>,
    pub functions: Vec<Function>,
    pub classes: Vec<Class>,
    pub imports: Vec<Import>,
    pub exports: Vec<Export>,
    /// What the file is a part of, in languages whose files share a scope.
    pub package: Option<Package>,
    /// Fields and their decorators.
    pub decorated: Vec<(ExprId, ExprId)>,
    /// Arguments given by reference, which a call may put something into.
    pub outs: HashSet<ExprId, FxBuildHasher>,
    pub scopes: Vec<Scope>,
    pub variables: Vec<Variable>,
    syms: Vec<Box<str>>,
    sym_places: HashMap<Box<str>, Sym, FxBuildHasher>,
}

impl Tree {
    /// The number of a name.
    pub fn sym(&mut self, text: &str) -> Sym {
        if let Some(&sym) = self.sym_places.get(text) {
            return sym;
        }
        let sym = Sym(self.syms.len() as u32);
        self.syms.push(text.into());
        self.sym_places.insert(text.into(), sym);
        sym
    }

    /// A number for a variable that no other of the same name is: names as written do not find it.
    pub fn fresh(&mut self, text: &str) -> Sym {
        self.syms.push(text.into());
        Sym(self.syms.len() as u32 - 1)
    }

    /// The number of a name that stands somewhere in the file.
    pub fn find_sym(&self, text: &str) -> Option<Sym> {
        self.sym_places.get(text).copied()
    }

    /// The name behind a number.
    pub fn text(&self, sym: Sym) -> &str {
        &self.syms[sym.at()]
    }

    /// The expression behind a number.
    pub fn expr(&self, id: ExprId) -> &Expr {
        &self.exprs[id.at()]
    }

    /// What the expression is.
    pub fn kind(&self, id: ExprId) -> &Kind {
        &self.exprs[id.at()].kind
    }

    /// The function behind a number.
    pub fn function(&self, id: FunctionId) -> &Function {
        &self.functions[id.at()]
    }

    /// The class behind a number.
    pub fn class(&self, id: ClassId) -> &Class {
        &self.classes[id.at()]
    }

    /// The variable that a name in a scope stands for, if the file binds it. Class scopes are seen from
    /// their own statements at most.
    pub fn lookup(&self, scope: ScopeId, name: Sym) -> Option<Slot> {
        let mut at = Some(scope);
        while let Some(id) = at {
            let region = &self.scopes[id.at()];
            let seen = match region.kind {
                ScopeKind::Module | ScopeKind::Function => true,
                ScopeKind::Class => id == scope,
                ScopeKind::Members => false,
            };
            if seen && let Some(&slot) = region.names.get(&name) {
                return Some(slot);
            }
            at = region.parent;
        }
        None
    }

    /// The variable of that name in a scope, made if new.
    pub fn bind(&mut self, scope: ScopeId, name: Sym) -> Slot {
        if let Some(&slot) = self.scopes[scope.at()].names.get(&name) {
            return slot;
        }
        let slot = Slot(self.variables.len() as u32);
        self.variables.push(Variable { name, scope });
        self.scopes[scope.at()].names.insert(name, slot);
        slot
    }

    /// The expressions that an expression is made of, those of nested functions left out.
    pub fn parts(&self, id: ExprId) -> Vec<ExprId> {
        match self.kind(id) {
            Kind::Attribute { object, .. } => vec![*object],
            Kind::Subscript { object, index } => std::iter::once(*object).chain(*index).collect(),
            Kind::Call { callee, arguments } => {
                std::iter::once(*callee).chain(arguments.iter().map(|argument| argument.value)).collect()
            }
            Kind::Format(parts) => parts
                .iter()
                .filter_map(|part| match part {
                    Part::Hole { value, .. } => Some(*value),
                    Part::Text(_) => None,
                })
                .collect(),
            Kind::Concatenation(operands)
            | Kind::Operation { operands, .. }
            | Kind::Comparison(operands)
            | Kind::Choice(operands)
            | Kind::Other(operands) => operands.clone(),
            Kind::Conditional { condition, then, otherwise } => vec![*condition, *then, *otherwise],
            Kind::Container { entries, .. } => {
                entries.iter().flat_map(|entry| entry.key.into_iter().chain([entry.value])).collect()
            }
            Kind::Comprehension { results, .. } => results.clone(),
            Kind::Await(inner) | Kind::Spread(inner) | Kind::Yield(Some(inner)) | Kind::Bind { value: inner, .. } => {
                vec![*inner]
            }
            Kind::Name(_)
            | Kind::Text(_)
            | Kind::Label(_)
            | Kind::Number(_)
            | Kind::Truth(_)
            | Kind::Nothing
            | Kind::Function(_)
            | Kind::Parameter(_)
            | Kind::Yield(None) => Vec::new(),
        }
    }
}
