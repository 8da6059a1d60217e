//! From source code to the `code.*` relations, one folder a language.
//!
//! A language lowers its syntax to one [`tree`](mod@tree) and says what its standard library calls things
//! (`idioms`); what names mean, where values go and what runs before what is worked out once, in `analysis`,
//! and `facts` writes the rows. Nothing here knows a framework or a vendor.

mod absolute;
mod analysis;
mod classes;
mod comments;
mod csharp;
mod dependencies;
mod ecmascript;
mod escapes;
mod facts;
mod files;
mod go;
mod idioms;
mod java;
mod key;
mod kotlin;
mod language;
mod lower;
mod members;
mod module;
mod notebook;
mod parse;
mod php;
mod position;
mod python;
mod queries;
mod read;
mod ruby;
mod rust;
mod shapes;
mod tree;
mod values;

use extract::Extractor;
pub use language::names as languages;

/// The extractors of this crate.
pub fn extractors() -> Vec<Box<dyn Extractor>> {
    vec![
        Box::new(files::SourceFiles),
        Box::new(comments::Comments),
        Box::new(dependencies::Dependencies),
        Box::new(python::PYTHON),
        Box::new(ecmascript::JAVASCRIPT),
        Box::new(ecmascript::TYPESCRIPT),
        Box::new(go::GO),
        Box::new(java::JAVA),
        Box::new(csharp::CSHARP),
        Box::new(kotlin::KOTLIN),
        Box::new(ruby::RUBY),
        Box::new(php::PHP),
        Box::new(rust::RUST),
        Box::new(queries::Queries),
    ]
}
