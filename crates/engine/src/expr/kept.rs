//! Compiled patterns that outlive an evaluation: five hundred tests of policies ask for the same regexes five hundred times.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use regex::Regex;

/// Patterns kept; a program has some hundred.
const KEPT: usize = 4096;

static REGEXES: Mutex<BTreeMap<Arc<str>, Option<Arc<Regex>>>> = Mutex::new(BTreeMap::new());

/// The regex of that text, unless it is none.
pub(super) fn regex(text: &Arc<str>) -> Option<Arc<Regex>> {
    // A panic while the lock is held leaves at worst a pattern out.
    if let Some(known) = REGEXES.lock().unwrap_or_else(PoisonError::into_inner).get(text) {
        return known.clone();
    }
    // Not under the lock: others need not wait for a large one.
    let compiled = Regex::new(text).ok().map(Arc::new);
    let mut kept = REGEXES.lock().unwrap_or_else(PoisonError::into_inner);
    if kept.len() >= KEPT {
        kept.clear();
    }
    kept.entry(text.clone()).or_insert(compiled).clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_compiled_once() {
        let text: Arc<str> = "kept-[0-9]+".into();
        let (first, again) = (regex(&text).unwrap(), regex(&text).unwrap());
        assert!(Arc::ptr_eq(&first, &again) && first.is_match("kept-7"));
        assert!(regex(&"(".into()).is_none());
    }
}
