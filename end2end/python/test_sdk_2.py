"""The official Python SDK 2.x, with and without a handshake."""

import contextlib

import anyio
import pytest
from conversation import HEADERS, PATIENCE, QUERY, REFUSALS, WORLD, check_refusal, check_rows, structured, unfence, unwrapped
from httpx2 import AsyncClient
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError

VERSIONS = {"legacy": "2025-11-25", "auto": "2026-07-28"}


@pytest.fixture(params=VERSIONS)
def mode(request):
    return request.param


@contextlib.asynccontextmanager
async def connected(mode, url=None):
    with anyio.fail_after(PATIENCE):
        async with AsyncClient(headers=HEADERS, timeout=PATIENCE) as http:
            transport = streamable_http_client(url or WORLD["mcp_url"], http_client=http)
            async with Client(transport, mode=mode) as client:
                yield client


def run(conversation, mode, **more):
    async def main():
        async with connected(mode, **more) as client:
            await conversation(client)

    unwrapped(main)


async def ask(client, tool, **arguments):
    result = await client.call_tool(tool, arguments)
    return structured(result, result.structured_content)


def test_connecting_settles_on_the_expected_revision(mode):
    async def conversation(client):
        assert client.protocol_version == VERSIONS[mode]
        assert client.server_info.name == "portcullis"
        assert "untrusted-data" in client.instructions

    run(conversation, mode)


def test_tools_are_listed_and_only_read(mode):
    async def conversation(client):
        tools = (await client.list_tools()).tools
        assert [tool.name for tool in tools] == ["list_tables", "describe_table", "run_query"]
        assert all(tool.annotations.read_only_hint and tool.output_schema and tool.title for tool in tools)

    run(conversation, mode)


@pytest.mark.parametrize("path", ["/mcp/sql", "/mcp/sql/"])
def test_both_addresses_work(mode, path):
    async def conversation(client):
        assert (await ask(client, "list_tables"))["tables"]

    run(conversation, mode, url=WORLD["base_url"] + path)


def test_tables_are_listed_and_described(mode):
    async def conversation(client):
        names = [table["name"] for table in (await ask(client, "list_tables"))["tables"]]
        assert "public.customers" in names and "public.secrets" not in names
        described = await ask(client, "describe_table", name="public.customers")
        assert described["primary_key"] == ["id"]
        hidden = await client.call_tool("describe_table", {"name": "public.secrets"})
        absent = await client.call_tool("describe_table", {"name": "public.nothing"})
        assert hidden.is_error and absent.is_error
        assert hidden.content[0].text.replace("secrets", "nothing") == absent.content[0].text

    run(conversation, mode)


def test_a_query_answers_with_fenced_rows(mode):
    async def conversation(client):
        answers = [await ask(client, "run_query", sql=QUERY) for _ in range(2)]
        for answer in answers:
            check_rows(answer)
        assert unfence(answers[0]["rows"])[0] != unfence(answers[1]["rows"])[0]

    run(conversation, mode)


@pytest.mark.parametrize("sql", REFUSALS)
def test_a_refusal_carries_its_reason_and_a_hint(mode, sql):
    async def conversation(client):
        result = await client.call_tool("run_query", {"sql": sql})
        assert result.is_error
        check_refusal(structured(result, result.structured_content), REFUSALS[sql])

    run(conversation, mode)


def test_prompts_are_listed_and_fetched(mode):
    async def conversation(client):
        (prompt,) = (await client.list_prompts()).prompts
        got = await client.get_prompt(prompt.name, {"question": "Who orders most?"})
        assert "Who orders most?" in got.messages[0].content.text

    run(conversation, mode)


def test_an_unknown_tool_is_an_error_of_the_protocol(mode):
    async def conversation(client):
        with pytest.raises(MCPError, match="drop_table"):
            await client.call_tool("drop_table", {})

    run(conversation, mode)
