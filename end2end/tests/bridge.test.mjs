/**
 * Clients that only speak stdio reach us through mcp-remote.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { rowsOf, structured } from '../lib/answer.mjs';
import { Browser, newPerson } from '../lib/browser.mjs';
import { scratch } from '../lib/demo.mjs';
import { world } from '../lib/world.mjs';

const bridge = join(import.meta.dirname, '../node_modules/mcp-remote/dist/proxy.js');

describe('mcp-remote as a bridge from stdio', { timeout: 180_000 }, () => {
    const client = new Client({ name: 'end2end', version: '1' });
    const home = scratch();

    before(() =>
        client.connect(
            new StdioClientTransport({
                command: process.execPath,
                // A header with a space in it is cut by some clients; the variable is the documented way around.
                args: [bridge, world.mcp_url, '--allow-http', '--transport', 'http-only', '--header', 'Authorization:${AUTH}'],
                env: { ...process.env, AUTH: `Bearer ${world.access_token}`, MCP_REMOTE_CONFIG_DIR: home.directory },
                stderr: 'ignore',
            }),
        ),
    );
    after(async () => {
        await client.close();
        home.remove();
    });

    test('lists the tools', async () => {
        const { tools } = await client.listTools();
        assert.deepEqual(tools.map(({ name }) => name), ['list_tables', 'describe_table', 'run_query']);
    });

    test('lists tables and runs a query', async () => {
        const { tables } = structured(await client.callTool({ name: 'list_tables', arguments: {} }));
        assert.ok(tables.length > 0);
        const sql = 'select count(*) from customers';
        assert.equal(Number(rowsOf(await client.callTool({ name: 'run_query', arguments: { sql } }))[0][0]) > 0, true);
    });
});

describe('mcp-remote without a token', { timeout: 180_000 }, () => {
    const client = new Client({ name: 'end2end', version: '1' });
    const home = scratch();
    const browser = new Browser();

    before(async () => {
        await browser.signIn(newPerson());
        const transport = new StdioClientTransport({
            command: process.execPath,
            args: [bridge, world.mcp_url, '--allow-http', '--transport', 'http-only'],
            // What it would open is opened here instead.
            env: { ...process.env, BROWSER: 'true', MCP_REMOTE_CONFIG_DIR: home.directory },
            stderr: 'pipe',
        });
        let said = '';
        let asked;
        const allowed = new Promise((resolve, reject) => {
            transport.stderr.setEncoding('utf8').on('data', (text) => {
                said += text;
                const address = /^\S*(http\S+\/o\/authorize\?\S+)\n/m.exec(said)?.[1];
                if (address) asked ??= allow(address).then(resolve, reject);
            });
        });
        await Promise.all([client.connect(transport), allowed]);
    });
    after(async () => {
        await client.close();
        home.remove();
    });

    async function allow(address) {
        await browser.open(address);
        await browser.submit(/authorize/, {}, /^Allow$/);
        await browser.open(await browser.follow());
    }

    test('reads once the person has allowed it', async () => {
        const { tables } = structured(await client.callTool({ name: 'list_tables', arguments: {} }));
        assert.ok(tables.length > 0);
        const sql = 'select count(*) from customers';
        assert.ok(Number(rowsOf(await client.callTool({ name: 'run_query', arguments: { sql } }))[0][0]) > 0);
    });
});
