//! The rows that come nearest to what an atom wants: those that agree in most columns, nearly equal texts counting too.

use facts::{Code, Type, Value};
use hashbrown::HashMap;
use ir::RelId;
use rustc_hash::FxBuildHasher;

use super::{Pattern, Want};
use crate::evaluation::{Evaluation, RowRef};

/// Rows shown.
const SHOWN: usize = 3;
/// Rows looked at.
const LOOKED_AT: u32 = 2_000_000;
/// Different texts of a column that are compared, and the longest of them.
const TEXTS: usize = 3_000;
const LONG: usize = 120;

/// What an agreeing column counts, and a key beside; what is nearly equal counts less than any that agrees.
const AGREES: i64 = 100;
const KEY: i64 = 20;
/// A text that differs in case only, and one that is misspelled or part of the other.
const FOLDED: i64 = 45;
const SIMILAR: i64 = 10;

/// The nearest rows of an atom that no row matches.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Nearest {
    /// How many rows the relation has.
    pub total: usize,
    /// For each column with a value that is wanted: how many rows have it.
    pub alone: Vec<(usize, usize)>,
    /// The rows, the nearest first.
    pub rows: Vec<Near>,
    /// Whether only the first rows were looked at.
    pub cut: bool,
}

/// A row that nearly matches.
#[derive(Debug, Clone, PartialEq)]
pub struct Near {
    /// The row.
    pub row: RowRef,
    /// The columns in which it differs.
    pub differs: Vec<usize>,
}

/// A wanted column, and how its codes score.
struct Column<'a> {
    at: usize,
    /// The code wanted; nothing if no row anywhere has it.
    code: Option<u32>,
    text: Option<&'a str>,
    key: bool,
    scores: HashMap<u32, i64, FxBuildHasher>,
}

impl Evaluation {
    /// The rows nearest to a pattern, least by value among those of equal nearness.
    pub fn nearest(&self, relation: RelId, pattern: &Pattern) -> Nearest {
        let stored = self.store.get(relation);
        let end = stored.visible;
        let looked = end.min(LOOKED_AT);
        let mut columns = self.wanted_columns(relation, pattern);
        let mut alone = vec![0; columns.len()];
        let mut best: Vec<(i64, Vec<u32>)> = Vec::new();
        for row in (0..looked).filter(|&row| !stored.dead.has(row)) {
            let mut score = 0;
            for (number, column) in columns.iter_mut().enumerate() {
                let code = self.column(relation, column.at)[row as usize];
                if Some(code) == column.code {
                    alone[number] += 1;
                    score += AGREES + if column.key { KEY } else { 0 };
                } else {
                    score += self.similar(column, code);
                }
            }
            keep(&mut best, score, row);
        }
        let mut rows: Vec<(i64, Vec<Value>, RowRef)> = Vec::new();
        for (score, numbers) in best {
            let row = |row: u32| RowRef { relation, row };
            rows.extend(numbers.into_iter().map(|number| (score, self.values(row(number)), row(number))));
        }
        rows.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        let near = rows.into_iter().filter(|(score, ..)| *score > 0).take(SHOWN);
        let rows = near.map(|(_, values, row)| Near { row, differs: differs(pattern, &values) }).collect();
        let alone = columns.iter().map(|column| column.at).zip(alone).collect();
        Nearest { total: stored.count(), alone, rows, cut: looked < end }
    }

    /// In how many columns the row agrees that agrees in most; what is nearly equal does not count, since it costs time.
    pub(super) fn agreeing(&self, relation: RelId, pattern: &Pattern) -> i64 {
        let columns = self.wanted_columns(relation, pattern);
        let wanted: Vec<(&[u32], u32)> =
            columns.iter().filter_map(|column| Some((self.column(relation, column.at), column.code?))).collect();
        let agree = |row: usize| wanted.iter().filter(|(codes, code)| codes[row] == *code).count();
        let stored = self.store.get(relation);
        let rows = (0..stored.visible).filter(|&row| !stored.dead.has(row));
        rows.map(|row| row as usize).map(agree).max().unwrap_or(0) as i64
    }

    fn wanted_columns<'a>(&self, relation: RelId, pattern: &'a Pattern) -> Vec<Column<'a>> {
        let decl = &self.program().relation(relation).decl;
        let mut out = Vec::new();
        for (at, (want, column)) in pattern.columns.iter().zip(&decl.columns).enumerate() {
            let Want::Is(value) = want else { continue };
            let code = self.database().values.lookup(value).map(|code| code.0);
            let text = value.as_text().filter(|text| text.len() <= LONG);
            out.push(Column { at, code, text, key: column.key, scores: HashMap::default() });
        }
        out
    }

    /// What a text that is not equal counts.
    fn similar(&self, column: &mut Column<'_>, code: u32) -> i64 {
        let Some(wanted) = column.text else { return 0 };
        if let Some(score) = column.scores.get(&code) {
            return *score;
        }
        if column.scores.len() >= TEXTS || Code(code).is_none() {
            return 0;
        }
        let Value::Text(text) = self.database().values.decode(&Type::String, Code(code)) else { return 0 };
        let score = similarity(wanted, &text);
        column.scores.insert(code, score);
        score
    }
}

fn similarity(wanted: &str, text: &str) -> i64 {
    let (short, long) = if wanted.len() < text.len() { (wanted, text) } else { (text, wanted) };
    if long.len() > LONG {
        return 0;
    }
    let close = long.len() - short.len() <= wanted.len() / 3 + 1;
    if close && wanted.trim().to_lowercase() == text.trim().to_lowercase() {
        return FOLDED;
    }
    // Names that differ in their numbers alone are names of different things.
    let letters = |text: &str| text.chars().filter(|c| !c.is_ascii_digit()).collect::<String>();
    if wanted.bytes().any(|byte| byte.is_ascii_digit()) && letters(wanted) == letters(text) {
        return 0;
    }
    if is_part(short, long) || close && !base::nearest(wanted, [text]).is_empty() { SIMILAR } else { 0 }
}

/// Whether a text stands in a longer one as whole words.
fn is_part(short: &str, long: &str) -> bool {
    let Some(at) = long.find(short).filter(|_| short.len() >= 3) else { return false };
    let word = |c: char| c.is_alphanumeric();
    !long[..at].ends_with(word) && !long[at + short.len()..].starts_with(word)
}

/// Keeps the rows of the highest scores: enough levels for the rows shown, enough rows of each for the choice by value.
fn keep(best: &mut Vec<(i64, Vec<u32>)>, score: i64, row: u32) {
    const LEVEL: usize = 200;
    if score == 0 {
        return;
    }
    match best.iter_mut().find(|(level, _)| *level == score) {
        Some((_, rows)) if rows.len() < LEVEL => rows.push(row),
        Some(_) => {}
        None => {
            best.push((score, vec![row]));
            best.sort_by_key(|(level, _)| std::cmp::Reverse(*level));
            best.truncate(SHOWN);
        }
    }
}

fn differs(pattern: &Pattern, row: &[Value]) -> Vec<usize> {
    let differs = |(want, value): (&Want, &Value)| match want {
        Want::Any => false,
        Want::Present => value.is_none(),
        Want::Is(wanted) => wanted != value,
    };
    let wants = pattern.columns.iter().zip(row).enumerate();
    wants.filter(|(_, pair)| differs(*pair)).map(|(at, _)| at).collect()
}
