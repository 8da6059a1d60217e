// Bundles the extension, and with `--tests` the tests that run inside an editor.

import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const tests = process.argv.includes('--tests');
const minify = !process.argv.includes('--debug') && !tests;

const shared = {
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode'],
    logLevel: 'warning',
    legalComments: 'linked',
};

await build({ ...shared, entryPoints: ['src/extension.ts'], outfile: 'dist/extension.js', minify, sourcemap: !minify });
if (tests) {
    await build({ ...shared, entryPoints: ['test/editor/index.ts'], outfile: 'dist/tests.js', sourcemap: 'inline' });
}
