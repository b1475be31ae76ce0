"""Addresses: taken out of wrappers, freed of tracking, and in the form in which two spellings are one."""

import re
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

import idna

from brandhound.feeds.sites import same_site

MAX_LENGTH = 2000
# The list of Miniflux (read 2026-08), extended by what shops and mailers add.
TRACKING = {
    "fbclid", "_openstat", "fb_action_ids", "fb_action_types", "fb_ref", "fb_source", "fb_comment_id",
    "hmb_campaign", "hmb_medium", "hmb_source", "itm_campaign", "itm_medium", "itm_source", "itm_content",
    "itm_term", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "srsltid", "yclid", "ysclid", "twclid", "msclkid",
    "mc_cid", "mc_eid", "mc_tc", "wickedid", "hsa_cam", "_hsenc", "__hssc", "__hstc", "__hsfp", "_hsmi",
    "hsctatracking", "rb_clickid", "oly_anon_id", "oly_enc_id", "vero_id", "vero_conv", "mkt_tok", "sc_cid",
    "_bhlid", "_branch_match_id", "_branch_referrer", "__readwiselocation", "campaign_id", "campaign_medium",
    "campaign_name", "campaign_source", "campaign_term", "campaign_content", "igshid", "igsh", "s_cid", "cmpid",
    "ocid", "at_medium", "at_campaign", "at_custom1", "wt_mc", "xtor", "ns_mchannel", "ns_source", "ns_campaign",
    "ftag", "smid", "ito", "guccounter", "guce_referrer", "guce_referrer_sig", "spm", "traffic_source", "_ga", "_gl",
    "ref_src", "ref_url",
}  # fmt: skip
TRACKING_PREFIXES = ("utm_", "mtm_", "pk_", "hsa_")
DEFAULT_PORTS = {"http": 80, "https": 443}
AMP_CACHE = re.compile(r"^[a-z0-9-]+\.cdn\.ampproject\.org$")
GOOGLE = re.compile(r"^(?:www\.)?google\.[a-z.]{2,6}$")
ENCODED = re.compile(r"%([0-9A-Fa-f]{2})")
UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
UNSAFE = re.compile(r"[\x00-\x20\x7f\\\"<>^`{|}]")


@lru_cache(maxsize=16_384)
def clean_url(url: str, of_feed: str | None = None) -> str | None:
    """The address without wrapper, tracking parameters, fragment or default port; None if it is not http(s).

    `of_feed` is the feed's own address: a `ref` parameter that only names its site is dropped (Ghost).
    """
    url = unwrap(url.strip())
    if len(url) > MAX_LENGTH:
        return None
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    scheme = parts.scheme.lower()
    if scheme not in DEFAULT_PORTS or not host:
        return None
    try:
        host = host if host.isascii() else idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError:
        return None
    if ":" in host:
        host = f"[{host}]"
    if port is not None and port != DEFAULT_PORTS[scheme]:
        host = f"{host}:{port}"
    path = UNSAFE.sub(lambda found: quote(found.group(), safe=""), parts.path) or "/"
    if not path.isascii():
        path = quote(path, safe="/%:@!$&'()*+,;=~-._")
    fragment = parts.fragment if parts.fragment.startswith("!") else ""
    cleaned = urlunsplit((scheme, host, path, _without_tracking(parts.query, of_feed), fragment))
    return cleaned if len(cleaned) <= MAX_LENGTH else None


def _without_tracking(query: str, of_feed: str | None) -> str:
    if not query:
        return ""
    kept: list[str] = []
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        key = unquote(name).lower()
        if key in TRACKING or key.startswith(TRACKING_PREFIXES):
            continue
        if key == "ref" and of_feed and same_site(of_feed, f"https://{unquote(value)}/"):
            continue
        if pair:
            kept.append(UNSAFE.sub(lambda found: quote(found.group(), safe=""), pair))
    cleaned = "&".join(kept)
    return cleaned if cleaned.isascii() else quote(cleaned, safe="=&%+;:@!$'()*,/?-._~")


@lru_cache(maxsize=16_384)
def url_key(url: str) -> str | None:
    """The address for comparing only: also without scheme, `www.`, AMP, order of parameters and a slash at the end."""
    cleaned = clean_url(url)
    if cleaned is None:
        return None
    parts = urlsplit(cleaned)
    host = parts.netloc.removeprefix("www.")
    path = _spelt_alike(re.sub(r"/amp/?$", "/", parts.path).rstrip("/") or "/")
    pairs = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair not in (("amp", "1"), ("amp", ""))]
    query = urlencode(sorted(pairs))
    return f"{host}{path}{'?' + query if query else ''}{'#' + parts.fragment if parts.fragment else ''}"


def _spelt_alike(path: str) -> str:
    """A path with its percent-encoding in one spelling (RFC 3986, sections 6.2.2.1 and 6.2.2.2)."""
    return ENCODED.sub(_as_written, path) if "%" in path else path


def _as_written(found: re.Match[str]) -> str:
    character = chr(int(found[1], 16))
    return character if character in UNRESERVED else found.group().upper()


def feed_key(url: str) -> str | None:
    """The address of a feed for comparing: http and https are one, but parameters and slashes are left alone."""
    cleaned = clean_url(url)
    if cleaned is None:
        return None
    parts = urlsplit(cleaned)
    return f"{parts.netloc}{parts.path}{'?' + parts.query if parts.query else ''}"


def unwrap(url: str, depth: int = 3) -> str:
    """The address inside a redirector's own, as far as it can be seen without asking anybody."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return url
    inner: str | None = None
    query = dict(parse_qsl(parts.query)) if parts.query else {}
    if GOOGLE.match(host) and parts.path in ("/url", "/alerts/url", "/amp"):
        inner = query.get("url") or query.get("q")
    elif GOOGLE.match(host) and parts.path.startswith("/amp/s/"):
        inner = "https://" + parts.path.removeprefix("/amp/s/")
    elif AMP_CACHE.match(host):
        for prefix, scheme in (("/c/s/", "https://"), ("/v/s/", "https://"), ("/c/", "http://"), ("/v/", "http://")):
            if parts.path.startswith(prefix):
                inner = scheme + parts.path.removeprefix(prefix) + (f"?{parts.query}" if parts.query else "")
                break
    elif host in ("l.facebook.com", "lm.facebook.com") and parts.path == "/l.php":
        inner = query.get("u")
    elif host.endswith("bing.com") and parts.path == "/news/apiclick.aspx":
        inner = query.get("url")
    if inner and inner.startswith(("http://", "https://")) and depth > 0:
        return unwrap(inner, depth - 1)
    return url


def typed_address(text: str) -> str | None:
    """What somebody typed as an address: `example.com` and `feed:https://…` are understood. None if it cannot be one."""
    return clean_url(_as_url(text) or "")


def user_and_password(text: str) -> tuple[str, str] | None:
    """Who is named in an address that somebody typed (`https://user:password@host/`), as it was meant; None if nobody is."""
    try:
        parts = urlsplit(_as_url(text) or "")
    except ValueError:
        return None
    named = parts.username is not None and (parts.username or parts.password)
    return (unquote(parts.username or ""), unquote(parts.password or "")) if named else None


def _as_url(text: str) -> str | None:
    text = text.strip()
    for prefix in ("feed://", "feed:"):
        if text.lower().startswith(prefix):
            rest = text[len(prefix) :]
            text = rest if "://" in rest else f"https://{rest.lstrip('/')}"
            break
    if "://" not in text:
        if " " in text or not re.match(r"[^\s/?#]+\.[^\s/?#]+|localhost|\[", text):
            return None
        text = f"https://{text}"
    return text


def joined(base: str, link: str) -> str | None:
    """A link in a page as an address; None if it leads nowhere on the web."""
    try:
        found = urljoin(base, link.strip())
    except ValueError:
        return None
    return found if found.startswith(("http://", "https://")) else None
