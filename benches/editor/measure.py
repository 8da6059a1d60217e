#!/usr/bin/env python3
"""How fast the language server answers in a large workspace: `measure.py LAWBOOK [FOLDER] [--files N] [--rows N] [--edits N]`.

It writes the workspace of `generate.py` where FOLDER does not hold one, starts the binary as an editor would, types into one of
its policies and measures, over stdin and stdout, from the message that tells of a key to the answer. Tables of p50 and p99 come
out, with the goal that each is held against.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import threading
import time
import queue

import generate

GOALS = {
    "diagnostics after a key": 20,
    "completion after a key": 20,
    "hover": 10,
    "tokens (delta) after a key": 10,
    "rename in all files": 200,
    "live result of a control": 300,
    "start to first diagnostics, warm": 1000,
}
MEMORY = 500


class Editor:
    """A client: it sends, and waits for answers; what the server asks it answers with nothing."""

    def __init__(self, binary, folder, cache, options):
        command = [binary, "lsp", "--stdio", "--cache", cache]
        self.server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder)
        self.folder, self.number, self.versions = pathlib.Path(folder), 0, {}
        self.messages = queue.Queue()
        self.told = []
        threading.Thread(target=self.read, daemon=True).start()
        capabilities = {
            "textDocument": {
                "diagnostic": {},
                "completion": {"completionItem": {"snippetSupport": True}},
                "semanticTokens": {
                    "requests": {"full": {"delta": True}},
                    "tokenTypes": [],
                    "tokenModifiers": [],
                    "formats": ["relative"],
                },
            },
            "workspace": {"codeLens": {"refreshSupport": True}, "inlayHint": {"refreshSupport": True}},
        }
        folders = [{"uri": self.folder.as_uri(), "name": "workspace"}]
        self.request(
            "initialize",
            {
                "processId": None,
                "rootUri": None,
                "capabilities": capabilities,
                "workspaceFolders": folders,
                "initializationOptions": options,
            },
        )
        self.notify("initialized", {})

    def read(self):
        pipe = self.server.stdout
        while True:
            length = 0
            while line := pipe.readline().strip():
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            if not length:
                self.messages.put(None)
                return
            payload = pipe.read(length)
            # The moment of arrival: reading JSON is the client's own time.
            self.messages.put((time.perf_counter(), payload))

    def write(self, message):
        message["jsonrpc"] = "2.0"
        payload = json.dumps(message).encode()
        self.server.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(payload), payload))
        self.server.stdin.flush()

    def notify(self, method, params):
        self.write({"method": method, "params": params})

    def take(self):
        """The next message with its time of arrival."""
        taken = self.messages.get(timeout=300)
        if taken is None:
            sys.exit("the server ended")
        at, payload = taken
        message = json.loads(payload)
        if "method" in message and "id" in message:
            self.write({"id": message["id"], "result": None})
        return at, message

    def request(self, method, params):
        """The result, and when it came."""
        self.number += 1
        number = self.number
        self.write({"id": number, "method": method, "params": params})
        while True:
            at, message = self.take()
            if message.get("id") == number and "method" not in message:
                if "error" in message:
                    sys.exit(f"{method}: {message['error']}")
                return message["result"], at
            self.told.append((at, message))

    def until(self, holds):
        """When the first message that holds came."""
        for at, message in self.told:
            if holds(message):
                self.told.clear()
                return at
        while True:
            at, message = self.take()
            if holds(message):
                self.told.clear()
                return at

    def uri(self, path):
        return (self.folder / path).as_uri()

    def open(self, path):
        text = (self.folder / path).read_text()
        self.versions[path] = 1
        document = {"uri": self.uri(path), "languageId": "lawbook", "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": document})
        return text

    def change(self, path, line, start, end, text):
        self.versions[path] += 1
        span = {"start": {"line": line, "character": start}, "end": {"line": line, "character": end}}
        document = {"uri": self.uri(path), "version": self.versions[path]}
        self.notify(
            "textDocument/didChange", {"textDocument": document, "contentChanges": [{"range": span, "text": text}]}
        )

    def at(self, path, line, character, **more):
        place = {"textDocument": {"uri": self.uri(path)}, "position": {"line": line, "character": character}}
        return place | more

    def memory(self):
        """Resident now and at most, in MiB."""
        status = pathlib.Path(f"/proc/{self.server.pid}/status").read_text().splitlines()
        value = {line.split(":")[0]: line.split()[1] for line in status if line.startswith("Vm")}
        return int(value["VmRSS"]) // 1024, int(value["VmHWM"]) // 1024

    def stop(self):
        self.request("shutdown", None)
        self.notify("exit", None)
        self.server.wait()


PATH = "policies/d01/t0123.law"


def starts(binary, folder, cache, measured):
    """From the start of the process to the diagnostics of the first file."""
    for name in ["start to first diagnostics, cold", *["start to first diagnostics, warm"] * 5]:
        begin = time.perf_counter()
        editor = Editor(binary, folder, cache, {"live": False})
        editor.open(PATH)
        _, at = editor.request("textDocument/diagnostic", {"textDocument": {"uri": editor.uri(PATH)}})
        measured.setdefault(name, []).append(at - begin)
        editor.stop()


def typing(editor, edits, measured):
    """A rule is typed key by key, and what an editor asks after each key is asked."""
    text = editor.open(PATH)
    document = {"textDocument": {"uri": editor.uri(PATH)}}
    line = text.count("\n")
    rule = 'late(i) :- own(i, u), events.event{id: i, user: u, minutes: m}, m > events.limit, u != "x".'
    tokens, _ = editor.request("textDocument/semanticTokens/full", document)
    previous, typed = tokens["resultId"], 0

    def timed(name, method, params, key=None):
        begin = time.perf_counter()
        if key is not None:
            editor.change(PATH, line, *key)
        result, at = editor.request(method, params)
        measured.setdefault(name, []).append(at - begin)
        return result

    for edit in range(edits):
        if typed == len(rule):
            editor.change(PATH, line, 0, typed, "")
            typed = 0
        key = (typed, typed, rule[typed])
        typed += 1
        match edit % 4:
            case 0:
                timed("diagnostics after a key", "textDocument/diagnostic", document, key)
            case 1:
                timed("completion after a key", "textDocument/completion", editor.at(PATH, line, typed), key)
            case 2:
                params = document | {"previousResultId": previous}
                previous = timed("tokens (delta) after a key", "textDocument/semanticTokens/full/delta", params, key)[
                    "resultId"
                ]
            case _:
                hints = document | {
                    "range": {"start": {"line": 0, "character": 0}, "end": {"line": line, "character": 0}}
                }
                timed("hints after a key", "textDocument/inlayHint", hints, key)
        timed("hover", "textDocument/hover", editor.at(PATH, 6, 14))
        timed("signature", "textDocument/signatureHelp", editor.at(PATH, 6, 28))
        timed("lenses", "textDocument/codeLens", document)
        timed("symbols of the file", "textDocument/documentSymbol", document)
    editor.change(PATH, line, 0, typed, "")
    shared = "policies/shared/events.law"
    editor.open(shared)
    for number in range(max(5, edits // 40)):
        place = editor.at(shared, 3, 7, newName=f"took_place_{number}")
        result = timed("rename in all files", "textDocument/rename", place)
        assert len(result["changes"]) > 900, len(result["changes"])
        timed("references in all files", "textDocument/references", place | {"context": {"includeDeclaration": True}})
        timed("symbols of the workspace", "workspace/symbol", {"query": "late"})


def living(editor, times, measured):
    """A constant of a control's rule changes: until the findings are told that came and went."""
    text = (editor.folder / PATH).read_text().split("\n")
    line = next(number for number, line in enumerate(text) if "m > events.limit" in line)
    start = text[line].index("events.limit")
    width = len("events.limit")
    logged = lambda sign: lambda message: (
        message.get("method") == "window/logMessage" and message["params"]["message"].startswith(sign)
    )
    for number in range(times):
        lower = number % 2 == 0
        new = "events.limit - 9" if lower else "events.limit"
        begin = time.perf_counter()
        editor.change(PATH, line, start, start + width, new)
        at = editor.until(logged("+" if lower else "-"))
        measured.setdefault("live result of a control", []).append(at - begin)
        width = len(new)
        time.sleep(0.2)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("binary")
    parser.add_argument("folder", nargs="?")
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--edits", type=int, default=400)
    parser.add_argument("--lives", type=int, default=30)
    parser.add_argument("--only", choices=["start", "typing", "live"])
    arguments = parser.parse_args()
    scratch = tempfile.TemporaryDirectory()
    folder = pathlib.Path(arguments.folder or scratch.name + "/workspace").resolve()
    if not (folder / "lawbook.toml").exists():
        generate.main(folder, arguments.files, arguments.rows)
    binary = str(pathlib.Path(arguments.binary).resolve())
    cache = scratch.name + "/cache"
    measured, memory = {}, []
    if arguments.only in (None, "start"):
        starts(binary, folder, cache, measured)
    if arguments.only in (None, "typing"):
        editor = Editor(binary, folder, cache, {"live": False})
        typing(editor, arguments.edits, measured)
        memory.append(("policies alone", *editor.memory()))
        editor.stop()
    if arguments.only in (None, "live"):
        editor = Editor(binary, folder, cache, {})
        editor.open(PATH)
        begin = time.perf_counter()
        at = editor.until(lambda message: message.get("method") == "workspace/codeLens/refresh")
        measured["first evaluation"] = [at - begin]
        living(editor, arguments.lives, measured)
        memory.append(("with facts", *editor.memory()))
        editor.stop()
    print(f"| {'what':36} | {'times':>5} | {'p50 ms':>8} | {'p99 ms':>8} | {'goal':>5} |")
    print(f"|{'-' * 38}|{'-' * 6}:|{'-' * 9}:|{'-' * 9}:|{'-' * 6}:|")
    for name, times in measured.items():
        times.sort()
        at = lambda part: 1000 * times[min(len(times) - 1, int(part * len(times)))]
        print(f"| {name:36} | {len(times):5} | {at(0.5):8.1f} | {at(0.99):8.1f} | {GOALS.get(name, ''):>5} |")
    for name, now, most in memory:
        print(f"memory, {name}: {now} MiB, {most} MiB at most (goal {MEMORY})")


if __name__ == "__main__":
    main()
