//! Which tests are run: by path, and by what a filter says.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use base::nearest;
use lang::{ExpectationKind, Test};
use regex::Regex;

use super::TestOptions;
use crate::judge::policy_spot;
use crate::{Failure, Project, Spot};

/// The tests to run, and the modules that they are chosen from.
pub(super) struct Chosen<'a> {
    pub tests: Vec<&'a Test>,
    /// Modules at or below the paths, in their order.
    pub modules: Vec<Arc<str>>,
    /// Controls of these modules that no test names.
    pub unnamed: Vec<(Arc<str>, Spot)>,
}

/// Chooses; a path or filter that matches no test is a failure.
pub(super) fn choose<'a>(project: &'a Project, options: &TestOptions) -> Result<Chosen<'a>, Failure> {
    let filters = options.filters.iter().map(|text| Filter::parse(text)).collect::<Result<Vec<_>, _>>()?;
    let modules = modules(project, &options.paths);
    let at_paths: Vec<&Test> = project
        .compilation
        .tests
        .iter()
        .map(|test| &**test)
        .filter(|test| modules.binary_search(&test.module).is_ok())
        .collect();
    if at_paths.is_empty() && !options.paths.is_empty() {
        let shown: Vec<String> = options.paths.iter().map(|path| format!("`{}`", path.display())).collect();
        let message = format!("there are no tests at {}", shown.join(", "));
        return Err(
            Failure::plain("E0950", message).help("a test is a block `test \"what it shows\" { … }` in a policy")
        );
    }
    for filter in &filters {
        if !at_paths.iter().any(|test| filter.fits(project, test)) {
            return Err(filter.matches_nothing(project, &at_paths));
        }
    }
    let fits = |test: &&Test| filters.is_empty() || filters.iter().any(|filter| filter.fits(project, test));
    let tests = at_paths.into_iter().filter(fits).collect();
    // Who asks for some tests does not want to hear of what others lack.
    let unnamed = if filters.is_empty() { unnamed(project, &modules) } else { Vec::new() };
    Ok(Chosen { tests, modules, unnamed })
}

/// The modules that come from files at or below the paths, by name.
fn modules(project: &Project, paths: &[PathBuf]) -> Vec<Arc<str>> {
    let paths: Vec<PathBuf> = paths.iter().filter_map(|path| path.canonicalize().ok()).collect();
    let chosen = project.policies.files.iter().filter(|(_, file)| {
        let file = file.canonicalize();
        paths.is_empty() || paths.iter().any(|path| file.as_ref().is_ok_and(|file| file.starts_with(path)))
    });
    chosen.map(|(module, _)| module.clone()).collect()
}

fn unnamed(project: &Project, modules: &[Arc<str>]) -> Vec<(Arc<str>, Spot)> {
    let named: BTreeSet<&Arc<str>> = project.compilation.tests.iter().flat_map(|test| mentions(test)).collect();
    let controls = project.compilation.controls.iter().filter(|control| modules.binary_search(&control.module).is_ok());
    let lacking = controls.filter(|control| !named.contains(&control.id));
    lacking.map(|control| (control.id.clone(), policy_spot(&project.policies.sources, control.place))).collect()
}

/// Controls that a test's expectations name.
pub(super) fn mentions(test: &Test) -> impl Iterator<Item = &Arc<str>> {
    test.expectations.iter().filter_map(|expectation| match &expectation.kind {
        ExpectationKind::Violation { control, .. }
        | ExpectationKind::NoViolation { control, .. }
        | ExpectationKind::Status { control, .. } => Some(control),
        ExpectationKind::Query { .. } => None,
    })
}

/// What speaks of a test: its name, module, file and the controls that it names.
fn words<'a>(project: &'a Project, test: &'a Test) -> impl Iterator<Item = &'a str> {
    let file = project.policies.sources.path(test.place.file);
    [&*test.name, &*test.module, &**file].into_iter().chain(mentions(test).map(|id| &**id))
}

enum Filter {
    Part(String),
    Matches(String, Regex),
}

impl Filter {
    fn parse(text: &str) -> Result<Filter, Failure> {
        let pattern = text.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')).filter(|rest| !rest.is_empty());
        let Some(pattern) = pattern else { return Ok(Filter::Part(text.to_owned())) };
        match Regex::new(pattern) {
            Ok(regex) => Ok(Filter::Matches(text.to_owned(), regex)),
            Err(error) => {
                let reason = error.to_string();
                let reason = reason.lines().last().unwrap_or_default().trim_start_matches("error: ");
                let message = format!("the filter `{text}` is no regex: {reason}");
                Err(Failure::plain("E0951", message).help("leave the slashes out to look for the text as it is"))
            }
        }
    }

    fn fits(&self, project: &Project, test: &Test) -> bool {
        words(project, test).any(|word| match self {
            Filter::Part(part) => word.contains(part.as_str()),
            Filter::Matches(_, regex) => regex.is_match(word),
        })
    }

    fn matches_nothing(&self, project: &Project, tests: &[&Test]) -> Failure {
        let (Filter::Part(text) | Filter::Matches(text, _)) = self;
        let failure = Failure::plain("E0951", format!("no test matches the filter `{text}`"));
        let known: BTreeSet<&str> = tests.iter().flat_map(|test| words(project, test)).collect();
        let near = similar(text.trim_matches('/'), &known);
        if !near.is_empty() {
            let near: Vec<String> = near.iter().map(|name| format!("`{name}`")).collect();
            return failure.help(format!("the nearest are {}", near.join(", ")));
        }
        let names: Vec<String> = tests.iter().take(5).map(|test| format!("`{}`", test.name)).collect();
        match names.is_empty() {
            true => failure.help("there are no tests at all"),
            false => failure.help(format!("there are {} tests, such as {}", tests.len(), names.join(", "))),
        }
    }
}

/// The names nearest to a text as a whole, else those that share most of its words.
fn similar<'a>(text: &str, known: &BTreeSet<&'a str>) -> Vec<&'a str> {
    const SHOWN: usize = 3;
    let near = nearest(text, known.iter().copied());
    if !near.is_empty() {
        return near;
    }
    let parts = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric()).filter(|part| part.len() > 2).map(str::to_lowercase).collect()
    };
    let wanted = parts(text);
    let mut scored: Vec<(usize, &str)> = known
        .iter()
        .map(|name| {
            let have = parts(name);
            let has = |part: &&String| !nearest(part, have.iter().map(String::as_str)).is_empty();
            (wanted.iter().filter(has).count(), *name)
        })
        .filter(|(score, _)| *score > 0)
        .collect();
    scored.sort_by_key(|(score, name)| (std::cmp::Reverse(*score), *name));
    scored.into_iter().take(SHOWN).map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_near_as_a_whole_or_share_words() {
        let known = BTreeSet::from(["a stale report", "servers_test", "OPS-1", "an owner is missing"]);
        assert_eq!(similar("server_test", &known), ["servers_test"]);
        assert_eq!(similar("reports that are stale", &known), ["a stale report"]);
        assert_eq!(similar("zzz", &known), Vec::<&str>::new());
    }
}
