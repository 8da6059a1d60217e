//! Text → tree: cut into pieces, each parsed on its own, broken ones kept in place.

use base::{Diagnostic, FileId, Fix, Place, Span};
use pest::Parser;

use crate::ast::{
    Atom, Broken, Control, ExprKind, Item, ItemKind, Literal, LiteralValue, Member, MemberKind, Module, Name,
    Statement, StatementKind, Test,
};
use crate::build::{Builder, Children, Node};
use crate::codes;
use crate::diagnose::{self, What};
use crate::docs::{self, Docs};
use crate::faults;
use crate::grammar::{Law, Rule};
use crate::lenient;
use crate::scan::{Token, scan};
use crate::split::{Block, Piece, PieceKind, split};
use crate::words::{self, Keyword};

/// What a text is: always a tree, however broken the text.
#[derive(Debug, Clone, PartialEq)]
pub struct Parse {
    /// The tree; broken pieces are nodes of it.
    pub module: Module,
    /// What is wrong, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// The pieces that the text was cut into, with their comments. They cover it.
    pub pieces: Vec<Piece>,
}

/// Parses a policy file. Spans are byte offsets in `text`.
pub fn parse(file: FileId, text: &str) -> Parse {
    let tokens = scan(text);
    let pieces = split(text, &tokens);
    let (doc, mut diagnostics) = docs::module_doc(text, &tokens, file);
    let mut parser = FileParser { file, text, tokens: &tokens, diagnostics: Vec::new() };
    let items = pieces.iter().filter_map(|piece| parser.item(piece)).collect();
    diagnostics.append(&mut parser.diagnostics);
    diagnostics.sort_by_key(|diagnostic| diagnostic.primary.as_ref().map(|label| label.place.span));
    Parse { module: Module { doc, items }, diagnostics, pieces }
}

/// Parses the body of a query, such as `ai.model_call{call: c}, c != "x"`; a final stop may follow.
pub fn parse_body(file: FileId, text: &str) -> (Vec<Literal>, Vec<Diagnostic>) {
    let build = |builder: &mut Builder<'_>, node: Node<'_>| builder.body(node);
    let (body, diagnostics) = fragment(file, text, Rule::one_body, What::Body, build);
    (body.unwrap_or_default(), diagnostics)
}

/// Parses a row to be explained, such as `vendor.register{name: "OpenAI"}`; a final stop may follow.
pub fn parse_atom(file: FileId, text: &str) -> (Option<Atom>, Vec<Diagnostic>) {
    let build = |builder: &mut Builder<'_>, node: Node<'_>| {
        builder.interpolates = false;
        builder.atom(node, crate::build::expr::Position::Argument)
    };
    let (atom, diagnostics) = fragment(file, text, Rule::one_atom, What::Atom, build);
    (atom.flatten(), diagnostics)
}

/// Parses a literal value as it is given on a command line or in settings: `90d`, `"text"`, `-5`, `2026-11-20`. The error is a
/// sentence.
pub fn parse_literal_value(text: &str) -> Result<LiteralValue, String> {
    let build = |builder: &mut Builder<'_>, node: Node<'_>| builder.constant(node, "the value");
    let (expr, diagnostics) = fragment(FileId(0), text, Rule::one_operand, What::Value, build);
    match (expr.map(|expr| expr.kind), diagnostics.into_iter().find(Diagnostic::is_error)) {
        (Some(ExprKind::Literal(value)), None) => Ok(value),
        (_, Some(diagnostic)) => Err(diagnostic.message),
        _ => Err(format!("`{text}` is no literal")),
    }
}

/// Parses a text that is one piece.
fn fragment<T>(
    file: FileId,
    text: &str,
    rule: Rule,
    what: What,
    build: impl FnOnce(&mut Builder<'_>, Node<'_>) -> T,
) -> (Option<T>, Vec<Diagnostic>) {
    let tokens = scan(text);
    let mut parser = FileParser { file, text, tokens: &tokens, diagnostics: Vec::new() };
    let built = match tokens.is_empty() {
        true => {
            let place = Place { file, span: Span::at(text.len()) };
            parser.diagnostics.push(diagnose::empty(place, what));
            None
        }
        false => parser.build(&tokens, Span::new(0, text.len()), rule, what, &mut Docs::default(), build),
    };
    (built, parser.diagnostics)
}

struct FileParser<'t> {
    file: FileId,
    text: &'t str,
    tokens: &'t [Token],
    diagnostics: Vec<Diagnostic>,
}

impl<'t> FileParser<'t> {
    /// Parses the text of `span` by a rule and builds its first node; none where anything is wrong, which is then told.
    fn build<T>(
        &mut self,
        tokens: &[Token],
        span: Span,
        rule: Rule,
        what: What,
        docs: &mut Docs,
        build: impl FnOnce(&mut Builder<'_>, Node<'_>) -> T,
    ) -> Option<T> {
        if let Some(fault) = faults::fault(self.file, self.text, tokens) {
            self.diagnostics.push(fault);
            return None;
        }
        let text = &self.text[span.range()];
        let base = span.start as usize;
        let node = match Law::parse(rule, text) {
            Ok(mut pairs) => pairs.next()?,
            Err(error) => {
                let context = diagnose::Context { file: self.file, text, base, what };
                self.diagnostics.push(diagnose::diagnose(&context, &error));
                return None;
            }
        };
        let mut builder =
            Builder { file: self.file, text: self.text, base, interpolates: true, docs, diagnostics: Vec::new() };
        let built = build(&mut builder, node);
        let failed = builder.failed();
        self.diagnostics.append(&mut builder.diagnostics);
        (!failed).then_some(built)
    }

    /// The item of a piece, with its documentation; none for what holds only comments.
    fn item(&mut self, piece: &Piece) -> Option<Item> {
        let tokens = &self.tokens[piece.tokens.clone()];
        let mut docs = Docs::of(match &piece.block {
            Some(block) => &self.tokens[piece.tokens.start..block.header.end],
            None => tokens,
        });
        if piece.kind == PieceKind::Rest {
            self.diagnostics.extend(docs.lost(self.file));
            return None;
        }
        let doc = docs.above(piece.span.start as usize, self.text);
        let kind = match (&piece.block, piece.kind) {
            (Some(block), _) => self.block(piece, block, &mut docs),
            (None, PieceKind::Item(keyword)) => self.declaration(piece, keyword, &mut docs),
            (None, PieceKind::Unknown) => self.unknown(piece),
            (None, _) => match self.clause(piece, &mut docs) {
                Ok(clause) => ItemKind::Clause(clause),
                Err(broken) => ItemKind::Broken(broken),
            },
        };
        self.diagnostics.extend(docs.lost(self.file));
        Some(Item { doc, kind, span: piece.span })
    }

    fn declaration(&mut self, piece: &Piece, keyword: Keyword, docs: &mut Docs) -> ItemKind {
        let tokens = self.own_tokens(piece);
        let (rule, what) = match keyword {
            Keyword::Use => (Rule::one_use, What::Use),
            Keyword::Entity => (Rule::one_entity, What::Entity),
            Keyword::Rel => (Rule::one_rel, What::Rel),
            Keyword::Param => (Rule::one_param, What::Param),
            Keyword::Framework => (Rule::one_framework, What::Framework),
            Keyword::Input => (Rule::one_input, What::Input),
            Keyword::Control => (Rule::one_control_header, What::Control),
            Keyword::Test => (Rule::one_test_header, What::Test),
        };
        let build = |builder: &mut Builder<'_>, node: Node<'_>| {
            builder.interpolates = false;
            builder.declaration(node)
        };
        let built = self.build(tokens, piece.span, rule, what, docs, build);
        built.unwrap_or_else(|| ItemKind::Broken(lenient::read(self.text, tokens, Some(keyword))))
    }

    /// The tokens of a piece without the comments before it.
    fn own_tokens(&self, piece: &Piece) -> &'t [Token] {
        let tokens = &self.tokens[piece.tokens.clone()];
        let comments = tokens.iter().take_while(|token| token.is_comment()).count();
        &tokens[comments..]
    }

    fn clause(&mut self, piece: &Piece, docs: &mut Docs) -> Result<crate::ast::Clause, Broken> {
        let tokens = self.own_tokens(piece);
        let build = |builder: &mut Builder<'_>, node: Node<'_>| builder.clause(node);
        let built = self.build(tokens, piece.span, Rule::one_clause, What::Clause, docs, build);
        built.ok_or_else(|| lenient::read(self.text, tokens, None))
    }

    fn unknown(&mut self, piece: &Piece) -> ItemKind {
        let tokens = self.own_tokens(piece);
        self.diagnostics.push(diagnose::unknown_item(self.file, self.text, tokens));
        let meant = words::nearest_keyword(tokens.first().map_or("", |token| token.text(self.text)));
        ItemKind::Broken(lenient::read(self.text, tokens, meant))
    }

    // ---- Blocks ----

    fn block(&mut self, piece: &Piece, block: &Block, docs: &mut Docs) -> ItemKind {
        let header = &self.tokens[block.header.clone()];
        let span = header[0].span.cover(header[header.len() - 1].span);
        let keyword = match piece.kind {
            PieceKind::Item(keyword) => keyword,
            _ => {
                self.diagnostics.push(diagnose::unknown_item(self.file, self.text, header));
                words::nearest_keyword(header[0].text(self.text)).unwrap_or(Keyword::Control)
            }
        };
        let known = matches!(piece.kind, PieceKind::Item(_));
        let named = match known && block.opened {
            true => self.header(&header[..header.len() - 1], span, keyword, docs),
            false => None,
        };
        if known && !block.opened {
            let place = Place { file: self.file, span: Span::at(span.end as usize) };
            let message = format!("the block of this {} does not begin with `{{`", keyword.word());
            let edits = vec![(place, " {".to_owned())];
            let fix = Fix { title: "open the block".to_owned(), edits, safe: true };
            self.diagnostics.push(Diagnostic::error(codes::BLOCK, place, message).fix(fix));
        } else if block.close.is_none() && named.is_some() {
            let open = header[header.len() - 1].span;
            let diagnostic = Diagnostic::error(
                codes::BLOCK,
                Place { file: self.file, span: open },
                format!("the block of this {} is never closed", keyword.word()),
            )
            .help("close it with `}` on a line of its own, below what belongs to it");
            self.diagnostics.push(diagnostic);
        }
        if keyword == Keyword::Test {
            let statements = block.members.iter().filter_map(|piece| self.statement(piece)).collect();
            if let Some((_, name)) = named {
                return ItemKind::Test(Test { name, statements });
            }
        } else {
            let members = block.members.iter().filter_map(|piece| self.member(piece)).collect();
            if let Some((Some(id), title)) = named {
                return ItemKind::Control(Control { id, title, members });
            }
        }
        ItemKind::Broken(lenient::read(self.text, header, Some(keyword)))
    }

    /// The id of a control, and its title or the name of a test. `inner` are the tokens without the brace, which its block closes.
    fn header(
        &mut self,
        inner: &[Token],
        span: Span,
        keyword: Keyword,
        docs: &mut Docs,
    ) -> Option<(Option<Name>, Name)> {
        let (rule, what) = match keyword {
            Keyword::Test => (Rule::one_test_header, What::Test),
            _ => (Rule::one_control_header, What::Control),
        };
        self.build(inner, span, rule, what, docs, |builder, node| {
            let mut children = Children::of(node);
            let id = (keyword != Keyword::Test).then(|| builder.next_name(&mut children, &[Rule::id]));
            (id, builder.next_text(&mut children))
        })
    }

    fn member(&mut self, piece: &Piece) -> Option<Member> {
        let mut docs = Docs::of(&self.tokens[piece.tokens.clone()]);
        if piece.kind == PieceKind::Rest {
            self.diagnostics.extend(docs.lost(self.file));
            return None;
        }
        let doc = docs.above(piece.span.start as usize, self.text);
        let tokens = self.own_tokens(piece);
        let kind = match piece.kind {
            PieceKind::Item(Keyword::Rel) => {
                let build = |builder: &mut Builder<'_>, node: Node<'_>| builder.rel(node);
                let rel = self.build(tokens, piece.span, Rule::one_rel, What::Rel, &mut docs, build);
                rel.map_or_else(
                    || MemberKind::Broken(lenient::read(self.text, tokens, Some(Keyword::Rel))),
                    MemberKind::Rel,
                )
            }
            PieceKind::Field => {
                let build = |builder: &mut Builder<'_>, node: Node<'_>| builder.field(node);
                let field = self.build(tokens, piece.span, Rule::one_field, What::Field, &mut docs, build);
                field.map_or_else(|| MemberKind::Broken(Broken::default()), MemberKind::Field)
            }
            PieceKind::Item(keyword) => {
                self.diagnostics.push(diagnose::misplaced(self.file, self.text, tokens, "control"));
                MemberKind::Broken(lenient::read(self.text, tokens, Some(keyword)))
            }
            PieceKind::Unknown => {
                self.diagnostics.push(diagnose::unknown_member(self.file, self.text, tokens));
                MemberKind::Broken(Broken::default())
            }
            _ => match self.clause(piece, &mut docs) {
                Ok(clause) => MemberKind::Clause(clause),
                Err(broken) => MemberKind::Broken(broken),
            },
        };
        self.diagnostics.extend(docs.lost(self.file));
        Some(Member { doc, kind, span: piece.span })
    }

    fn statement(&mut self, piece: &Piece) -> Option<Statement> {
        let mut docs = Docs::of(&self.tokens[piece.tokens.clone()]);
        self.diagnostics.extend(docs.lost(self.file));
        if piece.kind == PieceKind::Rest {
            return None;
        }
        let tokens = self.own_tokens(piece);
        let first = tokens.first().map_or("", |token| token.text(self.text));
        let kind = match piece.kind {
            PieceKind::Statement if words::STATEMENTS.contains(&first) => {
                let build = |builder: &mut Builder<'_>, node: Node<'_>| builder.statement(node);
                self.build(tokens, piece.span, Rule::one_statement, What::Statement, &mut docs, build)
            }
            PieceKind::Item(_) => {
                self.diagnostics.push(diagnose::misplaced(self.file, self.text, tokens, "test"));
                None
            }
            _ => {
                let fault = faults::fault(self.file, self.text, tokens);
                self.diagnostics
                    .push(fault.unwrap_or_else(|| diagnose::unknown_statement(self.file, self.text, tokens)));
                None
            }
        };
        Some(Statement { kind: kind.unwrap_or(StatementKind::Broken), span: piece.span })
    }
}
