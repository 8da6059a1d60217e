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
use facts::{Database, RelationDecl};
use ir::{Program, RelationKind};
use lang::{Compilation, Control, Query, Settings, Severity};

use crate::excerpts::{Excerpts, Spots};
use crate::judge::{Before, Judge, Remembered};
use crate::looked::Looked;
use crate::told::Told;
use crate::waivers::Register;
use crate::{Assessment, Failure, FileProblem, InputFigures, Outcome, Project, Scope, Timings};

/// The register of waivers, read beside what the controls ask for.
pub(crate) const WAIVERS: &str = "waiver.waiver";
/// Source files, by which languages without an extractor are known.
pub(crate) const SOURCE_FILES: &str = "code.file";

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

impl Evaluated {
    pub(crate) fn new(program: Arc<Program>, evaluation: Evaluation, told: Told) -> Self {
        let Told { looked, register, problems, inputs, stats } = told;
        Evaluated { program, evaluation, looked, problems, inputs, timings: Timings(stats), register }
    }

    /// Its evaluation was brought up to date.
    pub(crate) fn follow(&mut self, program: Arc<Program>, told: Told) {
        let Told { looked, register, problems, inputs, stats } = told;
        (self.program, self.looked, self.register) = (program, looked, register);
        (self.problems, self.inputs, self.timings) = (problems, inputs, Timings(stats));
    }
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
        Ok(chosen.map(|control| &**control).collect())
    }

    /// Steps 2 to 6 for the controls asked for.
    pub fn check(&self, options: &CheckOptions, progress: &mut dyn FnMut(&str)) -> Result<Run, Failure> {
        let controls = self.controls(options)?;
        let roots = controls.iter().flat_map(|control| control_roots(control)).chain(options.also.iter().cloned());
        let roots: Vec<Arc<str>> = roots.collect();
        let mut evaluated = self.evaluate(&roots, &[], progress)?;
        progress("judging controls");
        let assessment = self.assess(&mut evaluated, &controls, &self.disk);
        Ok(Run { assessment, evaluated })
    }

    /// Steps 5 and 6; `files` are those that were read.
    pub(crate) fn assess(&self, evaluated: &mut Evaluated, controls: &[&Control], files: &dyn Files) -> Assessment {
        self.assess_again(evaluated, controls, files, None, &mut Spots::default()).0
    }

    /// The same; outcomes of before that rest on what they rested on are taken over, and what is known of places.
    pub(crate) fn assess_again(
        &self,
        evaluated: &mut Evaluated,
        controls: &[&Control],
        files: &dyn Files,
        before: Option<&Before<'_>>,
        spots: &mut Spots,
    ) -> (Assessment, Remembered) {
        let start = Instant::now();
        let mut excerpts = self.excerpts_of(files).with(std::mem::take(spots));
        let mut warnings = Vec::new();
        let (outcomes, remembered) =
            self.judge_again(evaluated, controls, true, (&mut excerpts, &mut warnings), before);
        *spots = excerpts.into_spots();
        evaluated.timings.0.push(("judge".to_owned(), start.elapsed()));
        warnings.extend(self.unmatched_bindings(evaluated));
        warnings.sort();
        warnings.dedup();
        (self.assessment(evaluated, outcomes, warnings), remembered)
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
        self.excerpts_of(&self.disk)
    }

    pub(crate) fn excerpts_of<'e>(&'e self, files: &'e dyn Files) -> Excerpts<'e> {
        let shown =
            |path: &str, text: &str, byte| self.readers.iter().find_map(|reader| reader.shown(path, text, byte));
        Excerpts::new(Box::new(move |path| extract::masked_text(files, path, Some(&*self.scanner))), Box::new(shown))
    }

    pub(crate) fn judge(
        &self,
        evaluated: &Evaluated,
        controls: &[&Control],
        paths: bool,
        excerpts: &mut Excerpts<'_>,
        warnings: &mut Vec<String>,
    ) -> Vec<Outcome> {
        self.judge_again(evaluated, controls, paths, (excerpts, warnings), None).0
    }

    fn judge_again(
        &self,
        evaluated: &Evaluated,
        controls: &[&Control],
        paths: bool,
        (excerpts, warnings): (&mut Excerpts<'_>, &mut Vec<String>),
        before: Option<&Before<'_>>,
    ) -> (Vec<Outcome>, Remembered) {
        let rows = (&*evaluated.program, &evaluated.evaluation);
        let judge = Judge::new(&self.policies.sources, rows, &evaluated.looked, &evaluated.register, controls, paths);
        let mut remembered = Remembered::new();
        let outcomes = judge.outcomes(controls, excerpts, warnings, before, &mut remembered);
        (outcomes, remembered)
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
pub(crate) fn control_roots(control: &Control) -> impl Iterator<Item = Arc<str>> + '_ {
    let rules = control.violations.iter().chain(&control.notes).map(|rule| rule.relation.clone());
    let needs = control.needs.iter().flatten().cloned();
    std::iter::once(control.scope.clone()).chain(rules).chain(needs)
}

/// What was read for some inputs, before anything is derived from it.
#[derive(Clone)]
pub(crate) struct Gathered {
    /// The relations that were asked for.
    pub asked: BTreeSet<Arc<str>>,
    pub database: Database,
    pub told: Told,
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
        let gathered = self.gather(&request, progress)?;
        clock.lap("extract");
        let mut evaluated = self.derive(program, gathered, progress)?;
        clock.lap("evaluate");
        let stats = std::mem::replace(&mut evaluated.timings.0, clock.0);
        evaluated.timings.0.extend(stats);
        Ok(evaluated)
    }

    /// Step 3.
    pub(crate) fn gather(&self, request: &Request, progress: &mut dyn FnMut(&str)) -> Result<Gathered, Failure> {
        progress("reading files");
        let mut extraction = self.extract(request)?;
        if extraction.cancelled {
            return Err(Failure::plain("E0930", engine::Error::Cancelled.to_string()));
        }
        let database = std::mem::take(&mut extraction.database);
        let asked = request.schema.iter().map(|decl| decl.name.clone()).collect();
        Ok(Gathered { asked, told: self.told(&extraction, &database), database })
    }

    /// Step 4. Of the timings it knows those of the extractors.
    pub(crate) fn derive(
        &self,
        program: Arc<Program>,
        gathered: Gathered,
        progress: &mut dyn FnMut(&str),
    ) -> Result<Evaluated, Failure> {
        progress("evaluating rules");
        let Gathered { database, told, .. } = gathered;
        let evaluation = engine::evaluate(&program, database, &self.engine_options())
            .map_err(|error| self.exhausted(&program, &error))?;
        Ok(Evaluated::new(program, evaluation, told))
    }

    /// How the engine is to work.
    pub(crate) fn engine_options(&self) -> engine::Options {
        engine::Options {
            threads: self.threads,
            limits: self.project.limits.clone(),
            cancel: self.project.cancel.clone(),
            observe: self.project.observe,
            ..engine::Options::default()
        }
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

    /// Which files are looked at, and by how many threads.
    pub(crate) fn extract_options(&self) -> extract::Options {
        let settings = &self.project.settings;
        let globs =
            |globs: &[String]| globs.iter().filter(|_| self.configured).map(|glob| glob.as_str().into()).collect();
        extract::Options { threads: self.threads, include: globs(&settings.include), exclude: globs(&settings.exclude) }
    }

    fn extract(&self, request: &Request) -> Result<Extraction, Failure> {
        let options = self.extract_options();
        let project = self.project;
        extract::run(self.files, request, &project.readers, Some(&*project.scanner), &options, &project.cancel)
            .map_err(|error| Failure::plain("E0910", error.to_string()))
    }

    /// What grew until a budget was used up, at the rule that made most of it.
    pub(crate) fn exhausted(&self, program: &Program, error: &engine::Error) -> Failure {
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
}

/// Laps of a stop watch, and when the current one began.
struct Clock(Vec<(String, Duration)>, Instant);

impl Clock {
    fn lap(&mut self, name: &str) {
        self.0.push((name.to_owned(), self.1.elapsed()));
        self.1 = Instant::now();
    }
}
