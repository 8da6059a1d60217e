//! Plans and profiles of an evaluation, for `eval --plan` and `--profile`: one view of them, and the formats that print it.
//!
//! Rules are named by the place of their text, operations by their literals as written.

mod folded;
mod json;
mod text;
mod view;

use crate::{Evaluated, Project};
use view::View;

/// How plans and profiles are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlanFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
    /// Stacks with the microseconds spent in each, for programs that draw flame graphs.
    Folded,
}

impl PlanFormat {
    /// The format that the name of a file asks for; text where it asks for none.
    pub fn of_file(name: &str) -> PlanFormat {
        match name.rsplit_once('.').map(|(_, ending)| ending) {
            Some("json") => PlanFormat::Json,
            Some("folded" | "collapsed" | "stacks") => PlanFormat::Folded,
            _ => PlanFormat::Text,
        }
    }
}

impl Evaluated {
    /// The plans that were chosen, the indexes that they used, and what was expected of them. Empty unless
    /// [`Project::observe`] asked for plans before the evaluation.
    pub fn plan(&self, project: &Project, format: PlanFormat) -> String {
        let view = View::new(self, project, false);
        match format {
            PlanFormat::Json => json::write(&view),
            PlanFormat::Text | PlanFormat::Folded => text::plan(&view),
        }
    }

    /// What rules and their operations cost, the dearest rules first. Operations are there if [`Project::observe`] asked
    /// for them before the evaluation.
    pub fn profile(&self, project: &Project, format: PlanFormat) -> String {
        let view = View::new(self, project, true);
        match format {
            PlanFormat::Text => text::profile(&view),
            PlanFormat::Json => json::write(&view),
            PlanFormat::Folded => folded::write(&view, &self.timings),
        }
    }
}
