//! Small examples inside a page: programs without a name, and tables of expressions with their values.
//!
//! A program is written to `example.law` and evaluated there, so that it can `use` and read what the page laid out before.
//! A table becomes one program with a rule for each row, which holds if the row tells the truth.

use super::page::Row;
use super::sandbox::{Ran, Sandbox};

/// The day on which examples run.
const AS_OF: &str = "2026-11-20";

/// What evaluating the program prints of these relations; of all derived ones where none are named.
pub fn evaluate(sandbox: &Sandbox, program: &str, relations: &[String]) -> Ran {
    sandbox.write("example.law", program);
    let mut arguments = vec!["eval", "example.law", "--as-of", AS_OF];
    arguments.extend(relations.iter().flat_map(|name| ["--relation", name]));
    sandbox.run(&arguments)
}

/// What is wrong with a program of which nothing is shown.
pub fn trouble(sandbox: &Sandbox, program: &str) -> Option<String> {
    let ran = evaluate(sandbox, program, &[]);
    let fine = ran.status == 0 && ran.stderr.is_empty();
    (!fine).then(|| format!("a program that shows no output is not in order:\n{program}\n{}", ran.stderr))
}

/// Which rows of a table are not true.
pub fn wrong(sandbox: &Sandbox, rows: &[Row]) -> Option<String> {
    let mut program = "rel holds(row: int)\n".to_owned();
    for (n, row) in rows.iter().enumerate() {
        program += &format!("holds({n}) :- {}.\n", claim(row));
    }
    let ran = evaluate(sandbox, &program, &["holds".to_owned()]);
    let held: Vec<&str> = ran.stdout.lines().collect();
    let missing = rows.iter().enumerate().filter(|(n, _)| !held.contains(&n.to_string().as_str()));
    let text: String = missing.map(|(_, row)| format!("  `{}` does not give `{}`\n", row.example, row.gives)).collect();
    // Lints of constants, of which examples are full, are no matter here.
    let fine = text.is_empty() && ran.status == 0;
    (!fine).then(|| format!("a table of examples is wrong:\n{text}{}", ran.stderr))
}

/// The body that holds if the row tells the truth.
fn claim(Row { example, gives }: &Row) -> String {
    match gives.as_str() {
        "true" => example.clone(),
        "false" => format!("not ( {example} )"),
        "no value" => format!("not ( _x = {example} )"),
        value => format!("{example} = {value}"),
    }
}
