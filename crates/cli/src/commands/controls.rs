//! `lawbook controls`: what is in force, and which criteria it answers.

use std::collections::BTreeMap;
use std::path::PathBuf;

use audit::{CheckOptions, Project};
use base::did_you_mean;
use clap::Args;
use lang::{Control, Framework};

use crate::options::ProjectArgs;
use crate::project;
use crate::table::Table;
use crate::terminal::Terminal;

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  lawbook controls --coverage soc2")]
pub struct Arguments {
    /// Show which criteria of a framework have controls
    #[arg(long, value_name = "FRAMEWORK")]
    coverage: Option<String>,

    /// Write to a file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    #[command(flatten)]
    project: ProjectArgs,
}

pub fn run(arguments: Arguments, terminal: &mut Terminal) -> u8 {
    let project = match project::open(&arguments.project.root, &arguments.project.policy, terminal) {
        Ok(project) => project,
        Err(status) => return status,
    };
    let controls = match project.controls(&CheckOptions::default()) {
        Ok(controls) => controls,
        Err(failure) => return project::fail(&failure, terminal),
    };
    let text = match &arguments.coverage {
        None => list(&project, &controls),
        Some(id) => match project.compilation.frameworks.iter().find(|framework| *framework.id == **id) {
            Some(framework) => coverage(framework, &controls),
            None => {
                let known = project.compilation.frameworks.iter().map(|framework| &*framework.id);
                let help = did_you_mean(id, known.clone())
                    .unwrap_or_else(|| format!("known frameworks: {}", known.collect::<Vec<_>>().join(", ")));
                let failure = audit::Failure::plain("E0922", format!("there is no framework `{id}`")).help(help);
                return project::fail(&failure, terminal);
            }
        },
    };
    if terminal.write(arguments.output.as_deref(), &text) { 0 } else { project::USAGE }
}

fn list(project: &Project, controls: &[&Control]) -> String {
    let mut table = Table::new(&["control", "severity", "title", "maps", "inputs"]);
    for (control, inputs) in controls.iter().zip(project.inputs_of(controls)) {
        let maps: Vec<String> =
            control.maps.iter().map(|(framework, criterion)| format!("{framework}/{criterion}")).collect();
        let inputs: Vec<String> = inputs.iter().map(ToString::to_string).collect();
        table.row(&[&control.id, control.severity.name(), &control.title, &maps.join(" "), &folded(&inputs)]);
    }
    table.to_string()
}

/// The inputs in one line; more than three of one module as `code.*`, since an analysis of code reads dozens.
fn folded(inputs: &[String]) -> String {
    let mut by_module: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for input in inputs {
        let module = input.rsplit_once('.').map_or("", |(module, _)| module);
        by_module.entry(module).or_default().push(input);
    }
    let shown = by_module.into_iter().map(|(module, names)| match names.len() {
        0..=3 => names.join(" "),
        _ => format!("{module}.*"),
    });
    shown.collect::<Vec<_>>().join(" ")
}

fn coverage(framework: &Framework, controls: &[&Control]) -> String {
    let mut by_criterion: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for control in controls {
        for (_, criterion) in control.maps.iter().filter(|(id, _)| *id == framework.id) {
            by_criterion.entry(criterion).or_default().push(&control.id);
        }
    }
    let mut table = Table::new(&["criterion", "controls", "wording"]);
    for (criterion, wording) in &framework.criteria {
        let ids = by_criterion.get(&**criterion).map(|ids| ids.join(" ")).unwrap_or_default();
        table.row(&[&**criterion, &ids, wording]);
    }
    let covered = framework.criteria.iter().filter(|(criterion, _)| by_criterion.contains_key(&**criterion)).count();
    format!("{table}\n{covered} of {} criteria of {} have controls\n", framework.criteria.len(), framework.title)
}
