//! `lawbook lsp`: the language server, over stdin and stdout.

use std::path::PathBuf;

use clap::Args;

use crate::project;
use crate::terminal::Terminal;

#[derive(Debug, Args)]
#[command(after_help = "Editors start it themselves; docs/editors.md shows how to set them up.")]
pub struct Arguments {
    /// The folder for what the editor opens and no project holds: built-in policies, explanations [default: the user's cache
    /// folder]
    #[arg(long, value_name = "DIR")]
    cache: Option<PathBuf>,
    /// Speak over stdin and stdout: that is all there is, and many clients say so
    #[arg(long)]
    stdio: bool,
}

pub fn run(arguments: Arguments, _: &mut Terminal) -> u8 {
    // There is no other way to speak.
    let Arguments { cache: chosen, stdio: _ } = arguments;
    let version = env!("CARGO_PKG_VERSION");
    let cache = chosen.or_else(cache).map(|folder| folder.join(version));
    let setup = lsp::Setup { extractors: project::extractors, cache, version };
    if lsp::run_stdio(&setup) { 0 } else { 1 }
}

/// The user's cache folder, as the system has it.
fn cache() -> Option<PathBuf> {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let absolute = |path: &PathBuf| path.is_absolute();
    let own = variable("XDG_CACHE_HOME").filter(absolute).or_else(|| variable("LOCALAPPDATA"));
    let folder = own.or_else(|| variable("HOME").map(|home| home.join(".cache")))?;
    Some(folder.join("lawbook"))
}
