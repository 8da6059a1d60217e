//! What an evaluation may use, and how it ends when that is not enough.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use base::Cancel;
use facts::Value;
use ir::{RelId, RuleId};

use crate::observe::Observe;

/// Settings of an evaluation. Results never depend on them; whether there is one may.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// What it may use.
    pub limits: Limits,
    /// Threads to work on; 0 is as many as there are cores.
    pub threads: usize,
    /// Asks it to stop.
    pub cancel: Cancel,
    /// How rows are kept. It is chosen by density; tests force it.
    pub structures: Structures,
    /// What to take notes of.
    pub observe: Observe,
    /// How strata follow changes below them. It is chosen by the size of the change; tests force it.
    pub updates: Updates,
}

/// How a stratum whose rules say what they said is brought up to date.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Updates {
    /// By what came and went where that is little, else anew.
    #[default]
    ByCost,
    /// By what came and went.
    Follow,
    /// Anew.
    Renew,
}

impl Updates {
    /// All choices.
    pub const ALL: [Updates; 3] = [Updates::ByCost, Updates::Follow, Updates::Renew];
}

/// Which data structures relations use.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Structures {
    /// Those that suit the rows.
    #[default]
    ByDensity,
    /// Hash tables, as if values were scattered.
    Sparse,
    /// Arrays and bits, as if values were dense.
    Dense,
}

impl Structures {
    /// All choices.
    pub const ALL: [Structures; 3] = [Structures::ByDensity, Structures::Sparse, Structures::Dense];
}

/// Budgets, checked after each batch of rows. `None` is without limit.
#[derive(Debug, Clone, Default)]
pub struct Limits {
    /// Derived rows of all relations together.
    pub rows: Option<u64>,
    /// Bytes that rows, indexes and values take, about.
    pub memory: Option<u64>,
    /// Time from the start of the evaluation.
    pub time: Option<Duration>,
}

/// Why an evaluation ended without a result.
#[derive(Debug, Clone, PartialEq)]
pub enum Error {
    /// A budget is used up.
    Budget(Box<Overrun>),
    /// Somebody asked to stop.
    Cancelled,
    /// The program cannot be evaluated: it was not checked. The message names the rule's relation and the reason.
    Program {
        /// The rule at fault, where it is one.
        rule: Option<RuleId>,
        /// The reason.
        message: String,
    },
}

/// What went over a budget.
#[derive(Debug, Clone, PartialEq)]
pub struct Overrun {
    /// The budget, in words: `10 rows`.
    pub budget: String,
    /// The relation of the stratum at work that has the most derived rows.
    pub relation: RelId,
    /// Its name.
    pub name: Arc<str>,
    /// How many rows it has.
    pub rows: u64,
    /// The rules that made them, the most productive first, with the number of rows that each made.
    pub rules: Vec<(RuleId, u64)>,
    /// Some of its newest rows.
    pub sample: Vec<Vec<Value>>,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Budget(over) => {
                write!(f, "the budget of {} is used up: `{}` grew to {} rows", over.budget, over.name, over.rows)?;
                for row in &over.sample {
                    let row: Vec<String> = row.iter().map(Value::to_string).collect();
                    write!(f, "; ({})", row.join(", "))?;
                }
                Ok(())
            }
            Error::Cancelled => f.write_str("the evaluation was cancelled"),
            Error::Program { message, .. } => f.write_str(message),
        }
    }
}

impl std::error::Error for Error {}
