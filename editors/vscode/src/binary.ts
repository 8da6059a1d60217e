/** Where the `lawbook` binary is, and what can be said when it is not there. */

import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

/** A program that was found, and what is wrong with it or with the search. */
export interface Binary {
    path?: string;
    version?: string;
    problem?: string;
}

/** The path that a setting means: `~` and `${workspaceFolder}` filled in, bare names looked for in `PATH`. */
export function resolve(setting: string, folder: string | undefined, environment: NodeJS.ProcessEnv): string | undefined {
    const expanded = setting
        .replace(/^~(?=$|[\\/])/, os.homedir())
        .replace(/\$\{workspaceFolder\}/g, folder ?? '.')
        .replace(/\$\{env:([^}]+)\}/g, (_, name: string) => environment[name] ?? '');
    if (/[\\/]/.test(expanded)) {
        const absolute = path.resolve(folder ?? '.', expanded);
        return isFile(absolute) ? absolute : undefined;
    }
    const endings = process.platform === 'win32' ? ['.exe', '.cmd', ''] : [''];
    for (const directory of (environment['PATH'] ?? '').split(path.delimiter).filter(Boolean)) {
        for (const ending of endings) {
            const candidate = path.join(directory, expanded + ending);
            if (isFile(candidate)) return candidate;
        }
    }
    return undefined;
}

function isFile(candidate: string): boolean {
    try {
        return fs.statSync(candidate).isFile();
    } catch {
        return false;
    }
}

/** Finds the binary and asks for its version and whether it is a language server. */
export async function find(setting: string, folder: string | undefined): Promise<Binary> {
    const found = resolve(setting, folder, process.env);
    if (found === undefined) {
        const where = /[\\/]/.test(setting) ? `there is no file \`${setting}\`` : `\`${setting}\` is not in PATH`;
        return { problem: `The program Lawbook was not found: ${where}.` };
    }
    const version = await output(found, ['--version']);
    if (version === undefined || !/^lawbook\b/.test(version)) {
        return { problem: `\`${found}\` is not Lawbook: \`--version\` does not say so.` };
    }
    if ((await output(found, ['lsp', '--help'])) === undefined) {
        // Its other commands still serve.
        const problem = `\`${found}\` (${version.trim()}) is older than its editor support: it has no command \`lsp\`.`;
        return { path: found, version: version.trim(), problem };
    }
    return { path: found, version: version.trim() };
}

function output(program: string, args: string[]): Promise<string | undefined> {
    return new Promise((done) => {
        execFile(program, args, { timeout: 10_000 }, (error, stdout) => done(error ? undefined : stdout));
    });
}
