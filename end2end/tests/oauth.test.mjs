/**
 * Clients that come with nothing but the address: they are sent to sign in, a person allows it, and they read.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Client as Client1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as Transport1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { Client as Client2, StreamableHTTPClientTransport as Transport2 } from '@modelcontextprotocol/client';
import { rowsOf, structured } from '../lib/answer.mjs';
import { Browser, newPerson, Person } from '../lib/browser.mjs';
import { Memory } from '../lib/client.mjs';
import { rpc, send } from '../lib/http.mjs';
import { query, world } from '../lib/world.mjs';

const us = { name: 'end2end', version: '1' };
// Nobody listens there; the scripted browser reads what it would have brought.
const REDIRECT = 'http://127.0.0.1:6276/oauth/callback';

const manners = [
    { name: 'TypeScript SDK 1.x', client: () => new Client1(us), Transport: Transport1 },
    {
        name: 'TypeScript client 2.x with a handshake',
        client: () => new Client2(us, { versionNegotiation: { mode: 'legacy' } }),
        Transport: Transport2,
    },
    {
        name: 'TypeScript client 2.x without a handshake',
        client: () => new Client2(us, { versionNegotiation: { mode: 'auto' } }),
        Transport: Transport2,
    },
];

/** Lets a client in, up to the point where it holds a token. */
async function letIn(manner, browser, { path = '/mcp/sql/', button = /^Allow$/ } = {}) {
    let answer;
    const memory = new Memory(REDIRECT, async (address) => {
        await browser.open(address);
        await browser.submit(/authorize/, {}, button);
        answer = (await browser.follow()).searchParams;
    });
    const url = new URL(path, world.base_url);
    const transport = new manner.Transport(url, { authProvider: memory });
    await assert.rejects(manner.client().connect(transport), /Unauthorized/);
    assert.equal(answer.get('state'), memory.expectedState);
    assert.equal(answer.get('iss'), world.base_url);
    if (answer.has('code')) await transport.finishAuth(answer.get('code'), answer.get('iss'));
    const connect = async () => {
        const client = manner.client();
        await client.connect(new manner.Transport(url, { authProvider: memory }));
        return client;
    };
    return { memory, answer, connect };
}

for (const manner of manners) {
    describe(`${manner.name} without a token`, { timeout: 180_000 }, () => {
        const person = newPerson();
        const browser = new Browser();
        let grant;

        before(async () => {
            await browser.signIn(person);
            grant = await letIn(manner, browser);
        });

        test('reads once the person has allowed it', async () => {
            const client = await grant.connect();
            const { tables } = structured(await client.callTool({ name: 'list_tables', arguments: {} }));
            assert.ok(tables.some(({ name }) => name === 'public.customers'));
            const sql = 'select count(*) from customers';
            const [[count]] = rowsOf(await client.callTool({ name: 'run_query', arguments: { sql } }));
            assert.ok(Number(count) > 0);
            await client.close();
        });

        test('was registered as a public client, and granted the one scope there is', () => {
            assert.equal(grant.memory.client.token_endpoint_auth_method, 'none');
            assert.equal(grant.memory.granted.token_type, 'Bearer');
            assert.equal(grant.memory.granted.scope, 'mcp:sql');
            assert.equal(grant.memory.granted.refresh_token, undefined);
        });

        test('is let in at the address without the slash as well', async () => {
            const { connect } = await letIn(manner, browser, { path: '/mcp/sql' });
            const client = await connect();
            assert.equal((await client.listTools()).tools.length, 3);
            await client.close();
        });

        test('is told when the person refuses', async () => {
            const { answer, memory } = await letIn(manner, browser, { button: /^Refuse$/ });
            assert.equal(answer.get('error'), 'access_denied');
            assert.ok(!answer.has('code'));
            assert.equal(memory.granted, undefined);
        });

        test('is out at the very next request once the person signs out', async () => {
            const token = grant.memory.granted.access_token;
            const ask = () => send({ token, body: rpc('tools/list') });
            assert.equal((await ask()).status, 200);
            await browser.signOut();
            const { status, headers } = await ask();
            assert.equal(status, 401);
            assert.match(headers['www-authenticate'], /^Bearer .*resource_metadata="/);
            const denied = query(
                world.store_url,
                `select d.reason from denials d join people p on p.id = d.person_id where p.username = '${person.username}'`,
            );
            assert.deepEqual(denied.map(({ reason }) => reason), ['session_logout']);
        });
    });
}

describe('the person whom the demo printed', { timeout: 180_000 }, () => {
    test('signs in with what was printed, and a code is good once', async () => {
        const person = new Person({ username: world.username, password: world.password, secret: world.totp_secret });
        const browser = await new Browser().signIn(person, '/sign-in?next=/account');
        assert.deepEqual([browser.status, browser.url.pathname], [200, '/account']);
        const thief = await new Browser().signIn({ ...person, code: () => person.lastCode }, '/sign-in?next=/account');
        assert.equal(thief.url.pathname, '/sign-in/code');
        await thief.open('/account');
        assert.equal(thief.url.pathname, '/sign-in');
    });
});

describe('consent', { timeout: 180_000 }, () => {
    const browser = new Browser();
    before(() => browser.signIn(newPerson()));

    test('keeps back the tables whose tick the person takes away', async () => {
        const manner = manners[0];
        const keep = ['analyst/public.products'];
        const keeping = { open: (address) => browser.open(address), follow: () => browser.follow() };
        keeping.submit = (action, _, button) => browser.submit(action, { keep }, button);
        const { connect } = await letIn(manner, keeping);
        const client = await connect();
        const { tables } = structured(await client.callTool({ name: 'list_tables', arguments: {} }));
        assert.deepEqual(tables.map(({ name }) => name), ['public.products']);
        const sql = 'select id from customers limit 1';
        const refused = await client.callTool({ name: 'run_query', arguments: { sql } });
        assert.equal(refused.structuredContent.rejection_reason, 'disallowed_table');
        await client.close();
    });
});

describe('where the answer must not go', { timeout: 180_000 }, () => {
    const browser = new Browser();
    let client;
    const register = (redirect_uris) =>
        send({ path: '/o/register', token: null, body: { client_name: 'end2end redirects', redirect_uris } });
    const ask = (more) => {
        const usual = {
            response_type: 'code',
            client_id: client.client_id,
            redirect_uri: REDIRECT,
            state: 'state',
            code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
            code_challenge_method: 'S256',
        };
        return browser.open(`/o/authorize?${new URLSearchParams({ ...usual, ...more })}`);
    };

    before(async () => {
        await browser.signIn(newPerson());
        client = (await register([REDIRECT])).json;
    });

    const strangers = [
        'https://evil.example.com/oauth/callback',
        'http://127.0.0.1:6276/oauth/callback/../elsewhere',
        'http://127.0.0.1.evil.example.com:6276/oauth/callback',
        'http://evil@127.0.0.1:6276/oauth/callback',
        'javascript:alert(1)',
    ];
    for (const redirect_uri of strangers) {
        test(`${redirect_uri} gets a page, and the browser stays`, async () => {
            await ask({ redirect_uri });
            assert.equal(browser.status, 400);
            assert.equal(browser.url.pathname, '/o/authorize');
            assert.doesNotMatch(browser.html, /http-equiv="refresh"/);
            assert.ok(!browser.html.includes(`href="${redirect_uri}`));
        });
    }

    test('an unknown client gets a page, and the browser stays', async () => {
        await ask({ client_id: '00000000-0000-4000-8000-000000000000' });
        assert.equal(browser.status, 400);
        assert.doesNotMatch(browser.html, /http-equiv="refresh"/);
    });

    test('nobody registers to be answered elsewhere', async () => {
        const { status, json } = await register(['https://evil.example.com/oauth/callback']);
        assert.equal(status, 400);
        assert.equal(json.error, 'invalid_redirect_uri');
    });
});
