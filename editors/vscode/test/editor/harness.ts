/** The few words that the tests are written in; lines go to the console, from where the runner prints them. */

import * as assert from 'node:assert/strict';

import * as vscode from 'vscode';

import type { Api } from '../../src/extension';

export type Tests = Record<string, () => Promise<void>>;

/** How long anything may take to appear. */
const PATIENCE = 30_000;

export async function api(): Promise<Api> {
    const extension = vscode.extensions.getExtension<Api>('lawbook.lawbook');
    assert.ok(extension, 'the extension is installed');
    return extension.activate();
}

export async function run(group: string, tests: Tests): Promise<void> {
    const failed: string[] = [];
    console.log(`# ${group}`);
    for (const [name, test] of Object.entries(tests)) {
        try {
            await test();
            console.log(`ok ${name}`);
        } catch (error) {
            failed.push(name);
            console.log(`not ok ${name}`);
            for (const line of String(error instanceof Error ? error.stack : error).split('\n')) console.log(`# ${line}`);
        }
    }
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    assert.deepEqual(failed, [], group);
}

export function skip(group: string, reason: string): void {
    console.log(`# skipped ${group}: ${reason}`);
}

/** What `look` finds, as soon as it finds something. */
export async function eventually<T>(what: string, look: () => T | Thenable<T>): Promise<NonNullable<T>> {
    const end = Date.now() + PATIENCE;
    let last: unknown;
    while (Date.now() < end) {
        try {
            const found = await look();
            if (found) return found;
        } catch (error) {
            last = error;
        }
        await new Promise((done) => setTimeout(done, 50));
    }
    throw new Error(`waited in vain: ${what}${last === undefined ? '' : ` (${String(last)})`}`);
}

export function folder(): vscode.Uri {
    const folder = vscode.workspace.workspaceFolders?.[0];
    assert.ok(folder, 'a folder is open');
    return folder.uri;
}

export function file(name: string): vscode.Uri {
    return vscode.Uri.joinPath(folder(), name);
}

/** A document, shown, as it is on disk. */
export async function open(name: string): Promise<vscode.TextEditor> {
    const editor = await vscode.window.showTextDocument(file(name), { preview: false });
    if (editor.document.isDirty) await vscode.commands.executeCommand('workbench.action.files.revert');
    return editor;
}

/** The place just behind the first occurrence of `text`. */
export function behind(document: vscode.TextDocument, text: string): vscode.Position {
    const at = document.getText().indexOf(text);
    assert.ok(at >= 0, `the document has \`${text}\``);
    return document.positionAt(at + text.length);
}

export async function insert(editor: vscode.TextEditor, at: vscode.Position, text: string): Promise<void> {
    assert.ok(await editor.edit((edit) => edit.insert(at, text)));
}

/** Another program as the server, until `inside` is done. */
export async function withServer(program: string, inside: () => Promise<void>): Promise<void> {
    const { server } = await api();
    const settings = vscode.workspace.getConfiguration('lawbook');
    await settings.update('server.path', program, vscode.ConfigurationTarget.Workspace);
    try {
        await server.restart();
        await inside();
    } finally {
        await settings.update('server.path', undefined, vscode.ConfigurationTarget.Workspace);
        await server.restart();
    }
}
