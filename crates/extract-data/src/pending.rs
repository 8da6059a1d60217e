//! Formats that policies may name and that cannot be read yet: a file that matches is an error of its own, never a silent miss.

use extract::{Extractor, Mapping, Output, Problem, ProblemKind, Request, SourceFile, Unread};
use facts::{Format, InputSource};

use crate::unready::Unready;

/// Code queries.
pub(crate) const PENDING: Unready = Unready { name: "pending", version: 1, ready };

struct Ready {
    mappings: Vec<Mapping>,
}

fn format(source: &InputSource) -> Option<&'static str> {
    let pending = |format: &&Format| matches!(format, Format::Code { .. });
    source.formats.iter().find(pending).map(Format::name)
}

fn ready(request: &Request, problems: &mut Vec<Problem>) -> Box<dyn Extractor> {
    Box::new(Ready { mappings: Mapping::of(request, false, |source| format(source).is_some(), problems) })
}

/// Tells that a matching file of this format cannot be read.
pub(crate) fn tell(mapping: &Mapping, format: &str, out: &mut Output<'_>) {
    let message = format!("`{}` asks for {format}, which cannot be read yet", mapping.decl().name);
    let help = Some("export the file in a format that can be: json, yaml, toml, csv or tsv".to_owned());
    mapping.problem(Problem { help, ..Problem::plain("E0807", ProblemKind::Error, message) }, out);
}

impl Extractor for Ready {
    fn name(&self) -> &'static str {
        PENDING.name
    }

    fn version(&self) -> u32 {
        PENDING.version
    }

    fn wants(&self, path: &str, _request: &Request) -> bool {
        self.mappings.iter().any(|mapping| mapping.matches(path))
    }

    fn extract(&self, file: SourceFile<'_>, _request: &Request, out: &mut Output<'_>) {
        for mapping in self.mappings.iter().filter(|mapping| mapping.matches(file.path)) {
            tell(mapping, format(mapping.source()).unwrap_or_default(), out);
        }
    }

    fn unread(&self, path: &str, _reason: &Unread, request: &Request, out: &mut Output<'_>) {
        self.extract(SourceFile { path, text: "" }, request, out);
    }
}
