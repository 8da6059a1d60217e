//! Signature help: the columns of the atom, or the parameters of the function, around the cursor.

use base::FileId;
use syntax::scan::scan;

use crate::Snapshot;
use crate::completion::unfinished;
use crate::names::{FrameKind, Names, Walk, significant};
use crate::symbol::relation;
use crate::words;

/// A signature with the argument at hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// As declared.
    pub label: String,
    /// Byte ranges of its parameters in the label.
    pub parameters: Vec<(usize, usize)>,
    /// What each parameter is, in words; may be empty.
    pub docs: Vec<String>,
    /// The argument at hand.
    pub active: Option<usize>,
    /// What the whole is.
    pub doc: String,
}

/// The signature around the cursor.
pub fn signature(snapshot: &Snapshot, file: FileId, offset: usize) -> Option<Signature> {
    let text: &str = snapshot.text(file);
    let parse = snapshot.parse(file)?;
    let tokens = scan(text);
    let (piece, outer) = unfinished(text, &tokens, &parse.pieces, offset)?;
    let piece = piece?;
    if piece.block.as_ref().is_some_and(|block| block.opened) {
        return None;
    }
    let own = significant(&tokens, piece);
    let before: Vec<_> = own.into_iter().filter(|token| token.span.end as usize <= offset).collect();
    let statement = before.first().map(|token| token.text(text)).filter(|word| matches!(*word, "given" | "expect"));
    let walk = match (statement, outer) {
        (Some(_), Some(_)) => {
            let no = before.get(1).is_some_and(|token| token.text(text) == "no");
            Walk::body(text, before.get(if no { 2 } else { 1 }..)?, 0, 0, true).run()
        }
        _ => Walk::new(text, &before, 0, 0).run(),
    };
    let unit = snapshot.names(file);
    let control = unit.units.iter().rfind(|unit| unit.span.start as usize <= offset).and_then(|unit| unit.control);
    let lookup = snapshot.lookup(file, control)?;
    let names = Names { all: walk.names.clone(), units: Vec::new() };
    for frame in walk.stack.iter().rev() {
        match &frame.kind {
            FrameKind::Atom { relation: of, named } => {
                let found = relation(&lookup, text, names.all.get(*of)?)?;
                let field = frame.field.and_then(|field| text.get(field.range()));
                let active = match (named, field) {
                    (true, field) => field.and_then(|field| found.decl.column(field)),
                    (false, _) => Some(frame.argument),
                };
                return Some(atom(found.decl, *named, active));
            }
            FrameKind::Call(name) => {
                let word = words::function(text.get(name.range())?)?;
                return Some(function(word.form, word.about, frame.argument));
            }
            FrameKind::Listed(name) => {
                let word = words::aggregate(text.get(name.range())?)?;
                return Some(Signature {
                    label: word.form.to_owned(),
                    parameters: Vec::new(),
                    docs: Vec::new(),
                    active: None,
                    doc: word.about.to_owned(),
                });
            }
            FrameKind::Body if walk.stack.len() > 1 => return None,
            _ => {}
        }
    }
    None
}

fn atom(decl: &facts::RelationDecl, named: bool, active: Option<usize>) -> Signature {
    let (open, close) = if named { ("{", "}") } else { ("(", ")") };
    let mut label = format!("{}{open}", decl.name);
    let mut parameters = Vec::new();
    for (number, column) in decl.columns.iter().enumerate() {
        if number > 0 {
            label.push_str(", ");
        }
        let start = label.len();
        let optional = if column.optional { "?" } else { "" };
        label.push_str(&format!("{}: {}{optional}", column.name, column.ty));
        parameters.push((start, label.len()));
    }
    label.push_str(close);
    let docs = decl.columns.iter().map(|column| column.doc.to_string()).collect();
    let active = active.filter(|active| *active < parameters.len());
    Signature { label, parameters, docs, active, doc: decl.doc.to_string() }
}

fn function(form: &str, about: &str, argument: usize) -> Signature {
    let open = form.find('(').map_or(form.len(), |at| at + 1);
    let inside = &form[open..form.len() - usize::from(form.ends_with(')'))];
    let mut parameters = Vec::new();
    let mut at = open;
    for part in inside.split(", ").filter(|part| !part.is_empty()) {
        parameters.push((at, at + part.len()));
        at += part.len() + 2;
    }
    let docs = parameters.iter().map(|_| String::new()).collect();
    let active = (argument < parameters.len()).then_some(argument);
    Signature { label: form.to_owned(), parameters, docs, active, doc: about.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Fixture;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let fixture = Fixture::new(text);
        let found = signature(&fixture.snapshot, fixture.file, fixture.offset);
        let shown = found.map_or("none".to_owned(), |found| {
            let active = found.active.map(|at| &found.label[found.parameters[at].0..found.parameters[at].1]);
            format!("{} | {}", found.label, active.unwrap_or("-"))
        });
        assert_eq!(shown, expected, "{text}");
    }

    #[test]
    fn atoms_and_functions_have_signatures() {
        let call = "code.call(call: code.Call, function: code.Function, callee: string, receiver: string?, line: int)";
        check("rel r(x: string)\nr(x) :- code.call(_, $0", &format!("{call} | function: code.Function"));
        let named = call.replace('(', "{").replace(')', "}");
        check("rel r(x: string)\nr(x) :- code.call{callee: $0", &format!("{named} | callee: string"));
        check("rel r(x: string)\nr(x) :- code.call{$0", &format!("{named} | -"));
        check("rel r(x: string)\nr(x) :- x = replace(x, $0", "replace(text, /re/, with) | /re/");
        check("rel r(x: string)\nr(x) :- code.call{callee: lower($0", "lower(text) | text");
        check("rel r(x: int)\nr(x) :- x = count { $0", "count { x : body } | -");
        check("rel r(x: int)\nr(x) :- not ( $0", "none");
        check("rel r(x: string)\nr($0", "m.r(x: string) | x: string");
        check("$0", "none");
    }
}
