//! A failed parse → one diagnostic in human words. The grammar knows where it could not go on and what it would
//! have taken there; what people mean by what they wrote is known to [`habits`].

mod expected;
mod habits;
mod words;

use base::{Diagnostic, FileId, Fix, Place, Span};
use pest::error::{Error, ErrorVariant, InputLocation};

use crate::codes;
use crate::grammar::Rule;
use crate::scan::{RESERVED, Token, TokenKind, ends_operand, scan};

pub(crate) use words::{empty, misplaced, unknown_item, unknown_member, unknown_statement};

/// What was being parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    Use,
    Entity,
    Rel,
    Param,
    Framework,
    Input,
    Control,
    Test,
    Clause,
    Field,
    Statement,
    Interpolation,
    Body,
    Atom,
    Value,
}

impl What {
    /// With its article.
    fn words(self) -> &'static str {
        match self {
            What::Use => "`use`",
            What::Entity => "`entity`",
            What::Rel => "`rel`",
            What::Param => "`param`",
            What::Framework => "`framework`",
            What::Input => "`input`",
            What::Control => "the head of a control",
            What::Test => "the head of a test",
            What::Clause => "a clause",
            What::Field => "a field",
            What::Statement => "a statement of a test",
            What::Interpolation => "an interpolation",
            What::Body => "a query",
            What::Atom => "a row",
            What::Value => "a value",
        }
    }

    /// Whether it ends with its line.
    fn ends_with_line(self) -> bool {
        !matches!(self, What::Clause | What::Interpolation | What::Body | What::Atom | What::Value)
    }
}

/// The text that failed.
pub(crate) struct Context<'t> {
    pub file: FileId,
    pub text: &'t str,
    /// Where it begins in its file.
    pub base: usize,
    pub what: What,
}

impl Context<'_> {
    fn place(&self, start: usize, end: usize) -> Place {
        Place { file: self.file, span: Span::new(self.base + start, self.base + end) }
    }

    fn place_of(&self, span: Span) -> Place {
        Place { file: self.file, span: span.shift(self.base) }
    }
}

/// Where the parse stopped, and what is around.
struct Stuck<'c> {
    context: &'c Context<'c>,
    tokens: Vec<Token>,
    /// What the grammar would have taken.
    expected: &'c [Rule],
    /// The token at which it stopped, as an index; the number of tokens at the end.
    at: usize,
    /// Byte offset, at the start of that token.
    offset: usize,
}

impl<'c> Stuck<'c> {
    fn text(&self, at: usize) -> &'c str {
        self.tokens.get(at).map_or("", |token| token.text(self.context.text))
    }

    fn kind(&self, at: usize) -> Option<TokenKind> {
        self.tokens.get(at).map(|token| token.kind)
    }

    fn found(&self) -> &'c str {
        self.text(self.at)
    }

    fn rest(&self) -> &'c str {
        &self.context.text[self.offset..]
    }

    fn previous(&self) -> Option<&Token> {
        self.at.checked_sub(1).map(|at| &self.tokens[at])
    }

    fn place(&self) -> Place {
        match self.tokens.get(self.at) {
            Some(token) => self.context.place_of(token.span),
            None => self.gap(),
        }
    }

    /// The empty place behind the token before.
    fn gap(&self) -> Place {
        let end = self.previous().map_or(0, |token| token.span.end as usize);
        self.context.place(end, end)
    }

    /// `length` bytes from where it stopped.
    fn here(&self, length: usize) -> Place {
        self.context.place(self.offset, self.offset + length)
    }

    fn after_operand(&self) -> bool {
        self.previous().is_some_and(|token| ends_operand(token, self.context.text))
    }

    fn in_body(&self) -> bool {
        self.tokens[..self.at].iter().any(|token| token.kind == TokenKind::If)
            || !matches!(self.context.what, What::Clause)
    }

    fn expects(&self, rule: Rule) -> bool {
        self.expected.contains(&rule)
    }

    /// The bracket that is open where it stopped, and the word before it.
    fn open(&self) -> Option<(&'c str, &'c str)> {
        let mut open: Vec<usize> = Vec::new();
        for (at, token) in self.tokens[..self.at].iter().enumerate() {
            match token.kind {
                TokenKind::Open => open.push(at),
                TokenKind::Close => drop(open.pop()),
                _ => {}
            }
        }
        let at = open.pop()?;
        Some((self.text(at), at.checked_sub(1).map_or("", |at| self.text(at))))
    }
}

/// Says what is wrong with a text that the grammar refused.
pub(crate) fn diagnose(context: &Context<'_>, error: &Error<Rule>) -> Diagnostic {
    let tokens: Vec<Token> = scan(context.text).into_iter().filter(|token| !token.is_comment()).collect();
    let position = match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
    };
    let expected: &[Rule] = match &error.variant {
        ErrorVariant::ParsingError { positives, .. } => positives,
        ErrorVariant::CustomError { .. } => &[],
    };
    let at = tokens.partition_point(|token| token.span.end as usize <= position);
    let offset = tokens.get(at).map_or(context.text.trim_end().len(), |token| token.span.start as usize);
    let stuck = Stuck { context, tokens, expected, at, offset };
    declared_name(&stuck)
        .or_else(|| habits::habit(&stuck))
        .or_else(|| at_end(&stuck))
        .or_else(|| duration(&stuck))
        .or_else(|| between(&stuck))
        .unwrap_or_else(|| unexpected(&stuck))
}

/// A reserved word where a declaration names what it declares.
fn declared_name(stuck: &Stuck<'_>) -> Option<Diagnostic> {
    let declares = stuck.at == 1 && matches!(stuck.text(0), "rel" | "entity" | "param" | "input")
        || stuck.at == 2 && (stuck.text(0), stuck.text(1)) == ("open", "rel");
    (declares && RESERVED.contains(&stuck.found())).then(|| reserved(stuck))
}

fn reserved(stuck: &Stuck<'_>) -> Diagnostic {
    let found = stuck.found();
    let message = format!("`{found}` is a reserved word and cannot be a name here");
    Diagnostic::error(codes::RESERVED, stuck.place(), message).help(match stuck.open() {
        Some(("{", _)) => {
            format!("as a column it needs a value: `{found}: x`; as a variable, another name: `{found}_`")
        }
        _ => format!("choose another name, such as `{found}_`"),
    })
}

/// Units of time behind a number, what they are written as, and how many of those they are.
const UNITS: [(&[&str], &str, i64); 7] = [
    (&["second", "seconds"], "s", 1),
    (&["minute", "minutes"], "m", 1),
    (&["hour", "hours"], "h", 1),
    (&["day", "days"], "d", 1),
    (&["week", "weeks"], "w", 1),
    (&["month", "months"], "d", 30),
    (&["year", "years"], "d", 365),
];

/// A number and a unit, apart: durations are one word.
fn duration(stuck: &Stuck<'_>) -> Option<Diagnostic> {
    let number = stuck.previous().filter(|token| token.kind == TokenKind::Number)?;
    let (_, unit, each) = UNITS.iter().find(|(words, ..)| words.contains(&stuck.found()))?;
    let amount = number.text(stuck.context.text).parse::<i64>().ok()?.checked_mul(*each)?;
    let place =
        Place { file: stuck.place().file, span: stuck.context.place_of(number.span).span.cover(stuck.place().span) };
    let written = format!("{amount}{unit}");
    let words = &stuck.context.text[number.span.start as usize..stuck.tokens[stuck.at].span.end as usize];
    let fix = Fix { title: format!("write `{written}`"), edits: vec![(place, written.clone())], safe: false };
    Some(
        Diagnostic::error(codes::HABIT, place, format!("`{words}` is written `{written}` here"))
            .help("durations are a number with `s`, `m`, `h`, `d` or `w` directly behind it, such as `90d`")
            .fix(fix),
    )
}

/// The text ends too early.
fn at_end(stuck: &Stuck<'_>) -> Option<Diagnostic> {
    if stuck.at < stuck.tokens.len() {
        return None;
    }
    let what = stuck.context.what.words();
    let gap = stuck.gap();
    let last = stuck.previous().map_or("", |token| token.text(stuck.context.text));
    if stuck.expects(Rule::stop) && stuck.after_operand() {
        let fix = Fix { title: "add the stop".to_owned(), edits: vec![(gap, ".".to_owned())], safe: true };
        let diagnostic = Diagnostic::error(codes::STOP, gap, "this clause does not end with a `.`")
            .label("the stop is missing here")
            .help("end the clause with `.`; to add a condition, write `,` before it")
            .fix(fix);
        return Some(diagnostic);
    }
    let message = match last {
        "" => format!("{what} is empty"),
        last => format!("{what} ends after `{last}`"),
    };
    Some(Diagnostic::error(codes::UNEXPECTED, gap, message).help(expected::sentence(stuck)))
}

/// Two things that follow each other without what has to stand between.
fn between(stuck: &Stuck<'_>) -> Option<Diagnostic> {
    let kind = stuck.kind(stuck.at)?;
    let begins = matches!(kind, TokenKind::Word | TokenKind::Text | TokenKind::Number | TokenKind::Regex)
        || matches!(stuck.found(), "(" | "[" | "{");
    let gap = stuck.gap();
    let reserved = kind == TokenKind::Word && RESERVED.contains(&stuck.found()) && stuck.found() != "not";
    let goes_on = stuck.expects(Rule::operator) || stuck.expects(Rule::if_);
    let alone = matches!(stuck.context.what, What::Interpolation | What::Value | What::Atom) && stuck.open().is_none();
    if reserved || !begins || alone || !stuck.after_operand() || !goes_on {
        return None;
    }
    let comma = |title: &str| Fix { title: title.to_owned(), edits: vec![(gap, ",".to_owned())], safe: false };
    let found = stuck.found();
    let next_line = stuck.tokens[stuck.at].first;
    match stuck.open() {
        _ if stuck.context.what.ends_with_line() => None,
        Some(("(", word)) if !word.is_empty() && word != "not" || matches!(stuck.open(), Some(("[" | "{", _))) => Some(
            Diagnostic::error(codes::UNEXPECTED, stuck.place(), format!("a `,` is missing before `{found}`"))
                .also(gap, "here")
                .help("arguments are parted by `,`")
                .fix(comma("add the comma")),
        ),
        _ if !stuck.in_body() => Some(
            Diagnostic::error(codes::STOP, stuck.place(), format!("`{found}` cannot follow a head"))
                .also(gap, "the head ends here")
                .help("end a fact with `.`, or begin the body with `:-`"),
        ),
        _ => {
            let help = match next_line {
                true => "part conditions by `,`; if a new clause begins here, end the one before with `.`",
                false => "part conditions by `,`",
            };
            let message = format!("a `,` is missing before `{found}`");
            Some(
                Diagnostic::error(codes::UNEXPECTED, stuck.place(), message)
                    .also(gap, "here")
                    .help(help)
                    .fix(comma("add the comma")),
            )
        }
    }
}

/// Something stands where it cannot: what was found, and what could stand there.
fn unexpected(stuck: &Stuck<'_>) -> Diagnostic {
    let found = stuck.found();
    let what = stuck.context.what.words();
    if stuck.kind(stuck.at) == Some(TokenKind::Word) && RESERVED.contains(&found) {
        return reserved(stuck);
    }
    let shown: String = found.chars().take(40).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    Diagnostic::error(codes::UNEXPECTED, stuck.place(), format!("`{shown}` cannot stand here in {what}"))
        .help(expected::sentence(stuck))
}
