//! Readers of data, one file a format, and the scanner for secrets. All of them turn text into the document model of `extract`,
//! which maps it to rows; they know formats and no cloud, tool or vendor.

mod cells;
mod documents;
mod env;
mod hcl;
mod ini;
mod json;
mod json_lines;
mod merged;
mod proposed;
mod secrets;
mod table;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod text;
mod toml;
mod unready;
mod workbook;
mod xml;
mod yaml;

use extract::Extractor;
use facts::Format;

use documents::DocumentFormat;

pub use json::json;
pub use secrets::{Scanner, SecretPattern};

/// One extractor a format. They read what the request's inputs name and nothing else.
pub fn extractors() -> Vec<Box<dyn Extractor>> {
    vec![
        Box::new(DocumentFormat {
            name: "json",
            version: 1,
            reads: |format| *format == Format::Json,
            parse: json::concatenated,
            stream: Some(json_lines::stream),
        }),
        Box::new(DocumentFormat {
            name: "yaml",
            version: 1,
            reads: |format| *format == Format::Yaml,
            parse: yaml::documents,
            stream: None,
        }),
        Box::new(DocumentFormat {
            name: "toml",
            version: 1,
            reads: |format| *format == Format::Toml,
            parse: toml::documents,
            stream: None,
        }),
        Box::new(DocumentFormat {
            name: "env",
            version: 1,
            reads: |format| *format == Format::Env,
            parse: env::documents,
            stream: None,
        }),
        Box::new(DocumentFormat {
            name: "hcl",
            version: 1,
            reads: |format| *format == Format::Hcl,
            parse: hcl::documents,
            stream: None,
        }),
        Box::new(DocumentFormat {
            name: "xml",
            version: 1,
            reads: |format| *format == Format::Xml,
            parse: xml::documents,
            stream: None,
        }),
        Box::new(DocumentFormat {
            name: "ini",
            version: 1,
            reads: |format| *format == Format::Ini,
            parse: ini::documents,
            stream: None,
        }),
        Box::new(table::TABLES),
        Box::new(text::TEXT),
    ]
}
