//! SARIF reports hold to the published schema, taint findings carry their way, and a finding's fingerprint survives
//! edits that have nothing to do with it.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::checkout;
use crate::support::sandbox::Sandbox;

/// An application that fails in several ways: no authentication, no limit, model output in SQL, an unpinned model.
const APP: &str = r#"import sqlite3

from fastapi import FastAPI
from openai import OpenAI

app = FastAPI()
client = OpenAI()


def ask(question):
    reply = client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": question}])
    return reply.choices[0].message.content


@app.post("/report")
def report(question: str):
    query = ask(question)
    return sqlite3.connect("shop.db").execute(query).fetchall()


@app.post("/report/again")
def report_again(question: str):
    query = ask(question)
    return sqlite3.connect("shop.db").execute(query).fetchall()
"#;

/// The same application after a day of unrelated work above, between and below.
fn edited() -> String {
    let app = APP.replace("import sqlite3\n", "\"\"\"Reports.\"\"\"\n\nimport logging\nimport sqlite3\n");
    let app = app.replace(
        "client = OpenAI()\n",
        "client = OpenAI()\n\n\nlogging.basicConfig()\n\n\ndef version():\n    return str(len(\"1.0\"))\n",
    );
    app.replace("    query = ask(question)\n", "    version()\n\n\n    query = ask(question)\n") + "\n\nversion()\n"
}

fn report(sandbox: &Sandbox, root: &str) -> Value {
    let ran = sandbox.run(&["check", root, "--format", "sarif", "--as-of", "2026-11-20"]);
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    serde_json::from_str(&ran.stdout).expect("the report is JSON")
}

fn report_of(app: &str) -> Value {
    let sandbox = Sandbox::new();
    sandbox.write("app.py", app);
    report(&sandbox, ".")
}

fn results(report: &Value) -> &Vec<Value> {
    report["runs"][0]["results"].as_array().expect("results")
}

/// The published schema. One of its patterns, for languages such as `en-US`, has a bracket too many, which strict readers
/// of regular expressions refuse: here it reads as it is meant.
fn schema() -> jsonschema::Validator {
    let text = std::fs::read_to_string(checkout().join("tests/fixtures/sarif/sarif-2.1.0.json")).expect("the schema");
    let text = text.replace("-[a-zA-Z]{2}]?$", "-[a-zA-Z]{2}$");
    jsonschema::validator_for(&serde_json::from_str(&text).expect("the schema is JSON")).expect("the schema is one")
}

/// Holds a report against the schema and says where it does not fit.
fn check_schema(report: &Value) {
    let validator = schema();
    let errors: Vec<String> =
        validator.iter_errors(report).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}

#[test]
fn the_schema_refuses_what_is_no_report() {
    assert!(!schema().is_valid(&serde_json::json!({ "version": "2.0.0", "runs": [] })));
}

#[test]
fn reports_are_valid() {
    check_schema(&report_of(APP));
    let sandbox = Sandbox::new();
    sandbox.write("notes.txt", "nothing to find\n");
    let empty = sandbox.run(&["check", ".", "--format", "sarif", "--as-of", "2026-11-20"]);
    check_schema(&serde_json::from_str(&empty.stdout).expect("the report is JSON"));
}

#[test]
fn the_report_of_the_example_is_valid_and_shows_the_way_of_tainted_values() {
    let sandbox = Sandbox::new();
    sandbox.copy_folder(&checkout().join("examples"), "examples");
    let report = report(&sandbox, "examples/support-bot");
    check_schema(&report);
    let flows: Vec<&Value> = results(&report).iter().filter(|result| result["ruleId"] == "AI-PI1.3-01").collect();
    assert!(!flows.is_empty());
    for result in flows {
        let steps = result["codeFlows"][0]["threadFlows"][0]["locations"].as_array();
        assert!(steps.is_some_and(|steps| steps.len() >= 2), "{result}");
    }
    for result in results(&report) {
        let place = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        let path = place.as_str().unwrap_or_else(|| panic!("a result without a place: {result}"));
        assert!(sandbox.path("examples/support-bot").join(path).is_file(), "{path}");
    }
}

#[test]
fn fingerprints_survive_unrelated_edits() {
    let fingerprints = |report: &Value| -> Vec<(String, String)> {
        let of = |result: &Value| {
            let prints = result["partialFingerprints"].as_object().expect("fingerprints");
            assert!(!prints.is_empty());
            (result["ruleId"].to_string(), Value::from(prints.clone()).to_string())
        };
        let mut all: Vec<_> = results(report).iter().map(of).collect();
        all.sort();
        all
    };
    let (before, after) = (report_of(APP), report_of(&edited()));
    similar_asserts::assert_eq!(fingerprints(&before), fingerprints(&after));
    let distinct: BTreeSet<_> = fingerprints(&before).into_iter().collect();
    assert_eq!(distinct.len(), results(&before).len(), "two results share a fingerprint");
    let controls: BTreeSet<String> = distinct.into_iter().map(|(control, _)| control).collect();
    assert!(controls.len() >= 4, "too few controls to tell: {controls:?}");
}
