//! YAML into documents: several in a file, the core schema of YAML 1.2 (so `on` and `yes` are text and dates stay text),
//! anchors and aliases with a cap on what they expand to, merge keys, and unknown tags such as `!Ref` passed over.
//!
//! The parser counts characters; [`Bytes`] finds the bytes.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::documents::Each;
use base::Span;
use extract::{Builder, Data, Document, NodeId, SyntaxError};
use saphyr_parser::{Event, Parser, ScalarStyle, Span as Marks, Tag};

/// How many values the aliases of one document may stand for.
const MAX_EXPANSION: usize = 1 << 20;

/// How often a text is mended.
const MAX_REPAIRS: usize = 64;

/// All documents of a text.
pub(crate) fn documents(text: &str, each: Each<'_>) {
    let mut mended = Cow::Borrowed(text);
    let mut given = 0;
    for repair in 0..=MAX_REPAIRS {
        let mut number = 0;
        // Documents before the broken place were given in the round before.
        let outcome = read(&mended, &mut |document| {
            number += 1;
            if number > given {
                given = number;
                each(Ok(document));
            }
        });
        let Err(error) = outcome else { return };
        match mend(&mended, &error) {
            Some(better) if repair < MAX_REPAIRS => mended = Cow::Owned(better),
            _ => return each(Err(error)),
        }
    }
}

/// Quoted text that goes on in lines no deeper than its key, which templates hold and other parsers accept: its line breaks
/// become blanks, as folding makes of them anyway. Every byte stays in its place.
fn mend(text: &str, error: &SyntaxError) -> Option<String> {
    if error.message != "invalid indentation in quoted scalar" {
        return None;
    }
    let mut bytes = text.as_bytes().to_vec();
    let quote = *bytes.get(error.at).filter(|byte| matches!(byte, b'"' | b'\''))?;
    let mut at = error.at + 1;
    let mut changed = false;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if quote == b'"' => at += 1,
            b'\'' if quote == b'\'' && bytes.get(at + 1) == Some(&b'\'') => at += 1,
            byte if byte == quote => return if changed { String::from_utf8(bytes).ok() } else { None },
            b'\n' | b'\r' => {
                bytes[at] = b' ';
                changed = true;
            }
            _ => {}
        }
        at += 1;
    }
    None
}

fn read(text: &str, each: &mut dyn FnMut(Document<'_>)) -> Result<(), SyntaxError> {
    let bytes = Bytes::new(text);
    let mut reader = Reader::new(text, &bytes);
    for event in Parser::new_from_str(text) {
        let (event, marks) = event.map_err(|error| SyntaxError::new(bytes.at(error.marker().index()), error.info()))?;
        if let Some(document) = reader.event(event, marks)? {
            each(document);
        }
    }
    Ok(())
}

struct Reader<'t, 'b> {
    text: &'t str,
    bytes: &'b Bytes<'t>,
    builder: Builder<'t>,
    anchors: BTreeMap<usize, NodeId>,
    /// Open containers with their anchors: an alias to one of them would hold itself.
    open: Vec<Open>,
    expanded: usize,
    /// Inside a key that is a list or an object: how deep, and where it began.
    complex: Option<(usize, usize)>,
}

struct Open {
    anchor: usize,
    merges: Vec<NodeId>,
    merging: bool,
}

impl<'t, 'b> Reader<'t, 'b> {
    fn new(text: &'t str, bytes: &'b Bytes<'t>) -> Self {
        Reader {
            text,
            bytes,
            builder: Builder::new(),
            anchors: BTreeMap::new(),
            open: Vec::new(),
            expanded: 0,
            complex: None,
        }
    }

    fn event(&mut self, event: Event<'t>, marks: Marks) -> Result<Option<Document<'t>>, SyntaxError> {
        let span = Span::new(
            self.bytes.at(marks.start.index()),
            self.bytes.at(marks.end.index()).max(self.bytes.at(marks.start.index())),
        );
        if self.complex.is_some() {
            self.within_key(&event, span);
            return Ok(None);
        }
        match event {
            Event::DocumentStart(_) => {
                self.builder = Builder::new();
                self.anchors.clear();
                self.open.clear();
                self.expanded = 0;
            }
            Event::DocumentEnd => return Ok(Some(std::mem::take(&mut self.builder).finish())),
            Event::Scalar(text, style, anchor, tag) => self.scalar(text, style, anchor, tag.as_deref(), span)?,
            Event::Alias(anchor) => self.alias(anchor, span)?,
            Event::SequenceStart(anchor, _) => self.container(Data::List(Vec::new()), anchor, span)?,
            Event::MappingStart(anchor, _) => self.container(Data::Object(Vec::new()), anchor, span)?,
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
            Event::Nothing | Event::StreamStart | Event::StreamEnd => {}
        }
        Ok(None)
    }

    /// Whether what comes next is a key.
    fn key_due(&self) -> bool {
        !self.builder.has_key() && matches!(self.builder.open_node().map(|node| &node.data), Some(Data::Object(_)))
    }

    fn scalar(
        &mut self,
        text: Cow<'t, str>,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        span: Span,
    ) -> Result<(), SyntaxError> {
        if self.key_due() {
            let merging = text == "<<" && style == ScalarStyle::Plain;
            if let Some(open) = self.open.last_mut() {
                open.merging = merging;
            }
            self.builder.key(text);
            return Ok(());
        }
        let data = resolve(text, style, tag);
        let node = self.builder.scalar(span, data)?;
        self.remember(anchor, node);
        Ok(())
    }

    fn container(&mut self, data: Data<'t>, anchor: usize, span: Span) -> Result<(), SyntaxError> {
        if self.key_due() {
            self.complex = Some((1, span.start as usize));
            return Ok(());
        }
        let node = self.builder.open(span, data)?;
        self.note_merge(node);
        self.open.push(Open { anchor, merges: Vec::new(), merging: false });
        Ok(())
    }

    /// Inside a key that is no scalar: its source is the key.
    fn within_key(&mut self, event: &Event<'t>, span: Span) {
        let Some((depth, start)) = &mut self.complex else { return };
        match event {
            Event::SequenceStart(..) | Event::MappingStart(..) => *depth += 1,
            Event::SequenceEnd | Event::MappingEnd => *depth -= 1,
            _ => {}
        }
        if *depth == 0 {
            let key = self.text.get(*start..span.end as usize).unwrap_or_default().trim();
            self.complex = None;
            self.builder.key(Cow::Borrowed(key));
        }
    }

    fn close(&mut self, span: Span) {
        // A block ends where the next thing begins: the blank space between is not part of it.
        let end = self.text[..span.end as usize].trim_end().len();
        let Some(node) = self.builder.close(end) else { return };
        if let Some(open) = self.open.pop() {
            self.merge(node, &open.merges);
            self.remember(open.anchor, node);
        }
    }

    fn remember(&mut self, anchor: usize, node: NodeId) {
        if anchor > 0 {
            self.anchors.insert(anchor, node);
        }
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<(), SyntaxError> {
        let known = self.anchors.get(&anchor).copied();
        if self.key_due() {
            let text = known.and_then(|node| match &self.builder.node(node).data {
                Data::Text(text) | Data::Number(text) => Some(text.clone()),
                _ => None,
            });
            let written = || Cow::Borrowed(self.text.get(span.range()).unwrap_or_default());
            let key = text.unwrap_or_else(written);
            self.builder.key(key);
            return Ok(());
        }
        let Some(node) = known else {
            return Err(SyntaxError::new(span.start as usize, "the alias stands inside what it refers to"));
        };
        let copy = self.copy(node, span)?;
        self.note_merge(copy);
        Ok(())
    }

    /// Copies a finished value to where the builder stands. Its depth is bounded, as it was built by the builder.
    fn copy(&mut self, node: NodeId, alias: Span) -> Result<NodeId, SyntaxError> {
        self.expanded += 1;
        if self.expanded > MAX_EXPANSION {
            let message = format!("the aliases stand for more than {MAX_EXPANSION} values");
            return Err(SyntaxError::new(alias.start as usize, message));
        }
        let original = self.builder.node(node);
        let span = original.span;
        let (empty, children) = match &original.data {
            Data::List(nodes) => (Data::List(Vec::new()), nodes.clone()),
            Data::Object(nodes) => (Data::Object(Vec::new()), nodes.clone()),
            scalar => {
                let scalar = scalar.clone();
                return self.builder.scalar(span, scalar);
            }
        };
        let copy = self.builder.open(span, empty)?;
        for child in children {
            if let Some(key) = self.builder.node(child).key.clone() {
                self.builder.key(key);
            }
            self.copy(child, alias)?;
        }
        self.builder.close(span.end as usize);
        Ok(copy)
    }

    /// Notes the value of a `<<` key.
    fn note_merge(&mut self, node: NodeId) {
        if let Some(open) = self.open.last_mut()
            && std::mem::take(&mut open.merging)
        {
            open.merges.push(node);
        }
    }

    /// Puts the values that `<<` brings before the object's own; own keys win, then earlier sources.
    fn merge(&mut self, node: NodeId, merges: &[NodeId]) {
        if merges.is_empty() {
            return;
        }
        let nodes = |builder: &Builder<'t>, id: NodeId| match &builder.node(id).data {
            Data::List(nodes) | Data::Object(nodes) => nodes.clone(),
            _ => Vec::new(),
        };
        let own: Vec<NodeId> = nodes(&self.builder, node).into_iter().filter(|id| !merges.contains(id)).collect();
        let mut taken: std::collections::BTreeSet<Cow<'t, str>> =
            own.iter().filter_map(|&id| self.builder.node(id).key.clone()).collect();
        let mut merged = Vec::new();
        for &source in merges {
            let objects = match &self.builder.node(source).data {
                Data::List(nodes) => nodes.clone(),
                _ => vec![source],
            };
            for object in objects {
                let values = nodes(&self.builder, object).into_iter();
                merged.extend(
                    values.filter(|&id| self.builder.node(id).key.clone().is_some_and(|key| taken.insert(key))),
                );
            }
        }
        merged.extend(own);
        self.builder.set_children(node, merged);
    }
}

/// What a scalar is by the core schema.
fn resolve<'t>(text: Cow<'t, str>, style: ScalarStyle, tag: Option<&Tag>) -> Data<'t> {
    match tag {
        Some(tag) if tag.is_yaml_core_schema() && tag.suffix != "str" && tag.suffix != "binary" => {}
        Some(_) => return Data::Text(text),
        None if style != ScalarStyle::Plain => return Data::Text(text),
        None => {}
    }
    match &*text {
        "" | "~" | "null" | "Null" | "NULL" => Data::Null,
        "true" | "True" | "TRUE" => Data::Bool(true),
        "false" | "False" | "FALSE" => Data::Bool(false),
        plain if is_number(plain) => Data::Number(text),
        plain => match radix(plain) {
            Some(value) => Data::Number(Cow::Owned(value.to_string())),
            None => Data::Text(text),
        },
    }
}

/// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && unsigned.contains(|c: char| c.is_ascii_digit())
        && unsigned.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'-' | b'+'))
        && text.parse::<f64>().is_ok()
}

fn radix(text: &str) -> Option<u64> {
    let digits = |digits: &str, radix| {
        digits.bytes().all(|b| b.is_ascii_alphanumeric()).then(|| u64::from_str_radix(digits, radix).ok()).flatten()
    };
    match text.split_at_checked(2)? {
        ("0x", hex) => digits(hex, 16),
        ("0o", octal) => digits(octal, 8),
        _ => None,
    }
}

/// From characters to bytes: where every 128th character begins.
struct Bytes<'t> {
    text: &'t str,
    /// Empty for ASCII, where both counts agree.
    marks: Vec<u32>,
}

impl<'t> Bytes<'t> {
    const STRIDE: usize = 128;

    fn new(text: &'t str) -> Self {
        let marks = match text.is_ascii() {
            true => Vec::new(),
            false => text.char_indices().step_by(Self::STRIDE).map(|(at, _)| at as u32).collect(),
        };
        Bytes { text, marks }
    }

    fn at(&self, character: usize) -> usize {
        if self.marks.is_empty() {
            return character.min(self.text.len());
        }
        let Some(&mark) = self.marks.get(character / Self::STRIDE) else { return self.text.len() };
        let rest = &self.text[mark as usize..];
        let further = rest.char_indices().nth(character % Self::STRIDE).map_or(rest.len(), |(at, _)| at);
        mark as usize + further
    }
}
