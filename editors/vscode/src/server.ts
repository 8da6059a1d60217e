/** The language server's life: found, started, told of settings, restarted; and a clear word when it is missing. */

import * as vscode from 'vscode';
import { LanguageClient, State, Trace } from 'vscode-languageclient/node';
import type { LanguageClientOptions, ServerOptions } from 'vscode-languageclient/node';

import { find } from './binary';
import type { Changes } from './changes';
import type { Explanations } from './explain';
import { isExplanation } from './protocol';
import type { Question } from './protocol';

/** Settings that are read by the client only and need another start. */
const START_SETTINGS = ['lawbook.server.path', 'lawbook.server.arguments'];

export class Server implements vscode.Disposable {
    private client: LanguageClient | undefined;
    private readonly log = vscode.window.createOutputChannel('Lawbook', { log: true });
    private readonly subscriptions: vscode.Disposable[] = [this.log];
    private starting: Promise<void> = Promise.resolve();
    /** What went wrong at the last start, for the tests and the status bar. */
    problem: string | undefined;
    /** The binary that runs, for those who start it with other arguments. */
    binary: string | undefined;

    constructor(
        private readonly context: vscode.ExtensionContext,
        private readonly explanations: Explanations,
        private readonly changes: Changes,
    ) {
        this.subscriptions.push(
            vscode.workspace.onDidChangeConfiguration((event) => {
                if (START_SETTINGS.some((setting) => event.affectsConfiguration(setting))) void this.restart();
                if (event.affectsConfiguration('lawbook.trace.server')) void this.applyTrace();
            }),
        );
    }

    /** Starts the server; where that cannot be, says why and how to go on. Never throws. */
    start(): Promise<void> {
        this.starting = this.starting.then(() => this.launch());
        return this.starting;
    }

    restart(): Promise<void> {
        this.starting = this.starting.then(async () => {
            await this.stop();
            await this.launch();
        });
        return this.starting;
    }

    get running(): boolean {
        return this.client?.state === State.Running;
    }

    showLog(): void {
        this.log.show(true);
    }

    /** Asks the server and shows what it answers; where none runs, or it refuses, that is told. */
    async ask(command: string, question: Question): Promise<void> {
        if (!this.client || !this.running) {
            void this.tell(this.problem ?? 'The language server of Lawbook does not run.');
            return;
        }
        try {
            await this.show(await this.client.sendRequest('workspace/executeCommand', { command, arguments: [question] }));
        } catch (error) {
            void vscode.window.showErrorMessage(`Lawbook: ${error instanceof Error ? error.message : String(error)}`);
        }
    }

    private async show(answer: unknown): Promise<void> {
        if (isExplanation(answer)) await this.explanations.show(answer);
    }

    dispose(): void {
        void this.stop();
        vscode.Disposable.from(...this.subscriptions).dispose();
    }

    private async launch(): Promise<void> {
        const settings = vscode.workspace.getConfiguration('lawbook');
        const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
        const binary = await find(settings.get('server.path', 'lawbook'), folder);
        this.binary = binary.path;
        if (binary.path === undefined || binary.problem !== undefined) {
            this.problem = binary.problem ?? 'The program Lawbook was not found.';
            this.log.error(this.problem);
            void this.tell(this.problem);
            return;
        }
        this.log.info(`${binary.version}: ${binary.path}`);
        this.client = this.connect(binary.path, settings.get('server.arguments', []), folder);
        try {
            await this.client.start();
            // What live evaluations changed is told in the log; it is shown in the status bar too.
            this.client.onNotification('window/logMessage', ({ type, message }: { type: number; message: string }) => {
                this.changes.take(message);
                if (type === 1) this.log.error(message);
                else if (type === 2) this.log.warn(message);
                else this.log.info(message);
            });
            await this.applyTrace();
            this.problem = undefined;
            await vscode.commands.executeCommand('setContext', 'lawbook.serverRuns', true);
        } catch (error) {
            this.problem = `The language server of Lawbook did not start: ${error instanceof Error ? error.message : String(error)}`;
            this.log.error(this.problem);
            void this.tell(this.problem);
        }
    }

    private connect(program: string, more: string[], folder: string | undefined): LanguageClient {
        const server: ServerOptions = {
            command: program,
            args: ['lsp', '--stdio', ...more],
            options: { ...(folder ? { cwd: folder } : {}), env: { ...process.env, NO_COLOR: '1' } },
        };
        const options: LanguageClientOptions = {
            documentSelector: [
                { scheme: 'file', language: 'lawbook' },
                { scheme: 'untitled', language: 'lawbook' },
                { scheme: 'file', pattern: '**/lawbook.toml' },
            ],
            outputChannel: this.log,
            synchronize: { configurationSection: 'lawbook' },
            // What commands answer is shown here: the server need not have a file opened beside.
            initializationOptions: { ...serverSettings(), showsAnswers: true },
            middleware: {
                // A lens or an action of the server runs one of its commands: what it answers is shown here.
                executeCommand: async (command, args, next) => {
                    const answer: unknown = await next(command, args);
                    await this.show(answer);
                    return answer;
                },
            },
        };
        return new LanguageClient('lawbook', 'Lawbook', server, options);
    }

    private async stop(): Promise<void> {
        const client = this.client;
        this.client = undefined;
        await vscode.commands.executeCommand('setContext', 'lawbook.serverRuns', false);
        if (client && client.state !== State.Stopped) await client.stop().catch(() => undefined);
        await client?.dispose().catch(() => undefined);
    }

    private async applyTrace(): Promise<void> {
        const trace = vscode.workspace.getConfiguration('lawbook').get('trace.server', 'off');
        await this.client?.setTrace(Trace.fromString(trace));
    }

    /** Says what is wrong, with the ways out as buttons. */
    private async tell(problem: string): Promise<void> {
        const [settings, install, again] = ['Set the path', 'How to install', 'Try again'];
        const choice = await vscode.window.showErrorMessage(problem, settings, install, again);
        if (choice === settings) {
            await vscode.commands.executeCommand('workbench.action.openSettings', 'lawbook.server.path');
        } else if (choice === install) {
            const id = `${this.context.extension.id}#start`;
            await vscode.commands.executeCommand('workbench.action.openWalkthrough', id);
        } else if (choice === again) {
            await this.restart();
        }
    }
}

/** The settings that the server reads, in its own shape. */
export function serverSettings(): object {
    const { live, hints } = vscode.workspace.getConfiguration('lawbook');
    return { live, hints };
}
