//! A folder that is edited and checked again says what a fresh check says.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use audit::{CheckOptions, Difference, Workspace};

use crate::{lay_out, line, open, run, shown};

const FOLDER: &str = r#"
    == lawbook.toml
    == policies/c.law
    use std.vendor
    control T-1 "Vendors sign" {
        scope(v) :- vendor.register{name: v}.
        violation(v, "{v} has not signed") :- not vendor.register{name: v, dpa_signed: "yes"}.
    }
    control T-2 "No prints" {
        scope(f) :- code.function{function: f}.
        violation(f, "{f} prints {n} times") :-
            n = count { c : code.call{call: c, function: f, callee: "print"} }, n > 0.
    }
    == vendors.csv
    name,dpa_signed
    Ann,yes
    Bob,no
    == src/a.py
    def one():
        print(1)

    def two():
        return 2
    == src/b.py
    def three():
        print(3)
    "#;

struct Edited {
    root: tempfile::TempDir,
    workspace: Workspace,
}

impl Edited {
    fn new() -> Edited {
        let root = lay_out(FOLDER);
        let project = open(&root);
        let options = CheckOptions::default();
        let workspace = Workspace::open(project, options, vec!["code.call".into()], None, &mut |_| ()).ok().unwrap();
        let edited = Edited { root, workspace };
        edited.is_fresh();
        edited
    }

    fn write(&self, path: &str, text: &str) {
        std::fs::write(self.root.path().join(path), text).unwrap();
    }

    /// Updates after an edit of some files, and tells what appeared and what went.
    fn update(&mut self, changed: &[&str], policies: bool) -> (String, Difference) {
        let changed: BTreeSet<Arc<str>> = changed.iter().map(|path| (*path).into()).collect();
        let project = policies.then(|| open(&self.root));
        let difference = self.workspace.update(&changed, project, None, &mut |_| ()).ok().unwrap();
        self.is_fresh();
        let lines = difference.appeared.iter().map(|found| format!("+ {}", line(found)));
        let lines = lines.chain(difference.gone.iter().map(|found| format!("- {}", line(found))));
        (lines.collect::<Vec<_>>().join("\n"), difference)
    }

    /// Outcomes, trouble and figures are those of a check from the beginning.
    fn is_fresh(&self) {
        let (kept, fresh) = (self.workspace.assessment(), run(&open(&self.root)).assessment);
        similar_asserts::assert_eq!(shown(kept), shown(&fresh));
        assert_eq!(kept.problems, fresh.problems);
        assert_eq!((kept.inputs.files, kept.inputs.lines), (fresh.inputs.files, fresh.inputs.lines));
    }
}

#[test]
fn an_edited_file_is_read_alone() {
    let mut edited = Edited::new();
    // A line above moves everything, and nothing else comes of it.
    edited.write("src/a.py", "import os\ndef one():\n    print(1)\n\ndef two():\n    return 2\n");
    let (lines, difference) = edited.update(&["src/a.py"], false);
    assert_eq!((lines.as_str(), difference.anew), ("", false));
    edited.write("src/a.py", "def one():\n    return 1\n\ndef two():\n    print(2)\n    print(3)\n");
    let (lines, difference) = edited.update(&["src/a.py"], false);
    assert!(lines.starts_with("+ src/a.py:4:") && lines.contains("\n- src/a.py:"), "{lines}");
    assert!(difference.relations.contains_key("code.call"), "{difference:?}");
}

#[test]
fn files_come_and_go_and_registers_are_edited() {
    let mut edited = Edited::new();
    edited.write("vendors.csv", "name,dpa_signed\nAnn,no\nBob,yes\n");
    let (lines, _) = edited.update(&["vendors.csv"], false);
    assert_eq!(lines, "+ vendors.csv:2:1 Ann: Ann has not signed\n- vendors.csv:3:1 Bob: Bob has not signed");
    std::fs::remove_file(edited.root.path().join("src/b.py")).unwrap();
    std::fs::create_dir(edited.root.path().join("lib")).unwrap();
    edited.write("lib/c.py", "def four():\n    print(4)\n    print(4)\n");
    // Nobody says which files these are.
    let (lines, _) = edited.update(&[], false);
    assert_eq!(lines.lines().count(), 2, "{lines}");
    edited.write("vendors.csv", "name;dpa_signed\n");
    edited.update(&["vendors.csv"], false);
}

#[test]
fn policies_are_edited_too() {
    let mut edited = Edited::new();
    let path = edited.root.path().join("policies/c.law");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("n > 0", "n > 1")).unwrap();
    let (lines, difference) = edited.update(&[], true);
    assert_eq!((lines.lines().count(), difference.anew), (2, false), "{lines}");
    // Another input is asked for: everything is read again.
    let more = "control T-3 \"Imports\" {\n    scope(m) :- code.import{module: m}.\n}\n";
    std::fs::write(&path, format!("{text}\n{more}")).unwrap();
    edited.update(&["src/a.py"], true);
    assert!(Path::new(&path).exists());
}

#[test]
fn a_stopped_update_is_made_up_for() {
    let mut edited = Edited::new();
    let before = shown(edited.workspace.assessment());
    edited.write("src/b.py", "def three():\n    return 3\n");
    edited.workspace.arm().cancel();
    let changed = BTreeSet::from(["src/b.py".into()]);
    assert!(edited.workspace.update(&changed, None, None, &mut |_| ()).is_err());
    assert_eq!(shown(edited.workspace.assessment()), before);
    edited.workspace.arm();
    let (lines, _) = edited.update(&["src/b.py"], false);
    assert_eq!(lines.lines().count(), 1, "{lines}");
}
