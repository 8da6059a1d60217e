//! Calls of functions, methods and constructors.

use tree_sitter::Node;

use super::Lowerer;
use super::idioms::RUST;
use crate::lower::children;
use crate::tree::{Argument, ExprId, Kind};

/// What gives back the value that it is given, as far as policies are concerned.
const WRAPPING: &[&str] = &[
    "Arc.new",
    "Box.new",
    "Box.pin",
    "Cow.Borrowed",
    "Mutex.new",
    "Ok",
    "Pin.new",
    "Rc.new",
    "RefCell.new",
    "RwLock.new",
    "Some",
    "Reverse",
];

impl<'a> Lowerer<'a> {
    /// A call, with the chain of calls that it is made on.
    pub(super) fn call(&mut self, node: Node<'a>) -> ExprId {
        self.call_chain(node, called_on, Self::link)
    }

    fn link(&mut self, node: Node<'a>, object: Option<ExprId>, lost: bool) -> ExprId {
        let (Some(function), Some(list)) =
            (node.child_by_field_name("function").map(plain), node.child_by_field_name("arguments"))
        else {
            return self.other(node);
        };
        if function.kind() == "field_expression" {
            let object = object.or_else(|| if lost { None } else { self.part(function, "value") });
            let callee = match (object, function.child_by_field_name("field")) {
                (Some(object), Some(name)) => self.attribute_of(object, name),
                (None, Some(name)) => self.plain_name(name),
                _ => return self.other(node),
            };
            let arguments = self.plain_arguments(list);
            self.note_putting(callee, RUST.putting);
            return self.add(node, Kind::Call { callee, arguments });
        }
        if !matches!(function.kind(), "identifier" | "scoped_identifier") {
            let callee = self.expression(function);
            let arguments = self.plain_arguments(list);
            return self.add(node, Kind::Call { callee, arguments });
        }
        let words: String = self.source(function).replace("::", ".");
        let wrapped = WRAPPING
            .iter()
            .any(|known| words == *known || words.ends_with(known) && words.contains(&format!(".{known}")));
        if wrapped && let [one] = children(list).as_slice() {
            return self.expression(*one);
        }
        let mut callee = self.path(function);
        // `T::new(…)` makes a `T`, and so does `T::default()`.
        if let Kind::Attribute { object, name } = *self.tree.kind(callee)
            && matches!(self.tree.text(name), "new" | "default")
            && self.is_type(object)
        {
            callee = object;
        } else if let Some(made) = self.made_by_path(function) {
            callee = made;
        }
        let arguments: Vec<Argument> = self.plain_arguments(list);
        self.add(node, Kind::Call { callee, arguments })
    }

    /// The type in `a::b::T::new`, whose path is one name.
    fn made_by_path(&mut self, function: Node<'a>) -> Option<ExprId> {
        let name = function.child_by_field_name("name")?;
        let path = function.child_by_field_name("path")?;
        let last = path.child_by_field_name("name").unwrap_or(path);
        let makes = matches!(self.source(name), "new" | "default") && self.source(last).starts_with(char::is_uppercase);
        makes.then(|| self.path(path))
    }

    /// Whether an expression names a type.
    fn is_type(&self, expr: ExprId) -> bool {
        match *self.tree.kind(expr) {
            Kind::Name(name) | Kind::Attribute { name, .. } => self.tree.text(name).starts_with(char::is_uppercase),
            _ => false,
        }
    }

    /// `T { a: b, c, ..d }`: a call of the type with named arguments.
    pub(super) fn literal(&mut self, node: Node<'a>) -> ExprId {
        let callee = node.child_by_field_name("name").and_then(|ty| self.made_type(ty));
        let Some(callee) = callee else { return self.other(node) };
        let mut arguments = Vec::new();
        for field in node.child_by_field_name("body").map(children).unwrap_or_default() {
            if !self.room(arguments.len(), field) {
                break;
            }
            let argument = match field.kind() {
                "field_initializer" => {
                    let (Some(name), Some(value)) = (field.child_by_field_name("field"), self.part(field, "value"))
                    else {
                        continue;
                    };
                    Argument { keyword: Some(self.name(name)), value, spread: false }
                }
                "shorthand_field_initializer" => {
                    let Some(&name) = children(field).last() else { continue };
                    Argument { keyword: Some(self.name(name)), value: self.plain_name(name), spread: false }
                }
                "base_field_initializer" => match self.first(field) {
                    Some(value) => Argument { keyword: None, value, spread: true },
                    None => continue,
                },
                _ => continue,
            };
            arguments.push(argument);
        }
        self.add(node, Kind::Call { callee, arguments })
    }
}

/// A function without the types that it is asked for.
fn plain(function: Node<'_>) -> Node<'_> {
    match function.kind() {
        "generic_function" => function.child_by_field_name("function").unwrap_or(function),
        _ => function,
    }
}

/// The call that a call is made on, whether it is waited for or an error is handed on in between.
fn called_on(node: Node<'_>) -> Option<Node<'_>> {
    let function = plain(node.child_by_field_name("function")?);
    let mut object = function.child_by_field_name("value").filter(|_| function.kind() == "field_expression")?;
    while matches!(object.kind(), "try_expression" | "await_expression" | "parenthesized_expression") {
        object = children(object).first().copied()?;
    }
    (object.kind() == "call_expression").then_some(object)
}
