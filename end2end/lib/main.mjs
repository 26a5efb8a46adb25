/**
 * Starts one demo, runs the suites against it, stops it, and tells how it went.
 */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Demo, eventually, isAlive, scratch } from './demo.mjs';

const SUITE_MS = 20 * 60_000;
const here = join(import.meta.dirname, '..');

const tests = readdirSync(join(here, 'tests')).filter((name) => name.endsWith('.test.mjs')).sort();
const nodeTest = ['--test', '--test-reporter=spec', '--test-timeout=900000', '--test-concurrency=2'];

const suites = {
    node: [process.execPath, ...nodeTest, ...tests.map((name) => join('tests', name))],
    'python-2': ['.venv/bin/python', '-m', 'pytest', '-q', '-p', 'no:cacheprovider', 'python/test_sdk_2.py', 'python/test_oauth.py'],
    'python-1': ['.venv-1/bin/python', '-m', 'pytest', '-q', '-p', 'no:cacheprovider', 'python/test_sdk_1.py'],
    conformance: [process.execPath, 'conformance/run.mjs'],
};

/** Runs one suite, and says in a word how it went. */
async function run(name, [program, ...args], env) {
    console.log(`\n── ${name} ${'─'.repeat(70 - name.length)}`);
    const child = spawn(program, args, { cwd: here, env, stdio: 'inherit', timeout: SUITE_MS });
    return new Promise((resolve) => {
        child.on('error', (error) => resolve(`not started: ${error.message}`));
        child.on('close', (code, signal) => resolve(code === 0 ? 'passed' : `failed (${signal ?? `exit code ${code}`})`));
    });
}

async function runAll(wanted) {
    const { directory, remove } = scratch();
    const demo = new Demo(directory);
    // However we end, no server may stay behind.
    for (const signal of ['SIGINT', 'SIGTERM']) {
        process.once(signal, () => demo.interrupt().finally(() => process.exit(1)));
    }
    const results = {};
    console.log(`starting ${process.env.PORTCULLIS_BIN} demo ...`);
    await demo.start();
    // It is ready a moment before all that it says has arrived.
    await eventually(() => demo.output.includes('Ctrl-C'), 5_000);
    const postmaster = demo.postmaster();
    try {
        const env = { ...process.env, E2E_READY_FILE: demo.readyFile, E2E_CONFIG: demo.config, E2E_OUTPUT: demo.output };
        for (const name of wanted) results[name] = await run(name, suites[name], env);
    } finally {
        results['the demo stops'] = await stop(demo, postmaster);
        remove();
    }
    return results;
}

async function stop(demo, postmaster) {
    const { code, signal } = await demo.interrupt();
    if (code !== 0) return `failed (${signal ?? `exit code ${code}`}):\n${demo.output}`;
    const gone = await eventually(() => !isAlive(postmaster), 5_000);
    return gone ? 'passed' : `failed (PostgreSQL, process ${postmaster}, is still there)`;
}

const asked = process.argv.slice(2);
const wanted = Object.keys(suites).filter((name) => !asked.length || asked.some((word) => name.startsWith(word)));
const begun = Date.now();
const results = await runAll(wanted);
console.log(`\n── end2end ${'─'.repeat(63)}`);
for (const [name, result] of Object.entries(results)) console.log(`${name.padEnd(16)} ${result}`);
console.log(`${Math.round((Date.now() - begun) / 1000)} s`);
process.exitCode = Object.values(results).every((result) => result === 'passed') ? 0 : 1;
