//! Inlay hints: types of variables where they are bound, names of positional columns, values of params, rows of relations.

use base::{FileId, Span};
use facts::{RelationDecl, Type, Value};
use rustc_hash::{FxHashMap, FxHashSet};
use syntax::ast::{Args, Atom, Expr, ExprKind, ItemKind, LiteralValue, MemberKind};

use crate::Snapshot;
use crate::actions::atoms::each_atom;
use crate::names::{NameKind, Role, Which};
use crate::symbol::{Symbol, column_of, resolve, variable_type};

/// What a hint tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HintKind {
    /// The type of a variable.
    Type,
    /// The name of a column.
    Column,
    /// The value of a param.
    Value,
    /// How many rows match a condition: those with its constants.
    Rows,
}

/// Which hints are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct HintOptions {
    pub types: bool,
    pub columns: bool,
    pub params: bool,
    pub rows: bool,
}

impl Default for HintOptions {
    fn default() -> Self {
        HintOptions { types: true, columns: true, params: true, rows: true }
    }
}

/// Something shown in the text that is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// Before this byte.
    pub at: usize,
    /// What is shown.
    pub label: String,
    /// What it tells.
    pub kind: HintKind,
}

/// The hints of a range.
pub fn hints(snapshot: &Snapshot, file: FileId, range: Span, options: HintOptions) -> Vec<Hint> {
    let names = snapshot.names(file);
    let text: &str = snapshot.text(file);
    let mut found = Vec::new();
    let mut told: FxHashSet<(u32, u32, &str)> = FxHashSet::default();
    let atoms =
        if options.rows && snapshot.facts.is_some() { atoms(snapshot, file, range) } else { FxHashMap::default() };
    for (at, name) in names.all.iter().enumerate() {
        let inside = name.span.start < range.end && range.start < name.span.end;
        let end = name.span.end as usize;
        let word = &text[name.span.range()];
        match &name.kind {
            NameKind::Variable { scope, column } => {
                let control = names.units.get(name.unit as usize).and_then(|unit| unit.control);
                let symbol = resolve(snapshot, file, &names, at);
                if let Some(Symbol::Param(param)) = &symbol {
                    found.extend(param_value(snapshot, param).filter(|_| options.params && inside).map(|label| Hint {
                        at: end,
                        label,
                        kind: HintKind::Value,
                    }));
                    continue;
                }
                if options.columns
                    && inside
                    && let Some((relation, Which::Number(number))) = column
                    && let Some(lookup) = snapshot.lookup(file, control)
                    && let Some((decl, number)) = column_of(&lookup, text, &names, *relation, Which::Number(*number))
                {
                    let column = &decl.decl.columns[number].name;
                    if **column != *word && decl.decl.columns.len() > 1 {
                        let label = format!("{column}:");
                        found.push(Hint { at: name.span.start as usize, label, kind: HintKind::Column });
                    }
                }
                // The type is told at the first place in a body, not in the head.
                let bound = column.is_some_and(|(relation, _)| !is_head(&names, relation));
                if bound && told.insert((name.unit, *scope, word)) && options.types && inside {
                    let ty = variable_type(snapshot, file, name.unit, *scope, word);
                    found.extend(ty.map(|ty| Hint {
                        at: end,
                        label: format!(": {}{}", ty.ty, if ty.optional { "?" } else { "" }),
                        kind: HintKind::Type,
                    }));
                }
            }
            NameKind::Param { .. } if options.params && inside => {
                if let Some(Symbol::Param(param)) = resolve(snapshot, file, &names, at) {
                    let label = param_value(snapshot, &param);
                    found.extend(label.map(|label| Hint { at: end, label, kind: HintKind::Value }));
                }
            }
            NameKind::Relation { role, .. } if options.rows && inside && *role != Role::Head => {
                let facts = snapshot.facts.as_ref();
                if let Some(facts) = facts
                    && let Some(Symbol::Relation(relation)) = resolve(snapshot, file, &names, at)
                    && let Some(found_relation) = snapshot.compilation.any_relation(&relation)
                    && let Some(count) = match atoms.get(&name.span) {
                        Some(atom) => facts.matching(&relation, &constants(atom, found_relation.decl)),
                        None => facts.count(&relation),
                    }
                {
                    found.push(Hint { at: end, label: format!(" ×{count}"), kind: HintKind::Rows });
                }
            }
            _ => {}
        }
    }
    found.sort_by_key(|hint| hint.at);
    found
}

/// The atoms of bodies that touch a range, by the place of their relation's name.
fn atoms(snapshot: &Snapshot, file: FileId, range: Span) -> FxHashMap<Span, &Atom> {
    let mut found = FxHashMap::default();
    let Some(parse) = snapshot.parse(file) else { return found };
    let touches = |span: Span| span.start < range.end && range.start < span.end;
    for item in parse.module.items.iter().filter(|item| touches(item.span)) {
        let clauses: Vec<&syntax::ast::Clause> = match &item.kind {
            ItemKind::Clause(clause) => vec![clause],
            ItemKind::Control(control) => control
                .members
                .iter()
                .filter_map(|member| match &member.kind {
                    MemberKind::Clause(clause) => Some(clause),
                    _ => None,
                })
                .collect(),
            _ => Vec::new(),
        };
        for clause in clauses {
            each_atom(clause.body.as_deref().unwrap_or_default(), &mut |atom| {
                found.insert(atom.relation.last().span, atom);
            });
        }
    }
    found
}

/// The columns of an atom in which a constant stands, with its value.
fn constants(atom: &Atom, decl: &RelationDecl) -> Vec<(usize, Value)> {
    let given: Vec<(usize, &Expr)> = match &atom.args {
        Args::Positional(args) => args.iter().enumerate().collect(),
        Args::Named(args) => args.iter().filter_map(|arg| Some((decl.column(&arg.name.text)?, &arg.value))).collect(),
    };
    let value = |(column, expr): (usize, &Expr)| {
        let ExprKind::Literal(literal) = &expr.kind else { return None };
        let value = match literal {
            LiteralValue::None => Value::None,
            LiteralValue::Bool(value) => Value::Bool(*value),
            LiteralValue::Int(number) if decl.columns.get(column)?.ty == Type::Float => Value::float(*number as f64)?,
            LiteralValue::Int(number) => Value::Int(*number),
            LiteralValue::Float(number) => Value::float(*number)?,
            LiteralValue::Text(text) => Value::Text(text.clone()),
            LiteralValue::Time(micros) => Value::Time(*micros),
            LiteralValue::Duration(micros) => Value::Duration(*micros),
        };
        Some((column, value))
    };
    given.into_iter().filter_map(value).collect()
}

fn is_head(names: &crate::names::Names, relation: usize) -> bool {
    let name = names.all.get(relation);
    name.is_some_and(|name| matches!(name.kind, NameKind::Relation { role: Role::Head, .. }))
}

fn param_value(snapshot: &Snapshot, name: &str) -> Option<String> {
    let set = snapshot.overrides.iter().find(|(known, ..)| **known == *name).map(|(_, value, _)| value);
    let param = snapshot.compilation.params.iter().find(|param| *param.name == *name)?;
    Some(format!(" = {}", facts::write_literal(set.unwrap_or(&param.default))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Fixture;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let fixture = Fixture::new(text);
        let all = Span::new(0, fixture.text().len());
        let mut shown = fixture.text().to_owned();
        for hint in hints(&fixture.snapshot, fixture.file, all, HintOptions::default()).iter().rev() {
            shown.insert_str(hint.at, &format!("[{}]", hint.label));
        }
        assert_eq!(shown.lines().last(), expected.lines().last(), "{text}");
    }

    #[test]
    fn hints_stand_beside_what_they_tell_of() {
        check(
            "param p: int = 3\nrel r(x: string)\nr(x) :- code.call{callee: x, line: n}, n > p.",
            "r(x) :- code.call{callee: x[: string], line: n[: int]}, n > p[ = 3].",
        );
        check(
            "use std.vendor\nrel r(x: string)\nr(x) :- vendor.alias(x, v), vendor.register{name: v}.",
            "r(x) :- vendor.alias([name:]x[: string], [vendor:]v[: string]), vendor.register[ ×3]{name: v}.",
        );
        // Rows are those with the constants.
        check(
            "use std.vendor\nrel r(x: string)\nr(x) :- vendor.register{name: x, owner: none}.",
            "r(x) :- vendor.register[ ×1]{name: x[: string], owner: none}.",
        );
    }
}
