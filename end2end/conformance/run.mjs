/**
 * The protocol's own conformance suite, in both revisions.
 *
 * It cannot send a token, so a proxy on the loopback adds one. Each scenario that we are known to fail is named, with its
 * reason, in `expected-<revision>.yml`; one that passes all the same fails the run, so that the list stays true.
 *
 * Of the authorization server nothing may fail. Its scenarios wait for a person; the scripted browser is that person.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Browser, newPerson } from '../lib/browser.mjs';
import { send } from '../lib/http.mjs';
import { world } from '../lib/world.mjs';

const REVISIONS = ['2025-11-25', '2026-07-28'];
const here = import.meta.dirname;
const suite = join(here, '../node_modules/@modelcontextprotocol/conformance/dist/index.js');
const target = new URL(world.mcp_url);

/** Adds the token, and names the server as it knows itself; everything else goes through as it came. */
function forward(incoming, outgoing) {
    const ownHost = `127.0.0.1:${proxy.address().port}`;
    const headers = { ...incoming.headers, authorization: `Bearer ${world.access_token}` };
    for (const name of ['host', 'origin']) headers[name] = headers[name]?.replace(ownHost, target.host);
    if (!headers.origin) delete headers.origin;
    const options = { hostname: target.hostname, port: target.port, path: incoming.url, method: incoming.method, headers };
    const sent = request(options, (answer) => {
        outgoing.writeHead(answer.statusCode, answer.rawHeaders);
        answer.pipe(outgoing);
    });
    outgoing.on('close', () => sent.destroy());
    sent.on('error', () => outgoing.destroy());
    incoming.pipe(sent);
}

const proxy = createServer(forward);
await new Promise((resolve) => proxy.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${proxy.address().port}${target.pathname}`;
const results = mkdtempSync(join(tmpdir(), 'conformance-'));

async function conformsTo(revision) {
    const expected = join(here, `expected-${revision}.yml`);
    const args = [suite, 'server', '--url', url, '--requirements', revision, '--expected-failures', expected, '-o', results];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], timeout: 300_000 });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (said += text));
    const code = await new Promise((resolve) => child.on('error', resolve).on('close', resolve));
    // Every single check is worth reading only when something is wrong.
    // A scenario without a single check found nothing of ours to look at.
    const verdicts = said.split('\n').filter((line) => /^[✓✗] \S+: [1-9]\d* passed/.test(line));
    const passed = verdicts.filter((line) => line.startsWith('✓')).length;
    console.log(`\n${revision}: ${passed} of ${verdicts.length} scenarios pass, ${code === 0 ? 'as expected' : 'which is NOT as expected'}`);
    console.log(code === 0 ? verdicts.filter((line) => line.startsWith('✓')).join('\n') : said);
    return code === 0;
}

/** A port that nobody listens at, for something that cannot take just any. */
async function freePort() {
    const server = createServer();
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address();
    await new Promise((resolve) => server.close(resolve));
    return port;
}

/** Signs in, allows it, and brings the answer where the suite waits for it. */
async function allow(address, browser) {
    await browser.open(address);
    await browser.submit(/authorize/, {}, /^Allow$/);
    await browser.open(await browser.follow());
}

async function authorizationConformsTo(revision, browser) {
    const port = await freePort();
    const body = { client_name: 'conformance', redirect_uris: [`http://127.0.0.1:${port}/callback`] };
    const { json: client } = await send({ path: '/o/register', token: null, body });
    const of = ['--url', world.base_url, '--client-id', client.client_id, '--resource', world.mcp_url];
    const args = [suite, 'authorization', ...of, '-p', port, '--spec-version', revision, '-o', results];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], timeout: 60_000 });
    let said = '';
    let asked;
    child.stdout.setEncoding('utf8').on('data', (text) => {
        said += text;
        const address = /^http\S+\/o\/authorize\?\S+$/m.exec(said)?.[0];
        // It prints the address before it listens for the answer.
        if (address && said.includes('Callback server started')) asked ??= allow(address, browser).catch((error) => (said += error.stack));
    });
    const code = await new Promise((resolve) => child.on('error', resolve).on('close', resolve));
    await asked;
    const verdicts = said.split('\n').filter((line) => /^[✓✗] /.test(line));
    const passes = code === 0 && verdicts.length === 2 && verdicts.every((line) => /^✓ \S+: [1-9]\d* passed, 0 failed$/.test(line));
    console.log(`\nauthorization, ${revision}: ${passes ? 'everything passes' : 'NOT everything passes'}`);
    console.log(passes ? verdicts.join('\n') : said);
    return passes;
}

let conforms = true;
const browser = await new Browser().signIn(newPerson());
for (const revision of REVISIONS) conforms = (await authorizationConformsTo(revision, browser)) && conforms;
for (const revision of REVISIONS) conforms = (await conformsTo(revision)) && conforms;
proxy.close();
proxy.closeAllConnections();
rmSync(results, { recursive: true, force: true });
process.exitCode = conforms ? 0 : 1;
