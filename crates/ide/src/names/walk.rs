//! The walk over the tokens of a clause.

use base::Span;
use syntax::scan::{Token, TokenKind};

use super::strings::interpolations;
use super::{Name, NameKind, Role, Which};

/// The words that stand before the braces of an aggregate.
pub const AGGREGATES: [&str; 6] = ["avg", "count", "join", "max", "min", "sum"];
const WORD_OPERATORS: [&str; 6] = ["contains", "starts_with", "ends_with", "matches", "like", "in"];

/// What may stand where the walk is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    /// A condition, or the head.
    Literal,
    /// A value.
    Operand,
    /// An operator, or the end of the condition.
    AfterOperand,
    /// The name of a column.
    Key,
    /// A colon behind the name of a column.
    AfterKey,
}

/// What an open bracket holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FrameKind {
    /// Conditions: the clause itself, parentheses around some, an aggregate behind its colon.
    Body,
    /// Arguments of the relation with that number.
    Atom {
        /// Number of the relation's name.
        relation: usize,
        /// In braces.
        named: bool,
    },
    /// Arguments of the function whose name stands there.
    Call(Span),
    /// What an aggregate lists, before its colon.
    Listed(Span),
    /// `[…]`
    List,
    /// An operand in parentheses, or what stands between the braces of a string.
    Group,
    /// The variables that groups of a regex bind.
    Groups,
}

/// An open bracket and how far it was read.
#[derive(Debug, Clone)]
pub struct Frame {
    /// What it holds.
    pub kind: FrameKind,
    /// What may come next.
    pub position: Position,
    /// Arguments before the one at hand.
    pub argument: usize,
    /// The column that the argument at hand is for.
    pub field: Option<Span>,
    /// Columns given already.
    pub given: Vec<Span>,
    /// Where the argument, condition or operand at hand begins: number of its first token.
    pub start: usize,
    /// The operator before the position, and the number of its token.
    pub operator: Option<usize>,
    scope: u32,
    /// The body outside the `not` that the condition at hand stands under.
    outside: Option<u32>,
}

/// A walk over tokens without comments.
#[derive(Debug)]
pub struct Walk<'t> {
    text: &'t str,
    /// The tokens.
    pub tokens: &'t [Token],
    /// What was found. Numbers of names in them count from `first`.
    pub names: Vec<Name>,
    /// What is open at the end; never empty.
    pub stack: Vec<Frame>,
    /// Parents of bodies.
    pub parents: Vec<u32>,
    unit: u32,
    first: usize,
    interpolates: bool,
    /// The head is still to come.
    head: bool,
}

impl<'t> Walk<'t> {
    /// A walk over a clause. `first` is how many names there are before it.
    pub fn new(text: &'t str, tokens: &'t [Token], unit: u32, first: usize) -> Self {
        let root = frame(FrameKind::Body, Position::Literal, 0, 0);
        Walk {
            text,
            tokens,
            names: Vec::new(),
            stack: vec![root],
            parents: vec![0],
            unit,
            first,
            interpolates: true,
            head: true,
        }
    }

    /// The same over an atom or a condition that no head stands before; strings are plain where `facts`.
    pub fn body(text: &'t str, tokens: &'t [Token], unit: u32, first: usize, facts: bool) -> Self {
        Walk { head: false, interpolates: !facts, ..Walk::new(text, tokens, unit, first) }
    }

    /// Walks over all tokens.
    pub fn run(mut self) -> Self {
        let mut at = 0;
        while at < self.tokens.len() {
            at = self.step(at);
        }
        self
    }

    /// The innermost open bracket.
    pub fn top(&self) -> &Frame {
        self.stack.last().expect("the clause's own frame stays")
    }

    fn top_mut(&mut self) -> &mut Frame {
        self.stack.last_mut().expect("the clause's own frame stays")
    }

    fn word_at(&self, at: usize) -> Option<&'t str> {
        self.tokens.get(at).filter(|token| token.kind == TokenKind::Word).map(|token| token.text(self.text))
    }

    fn is(&self, at: usize, symbol: &str) -> bool {
        self.tokens.get(at).is_some_and(|token| token.text(self.text) == symbol)
    }

    fn adjacent(&self, at: usize) -> bool {
        self.tokens.get(at + 1).is_some_and(|next| next.span.start == self.tokens[at].span.end)
    }

    fn push(&mut self, span: Span, kind: NameKind) -> usize {
        self.names.push(Name { span, kind, unit: self.unit });
        self.first + self.names.len() - 1
    }

    /// Takes the token at `at`, and those that go with it; the number of the next.
    fn step(&mut self, at: usize) -> usize {
        let token = self.tokens[at];
        match token.kind {
            TokenKind::Word => return self.word(at),
            TokenKind::Number | TokenKind::Regex | TokenKind::SingleQuoted | TokenKind::OpenRegex => self.operand(),
            TokenKind::Text | TokenKind::OpenText | TokenKind::OpenBlock | TokenKind::DeepText => self.string(at),
            TokenKind::Open => self.open(at),
            TokenKind::Close => self.close(),
            TokenKind::If => {
                self.stack.truncate(1);
                self.head = false;
                *self.top_mut() = frame(FrameKind::Body, Position::Literal, 0, at + 1);
            }
            TokenKind::Symbol => self.symbol(at),
            _ => {}
        }
        at + 1
    }

    fn operand(&mut self) {
        self.top_mut().position = Position::AfterOperand;
    }

    fn string(&mut self, at: usize) {
        let like = at > 0 && self.word_at(at - 1) == Some("like");
        if self.interpolates && !like {
            let scope = self.top().scope;
            for (_, tokens) in interpolations(self.text, &self.tokens[at]) {
                let mut inner = Walk {
                    text: self.text,
                    tokens: &tokens,
                    names: Vec::new(),
                    stack: vec![frame(FrameKind::Group, Position::Operand, scope, 0)],
                    parents: std::mem::take(&mut self.parents),
                    unit: self.unit,
                    first: self.first + self.names.len(),
                    interpolates: true,
                    head: false,
                };
                let mut at = 0;
                while at < tokens.len() {
                    at = inner.step(at);
                }
                self.parents = inner.parents;
                self.names.extend(inner.names);
            }
        }
        self.operand();
    }

    fn open(&mut self, at: usize) {
        let top = self.top();
        let (scope, position) = (top.scope, top.position);
        let bracket = self.tokens[at].text(self.text);
        let (kind, inside) = match (bracket, position) {
            ("[", _) => (FrameKind::List, Position::Operand),
            ("(", Position::Literal) if self.group_is_value(at) => (FrameKind::Group, Position::Operand),
            ("(", Position::Literal) => (FrameKind::Body, Position::Literal),
            _ => (FrameKind::Group, Position::Operand),
        };
        self.stack.push(frame(kind, inside, scope, at + 1));
    }

    /// Whether an operator follows the parentheses that open at `at`.
    fn group_is_value(&self, at: usize) -> bool {
        self.closing(at).is_some_and(|close| self.is_operator(close + 1))
    }

    /// The token that closes the bracket at `at`.
    fn closing(&self, at: usize) -> Option<usize> {
        let mut depth = 0_usize;
        for (number, token) in self.tokens.iter().enumerate().skip(at) {
            match token.kind {
                TokenKind::Open => depth += 1,
                TokenKind::Close => {
                    depth -= 1;
                    if depth == 0 {
                        return Some(number);
                    }
                }
                TokenKind::If | TokenKind::Stop => return None,
                _ => {}
            }
        }
        None
    }

    fn is_operator(&self, at: usize) -> bool {
        match self.tokens.get(at).map(|token| (token.kind, token.text(self.text))) {
            Some((TokenKind::Symbol, symbol)) => matches!(symbol, "=" | "!" | "<" | ">" | "+" | "-" | "*" | "/"),
            Some((TokenKind::Word, "not")) => self.word_at(at + 1).is_some_and(|word| WORD_OPERATORS.contains(&word)),
            Some((TokenKind::Word, word)) => WORD_OPERATORS.contains(&word) || word == "else",
            _ => false,
        }
    }

    fn close(&mut self) {
        if self.stack.len() > 1 {
            self.stack.pop();
        }
        self.operand();
    }

    fn symbol(&mut self, at: usize) {
        let symbol = self.tokens[at].text(self.text);
        let top = self.top_mut();
        match symbol {
            "," => {
                top.start = at + 1;
                top.operator = None;
                match top.kind {
                    FrameKind::Body => self.literal_ends(),
                    FrameKind::Atom { named, .. } => {
                        top.argument += 1;
                        top.field = None;
                        top.position = if named { Position::Key } else { Position::Operand };
                    }
                    _ => {
                        top.argument += 1;
                        top.position = Position::Operand;
                    }
                }
            }
            ":" => match top.kind {
                FrameKind::Atom { named: true, .. } => {
                    top.position = Position::Operand;
                    top.start = at + 1;
                }
                FrameKind::Listed(_) => {
                    let scope = top.scope;
                    *top = frame(FrameKind::Body, Position::Literal, scope, at + 1);
                }
                _ => {}
            },
            "?" => {}
            _ => {
                top.position = Position::Operand;
                top.operator = Some(at);
            }
        }
    }

    /// A condition is through.
    fn literal_ends(&mut self) {
        let top = self.top_mut();
        if let Some(outside) = top.outside.take() {
            top.scope = outside;
        }
        top.position = Position::Literal;
    }

    fn new_scope(&mut self) -> u32 {
        let parent = self.top().scope;
        self.parents.push(parent);
        (self.parents.len() - 1) as u32
    }

    fn word(&mut self, at: usize) -> usize {
        let word = self.tokens[at].text(self.text);
        let position = self.top().position;
        if position == Position::Key {
            return self.key(at);
        }
        match word {
            "not" => {
                self.keyword(at);
                if position == Position::Literal && self.top().outside.is_none() {
                    let scope = self.new_scope();
                    let top = self.top_mut();
                    top.outside = Some(std::mem::replace(&mut top.scope, scope));
                }
                return at + 1;
            }
            "or" => {
                self.keyword(at);
                self.literal_ends();
                self.top_mut().start = at + 1;
                self.top_mut().operator = None;
                return at + 1;
            }
            "as" => {
                self.keyword(at);
                if self.is(at + 1, "(") {
                    let scope = self.top().scope;
                    self.stack.push(frame(FrameKind::Groups, Position::Operand, scope, at + 2));
                    return at + 2;
                }
                return at + 1;
            }
            "none" | "true" | "false" => {
                self.keyword(at);
                self.operand();
                return at + 1;
            }
            word if WORD_OPERATORS.contains(&word) || word == "else" => {
                self.keyword(at);
                let top = self.top_mut();
                top.position = Position::Operand;
                top.operator = Some(at);
                return at + 1;
            }
            _ => {}
        }
        self.reference(at)
    }

    fn keyword(&mut self, at: usize) {
        self.push(self.tokens[at].span, NameKind::Keyword);
    }

    /// The name of a column, or a short field.
    fn key(&mut self, at: usize) -> usize {
        let span = self.tokens[at].span;
        let FrameKind::Atom { relation, .. } = self.top().kind else { return self.reference(at) };
        let next = self.tokens.get(at + 1).map(|token| token.text(self.text));
        let colon = next == Some(":");
        let short = matches!(next, None | Some("," | "}" | "?" | "."));
        if !colon && !short && (self.is_operator(at + 1) || matches!(next, Some("("))) {
            return self.reference(at);
        }
        self.push(span, NameKind::Column { relation, short: !colon });
        let scope = self.top().scope;
        let top = self.top_mut();
        top.given.push(span);
        top.field = Some(span);
        top.position = if colon { Position::AfterKey } else { Position::AfterOperand };
        if !colon {
            self.push(span, NameKind::Variable { scope, column: Some((relation, Which::Named(span))) });
        }
        at + 1
    }

    /// A name with its dots, and what it is there.
    fn reference(&mut self, at: usize) -> usize {
        let mut end = at;
        while self.tokens.get(end + 1).is_some_and(|dot| dot.kind == TokenKind::Dot)
            && self.adjacent(end)
            && self.word_at(end + 2).is_some()
            && self.adjacent(end + 1)
        {
            end += 2;
        }
        let front = (end > at).then(|| self.tokens[at].span.cover(self.tokens[end - 2].span));
        let name = self.tokens[end].span;
        let word = self.tokens[end].text(self.text);
        let paren = self.is(end + 1, "(") && self.adjacent(end);
        let brace = self.is(end + 1, "{");
        let position = self.top().position;
        let literal = position == Position::Literal && !matches!(self.top().kind, FrameKind::Groups);
        let head = std::mem::take(&mut self.head);
        if brace && front.is_none() && AGGREGATES.contains(&word) && !head {
            self.push(name, NameKind::Aggregate);
            let scope = self.new_scope();
            self.operand();
            self.stack.push(frame(FrameKind::Listed(name), Position::Operand, scope, end + 2));
            return end + 2;
        }
        if (paren || brace) && (head || (literal && !self.is_function(end, front, paren))) {
            self.qualifier(at, end);
            let role = if head { Role::Head } else { Role::Read };
            let relation = self.push(name, NameKind::Relation { front, role });
            let scope = self.top().scope;
            self.operand();
            let inside = if brace { Position::Key } else { Position::Operand };
            self.stack.push(frame(FrameKind::Atom { relation, named: brace }, inside, scope, end + 2));
            return end + 2;
        }
        if paren {
            self.push(name, NameKind::Function);
            let scope = self.top().scope;
            self.operand();
            self.stack.push(frame(FrameKind::Call(name), Position::Operand, scope, end + 2));
            return end + 2;
        }
        match front {
            // Where a condition begins, a dotted name is a relation whose arguments are still to come.
            Some(_) if literal => {
                self.qualifier(at, end);
                let role = if head { Role::Head } else { Role::Read };
                self.push(name, NameKind::Relation { front, role });
            }
            Some(front) => {
                self.qualifier(at, end);
                self.push(name, NameKind::Param { front });
            }
            None if head => drop(self.push(name, NameKind::Relation { front, role: Role::Head })),
            None if word != "_" => {
                let column = self.whole_argument(at);
                let scope = self.top().scope;
                self.push(name, NameKind::Variable { scope, column });
            }
            None => {}
        }
        self.operand();
        end + 1
    }

    /// Whether a name before a bracket, where a condition begins, computes a value: an operator follows.
    fn is_function(&self, end: usize, front: Option<Span>, paren: bool) -> bool {
        if front.is_some() || !paren {
            return false;
        }
        match self.closing(end + 1) {
            Some(close) => self.is_operator(close + 1),
            None => ir::Function::ALL.iter().any(|(name, _)| *name == self.tokens[end].text(self.text)),
        }
    }

    fn qualifier(&mut self, at: usize, end: usize) {
        for part in (at..end).step_by(2) {
            self.push(self.tokens[part].span, NameKind::Qualifier);
        }
    }

    /// The column that the name at `at` is all of the argument for.
    fn whole_argument(&self, at: usize) -> Option<(usize, Which)> {
        let top = self.top();
        let FrameKind::Atom { relation, named } = top.kind else { return None };
        let ends = matches!(self.tokens.get(at + 1).map(|t| t.text(self.text)), None | Some("," | ")" | "}" | "?"));
        if top.start != at || !ends {
            return None;
        }
        match named {
            true => top.field.map(|field| (relation, Which::Named(field))),
            false => Some((relation, Which::Number(top.argument))),
        }
    }
}

fn frame(kind: FrameKind, position: Position, scope: u32, start: usize) -> Frame {
    Frame { kind, position, argument: 0, field: None, given: Vec::new(), start, operator: None, scope, outside: None }
}
