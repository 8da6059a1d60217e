//! Rename: of relations, columns, variables, params, entities and controls, in all policies of the workspace; never of what
//! stands in a built-in policy.

use base::{FileId, Place, Span};
use syntax::scan::RESERVED;

use crate::Snapshot;
use crate::references::{Reference, of};
use crate::symbol::{Symbol, all_at, declared};

/// What can be renamed under the cursor: the range of its name there.
pub fn prepare(snapshot: &Snapshot, file: FileId, offset: usize) -> Result<Span, String> {
    let (symbol, span) = target(snapshot, file, offset)?;
    allowed(snapshot, &symbol)?;
    Ok(span)
}

/// The edits that give what is under the cursor another name.
pub fn rename(snapshot: &Snapshot, file: FileId, offset: usize, name: &str) -> Result<Vec<(Place, String)>, String> {
    let (symbol, _) = target(snapshot, file, offset)?;
    allowed(snapshot, &symbol)?;
    valid(&symbol, name)?;
    free(snapshot, &symbol, name)?;
    let found = of(snapshot, &symbol, None);
    let column = matches!(symbol, Symbol::Column(..));
    Ok(found.iter().map(|reference| (reference.place, written(snapshot, reference, column, name))).collect())
}

fn target(snapshot: &Snapshot, file: FileId, offset: usize) -> Result<(Symbol, Span), String> {
    let found = all_at(snapshot, file, offset).into_iter();
    let mut found = found.filter(|(symbol, _)| !matches!(symbol, Symbol::Keyword(_)));
    found.next().ok_or_else(|| "there is no name here that could be another".to_owned())
}

/// What takes the place of a name: a short field is written out.
fn written(snapshot: &Snapshot, reference: &Reference, column: bool, name: &str) -> String {
    let old = &snapshot.text(reference.place.file)[reference.place.span.range()];
    match (reference.short, column) {
        (true, true) => format!("{name}: {old}"),
        (true, false) => format!("{old}: {name}"),
        _ => name.to_owned(),
    }
}

fn allowed(snapshot: &Snapshot, symbol: &Symbol) -> Result<(), String> {
    let what = match symbol {
        Symbol::Relation(name) if name.ends_with(".scope") => {
            return Err("`scope` is a word of the language".to_owned());
        }
        Symbol::Relation(_) => "relation",
        Symbol::Column(..) => "column",
        Symbol::Variable(..) => return Ok(()),
        Symbol::Param(_) => "param",
        Symbol::Entity(_) => "entity",
        Symbol::Control(_) => "control",
        Symbol::Module(_) => return Err("a module has the name of its file: move the file".to_owned()),
        Symbol::Framework(_) | Symbol::Criterion(..) => {
            return Err("frameworks and criteria keep the ids that their publishers gave them".to_owned());
        }
        Symbol::Type(_) | Symbol::Function(_) | Symbol::Aggregate(_) | Symbol::Field(_) | Symbol::Keyword(_) => {
            return Err("this is a word of the language".to_owned());
        }
    };
    let place = declared(snapshot, symbol).ok_or_else(|| format!("this {what} is declared nowhere"))?;
    match snapshot.is_embedded(place.file) {
        true => Err(format!("this {what} is declared in a built-in policy, which cannot be edited")),
        false => Ok(()),
    }
}

fn valid(symbol: &Symbol, name: &str) -> Result<(), String> {
    let begins = |c: char| c.is_ascii_alphabetic() || c == '_';
    let part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let right = match symbol {
        Symbol::Control(_) => {
            let id = |c: char| part(c) || matches!(c, '-' | '.');
            !name.is_empty()
                && name.chars().all(id)
                && !name.ends_with('.')
                && !name.contains("..")
                && !name.starts_with(['.', '-'])
        }
        _ => name.starts_with(begins) && name.chars().all(part) && name != "_",
    };
    if !right {
        return Err(format!("`{name}` is no name: write letters, digits and `_`, not beginning with a digit"));
    }
    let free = matches!(symbol, Symbol::Column(..) | Symbol::Control(_));
    match RESERVED.contains(&name) && !free {
        true => Err(format!("`{name}` is a word of the language")),
        false => Ok(()),
    }
}

/// Whether nothing else has the name where it would be seen.
fn free(snapshot: &Snapshot, symbol: &Symbol, name: &str) -> Result<(), String> {
    let compilation = &snapshot.compilation;
    let front = |full: &str| full.rsplit_once('.').map_or(String::new(), |(front, _)| format!("{front}."));
    let taken = match symbol {
        Symbol::Relation(full) => compilation.any_relation(&format!("{}{name}", front(full))).is_some(),
        Symbol::Column(relation, _) => {
            compilation.any_relation(relation).is_some_and(|relation| relation.decl.column(name).is_some())
        }
        Symbol::Param(full) => compilation.params.iter().any(|param| *param.name == format!("{}{name}", front(full))),
        Symbol::Entity(full) => compilation.entity(&format!("{}{name}", front(full))).is_some(),
        Symbol::Control(_) => compilation.control(name).is_some(),
        Symbol::Variable(file, unit, ..) => {
            let names = snapshot.names(*file);
            let text = snapshot.text(*file);
            let variable = |kind: &crate::names::NameKind| matches!(kind, crate::names::NameKind::Variable { .. });
            names.of_unit(*unit).any(|(_, other)| variable(&other.kind) && text.get(other.span.range()) == Some(name))
        }
        _ => false,
    };
    match taken {
        true => Err(format!("there is a `{name}` already")),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Fixture;

    /// The texts of all files once the edits are applied.
    fn renamed(modules: &[(&str, &str)], name: &str) -> Result<Vec<String>, String> {
        let fixture = Fixture::all(modules);
        prepare(&fixture.snapshot, fixture.file, fixture.offset)?;
        let mut edits = rename(&fixture.snapshot, fixture.file, fixture.offset, name)?;
        edits.sort_by_key(|(place, _)| std::cmp::Reverse(*place));
        let files = fixture.snapshot.sources.ids().filter(|file| !fixture.snapshot.is_embedded(*file));
        Ok(files
            .map(|file| {
                let mut text = fixture.snapshot.text(file).to_string();
                for (place, new) in edits.iter().filter(|(place, _)| place.file == file) {
                    text.replace_range(place.span.range(), new);
                }
                text
            })
            .collect())
    }

    #[test]
    fn relations_change_in_all_files() {
        let found = renamed(
            &[("a", "rel own$0s(team: string)\nowns(\"owns\")."), ("b", "use a\nrel r(t: string)\nr(t) :- a.owns(t).")],
            "has",
        );
        assert_eq!(
            found.unwrap(),
            ["rel has(team: string)\nhas(\"owns\").", "use a\nrel r(t: string)\nr(t) :- a.has(t)."]
        );
    }

    #[test]
    fn short_fields_are_written_out() {
        let text = "rel owns(team: string)\nrel r(x: string)\nr(team) :- owns{team}.\nr(x) :- owns{te$0am: x}.";
        let found = renamed(&[("a", text)], "group").unwrap();
        assert_eq!(
            found[0],
            "rel owns(group: string)\nrel r(x: string)\nr(team) :- owns{group: team}.\nr(x) :- owns{group: x}."
        );
        let text = "rel owns(team: string)\nrel r(x: string)\nr(te$0am) :- owns{team}, not owns{team}.";
        let found = renamed(&[("a", text)], "t").unwrap();
        assert_eq!(found[0], "rel owns(team: string)\nrel r(x: string)\nr(t) :- owns{team: t}, not owns{team: t}.");
    }

    #[test]
    fn half_typed_clauses_change_too() {
        let found = renamed(&[("a", "rel ow$0ns(team: string)\nrel r(x: string)\nr(x) :- owns{team: x}, x = ")], "has");
        assert_eq!(found.unwrap()[0], "rel has(team: string)\nrel r(x: string)\nr(x) :- has{team: x}, x = ");
    }

    #[test]
    fn what_cannot_be_renamed_is_refused_with_the_reason() {
        let refused = |text: &str, name: &str| renamed(&[("a", text)], name).unwrap_err();
        assert_eq!(
            refused("rel r(x: string)\nr(x) :- code.ca$0ll{callee: x}.", "y"),
            "this relation is declared in a built-in policy, which cannot be edited"
        );
        assert_eq!(
            refused("rel r$0(x: string)", "1x"),
            "`1x` is no name: write letters, digits and `_`, not beginning with a digit"
        );
        assert_eq!(refused("rel r$0(x: string)", "not"), "`not` is a word of the language");
        assert_eq!(refused("rel r$0(x: string)\nrel q(x: string)", "q"), "there is a `q` already");
        assert_eq!(refused("rel r(x: stri$0ng)", "q"), "this is a word of the language");
        assert_eq!(refused("rel r(x: string)\n\n$0", "q"), "there is no name here that could be another");
    }
}
