//! W0723: a `use` whose module nothing in the file names.

use base::{Diagnostic, Place, Span};
use rustc_hash::FxHashSet;
use syntax::ast::{ItemKind, Module, Use};
use syntax::scan::{Token, TokenKind, scan};

use super::Lint;
use super::edits::fix;
use super::rule_twice::line;
use crate::stages::Compiler;

pub(crate) const LINT: Lint = Lint::style("W0723", "unused-use").fixable();

pub(super) fn run(compiler: &Compiler, out: &mut Vec<Diagnostic>) {
    let contributes = contributors(compiler);
    for (module, tree) in compiler.trees.iter().enumerate() {
        let file = compiler.file(module);
        let text = compiler.sources.text(file);
        for item in tree.unnamed.get_or_init(|| unnamed(text, tree)).iter().map(|number| &tree.items[*number]) {
            let ItemKind::Use(used) = &item.kind else { continue };
            let path = used.module.text();
            let target = compiler.out.resolved.by_path.get(path.as_str());
            // Loading a module has an effect of its own where its rules fill relations of others.
            if target.is_none_or(|target| contributes.contains(target)) {
                continue;
            }
            let edit = (line(text, item.span), String::new());
            out.push(
                LINT.at(Place { file, span: item.span }, format!("nothing in this file names `{path}`"))
                    .help("take the line away")
                    .fix(fix(file, "take the line away", true, vec![edit])),
            );
        }
    }
}

/// Modules whose rules or facts are for relations of other modules.
fn contributors(compiler: &Compiler) -> FxHashSet<usize> {
    let world = &compiler.out.resolved;
    let of_file = |file| world.by_file.get(&file).copied();
    let rules = world.rules.iter().map(|rule| (rule.rule.head, rule.rule.place.file));
    let facts = world.facts.iter().map(|fact| (fact.relation, fact.place.file));
    let foreign: FxHashSet<_> = rules
        .chain(facts)
        .filter(|(relation, file)| {
            let owner = &world.modules[world.relation(*relation).module];
            owner.source.file != *file
        })
        .map(|(_, file)| file)
        .collect();
    foreign.into_iter().filter_map(of_file).collect()
}

/// Numbers of the `use` items whose modules nothing in the text names.
fn unnamed(text: &str, tree: &Module) -> Vec<usize> {
    let uses = tree.items.iter().enumerate().filter_map(|(number, item)| match &item.kind {
        ItemKind::Use(used) => Some((number, used, item.span)),
        _ => None,
    });
    let uses: Vec<_> = uses.collect();
    if uses.is_empty() {
        return Vec::new();
    }
    let named = prefixes(text, &uses.iter().map(|(.., span)| *span).collect::<Vec<_>>());
    let is_named = |used: &Use| {
        let alias = used.alias.as_ref().map(|alias| &*alias.text);
        named.contains(&*used.module.last().text) || alias.is_some_and(|alias| named.contains(alias))
    };
    uses.iter().filter(|(_, used, _)| !is_named(used)).map(|(number, ..)| *number).collect()
}

/// All names that stand before a dot, those in strings too; those of the `use` items themselves aside.
fn prefixes<'a>(text: &'a str, uses: &[Span]) -> FxHashSet<&'a str> {
    let tokens: Vec<Token> = scan(text);
    let mut found = FxHashSet::default();
    for (at, token) in tokens.iter().enumerate() {
        if uses.iter().any(|span| span.contains(token.span.start as usize)) {
            continue;
        }
        match token.kind {
            TokenKind::Word if tokens.get(at + 1).is_some_and(|next| next.kind == TokenKind::Dot) => {
                found.insert(token.text(text));
            }
            TokenKind::Text => found.extend(inside(token.text(text))),
            _ => {}
        }
    }
    found
}

/// Words before a dot in a string, which may be params between braces.
fn inside(string: &str) -> impl Iterator<Item = &str> {
    let word = |text: &str| text.len() - text.trim_end_matches(|c: char| c.is_alphanumeric() || c == '_').len();
    string.match_indices('.').map(move |(at, _)| &string[at - word(&string[..at])..at]).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use crate::lints::testing::{fixed, lints};
    use crate::testing::pin;

    const TEXT: &str = r##"
use std.code
use std.code as c
use std.code as named
rel r(f: named.Function)
r(f) :- c.function{function: f}.
rel some(x: string)
some("a").
"##;

    #[test]
    fn each_use_is_used() {
        pin!(lints("W0723", TEXT.replace("c.function", "named.function").as_str()));
    }

    #[test]
    fn the_fix_takes_the_line_away() {
        pin!(fixed("W0723", TEXT.replace("c.function", "named.function").as_str()));
    }
}
