/**
 * A real browser, which runs no scripts, since our pages need none. What it sees is kept in `artefacts/`.
 */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { PATIENCE_MS, world } from './world.mjs';

const FLAGS = [
    '--no-sandbox',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
];
const WIDTHS = [1280, 360];
const LIGHTS = ['light', 'dark'];
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const artefacts = join(import.meta.dirname, '../artefacts');

export function launch() {
    mkdirSync(artefacts, { recursive: true });
    return chromium.launch({ executablePath: process.env.CHROMIUM, args: FLAGS, timeout: 2 * PATIENCE_MS });
}

/** One window of a browser without scripts. */
export class Window {
    complaints = [];

    static async open(browser, options = {}) {
        const window = new Window();
        window.context = await browser.newContext({ javaScriptEnabled: false, ...options });
        window.context.setDefaultTimeout(PATIENCE_MS);
        window.page = await window.context.newPage();
        window.page.on('console', (message) => {
            const isOurs = message.location().url.startsWith(world.base_url);
            // Answers of 4xx are told as errors; whoever asks for one knows.
            const isStatus = /the server responded with a status of 4\d\d/.test(message.text());
            if (isOurs && message.type() === 'error' && !isStatus) window.complaints.push(message.text());
        });
        return window;
    }

    /** Goes to one of our pages, and tells with which status it came. */
    async go(path) {
        const response = await this.page.goto(`${world.base_url}${path}`);
        return response.status();
    }

    see(name) {
        return this.page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
    }

    press(name) {
        return this.page.getByRole('button', { name, exact: true }).click();
    }

    async typePassword(person) {
        await this.page.getByLabel('Username').fill(person.username);
        await this.page.getByLabel('Password').fill(person.password);
        await this.press('Continue');
    }

    /** Signs somebody in who has a second factor. */
    async signIn(person) {
        await this.go('/sign-in');
        await this.typePassword(person);
        await this.page.getByRole('textbox', { name: 'Code' }).fill(await person.code());
        await this.press('Continue');
        await this.page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
    }

    /** Shows a fresh code where the page asks for one again. */
    async proveAgain(person) {
        await this.page.getByRole('textbox', { name: 'Code' }).fill(await person.code());
        await this.press('Continue');
    }

    /** Takes the picture of a page as large and small screens show it, by day and by night; nothing may stick out. */
    async picture(name) {
        for (const width of WIDTHS) {
            await this.page.setViewportSize({ width, height: 800 });
            for (const colorScheme of LIGHTS) {
                await this.page.emulateMedia({ colorScheme });
                await this.page.screenshot({ path: join(artefacts, `${name}-${width}-${colorScheme}.png`), fullPage: true, animations: 'disabled' });
            }
            const [needed, there] = await this.page.evaluate('[document.documentElement.scrollWidth, innerWidth]');
            assert.ok(needed <= there, `${name} is ${needed} px wide on a screen of ${there} px`);
        }
        await this.page.setViewportSize({ width: WIDTHS[0], height: 800 });
    }

    /** Takes a small picture of what is first seen of a page. */
    photograph(name) {
        return this.page.screenshot({ path: join(artefacts, `${name}.jpg`), type: 'jpeg', quality: 70 });
    }

    close() {
        return this.context.close();
    }
}

/**
 * Has axe judge pages by WCAG 2.2 AA, in both lights and on both screens. It is a script, so it gets a window of its own that
 * runs some and does not heed the policy that forbids them; the cookies are those of `window`.
 */
export async function judgeAccessibility(browser, window, paths) {
    const context = await browser.newContext({ bypassCSP: true, reducedMotion: 'reduce', storageState: await window.context.storageState() });
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    const found = [];
    for (const path of paths) {
        await page.goto(`${world.base_url}${path}`);
        // What is folded counts as well.
        await page.evaluate(() => document.querySelectorAll('details').forEach((details) => (details.open = true)));
        for (const width of WIDTHS) {
            await page.setViewportSize({ width, height: 800 });
            for (const colorScheme of LIGHTS) {
                await page.emulateMedia({ colorScheme });
                await page.evaluate(axe);
                const { violations } = await page.evaluate(() =>
                    globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }),
                );
                for (const { id, help, nodes } of violations) {
                    found.push(`${path} ${width} ${colorScheme}: ${id}: ${help}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
                }
            }
        }
    }
    await context.close();
    return found;
}
