/**
 * The console in a real browser, which runs no scripts: every page as each kind of person sees it, every act, and the record
 * of it.
 *
 * What it sees is kept in `artefacts/`, for whoever wants to look.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Browser, newPerson } from '../lib/browser.mjs';
import { Window, judgeAccessibility, launch } from '../lib/chromium.mjs';
import { call, send } from '../lib/http.mjs';
import { issueToken, query, world } from '../lib/world.mjs';

const PAGES = {
    everybody: ['/account', '/account/calls'],
    auditors: ['/', '/alerts', '/usage', '/audit/queries', '/audit/denials', '/audit/events', '/surface', '/try'],
    admins: ['/people', '/people/new', '/clients', '/clients/new'],
};
const HOSTILE = '<img src=x onerror=alert(1)>\u202egnp.exe\u0007"\'';

/** What was done by somebody, newest last. */
const eventsBy = (actor) => query(world.store_url, `select kind, subject, detail from portcullis.events where actor = '${actor}' order by id`);
const lastKind = (actor) => eventsBy(actor).at(-1)?.kind;
const idOf = (person) => query(world.store_url, `select id from portcullis.people where username = '${person.username}'`)[0].id;

describe('the console', { timeout: 840_000 }, () => {
    const people = {
        admin: newPerson({ profiles: ['analyst', 'support'], powers: ['admin'] }),
        auditor: newPerson({ powers: ['auditor'] }),
        person: newPerson(),
    };
    const windows = {};
    let browser;

    /** Whom the acts are done to, with a name that means harm. */
    const victim = newPerson();

    before(async () => {
        browser = await launch();
        for (const [name, person] of Object.entries(people)) {
            // A browser of the plainest kind enrols quickly.
            await new Browser().signIn(person);
            windows[name] = await Window.open(browser);
            await windows[name].signIn(person);
        }
        await new Browser().signIn(victim);
        // Something to look at, some of it hostile.
        const token = issueToken();
        const statements = ['select count(*) from orders', 'select * from secrets', 'drop table orders', 'select id from customers order by id limit 3'];
        for (const sql of [...statements, `select '${HOSTILE.replaceAll("'", "''")}' from customers limit 1`, `select '${'x'.repeat(10_000)}' as x`]) {
            await send({ token: token.bearer, body: call('run_query', { sql }), headers: { 'user-agent': 'agent <b>\u00e9' } });
        }
        await send({ token: token.bearer, body: call('describe_table', { name: HOSTILE }) });
        await send({ path: '/o/register', token: null, body: { client_name: HOSTILE, redirect_uris: ['http://127.0.0.1/callback'] } });
    });
    after(() => browser?.close());

    /** Goes to a page that asks for the second factor where it was shown long ago. */
    async function goFresh(path) {
        await windows.admin.go(path);
        if (windows.admin.page.url().includes('/sign-in/again')) await windows.admin.proveAgain(people.admin);
    }

    /** Follows the first link with such an address. */
    async function pathOf(window, list, pattern) {
        await window.go(list);
        const hrefs = await window.page.locator('main a').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
        return hrefs.find((href) => pattern.test(href));
    }

    const detailPages = async () => [
        await pathOf(windows.admin, '/audit/queries', /^\/audit\/queries\/[0-9a-f-]{36}$/),
        await pathOf(windows.admin, '/clients', /^\/clients\/[0-9a-f-]{36}$/),
        `/people/${victim.username}`,
        '/usage/demo',
    ];

    for (const [role, groups] of Object.entries({ person: ['everybody'], auditor: ['everybody', 'auditors'], admin: ['everybody', 'auditors', 'admins'] })) {
        test(`${role}: what is for them is there, and nothing else`, async () => {
            const open = groups.flatMap((group) => PAGES[group]);
            for (const path of Object.values(PAGES).flat()) {
                // The front page is there for everybody, in one form or another.
                const expected = path === '/' || open.includes(path) ? 200 : 404;
                assert.equal(await windows[role].go(path), expected, `${role} at ${path}`);
            }
            const links = await windows[role].page.locator('nav[aria-label="Pages"] a').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
            for (const link of links) assert.equal(await windows[role].go(link), 200, `${role} finds ${link}`);
        });
    }

    test('every page fits its screen, by day and by night', async () => {
        const own = { '/': 'overview', '/try': 'try' };
        for (const path of [...Object.values(PAGES).flat()]) {
            assert.equal(await windows.admin.go(path), 200, path);
            await windows.admin.picture(own[path] ?? path.slice(1).replaceAll('/', '-'));
        }
        for (const [name, path] of Object.entries({ query: (await detailPages())[0], client: (await detailPages())[1], person: `/people/${victim.username}`, 'usage-person': '/usage/demo' })) {
            assert.equal(await windows.admin.go(path), 200, path);
            await windows.admin.picture(name);
        }
    });

    test('the pictures of the README can be taken', async () => {
        const refused = await pathOf(windows.admin, '/audit/queries?reason=disallowed_table&tool=run_query', /^\/audit\/queries\/[0-9a-f-]{36}$/);
        for (const [name, path] of Object.entries({ overview: '/', query: refused, surface: '/surface' })) {
            await windows.admin.go(path);
            await windows.admin.photograph(name);
        }
    });

    test('axe finds nothing on any page', async () => {
        const paths = [...Object.values(PAGES).flat(), ...(await detailPages()), '/nowhere'];
        assert.deepEqual(await judgeAccessibility(browser, windows.admin, paths), []);
    });

    test('what outsiders wrote is only ever text', async () => {
        for (const path of ['/audit/queries', '/clients', '/audit/events', await pathOf(windows.admin, '/audit/queries?text=onerror', /^\/audit\/queries\/[0-9a-f-]{36}$/)]) {
            await windows.admin.go(path);
            const html = await windows.admin.page.content();
            assert.ok(!/<img|\u202e|\u0007/.test(html), path);
            assert.equal(await windows.admin.page.locator('main img').count(), 0);
        }
    });

    test('the light that somebody chooses stays', async () => {
        const { page } = windows.person;
        await windows.person.go('/account/calls');
        await page.getByRole('button', { name: 'Dark', exact: true }).click();
        await page.waitForURL(`${world.base_url}/account/calls`);
        assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark');
        await page.getByRole('button', { name: 'Auto', exact: true }).click();
        await page.waitForURL(`${world.base_url}/account/calls`);
        assert.notEqual(await page.locator('html').getAttribute('data-theme'), 'dark');
    });

    test('moments are told in the zone that somebody chooses', async () => {
        const { page } = windows.person;
        await windows.person.go('/account');
        await page.getByLabel('Time zone').selectOption('Asia/Tokyo');
        await windows.person.press('Save');
        await page.getByText('by the clocks of Asia/Tokyo').waitFor();
        assert.equal(await page.getByLabel('Time zone').inputValue(), 'Asia/Tokyo');
    });

    test('an administrator makes a person known, and what was typed stays until it is right', async () => {
        const { page } = windows.admin;
        const name = `new-${Date.now().toString(36)}`;
        await goFresh('/people/new');
        await page.getByLabel('Username').fill(name);
        await page.getByLabel('Display name').fill('Neu Mann');
        await page.getByLabel('E-mail').fill(`${name}@example.com`);
        await page.getByLabel('Password', { exact: true }).fill('short');
        await windows.admin.press('Make the account');
        await page.getByText('at least 12 characters').first().waitFor();
        assert.equal(await page.getByLabel('Username').inputValue(), name);
        await page.getByLabel('Password', { exact: true }).fill('violet lantern seven harbour');
        await page.getByLabel('analyst').check();
        await windows.admin.press('Make the account');
        await page.waitForURL(`${world.base_url}/people/${name}`);
        const kinds = eventsBy(people.admin.username).map(({ kind }) => kind);
        assert.ok(kinds.includes('person_created') && kinds.includes('profile_assigned'), kinds.join());
    });

    /** Opens the question of an act on the page of the victim, and answers it. */
    async function confirm(act, yes) {
        const { page } = windows.admin;
        await page.locator('summary').filter({ hasText: act }).first().click();
        await page.getByRole('button', { name: yes, exact: true }).first().click();
    }

    test('an administrator does to a person what is to be done, and each act is on record', async () => {
        const { page } = windows.admin;
        const at = `/people/${victim.username}`;
        const told = (text) => page.getByRole('status').getByText(text).waitFor();
        await goFresh('/people/new');
        await windows.admin.go(at);
        await confirm('Pause', 'Pause now');
        await told('nothing reads on their behalf');
        assert.equal(lastKind(people.admin.username), 'paused');
        await page.getByRole('button', { name: /^Resume/ }).click();
        await told('may read on their behalf again');
        assert.equal(lastKind(people.admin.username), 'resumed');
        await page.getByLabel('Assign another').selectOption('support');
        await windows.admin.press('Assign');
        await told('holds the profile support now');
        await confirm('Withdraw', 'Withdraw this profile');
        await told('does not hold the profile');
        assert.equal(lastKind(people.admin.username), 'profile_withdrawn');
        await page.getByLabel('Auditor').check();
        await page.locator('form[action$="/powers"] button').click();
        await told('staff, auditor from now on');
        assert.equal(lastKind(people.admin.username), 'powers_changed');
        await confirm('End', 'End this session');
        await told('that session has ended');
        await confirm('Reset', 'Reset the second factor');
        await told('enrols one at the next sign-in');
        await confirm('Deactivate', 'Deactivate the account');
        await told('locked out');
        assert.equal(lastKind(people.admin.username), 'person_deactivated');
        await windows.admin.press('Activate');
        await told('may sign in again');
        assert.equal(query(world.store_url, `select active from portcullis.people where id = '${idOf(victim)}'`)[0].active, true);
    });

    test('a client is registered, held, closed and opened', async () => {
        const { page } = windows.admin;
        const id = `looker-${Date.now().toString(36)}`;
        const told = (text) => page.getByRole('status').getByText(text).waitFor();
        await goFresh('/clients/new');
        await page.getByLabel('Client id').fill(id);
        await page.getByLabel('Name', { exact: true }).fill('Looker');
        await page.getByLabel('Redirect addresses').fill('http://looker.example.com/cb');
        await windows.admin.press('Register the client');
        assert.equal(await page.getByLabel('Client id').inputValue(), id);
        await page.getByLabel('Redirect addresses').fill('https://looker.example.com/cb');
        await windows.admin.press('Register the client');
        await told('is registered');
        await confirm('Pause', 'Pause now');
        await told('nothing reads through it');
        await page.getByRole('button', { name: /^Resume/ }).click();
        await told('may read again');
        await confirm('Disable', 'Disable the client');
        await told('nothing reads through it');
        await windows.admin.press('Enable');
        await told('enabled');
        const kinds = eventsBy(people.admin.username).map(({ kind }) => kind);
        assert.deepEqual(kinds.slice(-5), ['client_registered', 'paused', 'resumed', 'client_disabled', 'client_enabled']);
    });

    test('a statement is tried: judged without a trace, and run on record', async () => {
        const { page } = windows.admin;
        await windows.admin.go('/try');
        await page.getByLabel('Profile').selectOption('analyst');
        await page.getByLabel('Statement').fill('select id, nonsense from customers');
        await windows.admin.press('Judge');
        await page.getByText('disallowed_column').first().waitFor();
        await windows.admin.picture('try-refused');
        await page.getByLabel('Statement').fill('select id from customers order by id limit 2');
        await windows.admin.press('Judge and run');
        await page.getByText('Admitted and run.').waitFor();
        await windows.admin.picture('try-run');
        await page.getByRole('link', { name: 'See the record' }).click();
        await page.waitForURL(/\/audit\/queries\/[0-9a-f-]{36}$/);
        const mine = query(world.store_url, `select client, tool, sql from portcullis.attempts where person = '${people.admin.username}'`);
        assert.deepEqual(mine, [{ client: 'console', tool: 'run_query', sql: 'select id from customers order by id limit 2' }]);
    });

    test('the record is narrowed by its address, page by page, and handed out as a file', async () => {
        const { page } = windows.auditor;
        await windows.auditor.go('/audit/queries?decision=refused&person=demo');
        const chips = await page.locator('tbody tr').count();
        assert.ok(chips > 0, 'there are refused calls of demo');
        assert.equal(await windows.auditor.go('/audit/queries?person=nobody-at-all'), 422);
        const cookies = (await windows.auditor.context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
        await windows.auditor.go('/audit/queries?decision=refused');
        for (const format of ['csv', 'ndjson']) {
            const href = await page.locator(`a[href*="${format}"]`).first().getAttribute('href');
            const answer = await send({ path: href, method: 'GET', token: null, headers: { cookie: cookies, accept: '*/*' } });
            assert.equal(answer.status, 200, href);
            assert.match(answer.headers['content-disposition'], /attachment/);
            assert.ok(answer.text.includes('drop table orders'), format);
            assert.ok(!answer.text.includes('select count(*) from orders'), 'an allowed call is not among the refused');
        }
    });

    test('alerts are put away, once', async () => {
        const { page } = windows.auditor;
        await windows.auditor.go('/alerts');
        const before = await page.getByRole('button', { name: /Acknowledge/ }).count();
        assert.ok(before > 0, 'people gained profiles');
        await page.getByRole('button', { name: /Acknowledge/ }).first().click();
        await page.getByRole('status').getByText('put away').waitFor();
        assert.equal(lastKind(people.auditor.username), 'alert_acknowledged');
        assert.equal(await page.getByRole('button', { name: /everything/ }).count(), 0, 'auditors hold nothing');
    });

    test('one ends the sessions and the access that are ones own', async () => {
        const other = await Window.open(browser);
        await other.signIn(people.person);
        const { page } = windows.person;
        await windows.person.go('/account');
        await page.locator('summary').filter({ hasText: 'End' }).first().click();
        await windows.person.press('End this session');
        await page.getByRole('status').getByText('has ended').waitFor();
        await other.go('/account');
        await other.see('Sign in');
        await other.close();
    });

    test('no browser had anything to complain about', () => {
        for (const window of Object.values(windows)) assert.deepEqual(window.complaints, []);
    });
});
