/**
 * A browser of the plainest kind, which does what a person would: signs in, shows a code, decides, and goes where it is sent.
 */
import assert from 'node:assert/strict';
import { createHmac, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { PROGRAM } from './demo.mjs';
import { PATIENCE_MS, world } from './world.mjs';

const STEP_MS = 30_000;
const MAX_HOPS = 10;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The code of one step (RFC 6238 with what every authenticator app assumes). */
export function codeAt(secret, step) {
    const bits = [...secret].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0')).join('');
    const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(step));
    const mac = createHmac('sha1', key).update(counter).digest();
    const number = mac.readUInt32BE(mac.at(-1) & 15) & 0x7fffffff;
    return String(number % 1_000_000).padStart(6, '0');
}

export const stepNow = () => Math.floor(Date.now() / STEP_MS);

/** Somebody with a password and an authenticator app; each of its codes is good once. */
export class Person {
    #lastStep = 0;

    constructor({ username, password, secret }) {
        Object.assign(this, { username, password, secret });
    }

    /** The next code that was not shown yet; the step to come is accepted as well, which often saves a wait. */
    async code() {
        while (this.#lastStep > stepNow()) await sleep(200);
        const step = Math.max(stepNow(), this.#lastStep + 1);
        this.#lastStep = step;
        return (this.lastCode = codeAt(this.secret, step));
    }
}

/** A person of its own for one test, who has no second factor yet. */
export function newPerson({ profiles = ['analyst'], powers = [], config = process.env.E2E_CONFIG } = {}) {
    const username = `e2e-${randomBytes(4).toString('hex')}`;
    const password = randomBytes(12).toString('base64url');
    const args = ['user', 'create', '--config', config, username, '--email', `${username}@example.com`];
    for (const profile of profiles) args.push('--profile', profile);
    for (const power of powers) args.push(`--${power}`);
    const { status, stderr } = spawnSync(PROGRAM, args, { encoding: 'utf8', timeout: PATIENCE_MS, input: `${password}\n` });
    if (status !== 0) throw new Error(stderr);
    return new Person({ username, password });
}

const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#x27': "'" };
const unescape = (text) => text.replace(/&(\w+|#\w+);/g, (whole, name) => ENTITIES[name.toLowerCase()] ?? whole);

function attributes(tag) {
    const pairs = [...tag.matchAll(/([\w-]+)(?:="([^"]*)")?/g)].slice(1);
    return Object.fromEntries(pairs.map(([, name, value = '']) => [name, unescape(value)]));
}

/** The forms of a page, each with the fields that it would send and its buttons. */
function formsOf(html) {
    return [...html.matchAll(/<form\b[^>]*>([\s\S]*?)<\/form>/g)].map(([whole, inside]) => {
        const form = { ...attributes(/^<form[^>]*>/.exec(whole)[0]), inputs: [], buttons: [] };
        for (const [tag] of inside.matchAll(/<input\b[^>]*>/g)) form.inputs.push(attributes(tag));
        for (const [, tag, text] of inside.matchAll(/(<button\b[^>]*>)([\s\S]*?)<\/button>/g)) {
            form.buttons.push({ ...attributes(tag), text: unescape(text.replace(/<[^>]*>/g, '')).trim() });
        }
        return form;
    });
}

export class Browser {
    #cookies = new Map();
    history = [];

    get forms() {
        return formsOf(this.html);
    }

    get heading() {
        return unescape(/<h1[^>]*>([\s\S]*?)<\/h1>/.exec(this.html)?.[1].replace(/<[^>]*>/g, '') ?? '');
    }

    /** Goes to an address and on to wherever it leads, as far as that is on our own site. */
    async open(address, { method = 'GET', body } = {}) {
        let url = new URL(address, this.url ?? world.base_url);
        let request = { method, body };
        for (let hop = 0; hop < MAX_HOPS; hop += 1) {
            const { status, location } = await this.#fetch(url, request);
            if (status < 300 || status >= 400) return this;
            url = new URL(location, url);
            request = { method: 'GET' };
        }
        throw new Error(`too many redirects, the last one to ${url}`);
    }

    async #fetch(url, { method, body }) {
        const isOurs = url.origin === new URL(world.base_url).origin;
        const headers = isOurs ? { cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ') } : {};
        if (body) Object.assign(headers, { origin: url.origin, 'sec-fetch-site': 'same-origin' });
        const signal = AbortSignal.timeout(PATIENCE_MS);
        const response = await fetch(url, { method, headers, body, signal, redirect: 'manual' });
        for (const cookie of isOurs ? response.headers.getSetCookie() : []) {
            const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie);
            if (value && !/max-age=0/i.test(cookie)) this.#cookies.set(name, value);
            else this.#cookies.delete(name);
        }
        this.history.push(url.href);
        Object.assign(this, { url, status: response.status, headers: response.headers, html: await response.text() });
        return { status: response.status, location: response.headers.get('location') };
    }

    /** Fills in the form with such an address, and presses its button of such a name (or its only one). */
    async submit(action, fields = {}, button = /./) {
        const form = this.forms.find((one) => action.test(one.action ?? this.url.pathname));
        assert.ok(form, `no form for ${action} at ${this.url}: ${this.html}`);
        const data = new URLSearchParams();
        for (const { type, name, value, checked } of form.inputs) {
            const isChosen = !['checkbox', 'radio'].includes(type) || checked !== undefined;
            if (name && isChosen && !(name in fields)) data.append(name, value ?? '');
        }
        for (const [name, value] of Object.entries(fields)) data.append(name, value);
        const pressed = form.buttons.find(({ text }) => button.test(text));
        assert.ok(pressed, `no button ${button} among ${form.buttons.map(({ text }) => text)}`);
        if (pressed.name) data.append(pressed.name, pressed.value);
        return this.open(form.action || this.url, { method: 'POST', body: data });
    }

    /** Signs in wherever a page asks for it, and enrols whoever has no second factor yet. */
    async signIn(person, address = '/sign-in') {
        await this.open(address);
        await this.submit(/^\/sign-in/, { username: person.username, password: person.password });
        if (this.url.pathname === '/sign-in/enrol') return this.enrol(person);
        assert.equal(this.url.pathname, '/sign-in/code', this.html);
        return this.submit(/code/, { code: await person.code() });
    }

    /** Reads the secret from the page, as somebody would whose phone has no camera. */
    async enrol(person) {
        const shown = /<code id="secret"[^>]*>([\s\S]*?)<\/code>/.exec(this.html)[1];
        person.secret ??= shown.replace(/<[^>]*>/g, '').replaceAll(' ', '');
        return this.submit(/enrol/, { code: await person.code() });
    }

    async signOut() {
        await this.open('/account');
        return this.submit(/sign-out/);
    }

    /** Follows the page that sends a person on, which no form may do by itself. */
    async follow() {
        const target = unescape(/<meta http-equiv="refresh" content="\d+;\s*url=([^"]*)"/i.exec(this.html)?.[1] ?? '');
        assert.ok(target, `this page leads nowhere: ${this.html}`);
        return new URL(target);
    }
}

/** Waits at a loopback address for what a browser brings there. */
export async function callback(path = '/callback') {
    let arrive;
    const arrived = new Promise((resolve) => (arrive = resolve));
    const server = createServer((request, response) => {
        const url = new URL(request.url, 'http://127.0.0.1');
        response.end('Done.');
        if (url.pathname === path) arrive(url.searchParams);
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${server.address().port}${path}`;
    // A test that failed half-way must not keep the others waiting.
    server.unref();
    const close = () => {
        server.close();
        server.closeAllConnections();
    };
    return { url, arrived, close };
}
