//! Live evaluation: one thread that evaluates the policies of each folder over its facts after they changed, and answers
//! what is asked about the result. What was read of the files is kept; a change stops the evaluation that it makes stale.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use audit::{CheckOptions, Kept, Policies, Project, ProjectOptions, ProjectSettings};
use base::Cancel;
use crossbeam_channel::{Receiver, Sender, unbounded};
use lsp_server::RequestId;

use crate::Setup;
use crate::ask::{self, Ask};
use crate::results::LiveFacts;

/// How long nothing more must change before an evaluation begins.
const CALM: Duration = Duration::from_millis(60);
/// How long one may last.
const PATIENCE: Duration = Duration::from_secs(20);
/// Bytes that one may take.
const MEMORY: u64 = 1 << 30;

/// Something to do.
pub enum Job {
    /// The policies of a folder are these now.
    Policies(Box<Changed>),
    /// Files of a folder changed.
    Files(PathBuf),
    /// Somebody looks at a relation that was not read.
    Want(PathBuf, String),
    /// A question about a folder.
    Ask(PathBuf, RequestId, Ask),
    /// A folder is closed.
    Gone(PathBuf),
}

/// Policies of a folder.
pub struct Changed {
    pub root: PathBuf,
    pub options: ProjectOptions,
    pub settings: ProjectSettings,
    pub policies: Policies,
    /// Whether they can be evaluated; otherwise the results of before stay.
    pub sound: bool,
}

/// Something that came of it.
pub enum Event {
    /// An evaluation begins.
    Begins,
    /// It is at this.
    Reports(String),
    /// It is over: new results of a folder, if there are some, or the reason why there are none.
    Ends(PathBuf, Result<Arc<LiveFacts>, String>),
    /// A question is answered: a title and Markdown, or the reason why not.
    Answer(RequestId, Result<(String, String), String>),
    /// A defect of ours.
    Defect(String),
}

/// The thread, from outside.
pub struct Live {
    sender: Sender<Job>,
    running: Arc<Mutex<Cancel>>,
}

impl Live {
    /// Starts the thread.
    pub fn start(setup: Setup) -> (Live, Receiver<Event>) {
        let (sender, jobs) = unbounded();
        let (events, receiver) = unbounded();
        let running = Arc::new(Mutex::new(Cancel::new()));
        let mut thread =
            Thread { setup, jobs, again: sender.clone(), events, running: running.clone(), folders: BTreeMap::new() };
        std::thread::spawn(move || thread.run());
        (Live { sender, running }, receiver)
    }

    /// Gives it something to do. What changes stops what is being evaluated.
    pub fn give(&self, job: Job) {
        if matches!(job, Job::Policies(_) | Job::Files(_)) {
            self.running.lock().unwrap_or_else(PoisonError::into_inner).cancel();
        }
        // It lives as long as the server.
        let _ = self.sender.send(job);
    }
}

/// What is known of a folder.
#[derive(Default)]
struct Folder {
    kept: Kept,
    wanted: BTreeSet<Arc<str>>,
    waiting: Option<Box<Changed>>,
    project: Option<Project>,
    due: bool,
}

struct Thread {
    setup: Setup,
    jobs: Receiver<Job>,
    again: Sender<Job>,
    events: Sender<Event>,
    running: Arc<Mutex<Cancel>>,
    folders: BTreeMap<PathBuf, Folder>,
}

impl Thread {
    fn run(&mut self) {
        while let Ok(job) = self.jobs.recv() {
            let mut asked = Vec::new();
            self.take(job, &mut asked);
            while let Ok(job) = self.jobs.recv_timeout(if asked.is_empty() { CALM } else { Duration::ZERO }) {
                self.take(job, &mut asked);
            }
            let due: Vec<PathBuf> =
                self.folders.iter().filter(|(_, folder)| folder.due).map(|(root, _)| root.clone()).collect();
            for root in due {
                self.evaluate(&root);
            }
            for (root, id, ask) in asked {
                self.answer(&root, id, ask);
            }
        }
    }

    fn take(&mut self, job: Job, asked: &mut Vec<(PathBuf, RequestId, Ask)>) {
        match job {
            Job::Policies(changed) => {
                let folder = self.folders.entry(changed.root.clone()).or_default();
                folder.due = changed.sound;
                folder.waiting = changed.sound.then_some(changed);
            }
            Job::Files(root) => {
                if let Some(folder) = self.folders.get_mut(&root) {
                    folder.kept.forget();
                    folder.due = folder.waiting.is_some() || folder.project.is_some();
                }
            }
            Job::Want(root, relation) => {
                if let Some(folder) = self.folders.get_mut(&root) {
                    folder.due |= folder.wanted.insert(relation.into());
                }
            }
            Job::Ask(root, id, ask) => asked.push((root, id, ask)),
            Job::Gone(root) => drop(self.folders.remove(&root)),
        }
    }

    /// A flag for what is evaluated now.
    fn arm(&self) -> Cancel {
        let cancel = Cancel::new();
        *self.running.lock().unwrap_or_else(PoisonError::into_inner) = cancel.clone();
        cancel
    }

    fn evaluate(&mut self, root: &Path) {
        let cancel = self.arm();
        let Some(folder) = self.folders.get_mut(root) else { return };
        folder.due = false;
        let (extractors, events, again) = (self.setup.extractors, self.events.clone(), self.again.clone());
        let tell = |event: Event| drop(events.send(event));
        tell(Event::Begins);
        let work = || -> Result<Arc<LiveFacts>, String> {
            if let Some(changed) = folder.waiting.take() {
                let Changed { options, settings, policies, .. } = *changed;
                let options = ProjectOptions { timeout: Some(PATIENCE), max_memory: Some(MEMORY), ..options };
                let opened = Project::with_policies(&options, settings, policies, extractors());
                let mut project = opened.map_err(|failure| ask::reason(&failure))?;
                project.kept = Some(folder.kept.clone());
                folder.project = Some(project);
            }
            let project = folder.project.as_mut().ok_or("there are no policies to evaluate")?;
            project.cancel = cancel.clone();
            let also = also(project, &folder.wanted);
            let options = CheckOptions { also, ..CheckOptions::default() };
            let run = project.check(&options, &mut |line| tell(Event::Reports(line.to_owned())));
            let run = run.map_err(|failure| ask::reason(&failure))?;
            Ok(Arc::new(LiveFacts::new(root.to_owned(), run, again.clone())))
        };
        match catch_unwind(AssertUnwindSafe(work)) {
            Ok(_) if cancel.is_cancelled() => {
                // What made it stale comes with its own job.
                let _ = events.send(Event::Ends(root.to_owned(), Err(String::new())));
            }
            Ok(result) => drop(events.send(Event::Ends(root.to_owned(), result))),
            Err(_) => {
                // What panicked is in an unknown state.
                self.folders.remove(root);
                let _ = events.send(Event::Ends(root.to_owned(), Err("a defect".to_owned())));
                let _ = events.send(Event::Defect("internal error while evaluating: please report it".to_owned()));
            }
        }
    }

    fn answer(&mut self, root: &Path, id: RequestId, ask: Ask) {
        let cancel = self.arm();
        let project = self.folders.get_mut(root).and_then(|folder| folder.project.as_mut());
        let work = || match project {
            Some(project) => {
                project.cancel = cancel;
                ask::answer(project, &ask)
            }
            None => Err("nothing was evaluated yet: live evaluation is off, or the policies have errors".to_owned()),
        };
        let answer = catch_unwind(AssertUnwindSafe(work));
        let answer = answer.unwrap_or_else(|_| Err("an internal error of Lawbook: please report it".to_owned()));
        let _ = self.events.send(Event::Answer(id, answer));
    }
}

/// Relations to evaluate beside those of controls: the user's own, and those that somebody looks at.
fn also(project: &Project, wanted: &BTreeSet<Arc<str>>) -> Vec<Arc<str>> {
    let compilation = &project.compilation;
    let own = compilation.relations.iter().filter(|info| {
        compilation.module(&info.module).is_some_and(|module| !module.builtin) || wanted.contains(&info.decl.name)
    });
    own.map(|info| info.decl.name.clone()).collect()
}
