//! Carrying out one `from … { … }` block of an `input`: which files and documents count, what there is a row
//! for, and how its columns are filled.
//!
//! ```text
//! from json "**/*.json" where UserDetailList        conditions on the document
//! each UserDetailList[*] as u, u.Tags[*] as t        a product: for each u, for each t within it
//! { user: u.Arn, tag: t.Key or t.key none "-" }      first alternative that is present, null being absent
//! ```

use std::sync::Arc;

use base::Span;
use facts::{
    Code, Column, Each, InputDecl, InputSource, Operand, Path, RelationDecl, Root, RowPlace, Step, Value, Where,
};

use crate::convert::{Misfit, constant, convert};
use crate::document::{Data, Document, NodeId};
use crate::prepared::{Condition, Filling, Glob, Source, equals, prepare_condition, prepare_operand, prepare_path};
use crate::select::{Context, Keys, select};
use crate::{Output, Problem, ProblemKind, Request, show};

/// After so many problems of one relation in one file the rest is left unsaid.
const MAX_PROBLEMS: usize = 20;

/// One source of one input, made ready.
#[derive(Debug)]
pub struct Mapping {
    input: Arc<InputDecl>,
    source: usize,
    relation: usize,
    globs: Vec<Glob>,
    bound: bool,
    conditions: Vec<Condition>,
    incomplete: Vec<Condition>,
    each: Vec<Path>,
    columns: Vec<Option<Filling>>,
    keys: Keys,
}

impl Mapping {
    /// The sources of the request's inputs that `wanted` picks, in order. Globs and regexes that do not compile
    /// go to `problems`. With `headings`, keys are compared as headings of tables are.
    pub fn of(
        request: &Request,
        headings: bool,
        wanted: impl Fn(&InputSource) -> bool,
        problems: &mut Vec<Problem>,
    ) -> Vec<Mapping> {
        let mut mappings = Vec::new();
        for input in &request.inputs {
            let Some(relation) = request.schema.iter().position(|decl| decl.name == input.relation.name) else {
                continue;
            };
            for (number, source) in input.sources.iter().enumerate().filter(|(_, source)| wanted(source)) {
                match Mapping::new(request, input, relation, number, headings) {
                    Ok(mapping) => mappings.push(mapping),
                    Err(message) => problems.push(Problem {
                        code: "E0808",
                        kind: ProblemKind::Error,
                        relation: Some(input.relation.name.clone()),
                        place: RowPlace::default(),
                        message: format!(
                            "the input `{}` cannot be read from `{}`: {message}",
                            input.relation.name, source.pattern
                        ),
                        help: None,
                    }),
                }
            }
        }
        mappings
    }

    fn new(
        request: &Request,
        input: &Arc<InputDecl>,
        relation: usize,
        number: usize,
        headings: bool,
    ) -> Result<Self, String> {
        let source = &input.sources[number];
        let bound = request.bindings.get(&input.relation.name);
        let patterns = bound.map_or(std::slice::from_ref(&source.pattern), Vec::as_slice);
        let keys = if headings { Keys::Folded } else { Keys::Exact };
        let conditions =
            |all: &[Where]| all.iter().map(|condition| prepare_condition(condition, keys)).collect::<Result<_, _>>();
        let mut columns: Vec<Option<Filling>> = input.relation.columns.iter().map(|_| None).collect();
        for map in &source.columns {
            let Some(decl) = input.relation.columns.get(map.column) else { continue };
            let filling = Filling {
                alternatives: map.alternatives.iter().map(|operand| prepare_operand(operand, &decl.ty, keys)).collect(),
                absent: map.absent.clone(),
                time: map.time.clone(),
            };
            if let Some(column) = columns.get_mut(map.column) {
                *column = Some(filling);
            }
        }
        // Without braces, columns go by their order in a table without heading and by their names in everything else.
        if source.headerless || source.columns.is_empty() {
            for (at, (decl, column)) in input.relation.columns.iter().zip(&mut columns).enumerate() {
                let step = if source.headerless { Step::Index(at) } else { Step::Key(decl.name.clone()) };
                let path = prepare_path(&Path { root: Root::Current, steps: vec![step] }, keys);
                let cell = || Filling { alternatives: vec![Source::Path(path)], absent: Vec::new(), time: None };
                column.get_or_insert_with(cell);
            }
        }
        Ok(Mapping {
            input: input.clone(),
            source: number,
            relation,
            globs: patterns.iter().map(|pattern| Glob::new(pattern)).collect::<Result<_, _>>()?,
            bound: bound.is_some(),
            conditions: conditions(&source.conditions)?,
            incomplete: conditions(&source.incomplete)?,
            each: source.each.iter().map(|Each { path, .. }| prepare_path(path, keys)).collect(),
            columns,
            keys,
        })
    }

    /// The block as it was declared.
    pub fn source(&self) -> &InputSource {
        &self.input.sources[self.source]
    }

    /// The relation it fills.
    pub fn decl(&self) -> &RelationDecl {
        &self.input.relation
    }

    /// The relation's number in sinks.
    pub fn relation(&self) -> usize {
        self.relation
    }

    /// Whether it reads the file at this path. `.gz` behind a name that the pattern matches is read through.
    pub fn matches(&self, path: &str) -> bool {
        let plain = path.strip_suffix(".gz").unwrap_or(path);
        let within = |glob: &Glob| glob.is_match(path) || (plain.len() < path.len() && glob.is_match(plain));
        self.globs.iter().any(within)
    }

    /// Whether a file that could not be read or parsed may matter to the input: always where nothing narrows its choice, else
    /// where its text, as far as there is any, names every key that the conditions do.
    fn needs(&self, text: Option<&str>) -> bool {
        let mut steps = self.conditions.iter().flat_map(|condition| &condition.path().steps);
        let named = |step: &Step| match step {
            Step::Key(key) | Step::Deep(key) => text.is_some_and(|text| text.contains(&**key)),
            _ => true,
        };
        self.bound || self.conditions.is_empty() || (text.is_some() && steps.all(named))
    }

    /// Tells of a file (or a part of it) that could not be read or parsed: an error for each of the inputs that need it,
    /// one warning if none does. `text` is what is known of its content.
    pub fn unread(mappings: &[&Mapping], text: Option<&str>, place: RowPlace, message: &str, out: &mut Output<'_>) {
        let mut needed = false;
        for mapping in mappings.iter().filter(|mapping| mapping.needs(text)) {
            needed = true;
            let message = format!("{message}: `{}` cannot be read from it", mapping.decl().name);
            let problem = Problem { place, ..Problem::plain("E0802", ProblemKind::Error, message) };
            mapping.problem(problem, out);
        }
        if !needed && !mappings.is_empty() {
            let message = format!("{message}: it is not read, and nothing shows that an input needs it");
            report(Problem { place, ..Problem::plain("W0802", ProblemKind::Warning, message) }, out);
        }
    }

    /// Whether the document counts; if so, this is evidence for the relation.
    pub fn counts(&self, document: &mut Document<'_>, context: &Context<'_>, out: &mut Output<'_>) -> bool {
        let len = document.len();
        let counts = self.conditions.iter().all(|condition| self.holds(condition, document, context, false));
        if counts {
            self.evidence(out);
        }
        if counts
            && !self.incomplete.is_empty()
            && self.incomplete.iter().all(|condition| self.holds(condition, document, context, true))
            && !out.incomplete.contains(&self.relation)
        {
            out.incomplete.push(self.relation);
        }
        document.truncate(len);
        counts
    }

    /// Notes that the file counts for the relation, with or without rows.
    pub fn evidence(&self, out: &mut Output<'_>) {
        if !out.evidence.contains(&self.relation) {
            out.evidence.push(self.relation);
        }
    }

    /// Writes the rows of a document that counts.
    pub fn rows(&self, document: &mut Document<'_>, context: &Context<'_>, out: &mut Output<'_>) {
        let mut things = Vec::with_capacity(self.each.len());
        self.product(document, &mut things, context, out);
    }

    /// The columns that no heading fills though they are required, with the headings that would do.
    pub fn lacking(&self, folded: &[String]) -> Vec<(&Column, Vec<&str>)> {
        let heading = |source: &'_ Source| match source {
            Source::Path(Path { root: Root::Current, steps }) if self.each.is_empty() => match steps.first() {
                Some(Step::Key(key)) => Some(folded.iter().any(|known| **known == **key)),
                _ => Some(true),
            },
            _ => Some(true),
        };
        let columns = self.input.relation.columns.iter().zip(&self.columns).enumerate();
        let lacking = columns.filter(|(_, (column, filling))| {
            let sources = filling.iter().flat_map(|filling| &filling.alternatives);
            !column.optional && !sources.into_iter().filter_map(heading).any(|found| found)
        });
        lacking.map(|(at, (column, _))| (column, self.wanted_headings(at))).collect()
    }

    /// How many of the columns could be filled from these headings.
    pub fn fitting(&self, folded: &[String]) -> usize {
        let fits = |source: &Source| match source {
            Source::Path(path) => {
                matches!(path.steps.first(), Some(Step::Key(key)) if folded.iter().any(|known| **known == **key))
            }
            Source::Constant(_) => false,
        };
        self.columns.iter().flatten().filter(|filling| filling.alternatives.iter().any(fits)).count()
    }

    /// The headings that would fill a column, as the policy writes them.
    fn wanted_headings(&self, column: usize) -> Vec<&str> {
        let maps = self.source().columns.iter().filter(|map| map.column == column);
        maps.flat_map(|map| &map.alternatives)
            .filter_map(|operand| match operand {
                Operand::Heading(heading) => Some(&**heading),
                Operand::Path(path) => match path.steps.first() {
                    Some(Step::Key(key)) => Some(&**key),
                    _ => None,
                },
                _ => None,
            })
            .collect()
    }

    /// Reports trouble with the relation, up to a limit for each file.
    pub fn problem(&self, mut problem: Problem, out: &mut Output<'_>) {
        problem.relation = Some(self.input.relation.name.clone());
        report(problem, out);
    }

    fn holds(&self, condition: &Condition, document: &mut Document<'_>, context: &Context<'_>, truthy: bool) -> bool {
        let root = document.root();
        let found = select(document, root, &condition.path().steps, self.keys, context);
        found.iter().any(|&id| match (condition, &document.node(id).data) {
            // `incomplete where NextToken`: an empty token, null or false means that nothing is left.
            (Condition::Present(_), Data::Null | Data::Bool(false)) => !truthy,
            (Condition::Present(_), Data::Text(text)) => !truthy || !text.is_empty(),
            (Condition::Present(_), _) => true,
            (Condition::Equals(_, value), data) => equals(data, value),
            (Condition::Matches(_, regex), Data::Text(text) | Data::Number(text)) => regex.is_match(text),
            (Condition::Matches(..), _) => false,
        })
    }

    /// For each column the numbers of the cells that may fill it, in the order in which they are tried; nothing where a row is
    /// more to the block than its cells. `folded` are the headings, where there are some.
    pub fn cells(&self, folded: Option<&[String]>) -> Option<Vec<Vec<usize>>> {
        if !(self.conditions.is_empty() && self.incomplete.is_empty() && self.each.is_empty()) {
            return None;
        }
        let cells = |source: &Source| match source {
            Source::Path(Path { root: Root::Current, steps }) => match (steps.as_slice(), folded) {
                ([Step::Key(key)], Some(folded)) => {
                    Some((0..folded.len()).filter(|&cell| *folded[cell] == **key).collect::<Vec<_>>())
                }
                ([Step::Index(index)], None) => Some(vec![*index]),
                _ => None,
            },
            _ => None,
        };
        let column = |filling: &Option<Filling>| {
            let found: Option<Vec<Vec<usize>>> = filling.iter().flat_map(|f| &f.alternatives).map(cells).collect();
            found.map(|found| found.concat())
        };
        self.columns.iter().map(column).collect()
    }

    /// Writes the row that cells give, without a document for it. Does nothing, and returns false, where there is trouble to
    /// tell of: that is for [`Mapping::rows`]. `cells` is what [`Mapping::cells`] said, `value` gives a cell's data and place.
    pub fn cell_row<'t>(
        &self,
        cells: &[Vec<usize>],
        value: &dyn Fn(usize) -> Option<(Data<'t>, Span)>,
        row: Span,
        context: &Context<'_>,
        out: &mut Output<'_>,
    ) -> bool {
        let mut at = row;
        let mut codes = Vec::with_capacity(cells.len());
        for ((column, filling), cells) in self.input.relation.columns.iter().zip(&self.columns).zip(cells) {
            let mut empty = false;
            let mut found = None;
            for (data, span) in cells.iter().filter_map(|&cell| value(cell)) {
                if filling.as_ref().is_some_and(|filling| filling.is_absent(&data)) {
                    empty = true;
                    continue;
                }
                let time = filling.as_ref().and_then(|filling| filling.time.as_ref());
                match convert(&data, column, time, &mut out.sink) {
                    Ok(None) => {}
                    Ok(Some(code)) => {
                        found = Some((code, span));
                        break;
                    }
                    Err(_) => return false,
                }
            }
            codes.push(match found {
                Some((code, span)) => {
                    at = if column.key { span } else { at };
                    code
                }
                None if column.optional => Code::NONE,
                None if empty && self.source().headerless && column.ty.is_text() && !column.key => out.sink.text(""),
                None => return false,
            });
        }
        out.sink.row(self.relation, &codes, context.places.place(at));
        true
    }

    fn product(
        &self,
        document: &mut Document<'_>,
        things: &mut Vec<NodeId>,
        context: &Context<'_>,
        out: &mut Output<'_>,
    ) {
        let Some(path) = self.each.get(things.len()) else { return self.row(document, things, context, out) };
        let start = self.root(document, things, path);
        // What paths decode on the way belongs to the thing at hand and is forgotten after it.
        let before = document.len();
        for node in select(document, start, &path.steps, self.keys, context) {
            if document.node(node).data == Data::Null {
                continue;
            }
            let len = document.len();
            things.push(node);
            self.product(document, things, context, out);
            things.pop();
            document.truncate(len);
        }
        document.truncate(before);
    }

    fn root(&self, document: &Document<'_>, things: &[NodeId], path: &Path) -> NodeId {
        match path.root {
            Root::Current => things.last().copied().unwrap_or(document.root()),
            Root::Each(at) => things.get(at).copied().unwrap_or(document.root()),
        }
    }

    fn row(&self, document: &mut Document<'_>, things: &[NodeId], context: &Context<'_>, out: &mut Output<'_>) {
        let decl = &self.input.relation;
        let len = document.len();
        let thing = things.last().copied().unwrap_or(document.root());
        let mut at = thing;
        let mut codes = Vec::with_capacity(decl.columns.len());
        for (column, filling) in decl.columns.iter().zip(&self.columns) {
            match self.column(column, filling.as_ref(), document, things, context, out) {
                Ok((code, node)) => {
                    codes.push(code);
                    at = node.filter(|_| column.key).unwrap_or(at);
                }
                Err((node, misfit)) => {
                    let span = misfit.span.unwrap_or(document.node(node.unwrap_or(thing)).span);
                    let Misfit { code, message, help, .. } = misfit;
                    let place = context.places.place(span);
                    let problem = Problem { code, kind: ProblemKind::Error, relation: None, place, message, help };
                    self.problem(problem, out);
                    document.truncate(len);
                    return;
                }
            }
        }
        let place = context.place(document, at);
        out.sink.row(self.relation, &codes, place);
        document.truncate(len);
    }

    fn column(
        &self,
        column: &Column,
        filling: Option<&Filling>,
        document: &mut Document<'_>,
        things: &[NodeId],
        context: &Context<'_>,
        out: &mut Output<'_>,
    ) -> Result<(Code, Option<NodeId>), (Option<NodeId>, Misfit)> {
        let mut empty = None;
        for source in filling.iter().flat_map(|filling| &filling.alternatives) {
            let path = match source {
                Source::Constant(Value::None) => continue,
                Source::Constant(value) => return Ok((out.sink.value(&constant(value, &column.ty)), None)),
                Source::Path(path) => path,
            };
            let start = self.root(document, things, path);
            for node in select(document, start, &path.steps, self.keys, context) {
                let data = &document.node(node).data;
                if filling.is_some_and(|filling| filling.is_absent(data)) {
                    empty = Some(node);
                    continue;
                }
                let time = filling.and_then(|filling| filling.time.as_ref());
                match convert(data, column, time, &mut out.sink) {
                    Ok(None) => {}
                    Ok(Some(code)) => return Ok((code, Some(node))),
                    Err(misfit) => return Err((Some(node), misfit)),
                }
            }
        }
        if column.optional {
            return Ok((Code::NONE, None));
        }
        if self.source().headerless && column.ty.is_text() && empty.is_some() {
            return Ok((out.sink.text(""), empty));
        }
        Err((None, self.missing(column, filling, context)))
    }

    fn missing(&self, column: &Column, filling: Option<&Filling>, context: &Context<'_>) -> Misfit {
        let paths: Vec<String> = filling
            .iter()
            .flat_map(|filling| &filling.alternatives)
            .filter_map(|source| match source {
                Source::Path(path) => Some(format!("`{}`", show::path(path, &self.source().each))),
                Source::Constant(_) => None,
            })
            .collect();
        let thing = if context.headings.is_some() { "row" } else { "document or entry" };
        Misfit {
            code: "E0803",
            message: format!(
                "this {thing} has no {}, which the required column `{}` of `{}` needs",
                paths.join(" or "),
                column.name,
                self.decl().name
            ),
            help: Some(format!(
                "declare the column as optional (`{}: {}?`) if it may be missing",
                column.name, column.ty
            )),
            span: None,
        }
    }
}

/// Adds a problem unless there are many of its relation and kind.
fn report(mut problem: Problem, out: &mut Output<'_>) {
    let alike = |known: &&Problem| known.relation == problem.relation && known.kind == problem.kind;
    let known = out.problems.iter().filter(alike).count();
    if known == MAX_PROBLEMS {
        problem.message = match &problem.relation {
            Some(relation) => format!("there are more problems with `{relation}` in this file"),
            None => "there is more in this file that cannot be read".to_owned(),
        };
        problem.help = None;
    }
    if known <= MAX_PROBLEMS {
        out.problems.push(problem);
    }
}
