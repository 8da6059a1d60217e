//! Extractors that have to compile what a request says (globs, regexes) before they read anything: one wrapper, so that a format
//! writes only what it does once it is ready.

use extract::{Declare, Declared, Extractor, Output, Problem, Request, SourceFile, Transcriber};

/// Tells an input from the path and text of a file.
pub(crate) type Declaring = fn(&str, &str) -> Option<Declared>;

/// An extractor before it is made ready for a request.
pub(crate) struct Unready {
    /// See [`Extractor::name`].
    pub name: &'static str,
    /// See [`Extractor::version`].
    pub version: u32,
    /// Makes it ready; what is wrong with the request goes to the problems.
    pub ready: fn(&Request, &mut Vec<Problem>) -> Box<dyn Extractor>,
    /// See [`Extractor::declare`].
    pub declare: fn(&str) -> Option<Declaring>,
    /// See [`Extractor::transcriber`].
    pub transcriber: fn(&str) -> Option<Transcriber>,
}

impl Extractor for Unready {
    fn name(&self) -> &'static str {
        self.name
    }

    fn version(&self) -> u32 {
        self.version
    }

    fn wants(&self, path: &str, request: &Request) -> bool {
        (self.ready)(request, &mut Vec::new()).wants(path, request)
    }

    fn extract(&self, file: SourceFile<'_>, request: &Request, out: &mut Output<'_>) {
        (self.ready)(request, &mut out.problems).extract(file, request, out);
    }

    fn prepare<'a>(&'a self, request: &'a Request, problems: &mut Vec<Problem>) -> Option<Box<dyn Extractor + 'a>> {
        Some((self.ready)(request, problems))
    }

    fn declare(&self, path: &str) -> Option<Declare<'_>> {
        (self.declare)(path).map(|declare| Box::new(declare) as Declare<'_>)
    }

    fn transcriber(&self, path: &str) -> Option<Transcriber> {
        (self.transcriber)(path)
    }
}
