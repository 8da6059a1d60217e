/**
 * The test explorer: tests of policies are found in the texts, run by `lawbook test --format json`, and shown with their
 * failures and with what they cover.
 */

import { spawn } from 'node:child_process';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';

import * as vscode from 'vscode';

import { parseLcov } from './lcov';
import type { Server } from './server';

/** What `lawbook test --format json` prints. */
interface Report {
    tests: { file: string; name: string; passed: boolean; failures: Failure[] }[];
}

interface Failure {
    message: string;
    expected?: string;
    why?: string[];
    notes?: string[];
    /** `file:line:column` */
    place?: string;
}

interface Coverage {
    covered: Map<string, vscode.StatementCoverage[]>;
}

const TEST = /^[ \t]*test[ \t]+"((?:[^"\\\n]|\\.)*)"/gm;

export class TestExplorer implements vscode.Disposable {
    readonly controller = vscode.tests.createTestController('lawbook', 'Lawbook');
    private readonly subscriptions: vscode.Disposable[] = [this.controller];
    /** How each test went the last time. */
    readonly outcomes = new Map<string, 'passed' | 'failed' | 'errored' | 'skipped'>();
    private readonly coverage = new WeakMap<vscode.FileCoverage, Coverage>();

    constructor(private readonly server: Server) {
        const run = this.controller.createRunProfile('Run', vscode.TestRunProfileKind.Run, (request, token) =>
            this.run(request, token, false),
        );
        run.isDefault = true;
        const cover = this.controller.createRunProfile('Coverage', vscode.TestRunProfileKind.Coverage, (request, token) =>
            this.run(request, token, true),
        );
        cover.loadDetailedCoverage = (_run, file) =>
            Promise.resolve(this.coverage.get(file)?.covered.get(file.uri.toString()) ?? []);
        this.controller.resolveHandler = () => this.discover();
        this.controller.refreshHandler = () => this.discover();

        const watcher = vscode.workspace.createFileSystemWatcher('**/*.law');
        this.subscriptions.push(
            watcher,
            watcher.onDidCreate((uri) => void this.read(uri)),
            watcher.onDidChange((uri) => void this.read(uri)),
            watcher.onDidDelete((uri) => this.controller.items.delete(uri.toString())),
            vscode.workspace.onDidOpenTextDocument((document) => this.update(document)),
            vscode.workspace.onDidChangeTextDocument(({ document }) => this.update(document)),
        );
        vscode.workspace.textDocuments.forEach((document) => this.update(document));
    }

    dispose(): void {
        vscode.Disposable.from(...this.subscriptions).dispose();
    }

    /** Finds the tests of all policies of the workspace. */
    async discover(): Promise<void> {
        const files = await vscode.workspace.findFiles('**/*.law', '**/{node_modules,target,.git}/**');
        await Promise.all(files.map((uri) => this.read(uri)));
    }

    private async read(uri: vscode.Uri): Promise<void> {
        const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
        try {
            this.list(uri, open?.getText() ?? new TextDecoder().decode(await vscode.workspace.fs.readFile(uri)));
        } catch {
            this.controller.items.delete(uri.toString());
        }
    }

    private update(document: vscode.TextDocument): void {
        if (document.languageId === 'lawbook' && document.uri.scheme === 'file') {
            this.list(document.uri, document.getText());
        }
    }

    /** Makes the item of a file hold the tests of its text, and goes without one where there are none. */
    private list(uri: vscode.Uri, text: string): void {
        const tests: vscode.TestItem[] = [];
        for (const found of text.matchAll(TEST)) {
            const name = found[1]!.replace(/\\(["\\{}])/g, '$1');
            const line = text.slice(0, found.index).split('\n').length - 1;
            const test = this.controller.createTestItem(`${uri.toString()}#${name}`, name, uri);
            test.range = new vscode.Range(line, 0, line, found[0].length);
            tests.push(test);
        }
        if (tests.length === 0) {
            this.controller.items.delete(uri.toString());
            return;
        }
        const known = this.controller.items.get(uri.toString());
        const file = known ?? this.controller.createTestItem(uri.toString(), vscode.workspace.asRelativePath(uri), uri);
        if (!known) this.controller.items.add(file);
        // Items that stay keep their results.
        const kept = tests.map((test) => {
            const old = file.children.get(test.id);
            if (old) old.range = test.range;
            return old ?? test;
        });
        file.children.replace(kept);
    }

    /** Runs what is asked for, folder by folder, and shows how it went. */
    async run(request: vscode.TestRunRequest, token: vscode.CancellationToken, covers: boolean): Promise<void> {
        const run = this.controller.createTestRun(request);
        const wanted = this.wanted(request);
        wanted.forEach((test) => run.started(test));
        for (const [folder, tests] of byFolder(wanted)) {
            if (token.isCancellationRequested) break;
            await this.runIn(folder, tests, run, token, covers);
        }
        run.end();
    }

    private wanted(request: vscode.TestRunRequest): vscode.TestItem[] {
        const roots: vscode.TestItem[] = [];
        if (request.include) roots.push(...request.include);
        else this.controller.items.forEach((item) => roots.push(item));
        const excluded = new Set(request.exclude ?? []);
        const leaves: vscode.TestItem[] = [];
        const visit = (item: vscode.TestItem): void => {
            if (excluded.has(item)) return;
            if (item.children.size === 0 && item.id.includes('#')) leaves.push(item);
            item.children.forEach(visit);
        };
        roots.forEach(visit);
        return leaves;
    }

    private async runIn(
        folder: string,
        tests: vscode.TestItem[],
        run: vscode.TestRun,
        token: vscode.CancellationToken,
        covers: boolean,
    ): Promise<void> {
        await vscode.workspace.saveAll(false);
        const scratch = covers ? await fs.mkdtemp(path.join(os.tmpdir(), 'lawbook-')) : undefined;
        const lcov = scratch && path.join(scratch, 'lcov.info');
        const files = [...new Set(tests.map((test) => test.uri!.fsPath))];
        const args = ['test', ...files, '--format', 'json', ...(lcov ? ['--lcov', lcov] : [])];
        if (tests.length === 1) args.push('--filter', `/^${tests[0]!.label.replace(/[\\^$.*+?()[\]{}|/#&~-]/g, '\\$&')}$/`);
        const answer = await this.execute(args, folder, token);
        try {
            this.report(JSON.parse(answer.output) as Report, folder, tests, run);
        } catch {
            const said = (answer.error || answer.output || 'lawbook printed nothing').replace(/\n/g, '\r\n');
            run.appendOutput(`${said}\r\n`);
            for (const test of tests) {
                this.outcomes.set(test.id, 'errored');
                run.errored(test, new vscode.TestMessage(answer.error || answer.output));
            }
        }
        if (scratch && lcov) {
            await this.cover(lcov, folder, run);
            await fs.rm(scratch, { recursive: true, force: true });
        }
    }

    private report(report: Report, folder: string, tests: vscode.TestItem[], run: vscode.TestRun): void {
        const results = new Map(
            report.tests.map((test) => [`${vscode.Uri.file(path.resolve(folder, test.file)).toString()}#${test.name}`, test]),
        );
        for (const test of tests) {
            const result = results.get(test.id);
            this.outcomes.set(test.id, result ? (result.passed ? 'passed' : 'failed') : 'skipped');
            if (!result) {
                run.skipped(test);
            } else if (result.passed) {
                run.passed(test);
                run.appendOutput(`ok    ${test.label}\r\n`, undefined, test);
            } else {
                run.failed(test, result.failures.map((failure) => message(failure, folder, test)));
                run.appendOutput(`FAIL  ${test.label}\r\n`, undefined, test);
            }
        }
    }

    private async cover(lcov: string, folder: string, run: vscode.TestRun): Promise<void> {
        let text: string;
        try {
            text = await fs.readFile(lcov, 'utf8');
        } catch {
            return;
        }
        const covered = new Map<string, vscode.StatementCoverage[]>();
        for (const [file, lines] of parseLcov(text)) {
            const uri = vscode.Uri.file(path.resolve(folder, file));
            const statements = lines.map(([line, hits]) => new vscode.StatementCoverage(hits, new vscode.Position(line - 1, 0)));
            covered.set(uri.toString(), statements);
            const coverage = vscode.FileCoverage.fromDetails(uri, statements);
            this.coverage.set(coverage, { covered });
            run.addCoverage(coverage);
        }
    }

    private execute(
        args: string[],
        folder: string,
        token: vscode.CancellationToken,
    ): Promise<{ output: string; error: string }> {
        const program = this.server.binary;
        if (!program) return Promise.resolve({ output: '', error: this.server.problem ?? 'The program Lawbook was not found.' });
        return new Promise((done) => {
            const child = spawn(program, args, { cwd: folder, env: { ...process.env, NO_COLOR: '1' } });
            let [output, error] = ['', ''];
            child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
            child.stderr.setEncoding('utf8').on('data', (chunk: string) => (error += chunk));
            const cancelled = token.onCancellationRequested(() => child.kill());
            const finish = (problem = ''): void => {
                cancelled.dispose();
                done({ output, error: error + problem });
            };
            child.on('error', (problem) => finish(problem.message));
            child.on('close', () => finish());
        });
    }
}

function message(failure: Failure, folder: string, test: vscode.TestItem): vscode.TestMessage {
    const { message, expected, why = [], notes = [] } = failure;
    const shown = new vscode.TestMessage([message, ...(expected ? [`expected: ${expected}`] : []), ...why, ...notes].join('\n'));
    const place = /^(.*):(\d+):(\d+)$/.exec(failure.place ?? '');
    shown.location = place
        ? new vscode.Location(
              vscode.Uri.file(path.resolve(folder, place[1]!)),
              new vscode.Position(Number(place[2]) - 1, Number(place[3]) - 1),
          )
        : new vscode.Location(test.uri!, test.range ?? new vscode.Range(0, 0, 0, 0));
    return shown;
}

/** Tests by the folder of the workspace that they stand in. */
function byFolder(tests: vscode.TestItem[]): Map<string, vscode.TestItem[]> {
    const folders = new Map<string, vscode.TestItem[]>();
    for (const test of tests) {
        const folder = vscode.workspace.getWorkspaceFolder(test.uri!)?.uri.fsPath ?? path.dirname(test.uri!.fsPath);
        folders.set(folder, [...(folders.get(folder) ?? []), test]);
    }
    return folders;
}
