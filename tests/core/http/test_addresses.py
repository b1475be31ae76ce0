"""Nobody can make us talk to what is not the public web."""

from collections.abc import Sequence
from ipaddress import ip_address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brandhound.core.http.addresses import AddressRules, is_public, networks
from brandhound.core.http.answers import FetchFailed
from brandhound.core.http.client import Fetcher, FetchRequest
from brandhound.core.http.targets import read_target
from brandhound.twins.news import NewsServer

NOT_THE_PUBLIC_WEB = {
    # Every spelling of this machine.
    "http://127.0.0.1/": "private-address",
    "http://127.0.0.1:80/": "private-address",
    "http://127.1/": "private-address",
    "http://127.0.1/": "private-address",
    "http://127.255.255.254/": "private-address",
    "http://2130706433/": "private-address",
    "http://0x7f000001/": "private-address",
    "http://0x7F.0.0.1/": "private-address",
    "http://0177.0.0.1/": "private-address",
    "http://017700000001/": "private-address",
    "http://0x7f.1/": "private-address",
    "http://127.0.0.1./": "private-address",
    "http://0/": "private-address",
    "http://0.0.0.0/": "private-address",
    "http://127%2e0%2e0%2e1/": "private-address",
    "http://%31%32%37.0.0.1/": "private-address",
    "http://①②⑦.⓪.⓪.①/": "private-address",
    "http://１２７.０.０.１/": "private-address",
    "http://127。0。0。1/": "private-address",
    "http://localhost/": "private-address",
    "http://LOCALHOST./": "private-address",
    "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/": "private-address",
    "http://7f000001.nip.io/": "private-address",
    "http://[::1]/": "private-address",
    "http://[::]/": "private-address",
    "http://[0:0:0:0:0:0:0:1]/": "private-address",
    "http://[::ffff:127.0.0.1]/": "private-address",
    "http://[::ffff:7f00:1]/": "private-address",
    "http://[::127.0.0.1]/": "private-address",
    "http://[64:ff9b::7f00:1]/": "private-address",
    "http://[64:ff9b:1::7f00:1]/": "private-address",
    "http://[2002:7f00:1::]/": "private-address",
    # Networks of a home, a company, a cloud.
    "http://10.0.0.1/": "private-address",
    "http://10.255.255.255/": "private-address",
    "http://172.16.0.1/": "private-address",
    "http://172.31.255.255/": "private-address",
    "http://192.168.1.1/admin": "private-address",
    "http://100.64.0.1/": "private-address",
    "http://100.100.100.200/latest/meta-data/": "private-address",
    "http://169.254.169.254/latest/meta-data/": "private-address",
    "http://2852039166/latest/meta-data/": "private-address",
    "http://[::ffff:169.254.169.254]/": "private-address",
    "http://[64:ff9b::a9fe:a9fe]/": "private-address",
    "http://[2002:a9fe:a9fe::]/": "private-address",
    "http://[2002:c0a8:0101::1]/": "private-address",
    "http://[fd00:ec2::254]/": "private-address",
    "http://[fc00::1]/": "private-address",
    "http://[fe80::1]/": "private-address",
    "http://[fec0::1]/": "private-address",
    "http://[2001:db8::1]/": "private-address",
    "http://[2001::1]/": "private-address",
    "http://[3fff::1]/": "private-address",
    "http://[2606:4700::5efe:10.0.0.1]/": "private-address",
    "http://168.63.129.16/machine": "private-address",
    "http://192.0.0.192/": "private-address",
    "http://192.0.2.1/": "private-address",
    "http://198.18.0.1/": "private-address",
    "http://198.51.100.7/": "private-address",
    "http://203.0.113.9/": "private-address",
    "http://192.88.99.1/": "private-address",
    "http://224.0.0.1/": "private-address",
    "http://240.0.0.1/": "private-address",
    "http://255.255.255.255/": "private-address",
    "http://[ff02::1]/": "private-address",
    # Users that look like hosts, and hosts that look like something else.
    "http://example.com@127.0.0.1/": "private-address",
    "http://example.com:80@127.0.0.1/": "private-address",
    "http://example.com%2f@127.0.0.1/": "private-address",
    "http://127.0.0.1#@example.com/": "private-address",
    "http://127.0.0.1?@example.com/": "private-address",
    "http://example.com\\@127.0.0.1/": "bad-url",
    "http://127.0.0.1\\@example.com/": "bad-url",
    "http://127.0.0.1\t.example.com/": "bad-url",
    "http://exa\nmple.com/": "bad-url",
    "http://[fe80::1%25eth0]/": "bad-url",
    "http://[::1": "bad-url",
    "http://256.256.256.256/": "bad-url",
    "http://1.2.3.4.5/": "bad-url",
    "http://0x/": "private-address",
    "http:///etc/passwd": "bad-url",
    "http://": "bad-url",
    "": "bad-url",
    "http://exa mple.com/": "bad-url",
    "http://-.example.com/": "bad-url",
    "http://example..com/": "bad-url",
    # Other ports and other languages.
    "http://93.184.216.34:22/": "port",
    "http://93.184.216.34:6379/": "port",
    "http://93.184.216.34:5432/": "port",
    "http://93.184.216.34:25/": "port",
    "http://93.184.216.34:0/": "port",
    "http://93.184.216.34:99999/": "bad-url",
    "http://[2606:2800:220:1::1]:11211/": "port",
    "file:///etc/passwd": "scheme",
    "ftp://example.com/": "scheme",
    "gopher://127.0.0.1:6379/_FLUSHALL": "scheme",
    "dict://127.0.0.1:11211/stat": "scheme",
    "data:text/html,hello": "scheme",
    "javascript:alert(1)": "scheme",
    "//127.0.0.1/": "scheme",
    "example.com/feed": "scheme",
}

TRICKY_NAMES = {"localhost": ["127.0.0.1"], "7f000001.nip.io": ["127.0.0.1"]}


async def tricky_resolver(host: str, port: int) -> Sequence[str]:
    return TRICKY_NAMES[host]


@pytest.mark.parametrize(("url", "code"), NOT_THE_PUBLIC_WEB.items())
async def test_what_is_not_the_public_web_is_refused(url: str, code: str) -> None:
    fetcher = Fetcher(resolver=tricky_resolver)
    with pytest.raises(FetchFailed) as failed:
        await fetcher.fetch(FetchRequest(url, obey_robots=False))
    assert failed.value.code == code


PUBLIC = (
    "8.8.8.8 93.184.216.34 172.15.0.1 172.32.0.1 100.63.0.1 100.128.0.1 192.0.1.1 2606:4700::1111 2a00:1450::1 "
    "::ffff:8.8.8.8 64:ff9b::808:808 2002:808:808::1"
)


@pytest.mark.parametrize("address", PUBLIC.split())
def test_the_public_web_is_public(address: str) -> None:
    assert is_public(ip_address(address))


@settings(deadline=None)
@given(st.ip_addresses(network="10.0.0.0/8") | st.ip_addresses(network="fc00::/7"))
def test_no_private_address_is_ever_public(address: object) -> None:
    assert not is_public(ip_address(str(address)))
    assert not is_public(ip_address(f"::ffff:{address}")) if "." in str(address) else True


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_an_address_or_a_named_failure(text: str) -> None:
    for url in (text, "http://" + text):
        try:
            target = read_target(url)
        except FetchFailed:
            continue
        assert target.url.isascii()
        assert read_target(target.url).url == target.url


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("HTTPS://Example.COM", "https://example.com/"),
        ("http://example.com:80/a#b", "http://example.com/a"),
        ("https://example.com:8443/a", "https://example.com:8443/a"),
        ("http://bücher.example/ü?q=ä b", "http://xn--bcher-kva.example/%C3%BC?q=%C3%A4%20b"),
        ("http://straße.de/", "http://xn--strae-oqa.de/"),
        ("http://example.com/a%20b%zz", "http://example.com/a%20b%25zz"),
        ("http://example.com?x=1", "http://example.com/?x=1"),
        (" http://user:pass@example.com/ ", "http://example.com/"),
        ("http://[2606:4700:0:0:0:0:0:1111]/", "http://[2606:4700::1111]/"),
    ],
)
def test_an_address_has_one_normal_form(written: str, read: str) -> None:
    assert read_target(written).url == read


async def test_a_name_is_refused_when_any_of_its_addresses_is_private() -> None:
    async def both(host: str, port: int) -> Sequence[str]:
        return ["93.184.216.34", "10.0.0.1"]

    with pytest.raises(FetchFailed) as failed:
        await Fetcher(resolver=both).fetch(FetchRequest("http://example.com/", obey_robots=False))
    assert failed.value.code == "private-address"


async def test_a_second_dns_answer_does_not_get_around_the_check(news: NewsServer) -> None:
    asked: list[str] = []

    async def rebinding(host: str, port: int) -> Sequence[str]:
        # Public for whoever checks first, this machine for whoever connects later.
        asked.append(host)
        return ["127.0.0.2"] if len(asked) == 1 else ["127.0.0.1"]

    fetcher = Fetcher(rules=AddressRules(networks("127.0.0.2/32")), resolver=rebinding)
    request = FetchRequest(f"http://rebind.test:{news.port}/daily/story.html", obey_robots=False)
    with pytest.raises(FetchFailed) as failed:
        await fetcher.fetch(request)
    # 127.0.0.2 was judged, so 127.0.0.2 was dialled: nobody listens there, and nobody was asked twice.
    assert (failed.value.code, asked) == ("refused", ["rebind.test"])
    with pytest.raises(FetchFailed) as failed:
        await fetcher.fetch(request)
    assert failed.value.code == "private-address"
    assert not news.requests()


async def test_a_redirect_into_a_private_network_is_refused(news: NewsServer) -> None:
    async def resolver(host: str, port: int) -> Sequence[str]:
        return {"door.test": ["127.0.0.1"], "inside.test": ["10.1.2.3"]}[host]

    fetcher = Fetcher(rules=AddressRules(networks("127.0.0.1/32")), resolver=resolver)
    for location in ("http://10.0.0.1/", "http://inside.test/", "http://[::1]/", "http://0x0a000001/"):
        news.clear_faults()
        news.fault("/daily/story.html", "moved-temporarily", location=location)
        with pytest.raises(FetchFailed) as failed:
            await fetcher.fetch(FetchRequest(f"http://door.test:{news.port}/daily/story.html"))
        assert failed.value.code == "private-address"
        assert [hop.location for hop in failed.value.hops] == [location]


async def test_a_redirect_to_another_scheme_is_refused(news: NewsServer, fetch_as_operator: Fetcher) -> None:
    news.fault("/daily/story.html", "moved", location="file:///etc/passwd")
    with pytest.raises(FetchFailed) as failed:
        await fetch_as_operator.fetch(FetchRequest(f"{news.url}/daily/story.html"))
    assert failed.value.code == "scheme"


async def test_a_webhook_passes_the_same_guard(news: NewsServer, fetch_as_operator: Fetcher) -> None:
    with pytest.raises(FetchFailed) as failed:
        await Fetcher().post("http://169.254.169.254/", b"{}")
    assert failed.value.code == "private-address"
    sent = await fetch_as_operator.post(f"{news.url}/daily/story.html", b"{}", {"content-type": "application/json"})
    assert sent.status == 200


async def test_without_egress_only_followed_feeds_and_their_pages_are_fetched(news: NewsServer) -> None:
    fetcher = Fetcher(resolver=tricky_resolver, zero_egress=True)
    for attempt in (
        fetcher.fetch(FetchRequest("https://example.com/", purpose="discovery")),
        fetcher.post("https://example.com/hook", b""),
    ):
        with pytest.raises(FetchFailed) as failed:
            await attempt
        assert failed.value.code == "zero-egress"
    own = Fetcher(rules=AddressRules(networks("127.0.0.0/8")), zero_egress=True)
    assert (await own.fetch(FetchRequest(f"{news.url}/daily/story.html", purpose="discovery"))).status == 200
    await own.aclose()
