"""What is shown to whoever has an address from a mail or a link. It needs no signing in: the address itself is the key.

Looking changes nothing: mail scanners look at everything. Only what is posted does.
"""

import asyncio
from html import escape
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from brandhound.core.networks import network_of
from brandhound.core.outside import WRONG_LINKS, WrongLinks, headers, small_page, wait_headers, wait_page
from brandhound.core.problems import NotThere, TooManyRequests
from brandhound.reports import judging_by_mail
from brandhound.reports.errors import NoSuchLink, ReportNotReady
from brandhound.reports.html import render_html
from brandhound.reports.judging_by_mail import Asked, Question, question_of
from brandhound.reports.opening_shares import open_share
from brandhound.reports.ways_out import reader_of, unsubscribe, what_ends

router = APIRouter(tags=["reports"])

LARGEST_FORM = 4096

_OLD_BUTTON = "Nothing was changed. Sign in and judge it in brandhound, or wait for the next digest."

_OPENED = "This link was opened too often within a minute. Open it again"
_TRIED = "Too many passwords were tried on this link within a minute. Try yours again"


@router.get("/api/reports/unsubscriptions/{token}", response_class=HTMLResponse)
async def show_report_unsubscription(token: str) -> HTMLResponse:
    """Ask whether the reader wants no more of it."""
    try:
        what = await what_ends(reader_of(token))
    except NotThere:
        return _over()
    return _page(
        f"No more mails with {what}?", "<p>You will not be asked again, and nobody else is told.</p>", "Stop them"
    )


@router.post("/api/reports/unsubscriptions/{token}", response_class=HTMLResponse)
async def unsubscribe_from_report(token: str) -> HTMLResponse:
    """Send the reader no more of it (RFC 8058: one click, no cookie, no redirect)."""
    try:
        reader = reader_of(token)
        what = await what_ends(reader)
    except NotThere:
        return _over()
    await unsubscribe(reader)
    return _page("Done", f"<p>No more mails with {escape(what)} are sent to you.</p>")


@router.get("/api/reports/judgements/{token}", response_class=HTMLResponse)
async def show_mail_judgement(token: str) -> HTMLResponse:
    """Ask whether a mention is to be judged so."""
    try:
        question = question_of(token)
        return _question(question, await judging_by_mail.look_at(question))
    except (NoSuchLink, NotThere):
        return _over(_OLD_BUTTON)


@router.post("/api/reports/judgements/{token}", response_class=HTMLResponse)
async def judge_by_mail(token: str) -> HTMLResponse:
    """Judge a mention as the reader of a digest."""
    try:
        question = question_of(token)
        asked = await judging_by_mail.answer(question)
    except (NoSuchLink, NotThere):
        return _over(_OLD_BUTTON)
    said = f"This is {asked.brand}" if question.verdict == "yes" else f"This is not {asked.brand}"
    return _page("Noted", f"<p>{escape(said)}: {_article(asked)}</p><p>It can be taken back in brandhound.</p>")


@router.get("/api/shared-reports/{token}", response_class=HTMLResponse)
async def show_shared_report(token: str, request: Request) -> HTMLResponse:
    """Show the one report that a link opens, or ask for its password."""
    return await _shared(token, None, request)


@router.post("/api/shared-reports/{token}", response_class=HTMLResponse)
async def unlock_shared_report(token: str, request: Request) -> HTMLResponse:
    """Show it to who knows its password."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_FORM:
            raise NoSuchLink
    password = parse_qs(body.decode("utf-8", "replace")).get("password", [""])[0]
    return await _shared(token, password, request)


async def _shared(token: str, password: str | None, request: Request) -> HTMLResponse:
    network = network_of(request.client, request.headers.getlist("x-forwarded-for"))
    why = WRONG_LINKS
    try:
        _wrong.check(network)
        why = _TRIED if password is not None else _OPENED
        opened = await open_share(token, password)
    except TooManyRequests as problem:
        return HTMLResponse(wait_page(problem.seconds, why), problem.status, headers=wait_headers(problem.seconds))
    except (NoSuchLink, NotThere, ReportNotReady):
        _wrong.note(network)
        return _over("Ask whoever sent it for a new one.")
    if opened.document is None:
        note = (
            '<p role="alert" style="color:light-dark(#a61b1b,#ff8787)">That is not the password.</p>'
            if opened.was_wrong
            else ""
        )
        ask = (
            f'{note}<p><label>Password<br><input type="password" name="password" required autofocus '
            'style="font:inherit;padding:.5rem;width:100%;max-width:20rem;box-sizing:border-box"></label></p>'
        )
        return _page("This report asks for a password", ask, "Open it", status=403 if opened.was_wrong else 200)
    page = await asyncio.to_thread(render_html, opened.document, indexed=False)
    return HTMLResponse(page, headers=headers())


def _over(helps: str = "Nothing was changed.") -> HTMLResponse:
    return _page("This link does not work any more", f"<p>{helps}</p>", status=404)


def _question(question: Question, asked: Asked) -> HTMLResponse:
    title = f"Is this {asked.brand}?"
    words = f"Yes, it is {asked.brand}" if question.verdict == "yes" else f"No, it is not {asked.brand}"
    judged = f"<p>It is judged “{asked.judged}” at present.</p>" if asked.judged else ""
    return _page(title, f"<p>{_article(asked)}</p>{judged}", words)


def _article(asked: Asked) -> str:
    sentence = f'<br><span dir="auto">{escape(asked.sentence)}</span>' if asked.sentence else ""
    return f'<b dir="auto">{escape(asked.title)}</b> <span style="opacity:.75">{escape(asked.outlet)}</span>{sentence}'


def _page(title: str, body: str, button: str | None = None, status: int = 200) -> HTMLResponse:
    return HTMLResponse(small_page(title, body, button), status_code=status, headers=headers())


_wrong = WrongLinks()
