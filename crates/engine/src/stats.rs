//! What an evaluation did, for `--timings`.

use std::time::Duration;

use ir::Program;

/// Figures of an evaluation. Rows and rounds are the same each time, times are not.
#[derive(Debug, Clone, Default)]
pub struct Stats {
    /// By [`ir::RuleId`].
    pub rules: Vec<RuleStats>,
    /// In the order of [`Program::strata`].
    pub strata: Vec<StratumStats>,
}

/// Figures of a rule.
#[derive(Debug, Clone, Default)]
pub struct RuleStats {
    /// Rows that it made first.
    pub rows: u64,
    /// Times that it made a row, known ones and those of its parts included.
    pub derived: u64,
    /// Plans that were run for it.
    pub passes: u64,
    /// Time spent in them.
    pub time: Duration,
}

/// Figures of a stratum.
#[derive(Debug, Clone, Default)]
pub struct StratumStats {
    /// Rows that its rules made.
    pub rows: u64,
    /// Rounds, the last one, which added nothing, included.
    pub rounds: u64,
    /// Time spent, planning included.
    pub time: Duration,
}

impl Stats {
    pub(crate) fn new(program: &Program) -> Self {
        Stats {
            rules: vec![RuleStats::default(); program.rules.len()],
            strata: vec![StratumStats::default(); program.strata.len()],
        }
    }
}
