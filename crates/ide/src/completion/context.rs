//! What is being written at the cursor.

use std::sync::Arc;

use base::{FileId, Span};
use facts::Type;
use lang::Lookup;
use syntax::scan::{Token, TokenKind, scan};
use syntax::split::{Piece, PieceKind};
use syntax::words::Keyword;

use super::around::{control_id, fields, holds, opener, subject, unfinished, variables, word, word_rest};
use crate::Snapshot;
use crate::names::{FrameKind, Name, NameKind, Names, Position, Walk, Which, interpolation_at};
use crate::symbol::column_of;

/// A column by its relation's qualified name and its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnRef {
    /// The relation.
    pub relation: Arc<str>,
    /// The column.
    pub column: usize,
    /// Its type.
    pub ty: Type,
}

/// The kind of place at which the cursor stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Site {
    /// An item begins.
    Item,
    /// A member of a control begins.
    Member,
    /// A statement of a test begins.
    Statement,
    /// Behind `given`.
    Given,
    /// Behind `expect`, or `expect no`.
    Expect {
        /// Behind `no`.
        negated: bool,
    },
    /// A control's id.
    ControlId,
    /// A module's path behind `use`.
    Use,
    /// A type.
    Type,
    /// The value of a field of a control.
    Field(String),
    /// A criterion of the framework.
    Criterion(String),
    /// One of these words.
    Words(&'static [&'static str]),
    /// A column that the mapping of an input fills: those that are declared and not given yet.
    Mapped(Vec<String>),
    /// A condition of a body.
    Literal,
    /// A value, of a type if one is wanted.
    Operand(Option<Type>),
    /// Behind a value.
    AfterOperand,
    /// The name of a column.
    Key {
        /// The relation's qualified name.
        relation: Arc<str>,
        /// Columns given already.
        given: Vec<String>,
    },
    /// Inside a text that is a value of the column.
    Value(ColumnRef),
    /// Inside the text that names a subject of the control.
    Subject(String),
    /// Inside the glob or regex that a column's value is held against.
    Pattern {
        /// Whose values are held against it.
        column: Option<ColumnRef>,
        /// `like` or `matches`.
        operator: String,
    },
}

/// What is being written.
pub struct Context<'s> {
    pub snapshot: &'s Snapshot,
    pub file: FileId,
    /// Names as seen from here.
    pub lookup: Lookup<'s>,
    /// What is typed of the word or text already.
    pub typed: String,
    /// What a completion takes the place of.
    pub span: Span,
    pub site: Site,
    /// Variables of the clause: name, body, unit.
    pub variables: Vec<(String, u32, u32)>,
    /// Fields of that control that are there.
    pub fields: Vec<String>,
    /// The variable that the population's rule of that control gives its members.
    pub subject: Option<String>,
    /// The column whose value is being written, in the arguments of a relation.
    pub column: Option<ColumnRef>,
    /// Whether the text that the cursor stands in is closed.
    pub closed: bool,
}

impl<'s> Context<'s> {
    /// What is being written at a byte of a policy; nothing inside comments, or where nothing can be known.
    pub fn of(snapshot: &'s Snapshot, file: FileId, offset: usize) -> Option<Context<'s>> {
        let text: &'s str = snapshot.text(file);
        let before = text.get(..offset)?;
        let parse = snapshot.parse(file)?;
        let tokens = scan(text);
        let inside = tokens.iter().find(|token| holds(token, offset));
        if inside.is_some_and(Token::is_comment) {
            return None;
        }
        let (piece, outer) = unfinished(text, &tokens, &parse.pieces, offset)?;
        let control = outer.and_then(|outer| control_id(text, &tokens, outer));
        let mut context = Context {
            snapshot,
            file,
            lookup: snapshot.compilation.lookup(file, control.as_deref())?,
            typed: String::new(),
            span: Span::at(offset),
            site: Site::Item,
            variables: variables(&snapshot.names(file), text, offset),
            fields: outer.map(|outer| fields(text, &tokens, outer)).unwrap_or_default(),
            subject: outer.and_then(|outer| subject(text, &tokens, outer)),
            column: None,
            closed: false,
        };
        let own: Vec<Token> = match piece {
            Some(piece) => {
                let all = &tokens[piece.tokens.clone()];
                all.iter().filter(|token| !token.is_comment()).copied().collect()
            }
            None => Vec::new(),
        };
        let clause = piece.is_some_and(|piece| piece.kind == PieceKind::Clause);
        let within = Within { text, outer, clause };
        match inside.filter(|token| is_text(token)) {
            Some(token) => context.in_text(&within, &own, token, offset)?,
            None => {
                if inside.is_some_and(|token| matches!(token.kind, TokenKind::Regex | TokenKind::OpenRegex)) {
                    let token = inside?;
                    let before: Vec<Token> =
                        own.iter().filter(|other| other.span.end <= token.span.start).copied().collect();
                    context.in_regex(&within, &before, token, offset);
                    return Some(context);
                }
                let start = offset - word(before).len();
                context.typed = text[start..offset].to_owned();
                context.span = Span::new(start, offset + word_rest(&text[offset..]));
                let before: Vec<Token> = own.iter().filter(|token| token.span.end as usize <= start).copied().collect();
                context.site = context.site_of(&within, &before)?;
            }
        }
        Some(context)
    }

    /// The site behind these tokens of a piece.
    fn site_of(&mut self, within: &Within<'_>, before: &[Token]) -> Option<Site> {
        let text = within.text;
        let test = within.outer.is_some_and(|outer| outer.kind == PieceKind::Item(Keyword::Test));
        if before.is_empty() {
            return Some(match (within.outer, test) {
                (None, _) => Site::Item,
                (Some(_), true) => Site::Statement,
                (Some(_), false) => Site::Member,
            });
        }
        let first = before[0].text(text);
        let last = before[before.len() - 1].text(text);
        let keyword = Keyword::of(first).filter(|_| before[0].kind == TokenKind::Word);
        if test {
            return self.statement(within, before);
        }
        if within.outer.is_some() && before.get(1).is_some_and(|token| token.text(text) == ":") {
            return Some(self.field(text, before));
        }
        let bare = |at: usize| before.get(at).is_none_or(|token| token.kind != TokenKind::Open);
        match keyword {
            Some(Keyword::Use) if bare(1) => {
                let named = before.iter().any(|token| token.text(text) == "as");
                return if named { None } else { Some(Site::Use) };
            }
            Some(Keyword::Entity) if bare(1) => {
                return match last {
                    "<" => Some(Site::Type),
                    _ => None,
                };
            }
            Some(Keyword::Param) if bare(1) => {
                return match last {
                    ":" => Some(Site::Type),
                    "=" => Some(Site::Operand(None)),
                    _ => None,
                };
            }
            Some(Keyword::Rel | Keyword::Input) if bare(1) => return columns(text, before),
            Some(Keyword::Control | Keyword::Test | Keyword::Framework) if bare(1) => return None,
            _ if first == "open" && bare(1) => {
                return if before.len() == 1 { Some(Site::Words(&["rel"])) } else { columns(text, before) };
            }
            _ => {}
        }
        let head = before.iter().all(|token| token.kind != TokenKind::If);
        let walk = Walk::new(text, before, 0, 0).run();
        let site = self.clause_site(text, &walk)?;
        // In a head, names of relations are no arguments, and behind it only `:-` comes.
        Some(match site {
            Site::Literal | Site::AfterOperand if head && walk.stack.len() == 1 => Site::Words(&[":-"]),
            site => site,
        })
    }

    /// The site at the end of a walk.
    fn clause_site(&mut self, text: &str, walk: &Walk<'_>) -> Option<Site> {
        let top = walk.top();
        let names = Names { all: walk.names.clone(), units: Vec::new() };
        Some(match (&top.kind, top.position) {
            (FrameKind::Groups, _) => return None,
            (FrameKind::Atom { relation, named: true }, Position::Key) => {
                let found = crate::symbol::relation(&self.lookup, text, names.all.get(*relation)?)?;
                let given = top.given.iter().filter_map(|span| text.get(span.range())).map(str::to_owned).collect();
                Site::Key { relation: found.decl.name.clone(), given }
            }
            (_, Position::AfterKey) => return None,
            (_, Position::Literal) => Site::Literal,
            (_, Position::AfterOperand) => Site::AfterOperand,
            (_, Position::Operand | Position::Key) => {
                let column = self.column_at(text, walk, &names);
                let wanted = column.as_ref().map(|column| column.ty.clone());
                self.column = column.filter(|_| matches!(top.kind, FrameKind::Atom { .. }));
                Site::Operand(wanted.or_else(|| is_message(text, walk, &names).then_some(Type::String)))
            }
        })
    }

    /// The column whose value stands at the end of a walk: that of the argument, or of the variable on the other side of the
    /// operator.
    fn column_at(&self, text: &str, walk: &Walk<'_>, names: &Names) -> Option<ColumnRef> {
        let top = walk.top();
        if let FrameKind::Atom { relation, named } = top.kind {
            let which = if named { Which::Named(top.field?) } else { Which::Number(top.argument) };
            let (found, column) = column_of(&self.lookup, text, names, relation, which)?;
            return Some(column_ref(found.decl, column));
        }
        let outer = match top.kind {
            FrameKind::List => walk.stack.get(walk.stack.len().checked_sub(2)?)?,
            _ => top,
        };
        let operator = outer.operator?;
        let left = walk.tokens.get(operator.checked_sub(1)?)?;
        let left = match left.text(text) {
            "not" | "!" | "<" | ">" => walk.tokens.get(operator.checked_sub(2)?)?,
            _ => left,
        };
        // What a sum or difference is of tells nothing of what it is.
        let before = walk.tokens.iter().rposition(|token| token.span == left.span).and_then(|at| at.checked_sub(1));
        let reckoned = before.is_some_and(|at| matches!(walk.tokens[at].text(text), "+" | "-" | "*" | "/" | "%"));
        if left.kind != TokenKind::Word || reckoned {
            return None;
        }
        // The names of the whole file: the atom that binds the variable may stand behind the cursor.
        let file_names = self.snapshot.names(self.file);
        let word = left.text(text);
        let bound = |all: &Names, name: &Name| match name.kind {
            NameKind::Variable { column: Some((relation, which)), .. }
                if !all.is_head(relation) && text.get(name.span.range()) == Some(word) =>
            {
                let (found, column) = column_of(&self.lookup, text, all, relation, which)?;
                Some(column_ref(found.decl, column))
            }
            _ => None,
        };
        let near = names.all.iter().find_map(|name| bound(names, name));
        near.or_else(|| {
            let unit = file_names.unit_at(left.span.start as usize)?;
            file_names.of_unit(unit as u32).find_map(|(_, name)| bound(&file_names, name))
        })
    }

    fn statement(&mut self, within: &Within<'_>, before: &[Token]) -> Option<Site> {
        let text = within.text;
        let words: Vec<&str> = before.iter().map(|token| token.text(text)).collect();
        match words.as_slice() {
            ["given"] => return Some(Site::Given),
            ["given", "empty"] => return Some(Site::Field("needs".to_owned())),
            ["expect"] => return Some(Site::Expect { negated: false }),
            ["expect", "no"] => return Some(Site::Expect { negated: true }),
            ["expect", "violation", ..] | ["expect", "no", "violation", ..] => {
                let at = if words[1] == "no" { 3 } else { 2 };
                return match words[at..] {
                    [] => Some(Site::ControlId),
                    [.., ")"] if at == 2 => Some(Site::Words(&["with", "at"])),
                    _ => None,
                };
            }
            ["expect", "pass" | "fail" | "waived" | "not_applicable" | "no_evidence" | "error"] => {
                return Some(Site::ControlId);
            }
            ["param", ..] if words.len() == 1 => return Some(Site::Operand(None)),
            ["param", ..] | ["as_of", ..] => return None,
            ["given", "file" | "files", ..] => return None,
            _ => {}
        }
        let from = if words.get(1) == Some(&"no") { 2 } else { 1 };
        let facts = words[0] == "given";
        let walk = Walk::body(text, before.get(from..)?, 0, 0, facts).run();
        self.clause_site(text, &walk)
    }

    fn field(&mut self, text: &str, before: &[Token]) -> Site {
        let name = before[0].text(text).to_owned();
        let last = &before[before.len() - 1];
        if name == "maps" && last.text(text) == "/" {
            let mut start = before.len() - 1;
            while start > 2 && before[start - 1].span.end == before[start].span.start {
                start -= 1;
            }
            let from = before[start].span.start as usize;
            return Site::Criterion(text[from..last.span.start as usize].trim_start_matches([':', ',']).to_owned());
        }
        Site::Field(name)
    }

    /// The cursor stands inside a text.
    fn in_text(&mut self, within: &Within<'_>, own: &[Token], token: &Token, offset: usize) -> Option<()> {
        let text = within.text;
        let before: Vec<Token> = own.iter().filter(|other| other.span.end <= token.span.start).copied().collect();
        let word_before = |back: usize| before.len().checked_sub(back).map(|at| before[at].text(text));
        if within.clause
            && word_before(1) != Some("like")
            && let Some(inner) = interpolation_at(text, token, offset)
        {
            let start = offset - word(&text[..offset]).len();
            let start = start.max(inner.start as usize);
            self.typed = text[start..offset].to_owned();
            self.span = Span::new(start, offset + word_rest(&text[offset..inner.end as usize]));
            self.site = Site::Operand(None);
            return Some(());
        }
        let open = token.span.start as usize + opener(token.text(text));
        if offset < open {
            return None;
        }
        self.closed = token.kind == TokenKind::Text;
        let end = if self.closed { token.span.end as usize - (opener(token.text(text))) } else { offset };
        self.typed = text[open..offset].to_owned();
        self.span = Span::new(open, end.max(offset));
        self.site = self.text_site(within, &before)?;
        Some(())
    }

    fn text_site(&mut self, within: &Within<'_>, before: &[Token]) -> Option<Site> {
        let text = within.text;
        let words: Vec<&str> = before.iter().map(|token| token.text(text)).collect();
        if let ["expect", rest @ ..] = words.as_slice()
            && let Some(at) = rest.iter().position(|word| *word == "violation").filter(|at| *at < 2)
            && words.last() == Some(&"(")
        {
            let from = before.get(at + 2)?.span.start as usize;
            let to = before.last()?.span.start as usize;
            return Some(Site::Subject(text.get(from..to)?.trim().to_owned()));
        }
        let test = matches!(words.first(), Some(&"given" | &"expect")) && within.outer.is_some();
        let from = match (test, words.get(1)) {
            (true, Some(&"no")) => 2,
            (true, _) => 1,
            (false, _) => 0,
        };
        let tokens = before.get(from..)?;
        let walk = match test {
            true => Walk::body(text, tokens, 0, 0, words[0] == "given").run(),
            false => Walk::new(text, tokens, 0, 0).run(),
        };
        let names = Names { all: walk.names.clone(), units: Vec::new() };
        let column = self.column_at(text, &walk, &names);
        match words.last() {
            Some(&"like") => Some(Site::Pattern { column, operator: "like".to_owned() }),
            _ => column.map(Site::Value),
        }
    }

    fn in_regex(&mut self, within: &Within<'_>, before: &[Token], token: &Token, offset: usize) {
        let walk = Walk::new(within.text, before, 0, 0).run();
        let names = Names { all: walk.names.clone(), units: Vec::new() };
        let column = self.column_at(within.text, &walk, &names);
        self.typed = within.text[token.span.start as usize + 1..offset.max(token.span.start as usize + 1)].to_owned();
        self.span = Span::new(token.span.start as usize + 1, offset.max(token.span.start as usize + 1));
        self.site = Site::Pattern { column, operator: "matches".to_owned() };
    }
}

/// The piece that the cursor stands in, as far as the context needs it.
struct Within<'a> {
    text: &'a str,
    outer: Option<&'a Piece>,
    /// Strings interpolate.
    clause: bool,
}

/// Whether the message of a violation or note is being written.
fn is_message(text: &str, walk: &Walk<'_>, names: &Names) -> bool {
    let top = walk.top();
    let FrameKind::Atom { relation, named: false } = top.kind else { return false };
    let word = names.all.get(relation).map(|name| &text[name.span.range()]);
    walk.stack.len() == 2 && names.is_head(relation) && top.argument == 1 && matches!(word, Some("violation" | "note"))
}

fn column_ref(decl: &facts::RelationDecl, column: usize) -> ColumnRef {
    ColumnRef { relation: decl.name.clone(), column, ty: decl.columns[column].ty.clone() }
}

fn is_text(token: &Token) -> bool {
    matches!(token.kind, TokenKind::Text | TokenKind::OpenText | TokenKind::OpenBlock)
}

/// The site in the columns of a declaration, or in the `from` blocks of an input.
fn columns(text: &str, before: &[Token]) -> Option<Site> {
    let last = before[before.len() - 1].text(text);
    let depth = before.iter().fold(0_i32, |depth, token| match token.kind {
        TokenKind::Open => depth + 1,
        TokenKind::Close => depth - 1,
        _ => depth,
    });
    let declared = before.iter().all(|token| token.text(text) != "from");
    match (depth, last, declared) {
        (1, ":", true) => Some(Site::Type),
        (1, "(" | ",", true) => Some(Site::Words(&["key"])),
        (0, ")" | "}", _) => Some(Site::Words(&["from", "where", "each", "incomplete"])),
        (0, "from" | ",", false) => Some(Site::Words(FORMATS)),
        (0, _, false) => Some(Site::Words(&["where", "each", "headerless", "incomplete", "matches", "as"])),
        (1, "{" | ",", false) => Some(Site::Mapped(unmapped(text, before))),
        (1, _, false) => {
            Some(Site::Words(&["or", "none", "as", "$file", "$line", "$key", "$index", "$captured", "$text"]))
        }
        _ => None,
    }
}

/// The columns that an input declares and that its last mapping does not fill yet.
fn unmapped(text: &str, before: &[Token]) -> Vec<String> {
    let from = before.iter().position(|token| token.text(text) == "from").unwrap_or(before.len());
    let open = before.iter().rposition(|token| token.text(text) == "{").unwrap_or(before.len());
    // A name before a colon.
    let named = |tokens: &[Token]| -> Vec<String> {
        let pairs = tokens.windows(2).filter(|pair| pair[0].kind == TokenKind::Word && pair[1].text(text) == ":");
        pairs.map(|pair| pair[0].text(text).to_owned()).collect()
    };
    let given = named(&before[open.min(before.len())..]);
    named(&before[..from]).into_iter().filter(|name| !given.contains(name)).collect()
}

/// What documents can be, as `from` names them.
const FORMATS: &[&str] = &["json", "yaml", "toml", "hcl", "xml", "ini", "env", "table", "csv", "tsv", "text", "code"];
