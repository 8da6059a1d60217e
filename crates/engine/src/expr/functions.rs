//! What operands reach beyond their arguments: values and their codes, entities, patterns, and results kept per code.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use facts::{Code, Database, Type, Value};
use hashbrown::HashMap;
use ir::{Function, TextTest};
use rustc_hash::FxBuildHasher;

use super::text::{self, Patterns};

/// Values, entities and what was computed of them.
#[derive(Debug)]
pub(crate) struct World {
    pub database: Database,
    patterns: Mutex<Patterns>,
    /// Results of functions of texts, by function and the codes of its arguments. `None`: it has no value.
    results: HashMap<(Function, [u32; 3]), Option<u32>, FxBuildHasher>,
    /// Results of regexes and globs, by the codes of pattern and text.
    matches: HashMap<(bool, u32, u32), bool, FxBuildHasher>,
}

impl World {
    pub fn new(database: Database) -> Self {
        World { database, patterns: Mutex::default(), results: HashMap::default(), matches: HashMap::default() }
    }

    /// The patterns compiled so far. Nothing that holds them can panic halfway, so a poisoned lock is as good as any.
    pub fn patterns(&self) -> MutexGuard<'_, Patterns> {
        self.patterns.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets what functions of entities came to: labels or places have changed.
    pub fn forget_entities(&mut self) {
        self.results.retain(|(function, _), _| !is_of_entities(*function));
    }

    /// What is known of an entity.
    pub fn entity(&self, function: Function, key: &Arc<str>) -> Option<Value> {
        let info = self.database.values.find(key).and_then(|code| self.database.entity(code));
        match function {
            Function::Label => Some(Value::Text(info.map_or_else(|| key.clone(), |info| info.label.clone()))),
            Function::Path => Some(Value::Text(self.database.file(info?.origin.file).clone())),
            Function::Line => {
                Some(info?.origin.place.line).filter(|&line| line > 0).map(|line| Value::Int(line.into()))
            }
            _ => None,
        }
    }

    /// The code of a function's value for arguments of these types and codes; each is computed once.
    pub fn call(&mut self, function: Function, args: &[(&Type, u32)]) -> Option<u32> {
        let mut codes = [0; 3];
        for (code, (_, arg)) in codes.iter_mut().zip(args) {
            *code = *arg;
        }
        if let Some(&known) = self.results.get(&(function, codes)) {
            return known;
        }
        let values: Vec<Value> = args.iter().map(|(ty, code)| self.database.values.decode(ty, Code(*code))).collect();
        let found = match (function, values.as_slice()) {
            (function, [Value::Text(key)]) if is_of_entities(function) => self.entity(function, key),
            _ => text::call(function, &values, &mut self.patterns()),
        };
        let code = found.map(|value| self.database.values.encode(&value).0);
        self.results.insert((function, codes), code);
        code
    }

    /// Whether a test holds between two texts; patterns are tried once on each text.
    pub fn test(&mut self, test: TextTest, left: u32, right: u32) -> Option<bool> {
        let pattern = matches!(test, TextTest::Matches | TextTest::Like);
        let key = (test == TextTest::Like, right, left);
        if pattern && let Some(&known) = self.matches.get(&key) {
            return Some(known);
        }
        let values = &self.database.values;
        let (left, right) = (values.text(Code(left)), values.text(Code(right)));
        let found = self.patterns().test(test, left, right)?;
        if pattern {
            self.matches.insert(key, found);
        }
        Some(found)
    }
}

/// Whether a function looks at what is known of an entity, which is no part of any row.
pub(crate) fn is_of_entities(function: Function) -> bool {
    matches!(function, Function::Label | Function::Path | Function::Line)
}
