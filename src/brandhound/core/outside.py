"""Small pages for people who are not signed in, whose key is the address itself: from a mail, or a link that somebody sent.

Looking changes nothing: scanners of mails look at everything. Only what is posted does.
"""

from collections import deque
from html import escape
from time import monotonic

from brandhound.core.problems import TooManyRequests

MOST_WRONG = 30
"""Links that do not work, from one network, in a minute."""

_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'{elsewhere}; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    '<meta name="robots" content="noindex"><meta name="color-scheme" content="light dark"><title>{title}</title><style>'
    "body{{font-family:system-ui,sans-serif;max-width:34rem;margin:12vh auto 6vh;padding:0 1.5rem;line-height:1.5;"
    "background:Canvas;color:CanvasText}}h1{{font-size:1.4rem;overflow-wrap:anywhere}}h2{{font-size:1.05rem}}"
    "button{{font:inherit;padding:.6rem 1.1rem;border:0;border-radius:6px;background:#4338ca;color:#fff;cursor:pointer}}"
    "fieldset{{border:1px solid GrayText;border-radius:8px;margin:1rem 0;padding:.25rem 1rem .75rem;min-width:0}}"
    "legend{{font-weight:600;padding:0 .35rem}}.choice{{display:flex;gap:.6rem;padding:.5rem 0;overflow-wrap:anywhere}}"
    ".choice input{{width:1.1rem;height:1.1rem;margin-top:.2rem;flex:none}}small{{display:block}}"
    ".note{{border-left:3px solid #4338ca;padding:.1rem 0 .1rem .9rem}}"
    "</style></head><body><main><h1>{title}</h1>{body}</main></body></html>"
)


def headers(elsewhere: str = "") -> dict[str, str]:
    """Not in a search engine, not in a cache on the way, and not told to the sites that the page links to.

    `elsewhere` is where a form may lead besides here, such as https://login.example.
    """
    return {
        "X-Robots-Tag": "noindex, nofollow, noarchive",
        "Cache-Control": "private, no-store",
        "Referrer-Policy": "no-referrer",
        "Content-Security-Policy": _POLICY.format(elsewhere=f" {elsewhere}" if elsewhere else ""),
    }


def wait_headers(seconds: int) -> dict[str, str]:
    """The same for programs."""
    return {**headers(), "Retry-After": str(seconds)}


WRONG_LINKS = "From your network too many links were opened that do not work. Open yours again"
"""Why somebody waits whose network has tried too many."""


def wait_page(seconds: int, why: str = WRONG_LINKS) -> str:
    """Says why, with what to do then: after so many seconds."""
    wait = "a minute" if seconds > 45 else f"{max(seconds, 2)} seconds"
    return small_page(
        "Please wait a moment", f"<p>{why} in {wait}. Nothing was changed, and the link is as good as before.</p>"
    )


def small_page(title: str, body: str, button: str | None = None) -> str:
    """A page whose body is HTML already; with a button it posts to its own address."""
    if button is not None:
        body = f'<form method="post">{body}<button>{escape(button)}</button></form>'
    return _PAGE.format(title=escape(title), body=body)


class WrongLinks:
    """Counts links that do not work, by network, in this process: guessing is hopeless anyway, and costs more here.

    An empty network (see `network_of`) is nobody's: nothing is counted for it, else all would wait for one.
    """

    def __init__(self) -> None:
        self._at: dict[str, deque[float]] = {}

    def check(self, network: str) -> None:
        """Raises TooManyRequests."""
        at = self._at.get(network)
        while at and at[0] < monotonic() - 60:
            at.popleft()
        if at is not None and len(at) >= MOST_WRONG:
            raise TooManyRequests(int(at[0] + 61 - monotonic()))

    def note(self, network: str) -> None:
        """One did not work."""
        if not network:
            return
        if len(self._at) > 10_000:
            self._at.clear()
        self._at.setdefault(network, deque()).append(monotonic())
