"""The official Python SDK 2.x, coming with nothing but the address."""

import contextlib

import anyio
import pytest
from conversation import PATIENCE, QUERY, WORLD, check_rows, structured, unwrapped
from httpx2 import AsyncClient
from mcp import Client
from mcp.client.auth import AuthorizationCodeResult, OAuthClientProvider, OAuthFlowError
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import OAuthClientMetadata
from oauth import REDIRECT, Browser, Memory, Person


@contextlib.asynccontextmanager
async def signed_in():
    async with AsyncClient(timeout=PATIENCE) as http:
        browser = Browser(http)
        await browser.sign_in(Person())
        yield browser


@contextlib.asynccontextmanager
async def connected(browser, mode, decision="approve", path="/mcp/sql/"):
    """Lets a client in; the browser keeps what was answered, and what the client remembers."""
    url = WORLD["base_url"] + path
    memory = Memory()
    answer = {}

    async def redirect(address):
        answer.update(await browser.decide(address, decision))

    async def callback():
        return AuthorizationCodeResult(code=answer.get("code", ""), state=answer.get("state"), iss=answer.get("iss"))

    metadata = OAuthClientMetadata(client_name="end2end", redirect_uris=[REDIRECT], token_endpoint_auth_method="none")
    auth = OAuthClientProvider(url, metadata, memory, redirect, callback)
    browser.memory, browser.answer = memory, answer
    async with AsyncClient(auth=auth, timeout=PATIENCE) as http:
        async with Client(streamable_http_client(url, http_client=http), mode=mode) as client:
            yield client


def run(conversation):
    async def main():
        with anyio.fail_after(PATIENCE):
            async with signed_in() as browser:
                await conversation(browser)

    unwrapped(main)


@pytest.mark.parametrize("mode", ["legacy", "auto"])
def test_a_client_reads_once_the_person_allowed_it_until_they_sign_out(mode):
    async def conversation(browser):
        async with connected(browser, mode) as client:
            result = await client.call_tool("list_tables", {})
            names = [table["name"] for table in structured(result, result.structured_content)["tables"]]
            assert "public.customers" in names
            result = await client.call_tool("run_query", {"sql": QUERY})
            check_rows(structured(result, result.structured_content))
        tokens = browser.memory.tokens
        assert (tokens.token_type, tokens.scope, tokens.refresh_token) == ("Bearer", "mcp:sql", None)
        assert await status_with(tokens.access_token) == 200
        await browser.sign_out()
        assert await status_with(tokens.access_token) == 401

    run(conversation)


async def status_with(token):
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/json, text/event-stream"}
    async with AsyncClient(headers=headers, timeout=PATIENCE) as http:
        message = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
        return (await http.post(WORLD["mcp_url"], json=message)).status_code


def test_the_address_without_the_slash_lets_in_as_well():
    async def conversation(browser):
        async with connected(browser, "auto", path="/mcp/sql") as client:
            assert len((await client.list_tools()).tools) == 3

    run(conversation)


def test_a_client_that_is_refused_gets_no_token():
    async def conversation(browser):
        try:
            async with connected(browser, "auto", decision="deny"):
                pass
        finally:
            assert browser.answer["error"] == "access_denied"
            assert browser.memory.tokens is None

    with pytest.raises(OAuthFlowError, match="No authorization code"):
        run(conversation)
