//! The labelled corpus: small applications below `tests/corpus`, each with what a reviewer would report and what only looks like it.
//!
//! `labels.tsv` has a row for each: the verdict (`violation` or `near miss`), the control, the place, and why. A finding of a labelled
//! control that is no violation of the list is false; a violation of the list without a finding is missed. The table of recall and precision
//! for each control is printed: `cargo test -p lawbook --test product corpus -- --nocapture`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use crate::support::sandbox::Sandbox;

/// At least this part of the violations must be found, and this part of what is reported must be true, for each control.
const TARGET: f64 = 0.9;

/// A control and a place, `file:line`.
type Spot = (String, String);

/// What a labels file says.
struct Labels {
    violations: BTreeSet<Spot>,
    near_misses: BTreeSet<Spot>,
}

impl Labels {
    fn read(path: &Path) -> Labels {
        let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut labels = Labels { violations: BTreeSet::new(), near_misses: BTreeSet::new() };
        for line in text.lines().skip(1) {
            let cells: Vec<&str> = line.split('\t').collect();
            let [verdict, control, place, _why] = cells[..] else { panic!("{}: {line}", path.display()) };
            let spot = (control.to_owned(), place.to_owned());
            let fresh = match verdict {
                "violation" => labels.violations.insert(spot),
                "near miss" => labels.near_misses.insert(spot),
                other => panic!("{}: no verdict: {other}", path.display()),
            };
            assert!(fresh, "{}: twice: {line}", path.display());
        }
        assert!(labels.violations.is_disjoint(&labels.near_misses), "{}", path.display());
        labels
    }
}

/// The places of the findings of each control.
fn findings(app: &Path) -> BTreeSet<Spot> {
    let sandbox = Sandbox::new();
    sandbox.copy_folder(app, ".");
    let ran = sandbox.run(&["check", "--format", "json", "--as-of", "2026-11-20"]);
    let report: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {}", ran.stderr));
    let mut found = BTreeSet::new();
    for control in report["controls"].as_array().into_iter().flatten() {
        let id = control["id"].as_str().unwrap_or_default();
        assert_ne!(control["status"], "error", "{id}: {}", control["reasons"]);
        for finding in control["findings"].as_array().into_iter().flatten() {
            let place =
                format!("{}:{}", finding["place"]["path"].as_str().unwrap_or_default(), finding["place"]["line"]);
            found.insert((id.to_owned(), place));
        }
    }
    found
}

/// How a control fared.
#[derive(Default)]
struct Score {
    found: usize,
    missed: usize,
    wrong: usize,
    /// Near misses that were rightly left alone.
    spared: usize,
}

impl Score {
    fn recall(&self) -> f64 {
        rate(self.found, self.missed)
    }

    fn precision(&self) -> f64 {
        rate(self.found, self.wrong)
    }
}

fn rate(good: usize, bad: usize) -> f64 {
    if good + bad == 0 { 1.0 } else { good as f64 / (good + bad) as f64 }
}

#[test]
fn labelled_applications_are_judged_as_a_reviewer_would() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus");
    let mut folders: Vec<_> =
        std::fs::read_dir(&root).expect("the corpus can be listed").flatten().map(|e| e.path()).collect();
    folders.sort();
    let all: Vec<_> = folders.iter().map(|folder| (folder, Labels::read(&folder.join("labels.tsv")))).collect();
    // A control is judged over the whole corpus as soon as one application has labels of it.
    let labelled = |labels: &Labels| {
        labels.violations.iter().chain(&labels.near_misses).map(|spot| spot.0.clone()).collect::<Vec<_>>()
    };
    let controls: BTreeSet<String> = all.iter().flat_map(|(_, labels)| labelled(labels)).collect();
    let mut scores: BTreeMap<&str, Score> =
        controls.iter().map(|control| (control.as_str(), Score::default())).collect();
    let mut told = String::new();
    for (folder, labels) in &all {
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        let found: BTreeSet<Spot> =
            findings(&folder.join("app")).into_iter().filter(|spot| controls.contains(&spot.0)).collect();
        for (control, score) in &mut scores {
            let of = |spots: &BTreeSet<Spot>| {
                spots.iter().filter(|spot| spot.0 == **control).cloned().collect::<BTreeSet<_>>()
            };
            let (violations, found) = (of(&labels.violations), of(&found));
            score.found += violations.intersection(&found).count();
            for (_, place) in violations.difference(&found) {
                score.missed += 1;
                told.push_str(&format!("{name}: missed {control} at {place}\n"));
            }
            for (_, place) in found.difference(&violations) {
                score.wrong += 1;
                told.push_str(&format!("{name}: wrong  {control} at {place}\n"));
            }
            score.spared += of(&labels.near_misses).difference(&found).count();
        }
    }
    let mut table = format!(
        "{:<14}{:>6}{:>7}{:>6}{:>7}{:>8}{:>10}\n",
        "control", "found", "missed", "wrong", "spared", "recall", "precision"
    );
    for (control, score) in &scores {
        let Score { found, missed, wrong, spared } = score;
        let (recall, precision) = (score.recall() * 100.0, score.precision() * 100.0);
        table.push_str(&format!(
            "{control:<14}{found:>6}{missed:>7}{wrong:>6}{spared:>7}{recall:>7.0}%{precision:>9.0}%\n"
        ));
    }
    println!("{table}{told}");
    for (control, score) in &scores {
        assert!(score.recall() >= TARGET && score.precision() >= TARGET, "{control}\n{table}{told}");
    }
}
