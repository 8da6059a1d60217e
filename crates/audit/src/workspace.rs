//! A folder that is checked again and again while its files and its policies are edited.
//!
//! What each file gave is kept, and so is the evaluation: a change reads the files that changed, brings the rows up to date, and
//! tells what appeared and what went. The outcome is that of a fresh check; where something else than files and policies changed
//! (what is read from the files, or what counts as a secret), it is one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use base::{Cancel, FileError, Files};
use facts::{InputDecl, RelationDecl, Value};
use ir::RelId;
use lang::Control;

use crate::excerpts::Spots;
use crate::judge::{Before, Remembered};
use crate::pipeline::{Gathered, WAIVERS, control_roots, inputs_of};
use crate::{Assessment, CheckOptions, Evaluated, ExplainOptions, Explanation, Failure, Finding, Outcome, Project};

/// A checked folder that is kept up to date.
pub struct Workspace {
    project: Project,
    options: CheckOptions,
    /// Relations that are evaluated beside those of the controls.
    relations: Vec<Arc<str>>,
    kept: extract::Kept,
    evaluated: Evaluated,
    assessment: Arc<Assessment>,
    /// What the outcomes rest on.
    remembered: Remembered,
    /// Whether rules faulted when controls were judged last.
    faulted: bool,
    /// What is known of places of files that are as they were.
    spots: Spots,
    /// Files of changes that were not carried through.
    stale: BTreeSet<Arc<str>>,
    /// Whether what is no longer asked for stays read: while somebody types, rules come and go.
    wide: bool,
}

/// The answers of a body: how many, and the first of them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answered {
    /// The columns.
    pub columns: Vec<Arc<str>>,
    /// How many there are.
    pub count: usize,
    /// Some of them.
    pub samples: Vec<Vec<Value>>,
}

/// What an update came to.
#[derive(Debug, Default)]
pub struct Difference {
    /// Findings that were not there before.
    pub appeared: Vec<Finding>,
    /// Findings that are there no more.
    pub gone: Vec<Finding>,
    /// Rows of relations that came and went, by name; empty where everything was evaluated anew.
    pub relations: BTreeMap<Arc<str>, RowDifference>,
    /// Whether everything was read and evaluated anew.
    pub anew: bool,
}

/// Rows of a relation that came and went.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct RowDifference {
    /// New rows, by value.
    pub appeared: Vec<Vec<Value>>,
    /// Rows that are there no more, by value.
    pub gone: Vec<Vec<Value>>,
}

impl Workspace {
    /// Checks a folder for the first time. `relations` are evaluated beside what the controls ask for; `files` are the project's
    /// own, or what an editor lays over them.
    pub fn open(
        project: Project,
        options: CheckOptions,
        relations: Vec<Arc<str>>,
        files: Option<&dyn Files>,
        progress: &mut dyn FnMut(&str),
    ) -> Result<Workspace, Failure> {
        let roots = roots(&project, &options, &relations)?;
        let (kept, mut evaluated) = start(&project, &roots, None, files, progress)?;
        progress("judging controls");
        let read = files.unwrap_or(&project.disk);
        let (controls, mut spots) = (project.controls(&options)?, Spots::default());
        let (assessment, remembered) = project.assess_again(&mut evaluated, &controls, read, None, &mut spots);
        let faulted = !evaluated.evaluation.faults().is_empty();
        let (assessment, stale) = (Arc::new(assessment), BTreeSet::new());
        Ok(Workspace {
            project,
            options,
            relations,
            kept,
            evaluated,
            assessment,
            remembered,
            faulted,
            spots,
            stale,
            wide: false,
        })
    }

    /// The project as it is now.
    pub fn project(&self) -> &Project {
        &self.project
    }

    /// What was found.
    pub fn assessment(&self) -> &Arc<Assessment> {
        &self.assessment
    }

    /// The rows behind it.
    pub fn evaluated(&self) -> &Evaluated {
        &self.evaluated
    }

    /// A flag that stops the next update, once raised. An update that is stopped changes nothing that is seen.
    pub fn arm(&mut self) -> Cancel {
        self.project.cancel = Cancel::new();
        self.project.cancel.clone()
    }

    /// The next update stops once this is raised.
    pub fn obey(&mut self, cancel: Cancel) {
        self.project.cancel = cancel;
    }

    /// Goes over to other policies and other relations to evaluate beside; files are what they were. What was read of them
    /// stays, also where the policies ask for it no longer. The difference tells of findings, not of rows.
    pub fn edit(
        &mut self,
        mut project: Project,
        relations: Vec<Arc<str>>,
        files: Option<&dyn Files>,
        progress: &mut dyn FnMut(&str),
    ) -> Result<Difference, Failure> {
        self.wide = true;
        project.cancel = self.project.cancel.clone();
        let fresh = !reads_the_same(&self.project, &project);
        let project = std::mem::replace(&mut self.project, project);
        let relations = std::mem::replace(&mut self.relations, relations);
        let result = match fresh {
            true => self.anew(files, progress),
            false => self.follow(None, files, progress),
        };
        if result.is_err() {
            (self.project, self.relations) = (project, relations);
        }
        result
    }

    /// Why a member of a control's population violates it, or passes.
    pub fn explain(&self, control: &str, subject: &str, options: ExplainOptions) -> Result<Explanation, Failure> {
        self.project.explain_member((&self.judged(control), &self.evaluated), control, subject, options)
    }

    /// Why a member does not violate a control.
    pub fn why_not(&self, control: &str, subject: &str, options: ExplainOptions) -> Result<Explanation, Failure> {
        self.project.member_why_not((&self.judged(control), &self.evaluated), control, subject, options)
    }

    /// The extracted rows and given facts that the proof of a finding rests on, by the label of its subject.
    pub fn leaves(&self, control: &str, subject: &str) -> Vec<(Arc<str>, Vec<Value>)> {
        let outcomes = self.judged(control);
        let found = outcomes.iter().flat_map(Outcome::open).find(|finding| *finding.label == *subject);
        found.map(|finding| self.evaluated.leaves(finding.row)).unwrap_or_default()
    }

    /// The files that waivers were read from.
    pub fn waiver_files(&self) -> &[Arc<str>] {
        self.evaluated.looked.files(WAIVERS)
    }

    /// A control judged by itself: outcomes that were taken over do not know the numbers of their rows.
    fn judged(&self, control: &str) -> Vec<Outcome> {
        let controls = self.project.compilation.control(control);
        let (mut excerpts, mut warnings) = (self.project.excerpts(), Vec::new());
        let controls: Vec<&Control> = controls.into_iter().collect();
        self.project.judge(&self.evaluated, &controls, true, &mut excerpts, &mut warnings)
    }

    /// The answers of bodies, with some samples of each; those of one that cannot be asked are the reason why. The rows at
    /// hand are what they are asked of: an input that no policy reads is not read for them.
    pub fn ask(&mut self, bodies: &[String], samples: usize) -> Result<Vec<Result<Answered, Failure>>, Failure> {
        let (compilation, sources) = (self.project.compilation.clone(), self.project.policies.sources.clone());
        let queries: Vec<_> = bodies.iter().map(|body| self.project.query(body)).collect();
        let asked: Vec<_> = queries.iter().filter_map(|query| query.as_ref().ok()).collect();
        let job = self.project.job();
        let roots = roots(&self.project, &self.options, &self.relations)?;
        let program = Arc::new(self.project.compilation.program(&roots, &asked, &job.settings));
        let evaluation = &mut self.evaluated.evaluation;
        let result = evaluation.update(&facts::Change::new(), Some(&program), &job.engine_options());
        let result = result.map_err(|error| job.exhausted(&program, &error));
        // The next question begins where this one did.
        (self.project.compilation, self.project.policies.sources) = (compilation, sources);
        result?;
        self.evaluated.program = program;
        let evaluated = &self.evaluated;
        let answered = queries.into_iter().map(|query| {
            query.map(|query| Answered {
                columns: query.decl.columns.iter().map(|column| column.name.clone()).collect(),
                count: evaluated.count(&query.relation),
                samples: evaluated.samples(&query.relation, samples).into_iter().map(|(row, _)| row).collect(),
            })
        });
        Ok(answered.collect())
    }

    /// Goes over to what is there now. `changed` names files whose text may be another one; files that came, went, or are of
    /// another size are noticed anyway. `project` takes the place of the one at hand where policies or settings were edited.
    pub fn update(
        &mut self,
        changed: &BTreeSet<Arc<str>>,
        project: Option<Project>,
        files: Option<&dyn Files>,
        progress: &mut dyn FnMut(&str),
    ) -> Result<Difference, Failure> {
        if let Some(mut project) = project {
            project.cancel = self.project.cancel.clone();
            let fresh = !reads_the_same(&self.project, &project);
            let old = std::mem::replace(&mut self.project, project);
            let result = match fresh {
                true => self.anew(files, progress),
                false => self.follow(Some(changed), files, progress),
            };
            if result.is_err() {
                self.project = old;
            }
            return result;
        }
        self.follow(Some(changed), files, progress)
    }

    /// Everything is read and evaluated anew.
    fn anew(&mut self, files: Option<&dyn Files>, progress: &mut dyn FnMut(&str)) -> Result<Difference, Failure> {
        let roots = roots(&self.project, &self.options, &self.relations)?;
        let before = self.wide.then(|| self.kept.request());
        let (kept, evaluated) = start(&self.project, &roots, before, files, progress)?;
        (self.kept, self.evaluated) = (kept, evaluated);
        self.stale.clear();
        self.spots = Spots::default();
        let mut difference = self.judge(None, files, progress)?;
        difference.anew = true;
        Ok(difference)
    }

    /// Files that changed are read, and rows follow; none are looked at where nobody says that some changed.
    fn follow(
        &mut self,
        changed: Option<&BTreeSet<Arc<str>>>,
        files: Option<&dyn Files>,
        progress: &mut dyn FnMut(&str),
    ) -> Result<Difference, Failure> {
        let roots = roots(&self.project, &self.options, &self.relations)?;
        let job = self.project.job();
        let program = Arc::new(self.project.compilation.program(&roots, &[], &job.settings));
        let request = job.request(&inputs_of(&program))?;
        let known = if self.wide { covers(self.kept.request(), &request) } else { request == *self.kept.request() };
        if !known {
            return self.anew(files, progress);
        }
        let (change, extraction) = match changed {
            None if self.stale.is_empty() => (facts::Change::new(), None),
            changed => {
                progress("reading files");
                let readers =
                    (files.unwrap_or(&self.project.disk), &**self.project.readers, Some(&*self.project.scanner));
                let changed: BTreeSet<Arc<str>> = changed.into_iter().flatten().chain(&self.stale).cloned().collect();
                let (change, extraction) = self
                    .kept
                    .update(readers, &changed, &job.extract_options(), &self.project.cancel)
                    .map_err(|error| unlisted(&error))?;
                if extraction.cancelled {
                    return Err(cancelled());
                }
                (change, Some(extraction))
            }
        };
        progress("evaluating rules");
        let evaluation = &mut self.evaluated.evaluation;
        // What a file was read as is known; the rows are not there until they follow.
        self.stale = change.files().cloned().collect();
        self.stale.iter().for_each(|path| self.spots.forget(path));
        let update = evaluation
            .update(&change, Some(&program), &job.engine_options())
            .map_err(|error| job.exhausted(&program, &error))?;
        self.stale.clear();
        // Files as they were: only what the edit of policies changed is judged.
        let changed = extraction.is_none().then(|| update.relations.iter().map(|change| change.relation).collect());
        let told = extraction.map(|extraction| job.told(&extraction, evaluation.database()));
        match told {
            Some(told) => self.evaluated.follow(program, told),
            None => self.evaluated.program = program,
        }
        let mut difference = self.judge(changed, files, progress)?;
        if !self.wide {
            difference.relations = self.rows(update);
        }
        Ok(difference)
    }

    fn rows(&self, update: engine::Update) -> BTreeMap<Arc<str>, RowDifference> {
        let evaluation = &self.evaluated.evaluation;
        let rows = update.relations.into_iter().map(|change| {
            let mut appeared: Vec<Vec<Value>> = change.added.iter().map(|row| evaluation.values(*row)).collect();
            let mut gone = change.removed;
            appeared.sort();
            gone.sort();
            (evaluation.program().relation(change.relation).decl.name.clone(), RowDifference { appeared, gone })
        });
        rows.collect()
    }

    /// Judges the controls, and tells what is not as it was. Where rows of these relations alone are others, only the controls
    /// above them are judged anew.
    fn judge(
        &mut self,
        changed: Option<BTreeSet<RelId>>,
        files: Option<&dyn Files>,
        progress: &mut dyn FnMut(&str),
    ) -> Result<Difference, Failure> {
        progress("judging controls");
        let controls: Vec<&Control> = self.project.controls(&self.options)?;
        let before = changed.filter(|_| !self.faulted).map(|changed| Before {
            outcomes: &self.assessment.controls,
            remembered: &self.remembered,
            changed,
        });
        let files = files.unwrap_or(&self.project.disk);
        let (now, remembered) = {
            let (evaluated, spots) = (&mut self.evaluated, &mut self.spots);
            self.project.assess_again(evaluated, &controls, files, before.as_ref(), spots)
        };
        self.remembered = remembered;
        self.faulted = !self.evaluated.evaluation.faults().is_empty();
        let before = std::mem::replace(&mut self.assessment, Arc::new(now));
        let lacking = |of: &Assessment, other: &Assessment| {
            let known: BTreeSet<&str> = findings(other).map(|finding| &*finding.id).collect();
            findings(of).filter(|finding| !known.contains(&*finding.id)).cloned().collect::<Vec<Finding>>()
        };
        Ok(Difference {
            appeared: lacking(&self.assessment, &before),
            gone: lacking(&before, &self.assessment),
            ..Difference::default()
        })
    }
}

fn findings(assessment: &Assessment) -> impl Iterator<Item = &Finding> {
    assessment.controls.iter().flat_map(|outcome| outcome.findings.iter().chain(&outcome.notes))
}

/// The relations that the controls ask for, and others.
fn roots(project: &Project, options: &CheckOptions, relations: &[Arc<str>]) -> Result<Vec<Arc<str>>, Failure> {
    let controls = project.controls(options)?;
    Ok(controls.iter().flat_map(|control| control_roots(control)).chain(relations.iter().cloned()).collect())
}

/// Whether everything that is asked for was asked for, and is read as it was.
fn covers(known: &extract::Request, asked: &extract::Request) -> bool {
    let read_so = |input: &Arc<InputDecl>| {
        let mut known = known.inputs.iter();
        known.any(|known| alike(&known.relation, &input.relation) && known.sources == input.sources)
    };
    asked.schema.iter().all(|decl| known.schema.iter().any(|known| alike(known, decl)))
        && asked.inputs.iter().all(read_so)
        && asked.bindings == known.bindings
}

/// Whether two relations differ in what is told of them alone.
fn alike(one: &RelationDecl, other: &RelationDecl) -> bool {
    let column = |column: &facts::Column| (column.name.clone(), column.ty.clone(), column.optional, column.key);
    one.name == other.name && one.columns.iter().map(column).eq(other.columns.iter().map(column))
}

/// The request with what was asked for before and is declared as it was.
fn widened(project: &Project, mut request: extract::Request, before: &extract::Request) -> extract::Request {
    for input in &project.compilation.inputs {
        let name = &input.relation.name;
        let known = before.schema.iter().find(|decl| alike(decl, &input.relation));
        if let Some(decl) = known.filter(|_| request.schema.iter().all(|decl| decl.name != *name)) {
            request.schema.push(decl.clone());
            if !input.sources.is_empty() {
                request.inputs.push(input.clone());
            }
        }
    }
    request.schema.sort_by(|a, b| a.name.cmp(&b.name));
    request
}

/// Reads all files, and evaluates. What was asked `before` is read too.
fn start(
    project: &Project,
    roots: &[Arc<str>],
    before: Option<&extract::Request>,
    files: Option<&dyn Files>,
    progress: &mut dyn FnMut(&str),
) -> Result<(extract::Kept, Evaluated), Failure> {
    let job = project.job();
    let program = Arc::new(project.compilation.program(roots, &[], &job.settings));
    let mut request = job.request(&inputs_of(&program))?;
    if let Some(before) = before {
        request = widened(project, request, before);
    }
    progress("reading files");
    let readers = (files.unwrap_or(&project.disk), &**project.readers, Some(&*project.scanner));
    let (kept, mut extraction) = extract::Kept::start(readers, &request, &job.extract_options(), &project.cancel)
        .map_err(|error| unlisted(&error))?;
    if extraction.cancelled {
        return Err(cancelled());
    }
    let database = std::mem::take(&mut extraction.database);
    let asked = request.schema.iter().map(|decl| decl.name.clone()).collect();
    let gathered = Gathered { asked, told: job.told(&extraction, &database), database };
    Ok((kept, job.derive(program, gathered, progress)?))
}

/// Whether what is read from files depends on nothing in which two projects differ. (What is asked for is compared later.)
fn reads_the_same(one: &Project, other: &Project) -> bool {
    let patterns = |project: &Project| -> Vec<Vec<Value>> {
        project.compilation.facts_of("secret.pattern").into_iter().map(|(row, _)| row).collect()
    };
    let (a, b) = (&one.settings, &other.settings);
    (&a.include, &a.exclude, &a.salt) == (&b.include, &b.exclude, &b.salt) && patterns(one) == patterns(other)
}

fn unlisted(error: &FileError) -> Failure {
    Failure::plain("E0910", error.to_string())
}

fn cancelled() -> Failure {
    Failure::plain("E0930", engine::Error::Cancelled.to_string())
}
