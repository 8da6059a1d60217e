//! Coverage in the format of lcov, which editors and services show beside the text: a rule is a function, a literal a line with two
//! branches, that it held and that it failed.

use std::collections::BTreeMap;

use crate::testing::{Coverage, CoveredFile};

impl Coverage {
    /// The coverage as lcov tracefile. Counts are 0 and 1: whether it ever happened.
    pub fn lcov(&self) -> String {
        self.files.iter().map(record).collect()
    }
}

fn record(file: &CoveredFile) -> String {
    let mut out = format!("TN:\nSF:{}\n", file.path);
    for rule in &file.rules {
        let name = format!("{}:{}", rule.relation, rule.spot.line);
        out.push_str(&format!("FN:{},{name}\nFNDA:{},{name}\n", rule.spot.line, u8::from(rule.fired)));
    }
    let (fired, rules) = file.rule_figures();
    out.push_str(&format!("FNF:{rules}\nFNH:{fired}\n"));
    let (mut branches, mut taken) = (0, 0);
    let mut lines: BTreeMap<u32, bool> = BTreeMap::new();
    for rule in &file.rules {
        *lines.entry(rule.spot.line).or_default() |= rule.fired;
        for (block, literal) in rule.literals.iter().enumerate() {
            *lines.entry(literal.spot.line).or_default() |= literal.held;
            // What cannot fail has one branch only.
            let ways = [Some(literal.held), literal.filters.then_some(literal.failed)];
            for (way, happened) in ways.into_iter().flatten().enumerate() {
                out.push_str(&format!("BRDA:{},{block},{way},{}\n", literal.spot.line, u8::from(happened)));
                branches += 1;
                taken += usize::from(happened);
            }
        }
    }
    out.push_str(&format!("BRF:{branches}\nBRH:{taken}\n"));
    for (line, hit) in &lines {
        out.push_str(&format!("DA:{line},{}\n", u8::from(*hit)));
    }
    let hits = lines.values().filter(|hit| **hit).count();
    out.push_str(&format!("LF:{}\nLH:{hits}\nend_of_record\n", lines.len()));
    out
}
