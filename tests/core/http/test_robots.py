"""robots.txt is read as RFC 9309 says."""

from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brandhound.core.http.robots import MOST_BYTES, Rule, normalise, parse_robots


def allows(text: str, path: str, token: str = "brandhound") -> bool:
    return parse_robots(text.encode(), token).group.allows(path)


ALL = "User-agent: *\n"


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("", "/", True),
        ("<html>not found</html>", "/", True),
        (ALL + "Disallow:", "/a", True),
        (ALL + "Disallow: /", "/a", False),
        (ALL + "Disallow: /", "/robots.txt", True),
        (ALL + "Disallow: /a", "/a", False),
        (ALL + "Disallow: /a", "/ab", False),
        (ALL + "Disallow: /a", "/b", True),
        (ALL + "Disallow: /a/", "/a", True),
        (ALL + "Disallow: /A", "/a", True),
        ("user-AGENT: *\ndisALLOW: /a", "/a", False),
        ("User-agent : *\n Disallow : /a # comment", "/a", False),
        ("\ufeffUser-agent: *\r\nDisallow: /a\r\n", "/a", False),
        ("User-agent: *\rDisallow: /a\r", "/a", False),
        # The longest match wins, and of two equally long ones the allowing.
        (ALL + "Disallow: /a\nAllow: /a/b", "/a/b/c", True),
        (ALL + "Allow: /a/b\nDisallow: /a", "/a/b/c", True),
        (ALL + "Allow: /a\nDisallow: /a/b", "/a/b/c", False),
        (ALL + "Disallow: /a\nAllow: /a", "/a", True),
        (ALL + "Allow: /a\nDisallow: /a", "/a", True),
        (ALL + "Allow: /page\nDisallow: /*.htm", "/page.htm", False),
        (ALL + "Allow: /page\nDisallow: /*.ph", "/page.php5", True),
        (ALL + "Allow: /$\nDisallow: /", "/", True),
        (ALL + "Allow: /$\nDisallow: /", "/page.htm", False),
        # Wildcards and ends.
        (ALL + "Disallow: *.php$", "/x.php", False),
        (ALL + "Disallow: *.php$", "/x.php?y", True),
        (ALL + "Disallow: /*.php$", "/x/y.php", False),
        (ALL + "Disallow: /fish*", "/fishheads/yummy.html", False),
        (ALL + "Disallow: /fish*.php", "/fishheads/catfish.php?id=1", False),
        (ALL + "Disallow: /fish*.php", "/Fish.php", True),
        (ALL + "Disallow: /a*b*c$", "/a-b-c-b-c", False),
        (ALL + "Disallow: /a*b*c$", "/a-c", True),
        (ALL + "Disallow: /a$b", "/a$b", False),
        (ALL + "Disallow: /*?", "/a?b=1", False),
        (ALL + "Disallow: /a?b", "/a?b=1", False),
        (ALL + "Disallow: a", "/a", False),
        # One spelling is as good as another.
        (ALL + "Disallow: /ü", "/%C3%BC", False),
        (ALL + "Disallow: /%c3%bc", "/ü", False),
        (ALL + "Disallow: /%7Ejoe", "/~joe", False),
        (ALL + "Disallow: /a%2fb", "/a/b", True),
        (ALL + "Disallow: /a%2fb", "/a%2Fb", False),
        # Groups.
        ("User-agent: other\nDisallow: /", "/a", True),
        ("User-agent: other\nUser-agent: BrandHound\nDisallow: /", "/a", False),
        ("User-agent: brandhound\nAllow: /\n\nUser-agent: *\nDisallow: /", "/a", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: brandhound\nDisallow: /b", "/a", True),
        ("User-agent: brandhound/2.0 (x)\nDisallow: /", "/a", False),
        ("User-agent: brandhoundbot\nDisallow: /", "/a", True),
        ("User-agent: brand\nDisallow: /", "/a", True),
        ("User-agent: brandhound\nDisallow: /a\nUser-agent: x\nDisallow: /b\nUser-agent: brandhound\nDisallow: /c", "/c", False),
        ("User-agent: brandhound\nDisallow: /a\nUser-agent: x\nDisallow: /b\nUser-agent: brandhound\nDisallow: /c", "/b", True),
        ("User-agent: *\nSitemap: http://a.test/s.xml\nDisallow: /a", "/a", False),
        ("User-agent: *\nCrawl-delay: 3\nDisallow: /a", "/a", False),
        ("Disallow: /a\nUser-agent: *\nDisallow: /b", "/a", True),
        ("User-agent: x\n\n\nUser-agent: *\nDisallow: /a", "/a", False),
        ("User-agent: *\nunknown: x\nDisallow: /a", "/a", False),
        ("User-agent: brandhound\nUser-agent: *\nDisallow: /a", "/a", False),
    ],
)  # fmt: skip
def test_a_rule_means_what_the_standard_says(text: str, path: str, allowed: bool) -> None:
    assert allows(text, path) is allowed


@pytest.mark.parametrize(
    ("line", "delay"),
    [("2", 2.0), ("0.5", 0.5), ("3600", 60.0), ("soon", None), ("-1", None), ("nan", None), ("inf", None)],
)
def test_a_crawl_delay_is_honoured_up_to_a_minute(line: str, delay: float | None) -> None:
    assert parse_robots(f"User-agent: *\nCrawl-delay: {line}\n".encode(), "brandhound").group.crawl_delay == delay


def test_sitemaps_are_found_wherever_they_stand() -> None:
    text = (
        b"Sitemap: https://a.test/1.xml\nUser-agent: x\nDisallow: /\nsitemap: https://a.test/2.xml\nSitemap: nonsense\n"
    )
    assert parse_robots(text, "brandhound").sitemaps == ("https://a.test/1.xml", "https://a.test/2.xml")


def test_a_site_can_say_that_models_may_not_read_it() -> None:
    text = b"User-agent: *\nContent-Signal: search=yes, ai-input=no, ai-train=no\nAllow: /\n"
    assert parse_robots(text, "brandhound").group.signals == {"search": "yes", "ai-input": "no", "ai-train": "no"}


def test_half_a_megabyte_is_read_and_not_more() -> None:
    filler = b"# " + b"x" * 97 + b"\n"
    early = (b"User-agent: *\n" + filler * 6000)[: MOST_BYTES - 100] + b"\nDisallow: /early\n"
    text = early + filler * 10 + b"\nDisallow: /late\n"
    group = parse_robots(text, "brandhound").group
    assert (group.allows("/early"), group.allows("/late")) == (False, True)


def test_a_hostile_pattern_costs_no_time() -> None:
    started = perf_counter()
    assert not Rule(False, "/" + "a*" * 2000 + "b$").matches("/" + "a" * 8000)
    assert perf_counter() - started < 20


@settings(deadline=None)
@given(st.binary(max_size=500), st.text(max_size=50))
def test_nothing_in_a_robots_file_makes_us_fail(body: bytes, path: str) -> None:
    parse_robots(b"User-agent: *\nDisallow: " + body, "brandhound").group.allows("/" + path)
    parse_robots(body, "brandhound").group.allows(path)


@settings(deadline=None)
@given(st.text(max_size=50))
def test_normalising_twice_changes_nothing(path: str) -> None:
    assert normalise(normalise(path)) == normalise(path)
