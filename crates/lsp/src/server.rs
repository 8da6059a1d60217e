//! The one thread that owns all state: messages in their order, edits applied, what changed compiled, requests handed to
//! workers.
//!
//! Compiling waits until somebody needs it or no message is left, so that a burst of keys costs one compilation.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use base::Cancel;
use crossbeam_channel::{Receiver, Sender, select, unbounded};
use lsp_server::{Connection, ErrorCode, Message, Notification, Request, RequestId, Response};
use lsp_types::{InitializeParams, InitializeResult, ServerInfo, Uri};
use rustc_hash::FxHashMap;
use serde_json::{Value, json};

use crate::context::{Client, Context};
use crate::evaluate::inside;
use crate::findings::Pulled;
use crate::handlers::{self, tokens::Answers};
use crate::live::{Event, Live};
use crate::notify::watched;
use crate::results::LiveFacts;
use crate::settings::Options;
use crate::tasks::{Done, Pool, Task};
use crate::workspace::Workspace;
use crate::{Setup, capabilities, uri};

/// Workers that answer requests.
const WORKERS: usize = 2;

/// An open document.
pub struct Document {
    /// Its text.
    pub text: String,
    /// The version that the client told last.
    pub version: i32,
}

/// A request that is being answered.
struct Running {
    /// Raised once nobody waits for the answer.
    cancel: Cancel,
    /// Raised once the document is another.
    stale: Cancel,
    /// The document, of what clients ask again after each change.
    document: Option<PathBuf>,
}

/// What clients ask of a whole document after each change.
const ASKED_AGAIN: [&str; 6] = [
    "textDocument/semanticTokens/full",
    "textDocument/semanticTokens/full/delta",
    "textDocument/inlayHint",
    "textDocument/codeLens",
    "textDocument/documentSymbol",
    "textDocument/foldingRange",
];

/// All state.
pub struct Server {
    pub setup: Setup,
    pub client: Client,
    pub sender: Sender<Message>,
    /// Folders, each with its policies; at least one.
    pub workspaces: Vec<Workspace>,
    /// Open documents by path.
    pub documents: BTreeMap<PathBuf, Document>,
    /// What was told of each file last, by its document: clients that do not ask are told what changed.
    pub told: BTreeMap<String, String>,
    /// The same of findings, which are told of whoever asks.
    pub told_findings: BTreeMap<String, String>,
    /// Whose findings the client asks for itself: it is not told of them.
    pub pulled: Pulled,
    /// Versions of what was told of last.
    pub told_version: Vec<u64>,
    /// The thread that evaluates.
    pub live: Live,
    events: Receiver<Event>,
    /// What was evaluated last of each folder.
    pub facts: BTreeMap<PathBuf, Arc<LiveFacts>>,
    /// What the user set.
    pub options: Options,
    pub answers: Arc<Answers>,
    /// Number of the progress that is shown, and whether the client agreed to it.
    pub progress: Option<(u32, bool)>,
    pub progress_number: u32,
    /// Findings are others than those that were told.
    pub findings_changed: bool,
    pool: Pool,
    done: Receiver<Done>,
    /// Flags of requests that are being answered.
    running: FxHashMap<RequestId, Running>,
    /// Questions to the client, by number: what to do with the answer.
    pub asked: FxHashMap<RequestId, fn(&mut Server, Value)>,
    pub next_question: i32,
    shutdown: bool,
}

/// Speaks over a connection until the client says `exit` or goes away. Whether it said `shutdown` before.
pub fn serve(connection: Connection, setup: &Setup) -> bool {
    let Ok((id, params)) = connection.initialize_start() else { return false };
    let params: InitializeParams = match serde_json::from_value(lenient(params)) {
        Ok(params) => params,
        Err(error) => {
            let response = Response::new_err(id, ErrorCode::InvalidParams as i32, error.to_string());
            let _ = connection.sender.send(response.into());
            return false;
        }
    };
    let mut client = capabilities::client(&params.capabilities);
    let own = params.initialization_options.as_ref().and_then(|options| options.get("showsAnswers"));
    client.shows &= own.and_then(Value::as_bool) != Some(true);
    let result = InitializeResult {
        capabilities: capabilities::server(&client),
        server_info: Some(ServerInfo { name: "lawbook".to_owned(), version: Some(setup.version.to_owned()) }),
    };
    let result = serde_json::to_value(result).unwrap_or_default();
    if connection.sender.send(Response::new_ok(id, result).into()).is_err() {
        return false;
    }
    let (done_sender, done) = unbounded();
    let (live, events) = Live::start(setup.clone());
    let options = Options::default().with(params.initialization_options.as_ref().unwrap_or(&Value::Null));
    let mut server = Server {
        setup: setup.clone(),
        client,
        sender: connection.sender.clone(),
        workspaces: Vec::new(),
        documents: BTreeMap::new(),
        told: BTreeMap::new(),
        told_findings: BTreeMap::new(),
        pulled: Pulled::default(),
        told_version: Vec::new(),
        live,
        events,
        facts: BTreeMap::new(),
        options,
        answers: Arc::default(),
        progress: None,
        progress_number: 0,
        findings_changed: false,
        pool: Pool::new(WORKERS, &done_sender),
        done,
        running: FxHashMap::default(),
        asked: FxHashMap::default(),
        next_question: 0,
        shutdown: false,
    };
    server.open_folders(&params);
    server.run(&connection.receiver);
    server.shutdown
}

/// The params of `initialize` without those capabilities that are not as the protocol says: one that a client writes down
/// wrongly is one that it does not have.
fn lenient(mut params: Value) -> Value {
    if let Some(parts) = params.get_mut("capabilities").and_then(Value::as_object_mut) {
        for (name, part) in parts.iter_mut() {
            let fits = |value: Value| {
                serde_json::from_value::<lsp_types::ClientCapabilities>(json!({ name.as_str(): value })).is_ok()
            };
            if fits(part.clone()) {
                continue;
            }
            match part.as_object_mut() {
                Some(own) => own.retain(|key, value| fits(json!({ key.as_str(): value.clone() }))),
                None => *part = Value::Null,
            }
        }
    }
    params
}

impl Server {
    fn run(&mut self, receiver: &Receiver<Message>) {
        loop {
            // What is there already comes first, then what is to be told, then waiting.
            let message = match receiver.try_recv() {
                Ok(message) => message,
                Err(crossbeam_channel::TryRecvError::Disconnected) => return,
                Err(crossbeam_channel::TryRecvError::Empty) => {
                    self.tell_diagnostics();
                    select! {
                        recv(receiver) -> message => match message {
                            Ok(message) => message,
                            Err(_) => return,
                        },
                        recv(self.events) -> event => {
                            if let Ok(event) = event {
                                self.event(event);
                            }
                            continue;
                        }
                        recv(self.done) -> done => {
                            if let Ok(done) = done {
                                self.finished(done);
                            }
                            continue;
                        }
                    }
                }
            };
            while let Ok(done) = self.done.try_recv() {
                self.finished(done);
            }
            if !self.message(message) {
                return;
            }
        }
    }

    /// Takes a message; false after `exit`.
    fn message(&mut self, message: Message) -> bool {
        match message {
            Message::Request(request) => self.request(request),
            Message::Notification(told) if told.method == "exit" => return false,
            Message::Notification(told) => self.notification(told),
            Message::Response(response) => {
                if let Some(then) = self.asked.remove(&response.id) {
                    then(self, response.response_result.unwrap_or_default());
                }
            }
        }
        true
    }

    fn request(&mut self, request: Request) {
        let Request { id, method, params } = request;
        if self.shutdown {
            let message = "the server was shut down".to_owned();
            return self.respond(Response::new_err(id, ErrorCode::InvalidRequest as i32, message));
        }
        if method == "shutdown" {
            self.shutdown = true;
            return self.respond(Response::new_ok(id, Value::Null));
        }
        if method == "workspace/executeCommand" {
            return self.command(id, &params);
        }
        let Some(handler) = handlers::handler(&method) else {
            let message = format!("there is no method `{method}` here");
            return self.respond(Response::new_err(id, ErrorCode::MethodNotFound as i32, message));
        };
        self.note_pulled(&method, &params);
        let cancel = Cancel::new();
        let context = self.context(&params, cancel.clone());
        let stale = Cancel::new();
        let document = ASKED_AGAIN.contains(&method.as_str()).then(|| document(&params)).flatten();
        self.running.insert(id.clone(), Running { cancel: cancel.clone(), stale: stale.clone(), document });
        let work = Box::new(move || handler(&context, params));
        self.pool.start(Task { id, method, cancel, stale, work });
    }

    /// What the handler of a request sees: the folder of the document that it names.
    fn context(&mut self, params: &Value, cancel: Cancel) -> Context {
        let path = document(params);
        let at = path.as_ref().map_or(0, |path| self.workspace_of(path));
        let root = &self.workspaces[at].root;
        let text = path.as_ref().filter(|path| !watched(path)).and_then(|path| {
            let text = self.documents.get(path)?.text.as_str().into();
            Some((inside(root, path)?, text))
        });
        Context { cancel, text, ..self.context_of(at) }
    }

    /// Remembers whose findings the client asks for itself.
    fn note_pulled(&mut self, method: &str, params: &Value) {
        let new = match method {
            "workspace/diagnostic" => self.pulled.all(),
            "textDocument/diagnostic" => {
                document(params).filter(|path| !watched(path)).is_some_and(|path| self.pulled.add(&path))
            }
            _ => false,
        };
        self.findings_changed |= new;
    }

    fn finished(&mut self, done: Done) {
        self.running.remove(&done.response.id);
        if let Some(defect) = done.defect {
            self.log(1, &defect);
        }
        self.respond(done.response);
    }

    pub fn respond(&self, response: Response) {
        // A client that is gone hears nothing.
        let _ = self.sender.send(response.into());
    }

    /// Tells the client something.
    pub fn notify(&self, method: &str, params: Value) {
        let _ = self.sender.send(Notification { method: method.to_owned(), params }.into());
    }

    /// Writes to the client's log: 1 error, 2 warning, 3 info.
    pub fn log(&self, kind: u8, message: &str) {
        self.notify("window/logMessage", json!({ "type": kind, "message": message }));
    }

    /// Asks the client something.
    pub fn ask(&mut self, method: &str, params: Value, then: fn(&mut Server, Value)) {
        self.next_question += 1;
        let id = RequestId::from(format!("lawbook-{}", self.next_question));
        self.asked.insert(id.clone(), then);
        let _ = self.sender.send(Request::new(id, method.to_owned(), params).into());
    }

    /// The client takes a request back.
    pub fn cancel(&mut self, id: &Value) {
        let id = match id {
            Value::Number(number) => number.as_i64().and_then(|id| i32::try_from(id).ok()).map(RequestId::from),
            Value::String(text) => Some(RequestId::from(text.clone())),
            _ => None,
        };
        if let Some(running) = id.and_then(|id| self.running.get(&id)) {
            running.cancel.cancel();
        }
    }

    /// A document is another: what was asked of the old one and has not begun is not worth beginning.
    pub fn outdate(&self, document: &std::path::Path) {
        let old = self.running.values().filter(|running| running.document.as_deref() == Some(document));
        old.for_each(|running| running.stale.cancel());
    }
}

/// The document that the params of a request name.
fn document(params: &Value) -> Option<PathBuf> {
    let uri = ["/textDocument/uri", "/item/uri", "/data/uri"].iter().find_map(|path| params.pointer(path))?;
    uri::to_path(&uri.as_str()?.parse::<Uri>().ok()?)
}
