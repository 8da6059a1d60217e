//! The fields of a control.

use std::sync::Arc;

use base::{Diagnostic, FileId, Place, Span};
use rustc_hash::FxHashMap;
use syntax::ast::{self, FieldValue, MemberKind};

use super::Compiler;
use crate::checks::{controls, unknown};
use crate::lints::lacks_field;
use crate::names::Scope;
use crate::{Control, RelationOrigin, Severity};

/// Fills the fields of `control` from its block.
pub(super) fn read(compiler: &mut Compiler, module: usize, source: &ast::Control, control: &mut Control) {
    let file = compiler.file(module);
    let mut first: FxHashMap<&str, Span> = FxHashMap::default();
    let mut diagnostics = Vec::new();
    for member in &source.members {
        let field = match &member.kind {
            MemberKind::Field(field) => field,
            // A broken field is none that lacks.
            MemberKind::Broken(broken) => {
                if let Some(name) = &broken.name {
                    first.entry(&name.last().text).or_insert(name.span);
                }
                continue;
            }
            _ => continue,
        };
        let place = Place { file, span: field.name.span };
        if let Some(first) = first.insert(&field.name.text, field.name.span) {
            let first = Place { file, span: first };
            diagnostics.push(controls::field_twice(place, first, &field.name.text));
            continue;
        }
        let reader = Reader { compiler, file, module, field, diagnostics: &mut diagnostics };
        reader.read(control);
    }
    if control.builtin {
        for field in ["maps", "remedy"] {
            if !first.contains_key(field) {
                diagnostics.push(lacks_field::found(control.place, &control.id, field));
            }
        }
    }
    compiler.out.diagnostics.append(&mut diagnostics);
}

struct Reader<'a, 'b> {
    compiler: &'a Compiler<'b>,
    file: FileId,
    module: usize,
    field: &'a ast::Field,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Reader<'_, '_> {
    fn read(mut self, control: &mut Control) {
        match &*self.field.name.text {
            "severity" => control.severity = self.severity().unwrap_or(control.severity),
            "maps" => control.maps = self.maps(),
            "remedy" => control.remedy = self.text(),
            "owner" => control.owner = self.text(),
            "docs" => control.docs = self.text(),
            "tags" => control.tags = self.words(),
            "needs" => control.needs = Some(self.needs()),
            name => {
                let place = self.place(self.field.name.span);
                self.diagnostics.push(controls::unknown_field(place, name));
            }
        }
    }

    fn place(&self, span: Span) -> Place {
        Place { file: self.file, span }
    }

    fn wrong(&mut self, span: Span) {
        let place = self.place(span);
        self.diagnostics.push(controls::field_value(place, &self.field.name.text));
    }

    fn one(&mut self) -> Option<&FieldValue> {
        let field = self.field;
        match field.values.as_slice() {
            [one] => Some(one),
            _ => {
                self.wrong(field.values.get(1).map_or(field.name.span, FieldValue::span));
                None
            }
        }
    }

    fn severity(&mut self) -> Option<Severity> {
        let field = self.field;
        self.one()?;
        let (word, span) = match &field.values[0] {
            FieldValue::Path(path) => (path.text(), path.span),
            FieldValue::Text(name) => (name.text.to_string(), name.span),
            value => {
                self.wrong(value.span());
                return None;
            }
        };
        let severity = Severity::parse(&word);
        if severity.is_none() {
            let place = self.place(span);
            self.diagnostics.push(controls::severity(place, &word));
        }
        severity
    }

    fn text(&mut self) -> Option<Arc<str>> {
        let field = self.field;
        self.one()?;
        match &field.values[0] {
            FieldValue::Text(name) => Some(name.text.clone()),
            value => {
                self.wrong(value.span());
                None
            }
        }
    }

    fn words(&mut self) -> Vec<Arc<str>> {
        let mut words = Vec::new();
        for value in &self.field.values {
            match value {
                FieldValue::Text(name) => words.push(name.text.clone()),
                FieldValue::Path(path) => words.push(path.text().into()),
                FieldValue::Criterion { .. } => self.wrong(value.span()),
            }
        }
        words
    }

    fn maps(&mut self) -> Vec<(Arc<str>, Arc<str>)> {
        let mut maps = Vec::new();
        for value in &self.field.values {
            let FieldValue::Criterion { framework, criterion } = value else {
                self.wrong(value.span());
                continue;
            };
            let frameworks = &self.compiler.out.frameworks;
            let known = frameworks.iter().find(|known| known.id == framework.text);
            let has = known.is_some_and(|known| known.criteria.iter().any(|(id, _)| *id == criterion.text));
            if has || (known.is_none() && self.compiler.broken.contains(&framework.text)) {
                maps.push((framework.text.clone(), criterion.text.clone()));
                continue;
            }
            let place = self.place(value.span());
            let criteria = known.map(|known| known.criteria.iter().map(|(id, _)| &**id));
            let ids = frameworks.iter().map(|framework| &*framework.id);
            self.diagnostics.push(unknown::criterion(place, &framework.text, &criterion.text, criteria, ids));
        }
        maps
    }

    fn needs(&mut self) -> Vec<Arc<str>> {
        let mut needs = Vec::new();
        let world = &self.compiler.out.resolved;
        let scope = Scope { world, file: self.file, module: Some(self.module), block: None };
        for value in &self.field.values {
            let FieldValue::Path(path) = value else {
                self.wrong(value.span());
                continue;
            };
            match scope.relation(path) {
                Ok(id) => {
                    let relation = world.relation(id);
                    if matches!(relation.origin, RelationOrigin::Extracted | RelationOrigin::Input) {
                        needs.push(relation.decl.name.clone());
                    } else {
                        let place = self.place(path.span);
                        self.diagnostics.push(controls::needs_input(place, &path.text()));
                    }
                }
                Err(failure) => failure.tell(self.diagnostics),
            }
        }
        needs
    }
}
