"""Where a client without an account here connects their ad accounts: the address that they were sent is the key.

Looking changes nothing: scanners of mails look at everything. Only what is posted does, and what Meta sends back with its
one-time word, which only the browser that set out may spend.
"""

from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from brandhound.ads import connect_pages, letting_in
from brandhound.ads.errors import (
    AccountNotOffered,
    ConnectLinkUsed,
    LoginElsewhere,
    LoginOver,
    LoginUsed,
    NoSuchConnectLink,
)
from brandhound.ads.inviting import ADDRESS
from brandhound.ads.meta.calling import MetaNotSetUp
from brandhound.ads.meta.refusing import AccessRefused
from brandhound.ads.routes.connecting import here
from brandhound.core.networks import network_of
from brandhound.core.outside import WrongLinks, headers, wait_headers, wait_page
from brandhound.core.problems import NotThere, Problem, TooManyRequests
from brandhound.core.settings import settings
from brandhound.providers.errors import ProviderFailed
from brandhound.providers.parking import Parked

router = APIRouter(tags=["ad-accounts"])

COOKIE = "brandhound_connecting"
_MINUTES = 60
_LONGEST = 65_536
_wrong = WrongLinks()

_OVER = "This link does not work any more"
_OVER_HELPS = (
    "It is good for once, ends after some days, and can be taken back. If you connected your accounts by it, they stay "
    "connected and nothing is left to do; otherwise ask whoever sent it for a new one."
)
_WORDS: dict[type[Problem], tuple[str, str]] = {
    LoginElsewhere: (
        "That was begun in another browser",
        "Open the link once more in this one. Nothing was connected.",
    ),
    LoginUsed: ("That answer was taken before", "Open the link that you were sent once more."),
    LoginOver: (
        "That took too long",
        "Log in once more: there are ten minutes for Meta's page, and half an hour to choose.",
    ),
    AccountNotOffered: ("That account cannot be chosen", "Choose among those that are listed."),
    AccessRefused: ("Meta did not let us in", "Log in once more, and leave the permissions switched on."),
    MetaNotSetUp: (
        "This cannot be done at the moment",
        "The application at Meta is not set up any more. Tell whoever sent you the link.",
    ),
}
_AT_META = ("Meta does not answer at the moment", "Nothing was connected. Try again in a few minutes.")


@router.get(f"{ADDRESS}/{{token}}", response_class=HTMLResponse)
async def show_connect_link(token: str, request: Request) -> Response:
    """Say who asks for what."""

    async def show() -> Response:
        return _page(connect_pages.invitation(await letting_in.look(token)), leads_to_meta=True)

    return await _answered(request, show)


@router.post(f"{ADDRESS}/{{token}}", response_class=HTMLResponse)
async def set_out_for_meta(token: str, request: Request) -> Response:
    """Send the client to Meta's dialog."""

    async def leave() -> Response:
        out = await letting_in.set_out(token, here(request))
        answer = RedirectResponse(out.dialog_url, 303, headers=headers())
        answer.set_cookie(
            COOKIE,
            # With the link, so that whoever gets stuck can try again; the browser was given it anyway.
            f"{out.session}.{token}",
            max_age=_MINUTES * 60,
            path=ADDRESS,
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https" or urlsplit(settings().public_url).scheme == "https",
        )
        return answer

    return await _answered(request, leave)


@router.get(f"{ADDRESS}/meta/answer", response_class=HTMLResponse)
async def take_client_back(
    request: Request,
    state: str = "",
    code: str | None = None,
    error: str | None = None,
    error_description: str | None = None,
) -> Response:
    """Take what Meta sent the client back with, once."""

    async def take() -> Response:
        told = {"code": code, "error": error, "error_description": error_description}
        login_id = await letting_in.come_back(state, told, _session(request)[0])
        # The code is good for once; it has no business in the history.
        return RedirectResponse(f"{ADDRESS}/logins/{login_id}", 303, headers=headers())

    return await _answered(request, take)


@router.get(f"{ADDRESS}/logins/{{login_id}}", response_class=HTMLResponse)
async def show_client_accounts(login_id: UUID, request: Request) -> Response:
    """Ask which of their accounts the client means."""

    async def show() -> Response:
        session, retry = _session(request)
        return _page(connect_pages.choosing(*await letting_in.offer(login_id, session), retry))

    return await _answered(request, show)


@router.post(f"{ADDRESS}/logins/{{login_id}}", response_class=HTMLResponse)
async def connect_client_accounts(login_id: UUID, request: Request) -> Response:
    """Connect what the client chose; then the link is over."""

    async def connect() -> Response:
        session, retry = _session(request)
        chosen = await _chosen(request)
        if not chosen:
            offered = await letting_in.offer(login_id, session)
            return _page(connect_pages.choosing(*offered, retry, "Tick at least one account."), status=422)
        answer = _page(connect_pages.done(await letting_in.choose(login_id, session, chosen)))
        answer.delete_cookie(COOKIE, path=ADDRESS)
        return answer

    return await _answered(request, connect)


async def _answered(request: Request, do: Callable[[], Awaitable[Response]]) -> Response:
    """Whatever goes wrong is told on a page, and what does not exist costs who looks for it a little."""
    network = network_of(request.client, request.headers.getlist("x-forwarded-for"))
    retry = _session(request)[1]
    try:
        _wrong.check(network)
        return await do()
    except TooManyRequests as problem:
        return HTMLResponse(wait_page(problem.seconds), problem.status, headers=wait_headers(problem.seconds))
    except (NoSuchConnectLink, ConnectLinkUsed, NotThere):
        _wrong.note(network)
        return _page(connect_pages.trouble(_OVER, _OVER_HELPS), status=404)
    except (Parked, ProviderFailed) as problem:
        return _page(connect_pages.trouble(*_AT_META, retry), status=problem.status)
    except tuple(_WORDS) as problem:
        return _page(connect_pages.trouble(*_WORDS[type(problem)], retry), status=problem.status)


def _session(request: Request) -> tuple[str | None, str | None]:
    """The browser's secret, and the way back to its link."""
    session, _, token = request.cookies.get(COOKIE, "").partition(".")
    return session or None, f"{ADDRESS}/{token}" if token else None


async def _chosen(request: Request) -> list[str]:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _LONGEST:
            raise NoSuchConnectLink
    return parse_qs(body.decode("utf-8", "replace")).get("account", [])


def _page(page: str, status: int = 200, *, leads_to_meta: bool = False) -> HTMLResponse:
    # Browsers hold a form to the places it may lead to, redirects and all.
    return HTMLResponse(page, status_code=status, headers=headers(_meta() if leads_to_meta else ""))


def _meta() -> str:
    parts = urlsplit(settings().meta_dialog_url)
    return f"{parts.scheme}://{parts.netloc}"
