//! Declarations: `use`, `entity`, `rel`, `param`, `framework`.

use super::text::TEXTS;
use super::{Builder, Children, Node};
use crate::ast::{
    Column, Entity, Expr, ExprKind, Framework, ItemKind, LiteralValue, Name, Param, Path, Rel, TypeRef, Use,
};
use crate::codes;
use crate::grammar::Rule;

impl Builder<'_> {
    /// The item that a node of one of the declarations' rules is.
    pub fn declaration(&mut self, node: Node<'_>) -> ItemKind {
        match node.as_rule() {
            Rule::use_item => ItemKind::Use(self.use_item(node)),
            Rule::entity_item => ItemKind::Entity(self.entity(node)),
            Rule::rel_item => ItemKind::Rel(self.rel(node)),
            Rule::param_item => ItemKind::Param(self.param(node)),
            Rule::framework_item => ItemKind::Framework(self.framework(node)),
            _ => ItemKind::Input(self.input(node)),
        }
    }

    fn use_item(&mut self, node: Node<'_>) -> Use {
        let mut children = Children::of(node);
        Use {
            module: self.next_path(&mut children),
            alias: children.next_of(&[Rule::name]).map(|name| self.name(&name)),
        }
    }

    fn entity(&mut self, node: Node<'_>) -> Entity {
        let mut children = Children::of(node);
        let name = self.next_name(&mut children, &[Rule::name]);
        Entity { name, parent: children.next_of(&[Rule::path]).map(|path| self.path(&path)) }
    }

    pub fn rel(&mut self, node: Node<'_>) -> Rel {
        let mut children = Children::of(node);
        let open = children.accept(Rule::kw_open).is_some();
        let name = self.next_name(&mut children, &[Rule::name]);
        let columns = children.next_of(&[Rule::columns]).map(|columns| self.columns(columns)).unwrap_or_default();
        for column in columns.iter().filter(|column| column.key) {
            let help = "leave `key` out: it belongs to the columns of an `input`";
            self.error(codes::MISPLACED, column.span, "`key` has no meaning in a derived relation", help);
        }
        Rel { open, name, columns }
    }

    pub fn columns(&mut self, node: Node<'_>) -> Vec<Column> {
        Children::of(node).filter(|child| child.as_rule() == Rule::column).map(|column| self.column(column)).collect()
    }

    fn column(&mut self, node: Node<'_>) -> Column {
        let span = self.span(&node);
        let doc = self.docs.above(span.start as usize, self.text);
        let mut children = Children::of(node);
        let key = children.accept(Rule::kw_key).is_some();
        let name = self.next_name(&mut children, &[Rule::word]);
        let ty = self.next_type(&mut children);
        Column { doc, key, name, ty, span }
    }

    fn next_type(&mut self, children: &mut Children<'_>) -> TypeRef {
        match children.next_of(&[Rule::type_name]) {
            Some(node) => {
                let span = self.span(&node);
                let mut parts = Children::of(node);
                let name = self.next_path(&mut parts);
                TypeRef { name, optional: parts.accept(Rule::optional).is_some(), span }
            }
            None => TypeRef { name: self.next_path(children), optional: false, span: base::Span::default() },
        }
    }

    fn param(&mut self, node: Node<'_>) -> Param {
        let mut children = Children::of(node);
        let name = self.next_name(&mut children, &[Rule::name]);
        let ty = self.next_type(&mut children);
        Param { name, ty, value: self.next_constant(&mut children, "a parameter's default") }
    }

    fn framework(&mut self, node: Node<'_>) -> Framework {
        let mut children = Children::of(node);
        let id = self.next_name(&mut children, &[Rule::id]);
        let title = self.next_text(&mut children);
        let criteria = children
            .filter(|child| child.as_rule() == Rule::criterion)
            .map(|criterion| {
                let mut parts = Children::of(criterion);
                (self.next_text(&mut parts), self.next_text(&mut parts))
            })
            .collect();
        Framework { id, title, criteria }
    }

    // The grammar promises each of these; an empty one stands in where a rule of it is changed carelessly.

    pub fn next_name(&mut self, children: &mut Children<'_>, rules: &[Rule]) -> Name {
        match children.next_of(rules) {
            Some(node) => self.name(&node),
            None => self.missing_name(base::Span::at(self.base)),
        }
    }

    pub fn next_path(&mut self, children: &mut Children<'_>) -> Path {
        match children.next_of(&[Rule::path]) {
            Some(node) => self.path(&node),
            None => Path { parts: vec![self.missing_name(base::Span::at(self.base))], span: base::Span::at(self.base) },
        }
    }

    /// The next text; an id where one may stand in its place.
    pub fn next_text(&mut self, children: &mut Children<'_>) -> Name {
        match children.find(|child| child.as_rule() == Rule::id || TEXTS.contains(&child.as_rule())) {
            Some(node) if node.as_rule() == Rule::id => self.name(&node),
            Some(node) => self.plain_text(&node),
            None => self.missing_name(base::Span::at(self.base)),
        }
    }

    pub fn next_constant(&mut self, children: &mut Children<'_>, what: &str) -> Expr {
        match children.next_of(&[Rule::literal]) {
            Some(node) => self.constant(node, what),
            None => Expr { kind: ExprKind::Literal(LiteralValue::None), span: base::Span::at(self.base) },
        }
    }
}
