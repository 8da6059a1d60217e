//! XML into the document model: an element is an object of its attributes and child elements, several of one name are a list;
//! one that holds nothing but text is that text, beside attributes or children the text is `#text`. An attribute that shares its
//! name with a child is `@name`. Names go without their namespace prefix, since exports of one kind differ in it. Entities of a
//! document's own are never expanded.

use std::borrow::Cow;

use base::Span;
use extract::{Data, Document, MAX_DEPTH, SyntaxError};
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use crate::documents::Each;
use crate::merged::{Object, Value};

/// The document of a text.
pub(crate) fn documents(text: &str, each: Each<'_>) {
    each(document(text));
}

/// An element whose end is still to come.
struct Element<'t> {
    name: String,
    attributes: Vec<(String, Value<'t>)>,
    children: Object<'t>,
    text: String,
}

fn document(text: &str) -> Result<Document<'_>, SyntaxError> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().allow_dangling_amp = true;
    let mut root = Object::new(Span::new(0, text.len()));
    let mut open: Vec<Element<'_>> = Vec::new();
    let mut version = XmlVersion::Implicit1_0;
    loop {
        let start = reader.buffer_position() as usize;
        let event = reader
            .read_event()
            .map_err(|error| SyntaxError::new(reader.error_position() as usize, lower(&error.to_string())))?;
        let span = Span::new(start, reader.buffer_position() as usize);
        let around = open.last_mut().map(|element| &mut element.text);
        match event {
            Event::Decl(decl) => version = decl.xml_version().unwrap_or(version),
            Event::Start(tag) => {
                if open.len() >= MAX_DEPTH {
                    return Err(SyntaxError::new(start, format!("elements nest deeper than {MAX_DEPTH}")));
                }
                open.push(element(&tag, span, version)?);
            }
            Event::Empty(tag) => {
                let element = element(&tag, span, version)?;
                close(element, span.end as usize, &mut open, &mut root);
            }
            Event::End(_) => {
                if let Some(element) = open.pop() {
                    close(element, span.end as usize, &mut open, &mut root);
                }
            }
            Event::Text(inner) => {
                if let Some(text) = around {
                    text.push_str(&inner.xml_content(version));
                }
            }
            Event::CData(inner) => {
                if let Some(text) = around {
                    text.push_str(&inner.xml_content(version));
                }
            }
            Event::GeneralRef(reference) => {
                if let Some(text) = around {
                    let char = reference.resolve_char_ref().ok().flatten();
                    let name = reference.into_inner();
                    match (char, predefined(&name)) {
                        (Some(char), _) | (None, Some(char)) => text.push(char),
                        (None, None) => text.push_str(&format!("&{name};")),
                    }
                }
            }
            Event::Comment(_) | Event::PI(_) | Event::DocType(_) => {}
            Event::Eof => break,
        }
    }
    match open.pop() {
        Some(element) => {
            Err(SyntaxError::new(element.children.span.start as usize, format!("`<{}>` is never closed", element.name)))
        }
        None if root.is_empty() => Err(SyntaxError::new(0, "there is no element")),
        None => root.document(),
    }
}

/// The character of an entity that XML itself defines.
pub(crate) fn predefined(name: &str) -> Option<char> {
    Some(match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        _ => return None,
    })
}

fn element<'t>(tag: &BytesStart<'_>, span: Span, version: XmlVersion) -> Result<Element<'t>, SyntaxError> {
    let mut attributes = Vec::new();
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(|error| SyntaxError::new(span.start as usize, lower(&error.to_string())))?;
        if attribute.key.as_namespace_binding().is_some() {
            continue;
        }
        // A reference that cannot be resolved stays as it is written.
        let value = attribute.normalized_value(version).map_or_else(|_| attribute.value.to_string(), Cow::into_owned);
        let name = attribute.key.local_name().into_inner().to_owned();
        attributes.push((name, Value::Scalar(span, Data::Text(Cow::Owned(value)))));
    }
    let name = tag.local_name().into_inner().to_owned();
    Ok(Element { name, attributes, children: Object::new(span), text: String::new() })
}

/// Hands a finished element to the one around it.
fn close<'t>(element: Element<'t>, end: usize, open: &mut [Element<'t>], root: &mut Object<'t>) {
    let Element { name, attributes, mut children, text } = element;
    children.span = Span::new(children.span.start as usize, end);
    let text = match text.trim() {
        "" => Data::Null,
        text => Data::Text(Cow::Owned(text.to_owned())),
    };
    let value = if children.is_empty() && attributes.is_empty() {
        Value::Scalar(children.span, text)
    } else {
        let span = children.span;
        for (name, value) in attributes {
            let name = if children.has(&name) { format!("@{name}") } else { name };
            children.add(Cow::Owned(name), value);
        }
        if text != Data::Null {
            children.add(Cow::Borrowed("#text"), Value::Scalar(span, text));
        }
        Value::Object(children)
    };
    let around = open.last_mut().map_or(root, |parent| &mut parent.children);
    around.add(Cow::Owned(name), value);
}

/// Our messages begin in lower case.
fn lower(message: &str) -> String {
    let mut chars = message.chars();
    let first = chars.next().map(|first| first.to_lowercase().to_string()).unwrap_or_default();
    first + chars.as_str()
}
