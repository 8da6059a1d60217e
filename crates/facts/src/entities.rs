//! What is known of entities: labels and places, the first by path and position of what their `key` rows say.

use std::sync::Arc;

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use crate::{Code, Origin};

/// What people call an entity, and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct EntityInfo {
    /// The label; the key itself where no row gave one.
    pub label: Arc<str>,
    /// Its first `key` row by path and position.
    pub origin: Origin,
}

/// What `key` rows say of entities.
#[derive(Debug, Clone, Default)]
pub(crate) struct Entities {
    /// What the first row says.
    first: HashMap<Code, EntityInfo, FxBuildHasher>,
    /// What the others say; kept only where rows may be taken away.
    others: Option<HashMap<Code, Vec<EntityInfo>, FxBuildHasher>>,
}

impl Entities {
    /// Keeps what all rows say.
    pub fn tracked() -> Self {
        Entities { first: HashMap::default(), others: Some(HashMap::default()) }
    }

    pub fn is_tracked(&self) -> bool {
        self.others.is_some()
    }

    /// Keeps what all rows say from now on.
    pub fn track(&mut self) {
        self.others.get_or_insert_default();
    }

    pub fn get(&self, key: Code) -> Option<&EntityInfo> {
        self.first.get(&key)
    }

    pub fn iter(&self) -> impl Iterator<Item = (Code, &EntityInfo)> {
        self.first.iter().map(|(key, info)| (*key, info))
    }

    /// Takes note of what a row says.
    pub fn add(&mut self, key: Code, info: EntityInfo, files: &[Arc<str>]) {
        let mut other = None;
        match self.first.get_mut(&key) {
            None => drop(self.first.insert(key, info)),
            Some(known) if is_before(&info, known, files) => other = Some(std::mem::replace(known, info)),
            Some(_) => other = Some(info),
        }
        if let (Some(others), Some(other)) = (&mut self.others, other) {
            others.entry(key).or_default().push(other);
        }
    }

    /// What a row at this place says of an entity.
    pub fn said_at(&self, key: Code, origin: Origin) -> Option<&EntityInfo> {
        let others = self.others.iter().filter_map(|others| others.get(&key)).flatten();
        self.first.get(&key).into_iter().chain(others).find(|info| info.origin == origin)
    }

    /// Forgets what a row said.
    pub fn remove(&mut self, key: Code, info: &EntityInfo, files: &[Arc<str>]) {
        let Some(others) = &mut self.others else { return };
        let rest = others.get_mut(&key);
        if self.first.get(&key) != Some(info) {
            if let Some(rest) = rest
                && let Some(at) = rest.iter().position(|other| other == info)
            {
                rest.remove(at);
            }
            return;
        }
        let Some(rest) = rest.filter(|rest| !rest.is_empty()) else {
            self.first.remove(&key);
            return;
        };
        let least = |best: usize, at: usize| if is_before(&rest[at], &rest[best], files) { at } else { best };
        let next = (1..rest.len()).fold(0, least);
        let info = rest.remove(next);
        self.first.insert(key, info);
    }
}

fn is_before(one: &EntityInfo, other: &EntityInfo, files: &[Arc<str>]) -> bool {
    let (a, b) = (&one.origin, &other.origin);
    if a.file == b.file {
        return a.place.start < b.place.start;
    }
    files[a.file as usize] < files[b.file as usize]
}
