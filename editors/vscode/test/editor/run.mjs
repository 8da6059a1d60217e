// Runs the extension's own tests (`suite.ts`) in a real Visual Studio Code: its server and extension host from packages,
// its window in a headless Chromium. Nothing is asked of the network: the page may reach this machine only.

import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { node, prepare, vscode } from './prepare.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const extension = path.join(here, '../..');
const { chromium } = createRequire(import.meta.url)('playwright-core');

/** Where Chromium is on the systems that tests run on. */
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** No start of an editor on a loaded machine takes longer. */
const PATIENCE = 240_000;

/** A folder to work in: the example of the README with a policy of its own, and the editor's settings. */
function workspace(scratch) {
    const folder = path.join(scratch, 'workspace');
    cpSync(path.join(extension, '../../examples/support-bot'), folder, { recursive: true });
    cpSync(path.join(here, 'house.law'), path.join(folder, 'policies/house.law'));
    const settings = path.join(scratch, 'data/data/Machine/settings.json');
    mkdirSync(path.dirname(settings), { recursive: true });
    writeFileSync(
        settings,
        JSON.stringify({
            'lawbook.server.path': process.env.LAWBOOK,
            'telemetry.telemetryLevel': 'off',
            'extensions.autoCheckUpdates': false,
            'chat.disableAIFeatures': true,
            'workbench.startupEditor': 'none',
            // In a browser texts are saved after a second: what a test typed would be there for the next one.
            'files.autoSave': 'off',
            'git.enabled': false,
        }),
    );
    return folder;
}

function startServer(scratch) {
    const args = [
        path.join(vscode, 'out/server-main.js'),
        ...['--host', '127.0.0.1', '--port', '0', '--without-connection-token', '--accept-server-license-terms'],
        ...['--server-data-dir', path.join(scratch, 'data'), '--extensions-dir', path.join(scratch, 'extensions')],
        ...['--enable-smoke-test-driver', '--disable-workspace-trust', '--disable-telemetry', '--disable-experiments'],
    ];
    const server = spawn(node, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, LAWBOOK_SCRATCH: scratch } });
    const port = new Promise((found, failed) => {
        let said = '';
        const listen = (chunk) => {
            said += chunk;
            const port = /agent listening on (\d+)/.exec(said);
            if (port) found(Number(port[1]));
        };
        server.stdout.on('data', listen);
        server.stderr.on('data', listen);
        server.on('exit', () => failed(new Error(`the editor's server ended: ${said}`)));
    });
    return { server, port };
}

async function runTests(port, folder, screenshot) {
    const executablePath = BROWSERS.find(existsSync);
    if (!executablePath) throw new Error(`no Chromium in ${BROWSERS.join(', ')}`);
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
    try {
        const page = await browser.newPage();
        await page.route((url) => url.hostname !== '127.0.0.1' && !url.hostname.endsWith('localhost'), (route) => route.abort());
        let finish;
        const finished = new Promise((resolve) => (finish = resolve));
        await page.exposeFunction('codeAutomationLog', (_level, parts) => {
            const line = parts.map(String).join(' ');
            if (/^(ok|not ok|#|\s+at |shot )/.test(line)) console.log(line);
            const shot = /^shot (\w+)$/.exec(line);
            if (shot && screenshot) void page.screenshot({ path: path.join(screenshot, `${shot[1]}.png`) });
        });
        await page.exposeFunction('codeAutomationExit', (code) => finish(code));
        const base = `vscode-remote://127.0.0.1:${port}`;
        const payload = [
            ['extensionDevelopmentPath', `${base}${extension}`],
            ['extensionTestsPath', `${base}${path.join(extension, 'dist/tests.js')}`],
            ['skipWelcome', 'true'],
        ];
        await page.goto(`http://127.0.0.1:${port}/?folder=${folder}&payload=${encodeURIComponent(JSON.stringify(payload))}`);
        const late = new Promise((resolve) => setTimeout(() => resolve('late'), PATIENCE).unref());
        return await Promise.race([finished, late]);
    } finally {
        await browser.close();
    }
}

prepare();
const scratch = mkdtempSync(path.join(os.tmpdir(), 'lawbook-editor-'));
const folder = workspace(scratch);
const { server, port } = startServer(scratch);
let code = 1;
try {
    code = await runTests(await port, folder, process.env.SCREENSHOTS);
} finally {
    server.kill();
    rmSync(scratch, { recursive: true, force: true });
}
if (code !== 0) console.log(code === 'late' ? `# no end after ${PATIENCE / 1000} s` : `# ended with ${code}`);
process.exit(code === 0 ? 0 : 1);
