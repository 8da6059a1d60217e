//! The words of the language with what they do, for hovers, completions and signature help. A test holds the lists against
//! the compiler's own.

/// A word.
#[derive(Debug, Clone, Copy)]
pub struct Word {
    /// As written.
    pub word: &'static str,
    /// How it is used.
    pub form: &'static str,
    /// What it does.
    pub about: &'static str,
    /// The type of its value, of functions that always have the same.
    pub ty: &'static str,
}

const fn word(word: &'static str, form: &'static str, about: &'static str) -> Word {
    Word { word, form, about, ty: "" }
}

const fn typed(word: &'static str, form: &'static str, ty: &'static str, about: &'static str) -> Word {
    Word { word, form, about, ty }
}

/// Functions.
pub const FUNCTIONS: [Word; 23] = [
    word("abs", "abs(x)", "The value without its sign: of int, float or duration."),
    typed("basename", "basename(path)", "string", "The last part of a path."),
    typed("date", "date(time)", "time", "Midnight UTC of the day."),
    typed("days", "days(duration)", "int", "Whole days, truncated toward zero."),
    typed("dirname", "dirname(path)", "string", "A path without its last part; empty where there is no `/`."),
    typed("entropy", "entropy(text)", "float", "Shannon entropy in bits per character."),
    typed("label", "label(entity)", "string", "What people call the entity."),
    typed("length", "length(text)", "int", "The number of characters."),
    typed("line", "line(entity)", "int", "The line where the entity stands; no value where that is unknown."),
    typed("lower", "lower(text)", "string", "The text in small letters."),
    word("max2", "max2(a, b)", "The greater of two values."),
    word("min2", "min2(a, b)", "The lesser of two values."),
    typed(
        "parse_float",
        "parse_float(text)",
        "float",
        "The number that the text writes; no value for what is no number.",
    ),
    typed("parse_int", "parse_int(text)", "int", "The number that the text writes; no value for what is no number."),
    typed("parse_time", "parse_time(text)", "time", "The date that the text writes; no value for what is no date."),
    typed("path", "path(entity)", "string", "The file where the entity stands; no value where that is unknown."),
    typed("replace", "replace(text, /re/, with)", "string", "The text with every match replaced; `$1` is a group."),
    typed("round", "round(x)", "int", "The nearest whole number, half away from zero."),
    typed("sha256", "sha256(text)", "string", "The hash in small hexadecimal digits."),
    typed(
        "split",
        "split(text, separator, index)",
        "string",
        "The piece with that number, from 0; no value if there are fewer.",
    ),
    typed("today", "today()", "time", "Midnight UTC of the run's as-of day."),
    typed("trim", "trim(text)", "string", "The text without blanks around it."),
    typed("upper", "upper(text)", "string", "The text in capital letters."),
];

/// Aggregates.
pub const AGGREGATES: [Word; 6] = [
    word(
        "avg",
        "avg { x, key : body }",
        "The mean of the first elements of the distinct tuples; does not match where there are none.",
    ),
    typed("count", "count { x : body }", "int", "How many distinct tuples there are; 0 where there are none."),
    typed("join", "join { text : body }", "string", "The distinct texts, sorted, parted by `, `."),
    word("max", "max { x : body }", "The greatest of the values; does not match where there are none."),
    word("min", "min { x : body }", "The least of the values; does not match where there are none."),
    word(
        "sum",
        "sum { x, key : body }",
        "Adds the first element of each distinct tuple: list the key too, or equal values count once.",
    ),
];

/// Words between operands.
pub const OPERATORS: [Word; 8] = [
    word("contains", "text contains \"part\"", "The text holds the other one."),
    word(
        "else",
        "x else \"value\"",
        "What stands for a value that is missing; left of it stands a variable bound as `x?`.",
    ),
    word("ends_with", "text ends_with \"end\"", "The text ends so."),
    word("in", "x in [\"a\", \"b\"]", "The value is one of these; it binds a variable that is new."),
    word("like", "path like \"src/**/*.{py,ts}\"", "A glob over the whole text; `*` stops at `/`."),
    word(
        "matches",
        "text matches /re/ as (group)",
        "The regex is found in the text; anchor it to match the whole. `as` binds its groups.",
    ),
    word("starts_with", "text starts_with \"begin\"", "The text begins so."),
    word("as", "text matches /(?<g>.)/ as (g)", "Binds the groups of a regex, or names a module anew."),
];

/// Words that are or join conditions and values.
pub const CONDITIONS: [Word; 5] = [
    word("not", "not relation(x)", "The condition, or all in the parentheses together, does not hold."),
    word("or", "( a(x) or b(x) )", "One of the alternatives holds."),
    word("none", "none", "No value: matches a column whose value is missing."),
    word("true", "true", "The truth value."),
    word("false", "false", "The truth value."),
];

/// Words that begin items and statements.
pub const ITEMS: [Word; 12] = [
    word("use", "use std.ai", "Makes the relations, entities and params of a module reachable by its last name."),
    word("entity", "entity Call < Expr", "A kind of thing; its values come from inputs only."),
    word("rel", "rel owns(team: string, system: System)", "A relation that rules fill."),
    word("open", "open rel api(callee: string)", "A relation to which any module may add rules and facts."),
    word("param", "param window: duration = 90d", "A constant that lawbook.toml or a test can override."),
    word("framework", "framework soc2 \"title\" { CC9.2: \"wording\" }", "A framework with its criteria."),
    word(
        "input",
        "input vendor(key name: string) from csv \"vendors.csv\" { name: \"Name\" }",
        "A relation that is read from documents.",
    ),
    word(
        "control",
        "control ID \"title\" { scope(x) :- … violation(x, \"…\") :- … }",
        "What is judged: a population, and when a member fails.",
    ),
    word("test", "test \"name\" { given … expect … }", "Gives files and rows, and expects findings."),
    word("as_of", "as_of 2026-11-20", "The day that `today()` is in the test."),
    word("given", "given file \"path\" = \"\"\"…\"\"\"", "A file, a folder of files or a row that the test works on."),
    word("expect", "expect violation ID(\"subject\")", "What the test expects."),
];

/// Fields of controls.
pub const FIELDS: [Word; 7] = [
    word("severity", "severity: high", "How bad a violation is: info, low, medium, high or critical."),
    word("maps", "maps: soc2/CC9.2, nist-ai-rmf/\"GOVERN 6.1\"", "The criteria that the control answers to."),
    word("remedy", "remedy: \"what to do\"", "What to do about a violation."),
    word("owner", "owner: \"team\"", "Who answers for the control."),
    word("tags", "tags: \"word\", other", "Free words."),
    word("docs", "docs: \"https://…\"", "A page to read."),
    word(
        "needs",
        "needs: vendor.register",
        "Exactly these inputs are required as evidence, in the place of what the rules read.",
    ),
];

/// Types.
pub const TYPES: [Word; 6] = [
    word("string", "string", "Text."),
    word("int", "int", "A whole number of 64 bits."),
    word("float", "float", "A finite number."),
    word("bool", "bool", "`true` or `false`."),
    word("time", "time", "A day or instant, UTC: `2026-11-20`, `2026-11-20T08:30:00Z`."),
    word("duration", "duration", "A length of time: `90d`, `2w`, `15m`."),
];

/// What the heads of a control's block are for.
pub const HEADS: [Word; 3] = [
    word("scope", "scope(subject) :- …", "The population: everything that the control covers."),
    word(
        "violation",
        "violation(subject, \"message\") :- …",
        "When a member of the population fails. `scope(subject)` goes without saying.",
    ),
    word("note", "note(subject, \"message\") :- …", "What is worth telling and does not fail the control."),
];

fn find(words: &'static [Word], word: &str) -> Option<&'static Word> {
    words.iter().find(|known| known.word == word)
}

/// A function.
pub fn function(word: &str) -> Option<&'static Word> {
    find(&FUNCTIONS, word)
}

/// An aggregate.
pub fn aggregate(word: &str) -> Option<&'static Word> {
    find(&AGGREGATES, word)
}

/// A field of a control.
pub fn field(word: &str) -> Option<&'static Word> {
    find(&FIELDS, word)
}

/// An item's or statement's first word, an operator, or a word of a condition.
pub fn keyword(word: &str) -> Option<&'static Word> {
    find(&ITEMS, word).or_else(|| find(&OPERATORS, word)).or_else(|| find(&CONDITIONS, word))
}

/// What a type holds.
pub fn ty(word: &str) -> Option<&'static str> {
    find(&TYPES, word).map(|word| word.about)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_the_language_is_told_of() {
        let told = |kind: &str, word: &str| match kind {
            "Items" | "Test statements" => keyword(word).is_some(),
            "Types" => ty(word).is_some(),
            "Functions" => function(word).is_some(),
            "Aggregates" => aggregate(word).is_some(),
            "Control fields" => field(word).is_some(),
            "Operators" => keyword(word).is_some() || !word.starts_with(|c: char| c.is_alphabetic()),
            _ => true,
        };
        for (kind, words) in lang::vocabulary() {
            for word in words {
                assert!(told(kind, &word), "{kind}: {word}");
            }
        }
        assert_eq!(FUNCTIONS.len(), ir::Function::ALL.len() + 1);
    }
}
