/**
 * The endpoint without any client library between: what is sent is what the test says.
 */
import { request } from 'node:http';
import { PATIENCE_MS, world } from './world.mjs';

/**
 * Sends one request; `fetch` would forbid some of the headers that a stranger may well send.
 * @returns {Promise<{status: number, headers: object, text: string, json: any}>}
 */
export function send({ path = '/mcp/sql/', method = 'POST', headers = {}, body, token = world.access_token } = {}) {
    const all = { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers };
    if (token) all.authorization ??= `Bearer ${token}`;
    for (const name of Object.keys(all)) if (all[name] === undefined) delete all[name];
    const payload = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
    return new Promise((resolve, reject) => {
        const sent = request(new URL(path, world.base_url), { method, headers: all, timeout: PATIENCE_MS }, (response) => {
            const chunks = [];
            response.on('data', (chunk) => chunks.push(chunk)).on('error', reject);
            response.on('end', () => {
                const text = Buffer.concat(chunks).toString();
                const isJson = response.headers['content-type']?.startsWith('application/json');
                resolve({ status: response.statusCode, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined });
            });
        });
        sent.on('timeout', () => sent.destroy(new Error('no answer in time'))).on('error', reject);
        sent.end(payload);
    });
}

/** A request in the manner of the revisions with a handshake. */
export function rpc(method, params, id = 1) {
    return { jsonrpc: '2.0', id, method, params };
}

export function call(name, args) {
    return rpc('tools/call', { name, arguments: args });
}

export const MODERN = '2026-07-28';

/** The same in the manner of 2026-07-28: every request says for itself who asks, and what is in it. */
export function modern(method, params = {}, { version = MODERN, headers = {}, meta = {} } = {}) {
    const _meta = {
        'io.modelcontextprotocol/protocolVersion': version,
        'io.modelcontextprotocol/clientCapabilities': {},
        'io.modelcontextprotocol/clientInfo': { name: 'end2end', version: '1' },
        ...meta,
    };
    return {
        headers: { 'mcp-protocol-version': version, 'mcp-method': method, ...(params.name && { 'mcp-name': params.name }), ...headers },
        body: rpc(method, { ...params, _meta }),
    };
}
