/**
 * The endpoint as a socket sees it, with requests that no well-behaved client sends.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { errorOf, rowsOf } from '../lib/answer.mjs';
import { call, modern, MODERN, rpc, send } from '../lib/http.mjs';
import { printed, world } from '../lib/world.mjs';

const toolsList = rpc('tools/list');

describe('the address', () => {
    for (const path of ['/mcp/sql', '/mcp/sql/']) {
        test(`${path} answers without a redirect`, async () => {
            const { status, json } = await send({ path, body: toolsList });
            assert.equal(status, 200);
            assert.equal(json.result.tools.length, 3);
        });
    }

    for (const method of ['GET', 'DELETE']) {
        test(`${method} is not for those with a token`, async () => {
            const { status, headers } = await send({ method });
            assert.equal(status, 405);
            assert.equal(headers.allow, 'POST');
        });
    }

    test('no session is begun', async () => {
        const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'end2end', version: '1' } };
        const { status, headers } = await send({ body: rpc('initialize', params) });
        assert.equal(status, 200);
        assert.equal(headers['mcp-session-id'], undefined);
    });

    test('documents that do not exist are not pages', async () => {
        for (const name of ['openid-configuration', 'no-such-document', 'openid-configuration/mcp/sql/']) {
            const { status, json } = await send({ method: 'GET', path: `/.well-known/${name}`, token: null });
            assert.equal(status, 404);
            assert.equal(json.error, 'not_found');
        }
    });

    test('every answer bears the headers that protect a browser', async () => {
        const answers = [await send({ body: toolsList }), await send({ token: null, body: toolsList }), await send({ path: '/', method: 'GET', token: null })];
        for (const { headers } of answers) {
            assert.match(headers['content-security-policy'], /default-src 'none'.*frame-ancestors 'none'/);
            assert.equal(headers['x-content-type-options'], 'nosniff');
            assert.equal(headers['x-frame-options'], 'DENY');
            assert.equal(headers['referrer-policy'], 'no-referrer');
            assert.match(headers['cache-control'], /no-store/);
            assert.match(headers['x-request-id'], /^[0-9a-f-]{36}$/);
        }
    });
});

describe('the bearer', () => {
    test('without a token, the challenge names no error', async () => {
        for (const method of ['POST', 'GET', 'DELETE']) {
            const { status, headers } = await send({ method, token: null, body: method === 'POST' ? toolsList : undefined });
            assert.equal(status, 401);
            assert.match(headers['www-authenticate'], /^Bearer .*scope="[^"]+"/);
            assert.doesNotMatch(headers['www-authenticate'], /error=/);
        }
    });

    const strangers = {
        'an unknown token': { token: 'pcat_575niw7tsK8Ed7IHcDZNQvV4rL3KCL_0000000000000' },
        'half a token': { token: world.access_token.slice(0, 20) },
        'a token with one more letter': { token: `${world.access_token}x` },
    };
    for (const [name, request] of Object.entries(strangers)) {
        test(`${name} is turned away as invalid`, async () => {
            const { status, headers, text } = await send({ ...request, body: toolsList });
            assert.equal(status, 401);
            assert.match(headers['www-authenticate'], /^Bearer .*error="invalid_token"/);
            assert.ok(!text.includes(request.token));
        });
    }

    test('a token in the address counts for nothing', async () => {
        const { status } = await send({ path: `/mcp/sql/?access_token=${world.access_token}`, token: null, body: toolsList });
        assert.equal(status, 401);
    });

    test('another scheme counts for nothing, and the name of ours has no case', async () => {
        const basic = Buffer.from(`demo:${world.access_token}`).toString('base64');
        assert.equal((await send({ headers: { authorization: `Basic ${basic}` }, body: toolsList })).status, 401);
        assert.equal((await send({ headers: { authorization: `bearer ${world.access_token}` }, body: toolsList })).status, 200);
    });

    test('who has no token learns nothing about their request', async () => {
        const { status } = await send({ token: null, headers: { 'content-type': 'text/plain', accept: 'text/html' }, body: 'no JSON' });
        assert.equal(status, 401);
    });
});

describe('a message', () => {
    const bad = {
        'malformed JSON': ['{"jsonrpc": "2.0", ', 400, -32700],
        'nothing at all': ['', 400, -32700],
        'bytes that are no UTF-8': [Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]), 400, -32700],
        'a batch': [[toolsList, rpc('tools/list', undefined, 2)], 400, -32600],
        'a number': ['42', 400, -32600],
        'an object that is no request': [{ hello: 'world' }, 400, -32600],
        'a request whose id is null': [{ ...toolsList, id: null }, 400, -32600],
        'more than 1 MiB': [call('run_query', { sql: `select '${'x'.repeat(1 << 20)}'` }), 413, -32600],
    };
    for (const [name, [body, status, code]] of Object.entries(bad)) {
        test(`${name} is answered ${status} and ${code}`, async () => {
            const answer = await send({ body });
            assert.equal(answer.status, status);
            assert.equal(answer.json.jsonrpc, '2.0');
            assert.equal(answer.json.error.code, code);
        });
    }

    test('a statement of almost 1 MiB is judged', async () => {
        const { status, json } = await send({ body: call('run_query', { sql: `select '${'x'.repeat(1_000_000)}'` }) });
        assert.equal(status, 200);
        assert.equal(typeof json.result.structuredContent.rejection_reason, 'string');
    });

    test('JSON must be called JSON', async () => {
        assert.equal((await send({ headers: { 'content-type': 'text/plain' }, body: toolsList })).status, 415);
    });

    test('a notification is accepted', async () => {
        const { status } = await send({ body: { jsonrpc: '2.0', method: 'notifications/initialized' } });
        assert.equal(status, 202);
    });

    test('the list of tools has at most 4,000 bytes', async () => {
        const { text } = await send({ body: toolsList });
        assert.ok(Buffer.byteLength(text) <= 4_000, `${Buffer.byteLength(text)} bytes`);
    });
});

describe('a tool call', () => {
    test('an unknown tool is an error of the protocol', async () => {
        const { status, json } = await send({ body: call('drop_table', { name: 'customers' }) });
        assert.equal(status, 200);
        assert.equal(json.error.code, -32602);
        assert.match(json.error.message, /drop_table/);
    });

    const wrong = {
        'sql that is a number': ['run_query', { sql: 42 }, /`sql` must be a string/],
        'sql that is missing': ['run_query', {}, /`sql` is missing/],
        'a limit that is text': ['run_query', { sql: 'select 1', limit: '5' }, /`limit` must be a whole number/],
        'a negative limit': ['run_query', { sql: 'select 1', limit: -1 }, /`limit` must be a whole number/],
        'half a row': ['run_query', { sql: 'select 1', limit: 1.5 }, /`limit` must be a whole number/],
        'an argument that nobody knows': ['run_query', { sql: 'select 1', offset: 5 }, /no argument `offset`/],
        'a name that is a list': ['describe_table', { name: ['orders'] }, /`name` must be a string/],
        'an argument where there is none': ['list_tables', { schema: 'public' }, /no argument `schema`/],
    };
    for (const [name, [tool, args, says]] of Object.entries(wrong)) {
        test(`${name} is an error that the model hears of`, async () => {
            const { status, json } = await send({ body: call(tool, args) });
            assert.equal(status, 200);
            assert.match(errorOf(json.result), says);
        });
    }

    test('statements made to break a parser are refused in no time', async () => {
        const statements = [
            `select ${'('.repeat(10_000)}1${')'.repeat(10_000)}`,
            `select ${'1+'.repeat(20_000)}1`,
            `select ${'not '.repeat(20_000)}true`,
            'select \u0000 1',
            `select '${'x'.repeat(900_000)}`,
        ];
        for (const sql of statements) {
            const begun = Date.now();
            const { status, json } = await send({ body: call('run_query', { sql }) });
            assert.equal(status, 200);
            assert.match(json.result.structuredContent.rejection_reason, /^(too_complex|parse_error|disallowed_construct)$/);
            assert.ok(Date.now() - begun < 5_000, `${Date.now() - begun} ms`);
        }
    });
});

describe('where a request comes from', () => {
    const own = new URL(world.base_url);

    for (const origin of ['https://evil.example.com', 'http://127.0.0.1.evil.example.com', 'null']) {
        test(`the origin ${origin} is forbidden`, async () => {
            assert.equal((await send({ headers: { origin }, body: toolsList })).status, 403);
        });
    }

    test('our own origin is welcome', async () => {
        assert.equal((await send({ headers: { origin: own.origin }, body: toolsList })).status, 200);
    });

    for (const host of ['evil.example.com', `evil.example.com:${own.port}`]) {
        test(`the host ${host} is not us`, async () => {
            const { status } = await send({ headers: { host }, body: toolsList });
            assert.ok(status >= 400 && status < 500, `${status}`);
        });
    }
});

describe(`requests in the manner of ${MODERN}`, () => {
    const sent = (method, params, options) => send(modern(method, params, options));

    test('server/discover tells every revision that is served', async () => {
        const { status, json } = await sent('server/discover');
        assert.equal(status, 200);
        assert.ok(['2025-06-18', '2025-11-25', MODERN].every((version) => json.result.supportedVersions.includes(version)));
        assert.equal(json.result.resultType, 'complete');
    });

    test('a list may be kept for a while, by its reader alone', async () => {
        for (const method of ['tools/list', 'prompts/list']) {
            const { json } = await sent(method);
            assert.equal(json.result.cacheScope, 'private');
            assert.ok(json.result.ttlMs > 0);
        }
    });

    test('a tool can be called without any handshake', async () => {
        const { status, json } = await sent('tools/call', { name: 'list_tables', arguments: {} });
        assert.equal(status, 200);
        assert.equal(json.result.resultType, 'complete');
        assert.ok(json.result.structuredContent.tables.length > 0);
    });

    const mismatches = {
        'a revision in the header that the message contradicts': [{ headers: { 'mcp-protocol-version': '2025-11-25' } }, -32020],
        'no revision in the header': [{ headers: { 'mcp-protocol-version': undefined } }, -32020],
        'a method in the header that the message contradicts': [{ headers: { 'mcp-method': 'prompts/list' } }, -32020],
        'no method in the header': [{ headers: { 'mcp-method': undefined } }, -32020],
        'a name in the header that the message contradicts': [{ headers: { 'mcp-name': 'run_query' } }, -32020],
        'no name in the header': [{ headers: { 'mcp-name': undefined } }, -32020],
        'capabilities left out': [{ meta: { 'io.modelcontextprotocol/clientCapabilities': undefined } }, -32602],
        'a revision of the future': [{ version: '2199-01-01' }, -32022],
    };
    for (const [name, [options, code]] of Object.entries(mismatches)) {
        test(`${name} is answered 400 and ${code}`, async () => {
            const { status, json } = await sent('tools/call', { name: 'list_tables', arguments: {} }, options);
            assert.equal(status, 400);
            assert.equal(json.error.code, code);
        });
    }

    test('an unknown method is not found', async () => {
        for (const method of ['no/such/method', 'ping', 'logging/setLevel']) {
            const { status, json } = await sent(method);
            assert.equal(status, 404);
            assert.equal(json.error.code, -32601);
        }
    });
});

describe('what the demo prints', () => {
    test('the curl line, pasted into a shell, returns rows', () => {
        const line = printed.split('\n').find((text) => text.startsWith('curl '));
        const { status, stdout, stderr } = spawnSync('sh', ['-c', line], { encoding: 'utf8', timeout: 10_000 });
        assert.equal(status, 0, stderr);
        const rows = rowsOf(JSON.parse(stdout).result);
        assert.equal(rows.length, 5);
        assert.equal(typeof rows[0][0], 'string');
    });

    test('the line for Claude Code names the endpoint and the token', () => {
        const line = printed.split('\n').find((text) => text.startsWith('claude mcp add '));
        assert.ok(line.includes(world.mcp_url) && line.includes(world.access_token));
    });
});
