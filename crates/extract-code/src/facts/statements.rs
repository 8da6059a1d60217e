//! Rows about statements: returns, raises, error handlers, and what a class's body assigns.

use base::Span;
use facts::Code;

use super::Writer;
use crate::tree::{Block, ClassId, ExprId, FunctionId, Handler, Kind, MODULE, Stmt, Target};

impl<'a> Writer<'a, '_, '_> {
    pub(super) fn statements(&mut self) {
        self.returns();
        let tree = self.tree;
        for (number, function) in tree.functions.iter().enumerate() {
            self.block(&function.body, FunctionId(number as u32), None);
        }
    }

    fn returns(&mut self) {
        let Some(relation) = self.relation("code.return") else { return };
        for number in 0..self.reaching.results.len() {
            let (function, value) = self.reaching.results[number];
            let row = [self.function(function), self.expr(value)];
            let place = self.place(value);
            self.row(relation, &row, place);
        }
    }

    fn block(&mut self, block: &'a Block, function: FunctionId, class: Option<ClassId>) {
        let tree = self.tree;
        for statement in block {
            match statement {
                Stmt::Raise(value, span) => self.raise(function, *value, *span),
                Stmt::If { arms, otherwise } => {
                    arms.iter().for_each(|(_, block)| self.block(block, function, class));
                    self.block(otherwise, function, class);
                }
                Stmt::Loop(inner) => {
                    self.block(&inner.body, function, class);
                    self.block(&inner.otherwise, function, class);
                }
                Stmt::Try(inner) => {
                    self.block(&inner.body, function, class);
                    for handler in &inner.handlers {
                        self.handler(function, handler);
                        self.block(&handler.body, function, class);
                    }
                    self.block(&inner.otherwise, function, class);
                    self.block(&inner.finally, function, class);
                }
                Stmt::With { body, .. } => self.block(body, function, class),
                Stmt::Match { cases, .. } => cases.iter().for_each(|case| self.block(&case.body, function, class)),
                Stmt::Class(id) => self.block(&tree.class(*id).body, function, Some(*id)),
                Stmt::Assign { targets, value, annotation } if class.is_some() || function == MODULE => {
                    self.fields(class, targets, *annotation, value.is_none());
                    if let (Some(class), Some(value)) = (class, value) {
                        targets.iter().for_each(|target| self.class_attribute(class, target, *value));
                    }
                }
                _ => {}
            }
        }
    }

    /// `model = "x"` in a class's body is a stored attribute of the class.
    fn class_attribute(&mut self, class: ClassId, target: &Target, value: ExprId) {
        let Some(relation) = self.relation("code.attribute") else { return };
        let Target::Name(expr, _) = target else { return };
        let Kind::Name(name) = *self.tree.kind(*expr) else { return };
        let row = [self.expr(*expr), self.text(self.tree.text(name)), self.expr(value), self.class(class)];
        let place = self.place(*expr);
        self.row(relation, &row, place);
    }

    /// Declared fields of a class and variables of the module: those with a type, and those without a value.
    fn fields(&mut self, class: Option<ClassId>, targets: &[Target], annotation: Option<ExprId>, bare: bool) {
        let Some(relation) = self.relation("code.field").filter(|_| bare || annotation.is_some()) else { return };
        let types = annotation.map(|ty| self.names.types(ty)).unwrap_or_default();
        let ty = types.first().map(|&id| self.name_text(id));
        for target in targets {
            let Target::Name(expr, _) = *target else { continue };
            let Kind::Name(name) = *self.tree.kind(expr) else { continue };
            let owner = match class {
                Some(class) => self.class(class),
                None => self.function(MODULE),
            };
            let row = [owner, self.text(self.tree.text(name)), self.maybe_text(ty.as_deref())];
            let place = self.place(expr);
            self.row(relation, &row, place);
        }
    }

    fn raise(&mut self, function: FunctionId, value: Option<ExprId>, span: Span) {
        let Some(relation) = self.relation("code.raise") else { return };
        let named = value.map(|value| match self.tree.kind(value) {
            Kind::Call { callee, .. } => *callee,
            _ => value,
        });
        let names = named.map(|named| self.names.of(named)).unwrap_or_default();
        let ty = names.first().map(|&name| self.name_text(name));
        let row = [self.function(function), self.maybe_text(ty.as_deref()), self.maybe_expr(value)];
        let place = self.file.positions.place(span);
        self.row(relation, &row, place);
    }

    fn handler(&mut self, function: FunctionId, handler: &Handler) {
        let Some(relation) = self.relation("code.handler") else { return };
        let mut types = Vec::new();
        for &ty in &handler.types {
            for name in self.names.of(ty) {
                types.push(self.name_text(name).into_string());
            }
        }
        let idle = |statement: &Stmt| match statement {
            Stmt::Continue => true,
            Stmt::Expr(value) => matches!(self.tree.kind(*value), Kind::Other(inner) if inner.is_empty()),
            _ => false,
        };
        let empty = handler.body.iter().all(idle);
        let row: [Code; 4] = [
            self.function(function),
            self.text(self.file.idioms.handler),
            self.text(&types.join(", ")),
            self.bool(empty),
        ];
        let place = self.file.positions.place(handler.span);
        self.row(relation, &row, place);
    }
}
