//! Commands that editors run, and what they answer: a document under the cache folder, shown where the client can.

use std::path::PathBuf;

use lsp_server::{ErrorCode, RequestId, Response};
use serde_json::{Value, json};

use crate::ask::{Answer, Ask};
use crate::live::Job;
use crate::server::Server;
use crate::uri;

/// Evaluates a control.
pub const RUN: &str = "lawbook.run";
/// Explains a finding.
pub const EXPLAIN: &str = "lawbook.explain";
/// Explains why a member does not violate.
pub const WHY_NOT: &str = "lawbook.whyNot";
/// Runs a test.
pub const TEST: &str = "lawbook.test";
/// Shows where a rule loses its rows.
pub const DEBUG: &str = "lawbook.debugRule";

/// Shows the report of all controls.
pub const REPORT: &str = "lawbook.report";
/// Adds a waiver of a finding to the register.
pub const WAIVE: &str = "lawbook.waive";

/// All commands.
pub const ALL: [&str; 7] = [RUN, EXPLAIN, WHY_NOT, TEST, DEBUG, REPORT, WAIVE];

impl Server {
    /// Takes a command; its answer comes once it is done.
    pub fn command(&mut self, id: RequestId, params: &Value) {
        if params.get("command").and_then(Value::as_str) == Some(WAIVE) {
            return self.waive(id, params);
        }
        match self.asked_for(params) {
            Ok((at, ask)) => {
                // What nobody keeps up to date is brought there for the question.
                if !self.options.live {
                    self.give_policies(at);
                }
                self.live.give(Job::Ask(self.workspaces[at].root.clone(), id, ask));
            }
            Err(reason) => self.refuse(id, reason),
        }
    }

    fn refuse(&self, id: RequestId, reason: String) {
        self.respond(Response::new_err(id, ErrorCode::InvalidParams as i32, reason));
    }

    fn asked_for(&mut self, params: &Value) -> Result<(usize, Ask), String> {
        let command = params.get("command").and_then(Value::as_str).unwrap_or_default();
        let first = params.pointer("/arguments/0").cloned().unwrap_or_default();
        let text = |name: &str| first.get(name).and_then(Value::as_str).map(str::to_owned);
        let name = text("name").ok_or("the command takes one argument, `{ \"uri\": …, \"name\": … }`")?;
        let path = text("uri").and_then(|uri| uri.parse().ok()).and_then(|uri| uri::to_path(&uri));
        let at = path.as_ref().map_or(0, |path| self.workspace_of(path));
        let subject = text("subject");
        let ask = match command {
            RUN => Ask::Run(name),
            EXPLAIN => Ask::Explain(name, subject),
            WHY_NOT => Ask::WhyNot(name, subject),
            TEST => Ask::Test(path.ok_or("the command names no document")?, name),
            REPORT => Ask::Report,
            DEBUG => {
                let snapshot = self.workspaces[at].snapshot();
                let rules = ide::debug::steps(snapshot, &name);
                Ask::Debug(name, rules)
            }
            _ => return Err(format!("there is no command `{command}`; there are {}", ALL.join(", "))),
        };
        Ok((at, ask))
    }

    /// Answers a command: the text goes to a read-only file under the cache folder, which the client shows.
    pub fn command_done(&mut self, id: RequestId, ask: &Ask, answer: Result<Answer, String>) {
        let Answer { title, text, places, passed } = match answer {
            Ok(answer) => answer,
            Err(reason) => {
                let told = Response::new_err(id, ErrorCode::RequestFailed as i32, reason);
                return self.respond(told);
            }
        };
        if let (Ask::Test(path, name), Some(passed)) = (ask, passed) {
            let at = self.workspace_of(path);
            self.workspaces[at].set_outcome(path, name, passed);
            self.refresh_lenses_and_hints();
        }
        let uri = self.write_document(&title, &format!("{text}{places}")).and_then(|path| uri::from_path(&path));
        if let Some(uri) = &uri
            && self.client.shows
        {
            self.ask("window/showDocument", json!({ "uri": uri.as_str(), "takeFocus": true }), |_, _| {});
        }
        let result =
            json!({ "title": title, "text": text, "passed": passed, "uri": uri.map(|uri| uri.as_str().to_owned()) });
        self.respond(Response::new_ok(id, result));
    }

    fn write_document(&self, title: &str, text: &str) -> Option<PathBuf> {
        let folder = self.setup.cache.as_ref()?.join("explain");
        std::fs::create_dir_all(&folder).ok()?;
        let plain: String = title.chars().map(|c| if c.is_alphanumeric() || c == '-' { c } else { '_' }).collect();
        let path = folder.join(format!("{}.md", plain.chars().take(100).collect::<String>()));
        // The one of before is read-only.
        let _ = std::fs::remove_file(&path);
        std::fs::write(&path, text).ok()?;
        let mut permissions = std::fs::metadata(&path).ok()?.permissions();
        permissions.set_readonly(true);
        std::fs::set_permissions(&path, permissions).ok()?;
        Some(path)
    }
}

#[cfg(test)]
mod tests {
    use super::ALL;

    const PAGE: &str = include_str!("../../../docs/editors.md");

    #[test]
    fn commands_and_settings_are_told_of_in_the_documentation() {
        for command in ALL {
            assert!(PAGE.contains(&format!("| `{command}` |")), "{command}");
        }
        for setting in ["live", "hints.types", "hints.columns", "hints.params", "hints.rows"] {
            assert!(PAGE.contains(&format!("| `{setting}` | `true` |")), "{setting}");
        }
    }
}
