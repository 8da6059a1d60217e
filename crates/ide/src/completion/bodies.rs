//! What can stand in bodies: relations, columns, variables, params, functions, words.

use std::sync::Arc;

use base::Span;
use facts::{RelationDecl, Type};
use lang::{FoundRelation, ModuleSource, RelationInfo, RelationOrigin};
use syntax::ast::ItemKind;

use super::{Completion, CompletionKind, Found};
use crate::describe::signature;
use crate::symbol::{Symbol, variable_type};
use crate::words::{self, Word};

/// How a relation is put in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// With its columns by name, as a condition.
    Named,
    /// A row of a test, with what must be there.
    Row,
    /// Its name alone, and only inputs.
    Input,
}

/// A condition begins.
pub fn literal(found: &mut Found<'_, '_>) {
    relations(found, Form::Named);
    for word in &words::CONDITIONS[..2] {
        found.keyword(word.word);
    }
    variables(found, None);
    functions(found, None);
}

/// A value, of the type if one is wanted.
pub fn operand(found: &mut Found<'_, '_>, wanted: Option<&Type>) {
    variables(found, wanted);
    let optional = new_variable(found);
    params(found, wanted);
    functions(found, wanted);
    for word in &words::CONDITIONS[2..] {
        if word.word == "none" && optional {
            let mut completion = found.plain(word.word, CompletionKind::Keyword);
            completion.doc = Some(word.about);
            completion.rank = 16;
            found.push(completion);
        } else if word.word == "none" || wanted.is_none_or(|wanted| *wanted == Type::Bool) {
            found.keyword(word.word);
        }
    }
    if wanted.is_some_and(Type::is_text) {
        let mut completion = found.plain("\"…\"", CompletionKind::Value);
        completion.insert = "\"$1\"".to_owned();
        completion.snippet = true;
        completion.detail = "a text".to_owned();
        completion.rank = 30;
        found.push(completion);
    }
}

/// Behind a value.
pub fn operators(found: &mut Found<'_, '_>) {
    for word in &words::OPERATORS {
        let mut completion = found.plain(word.word, CompletionKind::Operator);
        completion.insert = format!("{} ", word.word);
        completion.detail = word.form.to_owned();
        completion.doc = Some(word.about);
        found.push(completion);
    }
    found.keyword("or");
    found.keyword("not");
}

/// Columns of a relation that are not given yet.
pub fn columns(found: &mut Found<'_, '_>, relation: &Arc<str>, given: &[String]) {
    let Some(relation) = found.snapshot().compilation.any_relation(relation) else { return };
    for (number, column) in relation.decl.columns.iter().enumerate() {
        if given.iter().any(|given| *given == *column.name) {
            continue;
        }
        let optional = if column.optional { "?" } else { "" };
        let mut completion = found.plain(&*column.name, CompletionKind::Column);
        completion.insert = format!("{}: ${{1:{}}}", column.name, column.name);
        completion.snippet = true;
        completion.detail = format!("{}{optional}", column.ty);
        completion.about = Some(Symbol::Column(relation.decl.name.clone(), column.name.clone()));
        completion.rank = 10 + number as u32;
        found.push(completion);
    }
}

/// Relations that can be named here, and, behind them, those that a `use` would make reachable.
pub fn relations(found: &mut Found<'_, '_>, form: Form) {
    let wanted = |relation: &FoundRelation<'_>| match form {
        Form::Input => matches!(relation.origin, RelationOrigin::Extracted | RelationOrigin::Input),
        Form::Named | Form::Row => true,
    };
    let own = found.context.lookup.module().name.clone();
    for (name, relation) in found.context.lookup.relations() {
        if !wanted(&relation) {
            continue;
        }
        // Of others first what is called as typed, then what has rows here.
        let typed = found.context.typed.to_lowercase();
        let begins = name.starts_with(&typed) || name.rsplit('.').next().is_some_and(|last| last.starts_with(&typed));
        let rows = found.snapshot().facts.as_ref().and_then(|facts| facts.count(&relation.decl.name));
        let rank = match relation.module.name == own {
            true => 20,
            false => 28 - 4 * u32::from(begins) - 2 * u32::from(rows.is_some_and(|rows| rows > 0)),
        };
        let completion = relation_completion(found, &name, &relation, form, rank);
        found.push(completion);
    }
    unreachable(found, form, &wanted);
}

fn relation_completion(
    found: &Found<'_, '_>,
    name: &str,
    relation: &FoundRelation<'_>,
    form: Form,
    rank: u32,
) -> Completion {
    let mut completion = found.plain(name, CompletionKind::Relation);
    completion.detail = signature(relation.decl);
    completion.about = Some(Symbol::Relation(relation.decl.name.clone()));
    completion.rank = rank;
    if form != Form::Input {
        completion.insert = call(name, relation.decl, form);
        completion.snippet = true;
    }
    completion
}

/// The name with its arguments to fill in: by place where there are few columns.
fn call(name: &str, decl: &RelationDecl, form: Form) -> String {
    let place = |number: usize, column: &str| format!("${{{}:{column}}}", number + 1);
    if form == Form::Named && decl.columns.len() <= 2 {
        let args: Vec<String> = decl.columns.iter().enumerate().map(|(at, c)| place(at, &c.name)).collect();
        return format!("{name}({})", args.join(", "));
    }
    let wanted: Vec<&facts::Column> = match form {
        Form::Row => decl.columns.iter().filter(|column| !column.optional).collect(),
        _ => {
            let key = decl.columns.iter().position(|column| column.key).unwrap_or(0);
            let mut shown: Vec<usize> = vec![key];
            shown.extend((0..decl.columns.len()).filter(|at| *at != key).take(2));
            shown.sort_unstable();
            shown.into_iter().filter_map(|at| decl.columns.get(at)).collect()
        }
    };
    let args: Vec<String> =
        wanted.iter().enumerate().map(|(at, column)| format!("{}: {}", column.name, place(at, &column.name))).collect();
    let stop = if form == Form::Row { "." } else { "" };
    format!("{name}{{{}}}{stop}", args.join(", "))
}

/// Relations of modules that no `use` names yet: taking one adds it.
fn unreachable(found: &mut Found<'_, '_>, form: Form, wanted: &dyn Fn(&FoundRelation<'_>) -> bool) {
    // Only once something is typed: the list would be all there is.
    if found.context.typed.len() < 2 {
        return;
    }
    let snapshot = found.snapshot();
    let typed = found.context.typed.to_lowercase();
    let reachable = found.context.lookup.reachable();
    let own = &found.context.lookup.module().name;
    // In a large workspace there are thousands: only those that are shown are worth more than a look at their names.
    let mut candidates: Vec<(bool, String, &RelationInfo)> = Vec::new();
    for info in &snapshot.compilation.relations {
        let alias = info.module.rsplit('.').next().unwrap_or(&info.module);
        let last = info.decl.name.rsplit('.').next().unwrap_or(&info.decl.name);
        let name = format!("{alias}.{last}");
        // Another module may go by that name here already.
        let known = |(known, module): &(Arc<str>, &ModuleSource)| **known == *alias || module.name == info.module;
        if info.module == *own || !super::fits(&typed, &name) || reachable.iter().any(known) {
            continue;
        }
        let begins = last.starts_with(&typed) || name.starts_with(&typed);
        candidates.push((!begins, name, info));
    }
    candidates.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    let place = use_place(found);
    let wanted = candidates.into_iter().filter_map(|(inside, name, info)| {
        let relation = snapshot.compilation.any_relation(&info.decl.name).filter(wanted)?;
        Some((45 + u32::from(inside), name, info, relation))
    });
    for (rank, name, info, relation) in wanted.take(super::MOST + 1) {
        let mut completion = relation_completion(found, &name, &relation, form, rank);
        completion.detail = format!("use {} · {}", info.module, completion.detail);
        completion.also = vec![place.with(&info.module)];
        found.push(completion);
    }
}

/// Where a `use` goes, and what blanks it needs.
#[derive(Debug, Clone, Copy)]
pub struct UsePlace {
    at: usize,
    before: &'static str,
    after: &'static str,
}

impl UsePlace {
    /// The edit that adds a `use` of the module.
    pub fn with(&self, module: &str) -> (Span, String) {
        (Span::at(self.at), format!("{}use {module}{}", self.before, self.after))
    }
}

fn use_place(found: &Found<'_, '_>) -> UsePlace {
    place_for_use(found.snapshot(), found.context.file)
}

/// Where a `use` goes in a file: behind the last one, else behind the module's documentation.
pub fn place_for_use(snapshot: &crate::Snapshot, file: base::FileId) -> UsePlace {
    let Some(parse) = snapshot.parse(file) else { return UsePlace { at: 0, before: "", after: "\n" } };
    let mut uses = parse.module.items.iter().filter(|item| match &item.kind {
        ItemKind::Use(_) => true,
        ItemKind::Broken(broken) => &*broken.keyword == "use",
        _ => false,
    });
    if let Some(last) = uses.next_back() {
        return UsePlace { at: last.span.end as usize, before: "\n", after: "" };
    }
    match &parse.module.doc {
        Some(doc) => UsePlace { at: doc.span.end as usize, before: "\n\n", after: "" },
        None => UsePlace { at: 0, before: "", after: "\n\n" },
    }
}

fn variables(found: &mut Found<'_, '_>, wanted: Option<&Type>) {
    let (snapshot, file) = (found.snapshot(), found.context.file);
    for (name, scope, unit) in &found.context.variables {
        let ty = variable_type(snapshot, file, *unit, *scope, name);
        let mut completion = found.plain(name.as_str(), CompletionKind::Variable);
        let fits = match (&ty, wanted) {
            (Some(found), Some(wanted)) => {
                snapshot.compilation.flows(&found.ty, wanted) || snapshot.compilation.flows(wanted, &found.ty)
            }
            _ => true,
        };
        completion.rank = if fits { 10 } else { 70 };
        completion.detail = ty.map(|ty| ty.ty.to_string()).unwrap_or_default();
        completion.about = Some(Symbol::Variable(file, *unit, *scope, name.as_str().into()));
        found.push(completion);
    }
}

/// A variable of the column's own name, if that is free; whether the column may be without a value.
fn new_variable(found: &mut Found<'_, '_>) -> bool {
    let Some(column) = &found.context.column else { return false };
    let Some(relation) = found.snapshot().compilation.any_relation(&column.relation) else { return false };
    let Some(column) = relation.decl.columns.get(column.column) else { return false };
    let mut reserved = words::CONDITIONS.iter().chain(&words::OPERATORS).map(|word| word.word).chain(["or"]);
    let taken = found.context.variables.iter().any(|(known, ..)| **known == *column.name);
    if !taken && reserved.all(|word| *word != *column.name) {
        let mut completion = found.plain(&*column.name, CompletionKind::Variable);
        completion.detail = format!("{}, a new variable", column.ty);
        completion.rank = 15;
        found.push(completion);
    }
    column.optional
}

fn params(found: &mut Found<'_, '_>, wanted: Option<&Type>) {
    for (name, param) in found.context.lookup.params() {
        let mut completion = found.plain(name, CompletionKind::Param);
        completion.detail = format!("{} = {}", param.ty, facts::write_literal(&param.default));
        completion.rank = if wanted.is_none_or(|wanted| *wanted == param.ty) { 20 } else { 70 };
        completion.about = Some(Symbol::Param(param.name.clone()));
        found.push(completion);
    }
}

fn functions(found: &mut Found<'_, '_>, wanted: Option<&Type>) {
    let rank = |word: &Word| match wanted {
        Some(wanted) if !word.ty.is_empty() && wanted.to_string() != word.ty => 75,
        _ => 40,
    };
    for word in &words::FUNCTIONS {
        let mut completion = found.plain(word.word, CompletionKind::Function);
        completion.insert = if word.form.ends_with("()") { word.form.to_owned() } else { format!("{}($1)", word.word) };
        completion.snippet = true;
        completion.detail = word.form.to_owned();
        completion.doc = Some(word.about);
        completion.rank = rank(word);
        found.push(completion);
    }
    for word in &words::AGGREGATES {
        let mut completion = found.plain(word.word, CompletionKind::Function);
        completion.insert = format!("{} {{ ${{1:x}} : $2 }}", word.word);
        completion.snippet = true;
        completion.detail = word.form.to_owned();
        completion.doc = Some(word.about);
        completion.rank = rank(word) + 1;
        found.push(completion);
    }
}
