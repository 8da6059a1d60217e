//! A folder that is checked again and again while its files and its policies are edited.
//!
//! What each file gave is kept, and so is the evaluation: a change reads the files that changed, brings the rows up to date, and
//! tells what appeared and what went. The outcome is that of a fresh check; where something else than files and policies changed
//! (what is read from the files, or what counts as a secret), it is one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use base::{Cancel, FileError, Files};
use facts::Value;
use lang::Control;

use crate::pipeline::{Gathered, control_roots, inputs_of};
use crate::{Assessment, CheckOptions, Evaluated, Failure, Finding, Project};

/// A checked folder that is kept up to date.
pub struct Workspace {
    project: Project,
    options: CheckOptions,
    /// Relations that are evaluated beside those of the controls.
    relations: Vec<Arc<str>>,
    kept: extract::Kept,
    evaluated: Evaluated,
    assessment: Assessment,
    /// Files of changes that were not carried through.
    stale: BTreeSet<Arc<str>>,
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
        let (kept, mut evaluated) = start(&project, &roots, files, progress)?;
        progress("judging controls");
        let read = files.unwrap_or(&project.disk);
        let assessment = project.assess(&mut evaluated, &project.controls(&options)?, read);
        Ok(Workspace { project, options, relations, kept, evaluated, assessment, stale: BTreeSet::new() })
    }

    /// The project as it is now.
    pub fn project(&self) -> &Project {
        &self.project
    }

    /// What was found.
    pub fn assessment(&self) -> &Assessment {
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
                false => self.follow(changed, files, progress),
            };
            if result.is_err() {
                self.project = old;
            }
            return result;
        }
        self.follow(changed, files, progress)
    }

    /// Everything is read and evaluated anew.
    fn anew(&mut self, files: Option<&dyn Files>, progress: &mut dyn FnMut(&str)) -> Result<Difference, Failure> {
        let roots = roots(&self.project, &self.options, &self.relations)?;
        let (kept, evaluated) = start(&self.project, &roots, files, progress)?;
        (self.kept, self.evaluated) = (kept, evaluated);
        self.stale.clear();
        let mut difference = self.judge(files, progress)?;
        difference.anew = true;
        Ok(difference)
    }

    /// Files that changed are read, and rows follow.
    fn follow(
        &mut self,
        changed: &BTreeSet<Arc<str>>,
        files: Option<&dyn Files>,
        progress: &mut dyn FnMut(&str),
    ) -> Result<Difference, Failure> {
        let roots = roots(&self.project, &self.options, &self.relations)?;
        let job = self.project.job();
        let program = Arc::new(self.project.compilation.program(&roots, &[], &job.settings));
        if job.request(&inputs_of(&program))? != *self.kept.request() {
            return self.anew(files, progress);
        }
        progress("reading files");
        let readers = (files.unwrap_or(&self.project.disk), &*self.project.readers, Some(&*self.project.scanner));
        let changed: BTreeSet<Arc<str>> = changed.union(&self.stale).cloned().collect();
        let (change, extraction) = self
            .kept
            .update(readers, &changed, &job.extract_options(), &self.project.cancel)
            .map_err(|error| unlisted(&error))?;
        if extraction.cancelled {
            return Err(cancelled());
        }
        progress("evaluating rules");
        let evaluation = &mut self.evaluated.evaluation;
        // What a file was read as is known; the rows are not there until they follow.
        self.stale = change.files().cloned().collect();
        let update = evaluation
            .update(&change, Some(&program), &job.engine_options())
            .map_err(|error| job.exhausted(&program, &error))?;
        self.stale.clear();
        let told = job.told(&extraction, evaluation.database());
        self.evaluated.follow(program, told);
        let mut difference = self.judge(files, progress)?;
        difference.relations = self.rows(update);
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

    /// Judges the controls, and tells what is not as it was.
    fn judge(&mut self, files: Option<&dyn Files>, progress: &mut dyn FnMut(&str)) -> Result<Difference, Failure> {
        progress("judging controls");
        let controls: Vec<&Control> = self.project.controls(&self.options)?;
        let now = self.project.assess(&mut self.evaluated, &controls, files.unwrap_or(&self.project.disk));
        let before = std::mem::replace(&mut self.assessment, now);
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

/// Reads all files, and evaluates.
fn start(
    project: &Project,
    roots: &[Arc<str>],
    files: Option<&dyn Files>,
    progress: &mut dyn FnMut(&str),
) -> Result<(extract::Kept, Evaluated), Failure> {
    let job = project.job();
    let program = Arc::new(project.compilation.program(roots, &[], &job.settings));
    let request = job.request(&inputs_of(&program))?;
    progress("reading files");
    let readers = (files.unwrap_or(&project.disk), &*project.readers, Some(&*project.scanner));
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
