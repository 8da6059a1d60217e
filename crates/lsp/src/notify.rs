//! What the client tells: documents, settings, folders, files that changed. And what it is told: diagnostics.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use lsp_server::Notification;
use lsp_types::{
    DidChangeTextDocumentParams, DidChangeWatchedFilesParams, DidChangeWorkspaceFoldersParams,
    DidCloseTextDocumentParams, DidOpenTextDocumentParams, InitializeParams, TextDocumentContentChangeEvent,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::context::Context;
use crate::convert::{Lines, breaks};
use crate::live::Job;
use crate::server::{Document, Server};
use crate::uri;
use crate::workspace::Workspace;

impl Server {
    /// Opens the folders that the client names, the one it runs in where it names none.
    #[expect(deprecated, reason = "clients of before workspace folders say `rootUri`")]
    pub fn open_folders(&mut self, params: &InitializeParams) {
        let folders = params.workspace_folders.iter().flatten().filter_map(|folder| uri::to_path(&folder.uri));
        let mut folders: Vec<PathBuf> = folders.collect();
        if folders.is_empty() {
            folders.extend(params.root_uri.as_ref().and_then(uri::to_path));
        }
        if folders.is_empty() {
            folders.extend(std::env::current_dir());
        }
        for folder in folders {
            self.add_folder(&folder);
        }
        if let Some(cache) = self.setup.cache.clone() {
            // Pages are small; nobody waits for them.
            std::thread::spawn(move || lay_out_pages(&cache));
        }
        self.register_more();
        self.ask_configuration();
    }

    fn add_folder(&mut self, folder: &Path) {
        if self.workspaces.iter().any(|workspace| workspace.root == uri::clean(folder)) {
            return;
        }
        let mut workspace = Workspace::open(folder, self.setup.cache.as_deref());
        for (path, document) in &self.documents {
            if path.starts_with(folder) {
                workspace.set_open(path, &document.text);
            }
        }
        self.workspaces.push(workspace);
        self.told_version.push(0);
    }

    /// The folder that a file belongs to: the deepest around it, else one that knows it, else the first.
    pub fn workspace_of(&self, path: &Path) -> usize {
        let around = self.workspaces.iter().enumerate().filter(|(_, workspace)| path.starts_with(&workspace.root));
        let deepest = around.max_by_key(|(_, workspace)| workspace.root.components().count());
        let knowing = || self.workspaces.iter().position(|workspace| workspace.paths.at.contains_key(path));
        deepest.map(|(at, _)| at).or_else(knowing).unwrap_or(0)
    }

    /// Takes what the client tells.
    pub fn notification(&mut self, told: Notification) {
        let Notification { method, params } = told;
        match method.as_str() {
            "$/cancelRequest" => self.cancel(params.get("id").unwrap_or(&Value::Null)),
            "textDocument/didOpen" => self.with(params, Server::opened),
            "textDocument/didChange" => self.with(params, Server::changed),
            "textDocument/didClose" => self.with(params, Server::closed),
            "workspace/didChangeWatchedFiles" => self.with(params, Server::files_changed),
            "textDocument/didSave" => self.saved(&params),
            "workspace/didChangeConfiguration" => self.configured(&params),
            "workspace/didChangeWorkspaceFolders" => self.with(params, Server::folders_changed),
            _ => {}
        }
    }

    fn with<P: DeserializeOwned>(&mut self, params: Value, then: fn(&mut Server, P)) {
        match serde_json::from_value(params) {
            Ok(params) => then(self, params),
            Err(error) => self.log(2, &format!("a message that is not as the protocol says: {error}")),
        }
    }

    fn opened(&mut self, params: DidOpenTextDocumentParams) {
        let document = params.text_document;
        let Some(path) = uri::to_path(&document.uri) else { return };
        let at = self.workspace_of(&path);
        match watched(&path) {
            true => self.workspaces[at].set_open(&path, &document.text),
            false => self.text_changed(&path, Some(&document.text)),
        }
        self.documents.insert(path, Document { text: document.text, version: document.version });
    }

    fn changed(&mut self, params: DidChangeTextDocumentParams) {
        let Some(path) = uri::to_path(&params.text_document.uri) else { return };
        let encoding = self.client.encoding;
        let Some(document) = self.documents.get_mut(&path) else {
            return self.log(2, &format!("`{}` changed and was not opened", path.display()));
        };
        // One that registered twice tells twice.
        if params.text_document.version <= document.version && document.version > 0 {
            return;
        }
        document.version = params.text_document.version;
        for change in params.content_changes {
            apply(&mut document.text, change, encoding);
        }
        self.outdate(&path);
        let Some(document) = self.documents.get(&path) else { return };
        if watched(&path) {
            let text = document.text.clone();
            let at = self.workspace_of(&path);
            self.workspaces[at].set_open(&path, &text);
        } else {
            self.text_changed(&path, Some(&document.text));
        }
    }

    fn closed(&mut self, params: DidCloseTextDocumentParams) {
        let Some(path) = uri::to_path(&params.text_document.uri) else { return };
        self.documents.remove(&path);
        let at = self.workspace_of(&path);
        self.workspaces[at].set_closed(&path);
        if !watched(&path) {
            self.text_changed(&path, None);
        }
    }

    fn files_changed(&mut self, params: DidChangeWatchedFilesParams) {
        let mut changed = vec![false; self.workspaces.len()];
        for path in params.changes.iter().filter_map(|change| uri::to_path(&change.uri)) {
            let at = self.workspace_of(&path);
            if watched(&path) {
                changed[at] = true;
            } else {
                self.file_changed(&path);
            }
        }
        for (at, _) in changed.iter().enumerate().filter(|(_, changed)| **changed) {
            self.workspaces[at].reload();
        }
    }

    fn folders_changed(&mut self, params: DidChangeWorkspaceFoldersParams) {
        for folder in params.event.added.iter().filter_map(|folder| uri::to_path(&folder.uri)) {
            self.add_folder(&folder);
        }
        for folder in params.event.removed.iter().filter_map(|folder| uri::to_path(&folder.uri)) {
            if let Some(at) = self.workspaces.iter().position(|workspace| workspace.root == folder)
                && self.workspaces.len() > 1
            {
                let gone = self.workspaces.remove(at);
                self.facts.remove(&gone.root);
                self.live.give(Job::Gone(gone.root));
                self.told_version.remove(at);
            }
        }
        // What was told of files of a folder that is gone is taken back.
        self.told_version.iter_mut().for_each(|version| *version = 0);
        self.findings_changed = true;
    }

    /// Tells diagnostics that changed: to clients that ask for them, that they may ask again.
    pub fn tell_diagnostics(&mut self) {
        let mut changed = false;
        for at in 0..self.workspaces.len() {
            self.workspaces[at].snapshot();
            if self.workspaces[at].version != self.told_version[at] {
                changed = true;
                self.evaluate(at);
            }
            self.told_version[at] = self.workspaces[at].version;
        }
        let pulled = self.findings_changed && self.pulled.some();
        if (changed || pulled) && self.client.pulls && self.client.refreshes {
            self.ask("workspace/diagnostic/refresh", Value::Null, |_, _| {});
        }
        if changed && !self.client.pulls {
            self.tell_policies();
        }
        if std::mem::take(&mut self.findings_changed) {
            let mut found = BTreeMap::new();
            (0..self.workspaces.len()).for_each(|at| self.add_findings(at, &mut found));
            found.retain(|uri, _| !self.pulled.has(uri));
            let told = std::mem::take(&mut self.told_findings);
            self.told_findings = self.tell(found, told);
        }
    }

    /// Tells what is wrong with policies and settings.
    fn tell_policies(&mut self) {
        let mut found: BTreeMap<String, Value> = BTreeMap::new();
        for at in 0..self.workspaces.len() {
            let context = self.context_of(at);
            let mut files = ide::diagnostics::by_file(&context.snapshot);
            let loading = context.loading.iter().filter_map(|diagnostic| diagnostic.primary.as_ref());
            for label in loading {
                files.entry(label.place.file).or_default();
            }
            for (file, diagnostics) in files {
                if context.snapshot.is_embedded(file) {
                    continue;
                }
                let Some(uri) = context.paths.of.get(&file).and_then(|path| uri::from_path(path)) else { continue };
                let value = serde_json::to_value(context.shown(file, &diagnostics)).unwrap_or_default();
                found.insert(uri.as_str().to_owned(), value);
            }
        }
        let told = std::mem::take(&mut self.told);
        self.told = self.tell(found, told);
    }

    /// Tells what is another than was told; what is told now.
    fn tell(&self, found: BTreeMap<String, Value>, told: BTreeMap<String, String>) -> BTreeMap<String, String> {
        for uri in told.keys().filter(|uri| !found.contains_key(*uri)) {
            self.publish(uri, json!([]));
        }
        let mut now = BTreeMap::new();
        for (uri, diagnostics) in found {
            let shown = diagnostics.to_string();
            if told.get(&uri) != Some(&shown) {
                self.publish(&uri, diagnostics);
            }
            now.insert(uri, shown);
        }
        now
    }

    fn publish(&self, uri: &str, diagnostics: Value) {
        let version = uri
            .parse()
            .ok()
            .and_then(|uri| uri::to_path(&uri))
            .and_then(|path| self.documents.get(&path))
            .map(|document| document.version);
        let params = json!({ "uri": uri, "diagnostics": diagnostics, "version": version });
        self.notify("textDocument/publishDiagnostics", params);
    }

    /// What features see of a folder.
    pub fn context_of(&mut self, at: usize) -> Context {
        let workspace = &mut self.workspaces[at];
        Context {
            options: self.options,
            answers: self.answers.clone(),
            snapshot: workspace.snapshot().clone(),
            paths: workspace.paths.clone(),
            client: self.client,
            cancel: base::Cancel::new(),
            loading: std::sync::Arc::new(workspace.loading.clone()),
            folder: workspace.folder.clone(),
            live: self.facts.get(&workspace.root).filter(|_| self.options.live).cloned(),
            text: None,
            extractors: self.setup.extractors,
        }
    }
}

/// Whether a file says something to the compiler.
pub fn watched(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "law") || path.ends_with("lawbook.toml")
}

/// Applies a change to a text.
fn apply(text: &mut String, change: TextDocumentContentChangeEvent, encoding: crate::convert::Encoding) {
    let Some(range) = change.range else {
        *text = change.text;
        return;
    };
    let (index, breaks) = (base::LineIndex::new(text), breaks(text));
    let span = Lines { text, index: &index, breaks: breaks.as_deref(), encoding }.span(range);
    text.replace_range(span.range(), &change.text);
}

/// Writes the pages of all codes where diagnostics link to them.
fn lay_out_pages(cache: &Path) {
    let folder = cache.join("codes");
    if std::fs::create_dir_all(&folder).is_err() {
        return;
    }
    for page in audit::codes::all() {
        let path = folder.join(format!("{}.md", page.code));
        if !std::fs::read_to_string(&path).is_ok_and(|known| known == page.text) {
            // A link that leads nowhere is all that comes of it.
            let _ = std::fs::write(&path, page.text);
        }
    }
}
