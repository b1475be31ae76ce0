"""The address in every mail that ends such mails. It needs no signing in: the address itself is the key."""

from html import escape

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from brandhound.notifications.unsubscribing import reader_of, unsubscribe

router = APIRouter(prefix="/api/notifications/unsubscriptions", tags=["notifications"])

_PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    '<meta name="robots" content="noindex"><title>{title}</title></head><body style="font-family:system-ui,sans-serif;'
    'max-width:32rem;margin:15vh auto;padding:0 1.5rem;line-height:1.5"><main><h1 style="font-size:1.4rem">{title}</h1>'
    "<p>{text}</p>{form}</main></body></html>"
)
_FORM = '<form method="post"><button style="font:inherit;padding:.5rem 1rem">No more such mails</button></form>'


@router.get("/{token}", response_class=HTMLResponse)
async def show_unsubscription(token: str) -> HTMLResponse:
    """Ask whether the reader of a mail wants no more of them. Looking changes nothing: mail scanners look at everything."""
    reader_of(token)
    return _page(
        "No more mails from brandhound?",
        "You can choose again at any time under Settings → Notifications, where you may also turn off single sorts.",
        _FORM,
    )


@router.post("/{token}", response_class=HTMLResponse)
async def unsubscribe_by_mail(token: str) -> HTMLResponse:
    """Send the reader of a mail no more of them (RFC 8058: one click, no cookie, no redirect)."""
    await unsubscribe(reader_of(token))
    return _page("Done", "No more mails are sent to you. Notices still wait for you in the app.", "")


def _page(title: str, text: str, form: str) -> HTMLResponse:
    return HTMLResponse(_PAGE.format(title=escape(title), text=escape(text), form=form))
