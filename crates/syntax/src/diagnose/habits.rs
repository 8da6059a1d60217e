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

/// Words that begin an aggregate.
const AGGREGATES: [&str; 6] = ["count", "sum", "min", "max", "avg", "join"];

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
    if let (&"!", Some(word)) = (symbol, negated_value(stuck)) {
        let length = symbol.len() + word.len();
        let help = "a truth value is compared, conditions are negated with `not`";
        return Some(replace(stuck, length, &format!("!{word}"), &format!("{word} = false"), help));
    }
    Some(replace(stuck, symbol.len(), symbol, instead, help))
}

/// `p` in `!p`: a variable, not the beginning of an atom or a formula.
fn negated_value<'c>(stuck: &Stuck<'c>) -> Option<&'c str> {
    let word = stuck.tokens.get(stuck.at + 1).filter(|token| token.kind == TokenKind::Word)?;
    let adjacent = word.span.start as usize == stuck.offset + 1;
    let ends = matches!(stuck.text(stuck.at + 2), "," | "." | ")" | "}" | "");
    (adjacent && ends).then(|| stuck.text(stuck.at + 1))
}

fn replace(stuck: &Stuck<'_>, length: usize, found: &str, instead: &str, help: &str) -> Diagnostic {
    let message = match instead {
        "" => format!("`{found}` means nothing here"),
        _ => format!("`{found}` is written `{instead}` here"),
    };
    let diagnostic = Diagnostic::error(codes::HABIT, stuck.here(length), message).help(help);
    match instead {
        "" | "or" => diagnostic,
        _ => {
            let place = stuck.here(length);
            // A comma follows directly, a word stands apart.
            let (place, text) = match instead {
                "," => (base::Place { file: place.file, span: stuck.gap().span.cover(place.span) }, ",".to_owned()),
                "not" if !stuck.rest()[length..].starts_with(char::is_whitespace) => (place, "not ".to_owned()),
                _ => (place, instead.to_owned()),
            };
            diagnostic.fix(Fix { title: format!("write `{instead}`"), edits: vec![(place, text)], safe: false })
        }
    }
}

/// Phrases of SQL behind an operand: how they begin, what is written in their stead (nothing if it depends), and how.
const PHRASES: [(&[&str], &str, &str); 11] = [
    (
        &["is", "not", "null"],
        "!= none",
        "bind the column as `x?` to compare it with `none`; a plain `x` matches present values only",
    ),
    (&["is", "null"], "= none", "bind the column as `x?`, or write `none` in its place: `relation{column: none}`"),
    (&["is", "not"], "!=", "values are compared with `!=`"),
    (&["not", "in"], "not in", "`not in` is written in lower case, before a list: `x not in [\"a\", \"b\"]`"),
    (&["not", "like"], "not like", "globs stand in double quotes and use `*`: `x not like \"*.py\"`"),
    (&["like"], "like", "globs stand in double quotes and use `*`: `x like \"*.py\"`"),
    (&["between"], "", "write both bounds: `x >= 1, x <= 9`"),
    (&["contains"], "contains", "`contains` is written in lower case"),
    (&["matches"], "matches", "`matches` is written in lower case"),
    (&["exists"], "", "an atom is a condition by itself: `relation{column: x}`"),
    (&["where"], ",", "conditions are joined by `,`"),
];

/// Such a phrase, in any case but where it is one of ours.
fn phrase(stuck: &Stuck<'_>) -> Option<Diagnostic> {
    let in_body = matches!(stuck.context.what, What::Clause | What::Body) && stuck.in_body();
    if !in_body || !stuck.after_operand() {
        return None;
    }
    let word = |at: usize| stuck.text(stuck.at + at).to_lowercase();
    let begins = |words: &[&str]| words.iter().enumerate().all(|(at, wanted)| word(at) == *wanted);
    let (words, instead, help) = PHRASES.iter().find(|(words, ..)| begins(words))?;
    let last = stuck.tokens.get(stuck.at + words.len() - 1)?;
    let length = last.span.end as usize - stuck.offset;
    let found = stuck.rest().get(..length)?;
    (found != *instead).then(|| replace(stuck, length, found, instead, help))
}

fn words(stuck: &Stuck<'_>) -> Option<Diagnostic> {
    let found = stuck.found();
    if let Some(diagnostic) = phrase(stuck) {
        return Some(diagnostic);
    }
    if matches!(stuck.context.what, What::Clause | What::Body | What::Interpolation)
        && (stuck.after_operand() || stuck.previous().is_some_and(|token| token.kind != TokenKind::Word))
        && let Some((_, instead, help)) = WORDS.iter().find(|(word, ..)| *word == found)
    {
        return Some(replace(stuck, found.len(), found, instead, help));
    }
    if found == "or" && stuck.after_operand() && stuck.open().is_none_or(|(bracket, _)| bracket == "{") {
        let diagnostic = Diagnostic::error(codes::ALTERNATIVES, stuck.place(), "`or` stands only in parentheses")
            .help("put the alternatives in parentheses: `( a(x) or b(x) )`; `,` binds more strongly than `or`");
        return Some(match whole_body(stuck) {
            Some((start, end)) => diagnostic.fix(Fix {
                title: "put the alternatives in parentheses".to_owned(),
                edits: vec![(start, "( ".to_owned()), (end, " )".to_owned())],
                safe: false,
            }),
            None => diagnostic,
        });
    }
    if let Some(diagnostic) = operator_as_function(stuck) {
        return Some(diagnostic);
    }
    if found == "extends" && stuck.context.what == What::Entity {
        return Some(replace(stuck, found.len(), found, "<", "a subtype is declared with `entity Call < Expr`"));
    }
    bare_subject(stuck).or_else(|| outcome(stuck)).or_else(|| negation(stuck)).or_else(|| next_statement(stuck))
}

/// With the parentheses around `at` made braces, where they are a pair.
fn braces(stuck: &Stuck<'_>, diagnostic: Diagnostic) -> Diagnostic {
    let open = stuck.tokens[..stuck.at].iter().rposition(|token| token.kind == TokenKind::Open);
    let close = (stuck.at..stuck.tokens.len())
        .find(|at| matches!(stuck.tokens[*at].kind, TokenKind::Open | TokenKind::Close))
        .filter(|at| stuck.text(*at) == ")");
    let Some((open, close)) = open.zip(close) else { return diagnostic };
    let place = |at: usize| stuck.context.place_of(stuck.tokens[at].span);
    let edits = vec![(place(open), "{".to_owned()), (place(close), "}".to_owned())];
    diagnostic.fix(Fix { title: "write braces".to_owned(), edits, safe: false })
}

/// The empty places before the body of a clause and behind it.
fn whole_body(stuck: &Stuck<'_>) -> Option<(base::Place, base::Place)> {
    let head = stuck.tokens.iter().position(|token| token.kind == TokenKind::If)?;
    let (first, last) = (stuck.tokens.get(head + 1)?, stuck.tokens.last()?);
    let end = if last.kind == TokenKind::Stop { last.span.start } else { last.span.end };
    let at = |at: u32| stuck.context.place(at as usize, at as usize);
    (stuck.open().is_none() && end > first.span.start).then(|| (at(first.span.start), at(end)))
}

/// `contains(x, "a")`: an operator in front of its operands.
fn operator_as_function(stuck: &Stuck<'_>) -> Option<Diagnostic> {
    const OPERATORS: [&str; 6] = ["contains", "starts_with", "ends_with", "matches", "like", "in"];
    let found = stuck.found();
    if !OPERATORS.contains(&found) || stuck.after_operand() || stuck.text(stuck.at + 1) != "(" {
        return None;
    }
    if stuck.at > 0 && stuck.text(stuck.at - 1) == "=" {
        let message = format!("`{found}` is a condition and has no value");
        let help = "a column that says whether it holds takes two rules: one with the condition, `x OP y`, one with `not x OP y`";
        return Some(Diagnostic::error(codes::OPERAND, stuck.place(), message).help(help.replace("OP", found)));
    }
    let diagnostic =
        Diagnostic::error(codes::RESERVED, stuck.place(), format!("`{found}` stands between its operands"));
    let [left, comma, right, close] = [2, 3, 4, 5].map(|at| stuck.text(stuck.at + at));
    if comma != "," || close != ")" {
        return Some(diagnostic.help(format!("write `x {found} y`")));
    }
    let end = stuck.tokens[stuck.at + 5].span.end as usize;
    let mended = format!("{left} {found} {right}");
    let edits = vec![(stuck.here(end - stuck.offset), mended.clone())];
    Some(diagnostic.fix(Fix { title: format!("write `{mended}`"), edits, safe: false }))
}

/// `NOT p(x)`: the word before was taken for a variable.
fn negation(stuck: &Stuck<'_>) -> Option<Diagnostic> {
    let before = stuck.previous().filter(|token| token.kind == TokenKind::Word)?;
    let word = before.text(stuck.context.text);
    let (_, instead, help) = WORDS.iter().find(|(other, ..)| *other == word).filter(|_| word.starts_with('N'))?;
    let place = stuck.context.place_of(before.span);
    Some(Diagnostic::error(codes::HABIT, place, format!("`{word}` is written `{instead}` here")).help(*help))
}

/// `expect violation C-1(ranker)`: a subject without quotes.
fn bare_subject(stuck: &Stuck<'_>) -> Option<Diagnostic> {
    let subject = stuck.context.what == What::Statement
        && matches!(stuck.text(0), "expect")
        && stuck.text(stuck.at.checked_sub(1)?) == "("
        && stuck.text(stuck.at + 1) == ")";
    if !subject || !(1..3).any(|at| stuck.text(at) == "violation") {
        return None;
    }
    let quoted = format!("\"{}\"", stuck.found());
    let fix = Fix { title: format!("write `{quoted}`"), edits: vec![(stuck.place(), quoted)], safe: true };
    Some(Diagnostic::error(codes::LITERAL, stuck.place(), "a subject stands in double quotes").fix(fix))
}

/// `given a("x") expect b("x")`: a statement on the line of another.
fn next_statement(stuck: &Stuck<'_>) -> Option<Diagnostic> {
    const STATEMENTS: [&str; 4] = ["as_of", "given", "expect", "param"];
    if stuck.context.what != What::Statement || !STATEMENTS.contains(&stuck.found()) {
        return None;
    }
    let end = stuck.previous()?.span.end as usize;
    let fix = Fix {
        title: "end the statement before with `.`".to_owned(),
        edits: vec![(stuck.context.place(end, end), ".".to_owned())],
        safe: false,
    };
    let message = format!("`{}` begins another statement on the same line", stuck.found());
    Some(
        Diagnostic::error(codes::STATEMENT, stuck.place(), message)
            .help("statements end with their line, or with a `.`")
            .fix(fix),
    )
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
        '#' => return Some(comment(stuck, "#")),
        c if c.is_control() => (format!("a control character, U+{:04X}", c as u32), "remove it"),
        c if c.is_alphabetic() && !c.is_ascii() => (
            format!("`{c}` cannot be part of a name"),
            "names are made of the letters A to Z, digits and `_`; other texts stand in double quotes",
        ),
        _ => return None,
    };
    Some(Diagnostic::error(codes::HABIT, stuck.here(c.len_utf8()), what).help(help))
}

/// What begins a comment in another language.
fn comment(stuck: &Stuck<'_>, mark: &str) -> Diagnostic {
    let place = stuck.here(mark.len());
    let fix = Fix { title: "write `//`".to_owned(), edits: vec![(place, "//".to_owned())], safe: true };
    Diagnostic::error(codes::HABIT, place, format!("`{mark}` begins no comment"))
        .help("comments begin with `//` and end with their line")
        .fix(fix)
}

/// Punctuation that is right elsewhere.
fn place_of(stuck: &Stuck<'_>, kind: TokenKind) -> Option<Diagnostic> {
    let found = stuck.found();
    let line_bound = stuck.context.what.ends_with_line();
    let help = |code, message: &str, help: &str| Some(Diagnostic::error(code, stuck.place(), message).help(help));
    match found {
        "*" if matches!(stuck.open(), Some(("(", word)) if AGGREGATES.contains(&word)) => {
            let (_, word) = stuck.open()?;
            help(
                codes::AGGREGATE,
                &format!("`{word}` takes its body in braces"),
                &format!("write `{word} {{ x : relation(x) }}`: what is listed, a colon, and where it comes from"),
            )
        }
        "-" if stuck.rest().starts_with("--") && !stuck.after_operand() => Some(comment(stuck, "--")),
        "%" if stuck.previous().is_some_and(|token| token.kind == TokenKind::Number)
            || stuck.after_operand() && stuck.in_body() =>
        {
            help(
                codes::HABIT,
                "there is no modulo",
                "write `n - n / 2 * 2` for the rest of a division by 2; `%` directly after a number is a percentage: `5%` is 0.05",
            )
        }
        "%" => Some(comment(stuck, "%")),
        "/" if stuck.rest().starts_with("/*") => {
            help(codes::HABIT, "`/*` begins no comment", "comments begin with `//`")
        }
        "." if kind == TokenKind::Stop && line_bound && !stuck.expects(Rule::stop) => {
            let edits = vec![(stuck.place(), String::new())];
            help(
                codes::HABIT,
                "a declaration does not end with `.`",
                "remove the `.`: declarations and fields end with their line",
            )
            .map(|told| told.fix(Fix { title: "remove the `.`".to_owned(), edits, safe: true }))
        }
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
        ":" if matches!(stuck.open(), Some(("(", word)) if AGGREGATES.contains(&word)) => {
            let (_, word) = stuck.open()?;
            help(
                codes::AGGREGATE,
                &format!("`{word}` takes its body in braces"),
                &format!("write `{word} {{ … : … }}`: what is listed, a colon, and where it comes from"),
            )
        }
        ":" if matches!(stuck.open(), Some(("(", word)) if !word.is_empty()) && !line_bound => {
            let (_, name) = stuck.open()?;
            let diagnostic = Diagnostic::error(codes::ARGUMENTS, stuck.place(), "arguments with names stand in braces")
                .help(format!("write `{name}{{column: value}}`"));
            Some(braces(stuck, diagnostic))
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
