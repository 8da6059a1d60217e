//! The types of variables and operands.
//!
//! Columns give types to the variables that stand in them. Equalities between variables make classes of one type;
//! `x = operand` waits until the operand has one. A class of text keeps the lowest entity type seen: all others must
//! be above or below it. Then every literal is checked against what was found.

use base::{Diagnostic, Span};
use facts::{Column, RelationDecl, Type, Value};
use ir::{Comparison, RelId, TextTest};
use rustc_hash::{FxHashMap, FxHashSet};

use super::bind::Variable;
use super::sure::Sure;
use super::tree::{ArgKind, Fixed, Lit, LitKind, Operand, OperandKind, Tree, Var};
use crate::checks::types;
use crate::names::Scope;

/// What a head's operands have to be.
pub(crate) enum Head<'a> {
    /// Columns of a declared relation.
    Columns(&'a RelationDecl),
    /// Anything: the relation's columns take their types.
    Free,
}

/// The types of a clause.
pub(crate) struct Types {
    /// By variable. Of variables without a type it is `String`.
    pub variables: Vec<Type>,
    /// By operand of the head.
    pub head: Vec<Option<Type>>,
}

/// Finds the types; what is wrong goes to `diagnostics`.
pub(crate) fn infer(
    scope: &Scope,
    tree: &Tree,
    variables: &[Variable],
    head: &Head,
    untyped: Option<RelId>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Types {
    let classes = (0..variables.len()).map(|_| Class::default()).collect();
    let parents = (0..variables.len()).collect();
    let mut infer = Infer {
        scope,
        variables,
        classes,
        parents,
        untyped,
        reporting: false,
        told_missing: FxHashSet::default(),
        sure: FxHashMap::default(),
        waiting: Vec::new(),
        diagnostics,
    };
    infer.columns(&tree.body);
    infer.operands_of(&tree.head);
    infer.settle();
    infer.entities(tree);
    infer.reporting = true;
    infer.check_body(&tree.body);
    let head = infer.check_head(&tree.head, head);
    let types = (0..variables.len()).map(|var| infer.sure(var).unwrap_or(Type::String)).collect();
    Types { variables: types, head }
}

/// Where a variable got a type.
#[derive(Debug, Clone)]
enum Source {
    Column(RelId, usize),
    Other,
}

#[derive(Debug, Default)]
struct Class {
    ty: Option<(Type, Span, Source)>,
    /// An error is told: no further ones.
    poisoned: bool,
}

pub(super) struct Infer<'a> {
    pub(super) scope: &'a Scope<'a>,
    pub(super) variables: &'a [Variable],
    classes: Vec<Class>,
    parents: Vec<Var>,
    /// A relation whose columns have no types yet.
    untyped: Option<RelId>,
    pub(super) reporting: bool,
    /// Variables that may be missing and whose misuse is told.
    pub(super) told_missing: FxHashSet<Var>,
    /// Text types that values of classes surely have.
    sure: FxHashMap<Var, Type>,
    /// `left = right` where one side is a variable.
    waiting: Vec<(&'a Operand, &'a Operand)>,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl<'a> Infer<'a> {
    fn find(&self, mut var: Var) -> Var {
        while self.parents[var] != var {
            var = self.parents[var];
        }
        var
    }

    /// The type of a variable; none where it has none yet, or two (which is told).
    pub(super) fn variable(&self, var: Var) -> Option<Type> {
        if self.reporting && self.classes[self.find(var)].poisoned {
            return None;
        }
        self.classes[self.find(var)].ty.as_ref().map(|(ty, ..)| ty.clone())
    }

    /// The type that a head may pass on: of entities not what they are in a `not` or in one branch alone.
    fn sure(&self, var: Var) -> Option<Type> {
        let found = self.variable(var)?;
        let sure = self.sure.get(&self.find(var)).filter(|_| found.is_text());
        Some(sure.cloned().unwrap_or(found))
    }

    pub(super) fn tell(&mut self, diagnostic: Diagnostic) {
        if self.reporting {
            self.diagnostics.push(diagnostic);
        }
    }

    /// What the text types are in the end, and those that do not go together.
    fn entities(&mut self, tree: &Tree) {
        let classes: Vec<Var> = (0..self.variables.len()).map(|var| self.find(var)).collect();
        let mut whole = vec![false; classes.len()];
        for (variable, class) in self.variables.iter().zip(&classes) {
            whole[*class] |= variable.scope == 0 && variable.whole;
        }
        let (scope, variables, untyped) = (self.scope, self.variables, self.untyped);
        let (inner, torn, diagnostics) = (FxHashMap::default(), FxHashSet::default(), Vec::new());
        let sure = Sure { scope, variables, untyped, classes, whole, inner, torn, diagnostics };
        let (types, torn, mut diagnostics) = sure.types(&tree.body, &tree.head);
        self.sure = types;
        for class in torn {
            self.classes[class].poisoned = true;
        }
        self.diagnostics.append(&mut diagnostics);
    }

    // First walk: what columns, groups and lists say.

    fn columns(&mut self, body: &'a [Lit]) {
        for lit in body {
            match &lit.kind {
                LitKind::Atom(atom) => {
                    let scope = self.scope;
                    let decl = &scope.world.relation(atom.relation).decl;
                    for (at, (arg, column)) in atom.args.iter().zip(&decl.columns).enumerate() {
                        match &arg.kind {
                            ArgKind::Var(var) | ArgKind::Optional(var) => {
                                if self.untyped != Some(atom.relation) {
                                    let source = Source::Column(atom.relation, at);
                                    self.assign(*var, &column.ty, arg.span, source);
                                }
                            }
                            ArgKind::Value(operand) => self.inside(operand),
                            ArgKind::Any | ArgKind::Missing => {}
                        }
                    }
                }
                LitKind::Not(body) => self.columns(body),
                LitKind::Or(branches) => branches.iter().for_each(|body| self.columns(body)),
                LitKind::Compare(op, left, right) => {
                    let bare = |operand: &Operand| matches!(operand.kind, OperandKind::Var(_));
                    if *op == Comparison::Equal && (bare(left) || bare(right)) {
                        self.waiting.push((left, right));
                    }
                    self.inside(left);
                    self.inside(right);
                }
                LitKind::Text { left, right, groups, .. } => {
                    for group in groups {
                        self.assign(group.variable, &Type::String, group.span, Source::Other);
                    }
                    self.inside(left);
                    self.inside(right);
                }
                LitKind::In { operand, values, .. } => {
                    if let (OperandKind::Var(var), Some((value, span))) = (&operand.kind, values.first()) {
                        let ty = value.ty();
                        let floats = values.iter().any(|(value, _)| *value.ty() == Type::Float);
                        let ty = if floats && *ty == Type::Int { &Type::Float } else { ty };
                        if self.variable(*var).is_none() {
                            self.assign(*var, ty, *span, Source::Other);
                        }
                    }
                    self.inside(operand);
                }
                LitKind::IsNone { .. } => {}
            }
        }
    }

    fn operands_of(&mut self, operands: &'a [Operand]) {
        operands.iter().for_each(|operand| self.inside(operand));
    }

    /// Bodies of aggregates inside an operand.
    fn inside(&mut self, operand: &'a Operand) {
        match &operand.kind {
            OperandKind::Negate(inner) => self.inside(inner),
            OperandKind::Arithmetic(_, left, right) => {
                self.inside(left);
                self.inside(right);
            }
            OperandKind::Call(_, parts) | OperandKind::Concat(parts) => self.operands_of(parts),
            OperandKind::Aggregate(aggregate) => {
                self.columns(&aggregate.body);
                self.operands_of(&aggregate.listed);
            }
            OperandKind::Const(..)
            | OperandKind::None
            | OperandKind::Var(_)
            | OperandKind::Constant(..)
            | OperandKind::Else(..) => {}
        }
    }

    /// Carries types over equalities until nothing changes.
    fn settle(&mut self) {
        let mut waiting = std::mem::take(&mut self.waiting);
        loop {
            let before = waiting.len();
            waiting.retain(|(left, right)| !self.equate(left, right));
            if waiting.len() == before {
                return;
            }
        }
    }

    /// Whether the equality has said what it has to say.
    fn equate(&mut self, left: &Operand, right: &Operand) -> bool {
        let (left, right) = if matches!(left.kind, OperandKind::Var(_)) { (left, right) } else { (right, left) };
        let OperandKind::Var(var) = left.kind else { return true };
        let known = self.variable(var);
        if let OperandKind::Var(other) = right.kind {
            let (a, b) = (self.find(var), self.find(other));
            match (known, self.variable(other)) {
                (None, None) => return false,
                (Some(x), Some(y)) if x != y && !(x.is_text() && y.is_text()) => return true,
                _ => {}
            }
            if a != b {
                let moved = self.classes[b].ty.take();
                self.parents[b] = a;
                if let Some((ty, span, source)) = moved {
                    self.assign(a, &ty, span, source);
                }
            }
            return true;
        }
        match self.operand(right) {
            None => false,
            Some(ty) => {
                // Sides of two types are compared, or refused, later.
                let compared = known.is_some_and(|known| known != ty && !(known.is_text() && ty.is_text()));
                if !compared {
                    self.assign(var, &ty, right.span, Source::Other);
                }
                true
            }
        }
    }

    fn assign(&mut self, var: Var, ty: &Type, span: Span, source: Source) {
        let at = self.find(var);
        if self.classes[at].poisoned {
            return;
        }
        let Some((known, known_span, known_source)) = self.classes[at].ty.clone() else {
            self.classes[at].ty = Some((ty.clone(), span, source));
            return;
        };
        let world = self.scope.world;
        let lower = match (&known, ty) {
            (a, b) if a == b => return,
            (Type::Entity(_), Type::String) => return,
            (Type::String, Type::Entity(_)) => true,
            (Type::Entity(a), Type::Entity(b)) if world.is_subtype(a, b) => return,
            // Whether entities go together is told by [`Sure`].
            (Type::Entity(a), Type::Entity(b)) if !world.is_subtype(b, a) => return,
            (Type::Entity(_), Type::Entity(_)) => true,
            _ => false,
        };
        if lower {
            self.classes[at].ty = Some((ty.clone(), span, source));
            return;
        }
        self.classes[at].poisoned = true;
        let name = &self.variables[var].name;
        let first = (&known, self.scope.place(known_span), self.because(&known, &known_source));
        let second = (ty, self.scope.place(span), self.because(ty, &source));
        self.diagnostics.push(types::conflict(name, first, second));
    }

    fn because(&self, ty: &Type, source: &Source) -> String {
        match source {
            Source::Column(relation, column) => {
                let decl = &self.scope.world.relation(*relation).decl;
                format!("{}: column `{}` of `{}`", types::a(ty), decl.columns[*column].name, decl.name)
            }
            Source::Other => types::a(ty),
        }
    }

    // Second walk: whether it all goes together.

    pub(super) fn check_body(&mut self, body: &[Lit]) {
        for lit in body {
            match &lit.kind {
                LitKind::Atom(atom) => {
                    let scope = self.scope;
                    let decl = &scope.world.relation(atom.relation).decl;
                    for (arg, column) in atom.args.iter().zip(&decl.columns) {
                        if let ArgKind::Value(operand) = &arg.kind
                            && let Some(found) = self.operand(operand)
                            && self.untyped != Some(atom.relation)
                        {
                            self.fits(operand, &found, column, decl);
                        }
                    }
                }
                LitKind::Not(body) => self.check_body(body),
                LitKind::Or(branches) => branches.iter().for_each(|body| self.check_body(body)),
                LitKind::Compare(op, left, right) => self.check_sides(*op, left, right, lit.span),
                LitKind::Text { test, left, right, .. } => self.check_text(*test, left, right),
                LitKind::In { operand, values, .. } => self.check_list(operand, values),
                LitKind::IsNone { .. } => {}
            }
        }
    }

    /// Whether a value may be compared with a column's values.
    fn fits(&mut self, operand: &Operand, found: &Type, column: &Column, decl: &RelationDecl) {
        let place = self.scope.place(operand.span);
        let compatible = comparable(found, &column.ty)
            && (found == &column.ty || found.is_text() || matches!(operand.kind, OperandKind::Const(..)));
        if !compatible || (*found == Type::Float && column.ty == Type::Int) {
            let wants = format!("column `{}` of `{}`", column.name, decl.name);
            self.tell(types::mismatch(place, found, &column.ty, &wants));
        }
    }

    fn check_sides(&mut self, op: Comparison, left: &Operand, right: &Operand, span: Span) {
        let (Some(a), Some(b)) = (self.operand(left), self.operand(right)) else { return };
        let place = self.scope.place(span);
        let (left, right) = (self.scope.place(left.span), self.scope.place(right.span));
        if !comparable(&a, &b) {
            self.tell(types::sides(place, (&a, left), (&b, right)));
        } else if !matches!(op, Comparison::Equal | Comparison::NotEqual) && !a.is_ordered() {
            self.tell(types::unordered(place));
        }
    }

    fn check_text(&mut self, test: TextTest, left: &Operand, right: &Operand) {
        let name = match test {
            TextTest::Contains => "`contains`",
            TextTest::StartsWith => "`starts_with`",
            TextTest::EndsWith => "`ends_with`",
            TextTest::Matches => "`matches`",
            TextTest::Like => "`like`",
        };
        for operand in [left, right] {
            if let Some(found) = self.operand(operand)
                && !found.is_text()
            {
                let place = self.scope.place(operand.span);
                self.tell(types::operand(place, name, "a string", &found));
            }
        }
    }

    fn check_list(&mut self, operand: &Operand, values: &[(Fixed, Span)]) {
        let Some(found) = self.operand(operand) else { return };
        for (value, span) in values {
            let ty = value.ty();
            let fits = comparable(ty, &found) && !(*ty == Type::Float && found == Type::Int);
            if !fits {
                let place = self.scope.place(*span);
                self.tell(types::mismatch(place, ty, &found, "what is left of `in`"));
                return;
            }
        }
    }

    fn check_head(&mut self, operands: &[Operand], head: &Head) -> Vec<Option<Type>> {
        let mut found = Vec::with_capacity(operands.len());
        for (at, operand) in operands.iter().enumerate() {
            let column = match head {
                Head::Columns(decl) => decl.columns.get(at).map(|column| (column, *decl)),
                Head::Free => None,
            };
            found.push(match &operand.kind {
                // What may be missing goes into columns that may be.
                OperandKind::Var(var) if self.variables[*var].optional => {
                    if let Some((column, decl)) = column
                        && !column.optional
                    {
                        let (place, name) = (self.scope.place(operand.span), &self.variables[*var].name);
                        if self.told_missing.insert(*var) {
                            self.tell(types::optional_in_required(place, name, &column.name, decl));
                        }
                    }
                    self.sure(*var)
                }
                OperandKind::Var(var) => self.sure(*var),
                OperandKind::None => {
                    if let Some((column, decl)) = column
                        && !column.optional
                    {
                        let place = self.scope.place(operand.span);
                        let declared = self.scope.world.relation_ids.get(&decl.name);
                        let declared = declared.map_or(place, |id| self.scope.world.relation(*id).place);
                        self.tell(types::none_on_required(place, &column.name, decl, declared));
                    }
                    None
                }
                _ => self.operand(operand),
            });
            if let (Some(Some(found)), Some((column, decl))) = (found.last(), column) {
                self.check_head_type(operand, found, column, decl);
            }
        }
        found
    }

    fn check_head_type(&mut self, operand: &Operand, found: &Type, column: &Column, decl: &RelationDecl) {
        let place = self.scope.place(operand.span);
        let passes_on = matches!(operand.kind, OperandKind::Var(_) | OperandKind::Aggregate(_));
        if self.scope.world.flows(found, &column.ty) && (passes_on || !matches!(column.ty, Type::Entity(_))) {
            return;
        }
        if matches!(operand.kind, OperandKind::Const(..)) && *found == Type::Int && column.ty == Type::Float {
            return;
        }
        if matches!(column.ty, Type::Entity(_)) && found.is_text() {
            self.tell(types::made_entity(place, &column.ty, &column.name, found));
        } else {
            let wants = format!("column `{}` of `{}`", column.name, decl.name);
            self.tell(types::mismatch(place, found, &column.ty, &wants));
        }
    }
}

/// Whether values of the types can be compared: one type, text with text, numbers with numbers.
pub(super) fn comparable(a: &Type, b: &Type) -> bool {
    a == b || (a.is_text() && b.is_text()) || (is_number(a) && is_number(b))
}

fn is_number(ty: &Type) -> bool {
    matches!(ty, Type::Int | Type::Float)
}

/// A constant as a value of the type: an int beside floats is a float.
pub(crate) fn coerce(value: &Value, ty: &Type) -> Value {
    match (value, ty) {
        (Value::Int(number), Type::Float) => Value::float(*number as f64).unwrap_or(Value::Int(*number)),
        _ => value.clone(),
    }
}
