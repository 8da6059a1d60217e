//! Strings, and texts whose holes macros fill.

use base::Span;
use tree_sitter::Node;

use super::Lowerer;
use crate::escapes::unescape;
use crate::lower::{children, span};
use crate::tree::{Argument, ExprId, Kind, Part};

impl<'a> Lowerer<'a> {
    /// `"a\n"`, `r#"a"#`, `b"a"`.
    pub(super) fn string(&mut self, node: Node<'a>) -> ExprId {
        let value = self.words(node);
        self.add(node, Kind::Text(value.into()))
    }

    fn words(&self, node: Node<'a>) -> String {
        let (mut words, mut goes_on) = (String::new(), false);
        for piece in children(node) {
            let text = self.source(piece);
            match piece.kind() {
                "escape_sequence" => words.push_str(&escaped(text)),
                // A line that ends in a backslash goes on with the next word.
                _ => words.push_str(if goes_on { text.trim_start() } else { text }),
            }
            goes_on = text == "\\\n" || text == "\\\r";
        }
        words
    }

    /// A text with holes, and what fills them: by place, by name, or by what is in the braces.
    pub(super) fn filled(&mut self, text: Node<'a>, arguments: &[Argument]) -> ExprId {
        let words = self.words(text);
        if !words.contains('{') {
            return self.add(text, Kind::Text(words.replace("}}", "}").into()));
        }
        let (mut parts, mut plain) = (Vec::new(), String::new());
        let mut places = arguments.iter().filter(|argument| argument.keyword.is_none());
        let mut rest = words.as_str();
        while let Some(at) = rest.find(['{', '}']) {
            plain.push_str(&rest[..at]);
            let brace = &rest[at..=at];
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix(brace) {
                plain.push_str(brace);
                rest = after;
                continue;
            }
            let Some(end) = rest.find('}').filter(|_| brace == "{") else { continue };
            let (hole, after) = (&rest[..end], &rest[end + 1..]);
            rest = after;
            let (name, format) = hole.split_once(':').unwrap_or((hole, ""));
            let value = match name.trim() {
                "" => places.next().map(|argument| argument.value),
                name => match name.parse::<usize>() {
                    Ok(place) => {
                        arguments.iter().filter(|it| it.keyword.is_none()).nth(place).map(|argument| argument.value)
                    }
                    Err(_) => {
                        let named = arguments.iter().find(|it| it.keyword.is_some_and(|it| self.tree.text(it) == name));
                        Some(match named {
                            Some(argument) => argument.value,
                            None => {
                                let sym = self.tree.sym(name);
                                let source = self.source(text);
                                let start = source.find(&format!("{{{name}")).map_or(0, |at| at + 1);
                                let start = text.start_byte() + start;
                                self.add_at(Span::new(start, start + name.len()), Kind::Name(sym))
                            }
                        })
                    }
                },
            };
            if !plain.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut plain).into()));
            }
            let value = value.unwrap_or_else(|| self.add_at(span(text), Kind::Other(Vec::new())));
            parts.push(Part::Hole { value, plain: format.is_empty() || format == "?" });
        }
        plain.push_str(rest);
        if !plain.is_empty() {
            parts.push(Part::Text(plain.into()));
        }
        self.add(text, Kind::Format(parts))
    }
}

/// What an escape stands for.
fn escaped(text: &str) -> String {
    if text.starts_with("\\\n") || text.starts_with("\\\r") {
        return String::new();
    }
    match text.strip_prefix("\\u{").and_then(|rest| rest.strip_suffix('}')) {
        Some(digits) => {
            let value = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32);
            value.map_or_else(|| text.to_owned(), String::from)
        }
        None => unescape(text, "asbfv"),
    }
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn escapes_are_taken_back() {
        for (text, expected) in [("\\n", "\n"), ("\\u{e9}", "é"), ("\\\"", "\""), ("\\u{zz}", "\\u{zz}")] {
            assert_eq!(escaped(text), expected);
        }
    }
}
