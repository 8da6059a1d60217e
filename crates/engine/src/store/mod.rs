//! The rows of all relations of a program.

mod code_map;
mod code_set;
mod dead;
mod index;
mod keys;
mod members;
mod numbers;
mod relation;
mod sketch;
mod statistics;
mod updates;

use facts::Database;
use hashbrown::HashSet;
use ir::{Body, Expr, LiteralKind, Program, RelId, RelationKind};

pub(crate) use index::Index;
pub(crate) use members::{Grouped, Members};
pub(crate) use relation::{Maker, Reach, Stored};
pub(crate) use sketch::Sample;
pub(crate) use statistics::Statistics;

use crate::{Error, Structures};

/// All relations, by [`RelId`].
#[derive(Debug)]
pub(crate) struct Store {
    pub relations: Vec<Stored>,
}

impl Store {
    /// Takes the input rows that some rule reads, or that nothing reads but the caller may ask for, and the program's
    /// facts. They are of step 0.
    pub fn load(program: &Program, database: &mut Database, structures: Structures) -> Result<Store, Error> {
        let mut store = Store::empty(program, structures);
        let facts = facts_by_relation(program);
        for (number, facts) in facts.iter().enumerate() {
            store.begin(RelId(number as u32), program, facts, database)?;
        }
        Ok(store)
    }

    /// All relations of a program, without rows.
    pub fn empty(program: &Program, structures: Structures) -> Store {
        let relation = |relation: &ir::Relation| Stored::new(relation.decl.columns.len(), structures);
        Store { relations: program.relations.iter().map(relation).collect() }
    }

    /// Fills an empty relation with what is there before any rule: its input rows and facts.
    pub fn begin(&mut self, id: RelId, program: &Program, facts: &[u32], database: &mut Database) -> Result<(), Error> {
        let (relation, stored) = (program.relation(id), self.get_mut(id));
        if relation.kind == RelationKind::Input {
            load_table(&relation.decl, database, stored)?;
        }
        let mut row = Vec::new();
        for &number in facts {
            let fact = &program.facts[number as usize];
            row.clear();
            row.extend(fact.row.iter().map(|value| database.values.encode(value).0));
            if row.len() != stored.columns.len() {
                let name = &relation.decl.name;
                return Err(Error::Program { rule: None, message: format!("a fact of `{name}` has the wrong width") });
            }
            stored.insert(&row, Maker::Fact(number));
        }
        stored.publish(0);
        Ok(())
    }

    pub fn get(&self, id: RelId) -> &Stored {
        &self.relations[id.0 as usize]
    }

    pub fn get_mut(&mut self, id: RelId) -> &mut Stored {
        &mut self.relations[id.0 as usize]
    }

    /// Empties a relation that nobody will read again, and gives its memory back.
    pub fn clear(&mut self, id: RelId) {
        let stored = self.get_mut(id);
        *stored = Stored::new(stored.columns.len(), Structures::ByDensity);
    }

    /// Bytes taken, about.
    pub fn bytes(&self) -> u64 {
        self.relations.iter().map(Stored::bytes).sum()
    }
}

/// The numbers of a program's facts, by relation.
pub(crate) fn facts_by_relation(program: &Program) -> Vec<Vec<u32>> {
    let mut facts = vec![Vec::new(); program.relations.len()];
    for (number, fact) in program.facts.iter().enumerate() {
        facts[fact.relation.0 as usize].push(number as u32);
    }
    facts
}

fn load_table(decl: &facts::RelationDecl, database: &Database, stored: &mut Stored) -> Result<(), Error> {
    let Some(table) = database.table(&decl.name) else { return Ok(()) };
    let types = |decl: &facts::RelationDecl| -> Vec<bool> { decl.columns.iter().map(|c| c.ty.is_text()).collect() };
    if types(table.decl()) != types(decl) {
        let message = format!("the rows of `{}` do not have the columns that the program declares", decl.name);
        return Err(Error::Program { rule: None, message });
    }
    // A table's rows are distinct.
    let columns = (0..decl.columns.len()).map(|column| table.column(column).to_vec()).collect();
    stored.load(columns, table.len(), Maker::Input);
    Ok(())
}

/// Calls `f` with each relation that a body reads, at any depth.
pub(crate) fn each_relation(body: &Body, f: &mut dyn FnMut(RelId)) {
    for literal in body {
        literal.each_operand(&mut |operand| operand_relations(operand, f));
        match &literal.kind {
            LiteralKind::Atom(atom) => f(atom.relation),
            LiteralKind::Not(inner) => each_relation(inner, f),
            LiteralKind::Or(branches) => branches.iter().for_each(|inner| each_relation(inner, f)),
            _ => {}
        }
    }
}

/// Calls `f` with each relation that the aggregates of an operand read.
pub(crate) fn operand_relations(operand: &Expr, f: &mut dyn FnMut(RelId)) {
    operand.each_aggregate(&mut |aggregate| {
        aggregate.listed.iter().for_each(|listed| operand_relations(listed, f));
        each_relation(&aggregate.body, f);
    });
}

/// A set of relations.
pub(crate) type Relations = HashSet<RelId, rustc_hash::FxBuildHasher>;
