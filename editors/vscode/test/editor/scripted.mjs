#!/usr/bin/env node
// A stand-in for `lawbook` whose server answers by the book: what is tested with it is the extension's own part. It writes
// down what it is asked, one JSON value a line, to the file that LAWBOOK_TRANSCRIPT names.

import { appendFileSync } from 'node:fs';

const [command, option] = process.argv.slice(2);
if (command === '--version') {
    console.log('lawbook 0.0.0 (scripted)');
    process.exit(0);
}
if (command !== 'lsp') process.exit(2);
if (option === '--help') process.exit(0);

const transcript = process.env.LAWBOOK_TRANSCRIPT ?? `${process.env.LAWBOOK_SCRATCH}/transcript.jsonl`;
const send = (message) => {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    process.stdout.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
};

const range = { start: { line: 10, character: 0 }, end: { line: 10, character: 7 } };

/** Whether the client shows answers itself. */
let shown = false;

const COMMANDS = ['lawbook.run', 'lawbook.explain', 'lawbook.whyNot', 'lawbook.test', 'lawbook.debugRule'];

function execute({ command, arguments: [{ name }] }) {
    if (name === 'NO-1') throw new Error('there is no control `NO-1`');
    const title = `${command.replace('lawbook.', '')} ${name}`;
    const uri = `file://${process.env.LAWBOOK_SCRATCH}/lawbook/explain/${title.replace(' ', '_')}.md`;
    if (!shown) send({ id: `show ${title}`, method: 'window/showDocument', params: { uri, takeFocus: true } });
    return { title, text: `# ${title}\n\nat policies/house.law:4:3\n`, uri };
}

const REQUESTS = {
    initialize: ({ initializationOptions }) => {
        shown = initializationOptions?.showsAnswers === true;
        return {
            capabilities: {
                textDocumentSync: 2,
                executeCommandProvider: { commands: COMMANDS },
                codeLensProvider: {},
            },
        };
    },
    shutdown: () => null,
    'workspace/executeCommand': execute,
    'textDocument/codeLens': ({ textDocument }) => [
        { range, command: { title: 'explain', command: 'lawbook.explain', arguments: [{ uri: textDocument.uri, name: 'HOUSE-1' }] } },
    ],
};

const NOTIFICATIONS = {
    exit: () => process.exit(0),
    'textDocument/didChange': () =>
        send({ method: 'window/logMessage', params: { type: 3, message: '+ HOUSE-1 nobody looks after OpenAI\n- HOUSE-1 old' } }),
};

function receive({ id, method, params }) {
    appendFileSync(transcript, `${JSON.stringify({ method, params })}\n`);
    if (id === undefined) return NOTIFICATIONS[method]?.(params);
    if (method === undefined) return undefined;
    try {
        const answer = REQUESTS[method];
        if (!answer) return send({ id, error: { code: -32601, message: `no ${method}` } });
        return send({ id, result: answer(params) });
    } catch (error) {
        return send({ id, error: { code: -32603, message: error.message } });
    }
}

let buffer = Buffer.alloc(0);
process.stdin.on('data', (chunk) => {
    buffer = Buffer.concat([buffer, chunk]);
    for (;;) {
        const header = buffer.indexOf('\r\n\r\n');
        if (header < 0) return;
        const length = Number(/Content-Length: (\d+)/i.exec(buffer.subarray(0, header).toString())[1]);
        if (buffer.length < header + 4 + length) return;
        const body = buffer.subarray(header + 4, header + 4 + length).toString();
        buffer = buffer.subarray(header + 4 + length);
        receive(JSON.parse(body));
    }
});
process.stdin.on('end', () => process.exit(0));
