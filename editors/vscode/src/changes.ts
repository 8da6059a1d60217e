/** What live evaluations changed, as the server logs it: a short word in the status bar, the last changes in a document. */

import * as vscode from 'vscode';

/** How many changes are kept. */
const KEPT = 50;

export class Changes implements vscode.Disposable {
    private readonly status = vscode.window.createStatusBarItem('lawbook.changes', vscode.StatusBarAlignment.Left);
    private readonly kept: string[] = [];

    constructor() {
        this.status.name = 'Lawbook';
        this.status.command = 'lawbook.showChanges';
    }

    get last(): string | undefined {
        return this.kept[0];
    }

    /** Takes a message of the log; whether it tells of findings that came or went: lines that begin with `+` or `-`. */
    take(message: string): boolean {
        const lines = message.split('\n');
        if (!lines.every((line) => /^[+-] /.test(line))) return false;
        const count = (sign: string): number => lines.filter((line) => line.startsWith(sign)).length;
        this.kept.unshift(message);
        this.kept.length = Math.min(this.kept.length, KEPT);
        this.status.text = `$(law) +${count('+')} −${count('-')}`;
        this.status.tooltip = message;
        this.status.show();
        return true;
    }

    async show(): Promise<void> {
        const content = this.kept.join('\n\n') || 'No finding came or went yet.';
        const document = await vscode.workspace.openTextDocument({ content, language: 'plaintext' });
        await vscode.window.showTextDocument(document, { preview: true });
    }

    dispose(): void {
        this.status.dispose();
    }
}
