//! What the formats with one document model share: pick the inputs' blocks that read the file, parse it once, map each document.

use extract::{
    Context, DOCUMENT_LIMIT, Declare, Declared, Document, Extractor, Mapping, Output, Places, Problem, Request,
    SourceFile, Stream, SyntaxError, Unread,
};
use facts::{Format, RowPlace};

use base::Span;

use crate::json::json;

/// Takes every document of a text, and what ends it if it is broken.
pub(crate) type Each<'a> = &'a mut dyn FnMut(Result<Document<'_>, SyntaxError>);

/// Gives every document of a text.
pub(crate) type Parse = fn(&str, Each<'_>);

/// A reader in pieces for a file whose beginning allows it.
pub(crate) type Streaming = for<'a> fn(&'a [Mapping], &'a str, &str) -> Option<Box<dyn Stream + 'a>>;

/// A format with the document model.
pub(crate) struct DocumentFormat {
    pub name: &'static str,
    pub version: u32,
    pub reads: fn(&Format) -> bool,
    pub parse: Parse,
    pub stream: Option<Streaming>,
}

/// Those of the formats that files are known by.
const FORMATS: [Format; 7] =
    [Format::Json, Format::Yaml, Format::Toml, Format::Hcl, Format::Xml, Format::Ini, Format::Env];

/// The format, ready for a request.
struct Ready<'a> {
    format: &'a DocumentFormat,
    mappings: Vec<Mapping>,
}

impl Extractor for DocumentFormat {
    fn name(&self) -> &'static str {
        self.name
    }

    fn version(&self) -> u32 {
        self.version
    }

    fn wants(&self, path: &str, request: &Request) -> bool {
        self.ready(request, &mut Vec::new()).wants(path, request)
    }

    fn extract(&self, file: SourceFile<'_>, request: &Request, out: &mut Output<'_>) {
        self.ready(request, &mut out.problems).extract(file, request, out);
    }

    fn prepare<'a>(&'a self, request: &'a Request, problems: &mut Vec<Problem>) -> Option<Box<dyn Extractor + 'a>> {
        Some(Box::new(self.ready(request, problems)))
    }

    fn declare(&self, path: &str) -> Option<Declare<'_>> {
        let format = FORMATS.into_iter().find(|format| (self.reads)(format) && named(format, path))?;
        Some(Box::new(move |path, text| {
            let mut documents: Vec<Document<'static>> = Vec::new();
            (self.parse)(text, &mut |document| {
                if let Ok(document) = document {
                    documents.push(document.into_owned());
                }
            });
            Declared::documents(path, format.clone(), &documents)
        }))
    }
}

impl DocumentFormat {
    fn ready(&self, request: &Request, problems: &mut Vec<Problem>) -> Ready<'_> {
        let wanted = |source: &facts::InputSource| source.formats.iter().any(self.reads);
        Ready { format: self, mappings: Mapping::of(request, false, wanted, problems) }
    }
}

impl Extractor for Ready<'_> {
    fn name(&self) -> &'static str {
        self.format.name
    }

    fn version(&self) -> u32 {
        self.format.version
    }

    fn wants(&self, path: &str, _request: &Request) -> bool {
        self.mappings.iter().any(|mapping| self.takes(mapping, path))
    }

    fn limit(&self) -> u64 {
        DOCUMENT_LIMIT
    }

    fn extract(&self, file: SourceFile<'_>, _request: &Request, out: &mut Output<'_>) {
        let mappings: Vec<&Mapping> = self.mappings.iter().filter(|mapping| self.takes(mapping, file.path)).collect();
        let places = Places::new(file.text);
        let context = Context { path: file.path, places: &places, json, headings: None };
        (self.format.parse)(file.text, &mut |document| match document {
            Ok(mut document) => map(&mappings, &mut document, &context, out),
            Err(error) => broken(&mappings, file.text, &error, &places, out),
        });
    }

    fn stream<'a>(&'a self, path: &'a str, head: &str, _request: &'a Request) -> Option<Box<dyn Stream + 'a>> {
        self.format.stream.and_then(|stream| stream(&self.mappings, path, head))
    }

    fn unread(&self, path: &str, reason: &Unread, _request: &Request, out: &mut Output<'_>) {
        let mappings: Vec<&Mapping> = self.mappings.iter().filter(|mapping| self.takes(mapping, path)).collect();
        Mapping::unread(&mappings, None, RowPlace::default(), &format!("the file is skipped: {reason}"), out);
    }
}

impl Ready<'_> {
    /// Of `from json, yaml "config.*"` each format takes the files that carry its extension; one whose extension tells
    /// nothing goes to the first format named.
    fn takes(&self, mapping: &Mapping, path: &str) -> bool {
        if !mapping.matches(path) {
            return false;
        }
        let formats = &mapping.source().formats;
        let by_name = formats.iter().find(|format| named(format, path)).or(formats.first());
        by_name.is_some_and(self.format.reads)
    }
}

fn named(format: &Format, path: &str) -> bool {
    let path = path.strip_suffix(".gz").unwrap_or(path);
    let extension = path.rsplit('/').next().unwrap_or(path).rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    match format {
        Format::Json => matches!(&*extension, "json" | "jsonl" | "ndjson" | "jsonc"),
        Format::Yaml => matches!(&*extension, "yaml" | "yml"),
        Format::Hcl => matches!(&*extension, "hcl" | "tf" | "tfvars"),
        Format::Ini => matches!(&*extension, "ini" | "cfg" | "conf" | "properties"),
        format => extension == format.name(),
    }
}

/// Writes the rows of a document for every block that it counts for.
pub(crate) fn map(mappings: &[&Mapping], document: &mut Document<'_>, context: &Context<'_>, out: &mut Output<'_>) {
    for mapping in mappings {
        if mapping.counts(document, context, out) {
            mapping.rows(document, context, out);
        }
    }
}

/// Tells every block that a text is no document.
pub(crate) fn broken(
    mappings: &[&Mapping],
    text: &str,
    error: &SyntaxError,
    places: &Places<'_>,
    out: &mut Output<'_>,
) {
    Mapping::unread(mappings, Some(text), places.place(Span::at(error.at)), &error.message, out);
}
