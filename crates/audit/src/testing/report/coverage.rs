//! Coverage for people: only what is lacking, by file and rule, and the figures.

use anstyle::{AnsiColor, Style};

use crate::testing::coverage::{CoveredLiteral, CoveredRule, Gap};
use crate::testing::{Coverage, CoveredFile};

/// Longer literals are cut.
const LONGEST: usize = 72;

impl Coverage {
    /// What no test exercises, and the figures of each file and of all.
    pub fn text(&self, color: bool) -> String {
        let mut out = Printer { out: String::new(), color };
        out.line("", &out.paint(Style::new().bold(), "coverage"));
        self.files.iter().for_each(|file| out.file(file));
        out.controls(self);
        let sum = |figures: fn(&CoveredFile) -> (usize, usize)| {
            self.files.iter().map(figures).fold((0, 0), |all, one| (all.0 + one.0, all.1 + one.1))
        };
        let (rules, literals) = (sum(CoveredFile::rule_figures), sum(CoveredFile::literal_figures));
        let violated = self.controls.iter().filter(|control| control.violates).count();
        let passed = self.controls.iter().filter(|control| control.passes).count();
        let total = self.controls.len();
        let mut figures = format!("rules {}, literals {}", of(rules), of(literals));
        if total > 0 {
            figures.push_str(&format!(", controls violated {}, passed {}", of((violated, total)), of((passed, total))));
        }
        out.line("  ", &out.paint(Style::new().bold(), &figures));
        let always = |file: &CoveredFile| {
            file.rules.iter().flat_map(|rule| &rule.literals).any(|literal| literal.gap == Some(Gap::AlwaysTrue))
        };
        if self.files.iter().any(always) {
            out.line(
                "  ",
                &out.paint(Style::new().dimmed(), "always true: in no test is there a row that it turns away"),
            );
        }
        out.out
    }
}

fn of((covered, all): (usize, usize)) -> String {
    format!("{covered}/{all}")
}

struct Printer {
    out: String,
    color: bool,
}

impl Printer {
    fn paint(&self, style: Style, text: &str) -> String {
        if self.color { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    fn line(&mut self, indent: &str, text: &str) {
        self.out.push_str(format!("{indent}{text}").trim_end());
        self.out.push('\n');
    }

    fn file(&mut self, file: &CoveredFile) {
        let (rules, literals) = (file.rule_figures(), file.literal_figures());
        let figures = self.paint(Style::new().dimmed(), &format!("rules {}, literals {}", of(rules), of(literals)));
        self.line("  ", &format!("{}  {figures}", file.path));
        for rule in &file.rules {
            if !rule.fired || rule.literals.iter().any(|literal| literal.gap.is_some()) {
                self.rule(rule);
            }
        }
    }

    fn rule(&mut self, rule: &CoveredRule) {
        let state = match (rule.asked, rule.fired) {
            (false, _) => "  no test asks for this rule",
            (true, false) => "  no test makes it hold",
            (true, true) => "",
        };
        let state = self.paint(AnsiColor::Red.on_default(), state);
        let excerpt = rule.spot.excerpt.as_deref().unwrap_or_default().trim();
        self.line("    ", &format!("{:>4} | {}{state}", rule.spot.line, cut(excerpt)));
        if rule.cut {
            self.line("           ", "there was too much to look at: some of this may be covered");
        }
        if !rule.asked {
            return;
        }
        let lacking: Vec<(&CoveredLiteral, Gap)> =
            rule.literals.iter().filter_map(|literal| Some((literal, literal.gap?))).collect();
        // After what took all rows away one line is enough.
        for run in lacking.chunk_by(|a, b| a.1 == Gap::NotReached && b.1 == Gap::NotReached) {
            let Some((literal, gap)) = run.first() else { continue };
            let more = match run.len() {
                1 => String::new(),
                2 => ", nor to the next".to_owned(),
                count => format!(", nor to the {} after it", count - 1),
            };
            let place = format!("{}:{}", literal.spot.line, literal.spot.column);
            let gap = self.paint(AnsiColor::Yellow.on_default(), &format!("{}{more}", gap.text()));
            self.line("           ", &format!("{place:<7} {}  {gap}", cut(&literal.text)));
        }
    }

    fn controls(&mut self, coverage: &Coverage) {
        let lacking = coverage.controls.iter().filter(|control| !control.violates || !control.passes);
        let mut heading = Some("controls");
        for control in lacking {
            if let Some(heading) = heading.take() {
                self.line("  ", heading);
            }
            let what = match (control.violates, control.passes) {
                (false, false) => "no test expects it violated, and none expects it to pass",
                (false, true) => "no test expects it violated",
                _ => "no test expects it to pass",
            };
            let what = self.paint(AnsiColor::Yellow.on_default(), what);
            self.line("    ", &format!("{}  {what}  {}", control.id, control.spot));
        }
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
