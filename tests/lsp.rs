//! The language server over stdin and stdout, with the built binary: frames, an editor's session, what is no message.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

struct Session {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Session {
    fn start(cache: &std::path::Path) -> Session {
        let mut child = Command::new(env!("CARGO_BIN_EXE_lawbook"))
            .args(["lsp", "--stdio", "--cache"])
            .arg(cache)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let input = child.stdin.take().expect("a pipe");
        let output = BufReader::new(child.stdout.take().expect("a pipe"));
        Session { child, input, output }
    }

    fn raw(&mut self, payload: &str) {
        write!(self.input, "Content-Length: {}\r\n\r\n{payload}", payload.len()).expect("the server reads");
        self.input.flush().expect("the server reads");
    }

    fn send(&mut self, mut message: Value) {
        message["jsonrpc"] = "2.0".into();
        self.raw(&message.to_string());
    }

    fn receive(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            self.output.read_line(&mut line).expect("a header");
            let line = line.trim_end();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("Content-Length: ") {
                length = value.parse().expect("a length");
            }
        }
        let mut payload = vec![0; length];
        self.output.read_exact(&mut payload).expect("a payload");
        serde_json::from_slice(&payload).expect("JSON")
    }

    /// The next message that holds.
    fn until(&mut self, holds: impl Fn(&Value) -> bool) -> Value {
        loop {
            let message = self.receive();
            assert_eq!(message["jsonrpc"], "2.0");
            if holds(&message) {
                return message;
            }
        }
    }
}

#[test]
fn an_editor_speaks_over_stdio() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    std::fs::create_dir(root.join("policies")).unwrap();
    std::fs::write(root.join("lawbook.toml"), "[policies]\npacks = []\npaths = [\"policies\"]\n").unwrap();
    std::fs::write(root.join("vendors.csv"), "Vendor,Owner\nOpenAI,\n").unwrap();
    let text = "use std.vendor\n\ncontrol C-1 \"Owners\" {\n    scope(v) :- vendor.register{name: v}.\n    violation(v, \"{v} has no owner\") :- vendor.register{name: v, owner: none}.\n}\n";
    std::fs::write(root.join("policies/a.law"), text).unwrap();
    let uri = |path: &str| format!("file://{}/{path}", root.display());
    let mut session = Session::start(&root.join("cache"));
    session.raw("this is no JSON");
    assert_eq!(session.receive()["error"]["code"], -32700);
    let params = json!({ "processId": null, "rootUri": uri(""), "capabilities": {} });
    session.send(json!({ "id": 1, "method": "initialize", "params": params }));
    let answer = session.until(|message| message["id"] == 1);
    assert_eq!(answer["result"]["serverInfo"]["name"], "lawbook");
    session.send(json!({ "method": "initialized", "params": {} }));
    let document = json!({ "uri": uri("policies/a.law"), "languageId": "lawbook", "version": 1, "text": text });
    session.send(json!({ "method": "textDocument/didOpen", "params": { "textDocument": document } }));
    // The finding is shown in the register.
    let register = uri("vendors.csv");
    let told = session.until(|message| message["params"]["uri"] == register.as_str());
    assert!(told["params"]["diagnostics"][0]["message"].as_str().unwrap().starts_with("OpenAI has no owner"));
    let at = json!({ "textDocument": { "uri": uri("policies/a.law") }, "position": { "line": 3, "character": 25 } });
    session.send(json!({ "id": "two", "method": "textDocument/hover", "params": at }));
    let answer = session.until(|message| message["id"] == "two");
    assert!(answer["result"]["contents"]["value"].as_str().unwrap().contains("**1 row**"), "{answer}");
    session.send(json!({ "id": 3, "method": "shutdown" }));
    assert_eq!(session.until(|message| message["id"] == 3)["result"], Value::Null);
    session.send(json!({ "method": "exit" }));
    assert_eq!(session.child.wait().unwrap().code(), Some(0));
}
