//! The report for people: what failed first, with places, excerpts and the way out; what passed in one line each.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use lang::{Severity, Status};

use crate::{Assessment, Finding, Outcome, Spot, Waiver};

/// At most so many findings of a control are shown in full; the others are counted. `--format json` has them all.
const SHOWN: usize = 50;

pub(super) fn write(assessment: &Assessment, color: bool) -> String {
    let mut out = Writer { out: String::new(), color, root: root_option(&assessment.root) };
    out.head(assessment);
    let width = assessment.controls.iter().map(|outcome| outcome.control.id.len()).max().unwrap_or(0);
    let (quiet, loud): (Vec<&Outcome>, Vec<&Outcome>) =
        assessment.controls.iter().partition(|outcome| outcome.findings.is_empty() && outcome.notes.is_empty());
    for status in Status::ALL {
        for outcome in loud.iter().filter(|outcome| outcome.status == status) {
            out.blank();
            out.outcome(outcome, width);
        }
    }
    out.blank();
    for status in Status::ALL {
        for outcome in quiet.iter().filter(|outcome| outcome.status == status) {
            out.outcome(outcome, width);
        }
    }
    out.problems(assessment);
    out.summary(assessment);
    out.out
}

struct Writer {
    out: String,
    color: bool,
    /// What a command must say to look at the same folder.
    root: String,
}

impl Writer {
    fn line(&mut self, text: &str) {
        self.out.push_str(text.trim_end());
        self.out.push('\n');
    }

    /// An empty line, unless there is one.
    fn blank(&mut self) {
        if !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    fn paint(&self, style: Style, text: &str) -> String {
        if self.color { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    fn dim(&self, text: &str) -> String {
        self.paint(Style::new().dimmed(), text)
    }

    fn head(&mut self, assessment: &Assessment) {
        let scope = &assessment.scope;
        let title = format!("{}, as of {}", assessment.root, facts::format_time(assessment.as_of));
        let title = self.paint(Style::new().bold(), &title);
        self.line(&title);
        let mut told = Vec::new();
        if let Some(settings) = &scope.settings {
            told.push(format!("settings {settings}"));
        }
        if !scope.exclude.is_empty() {
            told.push(format!("excluded {}", scope.exclude.join(", ")));
        }
        if !scope.languages.is_empty() {
            told.push(format!("languages {}", scope.languages.join(", ")));
        }
        told.extend(scope.params.iter().map(|(name, value)| format!("{name} = {value}")));
        match scope.waivers {
            (0, 0) => {}
            (force, 0) => told.push(format!("{} in force", plural(force, "waiver"))),
            (0, expired) => told.push(format!("{} expired", plural(expired, "waiver"))),
            (force, expired) => told.push(format!("{} in force, {expired} expired", plural(force, "waiver"))),
        }
        if !told.is_empty() {
            let told = self.dim(&told.join("; "));
            self.line(&told);
        }
        for warning in &scope.warnings {
            let mark = self.paint(AnsiColor::Yellow.on_default(), "warning");
            self.line(&format!("{mark}: {warning}"));
        }
    }

    fn outcome(&mut self, outcome: &Outcome, width: usize) {
        let control = &outcome.control;
        let (word, style) = status_style(outcome.status);
        let word = self.paint(style, &format!("{word:<14}"));
        let severity = match outcome.status {
            Status::Error | Status::Fail => control.severity.name(),
            _ => "",
        };
        let id = self.paint(Style::new().bold(), &format!("{:<width$}", control.id));
        let figures = figures(outcome);
        self.line(&format!("{word}  {id}  {severity:<8}  {}{}", control.title, self.dim(&figures)));
        for reason in &outcome.reasons {
            self.line(&format!("    {reason}"));
        }
        if !outcome.not_looked_at.is_empty() && outcome.status != Status::NoEvidence {
            let names: Vec<&str> = outcome.not_looked_at.iter().map(|name| &**name).collect();
            let text = self.dim(&format!("    not looked at: {}", names.join(", ")));
            self.line(&text);
        }
        for finding in outcome.findings.iter().take(SHOWN) {
            self.finding(finding, false);
        }
        if outcome.findings.len() > SHOWN {
            self.line(&format!("    … and {} more (`--format json` lists all)", outcome.findings.len() - SHOWN));
        }
        for note in outcome.notes.iter().take(SHOWN) {
            self.finding(note, true);
        }
        if let (Some(remedy), true) = (&control.remedy, outcome.open().next().is_some()) {
            let mark = self.paint(AnsiColor::Cyan.on_default(), "remedy");
            self.line(&format!("    {mark}: {remedy}"));
        }
    }

    fn finding(&mut self, finding: &Finding, note: bool) {
        let place = finding.place.as_ref().map(ToString::to_string).unwrap_or_default();
        let place = self.paint(Style::new().underline(), &place);
        let mut marks = Vec::new();
        if note {
            marks.push("note");
        }
        if finding.provisional {
            marks.push("provisional");
        }
        if finding.waiver.is_some() {
            marks.push("waived");
        }
        let marks = if marks.is_empty() { String::new() } else { format!("[{}] ", marks.join(", ")) };
        self.line(&format!("    {place}  {}{}", self.dim(&marks), finding.message));
        if let Some(spot) = &finding.place {
            self.excerpt(spot);
        }
        for (label, spot) in finding.related.iter().filter(|(_, spot)| Some(spot) != finding.place.as_ref()) {
            let text = self.dim(&format!("        {label} at {spot}"));
            self.line(&text);
        }
        if finding.path.len() > 1 {
            let (first, last) = (&finding.path[0].1, &finding.path[finding.path.len() - 1].1);
            let text = format!("        way of the value: {first} to {last}, {}", plural(finding.path.len(), "step"));
            let text = self.dim(&text);
            self.line(&text);
        }
        match &finding.waiver {
            Some(Waiver::Register { reason, approved_by, expires }) => {
                let until = facts::format_time(*expires);
                self.line(&format!("        waived by {approved_by} through {until}: {reason}"));
            }
            Some(Waiver::Comment { reason, spot }) => self.line(&format!("        allowed at {spot}: {reason}")),
            None => {
                let text = self.dim(&format!("        lawbook explain {}{}", finding.id, self.root));
                self.line(&text);
            }
        }
    }

    fn excerpt(&mut self, spot: &Spot) {
        if let (Some(excerpt), true) = (&spot.excerpt, spot.line > 0) {
            let gutter = self.dim(&format!("{:>9} |", spot.line));
            self.line(&format!("{gutter} {}", excerpt.trim_end()));
        }
    }

    fn problems(&mut self, assessment: &Assessment) {
        if assessment.problems.is_empty() {
            return;
        }
        self.blank();
        for problem in &assessment.problems {
            let (word, color) = if problem.error { ("error", AnsiColor::Red) } else { ("warning", AnsiColor::Yellow) };
            let word = self.paint(color.on_default(), &format!("{word}[{}]", problem.code));
            let place = match problem.line {
                0 => problem.path.to_string(),
                line => format!("{}:{line}:{}", problem.path, problem.column),
            };
            let relation = problem.relation.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
            self.line(&format!("{word} {place}: {}{relation}", problem.message));
            if let Some(help) = &problem.help {
                let text = self.dim(&format!("    {help}"));
                self.line(&text);
            }
        }
    }

    fn summary(&mut self, assessment: &Assessment) {
        let summary = assessment.summary();
        let mut controls = Vec::new();
        for (status, count) in Status::ALL.iter().zip(summary.statuses).filter(|(_, count)| *count > 0) {
            let (word, style) = status_style(*status);
            controls.push(self.paint(style, &format!("{count} {word}")));
        }
        let mut findings = Vec::new();
        for (severity, count) in Severity::ALL.iter().zip(summary.findings).rev().filter(|(_, count)| *count > 0) {
            findings.push(format!("{count} {}", severity.name()));
        }
        let inputs = &assessment.inputs;
        self.blank();
        let count = plural(assessment.controls.len(), "control");
        self.line(&if controls.is_empty() { count } else { format!("{count}: {}", controls.join(", ")) });
        let total: usize = summary.findings.iter().sum();
        let mut line = plural(total, "finding");
        if !findings.is_empty() {
            write!(line, ": {}", findings.join(", ")).expect("writing to a string");
        }
        if summary.waived > 0 {
            write!(line, "; {} waived", summary.waived).expect("writing to a string");
        }
        if summary.notes > 0 {
            write!(line, "; {}", plural(summary.notes, "note")).expect("writing to a string");
        }
        self.line(&line);
        let mut read = format!("{} read, {} of facts", plural(inputs.files, "file"), plural(inputs.rows, "row"));
        for (count, what) in
            [(inputs.ignored, "ignored"), (inputs.excluded as u64, "excluded"), (inputs.binary as u64, "binary")]
        {
            if count > 0 {
                write!(read, ", {count} {what}").expect("writing to a string");
            }
        }
        let read = self.dim(&read);
        self.line(&read);
    }
}

/// ` --root DIR`, quoted for a shell; nothing for the folder that one stands in.
fn root_option(root: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/._-+@:,~".contains(c);
    match root {
        "." => String::new(),
        root if root.chars().all(plain) => format!(" --root {root}"),
        root => format!(" --root '{}'", root.replace('\'', "'\\''")),
    }
}

fn figures(outcome: &Outcome) -> String {
    let open = outcome.open().count();
    match (outcome.status, outcome.population) {
        (Status::Fail | Status::Error, Some(population)) if open > 0 => {
            let subjects: std::collections::BTreeSet<&str> = outcome.open().map(|finding| &*finding.subject).collect();
            format!("  ({} of {population})", subjects.len())
        }
        (Status::Pass, Some(population)) => format!("  ({population} checked)"),
        _ => String::new(),
    }
}

fn status_style(status: Status) -> (&'static str, Style) {
    match status {
        Status::Error => ("error", AnsiColor::Red.on_default().bold()),
        Status::Fail => ("fail", AnsiColor::Red.on_default()),
        Status::NoEvidence => ("no evidence", AnsiColor::Yellow.on_default()),
        Status::Waived => ("waived", AnsiColor::Blue.on_default()),
        Status::NotApplicable => ("not applicable", Style::new().dimmed()),
        Status::Pass => ("pass", AnsiColor::Green.on_default()),
    }
}

fn plural(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}
