//! Messages over stdin and stdout. What is no message is answered as such, and reading goes on: an editor that sends nonsense
//! once must not lose its server.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::thread::JoinHandle;

use crossbeam_channel::{Sender, unbounded};
use lsp_server::{Connection, Message};
use serde_json::json;

/// Messages of more bytes are skipped.
const MOST: usize = 256 << 20;

/// The threads behind a connection.
pub struct Threads {
    writer: JoinHandle<()>,
}

impl Threads {
    /// Waits until everything is written.
    pub fn join(self) {
        // Who panicked has been told of.
        let _ = self.writer.join();
    }
}

/// What goes out: a message, or the answer to what was none.
enum Out {
    Message(Message),
    Raw(String),
}

/// A connection over stdin and stdout.
pub fn stdio() -> (Connection, Threads) {
    let (in_sender, receiver) = unbounded::<Message>();
    let (sender, messages) = unbounded::<Message>();
    let (out_sender, out) = unbounded::<Out>();
    let answers = out_sender.clone();
    std::thread::spawn(move || {
        let mut input = BufReader::new(io::stdin());
        while let Some(payload) = read_payload(&mut input) {
            if !pass_on(&payload, &in_sender, &answers) {
                break;
            }
        }
    });
    std::thread::spawn(move || messages.into_iter().for_each(|message| drop(out_sender.send(Out::Message(message)))));
    let writer = std::thread::spawn(move || {
        let mut output = io::stdout();
        for message in out {
            let text = match message {
                Out::Message(message) => with_version(&message),
                Out::Raw(text) => text,
            };
            let framed = format!("Content-Length: {}\r\n\r\n{text}", text.len());
            if output.write_all(framed.as_bytes()).and_then(|()| output.flush()).is_err() {
                break;
            }
        }
    });
    (Connection { sender, receiver }, Threads { writer })
}

/// A message as it goes out.
#[derive(serde::Serialize)]
struct Versioned<'a> {
    jsonrpc: &'static str,
    #[serde(flatten)]
    message: &'a Message,
}

fn with_version(message: &Message) -> String {
    // Straight into the text: answers have thousands of values.
    serde_json::to_string(&Versioned { jsonrpc: "2.0", message }).unwrap_or_default()
}

/// Hands a payload on; false once nothing more is to be read.
fn pass_on(payload: &[u8], sender: &Sender<Message>, answers: &Sender<Out>) -> bool {
    match serde_json::from_slice::<Message>(payload) {
        Ok(message) => {
            let exit = matches!(&message, Message::Notification(told) if told.method == "exit");
            sender.send(message).is_ok() && !exit
        }
        Err(error) => {
            let id = serde_json::from_slice::<serde_json::Value>(payload);
            let (id, code) = match id {
                Ok(value) => (value.get("id").cloned().unwrap_or_default(), -32600),
                Err(_) => (serde_json::Value::Null, -32700),
            };
            let told = json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": error.to_string() } });
            answers.send(Out::Raw(told.to_string())).is_ok()
        }
    }
}

/// The next payload; none at the end of the input.
fn read_payload(input: &mut impl BufRead) -> Option<Vec<u8>> {
    loop {
        let mut length: Option<usize> = None;
        let mut any = false;
        loop {
            let mut line = Vec::new();
            if input.by_ref().take(1 << 16).read_until(b'\n', &mut line).ok()? == 0 {
                return None;
            }
            let line = String::from_utf8_lossy(&line);
            let line = line.trim_end();
            if line.is_empty() {
                break;
            }
            any = true;
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().ok();
            }
        }
        let Some(length) = length.filter(|_| any) else { continue };
        if length > MOST {
            io::copy(&mut input.by_ref().take(length as u64), &mut io::sink()).ok()?;
            continue;
        }
        let mut payload = vec![0; length];
        input.read_exact(&mut payload).ok()?;
        return Some(payload);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payloads_are_found_between_what_is_none() {
        let mut input = io::Cursor::new(
            b"nonsense\r\n\r\nContent-Length: 2\r\nX: y\r\n\r\n{}content-length:3\n\nabcContent-Length: 9\r\n\r\nshort"
                .to_vec(),
        );
        assert_eq!(read_payload(&mut input).as_deref(), Some(&b"{}"[..]));
        assert_eq!(read_payload(&mut input).as_deref(), Some(&b"abc"[..]));
        assert_eq!(read_payload(&mut input), None);
    }
}
