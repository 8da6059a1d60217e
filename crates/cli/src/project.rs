//! Opening a project with the extractors that this binary links, and telling what is wrong with it.

use std::path::Path;

use audit::{Extractors, Failure, Project, ProjectOptions};

use crate::options::PolicyArgs;
use crate::terminal::Terminal;

/// Exit status of policy, setting and usage errors.
pub const USAGE: u8 = 2;

/// The folder with its policies; errors are told and become the exit status.
pub fn open(root: &Path, policy: &PolicyArgs, terminal: &mut Terminal) -> Result<Project, u8> {
    tell(Project::open(&options(root, policy), extractors()), terminal)
}

/// The same for one program file.
pub fn open_program(program: &Path, root: &Path, policy: &PolicyArgs, terminal: &mut Terminal) -> Result<Project, u8> {
    tell(Project::open_program(program, &options(root, policy), extractors()), terminal)
}

/// Warnings are told, failures too.
pub fn tell(project: Result<Project, Failure>, terminal: &mut Terminal) -> Result<Project, u8> {
    match project {
        Ok(project) => {
            terminal.diagnostics(&project.warnings, &project.policies.sources);
            Ok(project)
        }
        Err(failure) => Err(fail(&failure, terminal)),
    }
}

/// Tells a failure and gives its exit status.
pub fn fail(failure: &Failure, terminal: &mut Terminal) -> u8 {
    terminal.progress("");
    terminal.diagnostics(&failure.diagnostics, &failure.sources);
    USAGE
}

fn options(root: &Path, policy: &PolicyArgs) -> ProjectOptions {
    ProjectOptions {
        root: root.to_owned(),
        config: policy.config.clone(),
        no_project_config: policy.no_project_config,
        policies: policy.policies.clone(),
        params: policy.params.clone(),
        as_of: policy.as_of.clone(),
        threads: policy.threads,
        max_memory: policy.max_memory,
        timeout: policy.timeout,
    }
}

/// What this binary links.
pub fn extractors() -> Extractors {
    let mut readers = extract_code::extractors();
    readers.extend(extract_data::extractors());
    Extractors { readers, languages: extract_code::languages(), scanner: crate::scanner::make }
}
