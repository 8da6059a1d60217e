//! The `input` that would read a file, told from the file itself: what there is one row for, columns with their types, and
//! where each comes from. Nobody has to type the headings of a register by hand.
//!
//! It is a proposal for people to go over: of a column that holds dates in one form that only one pattern reads, a pattern is
//! told; where two would, the column stays a text.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::Arc;

use facts::{Column, ColumnMap, Each, Format, InputSource, Mark, Operand, Path, Root, Step, TimeFormat, Type};

use crate::document::{Data, Document, NodeId};
use crate::select::fold;

/// Columns told of at most: who needs more adds them.
const COLUMNS: usize = 24;
/// How deep objects inside of a record are looked into.
const INSIDE: usize = 3;
/// How deep the list of records may lie.
const DEPTH: usize = 8;
/// Records that are looked at.
const RECORDS: usize = 20_000;
/// Distinct values of a column that are told apart.
const DISTINCT: usize = 20_000;
/// Texts that often stand for a missing value.
const ABSENT: [&str; 12] =
    ["n/a", "N/A", "NA", "-", "none", "None", "null", "unknown", "tbd", "TBD", "no_information", "not_supported"];
/// Forms of dates beside those that need no word.
const PATTERNS: [&str; 8] =
    ["%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%Y/%m/%d", "%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%d-%b-%Y"];

/// An input that reads a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Declared {
    /// Its columns.
    pub columns: Vec<Column>,
    /// Where they come from.
    pub source: InputSource,
}

impl Declared {
    /// The input that reads a table with these headings; those of a table without are empty.
    pub fn table<'t>(
        path: &str,
        format: Format,
        headings: &[String],
        rows: impl Iterator<Item = Vec<Cow<'t, str>>>,
    ) -> Option<Declared> {
        let headerless = headings.is_empty();
        let mut seen: Vec<Seen> = Vec::new();
        let mut wide = 0;
        for row in rows.take(RECORDS) {
            wide = wide.max(row.len());
            seen.resize_with(wide.max(headings.len()), Seen::default);
            for (at, seen) in seen.iter_mut().enumerate() {
                seen.text(row.get(at).map_or("", |cell| cell));
            }
        }
        seen.resize_with(wide.max(headings.len()), Seen::default);
        let taken = seen.into_iter().enumerate().filter_map(|(at, seen)| {
            let heading = headings.get(at).map_or("", |heading| heading.trim());
            // A column without a heading cannot be named.
            (headerless || !heading.is_empty()).then(|| {
                let name = if headerless { format!("column_{}", at + 1) } else { heading.to_owned() };
                (name, Operand::Heading(heading.into()), seen)
            })
        });
        let most = if headerless { usize::MAX } else { COLUMNS };
        let mut found = declared(path, format, Vec::new(), taken.take(most).collect())?;
        found.source.headerless = headerless;
        // Columns that are called as the headings need no braces.
        let plain = |map: &ColumnMap| {
            let named = matches!(map.alternatives.as_slice(), [Operand::Heading(heading)] if fold(heading) == *found.columns[map.column].name);
            named && map.time.is_none() && map.absent.is_empty()
        };
        if headerless || found.source.columns.iter().all(plain) {
            found.source.columns.clear();
        }
        Some(found)
    }

    /// The input that reads documents of one kind.
    pub fn documents(path: &str, format: Format, documents: &[Document<'_>]) -> Option<Declared> {
        let (way, records) = records(documents);
        let mut fields: Vec<Field> = Vec::new();
        for (number, &(document, record)) in records.iter().take(RECORDS).enumerate() {
            look(&documents[document], record, &mut fields, number);
        }
        let shown = records.len().min(RECORDS);
        fields.iter_mut().for_each(|field| field.seen.missing |= field.records < shown);
        let (each, key) = iterations(&way);
        let key = key.map(|operand| {
            let mut seen = Seen::default();
            for &(document, record) in records.iter().take(RECORDS) {
                // Entries of a list stand under the key of their list: it names several of them.
                seen.text(documents[document].node(record).key.as_deref().unwrap_or("entries"));
                seen.twice |= documents[document].node(record).key.is_none();
            }
            ("name".to_owned(), operand, seen)
        });
        let fields = fields.into_iter().map(|field| {
            let operand = Operand::Path(Path { root: Root::Current, steps: field.steps.clone() });
            (field.name(), operand, field.seen)
        });
        declared(path, format, each, key.into_iter().chain(fields).take(COLUMNS).collect())
    }

    /// As policies write it, under a name.
    pub fn write(&self, name: &str) -> String {
        let column = |column: &Column| {
            let (key, optional) = (if column.key { "key " } else { "" }, if column.optional { "?" } else { "" });
            format!("{key}{}: {}{optional}", column.name, column.ty)
        };
        let columns: Vec<String> = self.columns.iter().map(column).collect();
        let format = self.source.formats.first().map_or("table", Format::name);
        let pattern = facts::write_literal(&facts::Value::Text(self.source.pattern.clone()));
        let mut out = format!("input {name}({})\n    from {format} {pattern}", columns.join(", "));
        if self.source.headerless {
            out.push_str(" headerless");
        }
        for (number, each) in self.source.each.iter().enumerate() {
            out.push_str(if number == 0 { "\n    each " } else { ", " });
            out.push_str(&written(&each.path, &self.source.each));
            if let Some(alias) = &each.alias {
                let _ = write!(out, " as {alias}");
            }
        }
        if !self.source.columns.is_empty() {
            let maps: Vec<String> = self.source.columns.iter().map(|map| self.mapping(map)).collect();
            let _ = write!(out, "\n    {{ {} }}", maps.join(", "));
        }
        out.push('\n');
        out
    }

    fn mapping(&self, map: &ColumnMap) -> String {
        let mut out = format!("{}: ", self.columns[map.column].name);
        for (number, operand) in map.alternatives.iter().enumerate() {
            out.push_str(if number == 0 { "" } else { " or " });
            match operand {
                Operand::Path(path) => out.push_str(&written(path, &self.source.each)),
                Operand::Heading(text) => out.push_str(&facts::write_literal(&facts::Value::Text(text.clone()))),
                Operand::Constant(value) => out.push_str(&facts::write_literal(value)),
                Operand::Capture(name) => {
                    let _ = write!(out, "@{name}");
                }
            }
        }
        if let Some(TimeFormat::Pattern(pattern)) = &map.time {
            let _ = write!(out, " as {}", facts::write_literal(&facts::Value::Text(pattern.clone())));
        }
        for (number, absent) in map.absent.iter().enumerate() {
            let _ = write!(out, "{}", if number == 0 { " none " } else { ", " });
            out.push_str(&facts::write_literal(&facts::Value::Text(absent.clone())));
        }
        out
    }
}

/// A path as policies write it.
fn written(path: &Path, each: &[Each]) -> String {
    let mut out = match path.root {
        Root::Current => String::new(),
        Root::Each(at) => each.get(at).and_then(|each| each.alias.as_deref()).unwrap_or_default().to_owned(),
    };
    for step in &path.steps {
        let dot = if out.is_empty() { "" } else { "." };
        match step {
            Step::Key(key) if is_word(key) => out.extend([dot, key]),
            Step::Key(key) => out.extend(["[", &facts::write_literal(&facts::Value::Text(key.clone())), "]"]),
            Step::All => out.push_str("[*]"),
            Step::Values => out.push_str(".*"),
            Step::Mark(Mark::Key) => out.extend([dot, "$key"]),
            // No other is made here.
            _ => {}
        }
    }
    out
}

fn is_word(key: &str) -> bool {
    let first = key.chars().next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    first && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// A name of a policy for a heading, a key or a file: `SOC 2 report date` is `soc_2_report_date`, `userName` `user_name`.
pub fn policy_name(text: &str) -> String {
    let mut out = String::new();
    let mut before = ' ';
    for c in text.chars() {
        let ascii = c.is_ascii_alphanumeric();
        let hump = c.is_ascii_uppercase() && (before.is_ascii_lowercase() || before.is_ascii_digit());
        if (hump || !ascii) && !out.is_empty() && !out.ends_with('_') {
            out.push('_');
        }
        if ascii {
            out.push(c.to_ascii_lowercase());
        }
        before = c;
    }
    let out = out.trim_end_matches('_');
    match out.chars().next() {
        None => "value".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("n{out}"),
        Some(_) => out.to_owned(),
    }
}

/// What was seen of a column.
#[derive(Debug)]
struct Seen {
    present: usize,
    missing: bool,
    /// Of the values that are present and do not stand for a missing one.
    bools: usize,
    ints: usize,
    floats: usize,
    times: usize,
    patterns: [usize; PATTERNS.len()],
    /// Values that may stand for a missing one.
    absent: BTreeSet<String>,
    absents: usize,
    distinct: BTreeSet<String>,
    twice: bool,
}

impl Default for Seen {
    fn default() -> Self {
        Seen {
            present: 0,
            missing: false,
            bools: 0,
            ints: 0,
            floats: 0,
            times: 0,
            patterns: [0; PATTERNS.len()],
            absent: BTreeSet::new(),
            absents: 0,
            distinct: BTreeSet::new(),
            twice: false,
        }
    }
}

impl Seen {
    fn data(&mut self, data: &Data<'_>) {
        match data {
            Data::Null => self.missing = true,
            Data::Bool(value) => {
                self.note(if *value { "true" } else { "false" });
                self.bools += 1;
            }
            Data::Number(text) | Data::Text(text) => self.text(text),
            Data::List(_) | Data::Object(_) => {}
        }
    }

    fn note(&mut self, text: &str) {
        self.present += 1;
        if self.distinct.len() < DISTINCT {
            self.twice |= !self.distinct.insert(text.to_owned());
        }
    }

    fn text(&mut self, text: &str) {
        let text = text.trim();
        if text.is_empty() {
            self.missing = true;
            return;
        }
        self.note(text);
        if ABSENT.contains(&text) {
            self.absents += 1;
            self.absent.insert(text.to_owned());
            return;
        }
        self.bools += usize::from(matches!(text.to_ascii_lowercase().as_str(), "true" | "false" | "yes" | "no"));
        // `007` is a name made of digits.
        let digits = text.trim_start_matches('-');
        let padded = digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.");
        let number = !padded && digits.starts_with(|c: char| c.is_ascii_digit());
        self.ints += usize::from(number && text.parse::<i64>().is_ok());
        self.floats += usize::from(number && text.parse::<f64>().is_ok_and(f64::is_finite));
        self.times += usize::from(facts::parse_time(text).is_some());
        for (count, pattern) in self.patterns.iter_mut().zip(PATTERNS) {
            *count += usize::from(facts::parse_time_as(pattern, text).is_some());
        }
    }

    /// The type, and the pattern of its dates if they need one.
    fn ty(&self) -> (Type, Option<TimeFormat>) {
        let all = self.present - self.absents;
        if all == 0 {
            return (Type::String, None);
        }
        if self.bools == all {
            return (Type::Bool, None);
        }
        if self.ints == all {
            return (Type::Int, None);
        }
        if self.floats == all {
            return (Type::Float, None);
        }
        if self.times == all {
            return (Type::Time, None);
        }
        let mut fitting = self.patterns.iter().zip(PATTERNS).filter(|(count, _)| **count == all);
        match (fitting.next(), fitting.next()) {
            (Some((_, pattern)), None) => (Type::Time, Some(TimeFormat::Pattern(pattern.into()))),
            _ => (Type::String, None),
        }
    }

    /// Whether its values can name rows.
    fn names(&self) -> bool {
        let dates = self.patterns.contains(&self.present);
        self.present > 0 && !self.missing && !self.twice && self.absents == 0 && !dates
    }
}

/// The input of columns: name as it is written, where from, and what was seen.
fn declared(path: &str, format: Format, each: Vec<Each>, found: Vec<(String, Operand, Seen)>) -> Option<Declared> {
    if found.is_empty() {
        return None;
    }
    let mut names: BTreeSet<String> = BTreeSet::new();
    let (mut columns, mut maps): (Vec<Column>, Vec<ColumnMap>) = (Vec::new(), Vec::new());
    for (number, (written, operand, seen)) in found.into_iter().enumerate() {
        let base = policy_name(&written);
        let mut name = base.clone();
        let mut count = 2;
        while !names.insert(name.clone()) {
            name = format!("{base}_{count}");
            count += 1;
        }
        let (ty, time) = seen.ty();
        let key = seen.names() && matches!(ty, Type::String | Type::Int) && columns.iter().all(|column| !column.key);
        let absent = if ty == Type::String { BTreeSet::new() } else { seen.absent };
        let optional = seen.missing || seen.present == 0 || !absent.is_empty();
        let absent = absent.into_iter().map(Arc::from).collect();
        maps.push(ColumnMap { column: number, alternatives: vec![operand], absent, time });
        columns.push(Column { name: name.into(), ty, optional, key, doc: "".into() });
    }
    let source = InputSource {
        formats: vec![format],
        pattern: path.into(),
        headerless: false,
        conditions: Vec::new(),
        incomplete: Vec::new(),
        each,
        columns: maps,
    };
    Some(Declared { columns, source })
}

/// A value inside of records.
struct Field {
    steps: Vec<Step>,
    seen: Seen,
    /// Records that have it.
    records: usize,
    last: Option<usize>,
}

impl Field {
    fn name(&self) -> String {
        let keys = self.steps.iter().filter_map(|step| match step {
            Step::Key(key) => Some(&**key),
            _ => None,
        });
        keys.collect::<Vec<_>>().join(" ")
    }
}

/// Takes in the values of a record, those of objects inside it too.
fn look(document: &Document<'_>, record: NodeId, fields: &mut Vec<Field>, number: usize) {
    let mut open: Vec<(NodeId, Vec<Step>)> = vec![(record, Vec::new())];
    while let Some((node, way)) = open.pop() {
        let mut inside = Vec::new();
        for &child in document.children(node) {
            let Some(key) = &document.node(child).key else { continue };
            let mut steps = way.clone();
            steps.push(Step::Key(key.as_ref().into()));
            match &document.node(child).data {
                Data::List(_) => {}
                Data::Object(_) if steps.len() < INSIDE => inside.push((child, steps)),
                Data::Object(_) => {}
                data => {
                    let at = fields.iter().position(|field| field.steps == steps).or_else(|| {
                        // Objects that are dictionaries have more keys than anybody wants as columns.
                        (fields.len() < 4 * COLUMNS).then(|| {
                            fields.push(Field { steps, seen: Seen::default(), records: 0, last: None });
                            fields.len() - 1
                        })
                    });
                    let Some(field) = at.map(|at| &mut fields[at]) else { continue };
                    field.seen.data(data);
                    field.records += usize::from(field.last.replace(number) != Some(number));
                }
            }
        }
        open.extend(inside.into_iter().rev());
    }
}

/// Values of documents, by the number of the document.
type Found = Vec<(usize, NodeId)>;
/// Steps and what they lead to.
type Way = (Vec<Step>, Found);

/// The way to the objects that there is one row for, and where they are: the most that a list holds, or an object of objects;
/// else the documents themselves.
fn records(documents: &[Document<'_>]) -> Way {
    let roots: Found = documents.iter().enumerate().map(|(number, document)| (number, document.root())).collect();
    let kind = |(document, node): &(usize, NodeId)| &documents[*document].node(*node).data;
    let objects =
        |nodes: &[(usize, NodeId)]| !nodes.is_empty() && nodes.iter().all(|node| matches!(kind(node), Data::Object(_)));
    let mut best: Way = (Vec::new(), Vec::new());
    let mut open: Vec<Way> = vec![(Vec::new(), roots.clone())];
    while let Some((way, nodes)) = open.pop() {
        let children = |nodes: &[(usize, NodeId)]| -> Found {
            let of = |(document, node): &(usize, NodeId)| {
                documents[*document].children(*node).iter().map(|child| (*document, *child)).collect::<Vec<_>>()
            };
            nodes.iter().flat_map(of).collect()
        };
        let mut take = |way: Vec<Step>, nodes: Found| {
            if nodes.len() > best.1.len() || nodes.len() == best.1.len() && way.len() < best.0.len() {
                best = (way, nodes);
            }
        };
        let with = |step: Step| way.iter().cloned().chain([step]).collect::<Vec<Step>>();
        // Lists give their entries, and what lies in those is theirs.
        if nodes.iter().all(|node| matches!(kind(node), Data::List(_))) {
            let entries = children(&nodes);
            if objects(&entries) {
                take(with(Step::All), entries);
            }
            continue;
        }
        if !objects(&nodes) || way.len() >= DEPTH {
            continue;
        }
        let values = children(&nodes);
        // An object of two and more objects, or lists of them, that are made alike.
        if values.len() > 1 && alike(documents, &values) {
            match objects(&values) {
                true => take(with(Step::Values), values.clone()),
                false => {
                    // Beside lists a single value counts as a list of one.
                    let (lists, single): (Vec<_>, Vec<_>) =
                        values.iter().copied().partition(|value| matches!(kind(value), Data::List(_)));
                    let entries = [children(&lists), single].concat();
                    if objects(&entries) {
                        take([with(Step::Values), vec![Step::All]].concat(), entries);
                    }
                }
            }
        }
        let mut keys: Vec<Arc<str>> = Vec::new();
        for (document, node) in &values {
            if let Some(key) = &documents[*document].node(*node).key
                && !matches!(kind(&(*document, *node)), Data::Null | Data::Bool(_) | Data::Number(_) | Data::Text(_))
                && keys.len() < 64
                && keys.iter().all(|known| **known != **key)
            {
                keys.push(key.as_ref().into());
            }
        }
        for key in keys {
            let below =
                nodes.iter().filter_map(|(document, node)| Some((*document, documents[*document].get(*node, &key)?)));
            let below = below.collect();
            open.push((with(Step::Key(key)), below));
        }
    }
    // One entry of a list in one document is less telling than the document.
    if best.1.len() < roots.len().max(1) || best.1.is_empty() {
        return (Vec::new(), roots.into_iter().filter(|root| matches!(kind(root), Data::Object(_))).collect());
    }
    best
}

/// Whether containers are made alike: there are lists among them, or they are objects that share a key.
fn alike(documents: &[Document<'_>], nodes: &[(usize, NodeId)]) -> bool {
    let data = |(document, node): &(usize, NodeId)| &documents[*document].node(*node).data;
    let lists = nodes.iter().all(|node| matches!(data(node), Data::List(_) | Data::Object(_)))
        && nodes.iter().any(|node| matches!(data(node), Data::List(_)));
    let first = nodes.first().map(|(document, node)| {
        let document = &documents[*document];
        document.children(*node).iter().filter_map(|child| document.node(*child).key.clone()).collect::<Vec<_>>()
    });
    let shared = |key: &Cow<'_, str>| {
        nodes.iter().all(|(document, node)| {
            let document = &documents[*document];
            matches!(document.node(*node).data, Data::Object(_)) && document.get(*node, key).is_some()
        })
    };
    lists || first.is_some_and(|keys| keys.iter().take(64).any(shared))
}

/// The entries of `each` for a way, and where the key comes from that the records stand under.
fn iterations(way: &[Step]) -> (Vec<Each>, Option<Operand>) {
    if way.is_empty() {
        return (Vec::new(), None);
    }
    let path = |root: Root, steps: &[Step]| Path { root, steps: steps.to_vec() };
    let key = |root: Root| Operand::Path(path(root, &[Step::Mark(Mark::Key)]));
    let values = way.iter().position(|step| *step == Step::Values);
    match values {
        Some(at) if at + 1 == way.len() => {
            (vec![Each { path: path(Root::Current, way), alias: None }], Some(key(Root::Current)))
        }
        Some(at) => {
            let outer = Each { path: path(Root::Current, &way[..=at]), alias: Some("a".into()) };
            let inner = Each { path: path(Root::Each(0), &way[at + 1..]), alias: Some("b".into()) };
            (vec![outer, inner], Some(key(Root::Each(0))))
        }
        None => (vec![Each { path: path(Root::Current, way), alias: None }], None),
    }
}
