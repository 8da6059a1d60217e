//! Live evaluation as the server sees it: policies handed over, results taken in, progress shown.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use audit::Policies;
use base::Diagnostic;
use serde_json::{Value, json};

use crate::findings;
use crate::live::{Changed, Event, Job};
use crate::results::LiveFacts;
use crate::server::Server;
use crate::uri;

/// Findings named in the log.
const NAMED: usize = 5;

impl Server {
    /// Has a folder's policies evaluated as they are now, unless live evaluation is turned off.
    pub fn evaluate(&mut self, at: usize) {
        if self.options.live {
            self.give_policies(at);
        }
    }

    /// Has a folder's policies evaluated as they are now.
    pub fn give_policies(&mut self, at: usize) {
        let workspace = &mut self.workspaces[at];
        let snapshot = workspace.snapshot().clone();
        let wrong = snapshot.compilation.diagnostics.iter().chain(&workspace.loading).any(Diagnostic::is_error);
        let policies = Policies {
            sources: snapshot.sources.clone(),
            modules: workspace.modules(),
            files: workspace.files(),
            ..Policies::default()
        };
        let changed = Changed {
            root: workspace.root.clone(),
            options: workspace.options.clone(),
            settings: workspace.settings.clone(),
            policies,
            compilation: snapshot.compilation,
            sound: !wrong,
        };
        self.live.give(Job::Policies(Arc::new(changed)));
    }

    /// Takes in what the evaluating thread tells.
    pub fn event(&mut self, event: Event) {
        match event {
            Event::Begins => self.begin_progress(),
            Event::Reports(line) => self.report_progress(&line),
            Event::Ends(root, result) => {
                self.end_progress();
                match result {
                    Ok(facts) => self.take_facts(&root, facts),
                    Err(reason) if reason.is_empty() => {}
                    Err(reason) => self.log(2, &format!("nothing was evaluated: {reason}")),
                }
            }
            Event::Answer(id, ask, answer) => self.command_done(id, &ask, answer),
            Event::Defect(told) => self.log(1, &told),
        }
    }

    fn take_facts(&mut self, root: &std::path::Path, facts: Arc<LiveFacts>) {
        let Some(at) = self.workspaces.iter().position(|workspace| workspace.root == root) else { return };
        if let Some(told) = self.difference(root, &facts) {
            self.log(3, &told);
        }
        self.facts.insert(root.to_owned(), facts.clone());
        self.workspaces[at].set_facts(facts);
        self.findings_changed = true;
        self.refresh_lenses_and_hints();
    }

    /// Asks the client to ask for lenses and hints again.
    pub fn refresh_lenses_and_hints(&mut self) {
        for (method, can) in [
            ("workspace/codeLens/refresh", self.client.refreshes_lenses),
            ("workspace/inlayHint/refresh", self.client.refreshes_hints),
        ] {
            if can {
                self.ask(method, Value::Null, |_, _| {});
            }
        }
    }

    /// Which findings came and which went, in words.
    fn difference(&self, root: &std::path::Path, now: &LiveFacts) -> Option<String> {
        let before = self.facts.get(root)?;
        let named = |facts: &LiveFacts| -> BTreeSet<String> {
            facts.findings().map(|(outcome, found)| format!("{} {}", outcome.control.id, found.message)).collect()
        };
        let (before, now) = (named(before), named(now));
        let mut told = Vec::new();
        for (sign, found) in [("+", now.difference(&before)), ("-", before.difference(&now))] {
            let found: Vec<&String> = found.collect();
            told.extend(found.iter().take(NAMED).map(|line| format!("{sign} {line}")));
            if found.len() > NAMED {
                told.push(format!("{sign} and {} more", found.len() - NAMED));
            }
        }
        (!told.is_empty()).then(|| told.join("\n"))
    }

    /// The findings of a folder's files, by document.
    pub fn add_findings(&self, at: usize, found: &mut BTreeMap<String, Value>) {
        let root = self.workspaces[at].root.clone();
        let Some(facts) = self.facts.get(&root).filter(|_| self.options.live) else { return };
        for (path, diagnostics) in findings::diagnostics(facts, &root, self.client.encoding) {
            if let Some(uri) = uri::from_path(&path) {
                found.insert(uri.as_str().to_owned(), serde_json::to_value(diagnostics).unwrap_or_default());
            }
        }
    }

    fn begin_progress(&mut self) {
        if !self.client.progress {
            return;
        }
        self.progress_number += 1;
        let number = self.progress_number;
        self.progress = Some((number, false));
        self.ask("window/workDoneProgress/create", json!({ "token": token(number) }), |server, _| {
            // By the time the client agrees it may all be over.
            if let Some((number, false)) = server.progress {
                server.progress = Some((number, true));
                server.tell_progress(number, json!({ "kind": "begin", "title": "Lawbook", "message": "evaluating" }));
            }
        });
    }

    fn report_progress(&mut self, line: &str) {
        if let Some((number, true)) = self.progress {
            self.tell_progress(number, json!({ "kind": "report", "message": line }));
        }
    }

    fn end_progress(&mut self) {
        if let Some((number, true)) = self.progress.take() {
            self.tell_progress(number, json!({ "kind": "end" }));
        }
    }

    fn tell_progress(&self, number: u32, value: Value) {
        self.notify("$/progress", json!({ "token": token(number), "value": value }));
    }

    /// Asks for the user's settings.
    pub fn ask_configuration(&mut self) {
        if self.client.configuration {
            let params = json!({ "items": [{ "section": "lawbook" }] });
            self.ask("workspace/configuration", params, |server, answer| {
                server.set_options(answer.get(0).unwrap_or(&Value::Null));
            });
        }
    }

    /// The client tells that settings changed, with or without saying how.
    pub fn configured(&mut self, params: &Value) {
        match self.client.configuration {
            true => self.ask_configuration(),
            false => self.set_options(params.get("settings").unwrap_or(&Value::Null)),
        }
    }

    fn set_options(&mut self, value: &Value) {
        let options = self.options.with(value);
        if options == self.options {
            return;
        }
        let turned_on = options.live && !self.options.live;
        self.options = options;
        self.findings_changed = true;
        if turned_on {
            (0..self.workspaces.len()).for_each(|at| self.evaluate(at));
        }
    }

    /// A file was saved: what was read of it may be another.
    pub fn saved(&mut self, params: &Value) {
        let uri = params.pointer("/textDocument/uri").and_then(Value::as_str);
        let path = uri.and_then(|uri| uri.parse().ok()).and_then(|uri| uri::to_path(&uri));
        if let Some(path) = path
            && path.extension().is_none_or(|extension| extension != "law")
        {
            let at = self.workspace_of(&path);
            if path.ends_with("lawbook.toml") {
                self.workspaces[at].reload();
            }
            self.file_changed(&path);
        }
    }

    /// A file that is no policy is another one on disk.
    pub fn file_changed(&self, path: &Path) {
        let root = &self.workspaces[self.workspace_of(path)].root;
        if let Some(inside) = inside(root, path) {
            self.live.give(Job::Files(root.clone(), BTreeSet::from([inside])));
        }
    }

    /// What the editor has of a file that is no policy; nothing once it is closed.
    pub fn text_changed(&self, path: &Path, text: Option<&str>) {
        let root = &self.workspaces[self.workspace_of(path)].root;
        if let Some(inside) = inside(root, path) {
            self.live.give(Job::Text(root.clone(), inside, text.map(Into::into)));
        }
    }
}

/// A path below a folder, as files are named there.
pub fn inside(root: &Path, path: &Path) -> Option<Arc<str>> {
    let inside = path.strip_prefix(root).ok()?;
    Some(inside.to_string_lossy().replace('\\', "/").into())
}

fn token(number: u32) -> String {
    format!("lawbook/evaluation-{number}")
}
