//! `input` items.

use base::{Diagnostic, Place, did_you_mean};
use facts::Type;

use super::types::a;

/// Format words that policies can write.
pub(crate) const FORMATS: [&str; 12] =
    ["json", "yaml", "toml", "hcl", "xml", "ini", "env", "table", "csv", "tsv", "text", "code"];

/// E0630: a format that does not exist.
pub(crate) fn format(place: Place, word: &str) -> Diagnostic {
    let known = || format!("formats are {}", FORMATS.join(", "));
    let help = match word.to_lowercase().as_str() {
        "xlsx" | "xls" | "xlsm" | "ods" | "excel" | "spreadsheet" | "sheet" => {
            "write `table`: it reads xlsx, ods, csv and tsv".to_owned()
        }
        "yml" => "write `yaml`: it reads files of any name".to_owned(),
        "jsonl" | "ndjson" => "write `json`: it reads JSON Lines too".to_owned(),
        "tf" | "terraform" => "write `hcl`: it reads files of any name".to_owned(),
        _ => did_you_mean(word, FORMATS).unwrap_or_else(known),
    };
    Diagnostic::error("E0630", place, format!("there is no format `{word}`")).help(help)
}

/// E0631: formats that cannot be read by one block.
pub(crate) fn mixed_formats(place: Place) -> Diagnostic {
    Diagnostic::error("E0631", place, "`text` and `code` stand alone")
        .help("write a `from` block of its own for each: several blocks may fill one relation")
}

/// E0632: an input that nothing fills.
pub(crate) fn no_source(place: Place, name: &str) -> Diagnostic {
    Diagnostic::error("E0632", place, format!("nothing says where the rows of `{name}` come from"))
        .note("only the standard library declares inputs that built-in extractors fill")
        .help("add `from FORMAT \"pattern\" { column: path, … }`, or declare it with `rel` and fill it by rules")
}

/// E0633: a required column that a block leaves out.
pub(crate) fn unfilled(place: Place, column: &str, relation: &str) -> Diagnostic {
    Diagnostic::error("E0633", place, format!("this block does not fill column `{column}` of `{relation}`"))
        .help(format!("add `{column}: …` to the braces, or declare the column as optional: `{column}: T?`"))
}

/// E0634: one column filled twice by a block.
pub(crate) fn filled_twice(place: Place, first: Place, column: &str) -> Diagnostic {
    Diagnostic::error("E0634", place, format!("column `{column}` is filled twice"))
        .also(first, "first here")
        .help("alternatives are joined by `or`")
}

/// E0635: a name behind `$` that does not exist.
pub(crate) fn mark(place: Place, word: &str) -> Diagnostic {
    let known = ["key", "index", "file", "line", "captured", "text"];
    let help = did_you_mean(word, known).map_or_else(
        || "there are `$key`, `$index`, `$file`, `$line`, `$captured` and `$text`".to_owned(),
        |found| found.replace("did you mean `", "did you mean `$"),
    );
    Diagnostic::error("E0635", place, format!("there is no `${word}`")).help(help)
}

/// E0635: steps behind a mark.
pub(crate) fn after_mark(place: Place) -> Diagnostic {
    Diagnostic::error("E0635", place, "a path ends with its `$…`").help("take what follows away")
}

/// E0636: a decoder that does not exist.
pub(crate) fn decoder(place: Place, word: &str) -> Diagnostic {
    let known = ["json", "base64", "url"];
    let help = did_you_mean(word, known).unwrap_or_else(|| "there are `.json()`, `.base64()` and `.url()`".to_owned());
    Diagnostic::error("E0636", place, format!("there is no `.{word}()`")).help(help)
}

/// E0637: an `as` name used twice, or before it is there.
pub(crate) fn alias_twice(place: Place, name: &str) -> Diagnostic {
    Diagnostic::error("E0637", place, format!("`{name}` already names something of this `each`"))
        .help("choose another name after `as`")
}

/// E0637: a path that begins with a name that comes later.
pub(crate) fn alias_later(place: Place, name: &str) -> Diagnostic {
    Diagnostic::error("E0637", place, format!("`{name}` is named further on"))
        .help("an entry of `each` can begin with the names of entries before it")
}

/// E0638: a conversion of a column that holds no time.
pub(crate) fn conversion(place: Place, column: &str, ty: &Type) -> Diagnostic {
    Diagnostic::error("E0638", place, format!("`as` converts to times, and column `{column}` holds {}", a(ty)))
        .help("declare the column as `time`, or take the conversion away")
}

/// E0638: a conversion that does not exist.
pub(crate) fn conversion_word(place: Place, word: &str) -> Diagnostic {
    let known = ["epoch_s", "epoch_ms"];
    let help = did_you_mean(word, known)
        .unwrap_or_else(|| "write `as epoch_s`, `as epoch_ms` or a pattern: `as \"%d/%m/%Y\"`".to_owned());
    Diagnostic::error("E0638", place, format!("there is no conversion `{word}`")).help(help)
}

/// E0638: a pattern by which no time can be read.
pub(crate) fn time_pattern(place: Place, pattern: &str, reason: &str) -> Diagnostic {
    Diagnostic::error("E0638", place, format!("no time can be read by the pattern `{pattern}`: {reason}"))
        .help("write it as `strftime` does, with year, month and day: `as \"%d/%m/%Y\"`, `as \"%Y%m%dT%H%M%S%z\"`")
}

/// E0639: markers of absence for a column that is always filled.
pub(crate) fn absent_required(place: Place, column: &str) -> Diagnostic {
    Diagnostic::error("E0639", place, format!("column `{column}` is never missing"))
        .help(format!("declare it as `{column}: T?`, or take `none …` away"))
}

/// E0640: a constant that does not go into its column.
pub(crate) fn constant(place: Place, column: &str, ty: &Type) -> Diagnostic {
    Diagnostic::error("E0640", place, format!("column `{column}` holds {}", a(ty)))
        .help("a literal in the braces is the value of the column in every row")
}

/// E0641: `text` without a regex, or a regex without `text`.
pub(crate) fn text_regex(place: Place, needed: bool) -> Diagnostic {
    if needed {
        Diagnostic::error("E0641", place, "`text` needs a regex")
            .help("write `from text \"*.log\" matches /(?<level>\\w+): (?<message>.*)/`")
    } else {
        Diagnostic::error("E0641", place, "only `text` takes a regex here")
            .help("conditions on documents are written `where path matches /…/`")
    }
}

/// E0642: a column that no named group of the regex, or no capture of the query, fills.
pub(crate) fn no_group(place: Place, column: &str, query: bool) -> Diagnostic {
    let (what, help) = match query {
        true => ("capture of the query", format!("name a capture after it: `@{column}`")),
        false => ("group of the regex", format!("name a group after it: `(?<{column}>…)`")),
    };
    Diagnostic::error("E0642", place, format!("no {what} fills column `{column}`")).help(help)
}

/// E0642: a group that the regex does not have, or a capture that the query does not.
pub(crate) fn unknown_group<'a>(
    place: Place,
    name: &str,
    query: bool,
    known: impl Iterator<Item = &'a str>,
) -> Diagnostic {
    let lacks =
        if query { format!("the query has no capture `@{name}`") } else { format!("the regex has no group `{name}`") };
    Diagnostic::error("E0642", place, lacks).maybe_help(did_you_mean(name, known))
}

/// E0643: `headerless` where there are no headings.
pub(crate) fn headerless(place: Place) -> Diagnostic {
    Diagnostic::error("E0643", place, "only `table`, `csv` and `tsv` can be headerless").help("take `headerless` away")
}

/// E0644: something that only blocks of another format have.
pub(crate) fn misplaced(place: Place, what: &str, why: &str) -> Diagnostic {
    Diagnostic::error("E0644", place, format!("{what} has no meaning here")).note(why.to_owned())
}

/// E0645: a document without braces.
pub(crate) fn no_columns(place: Place) -> Diagnostic {
    Diagnostic::error("E0645", place, "this block does not say how columns are filled")
        .help("add `{ column: path, … }`")
}

#[cfg(test)]
mod samples {
    use crate::testing::{check, pin};

    #[test]
    fn inputs_say_where_rows_come_from() {
        pin!(check(
            r##"
input a(x: string)
input b(x: string, y: time?, z: int?) from jsn "b.json" { x: x }
input c(x: string, y: time?, z: int?) from json "**/*.json"
    each A[*] as p, q.B as q, p.C as p
    { y: p.y as epoch, z: q.z as epoch_s, w: q, y: p, x: p.$kez or p.$key.x or p.y.jsn() }
input d(x: string, y: time?) from json "d.json" { y: "yesterday" none "-" }
input e(x: string, y: string?) from text "*.log" matches /(?<y>.)/
input f(x: string) from text "*.log" matches /(?<x>.)/ { x: y }
input g(x: string) from code python "(x) @x" { x: @x }
input h(x: string) from table "{a" headerless
input i(x: string) from json "i.json" where a matches /(/ { x: x none "-" }
input j(x: string) from json "j.json"
input k(x: string) from json "k.json" headerless { x: 3 }
input l(x: string, y: time, z: time) from json "l.json" { x: x, y: y as "%d/%m", z: z as "%K" }
"##
        ));
    }
}
