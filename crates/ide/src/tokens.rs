//! Semantic tokens: what each word is, for its color.

use base::{FileId, Span};
use syntax::scan::{TokenKind, scan};

use crate::Snapshot;
use crate::names::{NameKind, Role};
use crate::symbol::{Symbol, resolve};

/// The types of tokens, as the protocol and editors name them, in the order of [`TokenType`].
pub const TYPES: [&str; 16] = [
    "keyword",
    "class",
    "property",
    "variable",
    "parameter",
    "function",
    "macro",
    "namespace",
    "type",
    "event",
    "enumMember",
    "string",
    "regexp",
    "number",
    "comment",
    "operator",
];

/// The modifiers, as bits in this order.
pub const MODIFIERS: [&str; 4] = ["declaration", "definition", "readonly", "defaultLibrary"];

/// What a token is, by its number in [`TYPES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum TokenType {
    Keyword,
    Relation,
    Column,
    Variable,
    Param,
    Function,
    Aggregate,
    Module,
    Type,
    Control,
    Criterion,
    Text,
    Regex,
    Number,
    Comment,
    Operator,
}

/// A token of one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SemanticToken {
    /// Where.
    pub span: Span,
    /// What it is.
    pub kind: TokenType,
    /// Bits of [`MODIFIERS`].
    pub modifiers: u32,
}

const DECLARATION: u32 = 1;
const DEFINITION: u32 = 2;
const READONLY: u32 = 4;
const LIBRARY: u32 = 8;

/// The tokens that touch a range, by place, none over another.
pub fn tokens(snapshot: &Snapshot, file: FileId, range: Span) -> Vec<SemanticToken> {
    let text: &str = snapshot.text(file);
    let touches = |span: Span| span.start <= range.end && range.start <= span.end;
    let names = snapshot.names(file);
    let mut found: Vec<SemanticToken> = Vec::new();
    for (at, name) in names.all.iter().enumerate() {
        if !touches(name.span) || matches!(name.kind, NameKind::Path) {
            continue;
        }
        let (kind, modifiers) = kind(snapshot, file, &names, at);
        found.push(SemanticToken { span: name.span, kind, modifiers });
    }
    // Literals and comments are cut where names stand in them.
    let mut holes: Vec<Span> = found.iter().map(|token| token.span).collect();
    holes.sort();
    holes.dedup();
    for token in scan(text).into_iter().filter(|token| touches(token.span)) {
        let kind = match token.kind {
            TokenKind::Text | TokenKind::OpenText | TokenKind::OpenBlock | TokenKind::DeepText => TokenType::Text,
            TokenKind::Regex | TokenKind::OpenRegex => TokenType::Regex,
            TokenKind::Number => TokenType::Number,
            TokenKind::Comment | TokenKind::Doc | TokenKind::ModuleDoc => TokenType::Comment,
            TokenKind::If => TokenType::Operator,
            _ => continue,
        };
        let first = holes.partition_point(|hole| hole.end <= token.span.start);
        let mut start = token.span.start;
        for hole in holes[first..].iter().take_while(|hole| hole.start < token.span.end) {
            push(text, &mut found, start, hole.start, kind);
            start = hole.end.max(start);
        }
        push(text, &mut found, start, token.span.end, kind);
    }
    found.sort_by_key(|token| (token.span, token.kind != TokenType::Variable));
    // A short field is shown as the variable that it is; ids may be numbers too.
    found.dedup_by(|later, earlier| later.span.start < earlier.span.end);
    found
}

/// Adds a part of a literal, a line at a time.
fn push(text: &str, found: &mut Vec<SemanticToken>, start: u32, end: u32, kind: TokenType) {
    let mut at = start as usize;
    for line in text[start as usize..(end as usize).max(start as usize)].split_inclusive(['\n', '\r']) {
        let shown = line.trim_end_matches(['\n', '\r']);
        if !shown.trim().is_empty() {
            found.push(SemanticToken { span: Span::new(at, at + shown.len()), kind, modifiers: 0 });
        }
        at += line.len();
    }
}

fn kind(snapshot: &Snapshot, file: FileId, names: &crate::names::Names, at: usize) -> (TokenType, u32) {
    let library = |relation: &str| {
        let found = snapshot.compilation.any_relation(relation);
        if found.is_some_and(|found| found.module.builtin) { LIBRARY } else { 0 }
    };
    let resolved = || resolve(snapshot, file, names, at);
    match &names.all[at].kind {
        NameKind::Relation { role, .. } => {
            let own = match role {
                Role::Declared => DECLARATION,
                Role::Head => DEFINITION,
                Role::Read | Role::Named => 0,
            };
            let library = match resolved() {
                Some(Symbol::Relation(name)) => library(&name),
                _ => 0,
            };
            (TokenType::Relation, own | library)
        }
        NameKind::Column { .. } => (TokenType::Column, 0),
        NameKind::ColumnDeclared { .. } => (TokenType::Column, DECLARATION),
        NameKind::Variable { .. } => match resolved() {
            Some(Symbol::Param(_)) => (TokenType::Param, READONLY),
            _ => (TokenType::Variable, 0),
        },
        NameKind::Param { .. } => (TokenType::Param, READONLY),
        NameKind::ParamNamed { declared, .. } => (TokenType::Param, READONLY | if *declared { DECLARATION } else { 0 }),
        NameKind::Function => (TokenType::Function, LIBRARY),
        NameKind::Aggregate => (TokenType::Aggregate, LIBRARY),
        NameKind::Qualifier | NameKind::Module | NameKind::Alias => (TokenType::Module, 0),
        NameKind::Type { .. } => (TokenType::Type, 0),
        NameKind::EntityDeclared => (TokenType::Type, DECLARATION),
        NameKind::Control { declared } => (TokenType::Control, if *declared { DECLARATION } else { 0 }),
        NameKind::Framework { declared } => (TokenType::Module, if *declared { DECLARATION } else { 0 }),
        NameKind::Criterion { declared, .. } => (TokenType::Criterion, if *declared { DECLARATION } else { 0 }),
        NameKind::FieldWord => (TokenType::Criterion, 0),
        NameKind::Field | NameKind::Keyword | NameKind::Path => (TokenType::Keyword, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Fixture;

    fn shown(text: &str) -> String {
        let fixture = Fixture::new(text);
        let all = Span::new(0, fixture.text().len());
        let found = tokens(&fixture.snapshot, fixture.file, all);
        assert!(found.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start), "none over another");
        let token = |token: &SemanticToken| {
            format!(
                "{}:{}{}",
                &fixture.text()[token.span.range()],
                TYPES[token.kind as usize],
                "!".repeat(token.modifiers.count_ones() as usize)
            )
        };
        found.iter().map(token).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn words_have_types() {
        assert_eq!(
            shown(
                "param p: int = 3\nrel r(x: string)\nr(x) :- code.call{callee: x, line}, line > p, not x like \"a/*\". // c"
            ),
            "param:keyword p:parameter!! int:type 3:number rel:keyword r:class! x:property! string:type r:class! x:variable \
             :-:operator code:namespace call:class! callee:property x:variable line:variable line:variable p:parameter! \
             not:keyword x:variable like:keyword \"a/*\":string // c:comment"
        );
        assert_eq!(
            shown("control C-1 \"t\" {\n    severity: high\n    violation(x, \"a {x} b\") :- r(x,"),
            "control:keyword C-1:event! \"t\":string severity:keyword high:enumMember violation:class! x:variable \
             \"a {:string x:variable } b\":string :-:operator r:class x:variable"
        );
    }
}
