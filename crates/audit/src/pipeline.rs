//! The pipeline of a run, as a numbered list:
//!
//! 1. settings and policies are read and compiled ([`Project::open`]);
//! 2. the roots (relations of the chosen controls, queries) decide the program, and with it the inputs that are needed;
//! 3. the inputs are extracted from the files, secrets masked first;
//! 4. the program is evaluated over the rows;
//! 5. controls are judged, waivers and suppressions applied;
//! 6. what came of it is one [`Assessment`].

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use base::{Files, did_you_mean};
use engine::Evaluation;
use extract::{Extraction, Request};
use facts::{RelationDecl, Type, Value};
use ir::{Program, RelationKind};
use lang::{Compilation, Control, Query, Settings, Severity};

use crate::excerpts::Excerpts;
use crate::judge::Judge;
use crate::looked::Looked;
use crate::waivers::Register;
use crate::{Assessment, Failure, FileProblem, InputFigures, Outcome, Project, Scope, Timings};

/// The register of waivers, read beside what the controls ask for.
const WAIVERS: &str = "waiver.waiver";
/// Source files, by which languages without an extractor are known.
const SOURCE_FILES: &str = "code.file";

/// What `check` is asked for.
#[derive(Debug, Clone, Default)]
pub struct CheckOptions {
    /// Only these controls; all where empty.
    pub controls: Vec<String>,
    /// Only controls at least as severe.
    pub severity: Option<Severity>,
    /// Relations to evaluate beside what the controls ask for, by qualified name.
    pub also: Vec<Arc<str>>,
}

/// An evaluated program with what it rests on.
pub struct Evaluated {
    /// The program.
    pub program: Arc<Program>,
    /// Its rows.
    pub evaluation: Evaluation,
    pub(crate) looked: Looked,
    /// Trouble with files.
    pub problems: Vec<FileProblem>,
    /// What was read.
    pub inputs: InputFigures,
    /// How long the parts took.
    pub timings: Timings,
    pub(crate) register: Register,
}

/// A finished `check`.
pub struct Run {
    /// What was found.
    pub assessment: Assessment,
    /// The rows behind it, for proofs.
    pub evaluated: Evaluated,
}

/// What steps 2 to 4 work on: a project's folder, or the files of a test.
pub(crate) struct Job<'a> {
    pub project: &'a Project,
    pub files: &'a dyn Files,
    pub settings: Settings,
    /// Relations that a test says exist, with or without rows.
    pub given: Vec<Arc<str>>,
    /// Whether the project's include and exclude globs and bindings count.
    pub configured: bool,
    /// Threads to use; 0 for as many as there are cores.
    pub threads: usize,
}

impl Project {
    /// The controls asked for, by id.
    pub fn controls(&self, options: &CheckOptions) -> Result<Vec<&Control>, Failure> {
        let all = &self.compilation.controls;
        for id in &options.controls {
            if !all.iter().any(|control| *control.id == **id) {
                let help = did_you_mean(id, all.iter().map(|control| &*control.id))
                    .unwrap_or_else(|| "`lawbook controls` lists the controls in force".to_owned());
                return Err(Failure::plain("E0921", format!("there is no control `{id}`")).help(help));
            }
        }
        let least = options.severity.or(self.settings.severity).unwrap_or(Severity::Info);
        // Who names a control wants it, however severe it is.
        let chosen = all.iter().filter(|control| {
            let all = options.controls.is_empty();
            all && control.severity >= least || options.controls.iter().any(|id| **id == *control.id)
        });
        Ok(chosen.collect())
    }

    /// Steps 2 to 6 for the controls asked for.
    pub fn check(&self, options: &CheckOptions, progress: &mut dyn FnMut(&str)) -> Result<Run, Failure> {
        let controls = self.controls(options)?;
        let roots = controls.iter().flat_map(|control| control_roots(control)).chain(options.also.iter().cloned());
        let roots: Vec<Arc<str>> = roots.collect();
        let mut evaluated = self.evaluate(&roots, &[], progress)?;
        progress("judging controls");
        let start = Instant::now();
        let mut excerpts = self.excerpts();
        let mut warnings = Vec::new();
        let outcomes = self.judge(&evaluated, &controls, true, &mut excerpts, &mut warnings);
        evaluated.timings.0.push(("judge".to_owned(), start.elapsed()));
        warnings.extend(self.unmatched_bindings(&evaluated));
        warnings.sort();
        warnings.dedup();
        let assessment = self.assessment(&evaluated, outcomes, warnings);
        Ok(Run { assessment, evaluated })
    }

    /// Steps 2 to 4 for relations and queries.
    pub fn evaluate(
        &self,
        roots: &[Arc<str>],
        queries: &[&Query],
        progress: &mut dyn FnMut(&str),
    ) -> Result<Evaluated, Failure> {
        self.job().evaluate(roots, queries, progress)
    }

    /// Steps 2 to 4 over the project's own files.
    pub(crate) fn job(&self) -> Job<'_> {
        Job {
            project: self,
            files: &self.disk,
            settings: self.program_settings(),
            given: Vec::new(),
            configured: true,
            threads: self.threads,
        }
    }

    /// Texts of scanned files, masked, for excerpts.
    pub(crate) fn excerpts(&self) -> Excerpts<'_> {
        Excerpts::new(Box::new(|path| extract::masked_text(&self.disk, path, Some(&*self.scanner))))
    }

    pub(crate) fn judge(
        &self,
        evaluated: &Evaluated,
        controls: &[&Control],
        paths: bool,
        excerpts: &mut Excerpts<'_>,
        warnings: &mut Vec<String>,
    ) -> Vec<Outcome> {
        let rows = (&*evaluated.program, &evaluated.evaluation);
        let judge = Judge::new(&self.policies.sources, rows, &evaluated.looked, &evaluated.register, controls, paths);
        judge.outcomes(controls, excerpts, warnings)
    }

    /// Inputs that the settings bind to files that are not there.
    fn unmatched_bindings(&self, evaluated: &Evaluated) -> Vec<String> {
        let lacking = |name: &str| {
            evaluated.program.find(name).is_some()
                && !evaluated.looked.present(name)
                && evaluated.looked.failures(name).is_empty()
        };
        let bindings = self.settings.bindings.iter().filter(|(name, ..)| lacking(name));
        let mut warnings: Vec<String> = bindings
            .map(|(name, globs, _)| format!("`{name}` is bound to {}, and nothing was found there", globs.join(", ")))
            .collect();
        if !self.settings.waivers.is_empty() && !evaluated.looked.present(WAIVERS) {
            warnings.push(format!("no waivers were found at {}", self.settings.waivers.join(", ")));
        }
        warnings
    }

    fn assessment(&self, evaluated: &Evaluated, controls: Vec<Outcome>, warnings: Vec<String>) -> Assessment {
        let used: BTreeSet<&str> = controls
            .iter()
            .flat_map(|outcome| outcome.control.maps.iter().map(|(framework, _)| &**framework))
            .collect();
        let frameworks = self.compilation.frameworks.iter().filter(|framework| used.contains(&*framework.id));
        Assessment {
            root: self.name.clone(),
            as_of: self.as_of,
            scope: Scope {
                settings: self.settings.file.clone(),
                exclude: self.settings.exclude.clone(),
                languages: self.settings.languages.iter().map(|(name, _)| name.clone()).collect(),
                params: self.params.iter().map(|(name, value)| (name.clone(), value.to_string())).collect(),
                waivers: (evaluated.register.in_force(), evaluated.register.expired),
                warnings,
            },
            frameworks: frameworks.cloned().collect(),
            controls,
            problems: evaluated.problems.clone(),
            inputs: evaluated.inputs.clone(),
            timings: evaluated.timings.clone(),
        }
    }
}

/// The input relations of a program.
pub(crate) fn inputs_of(program: &Program) -> BTreeMap<Arc<str>, Arc<RelationDecl>> {
    let inputs = program.relations.iter().filter(|relation| relation.kind == RelationKind::Input);
    inputs.map(|relation| (relation.decl.name.clone(), relation.decl.clone())).collect()
}

/// The relations that a control needs evaluated.
pub(crate) fn control_roots(control: &Control) -> Vec<Arc<str>> {
    let rules = control.violations.iter().chain(&control.notes).map(|rule| rule.relation.clone());
    let needs = control.needs.iter().flatten().cloned();
    std::iter::once(control.scope.clone()).chain(rules).chain(needs).collect()
}

/// What was read for some inputs, before anything is derived from it.
#[derive(Clone)]
pub(crate) struct Gathered {
    /// The relations that were asked for.
    pub asked: BTreeSet<Arc<str>>,
    database: facts::Database,
    looked: Looked,
    register: Register,
    problems: Vec<FileProblem>,
    inputs: InputFigures,
    /// By extractor.
    stats: Vec<(String, Duration)>,
}

impl Job<'_> {
    pub(crate) fn evaluate(
        &self,
        roots: &[Arc<str>],
        queries: &[&Query],
        progress: &mut dyn FnMut(&str),
    ) -> Result<Evaluated, Failure> {
        let mut clock = Clock(vec![("policies".to_owned(), self.project.opened_in)], Instant::now());
        let program = Arc::new(self.project.compilation.program(roots, queries, &self.settings));
        let request = self.request(&inputs_of(&program))?;
        clock.lap("plan");
        let gathered = self.facts(request, progress)?;
        clock.lap("extract");
        let mut evaluated = self.derive(program, gathered, progress)?;
        clock.lap("evaluate");
        let stats = std::mem::replace(&mut evaluated.timings.0, clock.0);
        evaluated.timings.0.extend(stats);
        Ok(evaluated)
    }

    /// Step 3, spared where the project keeps what it asks for.
    fn facts(&self, request: Request, progress: &mut dyn FnMut(&str)) -> Result<Gathered, Failure> {
        let Some(kept) = self.project.kept.as_ref().filter(|_| self.configured) else {
            return self.gather(&request, progress);
        };
        if let Some(gathered) = kept.find(self.project, &request) {
            return Ok(gathered);
        }
        let request = kept.widen(self.project, request);
        let gathered = self.gather(&request, progress)?;
        kept.keep(self.project, &request, &gathered);
        Ok(gathered)
    }

    /// Step 3.
    pub(crate) fn gather(&self, request: &Request, progress: &mut dyn FnMut(&str)) -> Result<Gathered, Failure> {
        progress("reading files");
        let mut extraction = self.extract(request)?;
        if extraction.cancelled {
            return Err(Failure::plain("E0930", engine::Error::Cancelled.to_string()));
        }
        let languages = self.languages(&extraction);
        let mut looked = Looked::new(&extraction, &languages, &self.sources(&extraction));
        self.given.iter().for_each(|relation| looked.add(relation));
        let stats = extraction
            .stats
            .iter()
            .map(|(name, stats)| (format!("extract: {name} ({} files, {} rows)", stats.files, stats.rows), stats.time));
        Ok(Gathered {
            asked: request.schema.iter().map(|decl| decl.name.clone()).collect(),
            looked,
            register: self.register(&extraction),
            problems: problems(&extraction),
            inputs: figures(&extraction, languages),
            stats: stats.collect(),
            database: std::mem::take(&mut extraction.database),
        })
    }

    /// Step 4. Of the timings it knows those of the extractors.
    pub(crate) fn derive(
        &self,
        program: Arc<Program>,
        gathered: Gathered,
        progress: &mut dyn FnMut(&str),
    ) -> Result<Evaluated, Failure> {
        progress("evaluating rules");
        let options = engine::Options {
            threads: self.threads,
            limits: self.project.limits.clone(),
            cancel: self.project.cancel.clone(),
            observe: self.project.observe,
            ..engine::Options::default()
        };
        let Gathered { database, looked, register, problems, inputs, stats, .. } = gathered;
        let evaluation =
            engine::evaluate(&program, database, &options).map_err(|error| self.exhausted(&program, &error))?;
        Ok(Evaluated { program, evaluation, looked, problems, inputs, timings: Timings(stats), register })
    }

    /// What has to be extracted for these inputs, and what judging looks at beside them.
    pub(crate) fn request(&self, wanted: &BTreeMap<Arc<str>, Arc<RelationDecl>>) -> Result<Request, Failure> {
        let compilation = &self.project.compilation;
        let mut schema = wanted.clone();
        let code = schema.keys().any(|name| name.starts_with("code."));
        let beside = [(WAIVERS, true), (SOURCE_FILES, code)];
        for (name, _) in beside.iter().filter(|(_, wanted)| *wanted) {
            if let Some(input) = compilation.inputs.iter().find(|input| *input.relation.name == **name) {
                schema.entry(input.relation.name.clone()).or_insert_with(|| Arc::new(input.relation.clone()));
            }
        }
        let wanted = |name: &Arc<str>| schema.contains_key(name);
        let inputs =
            compilation.inputs.iter().filter(|input| !input.sources.is_empty() && wanted(&input.relation.name));
        let inputs = inputs.cloned().collect();
        let bindings = if self.configured { self.bindings(compilation)? } else { BTreeMap::new() };
        Ok(Request { schema: schema.into_values().collect(), inputs, bindings })
    }

    /// Inputs that the settings bind to files.
    fn bindings(&self, compilation: &Compilation) -> Result<BTreeMap<Arc<str>, Vec<Arc<str>>>, Failure> {
        let settings = &self.project.settings;
        let mut found = BTreeMap::new();
        for (name, globs, place) in &settings.bindings {
            let known =
                compilation.inputs.iter().filter(|input| !input.sources.is_empty()).map(|input| &*input.relation.name);
            if !known.clone().any(|known| *known == **name) {
                let message = format!("there is no input `{name}` to bind");
                let diagnostic = base::Diagnostic::error("E0908", *place, message)
                    .maybe_help(did_you_mean(name, known))
                    .note("`lawbook schema` lists all relations");
                return Err(self.project.at_policies(diagnostic));
            }
            found.insert(name.clone(), globs.iter().map(|glob| glob.as_str().into()).collect());
        }
        if !settings.waivers.is_empty() {
            found.insert(WAIVERS.into(), settings.waivers.iter().map(|glob| glob.as_str().into()).collect());
        }
        Ok(found)
    }

    fn extract(&self, request: &Request) -> Result<Extraction, Failure> {
        let settings = &self.project.settings;
        let globs =
            |globs: &[String]| globs.iter().filter(|_| self.configured).map(|glob| glob.as_str().into()).collect();
        let options = extract::Options {
            threads: self.threads,
            include: globs(&settings.include),
            exclude: globs(&settings.exclude),
        };
        let project = self.project;
        extract::run(self.files, request, &project.readers, Some(&*project.scanner), &options, &project.cancel)
            .map_err(|error| Failure::plain("E0910", error.to_string()))
    }

    /// The waivers, those that a test gives included.
    fn register(&self, extraction: &Extraction) -> Register {
        let declared = self.project.compilation.inputs.iter().find(|input| *input.relation.name == *WAIVERS);
        let Some(input) = declared else { return Register::default() };
        let given = self.settings.given.iter().filter(|(name, ..)| **name == *WAIVERS).map(|(_, row, _)| row.clone());
        let read = rows(extraction, WAIVERS).map(|row| row.values);
        Register::new(&input.relation, read.chain(given), self.settings.as_of)
    }

    /// What grew until a budget was used up, at the rule that made most of it.
    fn exhausted(&self, program: &Program, error: &engine::Error) -> Failure {
        let engine::Error::Budget(over) = error else { return Failure::plain("E0930", error.to_string()) };
        let message = format!(
            "the evaluation was stopped: the budget of {} is used up, and `{}` has grown to {} rows",
            over.budget, over.name, over.rows
        );
        let mut rules = over.rules.iter().map(|(id, rows)| (program.rule(*id).place, rows));
        let mut diagnostic = match rules.next() {
            Some((place, rows)) => base::Diagnostic::error("E0930", place, message).label(format!("made {rows} rows")),
            None => base::Diagnostic::plain("E0930", base::Severity::Error, message),
        };
        for (place, rows) in rules.take(3) {
            diagnostic = diagnostic.also(place, format!("made {rows} rows"));
        }
        for row in over.sample.iter().take(3) {
            let row: Vec<String> = row.iter().map(ToString::to_string).collect();
            diagnostic = diagnostic.note(format!("one of its newest rows: ({})", row.join(", ")));
        }
        let help = "bound what the rule makes, or raise the budget (`--max-memory`, `--timeout`)";
        self.project.at_policies(diagnostic.help(help))
    }

    /// Languages in scope of non-test, non-generated source files that no extractor reads, with the number of files.
    fn languages(&self, extraction: &Extraction) -> Vec<(Arc<str>, usize)> {
        let read: BTreeSet<&str> = self.project.readers.iter().map(|reader| reader.name()).collect();
        let mut found: BTreeMap<Arc<str>, usize> = BTreeMap::new();
        for (_, language) in self.source_files(extraction).filter(|(_, language)| !read.contains(&**language)) {
            *found.entry(language).or_default() += 1;
        }
        found.into_iter().collect()
    }

    /// Source files in scope.
    fn sources(&self, extraction: &Extraction) -> BTreeSet<Arc<str>> {
        self.source_files(extraction).map(|(path, _)| path).collect()
    }

    /// Path and language of each source file in scope that is neither test nor generated.
    fn source_files<'e>(&'e self, extraction: &'e Extraction) -> impl Iterator<Item = (Arc<str>, Arc<str>)> + 'e {
        let scope = &self.project.settings.languages;
        rows(extraction, SOURCE_FILES).filter_map(move |row| {
            let language = row.text("language")?;
            let counts = !row.truth("test") && !row.truth("generated");
            let in_scope = scope.is_empty() || scope.iter().any(|(name, _)| *name == language);
            (counts && in_scope).then_some((row.text("path")?, language))
        })
    }
}

/// A row with its columns' names.
struct NamedRow<'a> {
    decl: &'a RelationDecl,
    values: Vec<Value>,
}

impl NamedRow<'_> {
    fn text(&self, column: &str) -> Option<Arc<str>> {
        self.decl.column(column).and_then(|at| self.values[at].as_text()).map(Into::into)
    }

    fn truth(&self, column: &str) -> bool {
        self.decl.column(column).is_some_and(|at| self.values[at] == Value::Bool(true))
    }

    fn int(&self, column: &str) -> i64 {
        match self.decl.column(column).map(|at| &self.values[at]) {
            Some(Value::Int(number)) => *number,
            _ => 0,
        }
    }
}

fn rows<'a>(extraction: &'a Extraction, relation: &str) -> impl Iterator<Item = NamedRow<'a>> {
    let database = &extraction.database;
    let table = database.table(relation);
    table.into_iter().flat_map(move |table| {
        let types: Vec<&Type> = table.decl().columns.iter().map(|column| &column.ty).collect();
        (0..table.len()).map(move |row| {
            let values = table.row(row).zip(&types).map(|(code, ty)| database.values.decode(ty, code)).collect();
            NamedRow { decl: table.decl(), values }
        })
    })
}

fn problems(extraction: &Extraction) -> Vec<FileProblem> {
    let told = extraction.problems.iter().map(|found| FileProblem {
        path: found.path.clone(),
        line: found.problem.place.line,
        column: found.problem.place.column,
        code: found.problem.code,
        error: found.problem.kind == extract::ProblemKind::Error,
        relation: found.problem.relation.clone(),
        message: found.problem.message.clone(),
        help: found.problem.help.clone(),
    });
    let mut problems: Vec<FileProblem> = told.collect();
    for (path, reason) in &extraction.skipped {
        // What an extractor has told already with a place and a way out is not told twice.
        if !problems.iter().any(|problem| problem.path == *path) {
            problems.push(FileProblem {
                path: path.clone(),
                line: 0,
                column: 0,
                code: "W0802",
                error: false,
                relation: None,
                message: format!("not looked at: {reason}"),
                help: None,
            });
        }
    }
    problems.sort();
    // Entries that an alias repeats have one place and one trouble.
    problems.dedup();
    problems
}

fn figures(extraction: &Extraction, languages: Vec<(Arc<str>, usize)>) -> InputFigures {
    let counts = &extraction.counts;
    InputFigures {
        files: counts.read as usize,
        ignored: counts.ignored,
        excluded: counts.excluded as usize,
        binary: counts.binary as usize,
        rows: extraction.database.tables().iter().map(|table| table.len()).sum(),
        lines: rows(extraction, SOURCE_FILES).map(|row| row.int("lines").max(0) as u64).sum(),
        languages_without_extractor: languages,
    }
}

/// Laps of a stop watch, and when the current one began.
struct Clock(Vec<(String, Duration)>, Instant);

impl Clock {
    fn lap(&mut self, name: &str) {
        self.0.push((name.to_owned(), self.1.elapsed()));
        self.1 = Instant::now();
    }
}
