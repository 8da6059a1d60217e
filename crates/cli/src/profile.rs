//! `--profile`: what rules and their operations cost.

use std::path::PathBuf;

use audit::{Evaluated, PlanFormat, Project};
use clap::{Args, ValueEnum};
use engine::Observe;

use crate::terminal::Terminal;

#[derive(Debug, Args)]
pub struct ProfileArgs {
    /// Write what each rule and each operation of its plans cost (time, rows in and out, rounds) to a file, or to stdout
    /// where it is `-`
    #[arg(long, value_name = "FILE|-")]
    profile: Option<PathBuf>,

    /// How to write it; by default the file's ending tells: `json`, `folded`, anything else for a table
    #[arg(long, value_name = "FORMAT", value_enum, requires = "profile")]
    profile_format: Option<Format>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// For people
    Table,
    /// For programs
    Json,
    /// Stacks, for programs that draw flame graphs
    Folded,
}

impl ProfileArgs {
    /// What the evaluation is to take notes of.
    pub fn observe(&self) -> Observe {
        if self.profile.is_some() { Observe::Operators } else { Observe::Nothing }
    }

    /// Writes the profile, if one was asked for. False, and told, if that cannot be done.
    pub fn write(&self, evaluated: &Evaluated, project: &Project, terminal: &mut Terminal) -> bool {
        let Some(file) = &self.profile else { return true };
        let format = match self.profile_format {
            Some(Format::Table) => PlanFormat::Text,
            Some(Format::Json) => PlanFormat::Json,
            Some(Format::Folded) => PlanFormat::Folded,
            None => PlanFormat::of_file(&file.to_string_lossy()),
        };
        let text = evaluated.profile(project, format);
        terminal.write(Some(file.as_path()).filter(|file| file.as_os_str() != "-"), &text)
    }
}
