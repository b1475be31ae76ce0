"""An organization's looks on its reports: a colour that can be read, a logo that is only a picture, words at the foot."""

import io
import re
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from brandhound.reports.branding import MOST_BYTES, contrast_of, darker, read_logo
from brandhound.twins.mail import MailTwin
from tests.reports.leaving import pass_to, plan
from tests.reports.telling import Told

pytestmark = pytest.mark.anyio

WISH = {"since_on": "2026-10-01", "until_on": "2026-10-31"}
LOGO = "/api/reports/branding/logo"


def picture(kind: str = "PNG", size: tuple[int, int] = (300, 80), **more: Any) -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", size, "#7c3aed").save(drawn, kind, **more)
    return drawn.getvalue()


async def put(client: httpx.AsyncClient, data: bytes) -> httpx.Response:
    return await client.put(LOGO, content=data, headers={"content-type": "application/octet-stream"})


async def made(client: httpx.AsyncClient) -> dict[str, Any]:
    answer = await client.post("/api/reports", json=WISH)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_report_wears_the_colour_the_logo_and_the_words_of_its_organization(
    client: httpx.AsyncClient, told: Told
) -> None:
    await told.mention(await told.brand("Acme"), datetime(2026, 10, 9, tzinfo=UTC))
    before = await made(client)
    looks = (await client.put("/api/reports/branding", json={"color": "#7C2D12", "footer": "Acme PR · Leipzig"})).json()
    assert (looks["color"], looks["is_set"]) == ("#7c2d12", True)
    assert looks["contrast"] >= 4.5
    assert (await put(client, picture())).json()["logo_width"] == 300

    report = await made(client)
    branding = report["document"]["presentation"]["branding"]
    assert (branding["color"], branding["footer"]) == ("#7c2d12", "Acme PR · Leipzig")
    page = (await client.get(f"/api/reports/{report['id']}/export.html")).text
    assert "data:image/png;base64," in page
    assert "Acme PR · Leipzig" in page
    assert ".kind{color:#7c2d12" in page
    pdf = (await client.get(f"/api/reports/{report['id']}/export.pdf")).content
    assert pdf.startswith(b"%PDF")
    assert pdf == (await client.get(f"/api/reports/{report['id']}/export.pdf")).content
    deck = (await client.get(f"/api/reports/{report['id']}/export.pptx")).content
    assert b"ppt/media/image1.png" in deck

    # What was told before looks as it did.
    assert "presentation" not in (await client.get(f"/api/reports/{before['id']}")).json()["document"]
    assert (await client.delete("/api/reports/branding")).json()["is_set"] is False
    assert "presentation" not in (await made(client))["document"]


@pytest.mark.parametrize("color", ["#ffff00", "#93c5fd", "#ffffff"])
async def test_a_colour_that_cannot_be_read_is_refused_with_one_that_can(client: httpx.AsyncClient, color: str) -> None:
    answer = await client.put("/api/reports/branding", json={"color": color})
    assert (answer.status_code, answer.json()["code"]) == (422, "reports/color-too-pale")
    instead = answer.json()["darker"]
    assert contrast_of(instead) >= 4.5
    assert instead == darker(color)
    assert (await client.put("/api/reports/branding", json={"color": instead})).status_code == 200


@pytest.mark.parametrize("color", ["red", "#12", "#12345g", "url(#x)"])
async def test_only_a_colour_is_a_colour(client: httpx.AsyncClient, color: str) -> None:
    assert (await client.put("/api/reports/branding", json={"color": color})).status_code == 422


async def test_a_logo_is_a_picture_and_nothing_else(client: httpx.AsyncClient) -> None:
    gif = picture("GIF")
    for bad in (gif, b"\x89PNG\r\n\x1a\n" + b"x" * 100, picture()[:-40]):
        answer = await put(client, bad)
        assert (answer.status_code, answer.json()["code"]) == (422, "reports/logo-unreadable"), bad[:20]
    for large in (picture(size=(4001, 10)), picture("PNG", (600, 600), compress_level=0)):
        answer = await put(client, large)
        assert (answer.status_code, answer.json()["code"]) == (413, "reports/logo-too-large")
    assert len(picture("PNG", (600, 600), compress_level=0)) > MOST_BYTES


async def test_a_logo_is_drawn_anew_without_what_else_the_file_held(client: httpx.AsyncClient) -> None:
    secret = b"GPS of my house"
    hidden = picture("JPEG", (2000, 900)) + b"<?php evil() ?>" + secret
    looks = (await put(client, hidden)).json()
    assert (looks["logo_width"], looks["logo_height"]) == (889, 400)
    kept = await client.get(LOGO)
    assert kept.headers["content-type"] == "image/jpeg"
    assert secret not in kept.content
    assert Image.open(io.BytesIO(kept.content)).size == (889, 400)
    assert (await client.delete(LOGO)).json()["logo_sha256"] is None
    assert (await client.get(LOGO)).status_code == 404


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_notes_in_a_picture_are_left_behind_and_it_stands_upright(kind: str) -> None:
    secret = b"call Ada before nine"
    notes = Image.Exif()
    notes[0x0112], notes[0x010E] = 6, secret.decode()  # Turned by a quarter, and a description.
    told = {"comment": secret} if kind == "JPEG" else {"pnginfo": _note(secret.decode())}
    logo = read_logo(picture(kind, (300, 80), exif=notes, icc_profile=b"profile " + secret, **told))
    assert (logo.width, logo.height) == (80, 300)
    assert secret not in logo.data
    with Image.open(io.BytesIO(logo.data)) as kept:
        kept.load()
        assert kept.size == (80, 300)
        assert not kept.getexif()
        assert not {"comment", "icc_profile", "exif", "Comment"} & set(kept.info)


def _note(words: str) -> PngInfo:
    note = PngInfo()
    note.add_text("Comment", words)
    return note


async def test_a_mail_wears_them_too_and_loads_nothing(
    client: httpx.AsyncClient, organization_id: UUID, told: Told, twin: MailTwin, monday: datetime
) -> None:
    del monday
    await told.mention(await told.brand("Acme"), datetime(2026, 10, 30, 9, tzinfo=UTC))
    await client.put("/api/reports/branding", json={"color": "#7c2d12", "footer": "Acme PR · Leipzig"})
    await put(client, picture())
    await plan(client)
    await pass_to(organization_id, datetime(2026, 11, 3, 7, 1, tzinfo=UTC))
    (mail,) = twin.kept.mails
    assert "border-top:4px solid #7c2d12" in mail.html
    assert re.findall(r'src="([^"]+)"', mail.html) == ["cid:logo@brandhound"]
    assert "Acme PR · Leipzig" in mail.text
    pictures = [part for part in mail.message.walk() if part.get_content_maintype() == "image"]
    assert [part["content-id"] for part in pictures] == ["<logo@brandhound>"]


def pixel(picture: Image.Image, x: int, y: int) -> tuple[int, ...]:
    found = picture.getpixel((x, y))
    assert isinstance(found, tuple)
    return found


def drawing(inside: str, head: str = 'viewBox="0 0 300 100"') -> bytes:
    return f'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" {head}>{inside}</svg>'.encode()


async def test_an_svg_of_plain_shapes_is_drawn_as_a_picture(client: httpx.AsyncClient) -> None:
    shapes = """
      <title>Acme</title><metadata><anything xmlns="urn:x" onload="x()"/></metadata>
      <defs><linearGradient id="g"><stop offset="0" stop-color="#f00"/><stop offset="1" stop-color="#00f"/></linearGradient>
      </defs><rect width="150" height="100" fill="#00ff00"/><path d="M150 0h150v100h-150z" style="fill:url(#g);-x-y:z"/>
    """
    looks = (await put(client, drawing(shapes))).json()
    assert (looks["logo_width"], looks["logo_height"]) == (1200, 400)
    kept = await client.get(LOGO)
    assert kept.headers["content-type"] == "image/png"
    seen = Image.open(io.BytesIO(kept.content)).convert("RGB")
    assert pixel(seen, 300, 200) == (0, 255, 0)
    red, green, blue = pixel(seen, 620, 200)
    assert red > 200
    assert max(green, blue) < 60


@pytest.mark.parametrize(
    ("inside", "what"),
    [
        ("<script>alert(1)</script>", "<script>"),
        ("<foreignObject/>", "<foreignObject>"),
        ('<image href="file:///etc/passwd"/>', "<image>"),
        ("<text>Acme</text>", "<text>"),
        ("<style>@import url(http://evil.example)</style>", "<style>"),
        ('<g><use href="#a"/></g>', "<use>"),
        ('<rect onload="x()"/>', "onload"),
        ('<rect class="a"/>', "classes of a style sheet"),
        ('<rect fill="url(http://evil.example/x)"/>', "fill='url(http://evil.example/x)'"),
        ('<linearGradient href="http://evil.example/x"/>', "links"),
        ("<g>" * 60 + "</g>" * 60, "more shapes than a logo has"),
    ],
)
async def test_an_svg_with_more_than_shapes_is_refused_and_says_why(
    client: httpx.AsyncClient, inside: str, what: str
) -> None:
    answer = await put(client, drawing(inside))
    assert (answer.status_code, answer.json()["code"], answer.json()["what"]) == (422, "reports/logo-not-plain", what)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (
            b'<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>',
            "reports/logo-not-plain",
        ),
        (drawing("<rect"), "reports/logo-unreadable"),
        (drawing("<rect/>", head=""), "reports/logo-unreadable"),
        (drawing("<rect/>", head='viewBox="0 0 9000 1"'), "reports/logo-unreadable"),
        (b"<html><svg></svg></html>", "reports/logo-unreadable"),
    ],
)
async def test_an_svg_that_cannot_be_drawn_is_refused(client: httpx.AsyncClient, data: bytes, code: str) -> None:
    answer = await put(client, data)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
