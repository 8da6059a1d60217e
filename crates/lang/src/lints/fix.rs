//! Safe fixes, applied to texts until none is left.
//!
//! A round takes all safe fixes of one compilation whose edits do not overlap, applies them and compiles again. If that
//! gave new errors, the round is taken back and tried in halves, so that one bad fix costs itself alone.

use std::collections::{BTreeMap, BTreeSet};

use base::{Diagnostic, FileId, Place, SourceMap, Span};
use rustc_hash::FxHashSet;

use crate::{Compilation, ModuleSource, compile};

/// A text can be mended so often; each round mends what the last one uncovered.
const ROUNDS: usize = 10;

/// What became of texts.
#[derive(Debug, Default)]
pub struct Fixed {
    /// The texts that are others now.
    pub texts: BTreeMap<FileId, String>,
    /// What was mended: each diagnostic as it was told before, with the title of the fix. Places are those of the texts
    /// of their round.
    pub mended: Vec<(Diagnostic, String)>,
    /// All texts as they are now.
    pub sources: SourceMap,
    /// What they say now.
    pub compilation: Compilation,
}

/// A fix of a round.
struct Candidate {
    diagnostic: Diagnostic,
    title: String,
    edits: Vec<(Place, String)>,
}

/// Mends what can be mended safely in files that may be edited, of diagnostics that are wanted.
pub fn fix(
    sources: &SourceMap,
    modules: &[ModuleSource],
    editable: &dyn Fn(FileId) -> bool,
    wanted: &dyn Fn(&Diagnostic) -> bool,
) -> Fixed {
    let mut texts = BTreeMap::new();
    let (mut now, mut compilation) = recompile(sources, modules, &texts);
    let mut mended = Vec::new();
    let mut refused: FxHashSet<(String, String)> = FxHashSet::default();
    for _ in 0..ROUNDS {
        let mut round = candidates(&compilation, editable, wanted);
        round.retain(|candidate| !refused.contains(&name(&now, candidate)));
        if round.is_empty() {
            break;
        }
        // Halves wait in the order of the text; what was taken changes what the next is applied to, so each part is
        // tried against all that was kept.
        let mut waiting = vec![round];
        let mut kept: Vec<Candidate> = Vec::new();
        while let Some(mut part) = waiting.pop() {
            let tried = apply(&now, kept.iter().chain(&part));
            let mut all = texts.clone();
            all.extend(tried);
            let (_, next) = recompile(sources, modules, &all);
            if is_better(&compilation, &next) {
                kept.append(&mut part);
            } else if part.len() > 1 {
                let rest = part.split_off(part.len() / 2);
                waiting.extend([rest, part]);
            } else {
                refused.extend(part.iter().map(|candidate| name(&now, candidate)));
            }
        }
        if kept.is_empty() {
            continue;
        }
        texts.extend(apply(&now, kept.iter()));
        mended.extend(kept.into_iter().map(|candidate| (candidate.diagnostic, candidate.title)));
        (now, compilation) = recompile(sources, modules, &texts);
    }
    Fixed { texts, mended, sources: now, compilation }
}

/// Safe fixes that do not touch each other, in the order of the text.
fn candidates(
    compilation: &Compilation,
    editable: &dyn Fn(FileId) -> bool,
    wanted: &dyn Fn(&Diagnostic) -> bool,
) -> Vec<Candidate> {
    let mut taken: BTreeSet<Place> = BTreeSet::new();
    let mut found = Vec::new();
    for diagnostic in compilation.diagnostics.iter().chain(&compilation.style).filter(|found| wanted(found)) {
        let Some(fix) = diagnostic.fixes.iter().find(|fix| fix.safe && !fix.edits.is_empty()) else { continue };
        // What stands between its edits is its own as well: another fix there could change what it speaks of.
        let Some(whole) = whole(&fix.edits) else { continue };
        // What is taken lies apart, so of all that begin before its end the last one reaches furthest.
        let end = Place { file: whole.file, span: Span { start: whole.span.end, end: u32::MAX } };
        let last = taken.range(..=end).next_back();
        let touches = last.is_some_and(|other| other.file == whole.file && other.span.end >= whole.span.start);
        if touches || !editable(whole.file) {
            continue;
        }
        taken.insert(whole);
        let (title, edits) = (fix.title.clone(), fix.edits.clone());
        found.push(Candidate { diagnostic: diagnostic.clone(), title, edits });
    }
    found
}

/// The range of all edits, if they are in one file and none overlaps another.
fn whole(edits: &[(Place, String)]) -> Option<Place> {
    let mut places: Vec<Place> = edits.iter().map(|(place, _)| *place).collect();
    places.sort();
    let apart = places.windows(2).all(|pair| pair[0].file == pair[1].file && pair[0].span.end <= pair[1].span.start);
    let (first, last) = (places.first()?, places.last()?);
    apart.then(|| Place { file: first.file, span: first.span.cover(last.span) })
}

/// The texts that the fixes change.
fn apply<'a>(sources: &SourceMap, fixes: impl Iterator<Item = &'a Candidate>) -> BTreeMap<FileId, String> {
    let mut edits: Vec<&(Place, String)> = fixes.flat_map(|candidate| &candidate.edits).collect();
    edits.sort_by_key(|(place, _)| *place);
    let mut found: BTreeMap<FileId, (String, usize)> = BTreeMap::new();
    for (place, new) in edits {
        let text = sources.text(place.file);
        let (out, done) = found.entry(place.file).or_default();
        let range = place.span.range();
        // A place that is none leaves the text as it is.
        let Some(between) = text.get(*done..range.start) else { continue };
        if text.get(range.clone()).is_none() {
            continue;
        }
        out.push_str(between);
        out.push_str(new);
        *done = range.end;
    }
    let finish = |(file, (mut text, done)): (FileId, (String, usize))| {
        text.push_str(sources.text(file).get(done..).unwrap_or_default());
        (file, text)
    };
    found.into_iter().map(finish).collect()
}

fn recompile(
    sources: &SourceMap,
    modules: &[ModuleSource],
    texts: &BTreeMap<FileId, String>,
) -> (SourceMap, Compilation) {
    let mut all = SourceMap::new();
    for file in sources.ids() {
        match texts.get(&file) {
            Some(text) => all.add(sources.path(file).clone(), text.as_str()),
            None => all.add(sources.path(file).clone(), sources.text(file).clone()),
        };
    }
    let compilation = compile(&all, modules);
    (all, compilation)
}

/// Whether nothing got worse. A piece that parses now may show further errors, which its form has hidden.
fn is_better(before: &Compilation, after: &Compilation) -> bool {
    let errors = |compilation: &Compilation, syntax: bool| {
        let all = compilation.diagnostics.iter().filter(|found| found.is_error());
        all.filter(|found| !syntax || found.code.starts_with("E01")).count()
    };
    let (parsed, parses) = (errors(before, true), errors(after, true));
    parses < parsed || (parses == parsed && errors(after, false) <= errors(before, false))
}

/// A fix that was refused is known by what it says and the line it stands on.
fn name(sources: &SourceMap, candidate: &Candidate) -> (String, String) {
    let line = candidate.edits.first().map_or("", |(place, _)| {
        let text = sources.text(place.file);
        let start = (place.span.start as usize).min(text.len());
        let from = text.get(..start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
        text.get(from..).and_then(|rest| rest.lines().next()).unwrap_or_default()
    });
    (format!("{} {}", candidate.diagnostic.code, candidate.diagnostic.message), line.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::sources_of;

    fn all(text: &str) -> (String, usize) {
        let (sources, modules) = sources_of(&[("m", text)]);
        let fixed = fix(&sources, &modules, &|_| true, &|_| true);
        (fixed.texts.values().next().map_or(text, |text| text).to_owned(), fixed.mended.len())
    }

    #[test]
    fn rounds_go_on_until_nothing_is_left() {
        let text = "rel r(a: string, b: string)\nr(\"x\", \"y\").\nrel s(a: string)\ns(a) :- r(a, bb), r(a, bb).\n";
        let (text, mended) = all(text);
        assert_eq!(text, "rel r(a: string, b: string)\nr(\"x\", \"y\").\nrel s(a: string)\ns(a) :- r(a, _bb).\n");
        assert_eq!(mended, 2);
        assert_eq!(all(&text), (text.clone(), 0));
    }

    #[test]
    fn other_files_and_unwanted_lints_stay() {
        let text = "rel r(a: string, b: string)\nr(\"x\", \"y\").\nrel s(a: string)\ns(a) :- r(a, bb).\n";
        let (sources, modules) = sources_of(&[("m", text)]);
        assert!(fix(&sources, &modules, &|_| false, &|_| true).texts.is_empty());
        assert!(fix(&sources, &modules, &|_| true, &|found| found.code != "W0701").texts.is_empty());
    }
}
