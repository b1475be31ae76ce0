"""A HEAD is answered as a GET is, without the body."""

import asyncio

import httpx
from fastapi import FastAPI

from tests.app.test_live import served


def readable(app: FastAPI) -> tuple[list[str], list[str]]:
    """What can be read without naming a thing; and of it, what is a stream that does not end by itself."""
    paths = {path: said["get"] for path, said in app.openapi()["paths"].items() if "get" in said and "{" not in path}
    streams = [
        path for path, said in paths.items() if "text/event-stream" in said["responses"]["200"].get("content", ())
    ]
    return [path for path in paths if path not in streams], streams


async def test_whatever_can_be_read_answers_a_head_with_the_headers_alone(
    app: FastAPI, client: httpx.AsyncClient
) -> None:
    paths, _ = readable(app)
    assert "/api/feeds" in paths
    for path in paths:
        got, headed = await client.get(path), await client.head(path)
        assert (path, headed.status_code, headed.content) == (path, got.status_code, b"")
        assert headed.headers.get("content-type") == got.headers.get("content-type")


async def test_a_head_of_a_stream_ends_at_once(app: FastAPI, client: httpx.AsyncClient) -> None:
    _, streams = readable(app)
    assert "/api/events" in streams
    async with (
        served(app) as url,
        httpx.AsyncClient(base_url=url, cookies=client.cookies, timeout=30) as program,
        asyncio.timeout(60),
    ):
        for stream in streams:
            answer = await program.head(stream)
            assert (answer.status_code, answer.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
        while app.state.hub.screens:  # noqa: ASYNC110  (the hub offers no event)
            await asyncio.sleep(0.01)
        # The same connection goes on: nothing of the streams was left in it.
        health, read = await program.head("/api/health"), await program.get("/api/health")
        assert (health.status_code, health.content) == (200, b"")
        assert int(health.headers["content-length"]) == len(read.content)


async def test_a_head_of_what_is_not_there_or_not_ones_own_is_refused_as_a_get(
    client: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    assert (await client.head("/api/feeds/none/such")).status_code == 404
    assert (await anonymous.head("/api/feeds")).status_code == 401
