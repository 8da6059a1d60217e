/**
 * The extension: starts `lawbook lsp`, and adds what the protocol has no words for: explanations as a view, the test
 * explorer, what a live evaluation changed. One file each; this one joins them.
 */

import * as vscode from 'vscode';

import { Changes } from './changes';
import { registerCommands } from './commands';
import { Explanations } from './explain';
import { Server } from './server';
import { TestExplorer } from './testing';

/** What other extensions and the extension's own tests can hold on to. */
export interface Api {
    readonly server: Server;
    readonly explanations: Explanations;
    readonly tests: TestExplorer;
    readonly changes: Changes;
}

export async function activate(context: vscode.ExtensionContext): Promise<Api> {
    const explanations = new Explanations(context.extensionUri);
    const changes = new Changes();
    const server = new Server(context, explanations, changes);
    const tests = new TestExplorer(server);
    context.subscriptions.push(explanations, changes, server, tests);
    registerCommands(context, server, explanations, changes);
    await server.start();
    return { server, explanations, tests, changes };
}

export function deactivate(): void {
    // Everything that has to end hangs on the context's subscriptions.
}
