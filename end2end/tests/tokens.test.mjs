/**
 * Tokens from the command line, and what becomes of them.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { errorOf, refusalOf, structured } from '../lib/answer.mjs';
import { call, rpc, send } from '../lib/http.mjs';
import { issueToken, query, revokeToken, world } from '../lib/world.mjs';

const toolsList = rpc('tools/list');
const statusWith = async ({ bearer }) => (await send({ token: bearer, body: toolsList })).status;

describe('a token of the command line', () => {
    test('is refused at the very next request once it is revoked by its id', async () => {
        const token = issueToken();
        assert.equal(await statusWith(token), 200);
        revokeToken(token.id);
        assert.equal(await statusWith(token), 401);
    });

    test('can be revoked by itself, read from standard input', async () => {
        const token = issueToken();
        revokeToken('-', { input: `${token.bearer}\n` });
        assert.equal(await statusWith(token), 401);
    });

    test('leaves other tokens of the same person alone', async () => {
        const [one, other] = [issueToken(), issueToken()];
        revokeToken(one.id);
        assert.equal(await statusWith(other), 200);
    });

    test('is on record when it is issued and when it is revoked', () => {
        const token = issueToken();
        revokeToken(token.id);
        const events = query(world.store_url, `select kind from events where subject || detail::text like '%${token.id}%' order by at`);
        assert.equal(events.length, 2, JSON.stringify(events));
    });

    test('of a narrower profile reads less', async () => {
        const { bearer } = issueToken({ profile: 'support' });
        const ask = async (name, args) => (await send({ token: bearer, body: call(name, args) })).json.result;
        const { tables } = structured(await ask('list_tables', {}));
        assert.deepEqual(tables.map(({ name }) => name), ['public.customers', 'public.orders', 'public.products']);
        const { columns } = structured(await ask('describe_table', { name: 'customers' }));
        assert.deepEqual(columns.map(({ name }) => name).sort(), ['city', 'created_at', 'id', 'name']);
        assert.match(errorOf(await ask('describe_table', { name: 'order_items' })), /is no table that you can read/);
        const refusal = refusalOf(await ask('run_query', { sql: 'select email from customers' }));
        assert.equal(refusal.reason, 'disallowed_column');
    });

    test('cannot be issued for a person or a profile that does not exist', () => {
        assert.throws(() => issueToken({ profile: 'nobody' }), /nobody/);
    });
});
