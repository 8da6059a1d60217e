//! Sessions in which files come, go and are renamed while everything is evaluated live: in the end the server shows what a
//! fresh one shows, in policies, on lenses and as findings in other files.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::client::{Client, Folder, SETTINGS};
use crate::random::Dice;

const VENDORS: &str = "//! Vendors.\n\ninput vendor(key name: string, owner: string?, cost: int)\n    from csv \"data/**/*.csv\" { name: \"name\", owner: \"owner\", cost: \"cost\" }\n\nparam limit: int = 5\n\nrel dear(name: string)\ndear(n) :- vendor{name: n, cost: c}, c > limit.\n\ncontrol C-1 \"Vendors have owners\" {\n    severity: high\n    scope(n) :- vendor{name: n}.\n    violation(n, \"{n} has no owner\") :- vendor{name: n, owner: none}.\n    note(n, \"{n} is dear\") :- dear(n).\n}\n";

/// Policies of single files; those that are wrong stop the evaluation for a while.
const POLICIES: [&str; 5] = [
    "use vendors\n\nrel cheap(name: string)\ncheap(n) :- vendors.vendor{name: n}, not vendors.dear(n).\n\ncontrol @ \"Dear\" {\n    severity: low\n    scope(n) :- vendors.vendor{name: n}.\n    violation(n, \"{n} is too dear\") :- vendors.dear(n), not cheap(n).\n}\n",
    "use vendors\n\ncontrol @ \"Cheap\" {\n    severity: medium\n    scope(n) :- vendors.vendor{name: n}.\n    violation(n, \"{n} costs {c}\") :- vendors.vendor{name: n, cost: c}, c < 3.\n    violation(n, \"{n} is many\") :- vendors.vendor{name: n}, count { m : vendors.vendor{name: m} } > 4.\n}\n",
    "use vendors\n\nrel twice(name: string)\ntwice(n) :- vendors.vendor{name: n, owner: o?}, vendors.vendor{name: n, owner: p?}, o? != p?.\n",
    "use vendors\n\nrel half(name: string)\nhalf(n) :- vendors.ven",
    "rel alone(x: string)\nalone(\"a\").\n",
];

const ROWS: [&str; 7] = ["Ada,me,1", "Bob,,9", "Cy,you,4", "Dot,,2", "Eve,me,7", "\"Fü, x\",,6", "broken"];

fn register(dice: &mut Dice) -> String {
    let mut text = "name,owner,cost\n".to_owned();
    for row in ROWS.iter().filter(|_| dice.roll(2) == 0) {
        text.push_str(row);
        text.push('\n');
    }
    text
}

fn policy(dice: &mut Dice, name: &str) -> String {
    POLICIES[dice.roll(POLICIES.len())].replace('@', &format!("P-{name}"))
}

/// What an editor shows of everything.
fn shown(client: &mut Client, folder: &Folder, policies: &BTreeSet<String>) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    for path in policies {
        let document = json!({ "textDocument": { "uri": folder.uri(path) } });
        for method in ["textDocument/diagnostic", "textDocument/codeLens"] {
            let mut answer = client.request(method, document.clone()).unwrap();
            if let Some(object) = answer.as_object_mut() {
                object.remove("resultId");
            }
            found.insert(format!("{path} {method}"), answer);
        }
    }
    let told = client.told.iter().filter(|(_, told)| told.as_array().is_some_and(|told| !told.is_empty()));
    found.extend(told.map(|(uri, told)| (uri.clone(), told.clone())));
    // What came and went with the last change is the session's own.
    let text = serde_json::to_string(&found).unwrap();
    serde_json::from_str(&without_changes(&text)).unwrap()
}

/// The text without ` (+1 −2)`.
fn without_changes(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(" (+") {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.find(')').map_or(rest.len(), |end| end + 1);
        rest = &rest[end..];
    }
    out + rest
}

struct Session {
    folder: Folder,
    client: Client,
    /// Policies on disk.
    policies: BTreeSet<String>,
    /// Other files on disk.
    data: BTreeSet<String>,
    /// What the editor has open.
    open: BTreeMap<String, String>,
    events: Vec<Value>,
}

impl Session {
    fn tell(&mut self, path: &str, kind: u8) {
        self.events.push(json!({ "uri": self.folder.uri(path), "type": kind }));
    }

    fn write(&mut self, path: &str, text: &str) {
        let known = self.folder.path(path).exists();
        self.folder.write(path, text);
        self.tell(path, if known { 2 } else { 1 });
    }

    fn remove(&mut self, path: &str) {
        // An editor closes what it deletes.
        if self.open.remove(path).is_some() {
            let closed = json!({ "textDocument": { "uri": self.folder.uri(path) } });
            self.client.notify("textDocument/didClose", closed);
        }
        std::fs::remove_file(self.folder.path(path)).unwrap();
        self.tell(path, 3);
    }

    /// Tells of what happened on disk, some of it together.
    fn flush(&mut self) {
        if !self.events.is_empty() {
            let changes = std::mem::take(&mut self.events);
            self.client.notify("workspace/didChangeWatchedFiles", json!({ "changes": changes }));
        }
    }

    fn set_open(&mut self, path: &str, text: String) {
        let uri = self.folder.uri(path);
        match self.open.contains_key(path) {
            true => self.client.change(&uri, None, &text),
            false => self.client.open(&uri, &text),
        }
        self.open.insert(path.to_owned(), text);
    }

    fn step(&mut self, dice: &mut Dice) {
        let name = ["a", "b", "c"][dice.roll(3)];
        let policy_path = format!("policies/{}{name}.law", ["", "deep/"][dice.roll(2)]);
        let data_path = format!("data/{}{name}.csv", ["", "more/"][dice.roll(2)]);
        match dice.roll(13) {
            0 | 1 => {
                let text = policy(dice, name);
                self.write(&policy_path, &text);
                self.policies.insert(policy_path);
            }
            2 => {
                let text = register(dice);
                self.write(&data_path, &text);
                self.data.insert(data_path);
            }
            3 if self.policies.remove(&policy_path) => self.remove(&policy_path),
            4 if self.data.remove(&data_path) => self.remove(&data_path),
            5 if self.policies.contains(&policy_path) => {
                let to = format!("policies/renamed_{name}.law");
                let text = std::fs::read_to_string(self.folder.path(&policy_path)).unwrap();
                self.policies.remove(&policy_path);
                self.remove(&policy_path);
                self.write(&to, &text);
                self.policies.insert(to);
            }
            6 if self.data.contains(&data_path) => {
                let to = format!("data/renamed_{name}.csv");
                let text = std::fs::read_to_string(self.folder.path(&data_path)).unwrap();
                self.data.remove(&data_path);
                self.remove(&data_path);
                self.write(&to, &text);
                self.data.insert(to);
            }
            7 if self.policies.contains(&policy_path) => {
                let text = policy(dice, name);
                self.set_open(&policy_path, text);
            }
            8 if self.data.contains(&data_path) => {
                let text = register(dice);
                self.set_open(&data_path, text);
            }
            9 => {
                // Closed without saving.
                if let Some(path) = self.open.keys().nth(dice.roll(3)).cloned() {
                    self.open.remove(&path);
                    let closed = json!({ "textDocument": { "uri": self.folder.uri(&path) } });
                    self.client.notify("textDocument/didClose", closed);
                }
            }
            10 => {
                let limit = ["c > 7", "c > limit", "c > 3"][dice.roll(3)];
                let text = VENDORS.replace("c > limit", limit);
                self.set_open("policies/vendors.law", text);
            }
            11 => {
                let exclude = ["", "\n[inputs]\nexclude = [\"data/more/**\"]\n"][dice.roll(2)];
                self.write("lawbook.toml", &format!("{SETTINGS}{exclude}"));
            }
            _ => std::thread::sleep(Duration::from_millis(dice.roll(90) as u64)),
        }
        if dice.roll(3) > 0 {
            self.flush();
        }
    }
}

fn run(seed: u64, steps: usize) {
    let folder = Folder::new(&[("policies/vendors.law", VENDORS), ("data/a.csv", "name,owner,cost\nAda,,1\n")]);
    let capabilities = json!({ "textDocument": { "diagnostic": {} } });
    let client = Client::start(&[&folder], &capabilities, &json!({}));
    let mut session = Session {
        folder,
        client,
        policies: BTreeSet::from(["policies/vendors.law".to_owned()]),
        data: BTreeSet::from(["data/a.csv".to_owned()]),
        open: BTreeMap::new(),
        events: Vec::new(),
    };
    let mut dice = Dice(seed);
    for _ in 0..steps {
        session.step(&mut dice);
    }
    session.flush();
    // Results of before stay where something is wrong: in the end nothing is.
    for path in session.policies.clone() {
        let name: String = path.chars().filter(|c| c.is_alphabetic()).collect();
        let text = match path.as_str() {
            "policies/vendors.law" => VENDORS.to_owned(),
            _ => POLICIES[[0, 1, 4][dice.roll(3)]].replace('@', &format!("P-{name}")),
        };
        session.set_open(&path, text);
    }
    let Session { folder, mut client, policies, open, .. } = session;
    let mut fresh = Client::start(&[&folder], &capabilities, &json!({}));
    for (path, text) in &open {
        fresh.open(&folder.uri(path), text);
    }
    let begin = Instant::now();
    loop {
        let (mine, wanted) = (shown(&mut client, &folder, &policies), shown(&mut fresh, &folder, &policies));
        let evaluated = wanted.values().any(|value| value.to_string().contains("population"));
        if evaluated && mine == wanted {
            // It may have been so for a moment only.
            std::thread::sleep(Duration::from_millis(300));
            if shown(&mut client, &folder, &policies) == shown(&mut fresh, &folder, &policies) {
                break;
            }
        }
        assert!(begin.elapsed() < Duration::from_secs(60), "seed {seed}\n{mine:#?}\n{wanted:#?}");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(fresh.stop());
    assert!(client.stop());
}

#[test]
fn files_that_come_and_go_leave_what_a_fresh_server_shows() {
    // `LAWBOOK_EDITS=8` runs as many sessions of many steps.
    let many = std::env::var("LAWBOOK_EDITS").ok().and_then(|many| many.parse().ok());
    let (seeds, steps) = many.map_or((3, 60), |many: u64| (many, 300));
    for seed in 1..=seeds {
        run(0x9e37_79b9_7f4a_7c15 ^ (seed * 0x4321_8765_9abc), steps);
    }
}
