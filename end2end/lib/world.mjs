/**
 * The demo that the runner started, as its ready file tells of it.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { PROGRAM } from './demo.mjs';

export const world = JSON.parse(readFileSync(process.env.E2E_READY_FILE, 'utf8'));

/** What the demo printed when it was ready. */
export const printed = process.env.E2E_OUTPUT;

/** How long anything may take that takes a moment; other work on the machine must not fail the tests. */
export const PATIENCE_MS = 30_000;

/** Runs one statement with psql and returns its rows as objects. */
export function query(url, sql) {
    const wrapped = `select coalesce(json_agg(row_to_json(answer)), '[]') from (${sql}) as answer`;
    const { status, stdout, stderr } = psql(url, wrapped);
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout);
}

/** Runs one statement with psql, whatever comes of it. */
export function psql(url, sql) {
    const args = ['-X', '-A', '-t', '-q', '-v', 'ON_ERROR_STOP=1', '-d', url, '-c', sql];
    return spawnSync(process.env.PSQL, args, { encoding: 'utf8', timeout: PATIENCE_MS });
}

/** The same server, another role or another database. */
export function urlOf(role, database) {
    const url = new URL(world.warehouse_url);
    url.username = role;
    url.pathname = `/${database}`;
    return url.href;
}

/** A token of its own for one test, so that its part of the record can be told from everybody else's. */
export function issueToken({ profile = 'analyst', config = process.env.E2E_CONFIG } = {}) {
    const args = ['token', 'issue', '--config', config, '--person', 'demo', '--profile', profile, '--ttl', '1h'];
    const { status, stdout, stderr } = spawnSync(PROGRAM, args, { encoding: 'utf8', timeout: PATIENCE_MS });
    if (status !== 0) throw new Error(stderr);
    return { bearer: stdout.trim(), id: /token ([0-9a-f-]{36}) for/.exec(stderr)[1] };
}

export function revokeToken(name, { input, config = process.env.E2E_CONFIG } = {}) {
    const args = ['token', 'revoke', '--config', config, name];
    return execFileSync(PROGRAM, args, { encoding: 'utf8', timeout: PATIENCE_MS, input });
}

/** What is on record for a token, in order, each attempt with its outcomes. */
export function recordOf(token) {
    return query(
        world.store_url,
        `select a.*, coalesce((select json_agg(o) from outcomes o where o.attempt_id = a.id), '[]') as outcomes
         from attempts a where a.token_id = '${token.id}' order by a.at, a.id`,
    );
}
