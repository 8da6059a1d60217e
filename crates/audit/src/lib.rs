//! From a folder to an [`Assessment`]: project settings, policy packs, the pipeline, controls judged.
//!
//! The only real file system and clock are here; terminals and editors are not.
// The rim: core crates are forbidden these calls (clippy.toml).
#![allow(clippy::disallowed_methods)]

mod access;
mod assessment;
pub mod codes;
mod declaring;
mod disk;
mod excerpts;
mod explain;
mod findings;
mod judge;
mod lint;
mod looked;
mod matter;
mod opened;
mod packs;
mod pipeline;
mod places;
mod plans;
mod project;
mod replace;
mod report;
mod session;
mod settings;
mod taint;
mod testing;
mod told;
mod waivers;
mod waiving;
mod workspace;

pub use assessment::{Assessment, FileProblem, Finding, InputFigures, Outcome, Scope, Spot, Summary, Timings, Waiver};
pub use declaring::{declarable, declared_input, input_name};
pub use disk::Disk;
pub use explain::{Cell, ExplainOptions, ExplainTarget, Explanation, Node, NodeKind};
pub use lint::{LintOptions, LintReport, Mended, lint};
pub use opened::{Opened, embedded_text, open_folder};
pub use packs::{Policies, PolicyChoice, embedded_packs, load_policies, load_program};
pub use pipeline::{CheckOptions, Evaluated, Run};
pub use plans::PlanFormat;
pub use project::{Extractors, Failure, Project, ProjectOptions, ScannerMaker};
pub use replace::replace_file;
pub use report::ReportFormat;
pub use session::{Answer, Session, SessionRule};
pub use settings::{ProjectSettings, parse_settings};
pub use testing::{
    ControlCoverage, Coverage, CoveredFile, CoveredRule, Expected, Found, Mismatch, TestOptions, TestPlace, TestReport,
    TestResult, TestText, locate,
};
pub use waiving::{Addition, NewWaiver, waiver_text};
pub use workspace::{Answered, Difference, RowDifference, Workspace};
