/**
 * A `portcullis demo` of our own: started, waited for, and stopped again, each within bounds.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export const PROGRAM = process.env.PORTCULLIS_BIN;

// The first start creates a cluster and fills it; other work on the machine must not fail the tests.
const START_MS = 120_000;
const STOP_MS = 30_000;

/** A directory for one demo, gone when `remove` is called. */
export function scratch() {
    const directory = mkdtempSync(join(tmpdir(), 'e2e-'));
    // Started by root, PostgreSQL runs as somebody else, who must be able to pass through.
    chmodSync(directory, 0o711);
    return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

/** @returns whether the process is there */
export function isAlive(pid) {
    try {
        process.kill(pid, 0);
        return true;
    } catch (error) {
        return error.code === 'EPERM';
    }
}

/** Waits until `condition` holds, and says whether it ever did. */
export async function eventually(condition, withinMs, everyMs = 25) {
    const end = Date.now() + withinMs;
    for (;;) {
        if (await condition()) return true;
        if (Date.now() >= end) return false;
        await sleep(everyMs);
    }
}

// However the tests end, no server of theirs may stay behind.
const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGINT')));

export class Demo {
    #child;
    #ended;
    output = '';

    /** @param {string} directory holds the data directory and the ready file */
    constructor(directory) {
        this.dataDir = join(directory, 'data');
        this.readyFile = join(directory, 'ready.json');
    }

    get config() {
        return join(this.dataDir, 'portcullis.toml');
    }

    get pid() {
        return this.#child.pid;
    }

    /** Starts the program without waiting until it is ready; once it had a port, it keeps that, as its tokens are for it. */
    launch(...extra) {
        const { port = '0' } = this.ready ? new URL(this.ready.base_url) : {};
        const args = ['demo', '--port', port, '--data-dir', this.dataDir, '--ready-file', this.readyFile, ...extra];
        this.output = '';
        // One that was killed left its file behind.
        rmSync(this.readyFile, { force: true });
        this.#child = spawn(PROGRAM, args, { stdio: ['ignore', 'pipe', 'pipe'] });
        for (const stream of [this.#child.stdout, this.#child.stderr]) {
            stream.setEncoding('utf8').on('data', (text) => (this.output += text));
        }
        running.add(this.#child);
        this.#ended = this.#end();
        this.#ended.catch(() => {});
        return this;
    }

    /** How the program ended, once its last words are read. */
    async #end() {
        const child = this.#child;
        const closed = once(child, 'close');
        closed.catch(() => {});
        const [code, signal] = await once(child, 'exit');
        running.delete(child);
        // After a SIGKILL, what it had started may hold its output open for a moment.
        await Promise.race([closed, sleep(1_000)]);
        return { code, signal };
    }

    /** Starts the program and returns what its ready file says. */
    async start(...extra) {
        this.launch(...extra);
        const ended = this.#ended.then(({ code, signal }) => {
            throw new Error(`the demo ended before it was ready (${code ?? signal}):\n${this.output}`);
        });
        ended.catch(() => {});
        const ready = eventually(() => existsSync(this.readyFile), START_MS);
        if (!(await Promise.race([ready, ended]))) {
            await this.kill();
            throw new Error(`the demo was not ready within ${START_MS / 1000} s:\n${this.output}`);
        }
        this.ready = JSON.parse(readFileSync(this.readyFile, 'utf8'));
        return this.ready;
    }

    /** The process id of the demo's PostgreSQL, from the lock file beside its socket. */
    postmaster() {
        const socketDir = new URL(this.ready.warehouse_url).searchParams.get('host');
        return Number(readFileSync(join(socketDir, '.s.PGSQL.5432.lock'), 'utf8').split('\n')[0]);
    }

    /** What happens when the other end of a pipe like `2>&1 | tee log` ends first. */
    stopListening() {
        this.#child.stdout.destroy();
        this.#child.stderr.destroy();
    }

    /** Waits for the end of the program, which is killed if it takes too long. */
    async ended(withinMs = STOP_MS) {
        const late = sleep(withinMs, 'late', { ref: false });
        const ended = await Promise.race([this.#ended, late]);
        if (ended !== 'late') return ended;
        await this.kill();
        throw new Error(`the demo did not end within ${withinMs / 1000} s:\n${this.output}`);
    }

    /** Ctrl-C. */
    async interrupt() {
        this.#child.kill('SIGINT');
        return this.ended();
    }

    async kill() {
        this.#child.kill('SIGKILL');
        return this.#ended;
    }
}
