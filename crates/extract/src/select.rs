//! Where a path of an `input` leads in a document. What steps compute (decoded text, `$line`, `$key`) becomes
//! nodes of the same document, so that every result is a node with a place.

use std::borrow::Cow;

use base::Span;
use facts::{Mark, RowPlace, Step};

use crate::document::{Data, Document, Node, NodeId, SyntaxError};
use crate::{Places, decode};

/// Reads JSON out of a text, for `.json()`.
pub type JsonReader = for<'t> fn(&'t str) -> Result<Document<'t>, SyntaxError>;

/// What a document is part of.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Path of the file.
    pub path: &'a str,
    /// Places of the text that the document's spans refer to.
    pub places: &'a Places<'a>,
    /// The reader behind `.json()`.
    pub json: JsonReader,
    /// Headings as written, where the document is a row of a table.
    pub headings: Option<&'a [String]>,
}

impl Context<'_> {
    /// The place of a node.
    pub fn place(&self, document: &Document<'_>, node: NodeId) -> RowPlace {
        self.places.place(document.node(node).span)
    }
}

/// How keys are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keys {
    /// As they are; the last of two equal ones counts.
    Exact,
    /// Trimmed and without regard to case, as headings are; all equal ones count. The path's keys are folded already.
    Folded,
}

/// A heading as it is compared.
pub fn fold(heading: &str) -> String {
    heading.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Every node that the steps lead to from `from`, in the document's order.
pub(crate) fn select(
    document: &mut Document<'_>,
    from: NodeId,
    steps: &[Step],
    keys: Keys,
    context: &Context<'_>,
) -> Vec<NodeId> {
    let mut current = vec![from];
    for step in steps {
        if let (Step::Key(key), Keys::Exact, [only]) = (step, keys, current.as_slice()) {
            match document.get(*only, key) {
                Some(child) => current[0] = child,
                None => return Vec::new(),
            }
            continue;
        }
        let mut next = Vec::new();
        for node in current {
            advance(document, node, step, keys, context, &mut next);
        }
        current = next;
    }
    current
}

fn advance(
    document: &mut Document<'_>,
    node: NodeId,
    step: &Step,
    keys: Keys,
    context: &Context<'_>,
    out: &mut Vec<NodeId>,
) {
    match step {
        Step::Key(key) if keys == Keys::Exact => out.extend(document.get(node, key)),
        Step::Key(key) => {
            let children = document.children(node).iter().copied();
            // The keys of a table's row are folded once, with its heading.
            let row = context.headings.is_some();
            let same = |known: &str| if row { *known == **key } else { fold(known) == **key };
            out.extend(children.filter(|&child| document.node(child).key.as_deref().is_some_and(same)));
        }
        Step::Index(index) => {
            if let Data::List(nodes) = &document.node(node).data {
                out.extend(nodes.get(*index));
            }
        }
        Step::All => match &document.node(node).data {
            Data::List(nodes) => out.extend(nodes),
            Data::Null => {}
            _ => out.push(node),
        },
        Step::Values => {
            if let Data::Object(nodes) = &document.node(node).data {
                out.extend(nodes);
            }
        }
        Step::Deep(key) => deep(document, node, key, out),
        Step::Mark(mark) => {
            if let Some(data) = mark_of(document, node, *mark, context) {
                let span = document.node(node).span;
                out.push(document.add(Node { span, key: None, index: None, data }));
            }
        }
        Step::Json | Step::Base64 | Step::Url => out.extend(decoded(document, node, step, context)),
    }
}

fn deep(document: &Document<'_>, node: NodeId, key: &str, out: &mut Vec<NodeId>) {
    let mut stack: Vec<NodeId> = document.children(node).iter().rev().copied().collect();
    while let Some(at) = stack.pop() {
        if document.node(at).key.as_deref() == Some(key) {
            out.push(at);
        }
        stack.extend(document.children(at).iter().rev());
    }
}

fn mark_of<'t>(document: &Document<'t>, id: NodeId, mark: Mark, context: &Context<'_>) -> Option<Data<'t>> {
    let node = document.node(id);
    let number = |number: u32| Data::Number(Cow::Owned(number.to_string()));
    Some(match mark {
        Mark::Key => Data::Text(node.key.clone()?),
        Mark::Index => number(node.index?),
        Mark::File => Data::Text(Cow::Owned(context.path.to_owned())),
        Mark::Line => number(context.places.line(node.span.start as usize)),
        Mark::Captured => document.node(captured(document)?).data.clone(),
        Mark::Text => Data::Text(match &node.data {
            Data::Text(text) | Data::Number(text) => text.clone(),
            Data::Null => return None,
            Data::Bool(value) => Cow::Owned(value.to_string()),
            Data::List(_) | Data::Object(_) => Cow::Owned(context.places.text().get(node.span.range())?.to_owned()),
        }),
    })
}

/// When the export was taken: what tools write at the head of their documents.
fn captured(document: &Document<'_>) -> Option<NodeId> {
    const NAMES: [&str; 12] = [
        "GeneratedTime",
        "generatedTime",
        "generated_at",
        "generatedAt",
        "captured_at",
        "capturedAt",
        "captured",
        "exported_at",
        "exportedAt",
        "export_date",
        "created_at",
        "timestamp",
    ];
    let within = |node| {
        let mut found = NAMES.iter().filter_map(|name| document.get(node, name));
        found.find(|&id| matches!(document.node(id).data, Data::Text(_) | Data::Number(_)))
    };
    within(document.root()).or_else(|| document.get(document.root(), "metadata").and_then(within))
}

/// The node for what a text encodes. Where the text stands in its file as it is, places inside it are exact;
/// where escapes come between, they are those of the whole text.
fn decoded(document: &mut Document<'_>, id: NodeId, step: &Step, context: &Context<'_>) -> Option<NodeId> {
    let node = document.node(id);
    let span = node.span;
    let Data::Text(text) = &node.data else {
        // Exports differ in whether they encode: what is no text is taken as decoded already.
        let plain = *step == Step::Json && !matches!(node.data, Data::Null);
        return plain.then_some(id);
    };
    let text = text.clone().into_owned();
    let plain = match step {
        Step::Base64 => decode::base64(&text)?,
        Step::Url => decode::url(&text)?,
        _ => {
            let inner = (context.json)(&text).ok()?;
            let source = context.places.text().get(span.range()).unwrap_or_default();
            let shift = source.find(text.as_str());
            return Some(document.adopt(inner, |at: Span| match shift {
                Some(by) => at.shift(span.start as usize + by),
                None => span,
            }));
        }
    };
    Some(document.add(Node { span, key: None, index: None, data: Data::Text(Cow::Owned(plain)) }))
}
