//! In a pack, one file holds one control with its tests, in the folder of its criterion, named after what it demands.
//!
//! `policies/std` and the `lib` folders hold shared knowledge and no control. Items are recognised by the word their
//! line begins with, as an item always does.

use std::collections::BTreeMap;

use super::Report;
use crate::tree::Tree;

pub fn check(tree: &Tree, report: &mut Report) {
    let mut homes: BTreeMap<&str, &str> = BTreeMap::new();
    for (path, text) in tree.ending(".law").filter(|(path, _)| path.starts_with("policies/")) {
        check_name(path, report);
        let controls = controls(text);
        for id in &controls {
            if let Some(other) = homes.insert(id, path) {
                report.problem(path, format_args!("the control `{id}` stands in `{other}` too"));
            }
        }
        if is_shared(path) {
            if let Some(id) = controls.first() {
                report.problem(path, format_args!("holds the control `{id}`: shared rules and controls live apart"));
            }
            continue;
        }
        match controls[..] {
            [id] => check_control(path, text, id, report),
            _ => report.problem(path, format_args!("holds {} controls; one file holds one", controls.len())),
        }
    }
}

fn check_control(path: &str, text: &str, id: &str, report: &mut Report) {
    if !text.lines().any(|line| line.starts_with("test \"")) {
        report.problem(path, format_args!("`{id}` has no test"));
    }
    // `AI-CC9.2-02` belongs to the criterion CC9.2, and so to the folder `cc9`.
    let folder = path.rsplit('/').nth(1).unwrap_or_default();
    let lower = id.to_lowercase();
    let criterion = lower.split('-').find(|part| part.contains('.')).unwrap_or(&lower);
    if criterion != folder && !criterion.starts_with(&format!("{folder}.")) {
        report.problem(path, format_args!("`{id}` does not belong to the folder `{folder}`"));
    }
}

fn check_name(path: &str, report: &mut Report) {
    let name = path.rsplit('/').next().unwrap_or_default().trim_end_matches(".law");
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if !name.starts_with(|c: char| c.is_ascii_lowercase()) || !name.chars().all(fits) {
        report.problem(path, "its name is part of a module's: lower-case letters, digits and `_`");
    } else if !is_shared(path) && !name.contains('_') {
        report.problem(path, "its name should say what the control demands, in two words at least");
    }
}

fn is_shared(path: &str) -> bool {
    path.starts_with("policies/std/") || path.split('/').any(|part| part == "lib")
}

fn controls(text: &str) -> Vec<&str> {
    text.lines().filter_map(|line| line.strip_prefix("control ")?.split_whitespace().next()).collect()
}

#[cfg(test)]
mod tests {
    use crate::tidy::problems;

    const GOOD: &str = "/// Doc.\ncontrol AI-CC9.2-02 \"x\" {\n}\ntest \"y\" {\n}\n";

    #[test]
    fn one_control_with_tests_in_its_folder() {
        let files = [
            ("policies/soc2-ai/cc9/current_vendor_report.law", GOOD),
            ("policies/soc2-ai/lib/vendors.law", "rel x(a: string)\n"),
            ("policies/std/ai.law", "//! x\n"),
            ("examples/policies/x.law", ""),
        ];
        assert_eq!(problems(super::check, &files), "");
    }

    #[test]
    fn misplaced_controls_are_told() {
        let files = [
            ("policies/soc2-ai/a1/Vendor-Report.law", GOOD),
            ("policies/soc2-ai/cc9/a_b.law", "control AI-CC9.2-02 \"x\" {\n}\ncontrol AI-CC9.2-03 \"x\" {\n}\n"),
            ("policies/soc2-ai/cc9/report.law", "control AI-CC9.2-04 \"x\" {\n}\n"),
            ("policies/std/ai.law", "control AI-CC1.1-01 \"x\" {\n}\n"),
        ];
        assert_eq!(
            problems(super::check, &files),
            "policies/soc2-ai/a1/Vendor-Report.law: its name is part of a module's: lower-case letters, digits and `_`\n\
             policies/soc2-ai/a1/Vendor-Report.law: `AI-CC9.2-02` does not belong to the folder `a1`\n\
             policies/soc2-ai/cc9/a_b.law: the control `AI-CC9.2-02` stands in `policies/soc2-ai/a1/Vendor-Report.law` too\n\
             policies/soc2-ai/cc9/a_b.law: holds 2 controls; one file holds one\n\
             policies/soc2-ai/cc9/report.law: its name should say what the control demands, in two words at least\n\
             policies/soc2-ai/cc9/report.law: `AI-CC9.2-04` has no test\n\
             policies/std/ai.law: holds the control `AI-CC1.1-01`: shared rules and controls live apart"
        );
    }
}
