//! What the server does in documents that are no policies, one session a test.

use serde_json::{Value, json};

use crate::client::{Client, Folder};

const VENDORS: &str = "use std.vendor\n\ncontrol C-1 \"Vendors have owners\" {\n    severity: high\n    maps: soc2/CC9.2\n    scope(v) :- vendor.register{name: v}.\n    violation(v, \"{v} has no owner\") :- vendor.register{name: v, owner: none}.\n}\n";
const REGISTER: &str = "Vendor,Owner\nOpenAI,\nAnthropic,security\n";
const REVIEWS: &str = "System,Reviewed on,Reviewer\nranker,2026-11-01,ada\nbidder,n/a,bob\n";

fn folder() -> Folder {
    Folder::new(&[
        ("policies/vendors.law", VENDORS),
        ("vendors.csv", REGISTER),
        ("grc/reviews.csv", REVIEWS),
        ("app.py", "x = 1\n"),
    ])
}

fn titles(actions: &Value) -> Vec<String> {
    let all = actions.as_array().cloned().unwrap_or_default();
    all.iter().map(|action| action["title"].as_str().unwrap_or_default().to_owned()).collect()
}

fn actions(client: &mut Client, uri: &str, line: u32, character: u32) -> Value {
    let place = json!({ "line": line, "character": character });
    let params = json!({
        "textDocument": { "uri": uri },
        "range": { "start": place, "end": place },
        "context": { "diagnostics": [] },
    });
    client.request("textDocument/codeAction", params).unwrap()
}

const INPUT: &str = "/// One row for each record of `grc/reviews.csv`.\ninput reviews(key system: string, reviewed_on: time?, reviewer: string)\n    from csv \"grc/reviews.csv\"\n    { system: \"System\", reviewed_on: \"Reviewed on\" none \"n/a\", reviewer: \"Reviewer\" }\n";

#[test]
fn inputs_are_declared_from_tables() {
    let folder = folder();
    let capabilities = json!({
        "textDocument": { "codeAction": { "resolveSupport": { "properties": ["edit"] } } },
        "workspace": { "workspaceEdit": { "documentChanges": true, "resourceOperations": ["create"] } },
    });
    let mut client = Client::start(&[&folder], &capabilities, &json!({ "live": false }));
    // At the table itself: a policy of its own, told from what the editor has.
    let register = folder.uri("grc/reviews.csv");
    client.open(&register, REVIEWS);
    let found = actions(&mut client, &register, 0, 0);
    assert_eq!(titles(&found), ["declare the input `reviews` that reads `grc/reviews.csv`"]);
    assert_eq!(found[0]["edit"], Value::Null);
    let resolved = client.request("codeAction/resolve", found[0].clone()).unwrap();
    let changes = &resolved["edit"]["documentChanges"];
    assert_eq!(
        (&changes[0]["kind"], &changes[0]["uri"]),
        (&json!("create"), &json!(folder.uri("policies/reviews.law")))
    );
    assert_eq!(changes[1]["edits"][0]["newText"], INPUT);
    client.change(&register, None, "System,Score\nranker,1\n");
    let resolved = client.request("codeAction/resolve", found[0].clone()).unwrap();
    let text = resolved["edit"]["documentChanges"][1]["edits"][0]["newText"].as_str().unwrap().to_owned();
    assert!(text.contains("input reviews(key system: string, score: int)"), "{text}");
    // Code is no table.
    assert_eq!(titles(&actions(&mut client, &folder.uri("app.py"), 0, 0)), [""; 0]);
    assert!(client.stop());
}

#[test]
fn inputs_are_declared_where_policies_read_them() {
    let folder = folder();
    let mut client = Client::plain(&folder);
    let document = folder.uri("policies/late.law");
    client.open(&document, "/// Late ones.\nrel late(s: string)\nlate(s) :- reviews{system: s, reviewed_on: none}.\n");
    let found = actions(&mut client, &document, 2, 13);
    let title = "declare the input `reviews` that reads `grc/reviews.csv`";
    let action = found.as_array().unwrap().iter().find(|action| action["title"] == title).unwrap();
    let edit = &action["edit"]["changes"][&document][0];
    assert_eq!((&edit["newText"], &edit["range"]["start"]["line"]), (&json!(format!("{INPUT}\n")), &json!(2)));
    // With it the policy has nothing wrong.
    client.change(&document, Some([2, 0, 2, 0]), &format!("{INPUT}\n"));
    let found = actions(&mut client, &document, 7, 13);
    assert!(titles(&found).iter().all(|title| !title.starts_with("declare")), "{found}");
    assert!(client.stop());
}

#[test]
fn findings_are_asked_for_and_then_not_told() {
    let folder = folder();
    let capabilities = json!({
        "textDocument": { "diagnostic": {} },
        "workspace": { "diagnostic": { "refreshSupport": true } },
    });
    let mut client = Client::start(&[&folder], &capabilities, &json!({}));
    let register = folder.uri("vendors.csv");
    // Told as long as nobody asks.
    client.until(|client| client.told.get(&register).is_some_and(|told| told[0]["code"] == "C-1"));
    let params = json!({ "textDocument": { "uri": register } });
    let report = client.request("textDocument/diagnostic", params.clone()).unwrap();
    assert_eq!((&report["kind"], &report["items"][0]["code"]), (&json!("full"), &json!("C-1")));
    client.until(|client| client.told[&register] == json!([]));
    // What changes is asked for again, of all documents too.
    client.open(&register, &REGISTER.replace("OpenAI,", "OpenAI,ada").replace(",security", ","));
    let asked = client.asked.len();
    client.until(|client| client.asked[asked..].contains(&"workspace/diagnostic/refresh".to_owned()));
    let report = client.request("textDocument/diagnostic", params).unwrap();
    assert!(report["items"][0]["message"].as_str().unwrap().starts_with("Anthropic has no owner"), "{report}");
    let all = client.request("workspace/diagnostic", json!({ "previousResultIds": [] })).unwrap();
    let ids: Vec<Value> = all["items"].as_array().unwrap().iter().map(|item| item["uri"].clone()).collect();
    assert!(ids.contains(&json!(register)), "{all}");
    // A file that has none any longer is told of once more.
    client.change(&register, None, "Vendor,Owner\nOpenAI,ada\n");
    let asked = client.asked.len();
    client.until(|client| client.asked[asked..].contains(&"workspace/diagnostic/refresh".to_owned()));
    let previous = json!([{ "uri": register, "value": report["resultId"] }]);
    let all = client.request("workspace/diagnostic", json!({ "previousResultIds": previous })).unwrap();
    let own = all["items"].as_array().unwrap().iter().find(|item| item["uri"] == register).unwrap();
    assert_eq!((&own["kind"], &own["items"]), (&json!("full"), &json!([])));
    assert!(client.stop());
}

#[test]
fn what_concerns_other_documents_is_registered() {
    let folder = folder();
    let dynamic = json!({ "dynamicRegistration": true });
    let capabilities = json!({
        "textDocument": { "codeAction": dynamic, "diagnostic": dynamic, "documentLink": dynamic, "synchronization": dynamic },
        "workspace": { "didChangeWatchedFiles": dynamic, "didChangeConfiguration": dynamic },
    });
    let mut client = Client::start(&[&folder], &capabilities, &json!({ "live": false }));
    client.until(|client| client.registered.len() >= 9);
    let offered = &client.capabilities["capabilities"];
    for provider in ["codeActionProvider", "diagnosticProvider", "documentLinkProvider"] {
        assert_eq!(offered[provider], Value::Null, "{provider}");
    }
    let selector = client.registered.iter().find(|one| one["method"] == "textDocument/codeAction").unwrap();
    assert_eq!(selector["registerOptions"]["documentSelector"][1]["scheme"], "file");
    assert_eq!(selector["registerOptions"]["resolveProvider"], true);
    // A change that is told twice counts once.
    let document = folder.uri("policies/late.law");
    client.open(&document, "rel late(s: string)\n");
    let change = json!({
        "textDocument": { "uri": document, "version": 2 },
        "contentChanges": [{
            "range": { "start": { "line": 0, "character": 4 }, "end": { "line": 0, "character": 4 } },
            "text": "very_",
        }],
    });
    client.notify("textDocument/didChange", change.clone());
    client.notify("textDocument/didChange", change);
    let symbols =
        client.request("textDocument/documentSymbol", json!({ "textDocument": { "uri": document } })).unwrap();
    assert_eq!(symbols[0]["name"], "very_late");
    assert!(client.stop());
}

#[test]
fn criteria_inputs_and_explanations_link() {
    let folder = folder();
    let mut client = Client::start(&[&folder], &json!({}), &json!({}));
    let (policy, register) = (folder.uri("policies/vendors.law"), folder.uri("vendors.csv"));
    client.until(|client| client.told.contains_key(&register));
    let links = client.request("textDocument/documentLink", json!({ "textDocument": { "uri": policy } })).unwrap();
    let target = links[0]["target"].as_str().unwrap();
    let (path, place) = target.strip_prefix("file://").unwrap().split_once("#L").unwrap();
    let line: usize = place.split(',').next().unwrap().parse().unwrap();
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.lines().nth(line - 1).unwrap().trim().starts_with("CC9.2:"), "{target}");
    assert!(links[0]["tooltip"].as_str().is_some_and(|tooltip| !tooltip.is_empty()), "{links}");
    // An explanation, opened in any editor.
    let arguments = json!([{ "uri": policy, "name": "C-1", "subject": "OpenAI" }]);
    let why = client
        .request("workspace/executeCommand", json!({ "command": "lawbook.explain", "arguments": arguments }))
        .unwrap();
    let links = client.request("textDocument/documentLink", json!({ "textDocument": { "uri": why["uri"] } })).unwrap();
    let targets: Vec<&str> = links.as_array().unwrap().iter().filter_map(|link| link["target"].as_str()).collect();
    assert!(targets.len() >= 2 && targets.iter().all(|target| target.ends_with("/vendors.csv#L2")), "{links}");
    assert!(client.stop());
}
