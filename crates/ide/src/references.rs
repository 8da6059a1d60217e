//! References: where a symbol is named, in all texts; and the same within one text.

use base::{FileId, Place, Span};
use rustc_hash::FxHashSet;

use crate::Snapshot;
use crate::names::{NameKind, Names, Role};
use crate::symbol::{Symbol, all_at, declared, resolve};

/// A name of a symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    /// Where.
    pub place: Place,
    /// Whether it is filled or declared there, not read.
    pub writes: bool,
    /// Whether its name is declared there.
    pub declares: bool,
    /// Whether it is the short form of a field, which names a column and a variable at once.
    pub short: bool,
}

/// Where the symbols under the cursor are named, by place.
pub fn references(snapshot: &Snapshot, file: FileId, offset: usize, declaration: bool) -> Vec<Reference> {
    let Some((symbol, _)) = all_at(snapshot, file, offset).into_iter().next() else { return Vec::new() };
    let mut found = of(snapshot, &symbol, None);
    found.retain(|reference| declaration || !reference.declares);
    found
}

/// Where the symbols under the cursor are named in the same text.
pub fn highlights(snapshot: &Snapshot, file: FileId, offset: usize) -> Vec<Reference> {
    let mut found: Vec<Reference> =
        all_at(snapshot, file, offset).iter().flat_map(|(symbol, _)| of(snapshot, symbol, Some(file))).collect();
    found.sort();
    found.dedup_by_key(|reference| reference.place);
    found
}

/// Where a symbol is named, in one text or in all.
pub fn of(snapshot: &Snapshot, symbol: &Symbol, only: Option<FileId>) -> Vec<Reference> {
    let mut files: Vec<FileId> = match (symbol, only) {
        (Symbol::Variable(file, ..), _) => vec![*file],
        (_, Some(file)) => vec![file],
        (_, None) => snapshot.compilation.modules().map(|module| module.file).collect(),
    };
    files.sort();
    let word = last_word(symbol);
    let mut found = Vec::new();
    for file in files {
        let text = snapshot.text(file);
        // Most files do not hold the word: their names need not be read.
        if !matches!(symbol, Symbol::Module(_)) && !text.contains(word) {
            continue;
        }
        let names = snapshot.names(file);
        for at in 0..names.all.len() {
            if !could_be(symbol, &names, at, text, word) {
                continue;
            }
            if resolve(snapshot, file, &names, at).as_ref() == Some(symbol) {
                found.push(reference(&names, file, at));
            }
        }
    }
    if matches!(symbol, Symbol::Control(_) | Symbol::Framework(_) | Symbol::Criterion(..)) {
        let known: FxHashSet<Place> = found.iter().map(|reference| reference.place).collect();
        let place = declared(snapshot, symbol).filter(|place| only.is_none_or(|only| only == place.file));
        if let Some(place) = place.filter(|place| !known.contains(place)) {
            found.push(Reference { place, writes: true, declares: true, short: false });
        }
    }
    found.sort();
    found.dedup_by_key(|reference| reference.place);
    found
}

/// The word that a symbol is named by in texts.
pub fn last_word(symbol: &Symbol) -> &str {
    let last = |name: &'_ str| name.rfind('.').map_or(0, |at| at + 1);
    match symbol {
        Symbol::Relation(name) | Symbol::Param(name) | Symbol::Entity(name) => &name[last(name)..],
        Symbol::Column(_, name) | Symbol::Variable(.., name) | Symbol::Criterion(_, name) => name,
        Symbol::Module(path) => &path[last(path)..],
        Symbol::Type(name)
        | Symbol::Control(name)
        | Symbol::Framework(name)
        | Symbol::Function(name)
        | Symbol::Aggregate(name)
        | Symbol::Field(name)
        | Symbol::Keyword(name) => name,
    }
}

/// Whether looking the name up is worth while.
fn could_be(symbol: &Symbol, names: &Names, at: usize, text: &str, word: &str) -> bool {
    let name = &names.all[at];
    // A module goes by other names too.
    let written = &text[name.span.range()];
    match (&name.kind, symbol) {
        (NameKind::Qualifier | NameKind::Module | NameKind::Alias, Symbol::Module(_)) => true,
        (NameKind::Relation { .. }, Symbol::Relation(_)) => written == word,
        (NameKind::Column { .. } | NameKind::ColumnDeclared { .. }, Symbol::Column(..)) => written == word,
        (NameKind::Variable { .. }, Symbol::Variable(..) | Symbol::Param(_)) => written == word,
        (NameKind::Param { .. } | NameKind::ParamNamed { .. }, Symbol::Param(_)) => written == word,
        (NameKind::Type { .. } | NameKind::EntityDeclared, Symbol::Entity(_) | Symbol::Type(_)) => written == word,
        (NameKind::Criterion { .. }, Symbol::Criterion(..)) => written.trim_matches('"') == word,
        (NameKind::Control { .. }, Symbol::Control(_)) => written == word,
        (NameKind::Framework { .. }, Symbol::Framework(_)) => written == word,
        (NameKind::Function, Symbol::Function(_)) => written == word,
        (NameKind::Aggregate, Symbol::Aggregate(_)) => written == word,
        (NameKind::Field, Symbol::Field(_)) | (NameKind::Keyword, Symbol::Keyword(_)) => written == word,
        _ => false,
    }
}

fn reference(names: &Names, file: FileId, at: usize) -> Reference {
    let name = &names.all[at];
    let declares = matches!(
        name.kind,
        NameKind::Relation { role: Role::Declared, .. }
            | NameKind::ColumnDeclared { .. }
            | NameKind::ParamNamed { declared: true, .. }
            | NameKind::EntityDeclared
            | NameKind::Control { declared: true }
            | NameKind::Framework { declared: true }
            | NameKind::Criterion { declared: true, .. }
    );
    let writes = declares || matches!(name.kind, NameKind::Relation { role: Role::Head, .. });
    let short = matches!(name.kind, NameKind::Column { short: true, .. }) || is_short(names, at);
    Reference { place: Place { file, span: name.span }, writes, declares, short }
}

/// Whether a variable stands in a short field: the column has the same place.
fn is_short(names: &Names, at: usize) -> bool {
    let span: Span = names.all[at].span;
    let near = at.checked_sub(1).and_then(|before| names.all.get(before));
    matches!(names.all[at].kind, NameKind::Variable { .. }) && near.is_some_and(|near| near.span == span)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Fixture;

    fn shown(fixture: &Fixture, found: &[Reference]) -> Vec<String> {
        let sources = &fixture.snapshot.sources;
        let mark = |reference: &Reference| if reference.writes { "!" } else { "" };
        found.iter().map(|found| format!("{}{}", sources.locate(found.place), mark(found))).collect()
    }

    #[track_caller]
    fn check(modules: &[(&str, &str)], expected: &[&str]) {
        let fixture = Fixture::all(modules);
        let found = references(&fixture.snapshot, fixture.file, fixture.offset, true);
        assert_eq!(shown(&fixture, &found), expected);
    }

    #[test]
    fn relations_are_found_in_all_files() {
        check(
            &[
                ("a", "rel own$0s(team: string)\nowns(\"x\").\n"),
                ("b", "use a\nrel r(t: string)\nr(t) :- a.owns(t), not a.owns{team: t}.\nowns(t) :- "),
                (
                    "c",
                    "use a as z\ncontrol C \"t\" {\n    scope(t) :- z.owns(t).\n}\ntest \"t\" { given z.owns(\"a\"). }",
                ),
            ],
            &["a.law:1:5!", "a.law:2:1!", "b.law:3:11", "b.law:3:26", "c.law:3:19", "c.law:5:20"],
        );
    }

    #[test]
    fn columns_params_and_controls_are_found() {
        check(
            &[("a", "rel owns(te$0am: string)\nrel r(x: string)\nr(x) :- owns{team: x}, owns{team}, team = \"a\".\n")],
            &["a.law:1:10!", "a.law:3:14", "a.law:3:29"],
        );
        check(
            &[
                ("a", "param lim$0it: int = 3\nrel r(x: int)\nr(x) :- code.call{line: x}, x > limit.\n"),
                (
                    "b",
                    "use a\nrel r(x: int)\nr(x) :- code.call{line: x}, x > a.limit.\ntest \"t\" { param a.limit = 4 }",
                ),
            ],
            &["a.law:1:7!", "a.law:3:33", "b.law:3:35", "b.law:4:20"],
        );
        check(
            &[("a", "control C-1 \"t\" { scope(x) :- code.call{call: x}. }\ntest \"t\" { expect pass C-$01 }")],
            &["a.law:1:9!", "a.law:2:24"],
        );
    }

    #[test]
    fn variables_stay_in_their_clause_and_body() {
        let text = "rel r(x: string)\nr(x) :- code.call{callee: $0x}, not code.function{name: x}.\nr(x) :- code.call{callee: x}.";
        check(&[("m", text)], &["m.law:2:3", "m.law:2:27", "m.law:2:55"]);
        // One that only a `not` has is its own in each.
        let text = "rel r(x: string)\nr(x) :- code.call{callee: x}, not code.function{name: $0y, function: x}, not code.call{callee: y}.";
        check(&[("m", text)], &["m.law:2:55"]);
        let text = "control C \"t\" {\n    scope(x) :- code.call{call: x}.\n    violation(x, \"{cal$0lee} is called\") :- code.call{call: x, callee}.\n}";
        check(&[("m", text)], &["m.law:3:20", "m.law:3:62"]);
    }
}
