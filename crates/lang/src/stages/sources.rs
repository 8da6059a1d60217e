//! A `from` block as extractors carry it out.

use std::sync::Arc;

use base::{Diagnostic, FileId, Place, Span};
use facts::{
    Column, ColumnMap, Each, Format, InputSource, Operand, Path, RelationDecl, Root, Step, TimeFormat, Type, Value,
    Where,
};
use syntax::ast;

use super::paths;
use crate::checks::{clauses, inputs, unknown};
use crate::clause::{coerce, constant};
use crate::lints::greedy_input;
use crate::patterns::{self, Groups};

/// The block, unless it is wrong.
pub(super) fn map(
    file: FileId,
    decl: &RelationDecl,
    source: &ast::Source,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<InputSource> {
    let mut mapper = Mapper { file, decl, source, diagnostics, aliases: Vec::new(), wrong: false };
    let mapped = mapper.map();
    mapped.filter(|_| !mapper.wrong)
}

/// What kind of document a block reads, as far as its operands are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Document,
    Table,
    Text,
    /// Matches of a query, by its captures.
    Code,
}

pub(super) struct Mapper<'a> {
    file: FileId,
    decl: &'a RelationDecl,
    source: &'a ast::Source,
    diagnostics: &'a mut Vec<Diagnostic>,
    /// Names of `each`, by entry.
    pub aliases: Vec<Option<Arc<str>>>,
    wrong: bool,
}

impl Mapper<'_> {
    pub(super) fn place(&self, span: Span) -> Place {
        Place { file: self.file, span }
    }

    pub(super) fn error(&mut self, diagnostic: Diagnostic) {
        self.wrong = true;
        self.diagnostics.push(diagnostic);
    }

    fn map(&mut self) -> Option<InputSource> {
        let source = self.source;
        let (formats, regex) = self.formats()?;
        let kind = match formats.as_slice() {
            [Format::Text { .. }] => Kind::Text,
            [Format::Code { .. }] => Kind::Code,
            formats if formats.iter().all(|f| matches!(f, Format::Table | Format::Csv | Format::Tsv)) => Kind::Table,
            _ => Kind::Document,
        };
        if kind == Kind::Code {
            self.only_captures();
        } else if let Err(error) = patterns::glob(&source.pattern.text) {
            let place = self.place(source.pattern.span);
            self.error(clauses::glob(place, &error));
        }
        if let Some(span) = source.headerless
            && kind != Kind::Table
        {
            let place = self.place(span);
            self.error(inputs::headerless(place));
        }
        let conditions = source.conditions.iter().filter_map(|condition| self.condition(condition)).collect();
        let incomplete = source.incomplete.iter().filter_map(|condition| self.condition(condition)).collect();
        let each = source.each.iter().map(|each| self.each(each)).collect();
        let columns = self.columns(kind, regex.as_ref());
        if !matches!(kind, Kind::Text | Kind::Code) && source.conditions.is_empty() {
            let last = source.pattern.text.rsplit('/').next().unwrap_or_default();
            if last.starts_with('*') {
                let place = self.place(source.pattern.span);
                self.diagnostics.push(greedy_input::found(place, &self.decl.name));
            }
        }
        Some(InputSource {
            formats,
            // A query looks at every file of its language.
            pattern: if kind == Kind::Code { "**".into() } else { source.pattern.text.clone() },
            headerless: source.headerless.is_some(),
            conditions,
            incomplete,
            each,
            columns,
        })
    }

    fn formats(&mut self) -> Option<(Vec<Format>, Option<Groups>)> {
        let source = self.source;
        let mut formats = Vec::with_capacity(source.formats.len());
        let mut compiled = None;
        for word in &source.formats {
            let place = self.place(word.span);
            formats.push(match &*word.text {
                "json" => Format::Json,
                "yaml" => Format::Yaml,
                "toml" => Format::Toml,
                "hcl" => Format::Hcl,
                "xml" => Format::Xml,
                "ini" => Format::Ini,
                "env" => Format::Env,
                "table" => Format::Table,
                "csv" => Format::Csv,
                "tsv" => Format::Tsv,
                "text" => {
                    let Some(regex) = &source.regex else {
                        self.error(inputs::text_regex(place, true));
                        return None;
                    };
                    match patterns::regex(&regex.pattern) {
                        Ok(groups) => compiled = Some(groups),
                        Err(error) => {
                            let place = self.place(regex.span);
                            self.error(clauses::regex(place, &error));
                            return None;
                        }
                    }
                    Format::Text { regex: regex.pattern.clone() }
                }
                "code" => {
                    let language = source.language.as_ref()?;
                    compiled = Some(patterns::captures(&source.pattern.text));
                    Format::Code { language: language.text.clone(), query: source.pattern.text.clone() }
                }
                word => {
                    self.error(inputs::format(place, word));
                    return None;
                }
            });
        }
        if formats.len() > 1
            && let Some(at) = formats.iter().position(|format| matches!(format, Format::Text { .. }))
        {
            let place = self.place(source.formats[at].span);
            self.error(inputs::mixed_formats(place));
            return None;
        }
        if let (Some(regex), None) = (&source.regex, &compiled) {
            let place = self.place(regex.span);
            self.error(inputs::text_regex(place, false));
        }
        Some((formats, compiled))
    }

    /// A query says itself what there is a row for.
    fn only_captures(&mut self) {
        let conditions = self.source.conditions.iter().chain(&self.source.incomplete).map(|c| (c.path.span, "`where`"));
        let each = self.source.each.iter().map(|each| (each.path.span, "`each`"));
        for (span, what) in conditions.chain(each) {
            let place = self.place(span);
            self.error(inputs::misplaced(place, what, "the query of `from code` says what there is a row for"));
        }
    }

    fn condition(&mut self, condition: &ast::Condition) -> Option<Where> {
        let path = paths::path(self, &condition.path, 0)?;
        Some(match &condition.test {
            ast::ConditionTest::Present => Where::Present(path),
            ast::ConditionTest::Equals(expr) => match constant(expr) {
                Some((value, _)) => Where::Equals(path, value),
                None => {
                    let place = self.place(expr.span);
                    self.error(clauses::word_operand(
                        place,
                        "a condition compares with a literal",
                        "write `where kind = \"report\"`",
                    ));
                    return None;
                }
            },
            ast::ConditionTest::Matches(regex) => {
                if let Err(error) = patterns::regex(&regex.pattern) {
                    let place = self.place(regex.span);
                    self.error(clauses::regex(place, &error));
                }
                Where::Matches(path, regex.pattern.clone())
            }
        })
    }

    fn each(&mut self, each: &ast::Each) -> Each {
        let at = self.aliases.len();
        self.later_alias(&each.path, at);
        let path = paths::path(self, &each.path, at).unwrap_or(Path { root: Root::Current, steps: Vec::new() });
        let alias = each.alias.as_ref().map(|alias| alias.text.clone());
        if let Some(name) = &each.alias
            && self.aliases.iter().flatten().any(|known| *known == name.text)
        {
            let place = self.place(name.span);
            self.error(inputs::alias_twice(place, &name.text));
        }
        self.aliases.push(alias.clone());
        Each { path, alias }
    }

    /// A path that begins with the name of its own or a later entry.
    fn later_alias(&mut self, path: &ast::DocPath, at: usize) {
        let Some((ast::DocStep::Key { key, quoted: false }, span)) = path.steps.first() else { return };
        let earlier = self.aliases.iter().flatten().any(|known| known == key);
        let later = self.source.each.iter().skip(at + 1).filter_map(|each| each.alias.as_ref());
        if !earlier && later.into_iter().any(|alias| alias.text == *key) {
            let place = self.place(*span);
            self.error(inputs::alias_later(place, key));
        }
    }

    fn columns(&mut self, kind: Kind, regex: Option<&Groups>) -> Vec<ColumnMap> {
        let Some(maps) = &self.source.columns else { return self.implied(kind, regex) };
        let mut found: Vec<ColumnMap> = Vec::with_capacity(maps.len());
        let mut first: Vec<Option<Span>> = vec![None; self.decl.columns.len()];
        let mut misspelled = false;
        for map in maps {
            let place = self.place(map.column.span);
            let Some(at) = self.decl.column(&map.column.text) else {
                self.error(unknown::column(place, &map.column.text, self.decl));
                misspelled = true;
                continue;
            };
            if let Some(first) = first[at] {
                let first = self.place(first);
                self.error(inputs::filled_twice(place, first, &map.column.text));
                continue;
            }
            first[at] = Some(map.column.span);
            let filled = self.column(map, at, kind, regex);
            found.push(filled);
        }
        let unfilled: Vec<&Column> = self
            .decl
            .columns
            .iter()
            .zip(&first)
            .filter(|(column, filled)| filled.is_none() && !column.optional && self.source.headerless.is_none())
            .map(|(column, _)| column)
            .collect();
        // A misspelled column is told already, and probably the one that lacks.
        for column in unfilled.into_iter().filter(|_| !misspelled) {
            let place = self.place(self.source.span);
            self.error(inputs::unfilled(place, &column.name, &self.decl.name));
        }
        found
    }

    fn column(&mut self, map: &ast::ColumnMap, at: usize, kind: Kind, regex: Option<&Groups>) -> ColumnMap {
        let column = &self.decl.columns[at];
        let alternatives =
            map.alternatives.iter().filter_map(|operand| self.operand(operand, column, kind, regex)).collect();
        if let Some(absent) = map.absent.first()
            && !column.optional
        {
            let place = self.place(absent.span);
            self.error(inputs::absent_required(place, &column.name));
        }
        let absent = map.absent.iter().map(|marker| marker.text.clone()).collect();
        let time = map.convert.as_ref().and_then(|convert| self.convert(convert, column));
        ColumnMap { column: at, alternatives, absent, time }
    }

    fn convert(&mut self, convert: &ast::Convert, column: &Column) -> Option<TimeFormat> {
        let (ast::Convert::Word(name) | ast::Convert::Pattern(name)) = convert;
        let place = self.place(name.span);
        if column.ty != Type::Time {
            self.error(inputs::conversion(place, &column.name, &column.ty));
            return None;
        }
        match convert {
            ast::Convert::Pattern(name) => match facts::check_time_pattern(&name.text) {
                Ok(()) => Some(TimeFormat::Pattern(name.text.clone())),
                Err(reason) => {
                    self.error(inputs::time_pattern(place, &name.text, &reason));
                    None
                }
            },
            ast::Convert::Word(name) => match &*name.text {
                "epoch_s" => Some(TimeFormat::EpochSeconds),
                "epoch_ms" => Some(TimeFormat::EpochMillis),
                word => {
                    self.error(inputs::conversion_word(place, word));
                    None
                }
            },
        }
    }

    fn operand(
        &mut self,
        operand: &ast::DocOperand,
        column: &Column,
        kind: Kind,
        regex: Option<&Groups>,
    ) -> Option<Operand> {
        match operand {
            ast::DocOperand::Path(path) => {
                if let (Some(regex), Some((ast::DocStep::Key { key, .. }, span))) = (regex, path.steps.first())
                    && !regex.has(key)
                {
                    let place = self.place(*span);
                    self.error(inputs::unknown_group(place, key, kind == Kind::Code, regex.names()));
                    return None;
                }
                paths::path(self, path, self.aliases.len()).map(Operand::Path)
            }
            ast::DocOperand::Text(name) if kind == Kind::Table => Some(Operand::Heading(name.text.clone())),
            ast::DocOperand::Text(name) => {
                let value = match column.ty {
                    Type::Time => facts::parse_time(&name.text).map(Value::Time),
                    _ => Some(Value::Text(name.text.clone())),
                };
                self.constant(value, column, name.span)
            }
            ast::DocOperand::Literal(expr) => {
                let value = constant(expr).map(|(value, _)| coerce(&value, &column.ty));
                self.constant(value, column, expr.span)
            }
            ast::DocOperand::Capture(name) if kind == Kind::Code => {
                if let Some(captures) = regex.filter(|captures| !captures.has(&name.text)) {
                    let place = self.place(name.span);
                    self.error(inputs::unknown_group(place, &name.text, true, captures.names()));
                    return None;
                }
                Some(Operand::Capture(name.text.clone()))
            }
            ast::DocOperand::Capture(name) => {
                let place = self.place(name.span);
                let why = "captures come from the query of `from code`";
                self.error(inputs::misplaced(place, &format!("`@{}`", name.text), why));
                None
            }
        }
    }

    fn constant(&mut self, value: Option<Value>, column: &Column, span: Span) -> Option<Operand> {
        let value = value.filter(|value| value.fits(&column.ty));
        if value.is_none() {
            let place = self.place(span);
            self.error(inputs::constant(place, &column.name, &column.ty));
        }
        value.map(Operand::Constant)
    }

    /// A block without braces: columns are headings or groups of their own names.
    fn implied(&mut self, kind: Kind, regex: Option<&Groups>) -> Vec<ColumnMap> {
        if self.source.headerless.is_some() {
            return Vec::new();
        }
        if kind == Kind::Document {
            let place = self.place(self.source.span);
            self.error(inputs::no_columns(place));
            return Vec::new();
        }
        let mut found = Vec::with_capacity(self.decl.columns.len());
        for (at, column) in self.decl.columns.iter().enumerate() {
            let name = column.name.clone();
            let group = regex.is_some_and(|regex| regex.has(&name));
            let operand = match kind {
                Kind::Table => Operand::Heading(name),
                Kind::Code if group => Operand::Capture(name),
                _ if group => Operand::Path(Path { root: Root::Current, steps: vec![Step::Key(name)] }),
                _ if column.optional => continue,
                _ => {
                    let query = (kind == Kind::Code).then_some(self.source.pattern.span);
                    let span = query.or(self.source.regex.as_ref().map(|regex| regex.span));
                    let place = self.place(span.unwrap_or(self.source.span));
                    self.error(inputs::no_group(place, &name, kind == Kind::Code));
                    continue;
                }
            };
            found.push(ColumnMap { column: at, alternatives: vec![operand], absent: Vec::new(), time: None });
        }
        found
    }
}
