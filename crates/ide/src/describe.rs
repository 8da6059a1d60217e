//! What is told of a thing, as Markdown: for hovers and for the documentation of completions.

use std::fmt::Write;

use facts::{RelationDecl, Value};
use lang::{Control, ParamInfo, RelationOrigin};

use crate::symbol::{Symbol, variable_type};
use crate::words;
use crate::{Snapshot, symbol};

/// Findings named in full below a control.
const FINDINGS: usize = 3;
/// Rows shown of a relation.
const SAMPLES: usize = 3;

/// What is told of a symbol.
pub fn describe(snapshot: &Snapshot, symbol: &Symbol) -> Option<String> {
    match symbol {
        Symbol::Relation(name) => relation(snapshot, name),
        Symbol::Column(of, name) => column(snapshot, of, name),
        Symbol::Variable(file, unit, scope, name) => {
            let found = variable_type(snapshot, *file, *unit, *scope, name);
            let Some(found) = found else { return Some(code(&format!("{name}: type not known yet"))) };
            let optional = if found.optional { "?" } else { "" };
            let mut out = code(&format!("{name}: {}{optional}", found.ty));
            if let Some(from) = found.from {
                write!(out, "\n\nvariable; stands for `{from}`").ok()?;
            } else {
                out.push_str("\n\nvariable");
            }
            Some(out)
        }
        Symbol::Param(name) => {
            let param = snapshot.compilation.params.iter().find(|param| param.name == *name)?;
            Some(self::param(snapshot, param))
        }
        Symbol::Module(path) => module(snapshot, path),
        Symbol::Entity(name) => {
            let parent = snapshot.compilation.supertype(name).map(|parent| format!(" < {parent}"));
            let head = code(&format!("entity {name}{}", parent.unwrap_or_default()));
            let doc = symbol::declared(snapshot, symbol).and_then(|place| doc_at(snapshot, place));
            Some(with_doc(head, doc.as_deref().unwrap_or_default()))
        }
        Symbol::Type(name) => words::ty(name).map(|about| with_doc(code(name), about)),
        Symbol::Control(id) => Some(control(snapshot, snapshot.compilation.control(id)?)),
        Symbol::Framework(id) => {
            let framework = snapshot.compilation.frameworks.iter().find(|framework| framework.id == *id)?;
            let about = format!("{} ({} criteria)", framework.title, framework.criteria.len());
            Some(with_doc(code(&format!("framework {id}")), &about))
        }
        Symbol::Criterion(framework, id) => {
            let framework = snapshot.compilation.frameworks.iter().find(|known| known.id == *framework)?;
            let (_, wording) = framework.criteria.iter().find(|(known, _)| known == id)?;
            Some(format!("**{} {id}**\n\n{wording}", framework.title))
        }
        Symbol::Function(name) => words::function(name).map(|word| with_doc(code(word.form), word.about)),
        Symbol::Aggregate(name) => words::aggregate(name).map(|word| with_doc(code(word.form), word.about)),
        Symbol::Field(name) => words::field(name).map(|word| with_doc(code(word.form), word.about)),
        Symbol::Keyword(word) => words::keyword(word).map(|word| with_doc(code(word.form), word.about)),
    }
}

fn code(text: &str) -> String {
    format!("```lawbook\n{text}\n```")
}

fn with_doc(mut head: String, doc: &str) -> String {
    if !doc.is_empty() {
        head.push_str("\n\n");
        head.push_str(doc);
    }
    head
}

/// The declaration of a relation on one line, or a column a line where that is long.
pub fn signature(decl: &RelationDecl) -> String {
    let column = |column: &facts::Column| {
        let key = if column.key { "key " } else { "" };
        let optional = if column.optional { "?" } else { "" };
        format!("{key}{}: {}{optional}", column.name, column.ty)
    };
    let columns: Vec<String> = decl.columns.iter().map(column).collect();
    let line = format!("{}({})", decl.name, columns.join(", "));
    if line.len() <= 90 { line } else { format!("{}(\n    {},\n)", decl.name, columns.join(",\n    ")) }
}

/// Who fills a relation, in words.
pub fn filled(origin: RelationOrigin) -> &'static str {
    match origin {
        RelationOrigin::Extracted => "extracted from the files",
        RelationOrigin::Input => "read from documents, as its `input` says",
        RelationOrigin::Derived => "derived by rules",
        RelationOrigin::Open => "open: any module may add rules and facts",
    }
}

fn relation(snapshot: &Snapshot, name: &str) -> Option<String> {
    let found = snapshot.compilation.any_relation(name)?;
    let mut out = with_doc(code(&signature(found.decl)), &found.decl.doc);
    let columns = found.decl.columns.iter().filter(|column| !column.doc.is_empty());
    let columns: Vec<String> = columns.map(|column| format!("- `{}`: {}", column.name, column.doc)).collect();
    if !columns.is_empty() {
        write!(out, "\n\n{}", columns.join("\n")).ok()?;
    }
    write!(out, "\n\n{}", filled(found.origin)).ok()?;
    let filling = snapshot.compilation.filled_by(name);
    let rules = filling.iter().filter(|filling| !filling.reads.is_empty()).count();
    let facts = filling.len() - rules;
    if !filling.is_empty() {
        write!(out, " ({})", counts(rules, facts)).ok()?;
    }
    write!(out, " · module `{}`", found.module.name).ok()?;
    rows(snapshot, name, &mut out);
    Some(out)
}

fn counts(rules: usize, facts: usize) -> String {
    let many = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    match (rules, facts) {
        (rules, 0) => many(rules, "rule"),
        (0, facts) => many(facts, "fact"),
        (rules, facts) => format!("{}, {}", many(rules, "rule"), many(facts, "fact")),
    }
}

fn rows(snapshot: &Snapshot, name: &str, out: &mut String) {
    let Some(facts) = &snapshot.facts else { return };
    let Some(count) = facts.count(name) else { return };
    let word = if count == 1 { "row" } else { "rows" };
    out.push_str(&format!("\n\n**{count} {word}**"));
    for sample in facts.samples(name, SAMPLES) {
        let place = sample.place.map(|place| format!(" — {place}")).unwrap_or_default();
        out.push_str(&format!("\n- `({})`{place}", sample.values.join(", ").replace('`', "'")));
    }
}

fn column(snapshot: &Snapshot, of: &str, name: &str) -> Option<String> {
    let found = snapshot.compilation.any_relation(of)?;
    let at = found.decl.column(name)?;
    let column = &found.decl.columns[at];
    let optional = if column.optional { "?" } else { "" };
    let mut out = with_doc(code(&format!("{}.{name}: {}{optional}", found.decl.name, column.ty)), &column.doc);
    let mut about = vec![format!("column of `{}`", found.decl.name)];
    if column.key {
        about.push("names the thing that a row is about".to_owned());
    }
    if column.optional {
        about.push("the value may be missing: `none` matches that, a variable does not".to_owned());
    }
    write!(out, "\n\n{}", about.join("; ")).ok()?;
    if let Some(facts) = &snapshot.facts {
        let values = facts.values(of, at);
        let shown: Vec<String> = values
            .iter()
            .take(SAMPLES)
            .map(|(value, count)| format!("{} ({count})", facts::write_literal(&Value::text(value.as_str()))))
            .collect();
        if !shown.is_empty() {
            write!(out, "\n\nMost frequent: {}", shown.join(", ")).ok()?;
        }
    }
    Some(out)
}

fn param(snapshot: &Snapshot, param: &ParamInfo) -> String {
    let last = param.name.rsplit('.').next().unwrap_or(&param.name);
    let mut out = code(&format!("param {last}: {} = {}", param.ty, facts::write_literal(&param.default)));
    out = with_doc(out, &param.doc);
    match snapshot.overrides.iter().find(|(name, ..)| *name == param.name) {
        Some((_, value, place)) => {
            let place = place.map(|place| format!(" in {}", snapshot.sources.locate(place))).unwrap_or_default();
            out.push_str(&format!("\n\nset to `{}`{place}", facts::write_literal(value)));
        }
        None => out.push_str(&format!("\n\nset by `{} = …` under `[params]` in lawbook.toml", param.name)),
    }
    out
}

fn module(snapshot: &Snapshot, path: &str) -> Option<String> {
    let module = snapshot.compilation.module(path)?;
    let doc = snapshot.parse(module.file).and_then(|parse| parse.module.doc.clone());
    let out = with_doc(code(&format!("use {path}")), doc.as_ref().map_or("", |doc| &doc.text));
    Some(format!("{out}\n\n{}", snapshot.sources.path(module.file)))
}

fn control(snapshot: &Snapshot, control: &Control) -> String {
    let mut out = format!("**{} {}**", control.id, control.title);
    out = with_doc(out, &control.doc);
    let mut about = vec![format!("severity `{}`", control.severity.name())];
    if !control.maps.is_empty() {
        let maps: Vec<String> = control.maps.iter().map(|(framework, id)| format!("{framework}/{id}")).collect();
        about.push(maps.join(", "));
    }
    out.push_str(&format!("\n\n{}", about.join(" · ")));
    if let Some(remedy) = &control.remedy {
        out.push_str(&format!("\n\nRemedy: {remedy}"));
    }
    if let Some(state) = snapshot.facts.as_ref().and_then(|facts| facts.control(&control.id)) {
        let (population, findings) = (state.population, state.findings.len());
        out.push_str(&format!("\n\n**{}** · population {population} · findings {findings}", state.status));
        for (_, message) in state.findings.iter().take(FINDINGS) {
            out.push_str(&format!("\n- {message}"));
        }
        if findings > FINDINGS {
            out.push_str(&format!("\n- and {} more", findings - FINDINGS));
        }
    }
    out
}

/// The documentation of the item whose name stands at a place.
pub fn doc_at(snapshot: &Snapshot, place: base::Place) -> Option<String> {
    let parse = snapshot.parse(place.file)?;
    let at = place.span.start as usize;
    let item = parse.module.items.iter().find(|item| item.span.contains(at))?;
    item.doc.as_ref().map(|doc| doc.text.to_string())
}
