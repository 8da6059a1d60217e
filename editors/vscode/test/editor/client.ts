/** The extension's part of what it and the server say to each other, against a server that answers by the book. */

import * as assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as path from 'node:path';

import * as vscode from 'vscode';

import { api, behind, eventually, file, insert, open, withServer } from './harness';
import type { Tests } from './harness';

const SCRIPTED = path.join(__dirname, '../test/editor/scripted.mjs');

interface Message {
    method: string;
    params: Record<string, unknown>;
}

/** What the server was told. */
function transcript(method: string): Record<string, unknown>[] {
    const lines = readFileSync(path.join(process.env['LAWBOOK_SCRATCH'] ?? '', 'transcript.jsonl'), 'utf8').trim().split('\n');
    const messages = lines.map((line) => JSON.parse(line) as Message);
    return messages.filter((message) => message.method === method).map((message) => message.params);
}

export const client: Tests = {
    'the server starts with its settings': () =>
        withServer(SCRIPTED, async () => {
            assert.equal((await api()).server.problem, undefined);
            const { initializationOptions } = transcript('initialize').at(-1) as { initializationOptions: unknown };
            assert.deepEqual(initializationOptions, {
                live: true,
                hints: { types: true, columns: true, params: true, rows: true },
                showsAnswers: true,
            });
        }),

    'changed settings reach the server': () =>
        withServer(SCRIPTED, async () => {
            const settings = vscode.workspace.getConfiguration('lawbook');
            await settings.update('live', false, vscode.ConfigurationTarget.Workspace);
            await eventually('the change', () =>
                transcript('workspace/didChangeConfiguration').some((params) => JSON.stringify(params).includes('"live":false')),
            );
            await settings.update('live', undefined, vscode.ConfigurationTarget.Workspace);
        }),

    'commands ask about what stands at the cursor, and answers are shown': () =>
        withServer(SCRIPTED, async () => {
            const { explanations } = await api();
            const editor = await open('policies/house.law');
            const at = behind(editor.document, 'remedy: "Name');
            editor.selection = new vscode.Selection(at, at);
            await vscode.commands.executeCommand('lawbook.explainHere');
            assert.equal(explanations.shown?.title, 'explain HOUSE-1');
            const sent = transcript('workspace/executeCommand').at(-1);
            const uri = file('policies/house.law').toString();
            assert.deepEqual(sent, { command: 'lawbook.explain', arguments: [{ uri, name: 'HOUSE-1' }] });
            // The file that holds the same is not opened as well.
            const files = vscode.window.tabGroups.all.flatMap((group) => group.tabs.map((tab) => tab.label));
            assert.ok(!files.some((label) => label.endsWith('.md')), files.join());
        }),

    'a lens of the server runs its command and shows what it answers': () =>
        withServer(SCRIPTED, async () => {
            const { explanations } = await api();
            await open('policies/house.law');
            const lenses = await eventually('the lens', async () => {
                const uri = file('policies/house.law');
                const found = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 5);
                return found.length > 0 ? found : undefined;
            });
            const command = lenses[0]?.command;
            assert.equal(command?.title, 'explain');
            await vscode.commands.executeCommand(command.command, ...(command.arguments ?? []));
            assert.equal(explanations.shown?.title, 'explain HOUSE-1');
        }),

    'an error of the server is told and harms nothing': () =>
        withServer(SCRIPTED, async () => {
            const { server } = await api();
            await server.ask('lawbook.run', { uri: file('policies/house.law').toString(), name: 'NO-1' });
            assert.ok(server.running);
        }),

    'what an edit changed is kept and shown': () =>
        withServer(SCRIPTED, async () => {
            const { changes } = await api();
            const editor = await open('policies/house.law');
            await insert(editor, new vscode.Position(0, 0), '// ');
            assert.equal(await eventually('the change', () => changes.last), '+ HOUSE-1 nobody looks after OpenAI\n- HOUSE-1 old');
            await vscode.commands.executeCommand('workbench.action.files.revert');
            await vscode.commands.executeCommand('lawbook.showChanges');
            assert.match(vscode.window.activeTextEditor?.document.getText() ?? '', /^\+ HOUSE-1 nobody looks after OpenAI/);
        }),

    'without a server commands say why and show nothing': () =>
        withServer('/nowhere/lawbook', async () => {
            const { server, explanations } = await api();
            const before = explanations.shown;
            await server.ask('lawbook.run', { uri: file('policies/house.law').toString(), name: 'HOUSE-1' });
            assert.equal(explanations.shown, before);
        }),
};
