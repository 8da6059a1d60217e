//! Reads a file of a programming language: parse, lower, write rows. Of a broken file the healthy pieces are read.

use std::ops::Range;

use base::Span;
use extract::{Extractor, Output, Problem, ProblemKind, Request, SourceFile};
use tree_sitter::Language;

use crate::facts::{Analyzed, write};
use crate::idioms::Idioms;
use crate::module::ModuleName;
use crate::notebook::Notebook;
use crate::parse::{first_error, parse, parse_piece};
use crate::position::Positions;
use crate::tree::Tree;

/// Makes the tree of a text from the syntax of its pieces.
pub type Lower = fn(&str, &ModuleName, &Positions<'_>, &[tree_sitter::Tree]) -> (Tree, Vec<Problem>);

/// Reads the files of one language.
pub struct Code {
    pub language: &'static str,
    /// What reading a file takes.
    pub reader: fn(SourceFile<'_>) -> Reader,
}

impl Extractor for Code {
    fn name(&self) -> &'static str {
        self.language
    }

    fn version(&self) -> u32 {
        2
    }

    fn wants(&self, path: &str, request: &Request) -> bool {
        crate::language::of(path) == Some(self.language)
            && request.schema.iter().any(|decl| crate::language::is_code(&decl.name))
    }

    fn extract(&self, file: SourceFile<'_>, request: &Request, out: &mut Output<'_>) {
        (self.reader)(file).read(file, request, out);
    }

    fn shown(&self, path: &str, text: &str, byte: usize) -> Option<String> {
        if crate::language::of(path) != Some(self.language) {
            return None;
        }
        let notebook = Notebook::read(path, text)?;
        let (cell, line, code) = notebook.cell(byte)?;
        Some(format!("[cell {cell}, line {line}] {code}"))
    }
}

/// What reading a file takes.
pub struct Reader {
    pub grammar: Language,
    pub module: ModuleName,
    pub idioms: &'static Idioms,
    /// A text of the same length without what the grammar wrongly takes for an error, if there is such a thing.
    pub mend: fn(&str, &tree_sitter::Tree) -> Option<String>,
    /// Where a broken text is cut, so that a break costs the piece it stands in; together the pieces are all of it.
    pub pieces: fn(&str) -> Vec<Range<usize>>,
    /// The tree of the pieces' syntax.
    pub lower: Lower,
}

impl Reader {
    /// Gives the rows of the file that the request asks for.
    pub fn read(&self, file: SourceFile<'_>, request: &Request, out: &mut Output<'_>) {
        crate::language::give_evidence(request, out);
        let notebook = Notebook::read(file.path, file.text);
        let positions = match &notebook {
            Some(notebook) => notebook.positions(file.text),
            None => Positions::new(file.text),
        };
        let file = SourceFile { text: notebook.as_ref().map_or(file.text, |notebook| &notebook.text), ..file };
        let Some(syntax) = parse(&self.grammar, file.text) else {
            let message = "the file takes too long to parse and is skipped";
            return out.problems.push(problem("W0814", &positions, Span::at(0), message));
        };
        let syntax = match first_error(&syntax).and_then(|_| (self.mend)(file.text, &syntax)) {
            Some(text) => parse(&self.grammar, &text).filter(|again| first_error(again).is_none()).unwrap_or(syntax),
            None => syntax,
        };
        let pieces: Vec<_> = match first_error(&syntax) {
            None => vec![syntax],
            Some(span) => {
                let message = "the file has a syntax error here; only its healthy parts are looked at";
                out.problems.push(problem("W0811", &positions, span, message));
                let pieces = (self.pieces)(file.text);
                pieces.into_iter().filter_map(|piece| parse_piece(&self.grammar, file.text, piece)).collect()
            }
        };
        let (tree, problems) = (self.lower)(file.text, &self.module, &positions, &pieces);
        out.problems.extend(problems);
        let analyzed = Analyzed {
            path: file.path,
            text: file.text,
            positions: &positions,
            module: &self.module,
            tree: &tree,
            idioms: self.idioms,
        };
        write(&analyzed, out);
    }
}

/// Nothing that the grammar takes wrongly.
pub fn unmended(_: &str, _: &tree_sitter::Tree) -> Option<String> {
    None
}

/// A text in one piece: braces hold a class together, so the parser finds its way itself.
pub fn whole(text: &str) -> Vec<Range<usize>> {
    std::iter::once(0..text.len()).collect()
}

/// The pieces that begin at `starts`, the first of which is 0.
pub fn cut(starts: &[usize], text: &str) -> Vec<Range<usize>> {
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts.iter().copied().zip(ends).map(|(start, end)| start..end).collect()
}

fn problem(code: &'static str, positions: &Positions<'_>, span: Span, message: &str) -> Problem {
    let place = positions.place(span);
    Problem { code, kind: ProblemKind::Warning, relation: None, place, message: message.to_owned(), help: None }
}
