"""What is said in the words of each service: nothing that a stranger wrote is markup, and nothing is cut in the middle."""

import json
import re
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes, policy
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from brandhound.core.settings import settings
from brandhound.jobs.inline import run_until_idle
from brandhound.notifications.mailing import mail_of, sender, sender_host
from brandhound.notifications.wording import Line, Message, post_of
from brandhound.twins.mail import MailTwin
from tests.notifications.conftest import Configure, tell, wants_mail

pytestmark = pytest.mark.anyio

AT = datetime(2026, 11, 26, 12, tzinfo=UTC)
STRANGERS = "Acme: [Claim your *refund*](https://evil.example/a_b) <!channel>"


def message(title: str = "A title", body: str = "A body", **more: Any) -> Message:
    told: dict[str, Any] = {"link": "https://brand.example/alerts", "at": AT, "type": "notification", **more}
    kind, link, at = told.pop("type"), told.pop("link"), told.pop("at")
    return Message(uuid4(), kind, uuid4(), "Ours", "brand_story", "info", title, body, link, at, **told)


def posted(sort: str, told: Message) -> Any:
    return json.loads(post_of(sort, "https://hooks.example/topic", None, told, AT).body)


def slack_words(told: Message) -> str:
    return posted("slack", told)["blocks"][0]["text"]["text"]


def test_a_stranger_s_title_calls_nobody_in_slack_also_not_where_only_the_text_is_shown() -> None:
    said = posted("slack", message(STRANGERS))
    assert "<!" not in said["text"] + said["blocks"][0]["text"]["text"]
    assert "&lt;!channel&gt;" in said["text"]


def test_a_stranger_s_title_is_no_link_and_no_picture_for_those_who_read_markdown() -> None:
    told = message(STRANGERS, f"It says: “{STRANGERS}”", lines=(Line(STRANGERS, "info", "https://brand.example/a_b"),))
    card = posted("teams", told)["attachments"][0]["content"]["body"]
    embed = posted("discord", told)["embeds"][0]
    for words in (card[0]["text"], card[1]["text"], embed["title"], embed["description"]):
        assert "\\[Claim your \\*refund\\*\\](https://evil.example/a_b)" in words
        assert not re.search(r"(?<!\\)[\[*]", words)
    # An address stays one that can be opened.
    assert "https://brand.example/a_b" in embed["description"]


@pytest.mark.parametrize("sort", ["slack", "discord", "ntfy", "teams"])
def test_a_long_summary_has_whole_notices_and_says_how_many_more_there_are(sort: str) -> None:
    lines = tuple(
        Line(f"Notice {number} " + "x & y " * 12, "info", f"https://brand.example/alerts?a=1&alert={uuid4()}")
        for number in range(120)
    )
    told = message("120 notices", "What was held back:", type="summary", lines=lines)
    said = {
        "slack": lambda: slack_words(told).replace("&amp;", "&"),
        "discord": lambda: posted("discord", told)["embeds"][0]["description"],
        "ntfy": lambda: posted("ntfy", told)["message"],
        "teams": lambda: posted("teams", told)["attachments"][0]["content"]["body"][1]["text"],
    }[sort]()
    shown = [line for line in lines if line.link is not None and line.link in said]
    assert 10 < len(shown) == said.count("Notice ")
    assert said.endswith(f"… and {120 - len(shown)} more")


def test_what_is_too_long_for_a_service_ends_in_an_ellipsis_and_never_within_a_sign() -> None:
    words = slack_words(message("A & B" * 200, "&" * 2900))
    assert len(words) <= 3000
    assert words.endswith("&amp;…")
    assert not re.search(r"&(?!amp;)", words)
    assert len(posted("discord", message("[x] " * 200))["embeds"][0]["title"]) <= 256


def test_what_is_markup_behind_an_address_is_none_either() -> None:
    embed = posted("discord", message("https://a.example/[Claim](https://evil.example)**now**"))["embeds"][0]
    assert embed["title"] == "https://a.example/\\[Claim\\](https://evil.example)\\*\\*now\\*\\*"


@pytest.mark.parametrize(
    ("title", "ends"),
    [
        ("word " * 100, " word…"),
        ("x" * 247 + "é" * 9, "xéé…"),
        ("x" * 247 + "e\u0301" * 9, "xe\u0301…"),
        ("x" * 247 + "\U0001f469\u200d\U0001f692" * 9, "x…"),
        ("x" * 248 + "\U0001f44d\U0001f3fd" * 9, "x…"),
        ("x" * 248 + "\U0001f1e9\U0001f1ea" * 9, "x…"),
        ("x" * 247 + "\U0001f1e9\U0001f1ea" * 9, "x\U0001f1e9\U0001f1ea…"),
    ],
)
def test_what_is_cut_is_cut_between_words_or_between_what_people_see_as_signs(title: str, ends: str) -> None:
    said = posted("ntfy", message(title))["title"]
    assert len(said) <= 250
    assert said.endswith(ends)


def test_ntfy_is_sent_no_more_bytes_than_it_takes_for_a_message() -> None:
    lines = tuple(
        Line(f"記事{number}" + "見出し" * 20, "info", f"https://brand.example/{number}") for number in range(60)
    )
    for told in (message("見" * 500, "体" * 4000), message("60", "", lines=lines), message("見" * 500, "")):
        said = posted("ntfy", told)["message"]
        assert 1000 < len(said.encode()) <= 4096


def test_a_time_is_told_in_utc_whatever_zone_it_comes_in() -> None:
    told = message(at=AT.astimezone(timezone(timedelta(hours=5, minutes=30))))
    assert posted("discord", told)["embeds"][0]["footer"]["text"] == "Ours · 26 Nov 2026, 12:00 UTC"


@pytest.mark.parametrize(
    "title",
    ["日本語の見出し" * 20, "Überall: „Ärger“ & mehr, " * 8, "ä" + "x" * 190, "🚴 " * 60, "Plain letters " * 14],
)
def test_a_subject_goes_in_words_of_a_length_that_every_mail_program_reads(title: str) -> None:
    raw = bytes(mail_of(message(title), "ann@example.com", "https://brand.example/" + "u" * 300, "You asked for it."))
    head = raw.split(b"\r\n\r\n")[0]
    assert all(len(line) <= 76 for line in head.split(b"\r\n") if b"=?" in line)
    read = message_from_bytes(raw, policy=policy.default)
    assert read["subject"] == " ".join(title.split())[:200]
    assert read["list-unsubscribe"] == f"<https://brand.example/{'u' * 300}>"


async def test_the_sender_may_have_a_name(
    client: httpx.AsyncClient, organization_id: UUID, twin: MailTwin, configure: Configure
) -> None:
    configure(smtp_from="Märkte & Co <notices@märkte.example>")
    await wants_mail(client)
    await tell(organization_id)
    await run_until_idle(organization_id)
    (mail,) = twin.kept.mails
    assert mail.sender == "notices@xn--mrkte-gra.example"
    assert "Märkte & Co (" in str(mail.message["from"])
    assert (sender(), sender_host()) == ("notices@xn--mrkte-gra.example", "xn--mrkte-gra.example")
    assert (await client.get("/api/notifications/mail")).json()["sender"] == sender()


@pytest.mark.parametrize(
    "wrong", ["notices", "Brandhound", "Brandhound notices@example.com", "a@b.de, c@d.de", "jörg@b.de"]
)
def test_a_sender_that_is_none_is_refused_as_the_settings_are_read(configure: Configure, wrong: str) -> None:
    before = settings().smtp_from
    with pytest.raises(ValueError, match="smtp_from"):
        configure(smtp_from=wrong)
    assert settings().smtp_from == before
