/**
 * The pages in a real browser, which runs no scripts, since ours need none.
 *
 * What it sees is kept in `artefacts/`, for whoever wants to look.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { callback, newPerson } from '../lib/browser.mjs';
import { Window, judgeAccessibility, launch } from '../lib/chromium.mjs';
import { rpc, send } from '../lib/http.mjs';
import { world } from '../lib/world.mjs';

// The pair of RFC 7636, appendix B.
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

describe('Chromium without scripts', { timeout: 300_000 }, () => {
    const person = newPerson();
    let browser, window, page, client, token;
    const see = (name) => window.see(name);
    const press = (name) => window.press(name);
    const picture = (name) => window.picture(name);
    const typePassword = () => window.typePassword(person);

    function authorizeUrl(redirect_uri) {
        const asked = { response_type: 'code', client_id: client.client_id, redirect_uri, state: 'state', scope: 'mcp:sql' };
        const pkce = { code_challenge: CHALLENGE, code_challenge_method: 'S256' };
        return `${world.base_url}/o/authorize?${new URLSearchParams({ ...asked, ...pkce })}`;
    }

    before(async () => {
        browser = await launch();
        window = await Window.open(browser);
        page = window.page;
        const redirect_uris = ['http://127.0.0.1/callback'];
        client = (await send({ path: '/o/register', token: null, body: { client_name: 'Chromium', redirect_uris } })).json;
    });
    after(() => browser?.close());

    test('a newcomer adds a second factor with the secret that the page shows', async () => {
        await page.goto(`${world.base_url}/account`);
        await see('Sign in');
        await picture('sign-in');
        await typePassword();
        await see('Add a second factor');
        await page.getByText('Type it instead').click();
        person.secret = (await page.locator('#secret').innerText()).replaceAll(' ', '');
        await picture('enrolment');
        await page.getByRole('textbox', { name: 'Code' }).fill(await person.code());
        await press('Confirm');
        await see('Your recovery codes');
        await picture('recovery-codes');
    });

    test('signing out asks for everything again, and a fresh code opens', async () => {
        await page.goto(`${world.base_url}/account`);
        await press('Sign out');
        await page.waitForURL(`${world.base_url}/signed-out`);
        await page.goto(`${world.base_url}/account`);
        await see('Sign in');
        await typePassword();
        await page.getByRole('textbox', { name: 'Code' }).waitFor();
        await picture('code');
        await page.getByRole('textbox', { name: 'Code' }).fill(await person.code());
        await press('Continue');
        await page.waitForURL(`${world.base_url}/account`);
    });

    test('allowing a client brings the browser to it, with a code that gives a token', async () => {
        const waiting = await callback();
        await page.goto(authorizeUrl(waiting.url));
        await see('Let Chromium read your data?');
        await picture('consent');
        await press('Allow');
        const answer = await waiting.arrived;
        await page.waitForURL(`${waiting.url}?**`);
        assert.equal(answer.get('state'), 'state');
        assert.equal(answer.get('iss'), world.base_url);
        const fields = { grant_type: 'authorization_code', code: answer.get('code'), redirect_uri: waiting.url };
        const body = new URLSearchParams({ ...fields, client_id: client.client_id, code_verifier: VERIFIER }).toString();
        const headers = { 'content-type': 'application/x-www-form-urlencoded' };
        const { status, json } = await send({ path: '/o/token', token: null, headers, body });
        assert.equal(status, 200, JSON.stringify(json));
        token = json.access_token;
        assert.equal((await send({ token, body: rpc('tools/list') })).status, 200);
        waiting.close();
    });

    test('refusing one brings the browser to it with nothing', async () => {
        const waiting = await callback();
        await page.goto(authorizeUrl(waiting.url));
        await press('Refuse');
        const answer = await waiting.arrived;
        assert.equal(answer.get('error'), 'access_denied');
        assert.equal(answer.get('code'), null);
        await page.waitForURL(`${waiting.url}?**`);
        waiting.close();
    });

    test('pages that nobody hopes for are fit to be seen too', async () => {
        const stranger = await Window.open(browser);
        const unknown = new URLSearchParams({ response_type: 'code', client_id: 'nobody', redirect_uri: 'http://127.0.0.1/' });
        const pages = [[stranger, 'nowhere', '/nowhere'], [stranger, 'set-up-over', '/setup/none'], [stranger, 'signed-out', '/signed-out'],
            [window, 'unknown-client', `/o/authorize?${unknown}`]];
        for (const [who, name, address] of pages) {
            await who.go(address);
            assert.equal(await who.page.locator('h1').count(), 1, name);
            await who.picture(name);
        }
        await stranger.go('/sign-in');
        await stranger.typePassword({ username: person.username, password: 'not this one' });
        await stranger.page.getByText('The username or the password is wrong.').waitFor();
        await stranger.picture('sign-in-again');
        await stranger.close();
    });

    test('axe finds nothing on the pages before and after signing in', async () => {
        const stranger = await Window.open(browser);
        const before = await judgeAccessibility(browser, stranger, ['/', '/sign-in', '/signed-out', '/nowhere', '/setup/none']);
        await stranger.close();
        const after = await judgeAccessibility(browser, window, ['/account', '/account/password', '/sign-in/again']);
        assert.deepEqual([...before, ...after], []);
    });

    test('signing out ends what the client holds', async () => {
        await page.goto(`${world.base_url}/account`);
        await picture('account');
        await press('Sign out');
        await page.waitForURL(`${world.base_url}/signed-out`);
        assert.equal((await send({ token, body: rpc('tools/list') })).status, 401);
    });

    test('the browser had nothing to complain about', () => {
        assert.deepEqual(window.complaints, []);
    });
});
