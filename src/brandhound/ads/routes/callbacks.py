"""Where Meta calls us back: somebody removed the application, or wants their data deleted."""

from html import escape
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from brandhound.ads.ending import DeletionStatus, deauthorize, delete_data, deletion_status
from brandhound.ads.meta.signed import NotSigned
from brandhound.ads.schemas import DataDeletionOut
from brandhound.core.problems import NotThere
from brandhound.core.settings import settings

router = APIRouter(prefix="/api/ad-accounts/meta", tags=["ad-accounts"])

_LONGEST = 20_000
_HEAD = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    '<meta name="robots" content="noindex"><title>Deletion of data</title></head><body style="font-family:system-ui,'
    'sans-serif;max-width:38rem;margin:12vh auto;padding:0 1.5rem;line-height:1.5"><main><h1 style="font-size:1.4rem">'
)
_NO_PAGE = (
    _HEAD
    + "No such request</h1><p>Nobody asked for a deletion of data under this code. Look whether the whole address was "
    "copied; Meta shows it again under Settings → Apps and websites → Removed.</p></main></body></html>"
)
_PAGE = (
    _HEAD + '{title}</h1><p>{when}</p><h2 style="font-size:1.1rem">Deleted</h2><ul>{gone}</ul>'
    '<h2 style="font-size:1.1rem">Kept</h2><ul>{kept}</ul></main></body></html>'
)


@router.post("/deauthorization")
async def hear_deauthorization(request: Request) -> dict[str, int]:
    """Meta says that somebody removed the application: their tokens are deleted."""
    return {"ended": await deauthorize(await _signed_request(request))}


@router.post("/data-deletion")
async def hear_data_deletion(request: Request) -> DataDeletionOut:
    """Meta passes on that somebody wants their data deleted: it is deleted, and a page says what became of it."""
    code = await delete_data(await _signed_request(request))
    here = settings().public_url or str(request.base_url).rstrip("/")
    return DataDeletionOut(url=f"{here}/api/ad-accounts/meta/data-deletion/{code}", confirmation_code=code)


@router.get("/data-deletion/{code}", response_class=HTMLResponse)
async def show_data_deletion(code: str) -> HTMLResponse:
    """What became of a request to delete data, for the person who made it."""
    try:
        status = await deletion_status(code)
    except NotThere:
        # Somebody who follows a link from Meta is no program: they are answered by a page.
        return HTMLResponse(_NO_PAGE, 404)
    return HTMLResponse(_page(status))


async def _signed_request(request: Request) -> str:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _LONGEST:
            raise NotSigned
    found = parse_qs(body.decode("utf-8", "replace")).get("signed_request")
    if not found:
        raise NotSigned
    return found[0]


def _page(status: DeletionStatus) -> str:
    is_done = status.done_at is not None
    asked = f"Requested on {status.requested_at:%-d %B %Y at %H:%M} UTC"
    done = f", done on {status.done_at:%-d %B %Y at %H:%M} UTC." if status.done_at else "; it is being done now."
    connections = "one connection" if status.accounts == 1 else f"{status.accounts} connections"
    gone = [
        f"Your access token, which {connections} of ad accounts had."
        if status.accounts
        else "There was no access token of yours any more.",
        "Your name and your number at Meta, and the list of permissions that you had given.",
        "Logins that you had begun and not finished.",
    ]
    kept = [
        "Figures of the ad accounts themselves. They belong to the business that advertises, hold nothing about you, and "
        "are deleted by whoever runs that account here.",
        "That this request was made and when, without your name, so that this page can tell you.",
    ]
    return _PAGE.format(
        title="Your data was deleted" if is_done else "Your data is being deleted",
        when=escape(asked + done),
        gone="".join(f"<li>{escape(one)}</li>" for one in gone),
        kept="".join(f"<li>{escape(one)}</li>" for one in kept),
    )
