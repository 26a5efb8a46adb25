/**
 * A client that goes away takes its statement with it.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { eventually } from '../lib/demo.mjs';
import { call, modern } from '../lib/http.mjs';
import { issueToken, query, recordOf, world } from '../lib/world.mjs';

/** A statement that would run for minutes, were it not for its timeout. */
function slow(marker) {
    return `select count(*) from order_items a cross join order_items b where a.product_id + b.product_id <> ${marker}`;
}

const isRunning = (marker) => () =>
    query(world.warehouse_url, `select pid from pg_stat_activity where state = 'active' and query like '%${marker}%' and pid <> pg_backend_pid()`).length > 0;

async function isCancelled(token, marker, goAway) {
    const running = isRunning(marker);
    assert.ok(await eventually(running, 4_000), 'the statement was never seen running');
    const left = Date.now();
    goAway();
    assert.ok(await eventually(() => !running(), 1_000), 'the statement is still running after 1 s');
    const gone = Date.now() - left;
    const recorded = () => recordOf(token)[0]?.outcomes.length === 1;
    assert.ok(await eventually(recorded, 2_000, 100), 'there is no outcome');
    const [{ outcomes: [outcome] }] = recordOf(token);
    assert.deepEqual([outcome.decision, outcome.reason], ['failed', 'cancelled']);
    return gone;
}

describe('a client that goes away', () => {
    const requests = {
        'with a handshake': (sql) => ({ headers: {}, body: call('run_query', { sql }) }),
        'without a handshake': (sql) => modern('tools/call', { name: 'run_query', arguments: { sql } }),
    };
    let marker = 700_000_000 + Math.floor(Math.random() * 100_000_000);

    for (const [manner, request] of Object.entries(requests)) {
        test(`${manner}: closing the connection cancels the statement`, async (t) => {
            const [token, sought] = [issueToken(), ++marker];
            const { headers, body } = request(slow(sought));
            const controller = new AbortController();
            const asked = fetch(world.mcp_url, {
                method: 'POST',
                signal: controller.signal,
                headers: {
                    authorization: `Bearer ${token.bearer}`,
                    'content-type': 'application/json',
                    accept: 'application/json, text/event-stream',
                    ...headers,
                },
                body: JSON.stringify(body),
            }).catch(() => {});
            const took = await isCancelled(token, sought, () => controller.abort());
            t.diagnostic(`gone after ${took} ms`);
            await asked;
        });
    }

    test('a client of the SDK that cancels a request cancels the statement', async () => {
        const [token, sought] = [issueToken(), ++marker];
        const client = new Client({ name: 'end2end', version: '1' }, { versionNegotiation: { mode: 'auto' } });
        const headers = { authorization: `Bearer ${token.bearer}` };
        await client.connect(new StreamableHTTPClientTransport(new URL(world.mcp_url), { requestInit: { headers } }));
        const controller = new AbortController();
        const asked = client
            .callTool({ name: 'run_query', arguments: { sql: slow(sought) } }, { signal: controller.signal })
            .catch(() => {});
        await isCancelled(token, sought, () => controller.abort());
        await asked;
        await client.close();
    });

    test('others go on meanwhile', async () => {
        const token = issueToken();
        const sought = ++marker;
        const headers = { authorization: `Bearer ${token.bearer}`, 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
        const controllers = Array.from({ length: 4 }, () => new AbortController());
        const asked = controllers.map(({ signal }) =>
            fetch(world.mcp_url, { method: 'POST', signal, headers, body: JSON.stringify(call('run_query', { sql: slow(sought) })) }).catch(() => {}),
        );
        await eventually(isRunning(sought), 4_000);
        for (const controller of controllers) controller.abort();
        const answer = await fetch(world.mcp_url, { method: 'POST', headers, body: JSON.stringify(call('run_query', { sql: 'select 1' })) });
        assert.equal((await answer.json()).result.isError ?? false, false);
        await Promise.all(asked);
        await sleep(500);
        assert.ok(recordOf(token).every(({ outcomes }) => outcomes.length === 1));
    });
});
