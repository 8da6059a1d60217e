//! `docs/features.md` is complete and true: every word of the language has its row, and the page that a row names exists and
//! contains the row's example.

use std::fs;

use crate::support::checkout;

/// A row: the section it stands in, its words, its example, the page.
struct Feature {
    section: String,
    words: Vec<String>,
    example: String,
    page: String,
}

fn features() -> Vec<Feature> {
    let text = fs::read_to_string(checkout().join("docs/features.md")).expect("the table of features");
    let mut section = String::new();
    let mut found = Vec::new();
    for line in text.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            section = heading.to_owned();
        }
        let Some(row) = line.strip_prefix("| ").and_then(|line| line.strip_suffix(" |")) else { continue };
        let plain = row.replace("\\|", "\u{1}");
        let cells: Vec<String> = plain.split(" | ").map(|cell| cell.trim().replace('\u{1}', "|")).collect();
        let [feature, example, page] = &cells[..] else { panic!("a row of three cells: {line}") };
        if feature == "feature" {
            continue;
        }
        found.push(Feature {
            section: section.clone(),
            words: feature.split('`').skip(1).step_by(2).map(str::to_owned).collect(),
            example: example.trim_matches('`').to_owned(),
            page: page.split(['(', ')']).nth(1).unwrap_or_else(|| panic!("a link: {line}")).to_owned(),
        });
    }
    found
}

#[test]
fn every_word_of_the_language_has_a_row() {
    let features = features();
    let mut missing = Vec::new();
    for (section, words) in lang::vocabulary() {
        let rows = || features.iter().filter(|feature| feature.section == section);
        missing.extend(
            words
                .iter()
                .filter(|word| !rows().any(|feature| feature.words.contains(word)))
                .map(|word| format!("{section}: `{word}`")),
        );
    }
    assert!(missing.is_empty(), "docs/features.md has no row for\n  {}", missing.join("\n  "));
}

#[test]
fn pages_execute_the_examples_of_the_features() {
    let mut wrong = Vec::new();
    for Feature { example, page, .. } in features() {
        let path = checkout().join("docs").join(&page);
        match fs::read_to_string(&path) {
            Ok(text) if text.replace("\\|", "|").contains(&example) => {}
            Ok(_) => wrong.push(format!("{page} does not contain `{example}`")),
            Err(error) => wrong.push(format!("{page}: {error}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
