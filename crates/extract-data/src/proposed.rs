//! The input that would read a table: its heading is the first row that is as full as the table is wide, unless values stand
//! there already.

use std::borrow::Cow;

use extract::Declared;
use facts::Format;

use crate::cells::{Dialect, record, sniff};
use crate::table::{COMMAS, TITLES, extension, is_workbook};
use crate::unready::Declaring;
use crate::workbook;

/// What tells the input of the file at a path, if that is a table by its name.
pub(crate) fn tables(path: &str) -> Option<Declaring> {
    (is_workbook(path) || matches!(&*extension(path), "csv" | "tsv")).then_some(table as Declaring)
}

/// The input that reads the table at a path.
fn table(path: &str, text: &str) -> Option<Declared> {
    if is_workbook(path) {
        let sheets = workbook::sheets(text).into_iter();
        let (_, rows) = sheets.max_by_key(|(_, rows)| rows.lines().count())?;
        return cells(path, Format::Table, rows, COMMAS);
    }
    match &*extension(path) {
        "csv" => cells(path, Format::Csv, text, sniff(text)),
        "tsv" => cells(path, Format::Tsv, text, Dialect { delimiter: b'\t', quotes: true }),
        _ => None,
    }
}

fn cells(path: &str, format: Format, text: &str, dialect: Dialect) -> Option<Declared> {
    let text = text.trim_start_matches('\u{feff}');
    let mut first: Vec<Vec<Cow<'_, str>>> = records(text, dialect).take(TITLES).collect();
    let full = |row: &Vec<Cow<'_, str>>| row.iter().filter(|cell| !cell.is_empty()).count();
    let most = first.iter().map(full).max().filter(|most| *most > 0)?;
    let heading = first.iter().position(|row| full(row) * 5 >= most * 4)?;
    let row = first.swap_remove(heading);
    let value = |cell: &Cow<'_, str>| {
        cell.parse::<f64>().is_ok() || facts::parse_time(cell).is_some() || matches!(&**cell, "true" | "false")
    };
    if row.iter().any(value) {
        return Declared::table(path, format, &[], records(text, dialect));
    }
    let headings: Vec<String> = row.into_iter().map(Cow::into_owned).collect();
    Declared::table(path, format, &headings, records(text, dialect).skip(heading + 1))
}

/// The rows of a table that hold something.
fn records(text: &str, dialect: Dialect) -> impl Iterator<Item = Vec<Cow<'_, str>>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let mut cells = Vec::new();
        while at < text.len() {
            at = record(text, at, dialect, &mut cells).ok()?;
            let row: Vec<Cow<'_, str>> = cells.iter().map(|cell| cell.text(text)).collect();
            if row.iter().any(|cell| !cell.is_empty()) {
                return Some(row);
            }
        }
        None
    })
}

#[cfg(test)]
mod tests {
    /// What the extractors propose for a file, called `r`.
    fn proposed(path: &str, text: &str) -> String {
        let found = crate::extractors().iter().find_map(|reader| reader.declare(path)?(path, text));
        found.map_or_else(|| "nothing".to_owned(), |found| found.write("r"))
    }

    #[test]
    fn tables_are_told_from_their_headings_and_cells() {
        let text = "Vendor Register 2026,,,\n,,,\nVendor Name,SOC 2 report date,DPA signed,Cost\nOpenAI,2026-03-31,yes,1200\nMistral,n/a,no,\n";
        assert_eq!(
            proposed("grc/vendors.csv", text),
            "input r(key vendor_name: string, soc_2_report_date: time?, dpa_signed: bool, cost: int?)\n    from csv \"grc/vendors.csv\"\n    { vendor_name: \"Vendor Name\", soc_2_report_date: \"SOC 2 report date\" none \"n/a\", dpa_signed: \"DPA signed\", cost: \"Cost\" }\n"
        );
        // Headings that are names need no braces; ids padded with zeros are no numbers.
        let text = "id;name;share\n007;a;0.5\n008;a;1\n";
        assert_eq!(
            proposed("x.csv", text),
            "input r(key id: string, name: string, share: float)\n    from csv \"x.csv\"\n"
        );
        assert_eq!(
            proposed("edges.tsv", "a\t1\nb\t2\n"),
            "input r(key column_1: string, column_2: int)\n    from tsv \"edges.tsv\" headerless\n"
        );
    }

    #[test]
    fn dates_are_told_where_one_pattern_reads_them() {
        let text = "who,signed,seen\na,31/03/2026,03/04/2026\na,01/02/2026,05/06/2026\n";
        let found = proposed("x.csv", text);
        assert!(
            found.contains("signed: time, seen: string") && found.contains("\"signed\" as \"%d/%m/%Y\""),
            "{found}"
        );
    }

    #[test]
    fn documents_are_told_from_their_records() {
        let text = "captured: 2026-11-01\nusers:\n  - name: ann\n    mfa: true\n    manager: {mail: b@x}\n    roles: [a]\n  - name: bob\n    mfa: false\n";
        assert_eq!(
            proposed("users.yaml", text),
            "input r(key name: string, mfa: bool, manager_mail: string?)\n    from yaml \"users.yaml\"\n    each users[*]\n    { name: name, mfa: mfa, manager_mail: manager.mail }\n"
        );
        let text = "[{\"Odd key\": 1, \"b\": null}, {\"Odd key\": 2, \"b\": \"x\"}]";
        assert_eq!(
            proposed("x.json", text),
            "input r(key odd_key: int, b: string?)\n    from json \"x.json\"\n    each [*]\n    { odd_key: [\"Odd key\"], b: b }\n"
        );
        // Objects under names of their own.
        let text = "services:\n  web: {image: a, port: 80}\n  db: {image: b}\n";
        assert_eq!(
            proposed("compose.yml", text),
            "input r(key name: string, image: string, port: int?)\n    from yaml \"compose.yml\"\n    each services.*\n    { name: $key, image: image, port: port }\n"
        );
        // One document is one row.
        assert_eq!(
            proposed("a.toml", "title = \"x\"\n[owner]\nname = \"y\"\n"),
            "input r(key title: string, owner_name: string)\n    from toml \"a.toml\"\n    { title: title, owner_name: owner.name }\n"
        );
        let text = "resource \"aws_s3_bucket\" \"logs\" {\n  bucket = \"l\"\n}\nresource \"aws_s3_bucket\" \"data\" {\n  bucket = \"d\"\n}\n";
        assert_eq!(
            proposed("main.tf", text),
            "input r(key name: string, bucket: string)\n    from hcl \"main.tf\"\n    each resource.aws_s3_bucket.*\n    { name: $key, bucket: bucket }\n"
        );
        // Lists and single values under names.
        let text = "rules:\n  web: [{port: 80}, {port: 443}]\n  db: {port: 1}\n";
        assert_eq!(
            proposed("rules.yaml", text),
            "input r(name: string, key port: int)\n    from yaml \"rules.yaml\"\n    each rules.* as a, a[*] as b\n    { name: a.$key, port: port }\n"
        );
    }

    #[test]
    fn what_says_nothing_gives_nothing() {
        for (path, text) in [("x.csv", ""), ("x.csv", ",,\n"), ("x.json", "[1, 2]"), ("x.json", "{"), ("x.py", "a = 1")]
        {
            assert_eq!(proposed(path, text), "nothing", "{text}");
        }
    }
}
