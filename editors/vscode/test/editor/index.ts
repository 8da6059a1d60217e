/**
 * The extension's own tests, run by a real extension host. Three groups: what needs no server, the extension's part
 * against a scripted server, and everything against the real one.
 */

import { client } from './client';
import { alone } from './alone';
import { api, run as runTests, skip } from './harness';
import { real } from './real';

export async function run(): Promise<void> {
    const { server } = await api();
    await runTests('alone', alone);
    await runTests('with a scripted server', client);
    if (server.problem?.includes('no command `lsp`')) skip('with the real server', server.problem);
    else await runTests('with the real server', real);
}
