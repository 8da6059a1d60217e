//! Python.

mod definitions;
mod expressions;
mod idioms;
mod imports;
mod lower;
mod recover;
mod statements;
mod strings;

use extract::{Extractor, Output, Problem, ProblemKind, Request, SourceFile};
use tree_sitter::Language;

use crate::facts::{Analyzed, write};
use crate::module::ModuleName;
use crate::parse::{first_error, parse, parse_piece};
use crate::position::Positions;
use idioms::PYTHON;
use lower::Lowerer;

/// Reads Python files.
pub struct Python;

impl Extractor for Python {
    fn name(&self) -> &'static str {
        "python"
    }

    fn version(&self) -> u32 {
        1
    }

    fn wants(&self, path: &str, request: &Request) -> bool {
        crate::language::of(path) == Some("python")
            && request.schema.iter().any(|decl| crate::language::is_code(&decl.name))
    }

    fn extract(&self, file: SourceFile<'_>, request: &Request, out: &mut Output<'_>) {
        crate::language::give_evidence(request, out);
        let positions = Positions::new(file.text);
        let module = ModuleName::new(file.path, "__init__");
        let language = Language::new(tree_sitter_python::LANGUAGE);
        let Some(syntax) = parse(&language, file.text) else {
            out.problems.push(Problem {
                code: "W0814",
                kind: ProblemKind::Warning,
                relation: None,
                place: positions.place(base::Span::at(0)),
                message: "the file takes too long to parse and is skipped".to_owned(),
                help: None,
            });
            return;
        };
        if let Some(span) = first_error(&syntax) {
            out.problems.push(Problem {
                code: "W0811",
                kind: ProblemKind::Warning,
                relation: None,
                place: positions.place(span),
                message: "the file has a syntax error here; only its healthy parts are looked at".to_owned(),
                help: None,
            });
        }
        let pieces: Vec<_> = match first_error(&syntax) {
            None => vec![syntax],
            Some(_) => recover::pieces(file.text)
                .into_iter()
                .filter_map(|piece| parse_piece(&language, file.text, piece))
                .collect(),
        };
        let (tree, problems) = Lowerer::file(file.text, &module, &positions, &pieces);
        out.problems.extend(problems);
        let analyzed = Analyzed {
            path: file.path,
            text: file.text,
            positions: &positions,
            module: &module,
            tree: &tree,
            idioms: &PYTHON,
        };
        write(&analyzed, out);
    }
}
