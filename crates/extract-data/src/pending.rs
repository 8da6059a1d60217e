//! Formats that policies may name and that cannot be read yet: a file that matches is an error of its own, never a silent miss.

use extract::{Extractor, Mapping, Output, Problem, ProblemKind, Request, SourceFile, Unread};
use facts::{Format, InputSource};

/// HCL, XML, INI and code queries.
pub(crate) struct Pending;

struct Ready {
    mappings: Vec<Mapping>,
}

fn format(source: &InputSource) -> Option<&'static str> {
    let pending = |format: &&Format| matches!(format, Format::Hcl | Format::Xml | Format::Ini | Format::Code { .. });
    source.formats.iter().find(pending).map(Format::name)
}

fn ready(request: &Request, problems: &mut Vec<Problem>) -> Ready {
    Ready { mappings: Mapping::of(request, false, |source| format(source).is_some(), problems) }
}

/// Tells that a matching file of this format cannot be read.
pub(crate) fn tell(mapping: &Mapping, format: &str, out: &mut Output<'_>) {
    let message = format!("`{}` asks for {format}, which cannot be read yet", mapping.decl().name);
    let help = Some("export the file in a format that can be: json, yaml, toml, csv or tsv".to_owned());
    mapping.problem(Problem { help, ..Problem::plain("E0807", ProblemKind::Error, message) }, out);
}

impl Extractor for Pending {
    fn name(&self) -> &'static str {
        "pending"
    }

    fn version(&self) -> u32 {
        1
    }

    fn wants(&self, path: &str, request: &Request) -> bool {
        ready(request, &mut Vec::new()).wants(path, request)
    }

    fn extract(&self, file: SourceFile<'_>, request: &Request, out: &mut Output<'_>) {
        ready(request, &mut out.problems).extract(file, request, out);
    }

    fn prepare<'a>(&'a self, request: &'a Request, problems: &mut Vec<Problem>) -> Option<Box<dyn Extractor + 'a>> {
        Some(Box::new(ready(request, problems)))
    }
}

impl Extractor for Ready {
    fn name(&self) -> &'static str {
        Pending.name()
    }

    fn version(&self) -> u32 {
        Pending.version()
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
