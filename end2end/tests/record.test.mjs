/**
 * The record: one attempt and one outcome for every tool call, never a row, and nothing ever changed.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { rowsOf } from '../lib/answer.mjs';
import { call, modern, rpc, send } from '../lib/http.mjs';
import { issueToken, psql, query, recordOf, revokeToken, urlOf, world } from '../lib/world.mjs';

describe('every call is on record', () => {
    const cases = [
        ['list_tables', call('list_tables', {}), 'list_tables', 'allowed', null],
        ['describe_table', call('describe_table', { name: 'orders' }), 'describe_table', 'allowed', null],
        ['a hidden table', call('describe_table', { name: 'secrets' }), 'describe_table', 'refused', 'disallowed_table'],
        ['a query', call('run_query', { sql: 'select id from customers where id = 1' }), 'run_query', 'allowed', null],
        ['a refused query', call('run_query', { sql: 'delete from customers' }), 'run_query', 'refused', 'non_select_root'],
        ['a failed query', call('run_query', { sql: 'select 1 / (id - id) from customers where id = 1' }), 'run_query', 'failed', 'execution_error'],
        ['a query with a NUL', call('run_query', { sql: 'select \u0000' }), 'run_query', 'refused', 'parse_error'],
        ['wrong arguments', call('run_query', { sql: 5 }), 'run_query', 'refused', 'invalid_request'],
        ['an unknown tool', call('drop_table', {}), 'drop_table', 'refused', 'invalid_request'],
        ['malformed JSON', '{', '(none)', 'refused', 'invalid_request'],
        ['a body that is too large', ' '.repeat((1 << 20) + 1), '(none)', 'refused', 'invalid_request'],
    ];
    for (const [name, body, tool, decision, reason] of cases) {
        test(`${name}: one attempt, one outcome`, async () => {
            const token = issueToken();
            await send({ token: token.bearer, body, headers: { 'user-agent': 'end2end/1' } });
            const [attempt, ...more] = recordOf(token);
            assert.deepEqual(more, []);
            assert.equal(attempt.outcomes.length, 1);
            assert.deepEqual(
                { tool: attempt.tool, decision: attempt.outcomes[0].decision, reason: attempt.outcomes[0].reason },
                { tool, decision, reason },
            );
            assert.deepEqual([attempt.person, attempt.profile, attempt.ip], ['demo', 'analyst', '127.0.0.1']);
            assert.equal(attempt.user_agent, 'end2end/1');
        });
    }

    test('calls at the same time are each on record once', async () => {
        const token = issueToken();
        const many = Array.from({ length: 40 }, (_, i) => call('run_query', { sql: `select ${i} from customers limit 1` }));
        const answers = await Promise.all(many.map((body) => send({ token: token.bearer, body })));
        assert.ok(answers.every(({ status }) => status === 200));
        const record = recordOf(token);
        assert.equal(new Set(record.map(({ sql }) => sql)).size, many.length);
        assert.ok(record.every(({ outcomes }) => outcomes.length === 1));
    });

    test('what is no call leaves no attempt', async () => {
        const token = issueToken();
        const bodies = [rpc('tools/list'), rpc('prompts/list'), rpc('ping'), rpc('no/such/method')];
        for (const body of bodies) await send({ token: token.bearer, body });
        await send({ token: token.bearer, ...modern('server/discover') });
        assert.deepEqual(recordOf(token), []);
    });

    test('a query is told in every form it had, with what it read', async () => {
        const token = issueToken();
        const sql = 'SELECT Name FROM customers WHERE id = 7';
        await send({ token: token.bearer, body: call('run_query', { sql, limit: 3 }) });
        const [{ outcomes: [outcome], ...attempt }] = recordOf(token);
        assert.equal(attempt.sql, sql);
        assert.deepEqual(attempt.arguments, { limit: 3 });
        assert.match(outcome.canonical_sql, /"public"\."customers"/);
        assert.ok(outcome.executed_sql.includes(attempt.id));
        assert.deepEqual(outcome.relations, ['public.customers']);
        assert.equal(outcome.row_count, 1);
        assert.ok(outcome.byte_count > 0 && outcome.duration_us > 0 && !outcome.truncated);
    });

    test('a person who is turned away is on record too', async () => {
        const { bearer, id } = issueToken();
        const sql = `select count(*) as n from denials where token_id = '${id}'`;
        revokeToken(id);
        assert.equal((await send({ token: bearer, body: rpc('tools/list') })).status, 401);
        assert.deepEqual(query(world.store_url, sql), [{ n: 1 }]);
    });
});

describe('what the record must not hold', () => {
    const token = issueToken();

    test('no contents of rows, not even in the words of an error', async () => {
        const secret = query(world.warehouse_url, 'select email, name, phone from public.customers where id = 7')[0];
        const run = (sql) => send({ token: token.bearer, body: call('run_query', { sql }) });
        const read = await run('select email, name, phone from customers where id = 7');
        assert.equal(rowsOf(read.json.result)[0][0], secret.email);
        // PostgreSQL quotes the value that it could not convert.
        const failed = await run('select name::integer from customers where id = 7');
        assert.equal(failed.json.result.structuredContent.rejection_reason, 'execution_error');
        const record = JSON.stringify(recordOf(token));
        for (const value of Object.values(secret)) assert.ok(!record.includes(value), `${value} is in the record`);
    });

    test('no token', () => {
        const stored = JSON.stringify(query(world.store_url, 'select t::text from tokens t'));
        assert.ok(!stored.includes(token.bearer) && !stored.includes(token.bearer.replace(/^pcat_/, '')));
    });
});

describe('nobody changes the record', () => {
    const tables = ['attempts', 'outcomes', 'denials', 'events'];
    const deeds = (table) => [`update portcullis.${table} set at = now()`, `delete from portcullis.${table}`, `truncate portcullis.${table}`];

    for (const table of tables) {
        test(`the program's own role only adds to ${table}`, () => {
            for (const deed of deeds(table)) {
                const { status, stderr } = psql(world.store_url, deed);
                assert.notEqual(status, 0, deed);
                assert.match(stderr, /permission denied|append-only/);
            }
        });

        test(`the owner of the tables, and even a superuser, cannot rewrite ${table} by mistake`, () => {
            for (const role of ['portcullis_owner', 'postgres']) {
                for (const deed of deeds(table)) {
                    const { status, stderr } = psql(urlOf(role, 'portcullis'), deed);
                    assert.notEqual(status, 0, deed);
                    assert.match(stderr, /append-only/);
                }
            }
        });
    }

    for (const role of ['portcullis_analyst_gateway', 'portcullis_support_gateway']) {
        test(`${role} cannot read the store, nor change the warehouse`, () => {
            const store = psql(urlOf(role, 'portcullis'), 'select count(*) from portcullis.attempts');
            assert.notEqual(store.status, 0);
            assert.match(store.stderr, /permission denied/);
            const bare = psql(urlOf(role, 'shop'), 'select count(*) from public.customers');
            assert.match(bare.stderr, /permission denied/);
            const entered = role.replace('_gateway', '');
            for (const deed of ['delete from public.orders', 'select token from public.secrets', 'create table public.mine ()', 'create temporary table mine ()']) {
                const { status, stderr } = psql(urlOf(role, 'shop'), `begin read write; set local role ${entered}; ${deed}`);
                assert.notEqual(status, 0, deed);
                assert.match(stderr, /permission denied/);
            }
        });
    }
});
