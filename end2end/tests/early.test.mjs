/**
 * Clients that send the head of a request and its body apart, as Python's do.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { rpc } from '../lib/http.mjs';
import { world } from '../lib/world.mjs';

test('a 401 that leaves before the body arrives keeps the connection, or says that it does not', { timeout: 10_000 }, async () => {
    const { hostname, port, host } = new URL(world.base_url);
    const body = JSON.stringify(rpc('tools/list'));
    const head = `POST /mcp/sql/ HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
    const socket = connect(Number(port), hostname).setNoDelay();
    let said = '';
    let isOpen = true;
    socket.setEncoding('utf8').on('data', (text) => (said += text));
    socket.on('error', () => {}).on('close', () => (isOpen = false)).on('end', () => (isOpen = false));
    await once(socket, 'connect');
    socket.write(head);
    await sleep(100);
    socket.write(body);
    await sleep(300);
    socket.destroy();
    assert.match(said, /^HTTP\/1.1 401 /);
    assert.ok(isOpen || /^connection: close/im.test(said), 'the connection ended without a word');
});
