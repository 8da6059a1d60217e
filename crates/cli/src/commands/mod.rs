//! The subcommands, one file each. To add one: its file, its line in the list below.

use clap::Subcommand;

use crate::terminal::Terminal;

macro_rules! commands {
    ($($(#[doc = $doc:literal])* $module:ident::$name:ident,)*) => {
        $(pub mod $module;)*

        /// What to do.
        #[derive(Debug, Subcommand)]
        pub enum Command {
            $($(#[doc = $doc])* $name($module::Arguments),)*
        }

        /// Does it, and gives the exit status.
        pub fn run(command: Command, terminal: &mut Terminal) -> u8 {
            match command {
                $(Command::$name(arguments) => $module::run(arguments, terminal),)*
            }
        }
    };
}

commands! {
    /// Check a folder: extract facts, evaluate the controls, report findings
    check::Check,
    /// Show the proof of a finding, of a passing member, or of any row
    explain::Explain,
    /// Say why a row is absent, or why a member of a population does not violate
    why_not::WhyNot,
    /// Evaluate a rule body over the facts and print its answers
    query::Query,
    /// Evaluate one program file on its own and print relations
    eval::Eval,
    /// Show what was extracted, with places
    facts::Facts,
    /// Show relations, columns, types and their documentation
    schema::Schema,
    /// List the controls in force
    controls::Controls,
    /// Run the tests of policies
    test::Test,
    /// Lay policies out in the one style
    fmt::Fmt,
    /// Find what is probably not meant in policies, and mend it
    lint::Lint,
    /// Speak the Language Server Protocol with an editor
    lsp::Lsp,
}
