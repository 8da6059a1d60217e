//! Plans and profiles for people: rules with their plans, one operation a line, columns aligned over the whole page.

use super::view::{FiguresView, IndexView, PlanView, RuleView, StepView, StratumView, View};

/// Characters of a literal, and of a rule.
const LITERAL: usize = 60;
const RULE: usize = 110;

/// A line of a page.
enum Line {
    Title(String),
    /// What is done, and cells behind it: the first to the left, the others, figures, to the right.
    Row(String, Vec<String>),
}

pub(super) fn plan(view: &View) -> String {
    let mut lines = vec![Line::Row(String::new(), headings(view))];
    view.strata.iter().for_each(|stratum| stratum_lines(stratum, &mut lines));
    index_lines(&view.indexes, &mut lines);
    print(&lines)
}

/// Rules by cost, then the plans with what their operations did.
pub(super) fn profile(view: &View) -> String {
    let mut rules: Vec<&RuleView> = view.strata.iter().flat_map(|stratum| &stratum.rules).collect();
    rules.sort_by_key(|rule| std::cmp::Reverse(rule.microseconds));
    let all: u64 = rules.iter().filter_map(|rule| rule.microseconds).sum();
    let headings = ["ms", "share", "rounds", "derived", "rows"].map(str::to_owned).to_vec();
    let mut cells = vec![(headings, "rule".to_owned())];
    for rule in rules {
        let time = rule.microseconds.unwrap_or_default();
        let share = format!("{:.0} %", time as f64 * 100.0 / all.max(1) as f64);
        let figures =
            vec![millis(time), share, rule.rounds.to_string(), rule.derived.to_string(), rule.rows.to_string()];
        cells.push((figures, format!("{}  {}", rule.place, cut(&rule.text, RULE))));
    }
    let mut out = String::new();
    let width = |at: usize| cells.iter().map(|(figures, _)| figures[at].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..5).map(width).collect();
    for (figures, rule) in &cells {
        figures.iter().zip(&widths).for_each(|(cell, &width)| out.push_str(&format!("{cell:>width$}  ")));
        out.push_str(rule);
        out.push('\n');
    }
    out.push('\n');
    out + &plan(view)
}

fn headings(view: &View) -> Vec<String> {
    let mut headings = vec!["by".to_owned(), "expected".to_owned()];
    if view.counted {
        headings.extend(["rows in", "rows out", "ms"].map(str::to_owned));
    }
    headings
}

fn stratum_lines(stratum: &StratumView, lines: &mut Vec<Line>) {
    let kind = if stratum.recursive { ", recursive" } else { "" };
    let (rounds, rows) = (counted(stratum.rounds, "round"), counted(stratum.rows, "row"));
    let mut title = format!("stratum {}: {}{kind}; {rounds}, {rows}", stratum.number, stratum.relations.join(", "));
    if let Some(times) = &stratum.times {
        title.push_str(&format!(
            "; {} ms, of it {} planning, {} ending rounds",
            millis(times.all),
            millis(times.planning),
            millis(times.publishing)
        ));
    }
    lines.push(Line::Title(title));
    for rule in &stratum.rules {
        lines.push(Line::Title(format!("  {}  {}", rule.place, cut(&rule.text, RULE))));
        rule.plans.iter().for_each(|plan| plan_lines(plan, &rule.relation, lines));
    }
}

fn plan_lines(plan: &PlanView, relation: &str, lines: &mut Vec<Line>) {
    let mut title = format!("    {}", cut(&plan.reads, RULE));
    if plan.into != relation {
        title.push_str(&format!(", kept as {}", plan.into));
    }
    if plan.runs != 1 {
        title.push_str(&format!("; run {}", times(plan.runs)));
    }
    if plan.made > 1 {
        title.push_str(&format!("; planned {}", times(plan.made)));
    }
    lines.push(Line::Title(title));
    plan.steps.iter().for_each(|step| step_lines(step, 6, lines));
    if let Some(figures) = &plan.figures {
        let mut cells = vec![String::new(), String::new()];
        cells.extend(figure_cells(&figures.added));
        lines.push(Line::Row(format!("      add to        {}", plan.into), cells));
    }
}

fn step_lines(step: &StepView, indent: usize, lines: &mut Vec<Line>) {
    let mut cells = vec![step.by.join(", "), expected(step.expected)];
    cells.extend(step.figures.iter().flat_map(figure_cells));
    let left = format!("{:indent$}{:<13} {}", "", step.operation, cut(&step.literal, LITERAL));
    lines.push(Line::Row(left.trim_end().to_owned(), cells));
    for (number, inside) in step.inside.iter().enumerate() {
        if number > 0 {
            lines.push(Line::Title(format!("{:indent$}or", "")));
        }
        inside.iter().for_each(|inner| step_lines(inner, indent + 2, lines));
    }
}

fn index_lines(indexes: &[IndexView], lines: &mut Vec<Line>) {
    if indexes.is_empty() {
        return;
    }
    lines.push(Line::Title("indexes".to_owned()));
    for index in indexes {
        let left = match &index.columns {
            Some(columns) if columns.is_empty() => format!("  {}", index.relation),
            Some(columns) => format!("  {} by {}", index.relation, columns.join(", ")),
            None => format!("  {} by row", index.relation),
        };
        let keys = match (&index.columns, index.keys) {
            (None, 0) => counted(index.rows, "row"),
            (None, groups) => format!("{} in {}", counted(index.rows, "row"), counted(groups, "group")),
            (Some(_), keys) => format!("{} of {}", counted(index.rows, "row"), counted(keys, "key")),
        };
        lines.push(Line::Row(left, vec![format!("{}: {keys}, {}", index.structure, size(index.bytes))]));
    }
}

fn figure_cells(figures: &FiguresView) -> Vec<String> {
    vec![figures.rows_in.to_string(), figures.rows_out.to_string(), millis(figures.microseconds)]
}

fn print(lines: &[Line]) -> String {
    let rows = || {
        lines.iter().filter_map(|line| match line {
            Line::Row(left, cells) if cells.len() > 1 => Some((left, cells)),
            _ => None,
        })
    };
    let left = rows().map(|(left, _)| left.chars().count()).max().unwrap_or(0);
    let columns = rows().map(|(_, cells)| cells.len()).max().unwrap_or(0);
    let width = |at: usize| rows().filter_map(|(_, cells)| cells.get(at)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|at| width(at).unwrap_or(0)).collect();
    let mut out = String::new();
    for line in lines {
        let mut text = match line {
            Line::Title(title) => title.clone(),
            Line::Row(text, _) => format!("{text:<left$}"),
        };
        if let Line::Row(_, cells) = line {
            for (at, (cell, &width)) in cells.iter().zip(&widths).enumerate() {
                text.push_str(&if at == 0 { format!("  {cell:<width$}") } else { format!("  {cell:>width$}") });
            }
        }
        out.push_str(text.trim_end());
        out.push('\n');
    }
    out
}

fn cut(text: &str, length: usize) -> String {
    match text.char_indices().nth(length) {
        Some((at, _)) => format!("{}…", text[..at].trim_end()),
        None => text.to_owned(),
    }
}

fn expected(rows: f64) -> String {
    if rows.is_nan() {
        return String::new();
    }
    if rows >= 9.95 || rows == rows.round() { format!("{rows:.0}") } else { format!("{rows:.1}") }
}

fn millis(micros: u64) -> String {
    format!("{:.3}", micros as f64 / 1e3)
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} bytes"),
        1024..1_048_576 => format!("{} kB", bytes.div_ceil(1024)),
        _ => format!("{} MB", bytes.div_ceil(1_048_576)),
    }
}

fn counted(number: u64, word: &str) -> String {
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}

fn times(number: u64) -> String {
    match number {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        number => format!("{number} times"),
    }
}
