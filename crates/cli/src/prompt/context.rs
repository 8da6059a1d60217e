//! Where in a statement the cursor stands: in which atom, at which of its arguments, inside a text or not.

use std::collections::BTreeMap;

/// A column, by its place or by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    Number(usize),
    Name(String),
}

/// What is open around the end of a text.
#[derive(Debug, Default)]
pub struct Context {
    open: Vec<Open>,
    /// Where the text that the cursor is in begins, behind its quote.
    pub text: Option<usize>,
    /// Names that are no relations, in the order of their first use.
    pub variables: Vec<String>,
    bound: BTreeMap<String, (String, Place)>,
    /// What stands before the text that the cursor is in.
    before: String,
}

/// An open bracket.
#[derive(Debug)]
struct Open {
    bracket: char,
    /// The name directly before it.
    name: String,
    argument: usize,
    given: Vec<String>,
    /// The column that the argument at hand is for, once its colon is there.
    field: Option<String>,
    /// The names of the argument at hand.
    words: Vec<String>,
}

impl Open {
    fn place(&self) -> Option<Place> {
        match (self.bracket, &self.field) {
            ('(', _) => Some(Place::Number(self.argument)),
            ('{', Some(field)) => Some(Place::Name(field.clone())),
            _ => None,
        }
    }

    /// Whether it opens an atom's arguments: aggregates are no atoms.
    fn is_atom(&self) -> bool {
        !self.name.is_empty() && !["avg", "count", "join", "max", "min", "sum"].contains(&self.name.as_str())
    }
}

impl Context {
    /// The context at the end of a text.
    pub fn of(text: &str) -> Context {
        let mut context = Context::default();
        let mut word = String::new();
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            if c.is_alphanumeric() || c == '_' || (c == '.' && !word.is_empty()) {
                word.push(c);
                continue;
            }
            let name = std::mem::take(&mut word);
            match c {
                '(' | '{' | '[' => context.opens(c, name),
                ')' | '}' | ']' => {
                    context.word(name);
                    context.argument_ends();
                    context.open.pop();
                }
                ',' => {
                    context.word(name);
                    context.argument_ends();
                    if let Some(open) = context.open.last_mut() {
                        open.argument += 1;
                    }
                }
                ':' => context.colon(name),
                '"' => {
                    context.word(name);
                    let mut escaped = false;
                    let closed = chars.any(|(_, c)| {
                        let closes = c == '"' && !escaped;
                        escaped = c == '\\' && !escaped;
                        closes
                    });
                    if !closed {
                        context.text = Some(at + 1);
                        context.before = text[..at].to_owned();
                        return context;
                    }
                }
                _ => context.word(name),
            }
        }
        // The last word is still being typed: it is no variable yet.
        context
    }

    fn opens(&mut self, bracket: char, name: String) {
        self.open.push(Open { bracket, name, argument: 0, given: Vec::new(), field: None, words: Vec::new() });
    }

    fn word(&mut self, word: String) {
        let is_name = word.starts_with(|c: char| c.is_alphabetic() || c == '_') && !word.contains('.');
        if !is_name {
            return;
        }
        if let Some(open) = self.open.last_mut() {
            open.words.push(word.clone());
        }
        const WORDS: [&str; 11] =
            ["as", "contains", "else", "ends_with", "in", "like", "matches", "none", "not", "or", "starts_with"];
        let is_field =
            self.open.last().is_some_and(|open| open.bracket == '{' && open.is_atom() && open.field.is_none());
        if word != "_" && !WORDS.contains(&word.as_str()) && !is_field && !self.variables.contains(&word) {
            self.variables.push(word);
        }
    }

    fn colon(&mut self, name: String) {
        match self.open.last_mut().filter(|open| open.bracket == '{' && open.is_atom()) {
            Some(open) => open.field = Some(name),
            None => self.word(name),
        }
    }

    /// An argument is through: its column is given, and a variable that stands alone has its values.
    fn argument_ends(&mut self) {
        let Some(open) = self.open.last_mut().filter(|open| open.is_atom()) else { return };
        let words = std::mem::take(&mut open.words);
        let alone = match words.as_slice() {
            [one] => Some(one.clone()),
            _ => None,
        };
        // `owner` alone is short for `owner: owner`.
        let field = open.field.take().or_else(|| alone.clone().filter(|_| open.bracket == '{'));
        let place = match open.bracket {
            '(' => Some(Place::Number(open.argument)),
            _ => field.clone().map(Place::Name),
        };
        open.given.extend(field);
        if let (Some(variable), Some(place)) = (alone, place) {
            let relation = open.name.clone();
            if !self.variables.contains(&variable) {
                self.variables.push(variable.clone());
            }
            self.bound.entry(variable).or_insert((relation, place));
        }
    }

    /// The column whose value the text under the cursor is: of the atom around it, or of the variable that it is compared with.
    pub fn value_of(&self) -> Option<(String, Place)> {
        if let Some(open) = self.open.last().filter(|open| open.is_atom()) {
            return Some((open.name.clone(), open.place()?));
        }
        let mut before = self.before.trim_end();
        if let Some(list) = before.rfind('[').filter(|_| self.open.last().is_some_and(|open| open.bracket == '[')) {
            before = before[..list].trim_end();
        }
        let operators = ["!=", "<=", ">=", "=", "<", ">", "contains", "starts_with", "ends_with", "in"];
        let rest = operators.into_iter().find_map(|operator| before.strip_suffix(operator))?.trim_end();
        let rest = rest.strip_suffix("not").map_or(rest, str::trim_end);
        let start = rest.rfind(|c: char| !(c.is_alphanumeric() || c == '_')).map_or(0, |at| at + 1);
        self.bound.get(rest.get(start..)?).cloned()
    }

    /// The relation whose column comes next, and the columns given already; nothing unless the cursor is at a field.
    pub fn fields(&self) -> Option<(String, Vec<String>)> {
        let open = self.open.last()?;
        let at_field = open.bracket == '{' && open.is_atom() && open.field.is_none();
        at_field.then(|| (open.name.clone(), open.given.clone()))
    }

    /// Whether the cursor is at an argument of an atom or a function, where no relation can stand.
    pub fn inside_atom(&self) -> bool {
        self.open.last().is_some_and(|open| open.is_atom() && ["(", "{"].contains(&open.bracket.to_string().as_str()))
            && self.open.last().is_some_and(|open| !["not", "or"].contains(&open.name.as_str()))
    }
}
