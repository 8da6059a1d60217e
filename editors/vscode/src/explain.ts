/**
 * Explanations: what the server answers about findings, members and rules, as a web view with links to every place, and as
 * a read-only text behind `lawbook-explain:` in which the same places are document links.
 */

import * as vscode from 'vscode';

import { escape, page } from './page';
import { PLACE } from './protocol';
import type { Explanation } from './protocol';

const SCHEME = 'lawbook-explain';

/** How many explanations are kept as texts. */
const KEPT = 100;

export class Explanations implements vscode.Disposable, vscode.TextDocumentContentProvider, vscode.DocumentLinkProvider {
    private readonly kept = new Map<string, Explanation>();
    private readonly changed = new vscode.EventEmitter<vscode.Uri>();
    private readonly subscriptions: vscode.Disposable[];
    private panel: vscode.WebviewPanel | undefined;
    private current: vscode.Uri | undefined;
    readonly onDidChange = this.changed.event;

    constructor(private readonly extension: vscode.Uri) {
        this.subscriptions = [
            this.changed,
            vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
            vscode.languages.registerDocumentLinkProvider({ scheme: SCHEME }, this),
        ];
    }

    /** What the view shows now. */
    get shown(): Explanation | undefined {
        return this.current && this.kept.get(this.current.toString());
    }

    async show(explanation: Explanation): Promise<void> {
        this.current = this.keep(explanation);
        const body = await rendered(explanation.text);
        this.panel ??= this.open();
        this.panel.title = explanation.title;
        this.panel.webview.html = page(explanation.title, body, nonce());
        this.panel.reveal(undefined, true);
    }

    async openAsText(): Promise<vscode.TextEditor | undefined> {
        if (!this.current) return undefined;
        const document = await vscode.workspace.openTextDocument(this.current);
        return vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preview: true });
    }

    provideTextDocumentContent(uri: vscode.Uri): string {
        return this.kept.get(uri.toString())?.text ?? 'This explanation is no longer kept: ask again.';
    }

    provideDocumentLinks(document: vscode.TextDocument): vscode.DocumentLink[] {
        return [...document.getText().matchAll(PLACE)].map((found) => {
            const range = new vscode.Range(document.positionAt(found.index), document.positionAt(found.index + found[0].length));
            const target = inWorkspace(found[1]!).with({ fragment: `L${found[2]},${found[3] ?? 1}` });
            return new vscode.DocumentLink(range, target);
        });
    }

    dispose(): void {
        this.panel?.dispose();
        vscode.Disposable.from(...this.subscriptions).dispose();
    }

    /** Keeps an explanation under a URI of its own; the same title is the same document, told anew. */
    private keep(explanation: Explanation): vscode.Uri {
        const name = explanation.title.replace(/[^\w.-]+/g, ' ').trim() || 'explanation';
        const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${name}.md` });
        this.kept.delete(uri.toString());
        this.kept.set(uri.toString(), explanation);
        const oldest = this.kept.keys().next().value;
        if (this.kept.size > KEPT && oldest !== undefined) this.kept.delete(oldest);
        this.changed.fire(uri);
        return uri;
    }

    private open(): vscode.WebviewPanel {
        const panel = vscode.window.createWebviewPanel(
            'lawbook.explanation',
            'Explanation',
            { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
            { enableScripts: true, localResourceRoots: [], enableFindWidget: true },
        );
        panel.iconPath = vscode.Uri.joinPath(this.extension, 'media', 'law.svg');
        panel.webview.onDidReceiveMessage((message: unknown) => void reveal(message));
        panel.onDidDispose(() => (this.panel = undefined));
        return panel;
    }
}

/** Markdown as HTML, by the editor's own Markdown where it is there. */
async function rendered(text: string): Promise<string> {
    try {
        return await vscode.commands.executeCommand<string>('markdown.api.render', text);
    } catch {
        return `<pre>${escape(text)}</pre>`;
    }
}

/** A path of an explanation counts from the folder that was asked about: the first in which it exists, else the first. */
function inWorkspace(path: string): vscode.Uri {
    const folders = vscode.workspace.workspaceFolders ?? [];
    return folders[0] ? vscode.Uri.joinPath(folders[0].uri, path) : vscode.Uri.file(path);
}

async function existing(path: string): Promise<vscode.Uri> {
    for (const { uri } of vscode.workspace.workspaceFolders ?? []) {
        const candidate = vscode.Uri.joinPath(uri, path);
        const there = await vscode.workspace.fs.stat(candidate).then(
            () => true,
            () => false,
        );
        if (there) return candidate;
    }
    return inWorkspace(path);
}

/** Opens the place that the view asks for. */
async function reveal(message: unknown): Promise<void> {
    const { path, line, column } = message as { path?: unknown; line?: unknown; column?: unknown };
    if (typeof path !== 'string' || typeof line !== 'number' || typeof column !== 'number') return;
    const position = new vscode.Position(Math.max(line - 1, 0), Math.max(column - 1, 0));
    await vscode.window.showTextDocument(await existing(path), {
        viewColumn: vscode.ViewColumn.One,
        selection: new vscode.Range(position, position),
    });
}

function nonce(): string {
    return Array.from({ length: 24 }, () => Math.floor(Math.random() * 36).toString(36)).join('');
}
