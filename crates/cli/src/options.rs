//! Options that several subcommands share.

use std::path::PathBuf;

use clap::Args;

/// What is looked at, and with which policies.
#[derive(Debug, Clone, Args)]
pub struct ProjectArgs {
    /// The folder to look at
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub root: PathBuf,

    #[command(flatten)]
    pub policy: PolicyArgs,
}

/// Which policies, with which values.
#[derive(Debug, Clone, Args)]
pub struct PolicyArgs {
    /// More policies: folders or files, beside those that lawbook.toml names
    #[arg(long, value_name = "DIR|FILE", num_args = 1..)]
    pub policies: Vec<PathBuf>,

    /// The day that `today()` is, such as 2026-11-20
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,

    /// Override a param of a policy
    #[arg(long = "param", value_name = "MODULE.NAME=VALUE")]
    pub params: Vec<String>,

    /// Settings to use in the place of the folder's lawbook.toml
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Do not read the folder's lawbook.toml
    #[arg(long, conflicts_with = "config")]
    pub no_project_config: bool,

    /// How many threads to use; 0 for as many as there are cores
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub threads: usize,
}
