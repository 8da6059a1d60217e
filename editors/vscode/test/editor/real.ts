/** The editor with Lawbook's own server: what a person sees, asked of the editor and not of the server. */

import * as assert from 'node:assert/strict';

import * as vscode from 'vscode';

import { api, behind, eventually, file, insert, open } from './harness';
import type { Tests } from './harness';

const POLICY = 'policies/house.law';

function revert(): Thenable<unknown> {
    return vscode.commands.executeCommand('workbench.action.files.revert');
}

function errors(): vscode.Diagnostic[] {
    const found = vscode.languages.getDiagnostics(file(POLICY));
    return found.filter((diagnostic) => diagnostic.severity === vscode.DiagnosticSeverity.Error);
}

/** What the editor's completion holds at a place. */
async function completions(editor: vscode.TextEditor, at: vscode.Position): Promise<string[]> {
    const list = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        editor.document.uri,
        at,
    );
    return list.items.map((item) => (typeof item.label === 'string' ? item.label : item.label.label));
}

export const real: Tests = {
    'the server runs': async () => {
        await open(POLICY);
        await eventually('the server', async () => (await api()).server.running);
    },

    'a mistake is marked as it is made, and no longer when it is mended': async () => {
        const editor = await open(POLICY);
        await insert(editor, behind(editor.document, 'not team(v)'), ', nowhere(v)');
        const [error] = await eventually('the error', () => (errors().length > 0 ? errors() : undefined));
        assert.match(error?.message ?? '', /nowhere/);
        assert.equal(error?.source, 'lawbook');
        await revert();
        await eventually('no error', () => errors().length === 0);
    },

    'relations and columns are completed': async () => {
        const editor = await open(POLICY);
        await insert(editor, behind(editor.document, 'not team(v)'), ', ai.');
        const relations = await eventually('relations', async () => {
            const found = await completions(editor, behind(editor.document, ', ai.'));
            return found.some((label) => label.includes('model_call')) ? found : undefined;
        });
        assert.ok(relations.length > 3, relations.join());
        await revert();
        await insert(editor, behind(editor.document, 'ai.model_call{'), ', ');
        await eventually('columns', async () => {
            const found = await completions(editor, behind(editor.document, 'ai.model_call{'));
            return found.some((label) => label.startsWith('model'));
        });
        await revert();
    },

    'hovering tells what a relation is': async () => {
        const editor = await open(POLICY);
        const hovers = await eventually('the hover', async () => {
            const found = await vscode.commands.executeCommand<vscode.Hover[]>(
                'vscode.executeHoverProvider',
                editor.document.uri,
                behind(editor.document, 'scope(v) :- ai.model_'),
            );
            return found.length > 0 ? found : undefined;
        });
        const text = hovers.flatMap((hover) => hover.contents.map((content) => (typeof content === 'string' ? content : content.value))).join();
        assert.match(text, /model_call/);
    },

    'a definition is found, in the standard library too': async () => {
        const editor = await open(POLICY);
        const places = async (text: string): Promise<vscode.Uri[]> => {
            const found = await vscode.commands.executeCommand<(vscode.Location | vscode.LocationLink)[]>(
                'vscode.executeDefinitionProvider',
                editor.document.uri,
                behind(editor.document, text),
            );
            return found.map((place) => ('targetUri' in place ? place.targetUri : place.uri));
        };
        assert.deepEqual((await places('not te')).map(String), [file(POLICY).toString()]);
        const [library] = await places('ai.model_ca');
        assert.match(library?.path ?? '', /ai.*\.law$/);
    },

    'a relation is renamed everywhere': async () => {
        const editor = await open(POLICY);
        const edit = await vscode.commands.executeCommand<vscode.WorkspaceEdit>(
            'vscode.executeDocumentRenameProvider',
            editor.document.uri,
            behind(editor.document, 'not te'),
            'crew',
        );
        assert.ok(await vscode.workspace.applyEdit(edit));
        const text = editor.document.getText();
        assert.ok(text.includes('rel crew(') && text.includes('not crew(v)') && text.includes('expect crew("search")'), text);
        assert.ok(!/\bteam\(/.test(text), text);
        await revert();
    },

    'a policy is laid out': async () => {
        const editor = await open(POLICY);
        await insert(editor, behind(editor.document, 'not team(v)'), ',team( v )');
        const edits = await vscode.commands.executeCommand<vscode.TextEdit[]>(
            'vscode.executeFormatDocumentProvider',
            editor.document.uri,
            { tabSize: 4, insertSpaces: true },
        );
        const edit = new vscode.WorkspaceEdit();
        edit.set(editor.document.uri, edits);
        assert.ok(await vscode.workspace.applyEdit(edit));
        assert.match(editor.document.getText(), /not team\(v\), team\(v\)\./);
        await revert();
    },

    'a policy has an outline': async () => {
        const editor = await open(POLICY);
        const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
            'vscode.executeDocumentSymbolProvider',
            editor.document.uri,
        );
        assert.ok(symbols.some((symbol) => symbol.name.includes('HOUSE-1')), symbols.map((symbol) => symbol.name).join());
    },
};
