"""Whose a site is: a host of one's own, or a page on a site that holds those of many."""

import re
from urllib.parse import urlsplit

_HOST = re.compile(r"(?:[\w-]+\.)+(?:[^\W\d_]{2,}|xn--[\w-]+)|(?:\d{1,3}\.){3}\d{1,3}")
PROFILE_HOSTS = frozenset({"twitter.com", "x.com", "instagram.com", "tiktok.com", "threads.net", "threads.com"})
"""Sites on which the first part of a path is a handle."""
# Known to hold pages of many, looked at by their names alone on 2026-11-29; the list is ours and cannot be whole.
_OF_MANY = PROFILE_HOSTS | frozenset({
    "facebook.com", "m.facebook.com", "fb.com", "fb.me", "youtube.com", "youtu.be", "linkedin.com", "pinterest.com", "vk.com",
    "snapchat.com", "reddit.com", "twitch.tv", "bsky.app", "t.me", "wa.me", "weibo.com", "tumblr.com", "flickr.com",
    "linktr.ee", "beacons.ai", "bio.link", "lnk.bio", "taplink.cc", "campsite.bio", "carrd.co", "about.me",
    "sites.google.com", "maps.google.com", "google.com", "goo.gl", "g.page", "maps.app.goo.gl", "apps.apple.com",
    "play.google.com", "etsy.com", "ebay.com", "amazon.com", "amazon.co.uk", "amazon.de", "aliexpress.com", "alibaba.com",
    "medium.com", "substack.com", "patreon.com", "ko-fi.com", "gofundme.com", "kickstarter.com", "indiegogo.com",
    "github.com", "gitlab.com", "behance.net", "dribbble.com", "soundcloud.com", "bandcamp.com", "open.spotify.com",
    "yelp.com", "tripadvisor.com", "booking.com", "airbnb.com", "opentable.com", "deliveroo.co.uk", "ubereats.com",
    "lieferando.de", "wikipedia.org", "en.wikipedia.org", "crunchbase.com", "notion.so", "meetup.com", "eventbrite.com",
})  # fmt: skip
# Their parts of hosts are of somebody each: acme.myshopify.com is Acme's, and no word of it but “acme”.
_PARTED = (
    "myshopify.com", "wordpress.com", "blogspot.com", "wixsite.com", "weebly.com", "squarespace.com", "webflow.io",
    "github.io", "gitlab.io", "netlify.app", "vercel.app", "pages.dev", "web.app", "firebaseapp.com", "herokuapp.com",
    "square.site", "tumblr.com", "substack.com", "jimdofree.com", "jimdosite.com", "business.site", "godaddysites.com",
    "carrd.co", "notion.site", "bigcartel.com", "bandcamp.com", "etsy.com", "webnode.page", "strikingly.com",
    "mystrikingly.com", "ueniweb.com", "yolasite.com", "site123.me",
)  # fmt: skip
_SECOND = frozenset({"co", "com", "org", "net", "gov", "ac", "edu", "ne", "or", "go"})
"""What stands before a country in many hosts: acme.co.uk."""


def host_of(website: str) -> str:
    """The site's host without “www.”, or an empty string."""
    parts = _parts(website)
    return parts[0] if parts else ""


def is_host(host: str) -> bool:
    """Whether that is the host of a site: `kaffa.example`, never a word alone."""
    return _HOST.fullmatch(host) is not None


def page_of_many(website: str) -> list[str]:
    """The path of a page on a site that holds those of many, part by part; empty where the whole site is one's own.

    “facebook.com/rosenhof” gives ["rosenhof"]; “facebook.com” itself, which is Facebook's, gives nothing.
    """
    parts = _parts(website)
    if not parts or parts[0] not in _OF_MANY:
        return []
    return [part for part in parts[1].split("/") if part]


def own_host(website: str) -> str:
    """The host of a site that is one's own as a whole, or an empty string."""
    return "" if page_of_many(website) else host_of(website)


def stem_of(host: str) -> str:
    """The word of a host that names whose it is: “acme” of acme.com, acme.co.uk and acme.myshopify.com."""
    for shared in _PARTED:
        if host.endswith(f".{shared}"):
            return host.removesuffix(f".{shared}").split(".")[-1]
    labels = host.split(".")
    if len(labels) > 2 and labels[-2] in _SECOND and len(labels[-1]) == 2:
        return labels[-3]
    return labels[-2] if len(labels) > 1 else labels[0]


def _parts(website: str) -> tuple[str, str] | None:
    address = website.strip()
    if not address:
        return None
    try:
        split = urlsplit(address if "://" in address else f"//{address}")
        host = split.hostname or ""
    except ValueError:
        return None
    return host.removeprefix("www."), split.path
