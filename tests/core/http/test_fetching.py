"""Fetching keeps to limits, follows redirects with care, and gives a name to everything that goes wrong."""

import asyncio
import random
import resource
import ssl
from collections.abc import Callable
from time import monotonic

import pytest

from brandhound.core.http.client import Fetcher, FetchFailed, FetchRequest, Timeouts, Validators, fetcher
from brandhound.twins.news import Library, NewsServer, serve
from brandhound.twins.news.serving import Certificate
from tests.core.http.conftest import OWN_NETWORK, everything_is_here

PAGE = b"<html><body><p>" + b"Acme buys Bolt. " * 500 + b"</p></body></html>"


async def failure(fetching: Fetcher, url: str, max_bytes: int = 2_000_000) -> FetchFailed:
    with pytest.raises(FetchFailed) as failed:
        await fetching.fetch(FetchRequest(url, max_bytes=max_bytes))
    return failed.value


async def test_a_page_comes_with_its_facts(news: NewsServer, fetch_as_operator: Fetcher) -> None:
    news.library.site("daily").put("/long.html", PAGE, headers={"Cache-Control": "max-age=600"})
    result = await fetch_as_operator.fetch(FetchRequest(f"{news.url}/daily/long.html#top"))
    assert (result.status, result.body) == (200, PAGE)
    assert result.headers["content-encoding"] == "gzip"
    assert result.final_url == f"{news.url}/daily/long.html"
    assert result.hops[-1].etag == result.headers["etag"]
    assert result.fresh_for == 600
    assert result.date is not None


async def test_we_say_who_we_are_and_what_we_read(news: NewsServer, public_fetcher: Callable[..., Fetcher]) -> None:
    fetching = public_fetcher(contact="https://brandhound.example/bot")
    for purpose, accept in (("feed", "application/rss+xml"), ("page", "text/html"), ("discovery", "text/html")):
        await fetching.fetch(FetchRequest(f"{news.url}/daily/story.html", purpose=purpose))  # pyright: ignore[reportArgumentType]
        seen = news.requests("/daily/story.html")[-1].headers
        assert seen["accept"].startswith(accept)
        assert seen["user-agent"].startswith("brandhound/")
        assert seen["user-agent"].endswith("(+https://brandhound.example/bot; feeds)")
        assert seen["accept-encoding"] == "gzip, br"
        assert "if-none-match" not in seen
        assert "if-modified-since" not in seen


async def test_any_status_is_a_result(news: NewsServer, fetch_as_operator: Fetcher) -> None:
    for kind, status in (("gone", 410), ("missing", 404), ("bot-wall", 403), ("payment", 402), ("error", 500)):
        news.clear_faults()
        news.fault("/daily/story.html", kind)  # pyright: ignore[reportArgumentType]
        assert (await fetch_as_operator.fetch(FetchRequest(f"{news.url}/daily/story.html"))).status == status


async def test_what_has_not_changed_is_not_sent_again(news: NewsServer, fetch_as_operator: Fetcher) -> None:
    url = f"{news.url}/daily/story.html"
    hop = (await fetch_as_operator.fetch(FetchRequest(url))).hops[-1]
    known = {hop.url: Validators(hop.etag, hop.last_modified)}
    again = await fetch_as_operator.fetch(FetchRequest(url, validators=known))
    assert (again.status, again.body) == (304, b"")
    seen = news.requests("/daily/story.html")[-1].headers
    assert (seen["if-none-match"], seen["if-modified-since"]) == (hop.etag, hop.last_modified)


async def test_validators_are_sent_exactly_as_they_came(news: NewsServer, fetch_as_operator: Fetcher) -> None:
    url = f"{news.url}/daily/story.html"
    for etag in ('W/"abc-gzip"', "no-quotes", '"\xfc\xff"'):
        known = {url: Validators(etag, "last tuesday")}
        await fetch_as_operator.fetch(FetchRequest(url, validators=known))
        seen = news.requests("/daily/story.html")[-1].headers
        assert (seen["if-none-match"], seen["if-modified-since"]) == (etag, "last tuesday")


async def test_validators_belong_to_one_url_of_the_chain(news: NewsServer, fetch_as_operator: Fetcher) -> None:
    news.library.site("daily").put("/new.html", "<p>new</p>")
    news.fault("/daily/story.html", "moved-temporarily", location="/daily/new.html")
    old, new = f"{news.url}/daily/story.html", f"{news.url}/daily/new.html"
    result = await fetch_as_operator.fetch(FetchRequest(old, validators={old: Validators('"a"')}))
    assert [(hop.url, hop.status) for hop in result.hops] == [(old, 302), (new, 200)]
    assert news.requests("/daily/story.html")[-1].headers["if-none-match"] == '"a"'
    assert "if-none-match" not in news.requests("/daily/new.html")[-1].headers
    known = {old: Validators('"a"'), new: Validators(result.hops[-1].etag)}
    assert (await fetch_as_operator.fetch(FetchRequest(old, validators=known))).status == 304


async def test_five_redirects_are_followed_and_no_sixth(news: NewsServer, fetch_as_operator: Fetcher) -> None:
    news.fault("/daily/story.html", "redirect-chain", size=5)
    result = await fetch_as_operator.fetch(FetchRequest(f"{news.url}/daily/story.html"))
    assert [hop.status for hop in result.hops] == [302] * 5 + [200]
    news.clear_faults()
    news.fault("/daily/story.html", "redirect-chain", size=6)
    failed = await failure(fetch_as_operator, f"{news.url}/daily/story.html")
    assert (failed.code, len(failed.hops)) == ("too-many-redirects", 6)


async def test_a_circle_of_redirects_is_noticed(news: NewsServer, fetch_as_operator: Fetcher) -> None:
    news.fault("/daily/story.html", "redirect-loop")
    assert (await failure(fetch_as_operator, f"{news.url}/daily/story.html")).code == "redirect-loop"
    assert len(news.requests("/daily/story.html")) == 1


async def test_a_password_goes_to_one_origin_only(news: NewsServer, public_fetcher: Callable[..., Fetcher]) -> None:
    fetching = public_fetcher()
    daily = news.library.site("daily")
    daily.passwords["/"] = ("ann", "s3cret")
    url = f"http://daily.test:{news.port}/story.html"
    assert (await fetching.fetch(FetchRequest(url, obey_robots=False))).status == 401
    granted = FetchRequest(url, obey_robots=False, credentials=("ann", "s3cret"))
    assert (await fetching.fetch(granted)).status == 200
    in_url = url.replace("http://", "http://ann:s3cret@")
    result = await fetching.fetch(FetchRequest(in_url, obey_robots=False))
    assert result.status == 200
    assert "s3cret" not in result.final_url + str(result.hops)
    news.library.site("other").put("/", "hello")
    news.fault("/daily/story.html", "moved-temporarily", location=f"http://other.test:{news.port}/")
    assert (await fetching.fetch(granted)).final_url == f"http://other.test:{news.port}/"
    assert "authorization" not in news.requests("/other/")[-1].headers


async def test_a_body_of_a_gigabyte_is_left_alone_early(news: NewsServer, fetch_as_operator: Fetcher) -> None:
    news.fault("/daily/story.html", "huge")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = monotonic()
    assert (await failure(fetch_as_operator, f"{news.url}/daily/story.html")).code == "too-large"
    assert monotonic() - started < 30
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024  # KiB


async def test_a_length_that_is_too_large_is_believed(news: NewsServer, fetch_as_operator: Fetcher) -> None:
    news.library.site("daily").put("/big.bin", bytes(range(256)) * 10_000, "image/x-raw")
    failed = await failure(fetch_as_operator, f"{news.url}/daily/big.bin", max_bytes=3000)
    assert failed.code == "too-large"
    assert (await fetch_as_operator.fetch(FetchRequest(f"{news.url}/daily/story.html"))).status == 200


async def raw_answers(*answers: bytes) -> tuple[asyncio.Server, str]:
    """A server that sends exactly these bytes, one answer for each request."""
    left = list(answers)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while left:
            try:
                await reader.readuntil(b"\r\n\r\n")
            except asyncio.IncompleteReadError:
                break
            writer.write(left.pop(0))
            await writer.drain()
        writer.close()

    running = await asyncio.start_server(answer, "127.0.0.1", 0)
    return running, f"http://127.0.0.1:{running.sockets[0].getsockname()[1]}/"


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 99999999\r\n\r\n", 304),
        (b"HTTP/1.1 429 Slow\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nbad", 429),
        (b"HTTP/1.1 503 No\r\nContent-Encoding: zstd\r\nContent-Length: 3\r\n\r\nbad", 503),
        (b"HTTP/1.1 404 No\r\nContent-Length: 90000\r\n\r\n" + b"x" * 90000, 404),
        (b"HTTP/1.0 200 OK\r\n\r\nold", 200),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200),
        (b"HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n", 200),
        (b"HTTP/1.1 200 OK\r\nX-A: 1\r\nx-a: 2\r\nContent-Length: 0\r\n\r\n", 200),
        (b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n", 302),
    ],
)
async def test_odd_answers_keep_their_status(answer: bytes, status: int, fetch_as_operator: Fetcher) -> None:
    running, url = await raw_answers(answer)
    async with running:
        result = await fetch_as_operator.fetch(FetchRequest(url, max_bytes=1000, obey_robots=False))
        await fetch_as_operator.aclose()
    assert result.status == status
    if "x-a" in result.headers:
        assert result.headers["x-a"] == "1, 2"


@pytest.mark.parametrize(
    "answer",
    [b"", b"SSH-2.0-OpenSSH_9\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", b"\0" * 1000 + b"\r\n\r\n"],
)
async def test_what_is_no_http_has_a_name(answer: bytes) -> None:
    running, url = await raw_answers(answer, answer)
    fetching = Fetcher(rules=OWN_NETWORK, timeouts=Timeouts(read=0.3 if not answer else 10))
    async with running:
        with pytest.raises(FetchFailed) as failed:
            await fetching.fetch(FetchRequest(url, obey_robots=False))
        await fetching.aclose()
    assert failed.value.code == ("timeout" if not answer else "connection")


async def test_a_redirect_is_followed_although_its_body_never_ends(
    news: NewsServer, fetch_as_operator: Fetcher
) -> None:
    head = f"HTTP/1.1 302 Found\r\nLocation: {news.url}/daily/story.html\r\n\r\nendless".encode()
    running, url = await raw_answers(head, b"")
    async with running:
        result = await fetch_as_operator.fetch(FetchRequest(url, obey_robots=False))
        await fetch_as_operator.aclose()
    assert [hop.status for hop in result.hops] == [302, 200]


@pytest.mark.parametrize("headers", [{"X-A": "b\r\nHost: evil"}, {"bad name": "x"}])
async def test_no_header_smuggles_another(
    headers: dict[str, str], news: NewsServer, fetch_as_operator: Fetcher
) -> None:
    with pytest.raises(FetchFailed) as failed:
        await fetch_as_operator.fetch(FetchRequest(f"{news.url}/daily/story.html", headers=headers))
    assert failed.value.code == "bad-url"
    await fetch_as_operator.fetch(FetchRequest(f"{news.url}/daily/story.html", headers={"Host": "evil", "X-A": "b"}))
    seen = news.requests("/daily/story.html")[-1].headers
    assert (seen["host"], seen["x-a"]) == (f"127.0.0.1:{news.port}", "b")


async def test_a_bomb_is_not_unpacked(news: NewsServer, fetch_as_operator: Fetcher) -> None:
    news.fault("/daily/story.html", "gzip-bomb", size=50_000_000)
    assert (await failure(fetch_as_operator, f"{news.url}/daily/story.html", 100_000_000)).code == "ratio"
    assert (await failure(fetch_as_operator, f"{news.url}/daily/story.html", 500_000)).code == "too-large"


@pytest.mark.parametrize("kind", ["hang", "drip"])
async def test_a_slow_server_does_not_hold_us(kind: str, news: NewsServer) -> None:
    fetching = Fetcher(rules=OWN_NETWORK, timeouts=Timeouts(connect=10, read=0.3, total=0.6))
    news.fault("/daily/story.html", kind, seconds=1.0)  # pyright: ignore[reportArgumentType]
    started = monotonic()
    with pytest.raises(FetchFailed) as failed:
        await fetching.fetch(FetchRequest(f"{news.url}/daily/story.html", obey_robots=False))
    assert failed.value.code == "timeout"
    assert monotonic() - started < 20
    await fetching.aclose()


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("reset", "connection"),
        ("truncated", "connection"),
        ("wrong-encoding", "bad-encoding"),
        ("endless-headers", "too-large"),
    ],
)
async def test_a_broken_answer_has_a_name(kind: str, code: str, news: NewsServer, fetch_as_operator: Fetcher) -> None:
    news.fault("/daily/story.html", kind)  # pyright: ignore[reportArgumentType]
    assert (await failure(fetch_as_operator, f"{news.url}/daily/story.html")).code == code
    news.clear_faults()
    assert (await fetch_as_operator.fetch(FetchRequest(f"{news.url}/daily/story.html"))).status == 200


async def test_a_dead_port_and_an_unknown_name_are_told_apart(fetch_as_operator: Fetcher) -> None:
    async def nothing(host: str, port: int) -> list[str]:
        raise OSError("unknown")

    assert (await failure(fetch_as_operator, "http://127.0.0.1:9/")).code == "refused"
    assert (await failure(Fetcher(resolver=nothing), "http://nowhere.test/")).code == "dns"


@pytest.mark.parametrize(
    ("certificate", "code"), [("self-signed", "tls"), ("other-name", "tls"), ("expired", "tls-expired")]
)
async def test_a_bad_certificate_is_never_accepted(certificate: Certificate, code: str) -> None:
    with serve(Library(), tls=certificate) as server:
        server.library.site("daily").put("/", "hello")
        # An expired or misnamed certificate is wrong even when its issuer is trusted.
        context = ssl.create_default_context()
        if certificate != "self-signed":
            context.load_verify_locations(server.certificate)
        fetching = Fetcher(rules=OWN_NETWORK, ssl_context=context)
        assert (await failure(fetching, f"{server.url}/daily/")).code == code
        assert not server.requests()


async def test_a_good_certificate_is_accepted_and_a_downgrade_is_told() -> None:
    with serve(Library(), tls="self-signed") as server, serve(Library()) as plain:
        server.library.site("daily").put("/", "hello")
        plain.library.site("daily").put("/", "hello")
        server.fault("/daily/moved", "moved-temporarily", location=f"{plain.url}/daily/")
        context = ssl.create_default_context(cafile=server.certificate)
        fetching = Fetcher(rules=OWN_NETWORK, resolver=everything_is_here, ssl_context=context)
        for url in (f"{server.url}/daily/", f"https://localhost:{server.port}/daily/"):
            assert (await fetching.fetch(FetchRequest(url))).body == b"hello"
        result = await fetching.fetch(FetchRequest(f"{server.url}/daily/moved"))
        assert [hop.downgrade for hop in result.hops] == [True, False]
        await fetching.aclose()


@pytest.mark.parametrize("tls", [None, "self-signed"])
def test_it_works_on_the_faster_loop_too(tls: Certificate | None) -> None:
    uvloop = pytest.importorskip("uvloop")

    async def fetch_all(server: NewsServer) -> None:
        context = ssl.create_default_context(cafile=server.certificate) if server.certificate else None
        fetching = Fetcher(rules=OWN_NETWORK, ssl_context=context)
        requests = [FetchRequest(f"{server.url}/daily/{n % 3}") for n in range(60)]
        results = await asyncio.gather(*[fetching.fetch(request) for request in requests])
        assert {len(result.body) for result in results} == {600_000}
        server.fault("/daily/0", "reset")
        assert (await failure(fetching, f"{server.url}/daily/0")).code == "connection"
        assert (await failure(fetching, "http://127.0.0.1:9/")).code == "refused"
        server.fault("/daily/1", "huge")
        assert (await failure(fetching, f"{server.url}/daily/1")).code == "too-large"
        server.fault("/daily/2", "hang")
        hasty = Fetcher(rules=OWN_NETWORK, ssl_context=context, timeouts=Timeouts(total=0.3))
        assert (await failure(hasty, f"{server.url}/daily/2")).code in ("timeout", "robots-unreachable")
        await hasty.aclose()
        await fetching.aclose()

    with serve(Library(), tls=tls) as server:
        for number in range(3):
            server.library.site("daily").put(f"/{number}", random.Random(number).randbytes(600_000))
        uvloop.run(fetch_all(server))


async def test_plain_http_on_a_tls_port_has_a_name(news: NewsServer, fetch_as_operator: Fetcher) -> None:
    assert (await failure(fetch_as_operator, news.url.replace("http", "https") + "/daily/")).code == "tls"


async def test_a_restarted_server_does_not_cost_a_fetch(fetch_as_operator: Fetcher) -> None:
    library = Library()
    library.site("daily").put("/", "hello")
    with serve(library) as server:
        port = server.port
        url = f"{server.url}/daily/"
        assert (await fetch_as_operator.fetch(FetchRequest(url))).status == 200
    with serve(library, port=port):
        assert (await fetch_as_operator.fetch(FetchRequest(url))).status == 200


async def test_a_cancelled_fetch_leaves_nothing_behind(news: NewsServer, fetch_as_operator: Fetcher) -> None:
    news.fault("/daily/story.html", "hang", times=20)
    url = f"{news.url}/daily/story.html"
    tasks = [asyncio.create_task(fetch_as_operator.fetch(FetchRequest(url))) for _ in range(20)]
    async with asyncio.timeout(30):
        while news.publisher.most_active["daily"] < 20:  # noqa: ASYNC110  (in a thread of its own)
            await asyncio.sleep(0.005)
    for task in tasks:
        task.cancel()
    assert all(isinstance(it, asyncio.CancelledError) for it in await asyncio.gather(*tasks, return_exceptions=True))
    news.clear_faults()
    again = await asyncio.gather(*[fetch_as_operator.fetch(FetchRequest(url)) for _ in range(100)])
    assert {result.status for result in again} == {200}


async def test_the_process_has_one_way_out_for_each_loop() -> None:
    assert fetcher() is fetcher()
    assert await asyncio.to_thread(lambda: asyncio.run(_my_fetcher())) is not fetcher()


async def _my_fetcher() -> Fetcher:
    return fetcher()
