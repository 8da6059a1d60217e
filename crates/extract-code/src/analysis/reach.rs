//! Reaching definitions: which definitions a use of a variable may see.
//!
//! One walk over each function. A definition is an assignment's target, a parameter, an import, a function, a
//! class, or an object after something was put into it (`x.append(v)`). Where paths join, a variable gets a
//! *choice* among the values it has on them; a loop gives one in advance to all that its body assigns. Chains
//! of choices are resolved when asked for, and a choice among too many becomes a *hub*: an expression of its
//! own that definitions flow into and out of, so that edges stay linear in number.

use base::Span;
use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use super::environment::ValueId;
use super::walk;
use crate::idioms::Idioms;
use crate::tree::{ClassId, ExprId, FunctionId, Slot, Sym, Tree};

/// More definitions than this meet in a hub.
const HUB: usize = 16;

/// Number of a definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DefId(pub u32);

/// Where a definition's value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    Value(ExprId),
    /// A part of the expression's value: loops, unpacking.
    Element(ExprId),
    /// What stands at a place of the tuple that the expression's value is.
    Item(ExprId, u32),
    /// The attribute of that name of the expression's value.
    Member(ExprId, Sym),
    /// The object behind a context (`with`).
    Context(ExprId),
    /// Index among the function's parameters.
    Parameter(FunctionId, u32),
    /// The method's own object.
    Receiver(ClassId),
    /// Number among the imports.
    Import(u32),
    Function(FunctionId),
    Class(ClassId),
    /// Something was put into the object that the definition's expression reads.
    Put,
    /// An error of a type that stands in a handler.
    Error(Option<ExprId>),
    /// A type without value.
    Declared,
}

/// A definition.
#[derive(Debug, Clone, Copy)]
pub struct Def {
    pub source: Source,
    /// What the variable holds afterwards, as an expression.
    pub expr: Option<ExprId>,
    pub annotation: Option<ExprId>,
}

/// A value.
#[derive(Debug, Clone)]
pub enum Value {
    None,
    Def(DefId),
    /// One of these; the place is that of the statement where paths join.
    Choice {
        inputs: Vec<ValueId>,
        span: Span,
        function: FunctionId,
        slot: Slot,
    },
    /// Any definition of the variable.
    Any(Slot),
}

/// An assignment: what stands left, and what comes into it.
#[derive(Debug, Clone, Copy)]
pub struct Store {
    pub place: ExprId,
    pub value: ExprId,
    /// Whether the value is taken apart on the way.
    pub part: bool,
    /// Which part of a tuple.
    pub index: Option<u32>,
    /// Which attribute of an object.
    pub member: Option<Sym>,
}

/// What the walk found.
#[derive(Debug, Default)]
pub struct Reaching {
    pub values: Vec<Value>,
    pub defs: Vec<Def>,
    /// By expression: what a name, or an attribute of a name, may hold.
    pub uses: Vec<ValueId>,
    /// By expression that reads a whole object: what its attributes were set to before.
    pub contents: HashMap<ExprId, ValueId, FxBuildHasher>,
    /// By variable.
    pub definitions: Vec<Vec<DefId>>,
    pub stores: Vec<Store>,
    /// Values put into objects.
    pub puts: Vec<(ExprId, ExprId)>,
    /// Returned and yielded values.
    pub results: Vec<(FunctionId, ExprId)>,
    /// By definition: its value.
    pub def_values: Vec<ValueId>,
    /// By value: whether it is a hub.
    pub(super) hubs: Vec<bool>,
}

impl Reaching {
    /// Walks all functions of a file.
    pub fn new(tree: &Tree, idioms: &Idioms) -> Self {
        let mut reaching = walk::walk(tree, idioms);
        reaching.find_hubs();
        reaching
    }

    /// The definitions and hubs directly behind a use, in order.
    pub fn behind(&self, value: ValueId) -> Vec<ValueId> {
        if self.is_hub(value) { vec![value] } else { self.meeting(value) }
    }

    /// The definitions and hubs that meet in a hub.
    pub fn meeting(&self, value: ValueId) -> Vec<ValueId> {
        self.collect(value, usize::MAX).unwrap_or_default()
    }

    /// All hubs.
    pub fn hubs(&self) -> impl Iterator<Item = ValueId> + '_ {
        self.hubs.iter().enumerate().filter(|&(_, &hub)| hub).map(|(number, _)| ValueId(number as u32))
    }

    /// The definitions behind a value, at most [`HUB`] of them, hubs looked through.
    pub fn definitions_of(&self, value: ValueId) -> Vec<DefId> {
        let mut found = Vec::new();
        let mut pending = vec![value];
        let mut seen = Vec::new();
        while let Some(value) = pending.pop() {
            if seen.contains(&value) || seen.len() > 4 * HUB || found.len() >= HUB {
                continue;
            }
            seen.push(value);
            match &self.values[value.0 as usize] {
                Value::Def(def) => found.push(*def),
                _ => pending.extend(self.inputs(value, 2 * HUB).0),
            }
        }
        found.sort_unstable();
        found
    }

    /// The one definition behind a value, if it is one.
    pub fn only(&self, value: ValueId) -> Option<&Def> {
        match self.definitions_of(value).as_slice() {
            [one] => Some(&self.defs[one.0 as usize]),
            _ => None,
        }
    }

    /// Whether definitions meet here in an expression of its own.
    pub fn is_hub(&self, value: ValueId) -> bool {
        self.hubs.get(value.0 as usize).copied().unwrap_or_default()
    }

    /// What a choice chooses from, at most so many of it, and how much that is altogether.
    fn inputs(&self, value: ValueId, most: usize) -> (Vec<ValueId>, usize) {
        match &self.values[value.0 as usize] {
            Value::Choice { inputs, .. } => (inputs.iter().copied().take(most).collect(), inputs.len()),
            Value::Any(slot) => {
                let defs = &self.definitions[slot.at()];
                (defs.iter().take(most).map(|def| self.def_values[def.0 as usize]).collect(), defs.len())
            }
            Value::None | Value::Def(_) => (Vec::new(), 0),
        }
    }

    fn find_hubs(&mut self) {
        self.hubs = vec![false; self.values.len()];
        for number in 0..self.values.len() {
            if matches!(self.values[number], Value::Choice { .. } | Value::Any(_)) {
                self.hubs[number] = self.collect(ValueId(number as u32), HUB).is_none();
            }
        }
    }

    /// Definitions and hubs behind a value, in order; none if they are more than `limit`, or if finding
    /// them takes many more steps than that.
    fn collect(&self, value: ValueId, limit: usize) -> Option<Vec<ValueId>> {
        let mut found = Vec::new();
        let mut seen: hashbrown::HashSet<ValueId, FxBuildHasher> = Default::default();
        let mut pending = vec![value];
        let mut first = true;
        while let Some(value) = pending.pop() {
            if !seen.insert(value) {
                continue;
            }
            let whole = std::mem::take(&mut first);
            match &self.values[value.0 as usize] {
                Value::None => {}
                Value::Def(_) => found.push(value),
                _ if !whole && self.is_hub(value) => found.push(value),
                _ => {
                    let most = limit.saturating_mul(8);
                    let (inputs, all) = self.inputs(value, most);
                    if all > most {
                        return None;
                    }
                    pending.extend(inputs);
                }
            }
            if found.len() > limit || seen.len() > limit.saturating_mul(4) {
                return None;
            }
        }
        found.sort_unstable();
        Some(found)
    }
}
