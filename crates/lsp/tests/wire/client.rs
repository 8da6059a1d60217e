//! An editor for tests: it sends messages, waits for answers, and remembers what it was told.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::thread::JoinHandle;
use std::time::Duration;

use audit::Extractors;
use lsp::{Setup, memory, serve};
use lsp_server::{Connection, Message, Notification, Request, RequestId, Response};
use serde_json::{Value, json};

/// Nobody waits longer: what takes so long hangs.
const PATIENCE: Duration = Duration::from_secs(240);

/// The extractors of the binary, without its credential patterns.
fn extractors() -> Extractors {
    let mut readers = extract_code::extractors();
    readers.extend(extract_data::extractors());
    Extractors {
        readers,
        languages: extract_code::languages(),
        scanner: |_, salt| Box::new(extract_data::Scanner::new(Vec::new(), salt.unwrap_or("test"))),
    }
}

/// The settings of a folder.
pub const SETTINGS: &str = "[policies]\npacks = []\npaths = [\"policies\"]\n\n[check]\nas_of = 2026-11-20\n";

/// A folder with policies and what they look at.
pub struct Folder(tempfile::TempDir);

impl Folder {
    /// A folder with these files beside its settings.
    pub fn new(files: &[(&str, &str)]) -> Folder {
        let folder = Folder(tempfile::tempdir().unwrap());
        folder.write("lawbook.toml", SETTINGS);
        files.iter().for_each(|(path, text)| folder.write(path, text));
        folder
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub fn root(&self) -> PathBuf {
        self.0.path().canonicalize().unwrap()
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    pub fn uri(&self, path: &str) -> String {
        uri(&self.path(path))
    }
}

pub fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}

/// An editor.
pub struct Client {
    connection: Connection,
    server: Option<JoinHandle<bool>>,
    next: i32,
    /// Versions of open documents.
    versions: BTreeMap<String, i32>,
    /// Diagnostics told last, by document.
    pub told: BTreeMap<String, Value>,
    /// Other notifications in their order.
    pub notified: Vec<Notification>,
    /// Methods of what the server asked.
    pub asked: Vec<String>,
    /// What the server registered.
    pub registered: Vec<Value>,
    /// Answers that nobody has waited for yet.
    answers: BTreeMap<String, Response>,
    /// What the server answers to `initialize`.
    pub capabilities: Value,
}

impl Client {
    /// Starts a server for these folders; `capabilities` and `options` are those of the client.
    pub fn start(folders: &[&Folder], capabilities: &Value, options: &Value) -> Client {
        let (ours, theirs) = memory();
        let cache = folders[0].path("cache");
        let setup = Setup { extractors, cache: Some(cache), version: "0.0.0" };
        let server = std::thread::spawn(move || serve(theirs, &setup));
        let mut client = Client {
            connection: ours,
            server: Some(server),
            next: 0,
            versions: BTreeMap::new(),
            told: BTreeMap::new(),
            notified: Vec::new(),
            asked: Vec::new(),
            registered: Vec::new(),
            answers: BTreeMap::new(),
            capabilities: Value::Null,
        };
        let folders: Vec<Value> =
            folders.iter().map(|folder| json!({ "uri": uri(&folder.root()), "name": "folder" })).collect();
        let params = json!({
            "processId": null,
            "rootUri": null,
            "capabilities": capabilities,
            "workspaceFolders": folders,
            "initializationOptions": options,
        });
        client.capabilities = client.request("initialize", params).unwrap();
        client.notify("initialized", json!({}));
        client
    }

    /// One folder, a client that can nothing, nothing evaluated.
    pub fn plain(folder: &Folder) -> Client {
        Client::start(&[folder], &json!({}), &json!({ "live": false }))
    }

    pub fn notify(&mut self, method: &str, params: Value) {
        self.connection.sender.send(Notification::new(method.to_owned(), params).into()).unwrap();
    }

    /// Sends a request; its number.
    pub fn send(&mut self, method: &str, params: Value) -> RequestId {
        self.next += 1;
        let id = RequestId::from(self.next);
        self.connection.sender.send(Request::new(id.clone(), method.to_owned(), params).into()).unwrap();
        id
    }

    /// Waits for the answer to a request: its result, or the code and message of its error.
    pub fn wait(&mut self, id: &RequestId) -> Result<Value, (i32, String)> {
        loop {
            if let Some(response) = self.answers.remove(&id.to_string()) {
                return response.response_result.map_err(|error| (error.code, error.message));
            }
            self.receive();
        }
    }

    pub fn request(&mut self, method: &str, params: Value) -> Result<Value, (i32, String)> {
        let id = self.send(method, params);
        self.wait(&id)
    }

    /// Takes the next message.
    pub fn receive(&mut self) {
        let message = self.connection.receiver.recv_timeout(PATIENCE).expect("the server answers");
        match message {
            Message::Response(response) => drop(self.answers.insert(response.id.to_string(), response)),
            Message::Notification(told) if told.method == "textDocument/publishDiagnostics" => {
                let uri = told.params["uri"].as_str().unwrap_or_default().to_owned();
                self.told.insert(uri, told.params["diagnostics"].clone());
                self.notified.push(told);
            }
            Message::Notification(told) => self.notified.push(told),
            Message::Request(request) => {
                self.asked.push(request.method.clone());
                let registered = request.params["registrations"].as_array().cloned().unwrap_or_default();
                self.registered.extend(registered);
                let answer = match request.method.as_str() {
                    "workspace/configuration" => json!([null]),
                    _ => Value::Null,
                };
                self.connection.sender.send(Response::new_ok(request.id, answer).into()).unwrap();
            }
        }
    }

    /// Waits until something holds.
    pub fn until(&mut self, holds: impl Fn(&Client) -> bool) {
        while !holds(self) {
            self.receive();
        }
    }

    pub fn open(&mut self, uri: &str, text: &str) {
        self.versions.insert(uri.to_owned(), 1);
        let document = json!({ "uri": uri, "languageId": "lawbook", "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
    }

    /// Puts a text in the place of a range, or of all where there is none.
    pub fn change(&mut self, uri: &str, range: Option<[u32; 4]>, text: &str) {
        let version = self.versions.entry(uri.to_owned()).or_insert(0);
        *version += 1;
        let change = match range {
            Some([line, character, to_line, to_character]) => json!({
                "range": {
                    "start": { "line": line, "character": character },
                    "end": { "line": to_line, "character": to_character },
                },
                "text": text,
            }),
            None => json!({ "text": text }),
        };
        let document = json!({ "uri": uri, "version": *version });
        self.notify("textDocument/didChange", json!({ "textDocument": document, "contentChanges": [change] }));
    }

    /// A request about a position.
    pub fn at(&mut self, method: &str, uri: &str, line: u32, character: u32, more: Value) -> Value {
        let mut params =
            json!({ "textDocument": { "uri": uri }, "position": { "line": line, "character": character } });
        if let (Some(params), Some(more)) = (params.as_object_mut(), more.as_object()) {
            params.extend(more.clone());
        }
        self.request(method, params).unwrap()
    }

    /// Says goodbye; whether the server went as it should.
    pub fn stop(mut self) -> bool {
        self.request("shutdown", Value::Null).unwrap();
        self.notify("exit", Value::Null);
        self.server.take().unwrap().join().unwrap()
    }
}
