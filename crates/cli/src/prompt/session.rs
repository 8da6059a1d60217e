//! What the prompt keeps between statements, and how it answers them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use audit::{Answer, Failure, Project, Session};
use base::Cancel;
use facts::Value;

use super::commands;
use super::complete::{Relation, Vocabulary};
use super::statement::Statement;
use crate::answers::{self, RowFormat};
use crate::terminal::Terminal;

/// Rows shown at a terminal unless `:limit` says otherwise; a pipe gets all.
const ROWS: usize = 50;
/// Values of a column that are offered.
const VALUES: usize = 50;

/// The state of a prompt.
pub struct Prompt {
    pub session: Session,
    pub format: RowFormat,
    pub limit: Option<usize>,
    pub time: bool,
    /// The last answer, for `:explain 3`.
    pub last: Option<Answer>,
    /// Of all statements so far.
    pub status: u8,
    /// What an interrupt cancels.
    pub running: Arc<Mutex<Cancel>>,
    values: BTreeMap<(Arc<str>, usize), Vec<String>>,
}

impl Prompt {
    pub fn new(project: Project, format: RowFormat, interactive: bool) -> Self {
        Prompt {
            session: Session::new(project),
            format,
            limit: interactive.then_some(ROWS),
            time: interactive,
            last: None,
            status: 0,
            running: Arc::default(),
            values: BTreeMap::new(),
        }
    }

    /// Carries a statement out. False if it is the last one.
    pub fn carry_out(&mut self, statement: &Statement, terminal: &mut Terminal) -> bool {
        self.arm();
        match statement {
            Statement::Command { name, rest } => return commands::carry_out(self, name, rest, terminal),
            Statement::Rule(text) => self.define(text, terminal),
            Statement::Body(body) => self.answer(body, terminal),
        }
        true
    }

    /// From now on an interrupt stops what comes next.
    fn arm(&mut self) {
        let cancel = self.session.arm();
        *self.running.lock().unwrap_or_else(PoisonError::into_inner) = cancel;
    }

    fn answer(&mut self, body: &str, terminal: &mut Terminal) {
        let start = Instant::now();
        let asked = self.session.ask(body, &mut |line| terminal.progress(line));
        terminal.progress("");
        match asked {
            Ok(answer) => {
                self.show(&answer, start.elapsed(), terminal);
                let problems = answer.evaluated.problems.iter().filter(|problem| problem.error);
                problems.clone().for_each(|problem| terminal.problem(problem));
                let faults = answer.evaluated.tell_faults();
                terminal.diagnostics(&faults, &self.session.project.policies.sources);
                if (problems.count() > 0 || !faults.is_empty()) && self.status == 0 {
                    self.status = 3;
                }
                self.last = Some(answer);
            }
            Err(failure) => self.fail(&failure, terminal),
        }
    }

    fn show(&self, answer: &Answer, took: Duration, terminal: &mut Terminal) {
        let time = if self.time { format!(", {}", duration(took)) } else { String::new() };
        if answer.decl.columns.is_empty() {
            // A body without variables holds or does not.
            let quiet = !matches!(self.format, RowFormat::Table);
            let time = if quiet { String::new() } else { time };
            return terminal.out(&format!("{}{time}\n", !answer.rows.is_empty()));
        }
        let shown = &answer.rows[..self.limit.unwrap_or(usize::MAX).min(answer.rows.len())];
        if !answer.rows.is_empty() || !matches!(self.format, RowFormat::Table) {
            terminal.out(&answers::print(&answer.decl, shown, self.format));
        }
        if !matches!(self.format, RowFormat::Table) {
            return;
        }
        let count = match answer.rows.len() {
            0 => "no rows".to_owned(),
            1 => "1 row".to_owned(),
            count if count > shown.len() => format!("{count} rows, {} shown (`:limit N` shows N)", shown.len()),
            count => format!("{count} rows"),
        };
        terminal.out(&format!("{count}{time}\n"));
    }

    fn define(&mut self, text: &str, terminal: &mut Terminal) {
        match self.session.define(text) {
            Ok(decl) => {
                let columns: Vec<String> = decl
                    .columns
                    .iter()
                    .map(|column| format!("{}: {}{}", column.name, column.ty, if column.optional { "?" } else { "" }))
                    .collect();
                terminal.out(&format!("defined {}({})\n", decl.name, columns.join(", ")));
                self.values.clear();
            }
            Err(failure) => self.fail(&failure, terminal),
        }
    }

    /// Tells what is wrong with a statement.
    pub fn fail(&mut self, failure: &Failure, terminal: &mut Terminal) {
        self.status = crate::project::fail(failure, terminal);
    }

    /// What is no such command, or not said like that.
    pub fn refuse(&mut self, message: &str, terminal: &mut Terminal) {
        terminal.say(&format!("error: {message}"));
        self.status = crate::project::USAGE;
    }

    /// Forgets what was read.
    pub fn reload(&mut self) {
        self.session.reload();
        self.values.clear();
        self.last = None;
    }
}

fn duration(took: Duration) -> String {
    match took.as_millis() {
        millis if millis >= 10_000 => format!("{:.1} s", took.as_secs_f64()),
        millis => format!("{millis} ms"),
    }
}

impl Vocabulary for Prompt {
    fn relations(&self) -> Vec<Relation> {
        let relation = |info: &lang::RelationInfo| Relation {
            // Relations of the session go by their bare name.
            name: info.decl.name.strip_prefix("session.").unwrap_or(&info.decl.name).to_owned(),
            columns: info.decl.columns.iter().map(|column| column.name.to_string()).collect(),
        };
        self.session.project.compilation.relations.iter().map(relation).collect()
    }

    fn values(&mut self, relation: &str, column: usize) -> Vec<String> {
        let compilation = &self.session.project.compilation;
        let infos = &compilation.relations;
        let ends = |info: &&lang::RelationInfo| info.decl.name.ends_with(&format!(".{relation}"));
        let named = infos.iter().find(|info| *info.decl.name == *relation).or_else(|| infos.iter().find(ends));
        let Some(decl) = named.map(|info| info.decl.clone()) else { return Vec::new() };
        let key = (decl.name.clone(), column);
        if !self.values.contains_key(&key) {
            if decl.columns.get(column).is_none_or(|column| !column.ty.is_text()) {
                return Vec::new();
            }
            self.arm();
            let rows = self.session.rows(&decl.name, &mut |_| {}).unwrap_or_default();
            self.values.insert(key.clone(), most_frequent(rows.iter().map(|row| &row[column])));
        }
        self.values.get(&key).cloned().unwrap_or_default()
    }
}

/// Texts, the most frequent first, then by value.
fn most_frequent<'v>(values: impl Iterator<Item = &'v Value>) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for text in values.filter_map(Value::as_text) {
        *counts.entry(text).or_default() += 1;
    }
    let mut texts: Vec<(&str, usize)> = counts.into_iter().collect();
    texts.sort_by_key(|(text, count)| (std::cmp::Reverse(*count), *text));
    texts.into_iter().take(VALUES).map(|(text, _)| text.to_owned()).collect()
}
