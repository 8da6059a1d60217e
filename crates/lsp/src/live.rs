//! Live evaluation: one thread that keeps each folder evaluated while policies and files change, and answers what is asked
//! about the result.
//!
//! A folder is read and evaluated once; afterwards rows follow what changed ([`audit::Workspace`]). A change stops the update
//! that it makes stale, and an update that is stopped changes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use audit::{CheckOptions, Policies, Project, ProjectOptions, ProjectSettings, Workspace};
use base::{Cancel, Files};
use crossbeam_channel::{Receiver, Sender, unbounded};
use lang::Compilation;
use lsp_server::RequestId;

use crate::Setup;
use crate::ask::{self, Answer, Ask};
use crate::overlay::Overlay;
use crate::results::{LiveFacts, Memory};

/// How long nothing more must change before an evaluation begins.
const CALM: Duration = Duration::from_millis(40);
/// How long one may last.
const PATIENCE: Duration = Duration::from_secs(20);
/// Bytes that one may take.
const MEMORY: u64 = 1 << 30;

/// Something to do.
pub enum Job {
    /// The policies of a folder are these now.
    Policies(Arc<Changed>),
    /// Files of a folder changed, by paths below it; nobody knows which where none is named.
    Files(PathBuf, BTreeSet<Arc<str>>),
    /// What the editor has of a file is not what is on disk; what is on disk counts again without a text.
    Text(PathBuf, Arc<str>, Option<Arc<str>>),
    /// Somebody looks at a relation that was not evaluated.
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
    pub compilation: Arc<Compilation>,
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
    /// A question is answered.
    Answer(RequestId, Ask, Result<Answer, String>),
    /// A defect of ours.
    Defect(String),
}

/// The thread, from outside.
pub struct Live {
    sender: Sender<Job>,
    running: Arc<Mutex<Cancel>>,
    /// How many changes were given.
    given: Arc<AtomicU64>,
}

impl Job {
    /// Whether it makes stale what is being evaluated.
    fn changes(&self) -> bool {
        matches!(self, Job::Policies(_) | Job::Files(..) | Job::Text(..))
    }
}

impl Live {
    /// Starts the thread.
    pub fn start(setup: Setup) -> (Live, Receiver<Event>) {
        let (sender, jobs) = unbounded();
        let (events, receiver) = unbounded();
        let running = Arc::new(Mutex::new(Cancel::new()));
        let given = Arc::new(AtomicU64::new(0));
        let mut thread = Thread {
            setup,
            jobs,
            again: sender.clone(),
            events,
            running: running.clone(),
            given: given.clone(),
            taken: 0,
            folders: BTreeMap::new(),
        };
        std::thread::spawn(move || thread.run());
        (Live { sender, running, given }, receiver)
    }

    /// Gives it something to do. What changes stops what is being evaluated.
    pub fn give(&self, job: Job) {
        if job.changes() {
            self.given.fetch_add(1, Ordering::SeqCst);
            self.running.lock().unwrap_or_else(PoisonError::into_inner).cancel();
        }
        // It lives as long as the server.
        let _ = self.sender.send(job);
    }
}

/// What is known of a folder.
#[derive(Default)]
struct Folder {
    /// The policies as they are now, once they were sound.
    latest: Option<Arc<Changed>>,
    /// Whether they are others than those that were evaluated.
    edited: bool,
    /// Files that changed since.
    files: Option<BTreeSet<Arc<str>>>,
    /// Whether something changed that was not tried yet.
    due: bool,
    /// Texts that are open.
    texts: BTreeMap<Arc<str>, Arc<str>>,
    wanted: BTreeSet<Arc<str>>,
    workspace: Option<Arc<RwLock<Workspace>>>,
    memory: Arc<Mutex<Memory>>,
}

impl Folder {
    fn changed(&mut self, files: impl IntoIterator<Item = Arc<str>>) {
        self.files.get_or_insert_default().extend(files);
        self.due = true;
    }
}

struct Thread {
    setup: Setup,
    jobs: Receiver<Job>,
    again: Sender<Job>,
    events: Sender<Event>,
    running: Arc<Mutex<Cancel>>,
    given: Arc<AtomicU64>,
    /// How many changes were taken of those that were given.
    taken: u64,
    folders: BTreeMap<PathBuf, Folder>,
}

impl Thread {
    fn run(&mut self) {
        loop {
            let mut asked = Vec::new();
            // What was stopped goes on once nothing more comes.
            if !self.folders.values().any(|folder| folder.due) {
                match self.jobs.recv() {
                    Ok(job) => self.take(job, &mut asked),
                    Err(_) => return,
                }
            }
            while let Ok(job) = self.jobs.recv_timeout(if asked.is_empty() { CALM } else { Duration::ZERO }) {
                self.take(job, &mut asked);
            }
            let due = self.folders.iter().filter(|(_, folder)| folder.due).map(|(root, _)| root.clone());
            for root in due.collect::<Vec<PathBuf>>() {
                self.evaluate(&root);
            }
            for (root, id, ask) in asked {
                self.answer(&root, id, ask);
            }
        }
    }

    fn take(&mut self, job: Job, asked: &mut Vec<(PathBuf, RequestId, Ask)>) {
        self.taken += u64::from(job.changes());
        match job {
            Job::Policies(policies) => {
                if policies.sound {
                    let folder = self.folders.entry(policies.root.clone()).or_default();
                    (folder.latest, folder.edited, folder.due) = (Some(policies), true, true);
                }
            }
            Job::Files(root, files) => self.folders.entry(root).or_default().changed(files),
            Job::Text(root, path, text) => {
                let folder = self.folders.entry(root).or_default();
                let other = match text {
                    Some(text) => folder.texts.insert(path.clone(), text.clone()).is_none_or(|old| old != text),
                    None => folder.texts.remove(&path).is_some(),
                };
                if other {
                    folder.changed([path]);
                }
            }
            Job::Want(root, relation) => {
                if let Some(folder) = self.folders.get_mut(&root)
                    && folder.wanted.insert(relation.into())
                {
                    (folder.edited, folder.due) = (true, true);
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
        // A change that came before the flag was there did not raise it.
        if self.given.load(Ordering::SeqCst) != self.taken {
            cancel.cancel();
        }
        cancel
    }

    fn evaluate(&mut self, root: &Path) {
        // What is read first is read whatever is typed meanwhile.
        let first = self.folders.get(root).is_none_or(|folder| folder.workspace.is_none());
        let cancel = if first { Cancel::new() } else { self.arm() };
        let Some(folder) = self.folders.get_mut(root) else { return };
        if folder.latest.is_none() {
            folder.due = false;
            return;
        }
        let (events, again, extractors) = (self.events.clone(), self.again.clone(), self.setup.extractors);
        let tell = |event: Event| drop(events.send(event));
        tell(Event::Begins);
        let work = || {
            update(folder, extractors, &cancel, &mut |line| tell(Event::Reports(line.to_owned())))?;
            let workspace = folder.workspace.clone().ok_or("nothing was evaluated")?;
            Ok(Arc::new(LiveFacts::new(root.to_owned(), workspace, folder.memory.clone(), again.clone())))
        };
        match catch_unwind(AssertUnwindSafe(work)) {
            // What made it stale comes with its own job.
            Ok(Err(_)) if cancel.is_cancelled() => tell(Event::Ends(root.to_owned(), Err(String::new()))),
            Ok(result) => {
                folder.due = false;
                tell(Event::Ends(root.to_owned(), result));
            }
            Err(_) => {
                // What panicked is in an unknown state.
                *folder = Folder { texts: std::mem::take(&mut folder.texts), ..Folder::default() };
                tell(Event::Ends(root.to_owned(), Err("a defect".to_owned())));
                tell(Event::Defect("internal error while evaluating: please report it".to_owned()));
            }
        }
    }

    fn answer(&mut self, root: &Path, id: RequestId, ask: Ask) {
        let cancel = self.arm();
        let folder = self.folders.get_mut(root);
        let work = || match folder.and_then(|folder| folder.workspace.as_ref()) {
            Some(workspace) => {
                let mut workspace = workspace.write().unwrap_or_else(PoisonError::into_inner);
                workspace.obey(cancel);
                ask::answer(&mut workspace, &ask)
            }
            None => Err("nothing was evaluated yet: the policies have errors".to_owned()),
        };
        let answer = catch_unwind(AssertUnwindSafe(work));
        let mut answer = answer.unwrap_or_else(|_| Err("an internal error of Lawbook: please report it".to_owned()));
        if let Ok(answer) = &mut answer {
            answer.places = crate::places::links(&answer.text, root);
        }
        let _ = self.events.send(Event::Answer(id, ask, answer));
    }
}

/// Brings a folder's workspace up to date.
fn update(
    folder: &mut Folder,
    extractors: fn() -> audit::Extractors,
    cancel: &Cancel,
    progress: &mut dyn FnMut(&str),
) -> Result<(), String> {
    let latest = folder.latest.clone().ok_or("there are no policies to evaluate")?;
    let Changed { options, settings, policies, compilation, .. } = &*latest;
    let options = ProjectOptions { timeout: Some(PATIENCE), max_memory: Some(MEMORY), ..options.clone() };
    let relations = relations(compilation, &folder.wanted);
    let told = |failure: audit::Failure| ask::reason(&failure);
    let Some(workspace) = folder.workspace.clone() else {
        let (settings, policies) = (settings.clone(), policies.clone());
        let project = Project::with_policies(&options, settings, policies, compilation.clone(), extractors());
        let mut project = project.map_err(told)?;
        project.cancel = cancel.clone();
        let disk = project.disk.clone();
        let files = Overlay::new(&disk, &folder.texts);
        let opened = Workspace::open(project, CheckOptions::default(), relations, Some(&files), progress);
        folder.workspace = Some(Arc::new(RwLock::new(opened.map_err(told)?)));
        (folder.edited, folder.files) = (false, None);
        return Ok(());
    };
    let mut workspace = workspace.write().unwrap_or_else(PoisonError::into_inner);
    workspace.obey(cancel.clone());
    let disk = workspace.project().disk.clone();
    let overlay = Overlay::new(&disk, &folder.texts);
    let files: Option<&dyn Files> = Some(&overlay);
    if folder.edited {
        let project = workspace.project().again(&options, settings.clone(), policies.clone(), compilation.clone());
        workspace.edit(project.map_err(told)?, relations, files, progress).map_err(told)?;
        folder.edited = false;
    }
    if let Some(changed) = &folder.files {
        workspace.update(changed, None, files, progress).map_err(told)?;
        folder.files = None;
    }
    Ok(())
}

/// Relations to evaluate beside those of controls: the user's own, and those that somebody looks at.
fn relations(compilation: &Compilation, wanted: &BTreeSet<Arc<str>>) -> Vec<Arc<str>> {
    let own = compilation.relations.iter().filter(|info| {
        compilation.module(&info.module).is_some_and(|module| !module.builtin) || wanted.contains(&info.decl.name)
    });
    own.map(|info| info.decl.name.clone()).collect()
}
