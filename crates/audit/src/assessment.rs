//! What a run found. Every output is a pure function of one [`Assessment`], which holds all it shows: excerpts
//! (masked) and paths of taint findings too.

use std::sync::Arc;
use std::time::Duration;

use lang::{Control, Severity, Status};

/// The result of a run.
#[derive(Debug, Clone)]
pub struct Assessment {
    /// The folder that was checked, as the user named it.
    pub root: String,
    /// The as-of day, midnight UTC, in microseconds since 1970.
    pub as_of: i64,
    /// What could have hidden something, and what was asked for.
    pub scope: Scope,
    /// Controls by id.
    pub controls: Vec<Outcome>,
    /// Criteria frameworks that the controls map to.
    pub frameworks: Vec<lang::Framework>,
    /// Trouble with files, by path and place.
    pub problems: Vec<FileProblem>,
    /// What was read.
    pub inputs: InputFigures,
    /// How long the parts took. The one thing here that differs between runs.
    pub timings: Timings,
}

/// What could have hidden something.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// The settings file.
    pub settings: Option<Arc<str>>,
    /// Excluded globs.
    pub exclude: Vec<String>,
    /// Languages in scope, where restricted.
    pub languages: Vec<Arc<str>>,
    /// Params whose default was overridden, with the value.
    pub params: Vec<(Arc<str>, String)>,
    /// How many waivers are in force, and how many have expired.
    pub waivers: (usize, usize),
    /// Trouble with waivers and suppressions, in words.
    pub warnings: Vec<String>,
}

/// What became of one control.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The control.
    pub control: Control,
    /// The outcome.
    pub status: Status,
    /// How many members the population has; none where it could not be judged.
    pub population: Option<usize>,
    /// Why the status is `error` or `no_evidence`, in sentences.
    pub reasons: Vec<String>,
    /// Inputs without evidence that could have changed what the control found: "not looked at: okta.user".
    pub not_looked_at: Vec<Arc<str>>,
    /// Violations, by place and message.
    pub findings: Vec<Finding>,
    /// Notes, likewise.
    pub notes: Vec<Finding>,
}

impl Outcome {
    /// Violations that are not waived.
    pub fn open(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.waiver.is_none())
    }
}

/// A violation or a note.
#[derive(Debug, Clone)]
pub struct Finding {
    /// `CONTROL@` and 12 hex digits of the SHA-256 of its identity.
    pub id: String,
    /// The control's id.
    pub control: Arc<str>,
    /// How bad it is; `info` for notes.
    pub severity: Severity,
    /// The subject's key.
    pub subject: Arc<str>,
    /// What people call the subject.
    pub label: Arc<str>,
    /// The message.
    pub message: String,
    /// Where it is.
    pub place: Option<Spot>,
    /// Entities that the message names, in its order.
    pub related: Vec<(String, Spot)>,
    /// For a taint finding the way of the value, from the source to the sink.
    pub path: Vec<(String, Spot)>,
    /// Rests on the absence of something in evidence that is incomplete, or the control ended in `error`.
    pub provisional: bool,
    /// Why it does not count.
    pub waiver: Option<Waiver>,
    /// The row behind it, by which its proof is found.
    pub row: engine::RowRef,
}

/// Why a finding does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Waiver {
    /// A row of the waiver register.
    Register {
        /// Why.
        reason: Arc<str>,
        /// Who approved it.
        approved_by: Arc<str>,
        /// Last day, midnight UTC, in microseconds since 1970.
        expires: i64,
    },
    /// A comment `lawbook: allow CONTROL reason`.
    Comment {
        /// Why.
        reason: Arc<str>,
        /// Where the comment stands.
        spot: Spot,
    },
}

/// A place in a scanned file or a policy.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// Path from the root.
    pub path: Arc<str>,
    /// Line from 1; 0 where it is the whole file.
    pub line: u32,
    /// Column in Unicode scalars from 1.
    pub column: u32,
    /// Line of the end, from 1.
    pub end_line: u32,
    /// Column just after the end.
    pub end_column: u32,
    /// The line's text without its break, secrets masked, at most 200 characters.
    pub excerpt: Option<Arc<str>>,
}

impl std::fmt::Display for Spot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            0 => f.write_str(&self.path),
            line => write!(f, "{}:{line}:{}", self.path, self.column),
        }
    }
}

/// Trouble with a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileProblem {
    /// Path from the root.
    pub path: Arc<str>,
    /// Line from 1; 0 where it is the whole file.
    pub line: u32,
    /// Column from 1.
    pub column: u32,
    /// Stable code.
    pub code: &'static str,
    /// Whether controls that rest on the file end in `error`.
    pub error: bool,
    /// The relation whose rows may be lacking.
    pub relation: Option<Arc<str>>,
    /// What is wrong.
    pub message: String,
    /// A way out.
    pub help: Option<String>,
}

/// What was read.
#[derive(Debug, Clone, Default)]
pub struct InputFigures {
    /// Files looked at.
    pub files: usize,
    /// Files left out by ignore files.
    pub ignored: u64,
    /// Files left out by `[inputs] exclude`.
    pub excluded: usize,
    /// Binary files.
    pub binary: usize,
    /// Rows extracted.
    pub rows: usize,
    /// Lines of source code.
    pub lines: u64,
    /// Programming languages of source files that no extractor reads, with the number of files.
    pub languages_without_extractor: Vec<(Arc<str>, usize)>,
}

/// How long the parts took, in their order: name and time.
#[derive(Debug, Clone, Default)]
pub struct Timings(pub Vec<(String, Duration)>);

/// How many controls have each status, and findings each severity.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// By [`Status::ALL`].
    pub statuses: [usize; 6],
    /// Violations that count, by [`Severity::ALL`].
    pub findings: [usize; 5],
    /// Violations that are waived.
    pub waived: usize,
    /// Notes.
    pub notes: usize,
}

impl Assessment {
    /// The figures of a run.
    pub fn summary(&self) -> Summary {
        let mut summary = Summary::default();
        for outcome in &self.controls {
            let at = Status::ALL.iter().position(|status| *status == outcome.status).unwrap_or_default();
            summary.statuses[at] += 1;
            summary.notes += outcome.notes.len();
            for finding in &outcome.findings {
                match finding.waiver {
                    Some(_) => summary.waived += 1,
                    None => summary.findings[finding.severity as usize] += 1,
                }
            }
        }
        summary
    }

    /// All violations and notes.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.controls.iter().flat_map(|outcome| outcome.findings.iter().chain(&outcome.notes))
    }

    /// Exit status of `check`: 3 where a control ended in `error` (or, if asked for, without evidence), else 1 where a violation
    /// that counts is at least as severe as `fail_on`, else 0. Usage and policy errors (2) end a run before there is an assessment.
    pub fn exit_status(&self, fail_on: Option<Severity>, require_evidence: bool) -> u8 {
        let lacking = |outcome: &Outcome| {
            outcome.status == Status::Error || require_evidence && outcome.status == Status::NoEvidence
        };
        if self.controls.iter().any(lacking) {
            return 3;
        }
        let counts = |finding: &Finding| fail_on.is_some_and(|least| finding.severity >= least);
        u8::from(self.controls.iter().flat_map(Outcome::open).any(counts))
    }
}
