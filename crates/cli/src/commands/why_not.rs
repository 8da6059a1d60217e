//! `lawbook why-not`: why a row is absent, why a member of a population does not violate.

use audit::ExplainOptions;
use clap::Args;

use super::explain::{Shown, target};
use crate::project;
use crate::terminal::Terminal;

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  lawbook why-not 'vendor.register{name: \"OpenAI\", dpa_signed: true}'\n  lawbook why-not AI-CC9.2-02 OpenAI"
)]
pub struct Arguments {
    /// An atom (what it leaves open may be anything), or a control's id followed by a subject
    #[arg(value_name = "ATOM|CONTROL")]
    what: String,

    /// Key or label of what the control might cover
    #[arg(value_name = "SUBJECT")]
    subject: Option<String>,

    #[command(flatten)]
    shown: Shown,
}

pub fn run(arguments: Arguments, terminal: &mut Terminal) -> u8 {
    let shown = &arguments.shown;
    let mut project = match project::open(&shown.project.root, &shown.project.policy, terminal) {
        Ok(project) => project,
        Err(status) => return status,
    };
    let target = target(&arguments.what, arguments.subject.as_deref());
    let options = ExplainOptions { depth: usize::from(shown.depth), ..ExplainOptions::default() };
    match project.why_not(&target, options, &mut |line| terminal.progress(line)) {
        Ok(explanation) => shown.print(&explanation, terminal),
        Err(failure) => project::fail(&failure, terminal),
    }
}
