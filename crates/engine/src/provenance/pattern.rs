//! Which rows somebody asks for: an atom's wants, column by column.

use facts::Value;
use ir::{Arg, Comparison, ExprKind, LiteralKind, RelId, RuleId};

use crate::evaluation::{Evaluation, RowRef};
use crate::expr::Outcome;
use crate::search::widen;

/// What is wanted of a column.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Want {
    /// Anything, missing values too.
    Any,
    /// Any value that is there.
    Present,
    /// This value; `Value::None` wants it missing.
    Is(Value),
}

/// What is wanted of a row.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pattern {
    /// One want a column.
    pub columns: Vec<Want>,
    /// Columns that must hold the same value.
    pub same: Vec<(usize, usize)>,
}

impl Pattern {
    /// Any row of so many columns.
    pub fn any(width: usize) -> Self {
        Pattern { columns: vec![Want::Any; width], same: Vec::new() }
    }

    /// The row of these values; `None` is any value.
    pub fn of(head: &[Option<Value>]) -> Self {
        let want = |value: &Option<Value>| value.clone().map_or(Want::Any, Want::Is);
        Pattern { columns: head.iter().map(want).collect(), same: Vec::new() }
    }

    /// Whether a row is wanted.
    pub fn matches(&self, row: &[Value]) -> bool {
        let wanted = |(want, value): (&Want, &Value)| match want {
            Want::Any => true,
            Want::Present => !value.is_none(),
            Want::Is(wanted) => wanted == value,
        };
        self.columns.iter().zip(row).all(wanted) && self.same.iter().all(|&(a, b)| row.get(a) == row.get(b))
    }

    /// The values that it leaves no choice about, by column.
    pub fn values(&self) -> Vec<Option<Value>> {
        let value = |want: &Want| match want {
            Want::Is(value) => Some(value.clone()),
            _ => None,
        };
        self.columns.iter().map(value).collect()
    }
}

impl Evaluation {
    /// The rows that match, in the order in which they were made.
    pub fn matching(&self, relation: RelId, pattern: &Pattern) -> Vec<RowRef> {
        let values = &self.database().values;
        let mut on = Vec::new();
        let mut key = Vec::new();
        for (column, want) in pattern.columns.iter().enumerate() {
            if let Want::Is(value) = want {
                let Some(code) = values.lookup(value) else { return Vec::new() };
                on.push(column);
                key.push(code.0);
            }
        }
        let stored = self.store.get(relation);
        let end = stored.visible;
        let candidates = self.lookup().candidates(&self.store, relation, &on, &key, 0..end);
        let mut found: Vec<RowRef> = candidates
            .filter(|&row| !stored.dead.has(row))
            .map(|row| RowRef { relation, row })
            .filter(|row| pattern.matches(&self.values(*row)))
            .collect();
        found.sort_unstable();
        found
    }

    /// What a query for the rows of one relation asks for: its rule's body is the atom, and equations for those of its
    /// arguments that are computed. Nothing if the rule is of another form, or an argument is computed from another column.
    pub fn pattern(&self, rule: RuleId) -> Option<(RelId, Pattern)> {
        let search = self.search(rule);
        let body = &self.program().rule(rule).body;
        let (first, others) = body.split_first()?;
        let LiteralKind::Atom(atom) = &first.kind else { return None };
        let columns = &self.program().relation(atom.relation).decl.columns;
        let empty = search.empty();
        let mut pattern = Pattern::any(columns.len());
        let mut variables = Vec::new();
        for (at, arg) in atom.args.iter().enumerate() {
            pattern.columns[at] = match arg {
                Arg::Any | Arg::Optional(_) => Want::Any,
                Arg::Missing => Want::Is(Value::None),
                Arg::Value(expr) if search.scope.needs(expr).is_empty() => match search.operand(expr, &empty) {
                    Outcome::Value(value) => Want::Is(widen(value, &columns[at].ty)),
                    _ => return None,
                },
                Arg::Value(_) => return None,
                Arg::Var(variable) => {
                    let earlier = variables.iter().find(|(known, _)| known == variable);
                    pattern.same.extend(earlier.map(|(_, column)| (*column, at)));
                    variables.push((*variable, at));
                    Want::Present
                }
            };
        }
        for literal in others {
            let LiteralKind::Compare(Comparison::Equal, left, right) = &literal.kind else { return None };
            let (ExprKind::Var(variable), true) = (&left.kind, search.scope.needs(right).is_empty()) else {
                return None;
            };
            let Outcome::Value(value) = search.operand(right, &empty) else { return None };
            for (_, column) in variables.iter().filter(|(known, _)| known == variable) {
                pattern.columns[*column] = Want::Is(widen(value.clone(), &columns[*column].ty));
            }
        }
        Some((atom.relation, pattern))
    }
}
