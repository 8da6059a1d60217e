//! Tests: what they give and what they expect.

use std::sync::Arc;

use base::{Diagnostic, Place};
use facts::Value;
use rustc_hash::FxHashMap;
use syntax::ast::{self, ItemKind, StatementKind};

use super::Compiler;
use crate::checks::{tests, unknown};
use crate::clause::{self, coerce, constant};
use crate::names::Scope;
use crate::{Control, Expectation, ExpectationKind, Query, Status, Test};

const DAY: i64 = 86_400_000_000;

/// Compiles the tests of the modules to look at.
pub(super) fn run(compiler: &mut Compiler) {
    let todo = compiler.todo.clone();
    if !modules(compiler, &todo) {
        // Queries have numbers, and those of later modules are others now.
        all(compiler);
    }
}

/// Compiles all tests anew.
pub(super) fn all(compiler: &mut Compiler) {
    compiler.out.tests.clear();
    compiler.out.resolved.queries.clear();
    compiler.told.tests.clear();
    compiler.tests.iter_mut().for_each(|counts| *counts = (0, 0));
    modules(compiler, &(0..compiler.trees.len()).collect::<Vec<_>>());
}

/// Compiles the tests of modules and keeps those of others; false if these have to be compiled as well.
fn modules(compiler: &mut Compiler, todo: &[usize]) -> bool {
    let controls = compiler.out.controls.iter().enumerate().map(|(at, control)| (control.id.clone(), at));
    let controls: FxHashMap<Arc<str>, usize> = controls.collect();
    let (mut first, mut todo) = ((0, 0), todo.iter().copied().peekable());
    for module in 0..compiler.trees.len() {
        let (tests, queries) = compiler.tests[module];
        if todo.next_if_eq(&module).is_some() {
            let later = compiler.out.tests.split_off(first.0 + tests);
            let mut later_queries = compiler.out.resolved.queries.split_off(first.1 + queries);
            compiler.out.tests.truncate(first.0);
            compiler.out.resolved.queries.truncate(first.1);
            self::module(compiler, module, &controls);
            let now = (compiler.out.tests.len() - first.0, compiler.out.resolved.queries.len() - first.1);
            compiler.tests[module] = now;
            compiler.told.tests.append(&mut compiler.out.diagnostics);
            if now.1 != queries && !later_queries.is_empty() {
                return false;
            }
            compiler.out.tests.extend(later);
            compiler.out.resolved.queries.append(&mut later_queries);
        }
        let (tests, queries) = compiler.tests[module];
        first = (first.0 + tests, first.1 + queries);
    }
    true
}

fn module(compiler: &mut Compiler, module: usize, controls: &FxHashMap<Arc<str>, usize>) {
    let (trees, today) = (compiler.trees.clone(), compiler.today.clone());
    let mut first: FxHashMap<&str, Place> = FxHashMap::default();
    for item in &trees[module].items {
        let ItemKind::Test(source) = &item.kind else { continue };
        let place = Place { file: compiler.file(module), span: source.name.span };
        if let Some(first) = first.insert(&source.name.text, place) {
            compiler.tell(tests::name_twice(place, first));
        }
        let mut builder = Builder {
            module,
            controls,
            today: &today,
            through: None,
            broken: false,
            once: FxHashMap::default(),
            diagnostics: Vec::new(),
            test: empty(compiler, module, source, place),
            compiler,
        };
        builder.statements(source);
        builder.finish();
    }
}

fn empty(compiler: &Compiler, module: usize, source: &ast::Test, place: Place) -> Test {
    let declared = &compiler.out.resolved.modules[module].source;
    Test {
        name: source.name.text.clone(),
        module: declared.name.clone(),
        place,
        folder: declared.folder.clone(),
        as_of: None,
        params: Vec::new(),
        files: Vec::new(),
        folders: Vec::new(),
        rows: Vec::new(),
        empty: Vec::new(),
        expectations: Vec::new(),
    }
}

struct Builder<'a, 'b> {
    compiler: &'a mut Compiler<'b>,
    module: usize,
    controls: &'a FxHashMap<Arc<str>, usize>,
    today: &'a [bool],
    /// A relation, control or word through which the test depends on the day.
    through: Option<Arc<str>>,
    /// Whether a statement is broken, so that what seems to lack may stand there.
    broken: bool,
    once: FxHashMap<String, Place>,
    diagnostics: Vec<Diagnostic>,
    test: Test,
}

impl Builder<'_, '_> {
    fn statements(&mut self, source: &ast::Test) {
        for statement in &source.statements {
            let place = self.place(statement.span);
            match &statement.kind {
                StatementKind::AsOf(expr) => self.as_of(expr, place),
                StatementKind::Param(path, value) => self.param(path, value, place),
                StatementKind::GivenFile(path, content) => {
                    let path = base::normalize(&path.text);
                    self.once(&format!("file `{path}`"), place);
                    self.test.files.push((path.into(), content.text.clone()));
                }
                StatementKind::GivenFiles(folder) => self.test.folders.push((folder.text.clone(), place)),
                StatementKind::GivenRow(atom) => self.row(atom, place),
                StatementKind::GivenEmpty(path) => {
                    let relation = self.scope().relation(path);
                    if let Some(id) = self.take(relation) {
                        let name = self.compiler.out.resolved.relation(id).decl.name.clone();
                        self.test.empty.push(name);
                    }
                }
                StatementKind::Expect(expectation) => self.expect(expectation, place),
                StatementKind::Broken => self.broken = true,
            }
        }
    }

    fn finish(mut self) {
        if self.test.expectations.is_empty() && !self.broken {
            self.diagnostics.push(tests::no_expectation(self.test.place));
        }
        if let Some(through) = &self.through
            && self.test.as_of.is_none()
            && !self.broken
        {
            self.diagnostics.push(tests::as_of_missing(self.test.place, through));
        }
        self.compiler.out.diagnostics.append(&mut self.diagnostics);
        self.compiler.out.tests.push(Arc::new(self.test));
    }

    fn scope(&self) -> Scope<'_> {
        self.compiler.scope(self.module)
    }

    fn place(&self, span: base::Span) -> Place {
        self.scope().place(span)
    }

    fn take<T>(&mut self, result: Result<T, crate::names::Failure>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(failure) => {
                self.broken = true;
                failure.tell(&mut self.diagnostics);
                None
            }
        }
    }

    fn error(&mut self, diagnostic: Diagnostic) {
        self.broken = true;
        self.diagnostics.push(diagnostic);
    }

    fn once(&mut self, what: &str, place: Place) {
        if let Some(first) = self.once.insert(what.to_owned(), place) {
            self.error(tests::twice(place, first, what));
        }
    }

    fn as_of(&mut self, expr: &ast::Expr, place: Place) {
        self.once("`as_of`", place);
        match constant(expr) {
            Some((Value::Time(micros), _)) if micros.rem_euclid(DAY) == 0 => self.test.as_of = Some(micros),
            _ => {
                let place = self.place(expr.span);
                self.error(tests::as_of_value(place));
            }
        }
    }

    fn param(&mut self, path: &ast::Path, value: &ast::Expr, place: Place) {
        let param = self.scope().param(path);
        let Some(param) = self.take(param) else { return };
        let param = self.compiler.out.resolved.params[param].clone();
        self.once(&format!("param `{}`", param.name), place);
        match constant(value).map(|(value, _)| coerce(&value, &param.ty)).filter(|value| value.fits(&param.ty)) {
            Some(value) => self.test.params.push((param.name, value)),
            None => {
                let place = self.place(value.span);
                self.error(tests::param_value(Some(place), &path.text(), &param.ty.to_string()));
            }
        }
    }

    fn row(&mut self, atom: &ast::Atom, place: Place) {
        let relation = self.scope().relation(&atom.relation);
        let Some(id) = self.take(relation) else { return };
        let mut diagnostics = Vec::new();
        let scope = self.scope();
        let relation = scope.world.relation(id);
        let row = clause::row(scope, atom, &relation.decl, relation.place, &mut diagnostics);
        let name = relation.decl.name.clone();
        match row {
            Some(row) => self.test.rows.push((name, row, place)),
            None => self.broken = true,
        }
        self.diagnostics.append(&mut diagnostics);
    }

    fn expect(&mut self, expectation: &ast::Expectation, place: Place) {
        let text = |name: &Option<ast::Name>| name.as_ref().map(|name| name.text.clone());
        let kind = match expectation {
            ast::Expectation::Violation { control, subject, with, at } => self.control(control).map(|control| {
                ExpectationKind::Violation { control, subject: subject.text.clone(), with: text(with), at: text(at) }
            }),
            ast::Expectation::NoViolation { control, subject } => self
                .control(control)
                .map(|control| ExpectationKind::NoViolation { control, subject: subject.text.clone() }),
            ast::Expectation::Status { status, control } => {
                let found = Status::ALL.into_iter().find(|known| known.name() == &*status.text);
                if found.is_none() {
                    let place = self.place(status.span);
                    self.error(tests::status(place, &status.text));
                }
                let control = self.control(control);
                found.zip(control).map(|(status, control)| ExpectationKind::Status { control, status })
            }
            ast::Expectation::Row(atom) => self.atom(atom, place, false),
            ast::Expectation::NoRow(atom) => self.atom(atom, place, true),
            ast::Expectation::Compare(op, left, right) => {
                let kind = ast::LiteralKind::Compare(*op, left.clone(), right.clone());
                let literal = ast::Literal { kind, span: left.span.cover(right.span) };
                self.body(&[literal], place)
            }
        };
        match kind {
            Some(kind) => self.test.expectations.push(Expectation { kind, place }),
            None => self.broken = true,
        }
    }

    /// The control's id, if there is such a control.
    fn control(&mut self, name: &ast::Name) -> Option<Arc<str>> {
        let Some(at) = self.controls.get(&name.text) else {
            if !self.compiler.broken.contains(&name.text) {
                let known = self.controls.keys().map(|id| &**id);
                let place = self.scope().place(name.span);
                self.diagnostics.push(unknown::control(place, &name.text, known));
            }
            return None;
        };
        let control: &Control = &self.compiler.out.controls[*at];
        let world = &self.compiler.out.resolved;
        let judged = control.violations.iter().chain(&control.notes).map(|rule| &rule.relation);
        let depends = judged
            .chain([&control.scope])
            .filter_map(|name| world.relation_ids.get(name))
            .any(|id| self.today[id.0 as usize]);
        if depends && self.through.is_none() {
            self.through = Some(control.id.clone());
        }
        Some(control.id.clone())
    }

    fn atom(&mut self, atom: &ast::Atom, place: Place, negated: bool) -> Option<ExpectationKind> {
        let name = self.compiler.out.query_name();
        let outcome = clause::query_atom(self.scope(), atom, name, place);
        self.diagnostics.extend(outcome.diagnostics.into_iter().filter(Diagnostic::is_error));
        let (rule, target) = outcome.value?;
        let target = self.compiler.out.resolved.relation(target).decl.name.clone();
        let query = self.query(rule, Some(target));
        Some(ExpectationKind::Query { query, negated })
    }

    fn body(&mut self, body: &[ast::Literal], place: Place) -> Option<ExpectationKind> {
        let name = self.compiler.out.query_name();
        let outcome = clause::query(self.scope(), body, name, place);
        self.diagnostics.extend(outcome.diagnostics.into_iter().filter(Diagnostic::is_error));
        let query = self.query(outcome.value?, None);
        Some(ExpectationKind::Query { query, negated: false })
    }

    fn query(&mut self, rule: crate::model::QueryRule, target: Option<Arc<str>>) -> Query {
        if self.through.is_none() {
            let read = rule.rule.reads.iter().find(|read| self.today[read.relation.0 as usize]);
            self.through = match read {
                Some(read) => Some(self.compiler.out.resolved.relation(read.relation).decl.name.clone()),
                None => rule.rule.says_today().then(|| "today()".into()),
            };
        }
        self.compiler.out.add_query(rule, target)
    }
}
