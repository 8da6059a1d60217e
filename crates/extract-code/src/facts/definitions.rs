//! Rows about modules, functions, classes, parameters, decorators and imports.

use facts::{Code, RowPlace};

use super::Writer;
use crate::tree::{ClassId, ExprId, FunctionId, Kind, MODULE};

impl Writer<'_, '_, '_> {
    pub(super) fn definitions(&mut self) {
        self.modules();
        for number in 0..self.tree.functions.len() as u32 {
            self.function_rows(FunctionId(number));
        }
        for number in 0..self.tree.classes.len() as u32 {
            self.class_rows(ClassId(number));
        }
        self.fields_decorators();
        self.imports();
        self.exports();
    }

    fn modules(&mut self) {
        let modules = if self.tree.package.is_some() { "code.package" } else { "code.module" };
        let (modules, paths) = (self.relation(modules), self.relation("code.search_path"));
        let place = RowPlace::default();
        for (number, root) in self.file.module.roots().iter().enumerate() {
            let module = self.file.module;
            let root_code = self.text(root);
            let found = module.seen_from(root).filter(|_| root.is_empty() || module.is_found_from_folders());
            for name in found.into_iter().chain(module.aliases(number).iter().map(String::as_str)) {
                if let Some(relation) = modules {
                    let row = [self.file_key, self.text(name), root_code];
                    self.row(relation, &row, place);
                }
            }
            if let Some(relation) = paths {
                self.row(relation, &[self.file_key, root_code], place);
            }
        }
    }

    fn function_rows(&mut self, id: FunctionId) {
        let tree = self.tree;
        let function = tree.function(id);
        let key = self.function(id);
        let place = self.file.positions.place(function.name_span);
        if let Some(relation) = self.relation("code.function") {
            let name = self.text(tree.text(function.name));
            let qualified = self.text(&function.qualified);
            let class = function.class.map_or(Code::NONE, |class| self.class(class));
            let parent = function.parent.map_or(Code::NONE, |parent| self.function(parent));
            let is_async = self.bool(function.is_async);
            let label = if id == MODULE { self.file.path } else { tree.text(function.name) };
            let row = [key, self.file_key, name, qualified, class, parent, is_async];
            self.out.sink.labelled_row(relation, &row, place, label);
        }
        self.parameters(id);
        self.decorators(key, place, &function.decorators);
    }

    fn parameters(&mut self, id: FunctionId) {
        let tree = self.tree;
        let parameters = self.relation("code.parameter");
        let beside = self.relation("code.annotation_value");
        for (index, parameter) in tree.function(id).parameters.iter().enumerate() {
            let place = self.place(parameter.value);
            if let Some(relation) = parameters {
                let function = self.function(id);
                let index = self.out.sink.int(index as i64);
                let name = self.text(tree.text(parameter.name));
                let value = self.expr(parameter.value);
                let types = parameter.annotation.map(|ty| self.names.types(ty)).unwrap_or_default();
                let ty = types.first().map(|&id| self.name_text(id));
                let ty = self.maybe_text(ty.as_deref());
                let default = self.maybe_expr(parameter.default);
                self.row(relation, &[function, index, name, value, ty, default], place);
                for &(part, value, default) in &parameter.parts {
                    let row = [function, Code::NONE, self.text(tree.text(part)), self.expr(value), Code::NONE];
                    let default = self.maybe_expr(default);
                    let place = self.place(value);
                    self.row(relation, &[&row[..], &[default]].concat(), place);
                }
            }
            if let Some(relation) = beside {
                for &value in &parameter.beside {
                    let row = [self.expr(parameter.value), self.expr(value)];
                    let place = self.place(value);
                    self.row(relation, &row, place);
                }
            }
            if let (Some(relation), Some(annotation)) = (beside, parameter.annotation) {
                for value in self.names.beside_type(annotation) {
                    let row = [self.expr(parameter.value), self.expr(value)];
                    let place = self.place(value);
                    self.row(relation, &row, place);
                }
            }
        }
    }

    fn decorators(&mut self, on: Code, on_place: RowPlace, decorators: &[ExprId]) {
        let relation = self.relation("code.decorator");
        for &decorator in decorators {
            let (named, call) = match self.tree.kind(decorator) {
                Kind::Call { callee, .. } => (*callee, Some(decorator)),
                _ => (decorator, None),
            };
            for name in self.names.of(named) {
                if let Some(relation) = relation {
                    let text = self.name_text(name);
                    let row = [on, self.text(&text), self.maybe_expr(call)];
                    let place = self.place(decorator);
                    self.row(relation, &row, place);
                }
                if call.is_none() {
                    self.chain(on, name, on_place);
                }
            }
        }
    }

    fn fields_decorators(&mut self) {
        let tree = self.tree;
        for &(field, decorator) in &tree.decorated {
            let on = self.expr(field);
            let place = self.place(field);
            self.decorators(on, place, &[decorator]);
        }
    }

    fn class_rows(&mut self, id: ClassId) {
        let tree = self.tree;
        let class = tree.class(id);
        if class.elsewhere {
            return;
        }
        let key = self.class(id);
        let place = self.file.positions.place(class.name_span);
        if let Some(relation) = self.relation("code.class") {
            let name = self.text(tree.text(class.name));
            let qualified = self.text(&class.qualified);
            let row = [key, self.file_key, name, qualified];
            self.out.sink.labelled_row(relation, &row, place, tree.text(class.name));
        }
        let bases = self.relation("code.base");
        for &base in &class.bases {
            for name in self.names.of(base) {
                let base_place = self.place(base);
                if let Some(relation) = bases {
                    let text = self.name_text(name);
                    let row = [key, self.text(&text)];
                    self.row(relation, &row, base_place);
                }
                self.chain(key, name, base_place);
            }
        }
        self.decorators(key, place, &class.decorators);
    }

    fn exports(&mut self) {
        let Some(relation) = self.relation("code.export") else { return };
        for export in &self.tree.exports {
            let row = [self.file_key, self.text(&export.name), self.text(&export.local)];
            let place = self.file.positions.place(export.span);
            self.row(relation, &row, place);
        }
    }

    fn imports(&mut self) {
        let Some(relation) = self.relation("code.import") else { return };
        for import in self.tree.imports.iter().filter(|import| !import.guess) {
            let module = self.text(&import.module);
            let name = import.name.map(|name| self.tree.text(name));
            let name = self.maybe_text(name);
            let alias = self.text(&import.alias);
            let place = self.file.positions.place(import.span);
            self.row(relation, &[self.file_key, module, name, alias], place);
        }
    }
}
