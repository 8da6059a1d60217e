//! From source code to the `code.*` relations, one folder a language.
//!
//! A language lowers its syntax to one [`tree`](mod@tree) and says what its standard library calls things
//! (`idioms`); what names mean, where values go and what runs before what is worked out once, in `analysis`,
//! and `facts` writes the rows. Nothing here knows a framework or a vendor.

mod analysis;
mod comments;
mod dependencies;
mod ecmascript;
mod facts;
mod files;
mod idioms;
mod key;
mod language;
mod lower;
mod module;
mod parse;
mod position;
mod python;
mod queries;
mod read;
mod tree;

use extract::Extractor;
pub use language::names as languages;

/// The extractors of this crate.
pub fn extractors() -> Vec<Box<dyn Extractor>> {
    vec![
        Box::new(files::SourceFiles),
        Box::new(comments::Comments),
        Box::new(dependencies::Dependencies),
        Box::new(python::Python),
        Box::new(ecmascript::JAVASCRIPT),
        Box::new(ecmascript::TYPESCRIPT),
        Box::new(queries::Queries),
    ]
}
