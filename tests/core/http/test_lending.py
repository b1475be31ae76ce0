"""A client that brings its own protocol goes out by our way: guarded, bounded, streaming, and silent about this machine."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

import httpx2
import pytest

from brandhound.core.http.answers import FetchFailed
from brandhound.core.http.client import fetcher
from brandhound.core.http.lending import Overheard, lent_client

Write = Callable[[bytes], Awaitable[None]]
Handler = Callable[[bytes, Write], Awaitable[None]]


@pytest.fixture
async def serve() -> AsyncGenerator[Callable[[Handler], Awaitable[str]]]:
    """Serves what a handler writes, on loopback: `url = await serve(handler)`."""
    servers: list[asyncio.Server] = []

    async def start(handler: Handler) -> str:
        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            head = await reader.readuntil(b"\r\n\r\n")

            async def write(data: bytes) -> None:
                writer.write(data)
                await writer.drain()

            try:
                await handler(head, write)
            except ConnectionError:
                pass
            finally:
                writer.close()

        server = await asyncio.start_server(talk, "127.0.0.1", 0)
        servers.append(server)
        return f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"

    yield start
    for server in servers:
        server.close()


OK = b"HTTP/1.1 200 OK\r\ncontent-type: %b\r\nconnection: close\r\n\r\n"


async def test_what_streams_is_seen_as_it_comes(serve: Any) -> None:
    seen = asyncio.Event()

    async def handler(_: bytes, write: Write) -> None:
        await write(OK % b"text/event-stream" + b"data: one\n\n")
        # The second half is sent when the first has arrived.
        await asyncio.wait_for(seen.wait(), 30)
        await write(b"data: two\n\n")

    got: list[str] = []
    url = await serve(handler)
    async with lent_client(Overheard()) as client, client.stream("POST", url, json={}) as answer:
        async for line in answer.aiter_lines():
            got.append(line)
            seen.set()
    assert [line for line in got if line] == ["data: one", "data: two"]


async def test_what_nobody_listens_to_any_more_may_be_let_go_of_by_several(serve: Any) -> None:
    """By whoever stopped listening, and by the loop, which at its end closes what it finds, all at once."""

    async def handler(_: bytes, write: Write) -> None:
        await write(OK % b"text/event-stream" + b"data: one\n\n")
        await asyncio.sleep(3600)

    url = await serve(handler)
    async with lent_client(Overheard()) as client:
        answer = await client.send(client.build_request("POST", url, json={}), stream=True)
        assert await anext(answer.aiter_lines()) == "data: one"
        assert isinstance(answer.stream, httpx2.AsyncByteStream)
        await asyncio.gather(*(answer.stream.aclose() for _ in range(3)))


async def test_an_answer_is_overheard_whole_and_what_the_client_tells_of_itself_is_left_out(serve: Any) -> None:
    heads: list[bytes] = []

    async def handler(head: bytes, write: Write) -> None:
        heads.append(head)
        await write(b"HTTP/1.1 429 No\r\nretry-after: 3\r\nconnection: close\r\n\r\n" + b'{"error": "slowly"}')

    overheard = Overheard()
    headers = {"x-stainless-os": "Linux", "x-goog-api-client": "gl-python", "user-agent": "SDK/1", "x-api-key": "k"}
    async with lent_client(overheard) as client:
        answer = await client.post(await serve(handler), json={"a": 1}, headers=headers)
    assert answer.status_code == overheard.status == 429
    assert (overheard.headers["retry-after"], overheard.body) == ("3", b'{"error": "slowly"}')
    said = heads[0].decode().lower()
    assert "x-api-key: k" in said
    assert "brandhound/" in said
    for silent in ("stainless", "gl-python", "sdk/1"):
        assert silent not in said


async def test_an_answer_without_end_is_cut_off(serve: Any) -> None:
    async def handler(_: bytes, write: Write) -> None:
        await write(OK % b"text/event-stream")
        while True:
            await write(b"data: more and more\n\n" * 5_000)

    answer = await fetcher().converse(await serve(handler), "POST", b"{}", {}, max_bytes=200_000)
    with pytest.raises(FetchFailed) as failed:
        async for _ in answer:
            pass
    await answer.aclose()
    assert failed.value.code == "too-large"


async def test_a_silent_answer_ends_with_its_time(serve: Any) -> None:
    async def handler(_: bytes, write: Write) -> None:
        await write(OK % b"text/event-stream" + b"data: one\n\n")
        await asyncio.sleep(600)

    answer = await fetcher().converse(await serve(handler), "POST", b"{}", {}, seconds=0.5)
    with pytest.raises(FetchFailed) as failed:
        async for _ in answer:
            pass
    await answer.aclose()
    assert failed.value.code == "timeout"


async def test_a_packed_answer_that_nobody_asked_for_is_unpacked_by_our_rules(serve: Any) -> None:
    import gzip

    packed = gzip.compress(b'{"ok": true}')

    async def handler(_: bytes, write: Write) -> None:
        head = (
            b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\n"
        )
        await write(head + packed)

    async with lent_client(Overheard()) as client:
        assert (await client.post(await serve(handler), json={})).json() == {"ok": True}


async def test_it_goes_nowhere_that_we_would_not_go_and_follows_nobody(serve: Any) -> None:
    async with lent_client(Overheard()) as client:
        with pytest.raises(FetchFailed) as failed:
            await client.get("http://169.254.169.254/latest/meta-data")
        assert failed.value.code == "private-address"

        async def handler(_: bytes, write: Write) -> None:
            await write(b"HTTP/1.1 302 Go\r\nlocation: http://169.254.169.254/\r\nconnection: close\r\n\r\n")

        assert (await client.get(await serve(handler))).status_code == 302
    assert isinstance(client, httpx2.AsyncClient)
