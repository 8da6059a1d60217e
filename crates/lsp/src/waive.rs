//! The waiver of a finding, as an edit of the register that the client is asked to carry out.

use std::path::{Path, PathBuf};

use audit::{NewWaiver, waiver_text};
use base::LineIndex;
use facts::Value;
use lsp_server::{ErrorCode, RequestId, Response};
use lsp_types::{CodeAction, CodeActionKind, CodeActionOrCommand, Command, Diagnostic, NumberOrString};
use serde_json::{Value as Json, json};

use crate::commands::WAIVE;
use crate::convert::{Lines, breaks};
use crate::server::Server;
use crate::uri;

/// How long a waiver lasts that says nothing else: a quarter.
const DAYS: i64 = 90;
const DAY: i64 = 86_400_000_000;
/// What stands where the reason is to be written.
const REASON: &str = "say here why this is accepted";
/// Where waivers are written down that have no register yet.
const REGISTER: &str = "waivers.csv";
/// Findings offered at a control.
const MOST: usize = 5;

/// The action that waives a finding.
pub fn action(uri: &str, control: &str, subject: &str, told: Option<&Diagnostic>) -> CodeActionOrCommand {
    let title = format!("add a waiver of {control} for `{subject}`");
    let arguments = vec![json!({ "uri": uri, "name": control, "subject": subject })];
    CodeActionOrCommand::CodeAction(CodeAction {
        title: title.clone(),
        kind: Some(CodeActionKind::QUICKFIX),
        diagnostics: told.map(|told| vec![told.clone()]),
        command: Some(Command { title, command: WAIVE.to_owned(), arguments: Some(arguments) }),
        ..CodeAction::default()
    })
}

/// The actions for findings that a client has as diagnostics.
pub fn actions(uri: &str, told: &[Diagnostic]) -> Vec<CodeActionOrCommand> {
    let of = |told: &Diagnostic| {
        let subject = told.data.as_ref()?.get("subject")?.as_str()?.to_owned();
        match &told.code {
            Some(NumberOrString::String(control)) => Some(action(uri, control, &subject, Some(told))),
            _ => None,
        }
    };
    told.iter().filter_map(of).collect()
}

/// The actions for the findings of a control.
pub fn at_control(uri: &str, control: &str, state: &ide::ControlState) -> Vec<CodeActionOrCommand> {
    let findings = state.findings.iter().take(MOST);
    findings.map(|(subject, _)| action(uri, control, subject, None)).collect()
}

impl Server {
    /// Takes the command: the client is asked to edit the register, and told the edit.
    pub fn waive(&mut self, id: RequestId, params: &Json) {
        let response = match self.waiver_edit(params) {
            Ok(edit) => {
                if self.client.applies {
                    let params = json!({ "label": "add a waiver", "edit": edit.clone() });
                    self.ask("workspace/applyEdit", params, |_, _| {});
                }
                Response::new_ok(id, json!({ "edit": edit }))
            }
            Err(reason) => Response::new_err(id, ErrorCode::RequestFailed as i32, reason),
        };
        self.respond(response);
    }

    fn waiver_edit(&mut self, params: &Json) -> Result<Json, String> {
        let first = params.pointer("/arguments/0").cloned().unwrap_or_default();
        let text = |name: &str| first.get(name).and_then(Json::as_str).map(str::to_owned);
        let control = text("name").ok_or("the command takes one argument, `{ \"uri\": …, \"name\": … }`")?;
        let document = text("uri").and_then(|uri| uri.parse().ok()).and_then(|uri| uri::to_path(&uri));
        let at = document.map_or(0, |path| self.workspace_of(&path));
        let root = self.workspaces[at].root.clone();
        let facts = self.facts.get(&root).ok_or("nothing was evaluated yet")?.clone();
        let subject = text("subject").or_else(|| facts.first_subject(&control));
        let subject = subject.ok_or_else(|| format!("`{control}` has no finding to waive"))?;
        let snapshot = self.workspaces[at].snapshot().clone();
        let input = snapshot.compilation.inputs.iter().find(|input| &*input.relation.name == "waiver.waiver");
        let input = input.ok_or("the policies know no waivers")?;
        let path = self.register(&root, &facts.waiver_files(), at);
        let known = self.documents.get(&path).map(|document| document.text.clone());
        let known = known.or_else(|| std::fs::read_to_string(&path).ok());
        let expires = Value::Time((facts.as_of_day() + DAYS) * DAY).to_string();
        let waiver = NewWaiver { control, subject, reason: REASON.to_owned(), expires };
        let inside = path.strip_prefix(&root).unwrap_or(&path).to_string_lossy().into_owned();
        let added = waiver_text(input, &inside, known.as_deref(), &waiver)?;
        let uri = uri::from_path(&path).ok_or("the register has no address")?;
        let text = known.clone().unwrap_or_default();
        let (index, breaks) = (LineIndex::new(&text), breaks(&text));
        let lines = Lines { text: &text, index: &index, breaks: breaks.as_deref(), encoding: self.client.encoding };
        let (start, end) = (lines.position(added.start), lines.position(added.end));
        let edits = json!([{ "range": { "start": start, "end": end }, "newText": added.text }]);
        Ok(match known {
            Some(_) => json!({ "changes": { uri.as_str(): edits } }),
            None => json!({ "documentChanges": [
                { "kind": "create", "uri": uri.as_str(), "options": { "ignoreIfExists": true } },
                { "textDocument": { "uri": uri.as_str(), "version": null }, "edits": edits },
            ] }),
        })
    }

    /// The register to write to: the first table that waivers were read from, else the file that the settings name.
    fn register(&self, root: &Path, known: &[std::sync::Arc<str>], at: usize) -> PathBuf {
        let is_table = |path: &&std::sync::Arc<str>| path.ends_with(".csv") || path.ends_with(".tsv");
        let known = known.iter().find(is_table).or(known.first()).map(ToString::to_string);
        let named = self.workspaces[at].settings.waivers.iter().find(|glob| !glob.contains(['*', '?', '[', '{']));
        root.join(known.or_else(|| named.cloned()).unwrap_or_else(|| REGISTER.to_owned()))
    }
}
