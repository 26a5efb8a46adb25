/**
 * The life of a demo: started, stopped, killed, begun anew.
 */
import assert from 'node:assert/strict';
import { existsSync, statSync } from 'node:fs';
import { after, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Demo, eventually, isAlive, scratch } from '../lib/demo.mjs';
import { psql, query } from '../lib/world.mjs';

/** How many attempts the record of a demo holds. */
const attempts = ({ store_url }) => query(store_url, 'select count(*) as n from attempts')[0].n;

async function ask({ mcp_url, access_token }, name = 'list_tables') {
    const answer = await fetch(mcp_url, {
        method: 'POST',
        headers: {
            authorization: `Bearer ${access_token}`,
            'content-type': 'application/json',
            accept: 'application/json, text/event-stream',
        },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: {} } }),
        signal: AbortSignal.timeout(10_000),
    });
    return answer.status;
}

describe('the life of a demo', { timeout: 300_000 }, () => {
    const { directory, remove } = scratch();
    const demo = new Demo(directory);
    let first;
    let second;
    after(async () => {
        await demo.interrupt().catch(() => {});
        remove();
    });

    test('the first start makes everything, and keeps its secrets to itself', async (t) => {
        const begun = Date.now();
        first = await demo.start();
        t.diagnostic(`ready after ${Date.now() - begun} ms`);
        assert.equal(await ask(first), 200);
        assert.equal(new URL(first.mcp_url).hostname, '127.0.0.1');
        assert.equal(statSync(demo.readyFile).mode & 0o777, 0o600);
        assert.equal(statSync(demo.config).mode & 0o777, 0o600);
        for (const secret of [first.access_token, first.password, first.totp_secret, first.mcp_url]) {
            assert.ok(demo.output.includes(secret));
        }
    });

    test('PostgreSQL listens on no network', () => {
        const { stdout } = psql(first.warehouse_url, 'show listen_addresses');
        assert.equal(stdout.trim(), '');
    });

    test('a second owner of the same data is turned away with clear words', async () => {
        const intruder = new Demo(directory);
        intruder.readyFile = `${intruder.readyFile}.intruder`;
        const { code } = await intruder.launch().ended();
        assert.notEqual(code, 0);
        assert.match(intruder.output, /in use|already|another/i);
        assert.ok(intruder.output.includes(String(demo.pid)), intruder.output);
        assert.equal(await ask(first), 200);
    });

    test('Ctrl-C stops everything and takes the ready file away', async () => {
        const postmaster = demo.postmaster();
        const { code } = await demo.interrupt();
        assert.equal(code, 0, demo.output);
        assert.ok(await eventually(() => !isAlive(postmaster), 5_000));
        assert.ok(!existsSync(demo.readyFile));
    });

    test('the second start finds what the first left', async (t) => {
        const begun = Date.now();
        second = await demo.start();
        t.diagnostic(`ready after ${Date.now() - begun} ms`);
        assert.equal(second.password, first.password);
        assert.equal(second.totp_secret, first.totp_secret);
        assert.notEqual(second.access_token, first.access_token);
        assert.equal(attempts(second), 2);
        assert.equal(await ask({ ...second, access_token: first.access_token }), 200);
    });

    test('a demo that was killed recovers with its record', async () => {
        const before = attempts(second);
        const orphan = demo.postmaster();
        await demo.kill();
        const third = await demo.start();
        assert.notEqual(demo.postmaster(), orphan);
        assert.ok(!isAlive(orphan), 'the old PostgreSQL is still there');
        assert.equal(attempts(third), before);
        assert.equal(await ask(third), 200);
    });

    test('a demo whose PostgreSQL was killed as well recovers with its record', async () => {
        const before = attempts(demo.ready);
        const postmaster = demo.postmaster();
        await demo.kill();
        process.kill(postmaster, 'SIGKILL');
        await eventually(() => !isAlive(postmaster), 5_000);
        const fourth = await demo.start();
        assert.equal(attempts(fourth), before);
        assert.equal(await ask(fourth), 200);
    });

    test('--fresh begins anew', async () => {
        await demo.interrupt();
        const anew = await demo.start('--fresh');
        assert.equal(attempts(anew), 0);
        assert.notEqual(anew.password, first.password);
        assert.equal(await ask({ ...anew, access_token: first.access_token }), 401);
        assert.equal(await ask(anew), 200);
    });

    test('SIGTERM stops it as well', async () => {
        const postmaster = demo.postmaster();
        process.kill(demo.pid, 'SIGTERM');
        const { code } = await demo.ended();
        assert.equal(code, 0, demo.output);
        assert.ok(await eventually(() => !isAlive(postmaster), 5_000));
    });

    test('a terminal that is closed leaves no PostgreSQL behind', async () => {
        await demo.start();
        const postmaster = demo.postmaster();
        process.kill(demo.pid, 'SIGHUP');
        await demo.ended();
        assert.ok(await eventually(() => !isAlive(postmaster), 5_000));
    });

    test('Ctrl-C stops it cleanly even when nobody reads its words any more', async () => {
        await demo.start();
        const postmaster = demo.postmaster();
        demo.stopListening();
        const { code } = await demo.interrupt();
        assert.ok(await eventually(() => !isAlive(postmaster), 5_000));
        assert.equal(code, 0);
        assert.ok(!existsSync(demo.readyFile));
    });
});

describe('a first start that is cut short', { timeout: 300_000 }, () => {
    for (const signal of ['SIGKILL', 'SIGINT']) {
        test(`by ${signal} is made up for by the next`, async () => {
            const { directory, remove } = scratch();
            const demo = new Demo(directory);
            try {
                demo.launch();
                // By then there is a cluster, but not yet a whole shop.
                assert.ok(await eventually(() => demo.output.includes('filling'), 120_000), demo.output);
                await sleep(500);
                process.kill(demo.pid, signal);
                await demo.ended();
                assert.ok(!existsSync(demo.readyFile));
                const ready = await demo.start();
                assert.deepEqual(query(ready.warehouse_url, 'select count(*) as n from public.order_items'), [{ n: 200_000 }]);
                assert.equal(await ask(ready), 200);
            } finally {
                await demo.interrupt().catch(() => {});
                remove();
            }
        });
    }
});
