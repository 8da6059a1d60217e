/**
 * The commands of the palette and the menus. What they ask is asked by the server's own lenses: the nearest one at or
 * above the cursor knows the control, test or relation by its full name.
 */

import * as vscode from 'vscode';

import type { Changes } from './changes';
import type { Explanations } from './explain';
import type { Question } from './protocol';
import type { Server } from './server';

export function registerCommands(
    context: vscode.ExtensionContext,
    server: Server,
    explanations: Explanations,
    changes: Changes,
): void {
    const register = (name: string, run: () => unknown): void => {
        context.subscriptions.push(vscode.commands.registerCommand(name, run));
    };
    const atCursor = (command: string, what: string) => async (): Promise<void> => {
        const question = await nearest(command);
        if (question) {
            await server.ask(command, question);
        } else {
            const reason = server.problem ?? `put the cursor into ${what} of a policy first.`;
            void vscode.window.showInformationMessage(`Lawbook: ${reason}`);
        }
    };
    register('lawbook.restartServer', () => server.restart());
    register('lawbook.showOutput', () => server.showLog());
    register('lawbook.runHere', atCursor('lawbook.run', 'a control'));
    register('lawbook.explainHere', atCursor('lawbook.explain', 'a control with findings'));
    register('lawbook.debugRuleHere', atCursor('lawbook.debugRule', 'a rule'));
    register('lawbook.whyNotHere', async () => {
        const question = (await nearest('lawbook.whyNot')) ?? (await nearest('lawbook.run'));
        if (!question) return atCursor('lawbook.whyNot', 'a control')();
        const subject = await vscode.window.showInputBox({
            title: `Why is there no violation of ${question.name}?`,
            prompt: 'A member of its population; left empty, the first that passes',
        });
        if (subject === undefined) return undefined;
        return server.ask('lawbook.whyNot', subject === '' ? question : { ...question, subject });
    });
    register('lawbook.showChanges', () => changes.show());
    register('lawbook.explanationAsText', () => explanations.openAsText());
}

/** What the last lens with that command asks that does not stand below the cursor. */
async function nearest(command: string): Promise<Question | undefined> {
    const editor = vscode.window.activeTextEditor;
    if (editor?.document.languageId !== 'lawbook') return undefined;
    const { uri } = editor.document;
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 10_000);
    const asking = lenses.filter((lens) => lens.command?.command === command && lens.range.start.line <= editor.selection.active.line);
    asking.sort((a, b) => a.range.start.line - b.range.start.line);
    return asking.at(-1)?.command?.arguments?.[0] as Question | undefined;
}
