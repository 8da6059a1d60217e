//! What could come next at the cursor: relations, columns not yet given, values from the facts, functions, commands.

use super::commands::COMMANDS;
use super::context::{Context, Place};

/// Words that bodies are made of.
const WORDS: [&str; 14] = [
    "as",
    "contains",
    "else",
    "ends_with",
    "false",
    "in",
    "like",
    "matches",
    "none",
    "not",
    "or",
    "starts_with",
    "today()",
    "true",
];
const AGGREGATES: [&str; 6] = ["avg", "count", "join", "max", "min", "sum"];
/// Candidates offered of one kind.
const MOST: usize = 100;

/// A relation that can be named.
#[derive(Debug, Clone)]
pub struct Relation {
    pub name: String,
    pub columns: Vec<String>,
}

/// What completion knows.
pub trait Vocabulary {
    /// All relations, by name.
    fn relations(&self) -> Vec<Relation>;
    /// Texts in a column, the most frequent first.
    fn values(&mut self, relation: &str, column: usize) -> Vec<String>;
}

/// What may stand in the place of `text[start..cursor]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    pub start: usize,
    pub candidates: Vec<Candidate>,
}

/// Something that may be put in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// As it is listed.
    pub shown: String,
    /// What is put in.
    pub text: String,
}

/// Completes a text at a cursor, a byte offset.
pub fn complete(text: &str, cursor: usize, vocabulary: &mut dyn Vocabulary) -> Completion {
    let before = text.get(..cursor).unwrap_or(text);
    if let Some(found) = command(before) {
        return match found {
            Found::Done(completion) => completion,
            Found::Body(offset) => {
                let mut completion = complete(&text[offset..], cursor - offset, vocabulary);
                completion.start += offset;
                completion
            }
            Found::Relation(start) => relations(before, start, &vocabulary.relations()),
        };
    }
    let all = vocabulary.relations();
    let context = Context::of(before);
    let columns = |name: &str| find(&all, name).map(|relation| relation.columns.clone()).unwrap_or_default();
    if let Some(start) = context.text {
        let Some((relation, place)) = context.value_of() else { return Completion { start, candidates: Vec::new() } };
        let column = match &place {
            Place::Number(number) => Some(*number),
            Place::Name(name) => columns(&relation).iter().position(|column| column == name),
        };
        let values = column.map(|column| vocabulary.values(&relation, column)).unwrap_or_default();
        return texts(before, start, text[cursor..].starts_with('"'), &values);
    }
    let start = before.len() - word(before).len();
    let typed = &before[start..];
    if let Some((relation, given)) = context.fields() {
        let free = columns(&relation).into_iter().filter(|column| !given.contains(column) && column.starts_with(typed));
        let candidates = free.map(|column| Candidate { text: format!("{column}: "), shown: column });
        return Completion { start, candidates: candidates.collect() };
    }
    let mut completion = match context.inside_atom() {
        true => Completion { start, candidates: Vec::new() },
        false => relations(before, start, &all),
    };
    let plain = |text: &str| Candidate { shown: text.to_owned(), text: text.to_owned() };
    if !typed.contains('.') {
        let variables = context.variables.iter().map(String::as_str).filter(|name| *name != typed);
        completion.candidates.extend(variables.filter(|name| name.starts_with(typed)).map(plain));
        let functions = ir::Function::ALL.iter().map(|(name, _)| *name).filter(|name| name.starts_with(typed));
        if !typed.is_empty() {
            completion
                .candidates
                .extend(functions.map(|name| Candidate { shown: format!("{name}()"), text: format!("{name}(") }));
            completion.candidates.extend(WORDS.into_iter().filter(|name| name.starts_with(typed)).map(plain));
            completion.candidates.extend(
                AGGREGATES
                    .into_iter()
                    .filter(|name| name.starts_with(typed))
                    .map(|name| Candidate { shown: format!("{name} {{ }}"), text: format!("{name} {{ ") }),
            );
        }
    }
    completion.candidates.dedup();
    completion
}

/// The word that the text ends with, dots included.
fn word(text: &str) -> &str {
    let start = text.rfind(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.'));
    let start = start.map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
    &text[start..]
}

enum Found {
    Done(Completion),
    /// A body begins there.
    Body(usize),
    /// The name of a relation begins there.
    Relation(usize),
}

/// Completes commands; nothing if the text is none.
fn command(before: &str) -> Option<Found> {
    let rest = before.strip_prefix(':').filter(|rest| !rest.starts_with('-'))?;
    let Some((name, arguments)) = rest.split_once(' ') else {
        let names = COMMANDS.iter().filter(|(name, ..)| name.starts_with(rest));
        let candidates = names.map(|(name, arguments, _)| Candidate {
            shown: format!(":{name}"),
            text: if arguments.is_empty() { (*name).to_owned() } else { format!("{name} ") },
        });
        return Some(Found::Done(Completion { start: 1, candidates: candidates.collect() }));
    };
    let start = before.len() - arguments.len();
    let choices = |words: &[&str]| {
        let fitting = words.iter().filter(|word| word.starts_with(arguments));
        let candidates = fitting.map(|word| Candidate { shown: (*word).to_owned(), text: (*word).to_owned() });
        Found::Done(Completion { start, candidates: candidates.collect() })
    };
    Some(match name {
        "explain" | "why-not" | "e" | "w" => Found::Body(start),
        "schema" | "relations" | "load" | "s" | "r" => Found::Relation(start),
        "format" => choices(&["table", "tsv", "json", "csv"]),
        "time" => choices(&["on", "off"]),
        "limit" => choices(&["off"]),
        _ => choices(&[]),
    })
}

/// Relations whose name, or else its last part, begins as typed.
fn relations(before: &str, start: usize, all: &[Relation]) -> Completion {
    let typed = &before[start..];
    let begins = |relation: &&Relation| relation.name.starts_with(typed);
    let last = |relation: &&Relation| {
        !typed.is_empty() && relation.name.rsplit('.').next().is_some_and(|last| last.starts_with(typed))
    };
    let mut found: Vec<&Relation> = all.iter().filter(begins).take(MOST).collect();
    if found.is_empty() {
        found = all.iter().filter(last).take(MOST).collect();
    }
    let candidates = found
        .into_iter()
        .map(|relation| Candidate {
            shown: format!("{}{{{}}}", relation.name, relation.columns.join(", ")),
            text: relation.name.clone(),
        })
        .collect();
    Completion { start, candidates }
}

/// The relation of that name, or whose name ends with it.
fn find<'r>(all: &'r [Relation], name: &str) -> Option<&'r Relation> {
    let ends = |relation: &&Relation| relation.name.ends_with(&format!(".{name}"));
    all.iter().find(|relation| relation.name == name).or_else(|| all.iter().find(ends))
}

/// Values for a text that begins at `start`, behind its quote: those that begin as typed, else those that hold it.
fn texts(before: &str, start: usize, closed: bool, values: &[String]) -> Completion {
    let typed = before[start..].to_lowercase();
    let begins = values.iter().filter(|value| value.to_lowercase().starts_with(&typed));
    let mut found: Vec<&String> = begins.take(MOST).collect();
    if found.is_empty() {
        found = values.iter().filter(|value| value.to_lowercase().contains(&typed)).take(MOST).collect();
    }
    let candidates = found.into_iter().map(|value| {
        let literal = facts::write_literal(&facts::Value::text(value.as_str()));
        let inside = literal.strip_prefix('"').unwrap_or(&literal);
        let text = if closed { inside.strip_suffix('"').unwrap_or(inside) } else { inside };
        Candidate { shown: literal.clone(), text: text.to_owned() }
    });
    Completion { start, candidates: candidates.collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Known;

    impl Vocabulary for Known {
        fn relations(&self) -> Vec<Relation> {
            let relation = |name: &str, columns: &[&str]| Relation {
                name: name.to_owned(),
                columns: columns.iter().map(|column| (*column).to_owned()).collect(),
            };
            vec![
                relation("ai.model_call", &["call", "provider", "model"]),
                relation("vendor.entry", &["vendor", "name"]),
                relation("vendor.register", &["name", "owner", "dpa_signed"]),
            ]
        }

        fn values(&mut self, relation: &str, column: usize) -> Vec<String> {
            match (relation, column) {
                ("vendor.register", 0) => vec!["OpenAI".to_owned(), "Anthropic".to_owned(), "a \"b\"".to_owned()],
                ("ai.model_call", 1) => vec!["OpenAI".to_owned()],
                _ => Vec::new(),
            }
        }
    }

    /// Checks what is put in at the `|` of a text, and where.
    #[track_caller]
    fn check(marked: &str, expected: &[&str]) {
        let cursor = marked.find('|').expect("a cursor");
        let text = marked.replacen('|', "", 1);
        let completion = complete(&text, cursor, &mut Known);
        let found: Vec<String> = completion
            .candidates
            .iter()
            .map(|candidate| format!("{}{}", &text[..completion.start], candidate.text))
            .collect();
        assert_eq!(found, expected, "{marked}");
    }

    #[test]
    fn relations_complete_by_name_and_by_its_last_part() {
        check("vendor.r|", &["vendor.register"]);
        check("vendor.|", &["vendor.entry", "vendor.register"]);
        check("ai.model_call{call: c}, reg|", &["ai.model_call{call: c}, vendor.register"]);
        check("not ven|dor", &["not vendor.entry", "not vendor.register"]);
        check("n = count { v : vendor.e|", &["n = count { v : vendor.entry"]);
        check("zz|", &[]);
    }

    #[test]
    fn columns_complete_once() {
        check(
            "vendor.register{|",
            &["vendor.register{name: ", "vendor.register{owner: ", "vendor.register{dpa_signed: "],
        );
        check("vendor.register{name: n, o|", &["vendor.register{name: n, owner: "]);
        check("register{owner?, name, |", &["register{owner?, name, dpa_signed: "]);
        check("vendor.register{name: lower(x), d|", &["vendor.register{name: lower(x), dpa_signed: "]);
        check("nosuch{|", &[]);
    }

    #[test]
    fn values_complete_in_texts() {
        check("vendor.register{name: \"Op|", &["vendor.register{name: \"OpenAI\""]);
        check("vendor.register{name: \"op|\"", &["vendor.register{name: \"OpenAI"]);
        check("vendor.register(\"thro|", &["vendor.register(\"Anthropic\""]);
        check("ai.model_call(c, \"|", &["ai.model_call(c, \"OpenAI\""]);
        check("vendor.register{name: \"a |", &["vendor.register{name: \"a \\\"b\\\"\""]);
        check(
            "vendor.register{name: n}, n = \"A|",
            &["vendor.register{name: n}, n = \"Anthropic\"", "vendor.register{name: n}, n = \"a \\\"b\\\"\""],
        );
        check(
            "vendor.register(n, _, _), n in [\"OpenAI\", \"An|",
            &["vendor.register(n, _, _), n in [\"OpenAI\", \"Anthropic\""],
        );
        check("x = \"A|", &[]);
    }

    #[test]
    fn variables_functions_and_words_complete() {
        check("vendor.register{name: number}, nu|", &["vendor.register{name: number}, number"]);
        check("vendor.register{name: low|", &["vendor.register{name: lower("]);
        check("vendor.register(vx, _, _), x = length(v|", &["vendor.register(vx, _, _), x = length(vx"]);
        check("n = cou|", &["n = count { "]);
        check("a(x), sta|", &["a(x), starts_with"]);
    }

    #[test]
    fn commands_and_their_arguments_complete() {
        check(":ex|", &[":explain "]);
        check(":format t|", &[":format table", ":format tsv"]);
        check(":schema vendor.r|", &[":schema vendor.register"]);
        check(":why-not vendor.register{name: \"Open|", &[":why-not vendor.register{name: \"OpenAI\""]);
    }
}
