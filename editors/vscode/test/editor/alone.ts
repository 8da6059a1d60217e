/** What needs no language server. */

import * as assert from 'node:assert/strict';

import * as vscode from 'vscode';

import { api, behind, eventually, file, insert, open, withServer } from './harness';
import type { Tests } from './harness';

export const alone: Tests = {
    'a policy is recognized, and the extension starts with it': async () => {
        const editor = await open('policies/house.law');
        assert.equal(editor.document.languageId, 'lawbook');
        assert.ok(vscode.extensions.getExtension('lawbook.lawbook')?.isActive);
    },

    'a program that is missing is told, with where it was looked for': async () => {
        await withServer('/nowhere/lawbook', async () => {
            const { server } = await api();
            assert.match(server.problem ?? '', /was not found: there is no file `\/nowhere\/lawbook`/);
            assert.equal(server.running, false);
        });
        await withServer('no-such-lawbook', async () => {
            assert.match((await api()).server.problem ?? '', /`no-such-lawbook` is not in PATH/);
        });
    },

    'another program is not taken for Lawbook': async () => {
        await withServer('/bin/true', async () => {
            assert.match((await api()).server.problem ?? '', /is not Lawbook/);
        });
    },

    'lines are commented with two slashes': async () => {
        const editor = await open('policies/house.law');
        const line = behind(editor.document, 'team("platform").').line;
        editor.selection = new vscode.Selection(line, 0, line, 0);
        await vscode.commands.executeCommand('editor.action.commentLine');
        assert.equal(editor.document.lineAt(line).text, '// team("platform").');
        await vscode.commands.executeCommand('workbench.action.files.revert');
    },

    'documentation goes on on the next line': async () => {
        const editor = await open('policies/house.law');
        const end = behind(editor.document, '/// A team that answers for something.');
        editor.selection = new vscode.Selection(end, end);
        await vscode.commands.executeCommand('type', { text: '\n' });
        assert.equal(editor.document.lineAt(end.line + 1).text, '/// ');
        await vscode.commands.executeCommand('workbench.action.files.revert');
    },

    'snippets are offered': async () => {
        const editor = await open('policies/house.law');
        const end = editor.document.lineAt(editor.document.lineCount - 1).range.end;
        await insert(editor, end, 'control');
        const at = editor.document.lineAt(editor.document.lineCount - 1).range.end;
        const items = await eventually('the snippet', async () => {
            const list = await vscode.commands.executeCommand<vscode.CompletionList>(
                'vscode.executeCompletionItemProvider',
                editor.document.uri,
                at,
            );
            return list.items.filter((item) => item.kind === vscode.CompletionItemKind.Snippet);
        });
        assert.ok(items.some((item) => JSON.stringify(item.label).includes('control')));
        await vscode.commands.executeCommand('workbench.action.files.revert');
    },

    'an explanation is a view with links, and a text with links': async () => {
        const { explanations } = await api();
        await explanations.show({
            title: 'explain HOUSE-1 <OpenAI>',
            text: '# HOUSE-1 violates for `OpenAI`\n\n```text\nviolation("OpenAI", <b>)\n   at policies/house.law:16:5\n```\n',
        });
        await eventually('the view', () =>
            vscode.window.tabGroups.all
                .flatMap((group) => group.tabs)
                .find((tab) => tab.input instanceof vscode.TabInputWebview && tab.label === 'explain HOUSE-1 <OpenAI>'),
        );
        console.log('shot explanation');
        await new Promise((done) => setTimeout(done, process.env['SCREENSHOTS'] ? 4000 : 0));
        await vscode.commands.executeCommand('lawbook.explanationAsText');
        const editor = await eventually('the text', () =>
            vscode.window.visibleTextEditors.find((editor) => editor.document.uri.scheme === 'lawbook-explain'),
        );
        assert.match(editor.document.getText(), /^# HOUSE-1 violates/);
        const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>(
            'vscode.executeLinkProvider',
            editor.document.uri,
        );
        assert.equal(links.length, 1);
        assert.equal(links[0]?.target?.toString(true), `${file('policies/house.law').toString(true)}#L16,5`);
    },

    'tests are found as they are typed, and run': async () => {
        const { tests } = await api();
        await tests.discover();
        const item = tests.controller.items.get(file('policies/house.law').toString());
        const names: string[] = [];
        item?.children.forEach((test) => names.push(test.label));
        assert.deepEqual(names.sort(), ['a team is a team', 'a team that is missing']);

        const token = new vscode.CancellationTokenSource().token;
        await tests.run(new vscode.TestRunRequest(), token, false);
        const outcome = (name: string) => tests.outcomes.get(`${file('policies/house.law').toString()}#${name}`);
        assert.equal(outcome('a team is a team'), 'passed');
        assert.equal(outcome('a team that is missing'), 'failed');

        // One alone, with what it covers.
        const one = item?.children.get(`${item.id}#a team is a team`);
        assert.ok(one);
        tests.outcomes.clear();
        await tests.run(new vscode.TestRunRequest([one]), token, true);
        assert.deepEqual([...tests.outcomes.values()], ['passed']);

        const editor = await open('policies/house.law');
        const end = editor.document.lineAt(editor.document.lineCount - 1).range.end;
        await insert(editor, end, '\ntest "new" {\n}\n');
        await eventually('the new test', () => item?.children.get(`${item.id}#new`));
        await vscode.commands.executeCommand('workbench.action.files.revert');
    },
};
