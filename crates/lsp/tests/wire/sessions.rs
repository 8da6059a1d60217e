//! One session a test.

use serde_json::{Value, json};

use crate::client::{Client, Folder, uri};

const VENDORS: &str = "//! Vendors.\n\nuse std.vendor\n\n/// Those that call.\nrel caller(name: string)\ncaller(n) :- vendor.register{name: n}.\n\ncontrol C-1 \"Vendors have owners\" {\n    severity: high\n    remedy: \"Name an owner.\"\n\n    scope(v) :- caller(v).\n\n    violation(v, \"{v} has no owner\") :- vendor.register{name: v, owner: none}.\n}\n";
const USES: &str = "use vendors\n\nrel known(name: string)\nknown(n) :- vendors.caller(n).\n";
const REGISTER: &str = "Vendor,Owner\nOpenAI,\nAnthropic,security\n";

fn folder() -> Folder {
    Folder::new(&[("policies/vendors.law", VENDORS), ("policies/uses.law", USES), ("vendors.csv", REGISTER)])
}

fn labels(result: &Value) -> Vec<String> {
    let items = result["items"].as_array().cloned().unwrap_or_default();
    items.iter().map(|item| item["label"].as_str().unwrap_or_default().to_owned()).collect()
}

fn codes(diagnostics: &Value) -> Vec<String> {
    let all = diagnostics.as_array().cloned().unwrap_or_default();
    all.iter().map(|found| found["code"].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn diagnostics_follow_the_text() {
    let folder = folder();
    let mut client = Client::plain(&folder);
    let document = folder.uri("policies/uses.law");
    client.open(&document, USES);
    // `callr` is no relation: told with code, page, place and the way out.
    client.change(&document, Some([3, 20, 3, 26]), "callr");
    client.until(|client| codes(&client.told.get(&document).cloned().unwrap_or_default()) == ["E0201"]);
    let found = client.told[&document][0].clone();
    assert_eq!(found["range"]["start"], json!({ "line": 3, "character": 12 }));
    assert!(found["message"].as_str().unwrap().contains("did you mean `vendors.caller`?"), "{found}");
    assert!(found["codeDescription"]["href"].as_str().unwrap().ends_with("codes/E0201.md"));
    assert_eq!(found["source"], "lawbook");
    // Mended, they are taken back; those of a closed file come from disk.
    client.change(&document, Some([3, 20, 3, 25]), "caller");
    client.until(|client| !codes(&client.told[&document]).contains(&"E0201".to_owned()));
    assert!(client.stop());
}

#[test]
fn diagnostics_are_pulled_where_the_client_does() {
    let folder = folder();
    let capabilities = json!({
        "textDocument": { "diagnostic": {} },
        "workspace": { "diagnostic": { "refreshSupport": true } },
    });
    let mut client = Client::start(&[&folder], &capabilities, &json!({ "live": false }));
    assert_eq!(client.capabilities["capabilities"]["diagnosticProvider"]["interFileDependencies"], true);
    let document = folder.uri("policies/uses.law");
    client.open(&document, &USES.replace("caller(n).", "nosuch(n)."));
    let params = json!({ "textDocument": { "uri": document } });
    let report = client.request("textDocument/diagnostic", params).unwrap();
    assert_eq!((report["kind"].as_str(), codes(&report["items"])), (Some("full"), vec!["E0201".to_owned()]));
    // The same again is not sent again.
    let params = json!({ "textDocument": { "uri": document }, "previousResultId": report["resultId"] });
    assert_eq!(client.request("textDocument/diagnostic", params).unwrap()["kind"], "unchanged");
    let all = client.request("workspace/diagnostic", json!({ "previousResultIds": [] })).unwrap();
    assert!(all["items"].as_array().unwrap().iter().any(|item| item["uri"] == document));
    client.until(|client| client.asked.contains(&"workspace/diagnostic/refresh".to_owned()));
    assert!(client.told.is_empty(), "{:?}", client.told);
    assert!(client.stop());
}

#[test]
fn completion_fills_in_what_a_client_can_take() {
    let folder = folder();
    let snippets = json!({ "textDocument": { "completion": { "completionItem": { "snippetSupport": true } } } });
    for (capabilities, expected) in [(json!({}), "caller(name)"), (snippets, "vendors.caller(${1:name})")] {
        let mut client = Client::start(&[&folder], &capabilities, &json!({ "live": false }));
        let document = folder.uri("policies/uses.law");
        client.open(&document, USES);
        client.change(&document, Some([3, 12, 3, 29]), "call");
        let found = client.at("textDocument/completion", &document, 3, 16, json!({}));
        assert!(labels(&found).contains(&"vendors.caller".to_owned()), "{:?}", labels(&found));
        let items = found["items"].as_array().unwrap();
        let item = items.iter().find(|item| item["label"] == "vendors.caller").unwrap();
        let text = item["textEdit"]["newText"].as_str().unwrap();
        assert!(text.ends_with(expected), "{item}");
        let resolved = client.request("completionItem/resolve", item.clone()).unwrap();
        assert!(resolved["documentation"]["value"].as_str().unwrap().contains("Those that call."));
        assert!(client.stop());
    }
}

#[test]
fn names_lead_to_each_other_across_files() {
    let folder = folder();
    let mut client = Client::plain(&folder);
    let (uses, vendors) = (folder.uri("policies/uses.law"), folder.uri("policies/vendors.law"));
    client.open(&uses, USES);
    let found = client.at("textDocument/definition", &uses, 3, 22, json!({}));
    assert_eq!(
        found,
        json!([{ "uri": vendors, "range": { "start": { "line": 5, "character": 4 }, "end": { "line": 5, "character": 10 } } }])
    );
    let found =
        client.at("textDocument/references", &uses, 3, 22, json!({ "context": { "includeDeclaration": true } }));
    assert_eq!(found.as_array().unwrap().len(), 4, "{found}");
    let found = client.at("textDocument/implementation", &uses, 3, 22, json!({}));
    assert_eq!(found[0]["range"]["start"]["line"], 6);
    let item = client.at("textDocument/prepareCallHierarchy", &uses, 3, 22, json!({}));
    let calls = client.request("callHierarchy/incomingCalls", json!({ "item": item[0] })).unwrap();
    let from: Vec<&str> = calls.as_array().unwrap().iter().map(|call| call["from"]["name"].as_str().unwrap()).collect();
    assert_eq!(from, ["C-1", "uses.known"]);
    assert!(client.stop());
}

#[test]
fn built_in_policies_are_laid_out_to_be_read() {
    let folder = folder();
    let mut client = Client::plain(&folder);
    let document = folder.uri("policies/vendors.law");
    client.open(&document, VENDORS);
    let found = client.at("textDocument/definition", &document, 6, 25, json!({}));
    let target = found[0]["uri"].as_str().unwrap().to_owned();
    assert!(target.ends_with("cache/policies/std/vendor.law"), "{target}");
    let path = folder.path("cache/policies/std/vendor.law");
    assert!(std::fs::read_to_string(&path).unwrap().contains("input register("));
    assert!(std::fs::metadata(&path).unwrap().permissions().readonly());
    // The editor opens it, and everything works in it but changing it.
    client.open(&target, &std::fs::read_to_string(&path).unwrap());
    let line = found[0]["range"]["start"]["line"].as_u64().unwrap() as u32;
    assert!(client.at("textDocument/hover", &target, line, 8, json!({}))["contents"]["value"].is_string());
    let params = json!({ "textDocument": { "uri": target }, "position": { "line": line, "character": 8 } });
    let (_, reason) = client.request("textDocument/prepareRename", params).unwrap_err();
    assert!(reason.contains("built-in policy"), "{reason}");
    assert!(client.stop());
}

#[test]
fn renames_edit_all_files() {
    let folder = folder();
    let mut client = Client::plain(&folder);
    let (uses, vendors) = (folder.uri("policies/uses.law"), folder.uri("policies/vendors.law"));
    client.open(&uses, USES);
    let prepared = client.at("textDocument/prepareRename", &uses, 3, 22, json!({}));
    assert_eq!(prepared["placeholder"], "caller");
    let edit = client.at("textDocument/rename", &uses, 3, 22, json!({ "newName": "buyer" }));
    assert_eq!(edit["changes"][&uses].as_array().unwrap().len(), 1);
    assert_eq!(edit["changes"][&vendors].as_array().unwrap().len(), 3);
    let params = json!({ "textDocument": { "uri": uses }, "position": { "line": 3, "character": 22 }, "newName": "1" });
    assert_eq!(client.request("textDocument/rename", params).unwrap_err().0, -32803);
    assert!(client.stop());
}

#[test]
fn texts_are_laid_out_and_colored() {
    let folder = folder();
    let mut client = Client::plain(&folder);
    let document = folder.uri("policies/uses.law");
    client.open(&document, "use vendors\nrel known(name:string)\nknown( n ):-vendors.caller(n).\n");
    let options = json!({ "options": { "tabSize": 4, "insertSpaces": true } });
    let mut params = json!({ "textDocument": { "uri": document } });
    params.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
    assert!(!client.request("textDocument/formatting", params).unwrap().as_array().unwrap().is_empty());
    let params = json!({ "textDocument": { "uri": document } });
    let full = client.request("textDocument/semanticTokens/full", params).unwrap();
    assert_eq!(full["data"].as_array().unwrap()[..5], [json!(0), json!(0), json!(3), json!(0), json!(0)]);
    client.change(&document, Some([0, 0, 0, 0]), "\n");
    let params = json!({ "textDocument": { "uri": document }, "previousResultId": full["resultId"] });
    let delta = client.request("textDocument/semanticTokens/full/delta", params).unwrap();
    assert_eq!(delta["edits"].as_array().unwrap().len(), 1);
    assert_eq!(delta["edits"][0]["deleteCount"], 5);
    assert!(client.stop());
}

#[test]
fn actions_mend_what_is_told() {
    let folder = folder();
    let mut client = Client::plain(&folder);
    let document = folder.uri("policies/uses.law");
    client.open(&document, "rel known(name: string)\nknown(n) :- vendors.caller(n).\n");
    client
        .until(|client| codes(&client.told.get(&document).cloned().unwrap_or_default()).contains(&"E0203".to_owned()));
    let params = json!({
        "textDocument": { "uri": document },
        "range": { "start": { "line": 1, "character": 14 }, "end": { "line": 1, "character": 14 } },
        "context": { "diagnostics": client.told[&document] },
    });
    let found = client.request("textDocument/codeAction", params).unwrap();
    let titles: Vec<&str> = found.as_array().unwrap().iter().map(|action| action["title"].as_str().unwrap()).collect();
    assert!(titles.contains(&"add `use vendors`"), "{titles:?}");
    assert!(client.stop());
}

#[test]
fn capabilities_that_are_none_harm_nothing() {
    let folder = folder();
    let capabilities = json!({
        "general": 3,
        "textDocument": { "semanticTokens": {}, "definition": { "linkSupport": true }, "hover": [1] },
    });
    let mut client = Client::start(&[&folder], &capabilities, &json!({ "live": false }));
    let uses = folder.uri("policies/uses.law");
    client.open(&uses, USES);
    let found = client.at("textDocument/definition", &uses, 3, 22, json!({}));
    assert!(found[0]["targetUri"].is_string(), "{found}");
    assert!(client.stop());
}

#[test]
fn a_lone_return_ends_a_line() {
    let folder = folder();
    let mut client = Client::plain(&folder);
    let uses = folder.uri("policies/uses.law");
    client.open(&uses, "use vendors\n\n// a\r// b\nrel known(name: string)\nknown(n) :- vendors.caller(n).\n");
    client.change(&uses, Some([3, 3, 3, 4]), "c\r// d");
    let found = client.at("textDocument/hover", &uses, 6, 22, json!({}));
    assert!(found["contents"]["value"].as_str().unwrap_or_default().contains("Those that call."), "{found}");
    assert_eq!(found["range"]["start"]["line"], 6);
    assert!(client.stop());
}

#[test]
fn positions_count_what_was_agreed_on() {
    let folder = folder();
    for (encodings, column) in [(json!(["utf-8", "utf-16"]), 38), (json!(["utf-16"]), 34), (json!(["utf-32"]), 32)] {
        let capabilities = json!({ "general": { "positionEncodings": encodings } });
        let mut client = Client::start(&[&folder], &capabilities, &json!({ "live": false }));
        let document = folder.uri("policies/uses.law");
        client.open(
            &document,
            "use vendors\nrel r(x: string)\nr(\"𝄞𝄞\").\nr(n) :- n = \"𝄞\", n != \"𝄞\", vendors.caller(n).\n",
        );
        let found = client.at("textDocument/hover", &document, 3, column + 5, json!({}));
        assert!(found["contents"]["value"].as_str().unwrap_or_default().contains("Those that call."), "{found}");
        assert!(client.stop());
    }
}

#[test]
fn facts_are_evaluated_and_shown() {
    let folder = folder();
    let capabilities = json!({
        "window": { "workDoneProgress": true, "showDocument": { "support": true } },
        "workspace": { "codeLens": { "refreshSupport": true } },
    });
    let mut client = Client::start(&[&folder], &capabilities, &json!({}));
    let (document, register) = (folder.uri("policies/vendors.law"), folder.uri("vendors.csv"));
    client.open(&document, VENDORS);
    // The finding shows in the register, with its control.
    client.until(|client| codes(&client.told.get(&register).cloned().unwrap_or_default()) == ["C-1"]);
    let found = client.told[&register][0].clone();
    assert!(found["message"].as_str().unwrap().starts_with("OpenAI has no owner"), "{found}");
    assert_eq!(found["range"]["start"]["line"], 1);
    // Lenses tell the status, values complete, hovers count.
    let lenses = client.request("textDocument/codeLens", json!({ "textDocument": { "uri": document } })).unwrap();
    let titles: Vec<&str> =
        lenses.as_array().unwrap().iter().map(|lens| lens["command"]["title"].as_str().unwrap()).collect();
    assert!(titles.contains(&"fail · population 2 · 1 finding"), "{titles:?}");
    let hover = client.at("textDocument/hover", &document, 6, 25, json!({}));
    assert!(hover["contents"]["value"].as_str().unwrap().contains("**2 rows**"), "{hover}");
    client.change(&document, Some([6, 13, 6, 38]), "vendor.register{name: n}, n = \"\"");
    let found = client.at("textDocument/completion", &document, 6, 44, json!({}));
    assert_eq!(labels(&found)[..2], ["Anthropic".to_owned(), "OpenAI".to_owned()]);
    client.change(&document, None, VENDORS);
    // Commands answer with a document.
    let arguments = json!([{ "uri": document, "name": "C-1" }]);
    for (command, part) in [
        ("lawbook.explain", "OpenAI"),
        ("lawbook.whyNot", "Anthropic"),
        ("lawbook.run", "C-1"),
        ("lawbook.debugRule", "| 1 | "),
    ] {
        let answer =
            client.request("workspace/executeCommand", json!({ "command": command, "arguments": arguments })).unwrap();
        assert!(answer["text"].as_str().unwrap().contains(part), "{command}: {answer}");
        let shown = answer["uri"].as_str().unwrap();
        assert!(std::path::Path::new(shown.strip_prefix("file://").unwrap()).is_file());
    }
    assert!(client.asked.contains(&"window/showDocument".to_owned()));
    // An owner is named: the finding goes.
    folder.write("vendors.csv", "Vendor,Owner\nOpenAI,me\nAnthropic,security\n");
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": register, "type": 2 }] }));
    client.until(|client| codes(&client.told[&register]).is_empty());
    assert!(client.asked.contains(&"window/workDoneProgress/create".to_owned()));
    assert!(client.stop());
}

#[test]
fn what_is_typed_into_other_files_counts() {
    let folder = folder();
    let mut client = Client::start(&[&folder], &json!({}), &json!({}));
    let (document, register) = (folder.uri("policies/vendors.law"), folder.uri("vendors.csv"));
    client.open(&document, VENDORS);
    client.until(|client| codes(&client.told.get(&register).cloned().unwrap_or_default()) == ["C-1"]);
    // The register is mended in the editor, and nothing is saved.
    client.open(&register, REGISTER);
    client.change(&register, Some([1, 7, 1, 7]), "me");
    client.until(|client| codes(&client.told[&register]).is_empty());
    let lenses = client.request("textDocument/codeLens", json!({ "textDocument": { "uri": document } })).unwrap();
    let titles: Vec<&str> =
        lenses.as_array().unwrap().iter().map(|lens| lens["command"]["title"].as_str().unwrap()).collect();
    assert!(titles.contains(&"pass · population 2 · 0 findings (+0 −1)"), "{titles:?}");
    // Closed without saving, what is on disk counts again.
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": register } }));
    client.until(|client| codes(&client.told[&register]) == ["C-1"]);
    // A rule of the policy changes: so does what it finds.
    client.change(&document, Some([14, 72, 14, 76]), "\"nobody\"");
    client.until(|client| codes(&client.told[&register]).is_empty());
    assert!(client.stop());
}

#[test]
fn commands_answer_where_nothing_is_evaluated_live() {
    let folder = folder();
    let mut client = Client::plain(&folder);
    let document = folder.uri("policies/vendors.law");
    client.open(&document, VENDORS);
    let arguments = json!([{ "uri": document, "name": "C-1" }]);
    let params = json!({ "command": "lawbook.explain", "arguments": arguments });
    let answer = client.request("workspace/executeCommand", params).unwrap();
    assert!(answer["text"].as_str().unwrap().contains("OpenAI has no owner"), "{answer}");
    // Nothing is shown of it in other files.
    assert!(!client.told.contains_key(&folder.uri("vendors.csv")));
    assert!(client.stop());
}

#[test]
fn findings_are_waived_and_reported() {
    let folder = folder();
    let capabilities = json!({ "workspace": { "applyEdit": true } });
    let mut client = Client::start(&[&folder], &capabilities, &json!({}));
    let (document, register) = (folder.uri("policies/vendors.law"), folder.uri("vendors.csv"));
    client.until(|client| codes(&client.told.get(&register).cloned().unwrap_or_default()) == ["C-1"]);
    // At the finding, and at its control.
    let told = client.told[&register].clone();
    let range = told[0]["range"].clone();
    let params = json!({ "textDocument": { "uri": register }, "range": range, "context": { "diagnostics": told } });
    let actions = client.request("textDocument/codeAction", params).unwrap();
    let place = json!({ "line": 8, "character": 9 });
    let params = json!({
        "textDocument": { "uri": document },
        "range": { "start": place, "end": place },
        "context": { "diagnostics": [] },
    });
    let own = client.request("textDocument/codeAction", params).unwrap();
    assert_eq!(actions[0]["title"], "add a waiver of C-1 for `OpenAI`");
    assert!(own.as_array().unwrap().iter().any(|action| action["title"] == actions[0]["title"]), "{own}");
    let command = actions[0]["command"].clone();
    let run = json!({ "command": command["command"], "arguments": command["arguments"] });
    let answer = client.request("workspace/executeCommand", run.clone()).unwrap();
    let new = "control,subject,reason,approved_by,expires\nC-1,OpenAI,say here why this is accepted,,2027-02-18\n";
    assert_eq!(answer["edit"]["documentChanges"][1]["edits"][0]["newText"], new);
    client.until(|client| client.asked.contains(&"workspace/applyEdit".to_owned()));
    // Incomplete it waives nothing; filled in it does. What is open counts, and a second goes behind it.
    folder.write("waivers.csv", &new.replace("accepted,", "accepted,Ada"));
    let waivers = folder.uri("waivers.csv");
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": waivers, "type": 1 }] }));
    client.until(|client| codes(&client.told[&register]).is_empty());
    let answer = client.request("workspace/executeCommand", run).unwrap();
    assert_eq!(
        answer["edit"]["changes"][&waivers][0]["newText"],
        "C-1,OpenAI,say here why this is accepted,,2027-02-18\n"
    );
    let arguments = json!([{ "uri": document, "name": "report" }]);
    let report = client
        .request("workspace/executeCommand", json!({ "command": "lawbook.report", "arguments": arguments }))
        .unwrap();
    assert!(report["text"].as_str().unwrap().contains("C-1"), "{report}");
    let arguments = json!([{ "uri": document, "name": "C-1", "subject": "OpenAI" }]);
    let why = client
        .request("workspace/executeCommand", json!({ "command": "lawbook.explain", "arguments": arguments }))
        .unwrap();
    let shown = why["uri"].as_str().unwrap().strip_prefix("file://").unwrap();
    let shown = std::fs::read_to_string(shown).unwrap();
    assert!(shown.contains("- [vendors.csv:2](file://"), "{shown}");
    assert!(client.stop());
}

#[test]
fn a_test_is_run_from_its_lens() {
    let text = format!(
        "{VENDORS}\ntest \"an owner is missing\" {{\n    given vendor.register{{name: \"X\"}}.\n    expect violation C-1(\"X\")\n}}\n"
    );
    let folder = Folder::new(&[("policies/vendors.law", &text), ("vendors.csv", REGISTER)]);
    let mut client = Client::start(&[&folder], &json!({}), &json!({}));
    let document = folder.uri("policies/vendors.law");
    let register = folder.uri("vendors.csv");
    client.until(|client| client.told.contains_key(&register));
    let arguments = json!([{ "uri": document, "name": "an owner is missing" }]);
    let answer =
        client.request("workspace/executeCommand", json!({ "command": "lawbook.test", "arguments": arguments }));
    assert!(answer.as_ref().unwrap()["text"].as_str().unwrap().contains("**passed**"), "{answer:?}");
    assert!(client.stop());
}

#[test]
fn several_folders_are_apart() {
    let one = folder();
    let two = Folder::new(&[("policies/other.law", "rel other(x: string)\nother(\"a\").\n")]);
    let mut client = Client::start(&[&one], &json!({}), &json!({ "live": false }));
    let added = json!({ "uri": uri(&two.root()), "name": "two" });
    client.notify("workspace/didChangeWorkspaceFolders", json!({ "event": { "added": [added], "removed": [] } }));
    let document = two.uri("policies/other.law");
    client.open(&document, "use vendors\nrel other(x: string)\nother(\"a\").\n");
    // The module of the one folder is unknown in the other.
    client
        .until(|client| codes(&client.told.get(&document).cloned().unwrap_or_default()).contains(&"E0202".to_owned()));
    client.notify("workspace/didChangeWorkspaceFolders", json!({ "event": { "added": [], "removed": [added] } }));
    client.until(|client| client.told[&document] == json!([]));
    assert!(client.stop());
}

#[test]
fn settings_and_files_on_disk_count() {
    let folder = folder();
    let capabilities = json!({
        "workspace": { "didChangeWatchedFiles": { "dynamicRegistration": true }, "configuration": true },
    });
    let mut client = Client::start(&[&folder], &capabilities, &json!({ "live": false }));
    client.until(|client| client.asked.contains(&"client/registerCapability".to_owned()));
    client.until(|client| client.asked.contains(&"workspace/configuration".to_owned()));
    let settings = folder.uri("lawbook.toml");
    folder.write("lawbook.toml", "[policies]\npacks = []\npaths = [\"policies\"]\nnonsense = 1\n");
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": settings, "type": 2 }] }));
    client.until(|client| codes(&client.told.get(&settings).cloned().unwrap_or_default()) == ["E0902"]);
    let new = folder.uri("policies/new.law");
    folder.write("policies/new.law", "use vendors\nrel q(x: string)\nq(x) :- vendors.calle(x).\n");
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": new, "type": 1 }] }));
    client.until(|client| codes(&client.told.get(&new).cloned().unwrap_or_default()).contains(&"E0201".to_owned()));
    assert!(client.stop());
}

#[test]
fn what_is_wrong_is_answered_and_the_server_lives_on() {
    let folder = folder();
    let mut client = Client::plain(&folder);
    let document = folder.uri("policies/uses.law");
    assert_eq!(client.request("no/such", Value::Null).unwrap_err().0, -32601);
    assert_eq!(client.request("textDocument/hover", json!({ "x": 1 })).unwrap_err().0, -32602);
    let params = json!({ "textDocument": { "uri": "untitled:x" }, "position": { "line": 0, "character": 0 } });
    assert_eq!(client.request("textDocument/hover", params).unwrap_err().0, -32803);
    assert_eq!(client.request("workspace/executeCommand", json!({ "command": "no" })).unwrap_err().0, -32602);
    client.notify("textDocument/didChange", json!({ "nonsense": true }));
    client.change(&document, Some([0, 0, 0, 1]), "x");
    client.notify("$/cancelRequest", json!({ "id": 999 }));
    client.notify("$/cancelRequest", json!({}));
    client.open(&document, USES);
    // Far beyond the text, and upside down.
    client.change(&document, Some([900, 900, 0, 0]), "// end");
    let found = client.at("textDocument/hover", &document, 900, 900, json!({}));
    assert_eq!(found, Value::Null);
    assert!(client.stop());
}
