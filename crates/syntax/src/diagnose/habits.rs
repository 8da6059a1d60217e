//! What people write who come from other languages, and what it is called here. Looked at only where parsing
//! stopped, so nothing that is right can be mistaken for a habit.

use base::{Diagnostic, Fix};

use super::{Stuck, What};
use crate::codes;
use crate::grammar::Rule;
use crate::scan::TokenKind;

/// Symbols: where they count, what was meant, what to write in their stead (nothing if it depends), and how.
const SYMBOLS: [(&str, Scope, &str, &str); 29] = [
    (":=", Scope::Head, ":-", "a rule is written `head :- body.`"),
    ("<-", Scope::Head, ":-", "a rule is written `head :- body.`"),
    ("->", Scope::Head, ":-", "a rule is written `head :- body.`"),
    ("=>", Scope::Head, ":-", "a rule is written `head :- body.`"),
    ("<=", Scope::Head, ":-", "a rule is written `head :- body.`"),
    ("=", Scope::Head, ":-", "a rule is written `head :- body.`"),
    ("&&", Scope::Any, ",", "conditions are joined by `,`"),
    ("&", Scope::Any, ",", "conditions are joined by `,`"),
    ("||", Scope::Any, "or", "alternatives stand in parentheses: `( a(x) or b(x) )`"),
    ("|", Scope::Any, "or", "alternatives stand in parentheses: `( a(x) or b(x) )`"),
    (";", Scope::Any, "", "a clause ends with `.`; conditions are joined by `,`, alternatives in parentheses by `or`"),
    ("===", Scope::Any, "=", "values are compared with a single `=`"),
    ("==", Scope::Any, "=", "values are compared with a single `=`"),
    ("=:=", Scope::Any, "=", "values are compared with `=`"),
    ("=\\=", Scope::Any, "!=", "values are compared with `!=`"),
    ("\\=", Scope::Any, "!=", "values are compared with `!=`"),
    ("!==", Scope::Any, "!=", "values are compared with `!=`"),
    ("~=", Scope::Any, "!=", "values are compared with `!=`"),
    ("<>", Scope::Any, "!=", "values are compared with `!=`"),
    ("=<", Scope::Any, "<=", "write `<=`"),
    ("=>", Scope::Any, ">=", "write `>=`"),
    ("=~", Scope::Any, "matches", "a regex is tried with `x matches /re/`"),
    ("\\+", Scope::Any, "not", "conditions are negated with `not`"),
    ("!", Scope::Any, "not", "conditions are negated with `not`"),
    ("~", Scope::Any, "not", "conditions are negated with `not`"),
    (":=", Scope::Any, "=", "values are bound with `=`"),
    ("?-", Scope::Any, "", "questions are asked with `lawbook query 'BODY'`"),
    ("**", Scope::Any, "", "there is no power: multiply"),
    ("++", Scope::Any, "", "texts are put together by interpolation: `\"{a}{b}\"`"),
];

/// Where a symbol is taken for a habit.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    Any,
    /// Between a head and its body.
    Head,
}

/// Words of other languages between or before conditions.
const WORDS: [(&str, &str, &str); 11] = [
    ("and", ",", "conditions are joined by `,`"),
    ("AND", ",", "conditions are joined by `,`"),
    ("And", ",", "conditions are joined by `,`"),
    ("OR", "or", "`or` is written in lower case, in parentheses: `( a(x) or b(x) )`"),
    ("Or", "or", "`or` is written in lower case, in parentheses: `( a(x) or b(x) )`"),
    ("NOT", "not", "`not` is written in lower case"),
    ("Not", "not", "`not` is written in lower case"),
    ("is", "=", "values are bound and compared with `=`"),
    ("if", ":-", "a rule is written `head :- body.`"),
    ("when", ":-", "a rule is written `head :- body.`"),
    ("IN", "in", "`in` is written in lower case"),
];

/// The habit that explains why parsing stopped here.
pub(super) fn habit(stuck: &Stuck<'_>) -> Option<Diagnostic> {
    let kind = stuck.kind(stuck.at)?;
    if let Some(diagnostic) = single_quotes(stuck, kind).or_else(|| character(stuck)).or_else(|| place_of(stuck, kind))
    {
        return Some(diagnostic);
    }
    if kind == TokenKind::Word {
        return words(stuck);
    }
    let rest = stuck.rest();
    let head = stuck.expects(Rule::if_);
    let known = SYMBOLS.iter().filter(|(symbol, scope, ..)| rest.starts_with(symbol) && (*scope == Scope::Any || head));
    let (symbol, _, instead, help) = known.max_by_key(|(symbol, scope, ..)| (symbol.len(), *scope == Scope::Head))?;
    if stuck.context.what.ends_with_line() && *symbol != ";" && *symbol != ":=" {
        return None;
    }
    Some(replace(stuck, symbol.len(), symbol, instead, help))
}

fn replace(stuck: &Stuck<'_>, length: usize, found: &str, instead: &str, help: &str) -> Diagnostic {
    let message = match instead {
        "" => format!("`{found}` means nothing here"),
        _ => format!("`{found}` is written `{instead}` here"),
    };
    let diagnostic = Diagnostic::error(codes::HABIT, stuck.here(length), message).help(help);
    match instead {
        "" | "or" => diagnostic,
        _ => diagnostic.fix(Fix {
            title: format!("write `{instead}`"),
            edits: vec![(stuck.here(length), instead.to_owned())],
            safe: false,
        }),
    }
}

fn words(stuck: &Stuck<'_>) -> Option<Diagnostic> {
    let found = stuck.found();
    if matches!(stuck.context.what, What::Clause | What::Body | What::Interpolation)
        && (stuck.after_operand() || stuck.previous().is_some_and(|token| token.kind != TokenKind::Word))
        && let Some((_, instead, help)) = WORDS.iter().find(|(word, ..)| *word == found)
    {
        return Some(replace(stuck, found.len(), found, instead, help));
    }
    if found == "or" && stuck.after_operand() && stuck.open().is_none_or(|(bracket, _)| bracket == "{") {
        let diagnostic = Diagnostic::error(codes::ALTERNATIVES, stuck.place(), "`or` stands only in parentheses")
            .help("put the alternatives in parentheses: `( a(x) or b(x) )`; `,` binds more strongly than `or`");
        return Some(diagnostic);
    }
    if found == "extends" && stuck.context.what == What::Entity {
        return Some(replace(stuck, found.len(), found, "<", "a subtype is declared with `entity Call < Expr`"));
    }
    outcome(stuck).or_else(|| negation(stuck))
}

/// `NOT p(x)`: the word before was taken for a variable.
fn negation(stuck: &Stuck<'_>) -> Option<Diagnostic> {
    let before = stuck.previous().filter(|token| token.kind == TokenKind::Word)?;
    let word = before.text(stuck.context.text);
    let (_, instead, help) = WORDS.iter().find(|(other, ..)| *other == word).filter(|_| word.starts_with('N'))?;
    let place = stuck.context.place_of(before.span);
    Some(Diagnostic::error(codes::HABIT, place, format!("`{word}` is written `{instead}` here")).help(*help))
}

/// `expect passes AI-1`: the word before was taken for a relation.
fn outcome(stuck: &Stuck<'_>) -> Option<Diagnostic> {
    const OUTCOMES: [&str; 7] = ["pass", "fail", "waived", "not_applicable", "no_evidence", "error", "violation"];
    if stuck.context.what != What::Statement || stuck.at != 2 || stuck.text(0) != "expect" {
        return None;
    }
    let place = stuck.context.place_of(stuck.previous()?.span);
    let diagnostic =
        Diagnostic::error(codes::STATEMENT, place, format!("`{}` is no outcome of a control", stuck.text(1)))
            .maybe_help(base::did_you_mean(stuck.text(1), OUTCOMES))
            .help("outcomes are `pass`, `fail`, `waived`, `not_applicable`, `no_evidence` and `error`");
    Some(diagnostic)
}

fn single_quotes(stuck: &Stuck<'_>, kind: TokenKind) -> Option<Diagnostic> {
    if kind != TokenKind::SingleQuoted && stuck.found() != "'" {
        return None;
    }
    let diagnostic = Diagnostic::error(codes::HABIT, stuck.place(), "texts stand in double quotes");
    let inner = stuck.found().trim_matches('\'');
    if kind != TokenKind::SingleQuoted || inner.contains(['"', '\\', '{']) {
        return Some(diagnostic.help("write `\"…\"`"));
    }
    let edits = vec![(stuck.place(), format!("\"{inner}\""))];
    Some(diagnostic.help(format!("write `\"{inner}\"`")).fix(Fix {
        title: "use double quotes".to_owned(),
        edits,
        safe: true,
    }))
}

/// Characters that look like others, or like nothing.
fn character(stuck: &Stuck<'_>) -> Option<Diagnostic> {
    let c = stuck.rest().chars().next()?;
    let (what, help): (String, &str) = match c {
        '“' | '”' | '„' | '«' | '»' => {
            (format!("`{c}` is a typographic quote"), "write plain double quotes: `\"…\"`")
        }
        '‘' | '’' | '`' => (format!("`{c}` quotes nothing here"), "write plain double quotes: `\"…\"`"),
        '\u{a0}' | '\u{200b}' | '\u{feff}' | '\u{2009}' | '\u{202f}' => {
            (format!("an invisible character, U+{:04X}", c as u32), "replace it by a plain blank, or remove it")
        }
        '–' | '—' | '−' => (format!("`{c}` is a dash"), "write a plain minus `-`"),
        '≤' | '≥' | '≠' | '∧' | '∨' | '¬' => {
            (format!("`{c}` is no operator here"), "write `<=`, `>=`, `!=`, `,`, `or` or `not`")
        }
        '#' => ("`#` begins no comment".to_owned(), "comments begin with `//`"),
        c if c.is_control() => (format!("a control character, U+{:04X}", c as u32), "remove it"),
        c if c.is_alphabetic() && !c.is_ascii() => (
            format!("`{c}` cannot be part of a name"),
            "names are made of the letters A to Z, digits and `_`; other texts stand in double quotes",
        ),
        _ => return None,
    };
    Some(Diagnostic::error(codes::HABIT, stuck.here(c.len_utf8()), what).help(help))
}

/// Punctuation that is right elsewhere.
fn place_of(stuck: &Stuck<'_>, kind: TokenKind) -> Option<Diagnostic> {
    let found = stuck.found();
    let line_bound = stuck.context.what.ends_with_line();
    let help = |code, message: &str, help: &str| Some(Diagnostic::error(code, stuck.place(), message).help(help));
    match found {
        "%" if stuck.previous().is_some_and(|token| token.kind == TokenKind::Number)
            || stuck.after_operand() && stuck.in_body() =>
        {
            help(codes::HABIT, "there is no modulo", "`%` directly after a number makes it a percentage: `5%` is 0.05")
        }
        "%" => help(codes::HABIT, "`%` begins no comment", "comments begin with `//`"),
        "/" if stuck.rest().starts_with("/*") => {
            help(codes::HABIT, "`/*` begins no comment", "comments begin with `//`")
        }
        "." if kind == TokenKind::Stop && line_bound && !stuck.expects(Rule::stop) => help(
            codes::HABIT,
            "a declaration does not end with `.`",
            "remove the `.`: declarations and fields end with their line",
        ),
        "." if kind == TokenKind::Dot && stuck.expects(Rule::stop) => help(
            codes::STOP,
            "the `.` that ends a clause needs a blank or a line break behind it",
            "put the next clause on a line of its own",
        ),
        ":-" if stuck.tokens[..stuck.at].iter().any(|token| token.kind == TokenKind::If) => {
            help(codes::STOP, "a second `:-` in one clause", "end the clause before with `.`")
        }
        ":-" if !stuck.after_operand() => help(
            codes::HEAD,
            "a rule without a head",
            "write `head(x) :- body.`; a condition that must never hold is a violation rule of a control",
        ),
        ":" if matches!(stuck.open(), Some(("(", word)) if !word.is_empty()) && !line_bound => {
            let (_, name) = stuck.open()?;
            help(codes::ARGUMENTS, "arguments with names stand in braces", &format!("write `{name}{{column: value}}`"))
        }
        "(" if stuck.previous().is_some_and(|token| token.kind == TokenKind::Word)
            && stuck.after_operand()
            && !line_bound =>
        {
            let name = stuck.text(stuck.at - 1);
            help(
                codes::ARGUMENTS,
                "a blank before the arguments",
                &format!("arguments follow the name directly: `{name}(…)`"),
            )
        }
        "," | ")" if stuck.expects(Rule::colon) && matches!(stuck.context.what, What::Rel | What::Input) => {
            let name = stuck.text(stuck.at - 1);
            help(
                codes::UNEXPECTED,
                &format!("the column `{name}` has no type"),
                &format!(
                    "write `{name}: string`; types are `string`, `int`, `float`, `bool`, `time`, `duration` and entities"
                ),
            )
        }
        "=" if stuck.expects(Rule::colon) && stuck.context.what == What::Param => {
            let name = stuck.text(stuck.at - 1);
            help(
                codes::UNEXPECTED,
                &format!("the parameter `{name}` has no type"),
                &format!("write `param {name}: string = …`"),
            )
        }
        "." if kind == TokenKind::Dot && stuck.at == 0 => help(
            codes::HABIT,
            "`.` begins no item",
            "relations are declared with `rel name(column: type)`, inputs with `input`; all derived relations can be printed",
        ),
        _ => None,
    }
}
