//! What names of other languages are called here. Looked at only where a name leads nowhere, so nothing that is
//! declared can be mistaken for a habit.

/// Functions and operators of SQL, Python, Rego, spreadsheets and others, in lower case, and what to write.
const FUNCTIONS: [(&[&str], &str); 19] = [
    (&["lowercase", "lower_case", "to_lower", "tolower", "lcase", "casefold"], "write `lower(s)`"),
    (&["uppercase", "upper_case", "to_upper", "toupper", "ucase"], "write `upper(s)`"),
    (&["strip", "trim_space", "btrim"], "write `trim(s)`"),
    (&["len", "strlen", "char_length", "size"], "write `length(s)`; rows are counted with `count { x : … }`"),
    (
        &["now", "current_date", "curdate", "getdate", "sysdate", "time_now"],
        "write `today()`: the as-of day of the run",
    ),
    (&["date_diff", "datediff", "timediff"], "subtract: `days(a - b)`"),
    (&["concat", "concat_ws", "sprintf", "format", "printf"], "texts are put together by interpolation: `\"{a}/{b}\"`"),
    (&["coalesce", "ifnull", "nvl", "isnull"], "bind the column as `x?`, then write `x else 0`"),
    (&["int", "to_int", "to_number", "integer", "atoi"], "write `parse_int(s)`"),
    (&["float", "to_float", "double"], "write `parse_float(s)`"),
    (
        &["to_date", "str_to_date", "datetime", "strptime", "to_timestamp"],
        "write `parse_time(s)`; literals are written `2026-11-20`",
    ),
    (&["str", "to_string", "string", "text"], "put it into a text: `\"{x}\"`"),
    (&["greatest"], "write `max2(a, b)`"),
    (&["least"], "write `min2(a, b)`"),
    (&["substr", "substring", "mid", "left", "right"], "capture it: `s matches /^(…)/ as (part)`"),
    (&["regexp_replace", "sub", "gsub", "re_sub"], "write `replace(s, /…/, \"…\")`"),
    (&["split_part"], "write `split(s, \"/\", 0)`, counted from 0"),
    (&["dir", "dirname_of", "parent"], "write `dirname(s)`"),
    (&["ceil", "floor", "trunc"], "write `round(x)`; a quotient of ints is cut to an int"),
];

/// Functions of other languages that are conditions here.
const CONDITIONS: [(&[&str], &str); 9] = [
    (&["contains", "includes", "instr", "strpos"], "write `x contains \"…\"`"),
    (&["startswith", "starts_with", "has_prefix", "hasprefix"], "write `x starts_with \"…\"`"),
    (&["endswith", "ends_with", "has_suffix", "hassuffix"], "write `x ends_with \"…\"`"),
    (&["matches", "match", "regex", "regexp_like", "re_match", "search", "fullmatch"], "write `x matches /…/`"),
    (&["like", "glob", "fnmatch"], "write `x like \"*.py\"`"),
    (&["is_null", "isnull", "is_none", "isempty", "is_empty"], "bind the column as `x?`, then write `x = none`"),
    (&["not_null", "notnull", "exists", "is_present"], "a plain variable in the column matches present values only"),
    (&["member", "is_in", "any_of", "one_of"], "write `x in [\"a\", \"b\"]`"),
    (&["between"], "write both bounds: `x >= 1, x <= 9`"),
];

/// Aggregates of other languages, and those of ours written as functions.
const AGGREGATES: [&str; 8] = ["count", "sum", "min", "max", "avg", "average", "mean", "count_distinct"];

/// Types of other languages.
const TYPES: [(&[&str], &str); 6] = [
    (&["date", "datetime", "timestamp", "timestamptz", "day", "instant"], "time"),
    (&["str", "text", "varchar", "char", "nvarchar", "symbol"], "string"),
    (&["integer", "number", "long", "bigint", "int64", "i64", "smallint", "unsigned"], "int"),
    (&["double", "decimal", "real", "numeric", "float64", "f64"], "float"),
    (&["boolean", "bit"], "bool"),
    (&["interval", "timedelta", "period", "days"], "duration"),
];

/// What to write for a function that does not exist.
pub(crate) fn function(name: &str) -> Option<String> {
    let name = name.to_lowercase();
    if AGGREGATES.contains(&name.as_str()) {
        return Some(aggregate(&name));
    }
    lookup(&FUNCTIONS, &name).or_else(|| lookup(&CONDITIONS, &name)).map(str::to_owned)
}

/// What to write for a condition `name(…)` that is no relation.
pub(crate) fn condition(name: &str) -> Option<String> {
    let lower = name.to_lowercase();
    if AGGREGATES.contains(&lower.as_str()) {
        return Some(aggregate(&lower));
    }
    let known = ir::Function::ALL.iter().any(|(known, _)| *known == name);
    match known {
        true => Some(format!("`{name}` is a function and gives a value: compare it, as in `{name}(x) = y`")),
        false => lookup(&CONDITIONS, &lower).or_else(|| lookup(&FUNCTIONS, &lower)).map(str::to_owned),
    }
}

/// The type that is meant.
pub(crate) fn ty(name: &str) -> Option<&'static str> {
    lookup(&TYPES, &name.to_lowercase())
}

fn aggregate(name: &str) -> String {
    match name {
        "min" | "max" => format!("over rows: `{name} {{ x : relation{{column: x}} }}`; of two values: `{name}2(a, b)`"),
        "average" | "mean" => "over rows: `avg { x, key : relation{key, column: x} }`".to_owned(),
        "sum" | "avg" => format!("over rows: `{name} {{ x, key : relation{{key, column: x}} }}`"),
        _ => "rows are counted with `count { x : relation(x) }`".to_owned(),
    }
}

fn lookup(table: &[(&[&str], &'static str)], name: &str) -> Option<&'static str> {
    table.iter().find(|(names, _)| names.contains(&name)).map(|(_, meant)| *meant)
}

#[cfg(test)]
mod samples {
    use crate::testing::{check, pin};

    #[test]
    fn names_of_other_languages_are_told() {
        pin!(check(
            r##"
rel d(name: str, day: datetime)
rel e(name: string, n: int)
e(x, n) :- e(x, _), n = len(x).
e(x, n) :- e(x, n), contains(x, "a").
e(x, n) :- e(x, n), length(x).
e(x, n) :- e(x, _), n = count(x).
e(x, n) :- e(x, n), parse_time(x) < now().
e(x, n) :- e(x, n), is_null(n).
"##
        ));
    }
}
