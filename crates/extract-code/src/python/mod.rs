//! Python.

mod definitions;
mod expressions;
mod idioms;
mod imports;
mod recover;
mod statements;
mod strings;

use extract::{Extractor, Output, Problem, Request, SourceFile};
use tree_sitter::Language;

use crate::module::ModuleName;
use crate::position::Positions;
use crate::read::Reader;
use crate::tree::Tree;
use idioms::PYTHON;

/// Reads Python files.
pub struct Python;

/// Lowers Python.
type Lowerer<'a> = crate::lower::Lowerer<'a, Python>;

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
        let reader = Reader {
            grammar: Language::new(tree_sitter_python::LANGUAGE),
            module: &ModuleName::new(file.path, "__init__"),
            idioms: &PYTHON,
            mend: |_, _| None,
            pieces: recover::pieces,
            lower,
        };
        reader.read(file, request, out);
    }
}

fn lower(
    text: &str,
    module: &ModuleName,
    positions: &Positions<'_>,
    pieces: &[tree_sitter::Tree],
) -> (Tree, Vec<Problem>) {
    let mut lowerer = Lowerer::new(Python, text, module, positions);
    let body = pieces.iter().flat_map(|piece| lowerer.block(piece.root_node())).collect();
    lowerer.finish(body)
}
