"""The official Python SDK 1.x."""

import contextlib

import anyio
import pytest
from conversation import HEADERS, PATIENCE, QUERY, REFUSALS, WORLD, check_refusal, check_rows, structured, unwrapped
from httpx import AsyncClient
from mcp import ClientSession, McpError
from mcp.client.streamable_http import streamable_http_client


@contextlib.asynccontextmanager
async def connected():
    with anyio.fail_after(PATIENCE):
        async with AsyncClient(headers=HEADERS, timeout=PATIENCE) as http:
            async with streamable_http_client(WORLD["mcp_url"], http_client=http) as (read, write, _):
                async with ClientSession(read, write) as session:
                    session.greeting = await session.initialize()
                    yield session


def run(conversation):
    async def main():
        async with connected() as session:
            await conversation(session)

    unwrapped(main)


async def ask(session, tool, **arguments):
    result = await session.call_tool(tool, arguments)
    return structured(result, result.structuredContent)


def test_the_handshake_settles_on_2025_11_25():
    async def conversation(session):
        assert session.greeting.protocolVersion == "2025-11-25"
        assert session.greeting.serverInfo.name == "portcullis"
        assert "untrusted-data" in session.greeting.instructions
        await session.send_ping()

    run(conversation)


def test_tools_are_listed_and_only_read():
    async def conversation(session):
        tools = (await session.list_tools()).tools
        assert [tool.name for tool in tools] == ["list_tables", "describe_table", "run_query"]
        assert all(tool.annotations.readOnlyHint and tool.outputSchema and tool.title for tool in tools)

    run(conversation)


def test_tables_are_listed_and_described():
    async def conversation(session):
        names = [table["name"] for table in (await ask(session, "list_tables"))["tables"]]
        assert "public.customers" in names and "public.secrets" not in names
        described = await ask(session, "describe_table", name="public.customers")
        assert described["primary_key"] == ["id"]
        hidden = await session.call_tool("describe_table", {"name": "public.secrets"})
        absent = await session.call_tool("describe_table", {"name": "public.nothing"})
        assert hidden.isError and absent.isError
        assert hidden.content[0].text.replace("secrets", "nothing") == absent.content[0].text

    run(conversation)


def test_a_query_answers_with_fenced_rows():
    async def conversation(session):
        check_rows(await ask(session, "run_query", sql=QUERY))

    run(conversation)


@pytest.mark.parametrize("sql", REFUSALS)
def test_a_refusal_carries_its_reason_and_a_hint(sql):
    async def conversation(session):
        result = await session.call_tool("run_query", {"sql": sql})
        assert result.isError
        check_refusal(structured(result, result.structuredContent), REFUSALS[sql])

    run(conversation)


def test_prompts_are_listed_and_fetched():
    async def conversation(session):
        (prompt,) = (await session.list_prompts()).prompts
        got = await session.get_prompt(prompt.name, {"question": "Who orders most?"})
        assert "Who orders most?" in got.messages[0].content.text

    run(conversation)


def test_an_unknown_tool_is_an_error_of_the_protocol():
    async def conversation(session):
        with pytest.raises(McpError, match="drop_table"):
            await session.call_tool("drop_table", {})

    run(conversation)
