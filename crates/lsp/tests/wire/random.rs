//! Thousands of edits and requests in random order, malformed ones among them: never a crash, and at the end the server
//! says of the text what a fresh one says of it.

use serde_json::{Value, json};

use crate::client::{Client, Folder};

/// Numbers that look random and are the same every time.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides.max(1) as u64) as usize
    }
}

const ONE: &str = "//! One.\n\nuse std.vendor\n\nparam limit: int = 3\nrel caller(name: string, n: int)\ncaller(n, 1) :- vendor.register{name: n}, length(n) > limit.\n\ncontrol C-1 \"Ünïcode 𝄞\" {\n    severity: high\n    scope(v) :- caller(v, _).\n    violation(v, \"{v} has no owner\") :- vendor.register{name: v, owner: none}, not caller(v, 2).\n}\n";
const TWO: &str = "use one\n\nrel known(name: string)\nknown(n) :- one.caller(n, x), x > one.limit, ( one.caller(n, 1) or one.caller(n, 2) ).\n\ntest \"t\" {\n    given one.caller(\"a\", 1).\n    expect known(\"a\")\n}\n";

/// What is typed: pieces of policies, whole and broken.
const PIECES: [&str; 27] = [
    "\n",
    " ",
    ".",
    ",",
    "(",
    ")",
    "{",
    "}",
    "\"",
    ":-",
    "not ",
    "one.",
    "caller",
    "code.call{",
    "vendor.register{name: ",
    "𝄞",
    "ß",
    "// c",
    "/// d\n",
    "\"\"\"",
    "/re",
    "rel x(a: string)\n",
    "control Z \"t\" {\n",
    "use std.code\n",
    "count { x : ",
    "\r\n",
    "\r",
];

const POSITIONAL: [&str; 12] = [
    "textDocument/hover",
    "textDocument/completion",
    "textDocument/definition",
    "textDocument/typeDefinition",
    "textDocument/implementation",
    "textDocument/documentHighlight",
    "textDocument/prepareRename",
    "textDocument/signatureHelp",
    "textDocument/linkedEditingRange",
    "textDocument/prepareCallHierarchy",
    "textDocument/declaration",
    "textDocument/onTypeFormatting",
];

const WHOLE: [&str; 11] = [
    "textDocument/documentSymbol",
    "textDocument/foldingRange",
    "textDocument/semanticTokens/full",
    "textDocument/documentLink",
    "textDocument/codeLens",
    "textDocument/formatting",
    "textDocument/diagnostic",
    "textDocument/inlayHint",
    "workspace/diagnostic",
    "workspace/symbol",
    "codeAction/resolve",
];

/// The text with the change that the server was told of; positions count scalars.
fn edited(text: &str, start: usize, end: usize, new: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let end = end.min(chars.len());
    let start = start.min(end);
    chars[..start].iter().collect::<String>() + new + &chars[end..].iter().collect::<String>()
}

/// Line and character of a scalar.
fn position(text: &str, at: usize) -> (u32, u32) {
    let before: String = text.chars().take(at).collect();
    let next = text.chars().nth(at);
    let bytes = before.as_bytes();
    // A lone return ends a line too.
    let ends = |at: usize| match bytes[at] {
        b'\n' => true,
        b'\r' => bytes.get(at + 1).map_or(next != Some('\n'), |next| *next != b'\n'),
        _ => false,
    };
    let line = (0..bytes.len()).filter(|at| ends(*at)).count();
    let start = (0..bytes.len()).rfind(|at| ends(*at)).map_or(0, |at| at + 1);
    (line as u32, before[start..].chars().count() as u32)
}

fn capabilities() -> Value {
    json!({
        "general": { "positionEncodings": ["utf-32"] },
        "textDocument": { "diagnostic": {} },
    })
}

fn say(client: &mut Client, method: &str, uri: &str, dice: &mut Dice, text: &str) -> lsp_server::RequestId {
    let length = text.chars().count();
    let (line, character) = position(text, dice.roll(length + 1));
    // Sometimes where there is no text.
    let line = if dice.roll(20) == 0 { 10_000 } else { line };
    let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": line, "character": character } });
    let params = json!({
        "textDocument": { "uri": uri },
        "position": { "line": line, "character": character },
        "range": range,
        "ch": ".",
        "options": { "tabSize": 4, "insertSpaces": true },
        "context": { "includeDeclaration": true, "diagnostics": [] },
        "positions": [{ "line": line, "character": character }],
        "newName": "other",
        "query": "c",
        "previousResultIds": [],
        "title": "an action",
        "data": { "uri": uri, "name": "x", "path": "../x.csv", "at": character },
    });
    client.send(method, params)
}

/// What the server says of all documents.
fn state(client: &mut Client, uris: &[String]) -> Vec<Value> {
    let mut found = Vec::new();
    for uri in uris {
        for method in ["textDocument/diagnostic", "textDocument/documentSymbol", "textDocument/semanticTokens/full"] {
            let mut answer = client.request(method, json!({ "textDocument": { "uri": uri } })).unwrap();
            if let Some(object) = answer.as_object_mut() {
                object.remove("resultId");
            }
            found.push(answer);
        }
    }
    found
}

fn run(seed: u64, steps: usize) {
    let folder = Folder::new(&[("policies/one.law", ONE), ("policies/two.law", TWO)]);
    let mut client = Client::start(&[&folder], &capabilities(), &json!({ "live": false }));
    let uris = [folder.uri("policies/one.law"), folder.uri("policies/two.law")];
    let mut texts = [ONE.to_owned(), TWO.to_owned()];
    for (uri, text) in uris.iter().zip(&texts) {
        client.open(uri, text);
    }
    let mut dice = Dice(seed);
    let mut waiting = Vec::new();
    for _ in 0..steps {
        let which = dice.roll(2);
        let (uri, text) = (&uris[which], &mut texts[which]);
        match dice.roll(10) {
            0..=4 => {
                let length = text.chars().count();
                let start = dice.roll(length + 1);
                let end = start + if dice.roll(3) == 0 { dice.roll(12) } else { 0 };
                let new = if dice.roll(6) == 0 { "" } else { PIECES[dice.roll(PIECES.len())] };
                let (from, to) = (position(text, start), position(text, end.min(length)));
                // Between `\r` and `\n` there is no position.
                let near =
                    |at: usize| text.chars().nth(at) == Some('\n') && at > 0 && text.chars().nth(at - 1) == Some('\r');
                if near(start) || near(end.min(length)) {
                    continue;
                }
                client.change(uri, Some([from.0, from.1, to.0, to.1]), new);
                *text = edited(text, start, end, new);
            }
            5..=7 => {
                let method = POSITIONAL[dice.roll(POSITIONAL.len())];
                waiting.push(say(&mut client, method, uri, &mut dice, text));
            }
            8 => {
                let method = WHOLE[dice.roll(WHOLE.len())];
                waiting.push(say(&mut client, method, uri, &mut dice, text));
                let more = [
                    "textDocument/codeAction",
                    "textDocument/rename",
                    "textDocument/references",
                    "textDocument/selectionRange",
                ];
                waiting.push(say(&mut client, more[dice.roll(more.len())], uri, &mut dice, text));
            }
            _ => match dice.roll(8) {
                // A change that was told before, and one of long ago.
                5 => {
                    let version = dice.roll(3) as i32 - 1;
                    let change = json!({ "text": "rel late(x: string)\n" });
                    let document = json!({ "uri": uri, "version": version });
                    let params = json!({ "textDocument": document, "contentChanges": [change] });
                    client.notify("textDocument/didChange", params);
                }
                // What was never opened.
                6 => {
                    let document = json!({ "uri": folder.uri("policies/three.law"), "version": 9 });
                    let params = json!({ "textDocument": document, "contentChanges": [{ "text": "x" }] });
                    client.notify("textDocument/didChange", params);
                }
                7 => {
                    let method = WHOLE[dice.roll(WHOLE.len())];
                    waiting.push(say(&mut client, method, &folder.uri("data/none.json"), &mut dice, text));
                }
                0 => client.notify("$/cancelRequest", json!({ "id": dice.roll(500) })),
                1 => client.notify("textDocument/didChange", json!({ "broken": dice.roll(9) })),
                2 => waiting.push(client.send("textDocument/hover", json!([1, 2]))),
                3 => {
                    // Back to something that says something.
                    *text = if which == 0 { ONE.to_owned() } else { TWO.to_owned() };
                    client.change(uri, None, text);
                }
                _ => {
                    let closed = json!({ "textDocument": { "uri": uri } });
                    client.notify("textDocument/didClose", closed);
                    client.open(uri, text);
                }
            },
        }
        if waiting.len() > 40 {
            for id in waiting.drain(..) {
                // A refusal is an answer; a defect is not.
                if let Err((code, message)) = client.wait(&id) {
                    assert_ne!(code, -32603, "seed {seed}: {message}\n{texts:#?}");
                }
            }
        }
    }
    for id in waiting {
        if let Err((code, message)) = client.wait(&id) {
            assert_ne!(code, -32603, "seed {seed}: {message}\n{texts:#?}");
        }
    }
    let after = state(&mut client, &uris);
    let mut fresh = Client::start(&[&folder], &capabilities(), &json!({ "live": false }));
    for (uri, text) in uris.iter().zip(&texts) {
        fresh.open(uri, text);
    }
    assert_eq!(after, state(&mut fresh, &uris), "seed {seed}\n{texts:#?}");
    assert!(fresh.stop());
    assert!(client.stop());
}

#[test]
fn random_sessions_end_as_fresh_ones() {
    // `LAWBOOK_EDITS=8` runs as many sessions of a thousand steps.
    let many = std::env::var("LAWBOOK_EDITS").ok().and_then(|many| many.parse().ok());
    let (seeds, steps) = many.map_or((2, 150), |many: u64| (many, 1000));
    for seed in 1..=seeds {
        run(0x9e37_79b9_7f4a_7c15 ^ (seed * 0x1234_5678_9abc), steps);
    }
}
