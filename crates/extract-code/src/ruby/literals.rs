//! Strings, symbols, words of heredocs, arrays and hashes.

use tree_sitter::Node;

use super::Lowerer;
use crate::escapes::unescape;
use crate::lower::children;
use crate::tree::{Entry, ExprId, Kind, Part, Shape};

impl<'a> Lowerer<'a> {
    /// Pairs announcements of heredocs with what they announce: both come in the same order.
    pub(super) fn find_heredocs(&mut self, root: Node<'a>) {
        if !self.text.contains("<<") {
            return;
        }
        let (mut announced, mut bodies) = (Vec::new(), Vec::new());
        let mut cursor = root.walk();
        loop {
            match cursor.node().kind() {
                "heredoc_beginning" => announced.push(cursor.node().start_byte()),
                "heredoc_body" => bodies.push(cursor.node()),
                _ => {}
            }
            if cursor.goto_first_child() {
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    announced.sort_unstable();
                    bodies.sort_unstable_by_key(Node::start_byte);
                    self.language.heredocs.extend(announced.into_iter().zip(bodies));
                    return;
                }
            }
        }
    }

    /// `"a #{b}"`, `'a'`, `%w[a]`'s words, heredocs.
    pub(super) fn string(&mut self, node: Node<'a>) -> ExprId {
        let pieces = match node.kind() {
            "heredoc_beginning" => self.language.heredocs.get(&node.start_byte()).copied().map(children),
            "chained_string" => Some(children(node).into_iter().flat_map(children).collect()),
            _ => Some(children(node)),
        };
        let (mut parts, mut words) = (Vec::new(), String::new());
        for piece in pieces.unwrap_or_default() {
            match piece.kind() {
                "interpolation" => {
                    if !words.is_empty() {
                        parts.push(Part::Text(std::mem::take(&mut words).into()));
                    }
                    if let Some(value) = self.first(piece) {
                        parts.push(Part::Hole { value, plain: true });
                    }
                }
                "heredoc_end" => {}
                "escape_sequence" => words.push_str(&unescape(self.source(piece), "")),
                _ => words.push_str(self.source(piece)),
            }
        }
        if parts.is_empty() {
            return self.add(node, Kind::Text(words.into()));
        }
        if !words.is_empty() {
            parts.push(Part::Text(words.into()));
        }
        self.add(node, Kind::Format(parts))
    }

    /// `:name`, `:"name"`.
    pub(super) fn symbol(&mut self, node: Node<'a>) -> ExprId {
        let text = self.source(node).trim_start_matches(':').trim_matches(['"', '\'']);
        self.add(node, Kind::Text(text.into()))
    }

    /// `{ a: x, "b" => y, **rest }`.
    pub(super) fn hash(&mut self, node: Node<'a>) -> ExprId {
        let mut entries = Vec::new();
        for child in children(node) {
            if !self.room(entries.len(), child) {
                break;
            }
            if child.kind() == "hash_splat_argument" {
                if let Some(value) = self.first(child) {
                    entries.push(Entry { key: None, value, spread: true });
                }
                continue;
            }
            let Some(key_node) = child.child_by_field_name("key") else { continue };
            let key = match key_node.kind() {
                "hash_key_symbol" => {
                    let name = self.name(key_node);
                    self.add(key_node, Kind::Label(name))
                }
                _ => self.expression(key_node),
            };
            let value = match child.child_by_field_name("value") {
                Some(value) => self.expression(value),
                // { text: }
                None => self.word(key_node),
            };
            entries.push(Entry { key: Some(key), value, spread: false });
        }
        self.add(node, Kind::Container { shape: Shape::Map, entries })
    }
}
