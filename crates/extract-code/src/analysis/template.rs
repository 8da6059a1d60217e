//! The literal words of texts with holes: what of a prompt stands in the source.
//!
//! `f"Answer {question} for {user.name(x)}"` is `Answer {} for {}`. Constants in holes are words, as are the texts that
//! are put together from others in several steps; what is computed is a hole, whatever its source looks like.

use super::constant::Constants;
use super::names::Names;
use super::reach::Source;
use crate::idioms::Holes;
use crate::tree::{Argument, ExprId, Kind, Operator, Part};

/// Words beyond this many bytes are left out.
const LONGEST: usize = 8 << 10;
/// How many texts within texts and names are followed.
const DEEPEST: usize = 24;
/// How many operands and holes are looked at altogether.
const MOST: usize = 2000;

const HOLE: &str = "{}";

/// Reads templates.
pub struct Templates<'n, 'a, 'c> {
    names: &'n mut Names<'a>,
    constants: &'c mut Constants,
    out: String,
    looked_at: usize,
    words: bool,
}

impl<'n, 'a, 'c> Templates<'n, 'a, 'c> {
    /// The words of an expression's text with `{}` for each hole; none if it has no words or no holes.
    pub fn of(expr: ExprId, names: &'n mut Names<'a>, constants: &'c mut Constants) -> Option<String> {
        let mut templates = Templates { names, constants, out: String::new(), looked_at: 0, words: false };
        templates.inner(expr, 0);
        let words = templates.words && templates.out.contains(HOLE);
        words.then_some(templates.out)
    }

    fn words(&mut self, text: &str) {
        if self.out.len() + text.len() <= LONGEST {
            self.out.push_str(text);
            self.words |= text.chars().any(char::is_alphanumeric);
        }
    }

    fn hole(&mut self) {
        if self.out.len() <= LONGEST {
            self.out.push_str(HOLE);
        }
    }

    fn part(&mut self, expr: ExprId, depth: usize) {
        self.looked_at += 1;
        if depth > DEEPEST || self.looked_at > MOST {
            return self.hole();
        }
        if let Some(text) = self.constants.text(expr, self.names) {
            return self.words(&text);
        }
        self.inner(expr, depth);
    }

    fn inner(&mut self, expr: ExprId, depth: usize) {
        let tree = self.names.tree;
        match tree.kind(expr) {
            Kind::Format(parts) => {
                for part in parts {
                    match part {
                        Part::Text(text) => self.words(text),
                        Part::Hole { value, plain: true } => self.part(*value, depth + 1),
                        Part::Hole { .. } => self.hole(),
                    }
                }
            }
            Kind::Concatenation(operands) => operands.iter().for_each(|&operand| self.part(operand, depth + 1)),
            Kind::Operation { operator: Operator::Percent, operands } if !operands.is_empty() => {
                self.filled(operands[0], depth, percent);
            }
            Kind::Call { callee, arguments } => self.call(*callee, arguments, depth),
            Kind::Name(_) => {
                match self.names.reaching.only(self.names.reaching.uses[expr.at()]).map(|def| def.source) {
                    Some(Source::Value(value)) => self.part(value, depth + 1),
                    _ => self.hole(),
                }
            }
            Kind::Text(text) => self.words(text),
            _ => self.hole(),
        }
    }

    fn call(&mut self, callee: ExprId, arguments: &[Argument], depth: usize) {
        let tree = self.names.tree;
        let idioms = self.names.idioms;
        let first = arguments.first().map(|argument| argument.value);
        let named = self.names.of(callee);
        if named.into_iter().any(|id| idioms.cleaning.contains(&&*self.names.get(id).text)) {
            return match first {
                Some(first) => self.part(first, depth + 1),
                None => self.hole(),
            };
        }
        if self.by_function(callee, arguments, depth) {
            return;
        }
        let &Kind::Attribute { object, name } = tree.kind(callee) else { return self.hole() };
        let method = tree.text(name);
        if idioms.formatting.contains(&method) {
            self.filled(object, depth, braces);
        } else if idioms.percent_formatting.contains(&method) {
            self.filled(object, depth, percent);
        } else if idioms.joining.contains(&method) {
            match first.map(|first| tree.kind(first)) {
                Some(Kind::Container { entries, .. }) => {
                    for (number, entry) in entries.iter().enumerate() {
                        if number > 0 {
                            self.part(object, depth + 1);
                        }
                        if entry.spread { self.hole() } else { self.part(entry.value, depth + 1) }
                    }
                }
                _ => self.hole(),
            }
        } else if idioms.list_joining.contains(&method) {
            self.joined(object, first, depth);
        } else if idioms.trimming.contains(&method) {
            self.part(object, depth + 1);
        } else if let (true, [old, new]) = (idioms.replacing.contains(&method), arguments) {
            self.replaced(object, old.value, new.value, depth);
        } else {
            self.hole();
        }
    }

    /// A text that a function puts together, if it is one that does.
    fn by_function(&mut self, callee: ExprId, arguments: &[Argument], depth: usize) -> bool {
        let idioms = self.names.idioms;
        if idioms.format_functions.is_empty() && idioms.join_functions.is_empty() {
            return false;
        }
        for id in self.names.of(callee) {
            let name = self.names.get(id).text.clone();
            let formats = idioms.format_functions.iter().find(|(known, _)| **known == *name);
            let joins = idioms.join_functions.iter().find(|(known, _)| **known == *name);
            match (formats, joins, arguments) {
                (Some((_, Holes::Percent)), _, [text, ..]) => self.filled(text.value, depth, percent),
                (Some((_, Holes::Braces)), _, [text, ..]) => self.filled(text.value, depth, braces),
                (Some((_, Holes::Each)), _, parts) => parts.iter().for_each(|it| self.part(it.value, depth + 1)),
                (None, Some((_, 0)), [list, between]) => self.joined(list.value, Some(between.value), depth),
                (None, Some(_), [between, list]) => self.joined(list.value, Some(between.value), depth),
                _ => continue,
            }
            return true;
        }
        false
    }

    /// The entries of a list that is written out, with a separator in between.
    fn joined(&mut self, list: ExprId, separator: Option<ExprId>, depth: usize) {
        let Kind::Container { entries, .. } = self.names.tree.kind(list) else { return self.hole() };
        for (number, entry) in entries.iter().enumerate() {
            match separator {
                Some(separator) if number > 0 => self.part(separator, depth + 1),
                None if number > 0 => self.words(","),
                _ => {}
            }
            if entry.spread { self.hole() } else { self.part(entry.value, depth + 1) }
        }
    }

    /// A text in which a value takes the place of a word.
    fn replaced(&mut self, object: ExprId, old: ExprId, new: ExprId, depth: usize) {
        let start = self.out.len();
        self.part(object, depth + 1);
        let old = self.constants.text(old, self.names).filter(|old| !old.is_empty());
        let new = self.constants.text(new, self.names);
        if let Some(old) = old {
            let before = self.out.split_off(start);
            let after = before.replace(&*old, new.as_deref().unwrap_or(HOLE));
            self.out.push_str(if after.len() <= LONGEST { &after } else { &before });
        }
    }

    /// A text whose placeholders are filled in.
    fn filled(&mut self, text: ExprId, depth: usize, holes: fn(&str) -> String) {
        match self.constants.text(text, self.names) {
            Some(text) => self.words(&holes(&text)),
            None => self.part(text, depth + 1),
        }
    }
}

/// `{name}` and `{0:x}` become holes, `{{` a brace.
fn braces(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        out.push_str(&rest[..at]);
        let brace = &rest[at..=at];
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix(brace) {
            out.push_str(brace);
            rest = after;
        } else if let (true, Some(end)) = (brace == "{", rest.find('}')) {
            out.push_str(HOLE);
            rest = &rest[end + 1..];
        } else {
            out.push_str(brace);
        }
    }
    out.push_str(rest);
    out
}

/// `%s`, `%-5.2f` and `%(name)s` become holes, `%%` a percent sign.
fn percent(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('%') {
            out.push('%');
            rest = after;
            continue;
        }
        let named = rest.strip_prefix('(').and_then(|inner| inner.split_once(')')).map_or(rest, |(_, after)| after);
        let spec = named.trim_start_matches(|c: char| c.is_ascii_digit() || "#-+ .*".contains(c));
        match spec.chars().next() {
            Some(c) if c.is_ascii_alphabetic() => {
                out.push_str(HOLE);
                rest = &spec[1..];
            }
            _ => out.push('%'),
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::{braces, percent};

    #[test]
    fn placeholders_become_holes() {
        for (text, expected) in [("a {b} {{c}} {0:>4}!", "a {} {c} {}!"), ("{", "{"), ("é}{x", "é}{x")] {
            assert_eq!(braces(text), expected);
        }
        for (text, expected) in [("a %s %% %(b)s %-5.2f", "a {} % {} {}"), ("100%", "100%"), ("% é", "% é")] {
            assert_eq!(percent(text), expected);
        }
    }
}
