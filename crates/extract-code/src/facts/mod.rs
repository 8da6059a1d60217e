//! From an analyzed tree to rows of the relations that the request asks for, in the order of the source.

mod calls;
mod definitions;
mod flow;
mod handed;
mod statements;
mod values;

use extract::Output;
use facts::{Code, RowPlace, Value};
use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use crate::analysis::ValueId;
use crate::analysis::constant::Constants;
use crate::analysis::names::{NameId, Names};
use crate::analysis::reach::{Reaching, Source};
use crate::idioms::Idioms;
use crate::key::{Keys, kind};
use crate::module::ModuleName;
use crate::position::Positions;
use crate::tree::{ClassId, ExprId, FunctionId, Kind, Operator, Tree};

/// A file ready for its rows.
pub struct Analyzed<'a> {
    pub path: &'a str,
    pub text: &'a str,
    pub positions: &'a Positions<'a>,
    pub module: &'a ModuleName,
    pub tree: &'a Tree,
    pub idioms: &'a Idioms,
}

/// Writes all rows of a file.
pub fn write(file: &Analyzed<'_>, out: &mut Output<'_>) {
    let reaching = Reaching::new(file.tree, file.idioms);
    let names = Names::new(file.tree, &reaching, file.idioms, &file.module.name);
    let mut writer = Writer::new(file, &reaching, names, out);
    writer.definitions();
    writer.statements();
    writer.calls();
    writer.values();
    writer.flow();
    writer.order();
    writer.expressions();
}

/// What is known about each expression's part in the file.
#[derive(Debug, Clone, Copy, Default)]
struct Role {
    /// It is (part of) a type.
    ty: bool,
    /// It is what a call calls.
    callee: bool,
    /// It is assigned to.
    stored: bool,
}

struct Writer<'a, 'o, 's> {
    file: &'a Analyzed<'a>,
    tree: &'a Tree,
    reaching: &'a Reaching,
    names: Names<'a>,
    constants: Constants,
    keys: Keys<'a>,
    roles: Vec<Role>,
    out: &'o mut Output<'s>,
    exprs: Vec<Option<Code>>,
    functions: Vec<Option<Code>>,
    classes: Vec<Option<Code>>,
    hubs: HashMap<ValueId, Code, FxBuildHasher>,
    /// Functions that the file's calls run, in the order of those calls.
    handed: Vec<handed::Handed<'a>>,
    /// How many picks were written.
    picks: usize,
    file_key: Code,
}

impl<'a, 'o, 's> Writer<'a, 'o, 's> {
    fn new(file: &'a Analyzed<'a>, reaching: &'a Reaching, names: Names<'a>, out: &'o mut Output<'s>) -> Self {
        let tree = file.tree;
        let file_key = out.sink.text(file.path);
        let mut writer = Writer {
            file,
            tree,
            reaching,
            names,
            constants: Constants::new(tree.exprs.len()),
            keys: Keys::new(tree, file.path, file.text),
            roles: vec![Role::default(); tree.exprs.len()],
            out,
            exprs: vec![None; tree.exprs.len()],
            functions: vec![None; tree.functions.len()],
            classes: vec![None; tree.classes.len()],
            hubs: HashMap::default(),
            handed: Vec::new(),
            picks: 0,
            file_key,
        };
        writer.find_roles();
        writer.find_handed();
        writer
    }

    fn find_roles(&mut self) {
        let tree = self.tree;
        for (number, expr) in tree.exprs.iter().enumerate() {
            if let Kind::Call { callee, .. } = expr.kind {
                self.roles[callee.at()].callee = true;
            }
            // In order, so that the names of what is defined later are worked out on short ways.
            self.names.of(ExprId(number as u32));
        }
        for store in &self.reaching.stores {
            self.roles[store.place.at()].stored = true;
        }
        for function in &tree.functions {
            let annotations = function.parameters.iter().filter_map(|parameter| parameter.annotation);
            annotations.chain(function.result).for_each(|ty| self.mark_type(ty));
        }
        for def in &self.reaching.defs {
            def.annotation.into_iter().for_each(|ty| self.mark_type(ty));
            if let (Source::Declared, Some(expr)) = (def.source, def.expr) {
                self.roles[expr.at()].stored = true;
            }
        }
    }

    /// Marks an annotation, but for the values that stand beside its type.
    fn mark_type(&mut self, ty: ExprId) {
        if self.roles[ty.at()].ty {
            return;
        }
        let mut values = self.names.beside_type(ty);
        values.sort_unstable();
        let mut pending = vec![ty];
        while let Some(id) = pending.pop() {
            if values.binary_search(&id).is_err() {
                self.roles[id.at()].ty = true;
                pending.extend(self.tree.parts(id));
            }
        }
    }

    fn relation(&self, name: &str) -> Option<usize> {
        self.out.sink.relation(name)
    }

    fn text(&mut self, text: &str) -> Code {
        self.out.sink.text(text)
    }

    fn maybe_text(&mut self, text: Option<&str>) -> Code {
        text.map_or(Code::NONE, |text| self.out.sink.text(text))
    }

    fn bool(&mut self, value: bool) -> Code {
        self.out.sink.value(&Value::Bool(value))
    }

    fn row(&mut self, relation: usize, row: &[Code], place: RowPlace) {
        self.out.sink.row(relation, row, place);
    }

    fn place(&self, id: ExprId) -> RowPlace {
        self.file.positions.place(self.tree.expr(id).span)
    }

    fn name_text(&self, id: NameId) -> Box<str> {
        self.names.get(id).text.clone()
    }

    fn function(&mut self, id: FunctionId) -> Code {
        if let Some(code) = self.functions[id.at()] {
            return code;
        }
        let key = self.keys.function(id);
        let code = self.text(&key);
        self.functions[id.at()] = Some(code);
        code
    }

    fn class(&mut self, id: ClassId) -> Code {
        if let Some(code) = self.classes[id.at()] {
            return code;
        }
        let key = self.keys.class(id);
        let code = self.text(&key);
        self.classes[id.at()] = Some(code);
        code
    }

    /// The key of an expression, which gets a row of its own in the end.
    fn expr(&mut self, id: ExprId) -> Code {
        if let Some(code) = self.exprs[id.at()] {
            return code;
        }
        let key = self.keys.expr(id);
        let code = self.text(&key);
        self.exprs[id.at()] = Some(code);
        code
    }

    fn maybe_expr(&mut self, id: Option<ExprId>) -> Code {
        id.map_or(Code::NONE, |id| self.expr(id))
    }

    fn of_function(&mut self, id: ExprId) -> Code {
        self.function(self.tree.expr(id).function)
    }

    /// Rows for all expressions that other rows speak of.
    fn expressions(&mut self) {
        let Some(relation) = self.relation("code.expression") else { return };
        for number in 0..self.exprs.len() {
            let Some(key) = self.exprs[number] else { continue };
            let id = ExprId(number as u32);
            let function = self.of_function(id);
            let kind = self.kind(id);
            let kind = self.text(kind);
            let source = self.file.text.get(self.tree.expr(id).span.range()).unwrap_or_default();
            let end = source.char_indices().nth(200).map_or(source.len(), |(at, _)| at);
            let source = self.out.sink.text(&source[..end]);
            let label = self.keys.label(id);
            let place = self.place(id);
            self.out.sink.labelled_row(relation, &[key, function, kind, source], place, &label);
        }
    }

    fn kind(&mut self, id: ExprId) -> &'static str {
        let tree = self.tree;
        match tree.kind(id) {
            Kind::Operation { operator: Operator::Percent, operands } => {
                let text = matches!(tree.kind(operands[0]), Kind::Format(_) | Kind::Concatenation(_))
                    || self.constants.text(operands[0], &mut self.names).is_some();
                if text { "format" } else { "operation" }
            }
            Kind::Concatenation(operands) => {
                let numbers = operands.iter().any(|&operand| matches!(tree.kind(operand), Kind::Number(_)));
                if numbers { "operation" } else { "concatenation" }
            }
            Kind::Call { callee, .. } => match tree.kind(*callee) {
                &Kind::Attribute { object, name } if self.fills(object, tree.text(name)) => "format",
                _ if self.is_format_function(*callee) => "format",
                _ => "call",
            },
            Kind::Name(_) | Kind::Attribute { .. } if self.names_function(id) => "function",
            other => kind(other),
        }
    }

    /// Whether a method of that name, called on this object, fills its arguments into a text.
    fn fills(&mut self, object: ExprId, method: &str) -> bool {
        let idioms = self.file.idioms;
        (idioms.formatting.contains(&method) || idioms.percent_formatting.contains(&method))
            && (matches!(self.tree.kind(object), Kind::Format(_) | Kind::Concatenation(_))
                || self.constants.text(object, &mut self.names).is_some())
    }

    /// Whether a callee is a function that puts a text together of its arguments.
    fn is_format_function(&mut self, callee: ExprId) -> bool {
        let idioms = self.file.idioms;
        !idioms.format_functions.is_empty()
            && self.names.of(callee).into_iter().any(|id| {
                let name = &self.names.get(id).text;
                idioms.format_functions.iter().any(|(known, _)| **known == **name)
            })
    }

    fn names_function(&mut self, id: ExprId) -> bool {
        let names = self.names.of(id);
        names.iter().any(|&id| {
            let dotted = self.names.get(id);
            !dotted.instance && matches!(dotted.meaning, crate::analysis::names::Meaning::Function(_))
        })
    }
}
