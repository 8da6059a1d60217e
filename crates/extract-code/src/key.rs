//! Keys and labels of what code holds.
//!
//! A key is the file's path, the enclosing function, the kind, and the callee or the text with its white space
//! evened out; equals within a function are numbered in their order. So what is added elsewhere, above or
//! below, changes no key.

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use crate::tree::{ClassId, ExprId, FunctionId, Kind, Operator, Tree};

/// Texts in keys and labels are cut after this many characters.
const SHORT: usize = 60;
/// Bytes of an expression that its digest looks at.
const DIGESTED: usize = 4096;

/// The keys of a file's entities.
pub struct Keys<'a> {
    tree: &'a Tree,
    text: &'a str,
    path: &'a str,
    functions: Vec<u32>,
    classes: Vec<u32>,
    exprs: Vec<u32>,
}

impl<'a> Keys<'a> {
    /// Numbers equals, in order.
    pub fn new(tree: &'a Tree, path: &'a str, text: &'a str) -> Self {
        let mut keys = Keys { tree, text, path, functions: Vec::new(), classes: Vec::new(), exprs: Vec::new() };
        keys.functions = ordinals(tree.functions.iter().map(|function| &function.qualified));
        keys.classes = ordinals(tree.classes.iter().map(|class| &class.qualified));
        let shapes = (0..tree.exprs.len() as u32).map(|number| {
            let id = ExprId(number);
            (tree.expr(id).function, kind(tree.kind(id)), digest(&keys.body(id)))
        });
        keys.exprs = ordinals(shapes);
        keys
    }

    /// The key of a function.
    pub fn function(&self, id: FunctionId) -> String {
        numbered(format!("{}#{}", self.path, self.tree.function(id).qualified), self.functions[id.at()])
    }

    /// The key of a class.
    pub fn class(&self, id: ClassId) -> String {
        let package = self.tree.package.as_ref().filter(|package| package.has_classes);
        let home = package.map_or(self.path, |package| &package.name);
        numbered(format!("{home}#class {}", self.tree.class(id).qualified), self.classes[id.at()])
    }

    /// The key of an expression.
    pub fn expr(&self, id: ExprId) -> String {
        let body = self.body(id);
        let short = if body.chars().count() > SHORT {
            let digest = digest(&body);
            format!("{}…{digest:016x}", body.chars().take(SHORT).collect::<String>())
        } else {
            body
        };
        let function = self.function(self.tree.expr(id).function);
        numbered(format!("{function} {} {short}", kind(self.tree.kind(id))), self.exprs[id.at()])
    }

    /// The key of a place where definitions of a variable meet.
    pub fn hub(&self, function: FunctionId, name: &str, ordinal: u32) -> String {
        numbered(format!("{} join {name}", self.function(function)), ordinal)
    }

    /// What people call an expression.
    pub fn label(&self, id: ExprId) -> String {
        let body = self.body(id);
        let mut label: String = body.chars().take(SHORT).collect();
        if label.len() < body.len() {
            label.push('…');
        }
        if let Kind::Call { arguments, .. } = self.tree.kind(id) {
            label.push_str(if arguments.is_empty() { "()" } else { "(...)" });
        }
        label
    }

    /// The callee of a call, the source of anything else, white space evened out.
    fn body(&self, id: ExprId) -> String {
        match self.tree.kind(id) {
            Kind::Call { callee, .. } => self.callee(*callee),
            _ => self.source(id),
        }
    }

    fn source(&self, id: ExprId) -> String {
        let span = self.tree.expr(id).span;
        let whole = self.text.get(span.range()).unwrap_or_default();
        let mut end = whole.len().min(DIGESTED);
        while !whole.is_char_boundary(end) {
            end -= 1;
        }
        let mut out = String::with_capacity(end);
        for word in whole[..end].split_whitespace() {
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(word);
        }
        if end < whole.len() {
            out.push_str(&format!(" {}", whole.len()));
        }
        out
    }

    /// A callee without the arguments of the calls in it: `build().chat.create`.
    fn callee(&self, id: ExprId) -> String {
        let mut parts: Vec<String> = Vec::new();
        let mut at = id;
        loop {
            match self.tree.kind(at) {
                Kind::Attribute { object, name } => {
                    parts.push(format!(".{}", self.tree.text(*name)));
                    at = *object;
                }
                Kind::Call { callee, .. } => {
                    parts.push("()".to_owned());
                    at = *callee;
                }
                Kind::Subscript { object, .. } => {
                    parts.push("[]".to_owned());
                    at = *object;
                }
                _ => {
                    parts.push(self.source(at));
                    break;
                }
            }
        }
        parts.reverse();
        let mut body = parts.concat();
        // An object that is not written, as Java's own `this`, leaves no dot.
        if body.starts_with('.') && self.tree.expr(at).span.is_empty() {
            body.remove(0);
        }
        body
    }
}

/// What kind of expression, as policies call it.
pub fn kind(kind: &Kind) -> &'static str {
    match kind {
        Kind::Name(_) | Kind::Bind { .. } => "name",
        Kind::Attribute { .. } => "attribute",
        Kind::Subscript { .. } => "subscript",
        Kind::Call { .. } => "call",
        Kind::Text(_) | Kind::Label(_) => "text",
        Kind::Number(_) => "number",
        Kind::Truth(_) => "truth",
        Kind::Nothing => "nothing",
        Kind::Format(_) | Kind::Operation { operator: Operator::Percent, .. } => "format",
        Kind::Concatenation(_) => "concatenation",
        Kind::Operation { .. } => "operation",
        Kind::Comparison(_) => "comparison",
        Kind::Choice(_) | Kind::Conditional { .. } => "conditional",
        Kind::Container { .. } => "container",
        Kind::Comprehension { .. } => "comprehension",
        Kind::Function(_) => "function",
        Kind::Parameter(_) => "parameter",
        Kind::Await(_) | Kind::Yield(_) | Kind::Spread(_) | Kind::Other(_) => "other",
    }
}

fn numbered(key: String, ordinal: u32) -> String {
    if ordinal == 0 { key } else { format!("{key} ~{}", ordinal + 1) }
}

fn ordinals<T: std::hash::Hash + Eq>(items: impl Iterator<Item = T>) -> Vec<u32> {
    let mut seen: HashMap<T, u32, FxBuildHasher> = HashMap::default();
    items
        .map(|item| {
            let count = seen.entry(item).or_insert(0);
            *count += 1;
            *count - 1
        })
        .collect()
}

/// A digest that is the same on every machine (FNV-1a).
fn digest(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
