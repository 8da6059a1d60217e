//! What is registered once the client runs: for documents that are no policies too, since findings are shown in code,
//! configurations and registers, and inputs are told from tables and documents.
//!
//! What a client says it can do from the start holds for the documents that its own settings name: policies. Clients that can
//! register nothing are told of findings, and have the rest in policies alone.

use serde_json::{Value, json};

use crate::capabilities;
use crate::server::Server;

impl Server {
    /// Asks the client to register what its user would miss in documents that are no policies.
    pub fn register_more(&mut self) {
        let registers = self.client.registers;
        let files = json!([{ "scheme": "file" }]);
        let all = json!([{ "language": "lawbook" }, { "scheme": "file" }]);
        let mut wanted: Vec<(&str, &str, Value)> = Vec::new();
        if self.client.watches {
            let options = json!({ "watchers": [{ "globPattern": "**/*" }] });
            wanted.push(("files", "workspace/didChangeWatchedFiles", options));
        }
        if registers.configuration {
            wanted.push(("settings", "workspace/didChangeConfiguration", json!({ "section": "lawbook" })));
        }
        if registers.sync {
            let plain = json!({ "documentSelector": files });
            wanted.push(("open", "textDocument/didOpen", plain.clone()));
            wanted.push(("change", "textDocument/didChange", json!({ "documentSelector": files, "syncKind": 2 })));
            wanted.push(("save", "textDocument/didSave", plain.clone()));
            wanted.push(("close", "textDocument/didClose", plain));
        }
        if registers.actions {
            wanted.push(("actions", "textDocument/codeAction", with(&all, &capabilities::code_actions())));
        }
        if registers.diagnostics && self.client.pulls {
            wanted.push(("diagnostics", "textDocument/diagnostic", with(&all, &capabilities::diagnostics())));
        }
        if registers.links {
            // Explanations are Markdown.
            let selector = json!([{ "language": "lawbook" }, { "scheme": "file", "pattern": "**/*.md" }]);
            wanted.push(("links", "textDocument/documentLink", json!({ "documentSelector": selector })));
        }
        let registration = |(id, method, options): (&str, &str, Value)| json!({ "id": format!("lawbook-{id}"), "method": method, "registerOptions": options });
        let registrations: Vec<Value> = wanted.into_iter().map(registration).collect();
        if !registrations.is_empty() {
            self.ask("client/registerCapability", json!({ "registrations": registrations }), |_, _| {});
        }
    }
}

/// Options for the documents of a selector.
fn with(selector: &Value, options: &impl serde::Serialize) -> Value {
    let mut value = serde_json::to_value(options).unwrap_or_default();
    value["documentSelector"] = selector.clone();
    value
}
