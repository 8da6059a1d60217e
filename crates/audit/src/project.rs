//! What a run works on: a folder with its settings, and the compiled policies that go with it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use base::{Cancel, Diagnostic, Severity, SourceMap, did_you_mean};
use extract::{Extractor, SecretScanner};
use facts::Value;
use lang::{Compilation, Settings};

use crate::packs::{PolicyChoice, embedded_packs, load_policies, load_program};
use crate::{Disk, Policies, ProjectSettings, parse_settings};

const DAY: i64 = 86_400_000_000;

/// What the command line says of a run.
#[derive(Debug, Clone, Default)]
pub struct ProjectOptions {
    /// The folder to look at.
    pub root: PathBuf,
    /// Settings in the place of the folder's `lawbook.toml`.
    pub config: Option<PathBuf>,
    /// Read no settings at all.
    pub no_project_config: bool,
    /// More policies, beside those that the settings name.
    pub policies: Vec<PathBuf>,
    /// `MODULE.NAME=VALUE` overrides.
    pub params: Vec<String>,
    /// The as-of day.
    pub as_of: Option<String>,
    /// Threads to use; 0 for as many as there are cores.
    pub threads: usize,
    /// Bytes that an evaluation may take; none for three quarters of the machine's memory.
    pub max_memory: Option<u64>,
    /// How long an evaluation may last; none for [`PATIENCE`].
    pub timeout: Option<Duration>,
}

/// How long an evaluation may last unless somebody says otherwise: a rule that never ends must not run for ever.
pub const PATIENCE: Duration = Duration::from_secs(15 * 60);

/// The extractors, handed over by the binary that links them: `audit` knows none.
pub struct Extractors {
    /// Languages and formats.
    pub readers: Vec<Box<dyn Extractor>>,
    /// Programming languages that source files can be in, with or without a reader.
    pub languages: Vec<&'static str>,
    /// Makes the scanner of credentials from the rows of `secret.pattern`: kind, provider, regex, keywords.
    pub scanner: ScannerMaker,
}

/// What reads files, shared by the projects of a folder.
#[derive(Clone)]
struct Tools {
    readers: Arc<Vec<Box<dyn Extractor>>>,
    languages: Arc<[&'static str]>,
    maker: ScannerMaker,
    /// The scanner made last, and what for.
    scanner: Option<(ScannerOf, Arc<dyn SecretScanner>)>,
}

/// Patterns and salt that a scanner is made of.
type ScannerOf = (Vec<[Arc<str>; 4]>, Option<String>);

impl From<Extractors> for Tools {
    fn from(extractors: Extractors) -> Self {
        let Extractors { readers, languages, scanner } = extractors;
        Tools { readers: Arc::new(readers), languages: languages.into(), maker: scanner, scanner: None }
    }
}

/// See [`Extractors::scanner`].
pub type ScannerMaker = fn(&[[Arc<str>; 4]], Option<&str>) -> Box<dyn SecretScanner>;

/// Why there is nothing to evaluate: exit status 2.
#[derive(Debug, Default)]
pub struct Failure {
    /// What is wrong; at least one is an error.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts that they speak of.
    pub sources: SourceMap,
}

impl Failure {
    /// A failure without a place in a text.
    pub fn plain(code: &'static str, message: impl Into<String>) -> Self {
        Failure { diagnostics: vec![Diagnostic::plain(code, Severity::Error, message)], sources: SourceMap::new() }
    }

    /// The same with a way out.
    pub fn help(mut self, text: impl Into<String>) -> Self {
        if let Some(first) = self.diagnostics.first_mut() {
            first.help.push(text.into());
        }
        self
    }
}

/// A folder and the policies that go with it, compiled without errors.
pub struct Project {
    /// The folder as the user named it.
    pub name: String,
    /// The folder.
    pub disk: Disk,
    /// Its settings.
    pub settings: ProjectSettings,
    /// Policies and their texts.
    pub policies: Policies,
    /// What they say.
    pub compilation: Arc<Compilation>,
    /// Warnings about policies.
    pub warnings: Vec<Diagnostic>,
    /// Midnight UTC of the as-of day, in microseconds since 1970.
    pub as_of: i64,
    /// Params overridden, by full name.
    pub params: Vec<(Arc<str>, Value)>,
    /// Languages and formats.
    pub readers: Arc<Vec<Box<dyn Extractor>>>,
    /// Finds credentials.
    pub scanner: Arc<dyn SecretScanner>,
    /// Threads to use; 0 for as many as there are cores.
    pub threads: usize,
    /// What evaluations may use.
    pub limits: engine::Limits,
    /// What evaluations take notes of.
    pub observe: engine::Observe,
    /// Asks a run to stop.
    pub cancel: Cancel,
    /// How long it took to read and compile the policies.
    pub opened_in: Duration,
    tools: Tools,
}

impl Project {
    /// Opens the folder with its settings and all policies that they name.
    pub fn open(options: &ProjectOptions, extractors: Extractors) -> Result<Project, Failure> {
        let start = Instant::now();
        let mut sources = SourceMap::new();
        let (settings, mut diagnostics) = read_settings(options, &mut sources)?;
        let choice = choose(&settings, options);
        let mut policies = load_policies(&choice, sources);
        diagnostics.append(&mut policies.diagnostics);
        Project::assemble(start, options, settings, (policies, None), diagnostics, extractors.into())
    }

    /// Opens the folder with one program file in the place of its settings and policies.
    pub fn open_program(program: &Path, options: &ProjectOptions, extractors: Extractors) -> Result<Project, Failure> {
        if !program.is_file() {
            let reason = if program.is_dir() { "it is a folder" } else { "no such file" };
            let message = format!("cannot read the program `{}`: {reason}", program.display());
            return Err(Failure::plain("E0911", message));
        }
        let start = Instant::now();
        let mut policies = load_program(program);
        let diagnostics = std::mem::take(&mut policies.diagnostics);
        let settings = ProjectSettings::default();
        Project::assemble(start, options, settings, (policies, None), diagnostics, extractors.into())
    }

    /// A folder with policies that were read and compiled already.
    pub fn with_policies(
        options: &ProjectOptions,
        settings: ProjectSettings,
        policies: Policies,
        compilation: Arc<Compilation>,
        extractors: Extractors,
    ) -> Result<Project, Failure> {
        let compiled = (policies, Some(compilation));
        Project::assemble(Instant::now(), options, settings, compiled, Vec::new(), extractors.into())
    }

    /// The same folder with other settings or policies; what reads files is that of this one.
    pub fn again(
        &self,
        options: &ProjectOptions,
        settings: ProjectSettings,
        policies: Policies,
        compilation: Arc<Compilation>,
    ) -> Result<Project, Failure> {
        let compiled = (policies, Some(compilation));
        Project::assemble(Instant::now(), options, settings, compiled, Vec::new(), self.tools.clone())
    }

    fn assemble(
        start: Instant,
        options: &ProjectOptions,
        settings: ProjectSettings,
        (policies, compilation): (Policies, Option<Arc<Compilation>>),
        mut diagnostics: Vec<Diagnostic>,
        mut tools: Tools,
    ) -> Result<Project, Failure> {
        let disk = match Disk::open(&options.root, &settings.include) {
            Ok(disk) => disk,
            Err(error) => {
                let message = format!("cannot look at the folder `{}`: {}", error.path, error.reason);
                return Err(Failure::plain("E0910", message).help("name the folder of the project to check"));
            }
        };
        let compile = || Arc::new(on(options.threads, || lang::compile(&policies.sources, &policies.modules)));
        let compilation = compilation.unwrap_or_else(compile);
        diagnostics.extend(compilation.diagnostics.iter().cloned());
        for (name, place) in settings.languages.iter().filter(|(name, _)| !tools.languages.contains(&&**name)) {
            // A misspelled one would take every language out of scope.
            let known = || format!("the languages are {}", tools.languages.join(", "));
            let help = did_you_mean(name, tools.languages.iter().copied()).unwrap_or_else(known);
            let message = format!("there is no language `{name}`");
            diagnostics.push(Diagnostic::error("E0903", *place, message).help(help));
        }
        let as_of = as_of(options, &settings, &mut diagnostics);
        let params = overrides(&compilation, options, &settings, &mut diagnostics);
        let patterns = compilation.facts_of("secret.pattern");
        let rows: Vec<[Arc<str>; 4]> = patterns.iter().map(|(row, _)| texts(row)).collect();
        let of = (rows, settings.salt.as_ref().map(ToString::to_string));
        let known = tools.scanner.take().filter(|(known, _)| *known == of);
        let scanner: Arc<dyn SecretScanner> =
            known.map_or_else(|| (tools.maker)(&of.0, settings.salt.as_deref()).into(), |(_, scanner)| scanner);
        for (number, &(_, place)) in patterns.iter().enumerate() {
            // Those of the built-in packs are checked by `lawbook test policies`, which reads them from the checkout.
            if crate::packs::is_embedded(&policies.sources, place.file) {
                continue;
            }
            if let Err(reason) = scanner.check(number) {
                let message = format!("this credential pattern cannot be used: {reason}");
                diagnostics.push(Diagnostic::error("E0920", place, message));
            }
        }
        if diagnostics.iter().any(Diagnostic::is_error) {
            return Err(Failure { diagnostics, sources: policies.sources });
        }
        Ok(Project {
            name: shown(&options.root),
            disk,
            settings,
            policies,
            compilation,
            warnings: diagnostics,
            as_of,
            params,
            readers: tools.readers.clone(),
            scanner: scanner.clone(),
            threads: options.threads,
            observe: engine::Observe::Nothing,
            cancel: Cancel::new(),
            opened_in: start.elapsed(),
            tools: Tools { scanner: Some((of, scanner)), ..tools },
            limits: engine::Limits {
                rows: None,
                memory: options.max_memory.or_else(|| machine_memory().map(|bytes| bytes / 4 * 3)),
                time: Some(options.timeout.unwrap_or(PATIENCE)),
            },
        })
    }

    /// A failure that speaks of places in policies: it takes copies of their texts with it.
    pub(crate) fn at_policies(&self, diagnostic: Diagnostic) -> Failure {
        self.all_at_policies(vec![diagnostic])
    }

    /// The same for several.
    pub(crate) fn all_at_policies(&self, diagnostics: Vec<Diagnostic>) -> Failure {
        let mut sources = SourceMap::new();
        for id in self.policies.sources.ids() {
            sources.add(self.policies.sources.path(id).clone(), self.policies.sources.text(id).clone());
        }
        Failure { diagnostics, sources }
    }

    /// What programs are made with.
    pub fn program_settings(&self) -> Settings {
        Settings { as_of: self.as_of, params: self.params.clone(), given: Vec::new() }
    }
}

/// The machine's memory in bytes, where the system tells.
fn machine_memory() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

fn shown(root: &Path) -> String {
    let shown = root.to_string_lossy().replace('\\', "/");
    let trimmed = shown.trim_end_matches('/');
    if trimmed.is_empty() { shown } else { trimmed.to_owned() }
}

pub(crate) fn read_settings(
    options: &ProjectOptions,
    sources: &mut SourceMap,
) -> Result<(ProjectSettings, Vec<Diagnostic>), Failure> {
    let own = options.root.join("lawbook.toml");
    let path = match &options.config {
        Some(path) => path,
        None if options.no_project_config || !own.is_file() => return Ok(Default::default()),
        None => &own,
    };
    let shown = path.to_string_lossy().replace('\\', "/");
    let shown = shown.strip_prefix("./").unwrap_or(&shown).to_owned();
    match std::fs::read_to_string(path) {
        Ok(text) => {
            let file = sources.add(shown.clone(), text.clone());
            Ok(parse_settings(&shown, file, &text))
        }
        Err(error) => Err(Failure::plain("E0905", format!("cannot read the settings `{shown}`: {error}"))
            .help("name another file with `--config`, or leave settings out with `--no-project-config`")),
    }
}

pub(crate) fn choose(settings: &ProjectSettings, options: &ProjectOptions) -> PolicyChoice {
    let packs = match &settings.packs {
        Some(packs) => packs.iter().map(|(name, _)| name.clone()).collect(),
        None => embedded_packs().into_iter().filter(|name| name == "soc2-ai").map(Into::into).collect(),
    };
    let mut paths: Vec<PathBuf> = match &settings.paths {
        Some(paths) => paths.iter().map(|(path, _)| options.root.join(&**path)).collect(),
        // Where the project's settings do not say, a folder `policies` counts if it holds policies.
        None if options.config.is_none() && !options.no_project_config => {
            let own = options.root.join("policies");
            if holds_policies(&own) { vec![own] } else { Vec::new() }
        }
        None => Vec::new(),
    };
    paths.extend(options.policies.iter().cloned());
    PolicyChoice { packs, paths }
}

/// Whether some file of policies is at or below the folder.
pub(crate) fn holds_policies(folder: &Path) -> bool {
    let files = walkdir::WalkDir::new(folder).follow_links(false).into_iter().flatten();
    files.into_iter().any(|entry| entry.path().extension().is_some_and(|extension| extension == "law"))
}

fn as_of(options: &ProjectOptions, settings: &ProjectSettings, diagnostics: &mut Vec<Diagnostic>) -> i64 {
    let time = match &options.as_of {
        Some(text) => facts::parse_time(text).or_else(|| {
            let message = format!("`{text}` is no date");
            diagnostics.push(
                Diagnostic::plain("E0906", Severity::Error, message)
                    .help("write `--as-of` as year-month-day, such as 2026-11-20"),
            );
            None
        }),
        None => settings.as_of,
    };
    let time = time.unwrap_or_else(|| {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        i64::try_from(now.as_micros()).unwrap_or(0)
    });
    time.div_euclid(DAY) * DAY
}

fn overrides(
    compilation: &Compilation,
    options: &ProjectOptions,
    settings: &ProjectSettings,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<(Arc<str>, Value)> {
    let mut found: Vec<(Arc<str>, Value)> = Vec::new();
    let mut enter = |result: Result<(Arc<str>, Value), Diagnostic>, place: Option<base::Place>| match result {
        Ok((name, value)) => {
            found.retain(|(known, _)| *known != name);
            found.push((name, value));
        }
        Err(mut diagnostic) => {
            if diagnostic.primary.is_none() {
                diagnostic.primary = place.map(|place| base::Label { place, text: String::new() });
            }
            diagnostics.push(diagnostic);
        }
    };
    for (name, value, place) in &settings.params {
        enter(compilation.parse_param(name, value), Some(*place));
    }
    // The command line has the last word.
    for param in &options.params {
        match param.split_once('=') {
            Some((name, value)) => enter(compilation.parse_param(name.trim(), value.trim()), None),
            None => enter(
                Err(Diagnostic::plain("E0907", Severity::Error, format!("`--param {param}` gives no value"))
                    .help("write it as MODULE.NAME=VALUE")),
                None,
            ),
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

fn texts(row: &[Value]) -> [Arc<str>; 4] {
    std::array::from_fn(|at| row.get(at).and_then(Value::as_text).unwrap_or_default().into())
}

/// Does work on as many threads as wanted; 0 is one for each core.
fn on<R: Send>(threads: usize, work: impl FnOnce() -> R + Send) -> R {
    let pool = (threads > 0).then(|| rayon::ThreadPoolBuilder::new().num_threads(threads).build());
    match pool {
        Some(Ok(pool)) => pool.install(work),
        _ => work(),
    }
}
