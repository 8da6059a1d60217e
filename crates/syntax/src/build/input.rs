//! `input`: where rows come from and how columns are filled.

use base::Span;

use super::text::TEXTS;
use super::{Builder, Children, Node, value};
use crate::ast::{
    ColumnMap, Condition, ConditionTest, Convert, DocOperand, DocPath, DocStep, Each, Expr, ExprKind, Input,
    LiteralValue, Source,
};
use crate::grammar::Rule;

impl Builder<'_> {
    pub fn input(&mut self, node: Node<'_>) -> Input {
        let mut children = Children::of(node);
        let name = self.next_name(&mut children, &[Rule::name]);
        let columns = children.next_of(&[Rule::columns]).map(|columns| self.columns(columns)).unwrap_or_default();
        let sources =
            children.filter(|child| child.as_rule() == Rule::source).map(|source| self.source(source)).collect();
        Input { name, columns, sources }
    }

    fn source(&mut self, node: Node<'_>) -> Source {
        let mut source = Source {
            formats: Vec::new(),
            language: None,
            pattern: self.missing_name(Span::at(self.base)),
            regex: None,
            headerless: None,
            conditions: Vec::new(),
            incomplete: Vec::new(),
            each: Vec::new(),
            columns: None,
            span: self.span(&node),
        };
        for child in Children::of(node) {
            match child.as_rule() {
                Rule::kw_code | Rule::format => source.formats.push(self.name(&child)),
                Rule::word => source.language = Some(self.name(&child)),
                Rule::regex => source.regex = Some(self.regex(&child)),
                Rule::headerless => source.headerless = Some(self.span(&child)),
                Rule::conditions => source.conditions.extend(self.conditions(child)),
                Rule::incomplete => {
                    for conditions in Children::of(child).filter(|child| child.as_rule() == Rule::conditions) {
                        source.incomplete.extend(self.conditions(conditions));
                    }
                }
                Rule::each => {
                    let iterations = Children::of(child).filter(|child| child.as_rule() == Rule::iteration);
                    source.each.extend(iterations.map(|iteration| self.iteration(iteration)).collect::<Vec<_>>());
                }
                Rule::mappings => {
                    let mappings = Children::of(child).filter(|child| child.as_rule() == Rule::mapping);
                    source.columns = Some(mappings.map(|mapping| self.mapping(mapping)).collect());
                }
                rule if TEXTS.contains(&rule) => source.pattern = self.plain_text(&child),
                _ => {}
            }
        }
        source
    }

    fn conditions(&mut self, node: Node<'_>) -> Vec<Condition> {
        let conditions = Children::of(node).filter(|child| child.as_rule() == Rule::condition);
        conditions.map(|condition| self.condition(condition)).collect()
    }

    fn condition(&mut self, node: Node<'_>) -> Condition {
        let span = self.span(&node);
        let mut children = Children::of(node);
        let path = self.next_doc_path(&mut children);
        let test = match children.next_of(&[Rule::literal, Rule::regex]) {
            None => ConditionTest::Present,
            Some(node) if node.as_rule() == Rule::regex => ConditionTest::Matches(self.regex(&node)),
            Some(node) => ConditionTest::Equals(self.constant(node, "what a path is compared with")),
        };
        Condition { path, test, span }
    }

    fn iteration(&mut self, node: Node<'_>) -> Each {
        let mut children = Children::of(node);
        let path = self.next_doc_path(&mut children);
        Each { path, alias: children.next_of(&[Rule::name]).map(|name| self.name(&name)) }
    }

    fn mapping(&mut self, node: Node<'_>) -> ColumnMap {
        let span = self.span(&node);
        let mut children = Children::of(node);
        let column = self.next_name(&mut children, &[Rule::word]);
        let mut map = ColumnMap { column, alternatives: Vec::new(), absent: Vec::new(), convert: None, span };
        for child in children {
            match child.as_rule() {
                Rule::absent => {
                    let texts = Children::of(child).filter(|child| TEXTS.contains(&child.as_rule()));
                    map.absent.extend(texts.map(|text| self.plain_text(&text)).collect::<Vec<_>>());
                }
                Rule::convert => {
                    map.convert = Children::of(child).find_map(|child| match child.as_rule() {
                        Rule::kw_as => None,
                        Rule::word => Some(Convert::Word(self.name(&child))),
                        _ => Some(Convert::Pattern(self.plain_text(&child))),
                    });
                }
                Rule::doc_path => map.alternatives.push(DocOperand::Path(self.doc_path(child))),
                Rule::doc_constant => map.alternatives.push(DocOperand::Literal(self.doc_constant(child))),
                Rule::capture => {
                    let name = self.next_name(&mut Children::of(child), &[Rule::capture_name]);
                    map.alternatives.push(DocOperand::Capture(name));
                }
                rule if TEXTS.contains(&rule) => map.alternatives.push(DocOperand::Text(self.plain_text(&child))),
                _ => {}
            }
        }
        map
    }

    fn doc_constant(&mut self, node: Node<'_>) -> Expr {
        let span = self.span(&node);
        let mut children = Children::of(node);
        let negative = children.accept(Rule::minus).is_some();
        let value = match children.next() {
            Some(node) if node.as_rule() == Rule::number => match value::number(node.as_str(), negative) {
                Ok(value) => value,
                Err(wrong) => {
                    let place = self.place(span);
                    self.diagnostics
                        .push(base::Diagnostic::error(wrong.code, place, wrong.message).maybe_help(wrong.help));
                    LiteralValue::None
                }
            },
            Some(node) if node.as_rule() == Rule::boolean => LiteralValue::Bool(node.as_str() == "true"),
            _ => LiteralValue::None,
        };
        Expr { kind: ExprKind::Literal(value), span }
    }

    fn next_doc_path(&mut self, children: &mut Children<'_>) -> DocPath {
        match children.next_of(&[Rule::doc_path]) {
            Some(node) => self.doc_path(node),
            None => DocPath { steps: Vec::new(), span: Span::at(self.base) },
        }
    }

    fn doc_path(&mut self, node: Node<'_>) -> DocPath {
        let span = self.span(&node);
        let steps = Children::of(node)
            .map(|step| {
                let (span, written) = (self.span(&step), step.as_str());
                let kind = match step.as_rule() {
                    Rule::mark => DocStep::Mark(written.trim_start_matches('$').into()),
                    Rule::deep => DocStep::Deep(written.trim_start_matches('.').into()),
                    Rule::values => DocStep::Values,
                    Rule::decode => DocStep::Decode(written.trim_matches(['.', '(', ')']).into()),
                    Rule::bracket => self.bracket(step),
                    _ => DocStep::Key { key: written.into(), quoted: false },
                };
                (kind, span)
            })
            .collect();
        DocPath { steps, span }
    }

    fn bracket(&mut self, node: Node<'_>) -> DocStep {
        match Children::of(node).next() {
            Some(node) if node.as_rule() == Rule::every => DocStep::All,
            Some(node) if node.as_rule() == Rule::index => match node.as_str().parse() {
                Ok(index) => DocStep::Index(index),
                Err(_) => {
                    let span = self.span(&node);
                    self.error(
                        crate::codes::NUMBER,
                        span,
                        format!("`{}` is too large for an index", node.as_str()),
                        "count from 0",
                    );
                    DocStep::Index(0)
                }
            },
            Some(node) => DocStep::Key { key: self.plain_text(&node).text, quoted: true },
            None => DocStep::All,
        }
    }
}
