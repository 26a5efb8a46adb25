/**
 * Reads tool results the way a careful client would.
 */
import assert from 'node:assert/strict';

const FENCE = /^<untrusted-data-([0-9a-f-]{36})>\n([\s\S]*)\n<\/untrusted-data-\1>$/;

/** What stands inside a fence, and the fence's own name. */
export function unfence(text) {
    const match = FENCE.exec(text);
    assert.ok(match, `not fenced: ${text}`);
    return { id: match[1], inside: match[2] };
}

/** The structured content of a result, once it is sure that the text says the same. */
export function structured(result) {
    assert.equal(result.content.length, 1);
    assert.equal(result.content[0].type, 'text');
    assert.deepEqual(JSON.parse(result.content[0].text), result.structuredContent);
    return result.structuredContent;
}

/** The rows of a `run_query` that went well. */
export function rowsOf(result) {
    assert.ok(!result.isError, `refused or failed: ${JSON.stringify(result.structuredContent ?? result.content)}`);
    return JSON.parse(unfence(structured(result).rows).inside);
}

/** Why a `run_query` gave no rows. */
export function refusalOf(result) {
    assert.equal(result.isError, true);
    const said = structured(result);
    assert.equal(said.row_count, 0);
    assert.equal(unfence(said.rows).inside, '[]');
    return { reason: said.rejection_reason, hint: said.hint, error: unfence(said.error).inside };
}

/** The text of a result that is nothing but an error. */
export function errorOf(result) {
    assert.equal(result.isError, true);
    assert.equal(result.content.length, 1);
    return result.content[0].text;
}
