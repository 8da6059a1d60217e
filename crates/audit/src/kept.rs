//! What was read of a folder, kept while policies change and files do not: editors evaluate after each change.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use extract::Request;
use facts::{InputDecl, RelationDecl, Value};

use crate::Project;
use crate::pipeline::Gathered;

/// Facts handed from one project of a folder to the next. Clones share them.
#[derive(Clone, Default)]
pub struct Kept(Arc<Mutex<Option<Facts>>>);

struct Facts {
    gathered: Gathered,
    /// How what was asked for is read.
    inputs: Vec<Arc<InputDecl>>,
    bindings: Vec<(Arc<str>, Vec<Arc<str>>)>,
    /// What credentials look like.
    patterns: Vec<Vec<Value>>,
}

impl Kept {
    /// Forgets what was read: the files changed.
    pub fn forget(&self) {
        *self.lock() = None;
    }

    fn lock(&self) -> MutexGuard<'_, Option<Facts>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was read, if it is what is asked for.
    pub(crate) fn find(&self, project: &Project, request: &Request) -> Option<Gathered> {
        let facts = self.lock();
        let facts = facts.as_ref().filter(|facts| facts.patterns == patterns(project))?;
        let asked = request.schema.iter().all(|decl| facts.gathered.asked.contains(&decl.name));
        let read_so = |input: &Arc<InputDecl>| facts.inputs.contains(input);
        let bound: Vec<_> = request.bindings.iter().map(|(name, globs)| (name.clone(), globs.clone())).collect();
        (asked && request.inputs.iter().all(read_so) && bound == facts.bindings).then(|| facts.gathered.clone())
    }

    /// The request with what was read before and can still be read, so that the next question finds that too.
    pub(crate) fn widen(&self, project: &Project, mut request: Request) -> Request {
        let before: BTreeSet<Arc<str>> =
            self.lock().as_ref().map(|facts| facts.gathered.asked.clone()).unwrap_or_default();
        for input in &project.compilation.inputs {
            let name = &input.relation.name;
            if before.contains(name) && !request.schema.iter().any(|decl| decl.name == *name) {
                request.schema.push(Arc::<RelationDecl>::new(input.relation.clone()));
                if !input.sources.is_empty() {
                    request.inputs.push(input.clone());
                }
            }
        }
        request
    }

    /// Keeps what was read for a request.
    pub(crate) fn keep(&self, project: &Project, request: &Request, gathered: &Gathered) {
        let bindings = request.bindings.iter().map(|(name, globs)| (name.clone(), globs.clone())).collect();
        let facts =
            Facts { gathered: gathered.clone(), inputs: request.inputs.clone(), bindings, patterns: patterns(project) };
        *self.lock() = Some(facts);
    }
}

fn patterns(project: &Project) -> Vec<Vec<Value>> {
    project.compilation.facts_of("secret.pattern").into_iter().map(|(row, _)| row).collect()
}
