/**
 * What breaks behind the program: each fault has its answer and its outcome, and passes with its cause.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { refusalOf, rowsOf } from '../lib/answer.mjs';
import { Demo, eventually, isAlive, scratch } from '../lib/demo.mjs';
import { psql, query } from '../lib/world.mjs';

const SLOW = 'select count(*) from order_items a cross join order_items b where a.product_id + b.product_id <> 5';

describe('a fault', { timeout: 300_000 }, () => {
    const { directory, remove } = scratch();
    // It is broken on purpose, so nobody else may depend on it.
    const demo = new Demo(directory);
    before(() => demo.start());
    after(async () => {
        await demo.interrupt().catch(() => {});
        remove();
    });

    const admin = (sql) => {
        const { status, stderr } = psql(demo.ready.warehouse_url, sql);
        assert.equal(status, 0, stderr);
    };
    const post = (sql) =>
        fetch(demo.ready.mcp_url, {
            method: 'POST',
            headers: {
                authorization: `Bearer ${demo.ready.access_token}`,
                'content-type': 'application/json',
                accept: 'application/json, text/event-stream',
            },
            body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'run_query', arguments: { sql } } }),
            signal: AbortSignal.timeout(30_000),
        });
    const run = async (sql) => (await (await post(sql)).json()).result;
    const works = async () => (await post('select 1')).status === 200 && !(await run('select 1')).isError;
    /** How the latest calls ended, as the record has it. */
    const latest = (n = 1) =>
        query(
            demo.ready.store_url,
            `select o.decision, o.reason from attempts a left join outcomes o on o.attempt_id = a.id order by a.at desc, a.id desc limit ${n}`,
        );

    /** Locks the orders for a while, on a connection of its own. */
    async function locked(whileLocked) {
        const script = 'begin; lock table public.orders in access exclusive mode; select pg_sleep(60)';
        const holder = spawn(process.env.PSQL, ['-X', '-q', '-d', demo.ready.warehouse_url, '-c', script], { stdio: 'ignore' });
        const held = "select 1 from pg_locks where mode = 'AccessExclusiveLock' and granted and relation = 'public.orders'::regclass";
        try {
            assert.ok(await eventually(() => query(demo.ready.warehouse_url, held).length > 0, 10_000));
            await whileLocked();
        } finally {
            holder.kill();
            admin("select pg_terminate_backend(pid) from pg_locks where mode = 'AccessExclusiveLock' and granted and relation = 'public.orders'::regclass");
        }
    }

    test('a statement that takes too long is stopped and told so', async () => {
        const { reason, hint } = refusalOf(await run(SLOW));
        assert.equal(reason, 'timeout');
        assert.ok(hint);
        assert.deepEqual(latest(), [{ decision: 'failed', reason: 'timeout' }]);
    });

    test('a statement that waits for a lock is stopped and told so', async () => {
        await locked(async () => {
            const { reason, error } = refusalOf(await run('select id from orders limit 1'));
            assert.equal(reason, 'timeout');
            assert.match(error, /lock/);
        });
        assert.equal(rowsOf(await run('select id from orders limit 1')).length, 1);
    });

    test('more statements than connections wait within bounds, and each is on record', async () => {
        const many = 60;
        await locked(async () => {
            const answers = await Promise.all(Array.from({ length: many }, () => run('select id from orders limit 1')));
            const reasons = new Set(answers.map((answer) => refusalOf(answer).reason));
            assert.ok([...reasons].every((reason) => ['timeout', 'unavailable'].includes(reason)), [...reasons].join());
        });
        assert.ok(latest(many).every(({ decision }) => decision === 'failed'));
        assert.ok(await works());
    });

    test('a statement whose connection is lost is an error, and the next one works', async () => {
        const answer = run(SLOW);
        const victims = "from pg_stat_activity where state = 'active' and query like '%order_items%' and pid <> pg_backend_pid()";
        assert.ok(await eventually(() => query(demo.ready.warehouse_url, `select pid ${victims}`).length > 0, 4_000));
        admin(`select pg_terminate_backend(pid) ${victims}`);
        assert.equal(refusalOf(await answer).reason, 'unavailable');
        assert.ok(await works());
    });

    test('a role that the gateway may not enter is for the operator to mend', async () => {
        admin('revoke portcullis_analyst from portcullis_analyst_gateway');
        const { reason, hint } = refusalOf(await run('select 1'));
        admin('grant portcullis_analyst to portcullis_analyst_gateway');
        assert.equal(reason, 'misconfigured');
        assert.match(hint, /operator/);
        assert.ok(await works());
    });

    test('a table that lost its grant is refused by the warehouse itself', async () => {
        admin('revoke select on public.products from portcullis_analyst');
        const { reason } = refusalOf(await run('select id from products limit 1'));
        admin('grant select on public.products to portcullis_analyst');
        assert.equal(reason, 'permission_denied');
        assert.equal(rowsOf(await run('select id from products limit 1')).length, 1);
    });

    test('a crash of PostgreSQL passes by itself', async () => {
        const sql = "select pid from pg_stat_activity where usename = 'portcullis_analyst_gateway' limit 1";
        const [{ pid }] = query(demo.ready.warehouse_url, sql);
        // The server takes every other backend down with one that dies like this.
        process.kill(pid, 'SIGKILL');
        const statuses = new Set();
        const recovered = async () => {
            const { status } = await post('select 1');
            statuses.add(status);
            return status === 200 && works();
        };
        assert.ok(await eventually(recovered, 30_000, 200));
        assert.ok(!statuses.has(401), 'a good token was called bad');
    });

    test('without its store the program lets nobody in, and calls no token bad', async () => {
        const postmaster = demo.postmaster();
        process.kill(postmaster, 'SIGINT');
        assert.ok(await eventually(() => !isAlive(postmaster), 10_000));
        const answer = await post('select 1');
        assert.equal(answer.status, 503);
        assert.ok(Number(answer.headers.get('retry-after')) > 0);
        assert.equal(answer.headers.get('www-authenticate'), null);
        const { code } = await demo.interrupt();
        assert.equal(code, 0, demo.output);
    });
});
