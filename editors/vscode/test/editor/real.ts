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

/** The titles of what can be done at a range. */
async function actions(uri: vscode.Uri, range?: vscode.Range): Promise<string[]> {
    const found = await vscode.commands.executeCommand<(vscode.CodeAction | vscode.Command)[]>(
        'vscode.executeCodeActionProvider',
        uri,
        range ?? new vscode.Range(0, 0, 0, 0),
    );
    return found.map((action) => action.title);
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

    'what breaks a control is shown in the code that does, once, and can be waived there': async () => {
        const findings = (uri: vscode.Uri): vscode.Diagnostic[] =>
            vscode.languages.getDiagnostics(uri).filter((diagnostic) => diagnostic.source === 'lawbook control');
        const [uri, finding] = await eventually('a finding in code', () => {
            const all = vscode.languages.getDiagnostics().filter(([uri]) => !uri.path.endsWith('.law') && findings(uri).length > 0);
            const first = all[0];
            return first && ([first[0], findings(first[0])[0]] as const);
        });
        await vscode.window.showTextDocument(uri, { preview: false });
        const alike = findings(uri).filter(
            (other) => other.message === finding?.message && other.range.isEqual(finding.range),
        );
        assert.equal(alike.length, 1, finding?.message);
        const titles = await eventually('the waiver', async () => {
            const found = (await actions(uri, finding?.range)).filter((title) => title.startsWith('add a waiver of'));
            return found.length > 0 ? found : undefined;
        });
        assert.equal(new Set(titles).size, titles.length, titles.join());
    },

    'a table becomes an input': async () => {
        const editor = await open('vendors.csv');
        const wanted = 'declare the input `vendors` that reads `vendors.csv`';
        await eventually('the action', async () => (await actions(editor.document.uri)).includes(wanted));
    },

    'criteria link to their wording': async () => {
        const editor = await open(POLICY);
        await insert(editor, behind(editor.document, 'severity: low'), '\n    maps: soc2/CC9.2');
        await eventually('the link', async () => {
            const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>(
                'vscode.executeLinkProvider',
                editor.document.uri,
            );
            return links.some((link) => /soc2\.law$/.test(link.target?.path ?? ''));
        });
        await revert();
    },

    'uses, rules and what reads a relation are found': async () => {
        const editor = await open(POLICY);
        const at = behind(editor.document, 'rel te');
        const uri = editor.document.uri;
        const uses = await vscode.commands.executeCommand<vscode.Location[]>('vscode.executeReferenceProvider', uri, at);
        assert.ok(uses.length >= 5, String(uses.length));
        const rules = await vscode.commands.executeCommand<unknown[]>('vscode.executeImplementationProvider', uri, at);
        assert.equal(rules.length, 2);
        const [item] = await vscode.commands.executeCommand<vscode.CallHierarchyItem[]>('vscode.prepareCallHierarchy', uri, at);
        const readers = await vscode.commands.executeCommand<vscode.CallHierarchyIncomingCall[]>('vscode.provideIncomingCalls', item);
        assert.deepEqual(readers.map((reader) => reader.from.name), ['HOUSE-1']);
    },

    'arguments are told of, names are coloured, hints and lenses stand beside': async () => {
        const editor = await open(POLICY);
        const uri = editor.document.uri;
        const help = await vscode.commands.executeCommand<vscode.SignatureHelp>(
            'vscode.executeSignatureHelpProvider',
            uri,
            behind(editor.document, 'ai.model_call{provider: '),
            '{',
        );
        assert.match(help.signatures[0]?.label ?? '', /ai\.model_call/);
        const tokens = await vscode.commands.executeCommand<vscode.SemanticTokens>('vscode.provideDocumentSemanticTokens', uri);
        assert.ok(tokens.data.length >= 50, String(tokens.data.length));
        const everything = new vscode.Range(0, 0, editor.document.lineCount, 0);
        await eventually('hints', async () => {
            const hints = await vscode.commands.executeCommand<vscode.InlayHint[]>('vscode.executeInlayHintProvider', uri, everything);
            return hints.length > 0;
        });
        await eventually('lenses', async () => {
            const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri);
            return lenses.some((lens) => /population/.test(lens.command?.title ?? ''));
        });
    },
};
