//! Names of declarations, of fields and of the statements of tests; clauses go to the walk.

use base::Span;
use syntax::scan::{Token, TokenKind};
use syntax::split::{Piece, PieceKind};
use syntax::words::Keyword;

use super::scopes::settle;
use super::{Name, NameKind, Names, Role, Unit, Walk, significant};

/// Words of `input` items.
const INPUT_WORDS: [&str; 12] =
    ["from", "where", "matches", "incomplete", "each", "as", "or", "none", "headerless", "key", "true", "false"];
/// Words that statuses are called by, in expectations.
const STATUSES: [&str; 6] = ["pass", "fail", "waived", "not_applicable", "no_evidence", "error"];

/// Adds the names of a piece of the file.
pub fn piece(names: &mut Names, text: &str, tokens: &[Token], piece: &Piece) {
    if let Some(block) = &piece.block {
        let header: Vec<Token> =
            tokens[block.header.clone()].iter().filter(|token| !token.is_comment()).copied().collect();
        let span = header.first().map_or(piece.span, |first| first.span.cover(header[header.len() - 1].span));
        let mut reader = Reader::new(names, text, &header, span, None);
        let test = piece.kind == PieceKind::Item(Keyword::Test);
        reader.keyword(0);
        let control = if test { None } else { reader.id(1) };
        if let Some((id, _)) = control {
            reader.push(id, NameKind::Control { declared: true });
        }
        let control = control.map(|(id, _)| id);
        for member in &block.members {
            self::member(names, text, tokens, member, test, control);
        }
        return;
    }
    let own = significant(tokens, piece);
    match piece.kind {
        PieceKind::Item(keyword) => item(names, text, &own, piece.span, keyword, None),
        PieceKind::Rest => {}
        PieceKind::Unknown => unknown(names, text, &own, piece.span, None),
        _ => clause(names, text, &own, piece.span, None),
    }
}

fn member(names: &mut Names, text: &str, tokens: &[Token], piece: &Piece, test: bool, control: Option<Span>) {
    let own = significant(tokens, piece);
    match piece.kind {
        PieceKind::Rest => {}
        PieceKind::Item(Keyword::Rel) if !test => item(names, text, &own, piece.span, Keyword::Rel, control),
        PieceKind::Field => field(names, text, &own, piece.span, control),
        _ if test => statement(names, text, &own, piece.span),
        PieceKind::Item(_) | PieceKind::Unknown => unknown(names, text, &own, piece.span, control),
        _ => clause(names, text, &own, piece.span, control),
    }
}

/// Two words where one should be a keyword: nothing is known of the first.
fn unknown(names: &mut Names, text: &str, tokens: &[Token], span: Span, control: Option<Span>) {
    let mut reader = Reader::new(names, text, tokens, span, control);
    reader.keyword(0);
}

fn clause(names: &mut Names, text: &str, tokens: &[Token], span: Span, control: Option<Span>) {
    let unit = names.units.len() as u32;
    names.units.push(Unit { span, control, clause: true });
    let walk = Walk::new(text, tokens, unit, names.all.len()).run();
    take(names, text, walk);
}

fn take(names: &mut Names, text: &str, walk: Walk<'_>) {
    let Walk { names: mut found, parents, .. } = walk;
    settle(text, &mut found, &parents);
    names.all.append(&mut found);
}

/// Reads tokens by their places.
struct Reader<'a, 't> {
    names: &'a mut Names,
    text: &'t str,
    tokens: &'a [Token],
    unit: u32,
}

impl<'a, 't> Reader<'a, 't> {
    fn new(names: &'a mut Names, text: &'t str, tokens: &'a [Token], span: Span, control: Option<Span>) -> Self {
        let unit = names.units.len() as u32;
        names.units.push(Unit { span, control, clause: false });
        Reader { names, text, tokens, unit }
    }

    fn word(&self, at: usize) -> Option<&'t str> {
        self.tokens.get(at).filter(|token| token.kind == TokenKind::Word).map(|token| token.text(self.text))
    }

    fn is(&self, at: usize, symbol: &str) -> bool {
        self.tokens.get(at).is_some_and(|token| token.text(self.text) == symbol)
    }

    fn push(&mut self, span: Span, kind: NameKind) -> usize {
        self.names.all.push(Name { span, kind, unit: self.unit });
        self.names.all.len() - 1
    }

    fn keyword(&mut self, at: usize) {
        if self.word(at).is_some() {
            self.push(self.tokens[at].span, NameKind::Keyword);
        }
    }

    /// A dotted name that begins at `at`: the parts before the last, the last, and the number of the next token.
    fn path(&self, at: usize) -> Option<(Option<Span>, Span, usize)> {
        self.word(at)?;
        let mut end = at;
        while self.is(end + 1, ".") && self.word(end + 2).is_some() {
            end += 2;
        }
        let front = (end > at).then(|| self.tokens[at].span.cover(self.tokens[end - 2].span));
        Some((front, self.tokens[end].span, end + 1))
    }

    fn qualifiers(&mut self, at: usize, next: usize) {
        for part in (at..next - 1).step_by(2) {
            self.push(self.tokens[part].span, NameKind::Qualifier);
        }
    }

    /// An id: tokens without blanks between them. The number of the next token goes with it.
    fn id(&self, at: usize) -> Option<(Span, usize)> {
        let first = self.tokens.get(at).filter(|token| matches!(token.kind, TokenKind::Word | TokenKind::Number))?;
        let (mut span, mut next) = (first.span, at + 1);
        while let Some(token) = self.tokens.get(next) {
            let part = matches!(token.kind, TokenKind::Word | TokenKind::Number | TokenKind::Dot)
                || token.text(self.text) == "-";
            if token.span.start != span.end || !part {
                break;
            }
            span = span.cover(token.span);
            next += 1;
        }
        Some((span, next))
    }

    fn ty(&mut self, at: usize) -> usize {
        let Some((front, name, next)) = self.path(at) else { return at };
        self.qualifiers(at, next);
        self.push(name, NameKind::Type { front });
        next
    }

    /// Columns in parentheses; the number of the next token.
    fn columns(&mut self, at: usize, relation: usize) -> usize {
        let mut at = at;
        let mut depth = 0;
        while at < self.tokens.len() {
            match self.tokens[at].kind {
                TokenKind::Open => depth += 1,
                TokenKind::Close => depth -= 1,
                TokenKind::Word if depth == 1 && self.is(at + 1, ":") => {
                    self.push(self.tokens[at].span, NameKind::ColumnDeclared { relation });
                    at = self.ty(at + 2);
                    continue;
                }
                TokenKind::Word if depth == 1 && self.word(at) == Some("key") => self.keyword(at),
                _ => {}
            }
            at += 1;
            if depth == 0 {
                break;
            }
        }
        at
    }
}

fn item(names: &mut Names, text: &str, tokens: &[Token], span: Span, keyword: Keyword, control: Option<Span>) {
    let mut reader = Reader::new(names, text, tokens, span, control);
    reader.keyword(0);
    match keyword {
        Keyword::Use => {
            let Some((front, last, next)) = reader.path(1) else { return };
            let whole = front.map_or(last, |front| front.cover(last));
            reader.push(whole, NameKind::Module);
            if reader.word(next) == Some("as") {
                reader.keyword(next);
                if let Some(alias) = tokens.get(next + 1) {
                    reader.push(alias.span, NameKind::Alias);
                }
            }
        }
        Keyword::Entity => {
            let Some(name) = tokens.get(1) else { return };
            reader.push(name.span, NameKind::EntityDeclared);
            if reader.is(2, "<") {
                reader.ty(3);
            }
        }
        Keyword::Rel | Keyword::Input => {
            let at = if reader.word(0) == Some("open") { 2 } else { 1 };
            if at == 2 {
                reader.keyword(1);
            }
            let Some(name) = tokens.get(at).filter(|token| token.kind == TokenKind::Word) else { return };
            let relation = reader.push(name.span, NameKind::Relation { front: None, role: Role::Declared });
            let next = if reader.is(at + 1, "(") { reader.columns(at + 1, relation) } else { at + 1 };
            if keyword == Keyword::Input {
                sources(&mut reader, next, relation);
            }
        }
        Keyword::Param => {
            let Some(name) = tokens.get(1).filter(|token| token.kind == TokenKind::Word) else { return };
            reader.push(name.span, NameKind::ParamNamed { front: None, declared: true });
            if reader.is(2, ":") {
                reader.ty(3);
            }
        }
        Keyword::Framework => framework(&mut reader),
        Keyword::Control | Keyword::Test => {}
    }
}

fn framework(reader: &mut Reader<'_, '_>) {
    let Some((framework, next)) = reader.id(1) else { return };
    reader.push(framework, NameKind::Framework { declared: true });
    let mut at = next;
    let mut inside = false;
    while at < reader.tokens.len() {
        let token = reader.tokens[at];
        if token.kind == TokenKind::Open {
            inside = true;
        } else if inside && token.kind == TokenKind::Text && reader.is(at + 1, ":") {
            reader.push(token.span, NameKind::Criterion { framework, declared: true });
        } else if inside && let Some((id, next)) = reader.id(at) {
            if reader.is(next, ":") {
                reader.push(id, NameKind::Criterion { framework, declared: true });
            }
            at = next;
            continue;
        }
        at += 1;
    }
}

/// The `from` blocks of an input.
fn sources(reader: &mut Reader<'_, '_>, at: usize, relation: usize) {
    let mut depth = 0;
    for at in at..reader.tokens.len() {
        let token = reader.tokens[at];
        match token.kind {
            TokenKind::Open if reader.is(at, "{") => depth += 1,
            TokenKind::Close if reader.is(at, "}") => depth -= 1,
            TokenKind::Word => {
                let word = token.text(reader.text);
                let after_dot = at > 0 && reader.tokens[at - 1].kind == TokenKind::Dot;
                let kind = if depth == 1 && reader.is(at + 1, ":") {
                    NameKind::Column { relation, short: false }
                } else if INPUT_WORDS.contains(&word) && !after_dot {
                    NameKind::Keyword
                } else {
                    NameKind::Path
                };
                reader.push(token.span, kind);
            }
            _ => {}
        }
    }
}

fn field(names: &mut Names, text: &str, tokens: &[Token], span: Span, control: Option<Span>) {
    let mut reader = Reader::new(names, text, tokens, span, control);
    let Some(name) = reader.word(0) else { return };
    reader.push(tokens[0].span, NameKind::Field);
    let mut at = 2;
    while at < tokens.len() {
        match name {
            "maps" => {
                let Some((framework, next)) = reader.id(at) else {
                    at += 1;
                    continue;
                };
                reader.push(framework, NameKind::Framework { declared: false });
                at = next;
                if reader.is(at, "/") {
                    let criterion = match tokens.get(at + 1) {
                        Some(token) if token.kind == TokenKind::Text => Some((token.span, at + 2)),
                        _ => reader.id(at + 1),
                    };
                    if let Some((criterion, next)) = criterion {
                        reader.push(criterion, NameKind::Criterion { framework, declared: false });
                        at = next;
                    }
                }
            }
            "needs" => match reader.path(at) {
                Some((front, name, next)) => {
                    reader.qualifiers(at, next);
                    reader.push(name, NameKind::Relation { front, role: Role::Named });
                    at = next;
                }
                None => at += 1,
            },
            _ => {
                if let Some((word, next)) = reader.id(at) {
                    reader.push(word, NameKind::FieldWord);
                    at = next;
                } else {
                    at += 1;
                }
            }
        }
    }
}

fn statement(names: &mut Names, text: &str, tokens: &[Token], span: Span) {
    let mut reader = Reader::new(names, text, tokens, span, None);
    reader.keyword(0);
    let atom = match (reader.word(0), reader.word(1)) {
        (Some("param"), _) => {
            if let Some((front, name, next)) = reader.path(1) {
                reader.qualifiers(1, next);
                reader.push(name, NameKind::ParamNamed { front, declared: false });
            }
            None
        }
        (Some("given"), Some("file" | "files")) if tokens.get(2).is_some_and(is_text) => {
            reader.keyword(1);
            None
        }
        (Some("given"), Some("empty")) if !reader.is(2, "(") && !reader.is(2, "{") => {
            reader.keyword(1);
            if let Some((front, name, next)) = reader.path(2) {
                reader.qualifiers(2, next);
                reader.push(name, NameKind::Relation { front, role: Role::Named });
            }
            None
        }
        (Some("given"), _) => Some(1),
        (Some("expect"), first) => expectation(&mut reader, first),
        _ => None,
    };
    if let Some(at) = atom.filter(|at| *at < tokens.len()) {
        let (unit, first) = (reader.unit, reader.names.all.len());
        let facts = reader.word(0) == Some("given");
        let walk = Walk::body(text, &tokens[at..], unit, first, facts).run();
        take(names, text, walk);
    }
}

fn is_text(token: &Token) -> bool {
    matches!(token.kind, TokenKind::Text | TokenKind::OpenText | TokenKind::OpenBlock)
}

/// The names of an expectation; where its atom begins, if it is one.
fn expectation(reader: &mut Reader<'_, '_>, first: Option<&str>) -> Option<usize> {
    let mut at = 1;
    if first == Some("no") {
        reader.keyword(1);
        at = 2;
    }
    let bracket = reader.is(at + 1, "(") || reader.is(at + 1, "{");
    match reader.word(at) {
        Some("violation") if !bracket => {
            reader.keyword(at);
            let (id, next) = reader.id(at + 1)?;
            reader.push(id, NameKind::Control { declared: false });
            for at in next..reader.tokens.len() {
                if matches!(reader.word(at), Some("with" | "at")) {
                    reader.keyword(at);
                }
            }
            None
        }
        Some(word) if STATUSES.contains(&word) && !bracket => {
            reader.keyword(at);
            let (id, _) = reader.id(at + 1)?;
            reader.push(id, NameKind::Control { declared: false });
            None
        }
        _ => Some(at),
    }
}
