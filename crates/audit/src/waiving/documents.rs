//! Waivers in YAML and JSON: one more entry of the list that the input reads.

use std::fmt::Write;

use facts::{Format, InputDecl, Operand, Root, Step};

use super::{Addition, NewWaiver};

/// A list that an input reads, and the keys of its entries with the columns that they fill.
struct List {
    key: String,
    entries: Vec<(String, String)>,
}

impl List {
    /// The list that an input reads from documents of the format, if it stands right below the document's root.
    fn of(input: &InputDecl, format: &Format) -> Option<List> {
        let source = input.sources.iter().find(|source| source.formats.contains(format))?;
        let key = match (source.each.as_slice(), source.each.first().map(|each| each.path.steps.as_slice())) {
            ([_], Some([Step::Key(key), Step::All])) => key.to_string(),
            _ => return None,
        };
        let entries = source.columns.iter().map(|map| {
            let key = map.alternatives.iter().find_map(|operand| match operand {
                Operand::Path(path) if path.root == Root::Current => match path.steps.as_slice() {
                    [Step::Key(key)] => Some(key.to_string()),
                    _ => None,
                },
                _ => None,
            });
            Some((key?, input.relation.columns[map.column].name.to_string()))
        });
        Some(List { key, entries: entries.collect::<Option<_>>()? })
    }
}

/// The addition to a document in YAML.
pub(super) fn yaml(input: &InputDecl, text: &str, waiver: &NewWaiver) -> Result<Addition, String> {
    let by_hand =
        || "the document is not laid out as a block with a list of waivers: write it there by hand".to_owned();
    let list = List::of(input, &Format::Yaml).ok_or_else(by_hand)?;
    let lines: Vec<(usize, &str)> = text
        .split_inclusive('\n')
        .scan(0, |at, line| {
            let start = *at;
            *at += line.len();
            Some((start, line.trim_end()))
        })
        .collect();
    let says = |line: &str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    let Some(at) = lines.iter().position(|(_, line)| line.split(':').next() == Some(&list.key) && line.contains(':'))
    else {
        // Further keys of a document of keys, or of one that says nothing yet.
        let first = lines.iter().map(|(_, line)| *line).find(|line| says(line) && *line != "---");
        if first.is_some_and(|line| !line.contains(':') || line.starts_with(['[', '{', '-', ' '])) {
            return Err(by_hand());
        }
        let break_ = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
        let text_ = format!("{break_}{}:\n{}", list.key, entry(&list, "  ", waiver));
        return Ok(Addition { start: text.len(), end: text.len(), text: text_ });
    };
    let (start, line) = lines[at];
    let value = line[list.key.len() + 1..].split(" #").next().unwrap_or_default().trim();
    if value == "[]" {
        let open = start + line.find("[]").ok_or_else(by_hand)?;
        let text = format!("\n{}", entry(&list, "  ", waiver).trim_end_matches('\n'));
        // The blank before it goes too.
        let from = text_before(line, open - start);
        return Ok(Addition { start: start + from, end: open + 2, text });
    }
    if !(value.is_empty() || value.starts_with('#')) {
        return Err(by_hand());
    }
    let indent = |line: &str| line.len() - line.trim_start().len();
    let below = &lines[at + 1..];
    let dash = below
        .iter()
        .find(|(_, line)| says(line))
        .map(|(_, line)| *line)
        .filter(|line| line.trim_start().starts_with('-'));
    let deep = dash.map_or(2, indent);
    let goes_on = |line: &str| indent(line) > deep || indent(line) == deep && line.trim_start().starts_with('-');
    let count = below.iter().take_while(|(_, line)| !says(line) || dash.is_some() && goes_on(line)).count();
    let last = below[..count].iter().rposition(|(_, line)| says(line)).map_or(at, |last| at + 1 + last);
    let end = lines.get(last + 1).map_or(text.len(), |(start, _)| *start);
    let break_ = if text[..end].ends_with('\n') { "" } else { "\n" };
    let added = format!("{break_}{}", entry(&list, &" ".repeat(deep), waiver));
    Ok(Addition { start: end, end, text: added })
}

/// Where the blanks begin that stand before a byte of a line.
fn text_before(line: &str, at: usize) -> usize {
    line[..at].trim_end().len()
}

/// An entry of a list in YAML.
fn entry(list: &List, indent: &str, waiver: &NewWaiver) -> String {
    let mut out = String::new();
    for (number, (key, column)) in list.entries.iter().enumerate() {
        let value = waiver.value(column);
        let value = if value.is_empty() { String::new() } else { format!(" {}", scalar(value)) };
        let _ = writeln!(out, "{indent}{} {key}:{value}", if number == 0 { "-" } else { " " });
    }
    out
}

/// A value as YAML has it: quoted unless every reader takes it for a text, or a date, as it is.
fn scalar(value: &str) -> String {
    let plain = value.starts_with(|c: char| c.is_ascii_alphabetic())
        && value.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.' | '/' | '@'))
        && !value.ends_with(' ')
        && !["true", "false", "yes", "no", "on", "off", "null", "y", "n"].contains(&&*value.to_ascii_lowercase());
    match plain || facts::parse_time(value).is_some() {
        true => value.to_owned(),
        false => serde_json::Value::from(value).to_string(),
    }
}

/// The addition to a document in JSON.
pub(super) fn json(input: &InputDecl, text: &str, waiver: &NewWaiver) -> Result<Addition, String> {
    let by_hand = || "the document holds no list of waivers: write it there by hand".to_owned();
    let list = List::of(input, &Format::Json).ok_or_else(by_hand)?;
    let fields = list.entries.iter().map(|(key, column)| {
        let value = waiver.value(column);
        let value = if value.is_empty() { serde_json::Value::Null } else { value.into() };
        format!("{}: {value}", serde_json::Value::from(key.as_str()))
    });
    let entry = format!("{{{}}}", fields.collect::<Vec<_>>().join(", "));
    if text.trim().is_empty() {
        let text_ = format!("{{\n  \"{}\": [\n    {entry}\n  ]\n}}\n", list.key);
        return Ok(Addition { start: 0, end: text.len(), text: text_ });
    }
    let brackets = List::brackets(&list.key, text).ok_or_else(by_hand)?;
    let inside = &text[brackets.0 + 1..brackets.1];
    let filled = inside.trim_end().len();
    let start = brackets.0 + 1 + filled;
    if filled == 0 {
        let text = format!("\n    {entry}\n  ");
        return Ok(Addition { start, end: brackets.1, text });
    }
    // As the entry before it stands: on a line of its own, or beside.
    let line = inside.trim_start_matches([' ', '\t']);
    let blanks = match line.strip_prefix("\r\n").or(line.strip_prefix('\n')) {
        Some(rest) => format!("\n{}", &rest[..rest.len() - rest.trim_start_matches([' ', '\t']).len()]),
        None => " ".to_owned(),
    };
    Ok(Addition { start, end: start, text: format!(",{blanks}{entry}") })
}

impl List {
    /// The bytes of the brackets of the list that stands under a key of the outermost object.
    fn brackets(key: &str, text: &str) -> Option<(usize, usize)> {
        let (mut depth, mut open, mut last) = (0_usize, None, None);
        let mut bytes = text.bytes().enumerate();
        while let Some((at, byte)) = bytes.next() {
            match byte {
                b'"' => {
                    let mut end = at;
                    while let Some((next, byte)) = bytes.next() {
                        match byte {
                            b'\\' => drop(bytes.next()),
                            b'"' => {
                                end = next;
                                break;
                            }
                            _ => {}
                        }
                    }
                    last = text.get(at + 1..end);
                }
                b'[' | b'{' => {
                    if byte == b'[' && depth == 1 && last == Some(key) && open.is_none() {
                        open = Some(at);
                    }
                    depth += 1;
                }
                b']' | b'}' => {
                    depth = depth.saturating_sub(1);
                    if let Some(open) = open
                        && depth == 1
                    {
                        return Some((open, at));
                    }
                }
                _ => {}
            }
        }
        None
    }
}
