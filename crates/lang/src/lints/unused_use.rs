//! W0723: a `use` whose module nothing in the file names.

use base::{Diagnostic, Place};
use rustc_hash::FxHashSet;
use syntax::ast::ItemKind;
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
        let mut named: Option<FxHashSet<&str>> = None;
        let uses = tree.items.iter().filter_map(|item| match &item.kind {
            ItemKind::Use(used) => Some((item, used)),
            _ => None,
        });
        for (item, used) in uses {
            let path = used.module.text();
            let target = compiler.out.resolved.by_path.get(path.as_str());
            // Loading a module has an effect of its own where its rules fill relations of others.
            if target.is_none_or(|target| contributes.contains(target)) {
                continue;
            }
            let named = named.get_or_insert_with(|| prefixes(compiler, module));
            let alias = used.alias.as_ref().map(|alias| &*alias.text);
            if named.contains(&*used.module.last().text) || alias.is_some_and(|alias| named.contains(alias)) {
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
    let of_file = |file| world.modules.iter().position(|module| module.source.file == file);
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

/// All names that stand before a dot, those in strings too; those of the `use` items themselves aside.
fn prefixes<'a>(compiler: &'a Compiler, module: usize) -> FxHashSet<&'a str> {
    let text: &'a str = compiler.sources.text(compiler.file(module));
    let items = &compiler.trees[module].items;
    let uses: Vec<_> =
        items.iter().filter(|item| matches!(item.kind, ItemKind::Use(_))).map(|item| item.span).collect();
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
